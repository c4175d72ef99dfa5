"""A whole entrance recorded at once: nobody opened, or the same notice was put through every door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import derived_id
from outreach.domain.people import Address, Household, Officer, natural_key
from outreach.errors import BadInput, Conflict, NotFound, refuse_if_any
from outreach.intake.address import part
from outreach.intake.cells import half_width
from outreach.intake.contacts import AttemptRow
from outreach.messages import _, current_language
from outreach.services.campaigns import load_campaign
from outreach.services.contact_faults import attempt_faults, known_for, located, read_left, read_outcome
from outreach.services.office import Office
from outreach.services.walk_closed import left_out_now
from outreach.store.territory import Assigned
from outreach.store.unit import Unit

_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class EntranceDoor:
    """One household behind the entrance. officer: by code, '' for nobody. remark: why nobody need or may go there."""

    home: Household
    officer: str
    remark: str


@dataclass(frozen=True, slots=True)
class EntrancePlan:
    """What is to be recorded: the entrance, the outcome, when, by whom, of whom. left_out: the rooms excepted."""

    campaign: str
    entrance: str
    channel: str
    outcome: Disposition
    at: dt.datetime
    left: tuple[str, ...]
    note: str
    doors: tuple[EntranceDoor, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntranceDone:
    """What was recorded: facts new, facts known before (the same entrance, outcome and time)."""

    new: int
    known: int


def check_entrance(
    office: Office,
    campaign_name: str,
    entrance: str,
    outcome: str,
    *,
    channel: str = "visit",
    at: dt.datetime | None = None,
    officer: str = "",
    post: str = "",
    excepted: Sequence[str] = (),
    left: Sequence[str] = (),
    note: str = "",
) -> EntrancePlan:
    """What recording one outcome of a whole entrance would write; writes nothing.

    entrance: community, compound, building and entrance as the roster has them, blanks as you like. outcome: its name
    or paper code. at: now where None. officer: who was there, by code; each household's own where empty. post: only
    that one's households. excepted: rooms or household codes to leave out. Where the entrance is shared among posts
    and neither officer nor post is named, nobody can tell who was there: that is refused. Raises NotFound, BadInput.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    zone = office.workspace.zone
    moment = office.now() if at is None else at.replace(tzinfo=at.tzinfo or zone)
    told, kinds = read_outcome(outcome, channel), read_left(left)
    with office.store.read() as unit:
        address, homes = _behind(unit, entrance)
        assigned = unit.territories.present(campaign.name)
        homes = _of_post(homes, assigned, post)
        merged = unit.merges.kept_codes()
        kept, gone = _without(homes, [merged.get(one, one) for one in (part(text, "room") for text in excepted)])
        _refuse_shared(kept, assigned, officer)
        officers = unit.rosters.officers()
        remarks = left_out_now(unit, campaign.name, {home.code: home for home in kept}, moment.date(), zone)
        known = known_for(office, unit, campaign, {home.code for home in kept})
        rows = [AttemptRow(home.code, 0, channel, officer, moment, told, kinds, note, row_key="") for home in kept]
        refuse_if_any(dict.fromkeys(fault for row in rows for fault in located(entrance, attempt_faults(row, known))))
    return EntrancePlan(
        campaign.name, entrance_words(address), channel, told, moment, kinds, note,
        tuple(
            EntranceDoor(home, officer or _own(assigned.get(home.code), officers), remarks.get(home.code, ""))
            for home in kept
        ),
        gone,
    )  # fmt: skip


def record_entrance(office: Office, plan: EntrancePlan) -> EntranceDone:
    """Append an attempt for every household of the plan, in one transaction; done twice it adds nothing."""
    facts = []
    for door in plan.doors:
        key = f"{plan.campaign}/entrance/{door.home.code}/{plan.channel}/{plan.outcome}/{plan.at.isoformat()}"
        attempt = Attempt(
            id=derived_id(plan.at, key),
            household=door.home.code,
            channel=plan.channel,
            officer=door.officer,
            at=plan.at,
            disposition=plan.outcome,
            left=plan.left,
            note=plan.note,
        )
        facts.append((attempt, key))
    with office.store.write() as unit:
        # One that was merged into another since the plan was made: its fact is read as the kept one's.
        ids = unit.rosters.household_ids(gone=True)
        new = unit.facts.append_attempts(plan.campaign, facts, ids, office.now())
    return EntranceDone(new, len(facts) - new)


