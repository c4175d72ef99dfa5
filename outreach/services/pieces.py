"""The pieces of a making: for whom each is, in what order, and the values it carries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.channels import channels
from outreach.domain.campaign import Campaign, Flight
from outreach.domain.people import Household, Officer
from outreach.errors import CannotPrint, Conflict, Fault, NotFound
from outreach.messages import _
from outreach.planning.walk import walk_order
from outreach.render.fonts import Coverage, check_texts
from outreach.render.manifest import MANIFEST_NAME, MaterialKind, Per, Variable
from outreach.services.office import Office
from outreach.services.values import (
    NO_PHONE,
    Values,
    base_values,
    card_values,
    flight_values,
    letter_paragraphs,
    letter_values,
    notice_values,
    officer_card,
    poster_values,
)
from outreach.store.runs import PrintedFact


@dataclass(frozen=True, slots=True)
class PieceSpec:
    """One piece before it is made. group: what shares a file (a post, a community, a flight)."""

    household: str
    person: int
    officer: str
    group: str
    values: Values


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of a making is wanted; empty means all. posts, households: their codes."""

    posts: tuple[str, ...] = ()
    households: tuple[str, ...] = ()


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Round:
    """One post's officer and households in walking order."""

    officer: Officer
    homes: tuple[Household, ...]


@dataclass(frozen=True, slots=True)
class _Register:
    """Everybody: households by code, the officer of each post that is held, the post of each household."""

    homes: Mapping[str, Household]
    officers: Mapping[str, Officer]
    posts: Mapping[str, str]

    def wanted(self, home: Household, choice: Choice) -> bool:
        """Whether the choice takes this household in."""
        return (not choice.households or home.code in choice.households) and (
            not choice.posts or self.posts[home.code] in choice.posts
        )

    def by_post(self) -> dict[str, list[Household]]:
        """Every post's households in walking order, posts in order of their codes."""
        groups: dict[str, list[Household]] = {post: [] for post in sorted(set(self.posts.values()))}
        for home in walk_order(self.homes.values()):
            groups[self.posts[home.code]].append(home)
        return groups


def rounds(office: Office, campaign: Campaign, choice: Choice = EVERYTHING) -> list[Round]:
    """Every chosen post's households in walking order, posts in order of their codes.

    Raises Conflict where households have no officer yet or a post is held by nobody, NotFound for an unknown choice.
    """
    return _rounds(_register(office, campaign, choice), choice)


def _rounds(register: _Register, choice: Choice) -> list[Round]:
    groups = register.by_post().items()
    found = {post: tuple(home for home in homes if register.wanted(home, choice)) for post, homes in groups}
    found = {post: homes for post, homes in found.items() if homes}
    _refuse_vacant(post for post in found if post not in register.officers)
    return [Round(register.officers[post], homes) for post, homes in found.items()]


def _register(office: Office, campaign: Campaign, choice: Choice) -> _Register:
    with office.store.read() as unit:
        homes = unit.rosters.households()
        officers = unit.rosters.officers()
        assigned = unit.territories.present(campaign.name)
    for code in choice.households:
        if code not in homes:
            raise NotFound.at(code, _("there is no such household"), _("see 'outreach household list'"))
    for post in choice.posts:
        if post not in officers:
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
    if not homes:
        raise Conflict.at(
            _("the roster"), _("holds no households"), _("import it with 'outreach household import FILE'")
        )
    lacking = len(homes.keys() - assigned.keys())
    if lacking:
        raise Conflict.at(
            campaign.name,
            _("{count} households have no officer yet", count=lacking),
            _("run 'outreach household assign'"),
        )
    return _Register(homes, officers, {code: assigned[code].post for code in homes})


def _refuse_vacant(posts: Iterable[str]) -> None:
    vacant = sorted(set(posts))
    if vacant:
        raise Conflict.at(
            ", ".join(vacant), _("nobody holds this post"), _("import the officer who does, or assign again")
        )


def gather(
    office: Office, campaign: Campaign, kind: MaterialKind, language: str, day: dt.date, choice: Choice
) -> list[PieceSpec]:
    """The pieces of `kind` for a campaign, in the order they are numbered and handed out.

    day: the date printed. Raises Conflict before an assignment, CannotPrint where a text lacks a value.
    """
    base = base_values(campaign, language, day)
    if kind.per is Per.CAMPAIGN:
        return _campaign_pieces(campaign, kind, base, language)
    register = _register(office, campaign, choice)
    if kind.per is Per.HOUSEHOLD:
        return _letters(campaign, kind, _rounds(register, choice), base, language)
    if kind.per is Per.PERSON:
        return _cards(register, choice, base)
    return _notices(campaign, register, choice, base, language)


def _letters(
    campaign: Campaign, kind: MaterialKind, found: Iterable[Round], base: Mapping[str, Any], language: str
) -> list[PieceSpec]:
    # A receipt must not fail for want of a value that only the letter's text prints.
    paragraphs = letter_paragraphs(campaign, language) if "paragraphs" in kind.variables else []
    pieces: list[PieceSpec] = []
    faults: list[Fault] = []
    for turn in found:
        for home in turn.homes:
            try:
                values = letter_values(base, paragraphs, home, turn.officer, language)
            except CannotPrint as error:
                faults += error.faults
                continue
            pieces.append(PieceSpec(home.code, 0, turn.officer.code, turn.officer.post, values))
    if faults:
        raise CannotPrint(*faults)
    return pieces


def _cards(register: _Register, choice: Choice, base: Mapping[str, Any]) -> list[PieceSpec]:
    """The chosen persons' cards. Everybody is counted, so that a card made again keeps its number."""
    pieces: list[PieceSpec] = []
    number = 0
    for post, homes in register.by_post().items():
        officer = register.officers.get(post)
        contact = officer_card(officer, base["bureau"]["name"]) if officer else ""
        for home in homes:
            for person in home.persons:
                number += 1
                if not register.wanted(home, choice):
                    continue
                if officer is None:
                    _refuse_vacant([post])
                    continue
                values = card_values(base, number, person, home, officer, contact)
                pieces.append(PieceSpec(home.code, person.number, officer.code, post, values))
    return pieces


def _notices(
    campaign: Campaign, register: _Register, choice: Choice, base: Mapping[str, Any], language: str
) -> list[PieceSpec]:
    """One notice for each entrance where a chosen household lives, in walking order.

    It names all officers of the entrance, chosen or not, by how many households each has there.
    """
    flight = next((flight for flight in campaign.flights if flight.channel == "notice"), None)
    entrances: dict[tuple[str, ...], list[Household]] = {}
    for home in walk_order(register.homes.values()):
        entrances.setdefault(home.address.entrance_key, []).append(home)
    pieces: list[PieceSpec] = []
    for key, homes in entrances.items():
        if not any(register.wanted(home, choice) for home in homes):
            continue
        shares = Counter(register.posts[home.code] for home in homes)
        _refuse_vacant(post for post in shares if post not in register.officers)
        ordered = [register.officers[post] for post in sorted(shares, key=lambda post: (-shares[post], post))]
        values = notice_values(base, homes, ordered, flight, campaign.texts[language].visits, language)
        pieces.append(PieceSpec("", 0, ordered[0].code, key[0], values))
    return pieces


def _campaign_pieces(campaign: Campaign, kind: MaterialKind, base: Mapping[str, Any], language: str) -> list[PieceSpec]:
    flights = flights_of(campaign, kind.kind)
    if any(form.engine == "text" for form in kind.forms):
        return [PieceSpec("", 0, "", flight.id, flight_values(base, campaign, flight, language)) for flight in flights]
    return [PieceSpec("", 0, "", "", poster_values(base, campaign, language))]


def flights_of(campaign: Campaign, kind: str) -> list[Flight]:
    """The flights whose channel is named like the kind or prints it."""
    registry = channels()
    return [flight for flight in campaign.flights if kind in registry[flight.channel].materials]