def entrance_words(address: Address) -> str:
    """The entrance in words: community, compound, building and entrance."""
    return Address(*address.entrance_key).line(current_language())


def _behind(unit: Unit, text: str) -> tuple[Address, list[Household]]:
    """The entrance named and its households in order of their rooms."""
    wanted = _plain(text)
    found: dict[tuple[str, ...], list[Household]] = {}
    every: dict[tuple[str, ...], Address] = {}
    for home in unit.rosters.households().values():
        every.setdefault(home.address.entrance_key, home.address)
        if wanted in _names(home.address):
            found.setdefault(home.address.entrance_key, []).append(home)
    if not found:
        raise NotFound.at(text, _("there is no such entrance"), _nearest(wanted, every.values()))
    if len(found) > 1:
        names = ", ".join(sorted(entrance_words(homes[0].address) for homes in found.values()))
        raise BadInput.at(text, _("this may be several entrances: {names}", names=names), _("name the whole of one"))
    (homes,) = found.values()
    homes.sort(key=lambda home: (natural_key(home.address.unit), natural_key(home.address.room), home.code))
    return homes[0].address, homes


def _names(address: Address) -> set[str]:
    """What the entrance may be called, blanks apart: its parts one after another, or as the address has them."""
    key = address.entrance_key
    return {_plain("".join(key)), _plain(Address(*key).line("zh")), _plain(Address(*key).line("en"))}


def _plain(text: str) -> str:
    return "".join(half_width(text).replace(",", " ").split()).casefold()


def _nearest(wanted: str, every: Iterable[Address]) -> str:
    from rapidfuzz import fuzz, process

    names = {entrance_words(address): _plain("".join(address.entrance_key)) for address in every}
    near = process.extract(wanted, names, scorer=fuzz.WRatio, limit=3)
    listed = "; ".join(sorted(name for _text, _score, name in near))
    return _("the nearest are: {names}", names=listed) if listed else _("import the roster first")


def _of_post(homes: list[Household], assigned: Mapping[str, Assigned], post: str) -> list[Household]:
    if not post:
        return homes
    kept = [home for home in homes if home.code in assigned and assigned[home.code].post == post]
    if not kept:
        raise NotFound.at(post, _("the post has no household behind this entrance"), _("see 'outreach household walk'"))
    return kept


def _without(homes: Iterable[Household], excepted: Sequence[str]) -> tuple[list[Household], tuple[str, ...]]:
    """The households but those excepted, and the rooms left out; raises BadInput for one that is not there."""
    kept, gone, unused = [], [], set(excepted)
    for home in homes:
        mine = {home.code, home.address.room, f"{home.address.unit}-{home.address.room}"} & set(excepted)
        unused -= mine
        if mine:
            gone.append(home.address.room or home.code)
        else:
            kept.append(home)
    if unused:
        raise BadInput.at(
            "--except",
            _("there is no room {names} behind this entrance", names=", ".join(sorted(unused))),
            _("name rooms as the roster has them, or household codes"),
        )
    if not kept:
        raise BadInput.at("--except", _("leaves nobody"), _("leave fewer rooms out"))
    return kept, tuple(gone)


def _refuse_shared(homes: Iterable[Household], assigned: Mapping[str, Assigned], officer: str) -> None:
    posts = sorted({assigned[home.code].post for home in homes if home.code in assigned})
    if len(posts) > 1 and not officer:
        raise Conflict.at(
            ", ".join(posts[:_MOST_NAMED]),
            _("these posts share the entrance, so it is not known who was there"),
            _("name the officer with --officer, or one post's households with --post"),
        )


def _own(assigned: Assigned | None, officers: Mapping[str, Officer]) -> str:
    return officers[assigned.post].code if assigned is not None and assigned.post in officers else ""