def check_pieces(kind: MaterialKind, pieces: Iterable[PieceSpec], known: Coverage, language: str) -> list[Fault]:
    """Everything that would print wrong: a value that is missing or empty, a sign no font has."""
    words = check_texts(kind.labels.get(language, {}), known, where=f"{kind.folder / MANIFEST_NAME}, labels.{language}")
    required = [
        (name, name.split("."), _required_keys(variable))
        for name, variable in kind.variables.items()
        if not variable.optional
    ]
    qr_names = {name for name, variable in kind.variables.items() if variable.qr}
    found: list[Fault] = []
    # What all pieces share (the bureau, the campaign's words) is one object, checked with the first of them.
    shared: dict[int, object] = {}
    missing: dict[tuple[str, str], None] = {}
    for piece in pieces:
        where = piece_name(piece)
        for name, path, keys in required:
            value: Any = piece.values
            for part in path:
                value = value.get(part) if isinstance(value, Mapping) else None
            for field in _empty_fields(name, value, keys):
                # An officer's gap is one fault, however many households it would spoil.
                owner = _("officer {code}", code=piece.officer) if path[0] == "officer" else where
                missing[owner, field] = None
        # What a QR code carries is read by machines, line ends and all.
        printed = {
            name: value for name, value in piece.values.items() if name not in qr_names and id(value) not in shared
        }
        shared |= {id(value): value for name, value in printed.items() if name in ("bureau", "campaign")}
        printed["officers"] = [
            {key: value for key, value in item.items() if key != "qr"} for item in printed.get("officers", [])
        ]
        found += check_texts(printed, known, where=where)
    return [_missing(owner, field) for owner, field in missing] + words + found


def piece_name(piece: PieceSpec) -> str:
    """What a fault calls the piece: its household and person, its entrance, or its flight."""
    if piece.household:
        names = [_("household {code}", code=piece.household)]
        person = piece.values.get("person")
        return ", ".join([*names, person["name"]] if isinstance(person, Mapping) else names)
    entrance = piece.values.get("entrance")
    return str(entrance["address"]) if isinstance(entrance, Mapping) else piece.group or _("the campaign")


def _missing(where: str, field: str) -> Fault:
    return Fault(
        f"{where}, {field}",
        _("the value is missing"),
        _("complete it in the roster or campaign file and import it again"),
    )


def _required_keys(variable: Variable) -> frozenset[str]:
    """The keys that every item of a list must have filled: those of the sample, but for the optional ones."""
    items = variable.sample if isinstance(variable.sample, list) else []
    return frozenset(key for item in items if isinstance(item, Mapping) for key in item) - set(variable.optional_keys)


def _empty_fields(name: str, value: Any, keys: frozenset[str]) -> Iterable[str]:
    if value is None or value in ("", [], {}):
        yield name
    elif isinstance(value, list):
        for rank, item in enumerate(value, start=1):
            if isinstance(item, Mapping):
                yield from (f"{name}[{rank}].{key}" for key in sorted(keys) if item.get(key) in (None, ""))
            elif item in (None, ""):
                yield f"{name}[{rank}]"


def printed_facts(
    kind: MaterialKind, campaign: Campaign, pieces: Iterable[PieceSpec], language: str
) -> list[PrintedFact]:
    """The facts the pieces carry on paper, each once: which phones and addresses of whom, and dates."""
    declared = set(kind.variables)
    found: set[PrintedFact] = set()
    phones = ("mobile", "home_phone", "office_phone")
    for piece in pieces:
        officer = piece.values.get("officer")
        if isinstance(officer, Mapping):
            for name in phones:
                if officer[name] != NO_PHONE and f"officer.{name}" in declared:
                    found.add(PrintedFact("phone", f"{piece.officer} {name}", officer[name]))
        for item in piece.values.get("officers", ()):
            for name in phones:
                if item[name] != NO_PHONE:
                    found.add(PrintedFact("phone", f"{item['name']} {name}", item[name]))
        if remove_by := piece.values.get("remove_by"):
            found.add(PrintedFact("date", "remove_by", remove_by))
    values = base_values(campaign, language, campaign.starts)
    for name, sort in (("hotline", "phone"), ("complaint_phone", "phone"), ("address", "address"), ("hours", "hours")):
        if f"bureau.{name}" in declared:
            found.add(PrintedFact(sort, f"bureau {name}", values["bureau"][name]))
    return sorted(found)
