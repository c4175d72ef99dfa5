"""Recall: which paper in people's hands says what is no longer true, and the pieces that replace it.

What the newest piece of each recipient and kind carries is compared with what the same making would print today from
the store and the campaign, for the same date. Pieces that came back, were removed or lost do not count, nor what was
aired and is over, nor walk lists that are expired or withdrawn. To an officer only what is their own is compared: what
their connection hides cannot be told from what is gone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from outreach.domain.campaign import Campaign
from outreach.domain.directory import phone_digits
from outreach.domain.people import Officer, is_stone
from outreach.domain.pieces import OFF_THE_STREET, PieceState
from outreach.domain.walk_list import ListState, WalkList
from outreach.errors import BadInput, CannotPrint, Conflict, Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.render.manifest import MaterialKind, Per
from outreach.render.options import NO_OPTIONS, Options
from outreach.services.asked_facts import AskedFacts
from outreach.services.campaigns import load_campaign
from outreach.services.gathering import gather
from outreach.services.materials import find_kind, make_material
from outreach.services.office import Office, Progress, no_progress
from outreach.services.piece_states import states_of_run
from outreach.services.pieces import PieceSpec, Slot, piece_name
from outreach.services.printed import FactReader, KnownFacts, known_facts
from outreach.services.rounds import Choice
from outreach.services.runs import MadeRun
from outreach.services.stale_facts import PresentPiece, StaleFact, compared, for_one_of_several, of_those_in_charge
from outreach.services.walk_pieces import list_group
from outreach.store.runs import Piece, PrintedFact, Run

_SENT = "csv"  # messages to persons: what was sent cannot be called back


@dataclass(frozen=True, slots=True)
class StalePiece:
    """A piece that carries stale facts, who holds it, and in what state it is.

    officer: the code of who is responsible now, '' where nobody is; printed_officer: of whom it names.
    """

    run: int
    kind: str
    format: str
    language: str
    number: int
    file: str
    household: str
    person: int
    entrance: str
    placement: str
    officer: str
    printed_officer: str
    state: PieceState
    facts: tuple[StaleFact, ...]


@dataclass(frozen=True, slots=True)
class Recall:
    """All stale pieces, and the runs made to replace them."""

    campaign: str
    stale: tuple[StalePiece, ...]
    made: tuple[MadeRun, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a recall is wanted; empty means all. facts: words such as 'G01 mobile' or a value."""

    facts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()


def recall(
    office: Office, campaign_name: str, wanted: Wanted, *, make: bool = False, progress: Progress = no_progress
) -> Recall:
    """Find the stale pieces, and with `make` make what replaces them, one run a kind, format, language and options.

    Raises Conflict where an earlier recall was cut short, where a post that is concerned is held by nobody, and, with
    `make`, where a text of the campaign still says what is stale; nothing is made then.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    scene = _Scene(office, campaign)
    scene.refuse_half_made()
    stale = list(_stale(scene, wanted))
    if not make or not stale:
        return Recall(campaign.name, tuple(stale), ())
    groups = _groups(scene, stale)
    refuse_if_any(_obstacles(scene, groups), Conflict)
    made = []
    done = 0
    for order, pieces in groups:
        slots = frozenset(_slot(piece) for piece in pieces)
        made.append(
            make_material(
                office,
                campaign.name,
                order.kind,
                file_format=order.format,
                language=order.language,
                separate=order.separate,
                choice=Choice(posts=scene.posts_to_name, lists=scene.numbers_of_lists(pieces), only=slots),
                options=order.options,
                replaces=sorted({piece.run for piece in pieces}),
                progress=lambda part, _all, before=done: progress(before + part, len(stale)),  # type: ignore[misc]
            )
        )
        done += len(pieces)
    return Recall(campaign.name, tuple(stale), tuple(made))


@dataclass(frozen=True, slots=True)
class _Order:
    """What the replacements of one run are made like."""

    kind: str
    format: str
    language: str
    separate: bool
    options: Options


class _Scene:
    """The register and the present, read once for a recall."""

    def __init__(self, office: Office, campaign: Campaign) -> None:
        self.office = office
        self.campaign = campaign
        self.today = office.now().date()
        self.scoped = office.store.scoped
        with office.store.read() as unit:
            runs = [run for run in unit.runs.all(office.workspace.zone) if run.campaign == campaign.name]
            self.runs = {run.number: run for run in runs}
            self.officers: Mapping[str, Officer] = unit.rosters.officers()
            self.posts = {code: one.post for code, one in unit.territories.present(campaign.name).items()}
            self._walks = {list_group(one): one for one in unit.walks.all(campaign.name, campaign.zone)}
        # Households of a post that nobody holds get no new paper, and must not keep others from theirs.
        vacant = set(self.posts.values()) - self.officers.keys()
        self.posts_to_name = tuple(sorted(set(self.posts.values()) - vacant)) if vacant else ()
        self._present: dict[tuple[str, str, str, dt.date], Mapping[Slot, PresentPiece] | None] = {}
        self._lists: dict[tuple[str, str], bool] = {}

    def refuse_half_made(self) -> None:
        """Raise Conflict where a recall was killed before its run was whole: its pieces are not paper yet."""
        refuse_if_any(
            (
                Fault(
                    _("run {number}", number=run.number),
                    _("it was to replace stale pieces and is not finished"),
                    _("finish it with 'outreach run resume {number}'", number=run.number),
                )
                for run in self.runs.values()
                if run.state != "whole" and run.replaces
            ),
            Conflict,
        )

    def is_list(self, run: Run) -> bool:
        """Whether the run's pieces are walk lists."""
        key = (run.kind, run.format)
        if key not in self._lists:
            try:
                self._lists[key] = find_kind(self.office.workspace, run.kind).per_of(run.format) is Per.LIST
            except (NotFound, BadInput):
                self._lists[key] = False
        return self._lists[key]

    def live_list(self, piece: Piece) -> WalkList | None:
        """The walk list that a piece of such a run is; None where it is expired, withdrawn or a colleague's."""
        found = self._walks.get(piece.placement)
        return found if found and found.state(self.today) is ListState.LIVE else None

    def numbers_of_lists(self, pieces: Iterable[StalePiece]) -> tuple[int, ...]:
        """The numbers of those pieces that are walk lists."""
        return tuple(piece.number for piece in pieces if self.is_list(self.runs[piece.run]))

    def known(self, language: str) -> KnownFacts:
        """The facts texts may name today."""
        return known_facts(self.campaign, self.officers.values(), language)

    def present(self, run: Run) -> Mapping[Slot, PresentPiece] | None:
        """What a run's pieces would carry today, by slot; None where its making is no longer possible as a whole."""
        day = run.day or run.as_of.date()
        key = (run.kind, run.format, run.language, day)
        if key not in self._present:
            self._present[key] = self._gathered(run, day)
        return self._present[key]

    def _gathered(self, run: Run, day: dt.date) -> Mapping[Slot, PresentPiece] | None:
        try:
            kind = find_kind(self.office.workspace, run.kind)
            pieces, dated = self._pieces(kind, run, day)
        except (Conflict, NotFound):
            return None
        reader = FactReader(kind, self.known(run.language), every_year=True)
        return {piece.slot: PresentPiece(piece, frozenset(reader.facts(piece)), dated=dated) for piece in pieces}

    def _pieces(self, kind: MaterialKind, run: Run, day: dt.date) -> tuple[list[PieceSpec], bool]:
        choice = Choice(posts=self.posts_to_name)
        if self.is_list(run):
            # One whose officer left its post cannot be printed, and must not keep the others from being compared.
            holders = {post: one.code for post, one in self.officers.items()}
            numbers = tuple(
                one.number
                for one in self._walks.values()
                if one.state(self.today) is ListState.LIVE and holders.get(one.post) == one.officer
            )
            if not numbers:
                return [], True
            choice = replace(choice, lists=numbers)
        try:
            return gather(self.office, self.campaign, kind, run.format, run.language, day, choice), True
        except CannotPrint:
            # What is known today may not reach back to that day, as where somebody has paid since.
            return gather(self.office, self.campaign, kind, run.format, run.language, self.today, choice), False


def _stale(scene: _Scene, wanted: Wanted) -> Iterator[StalePiece]:
    """Every stale piece, oldest run first."""
    of_posts = _posts_and_holders(scene, wanted)
    by_run: dict[int, list[tuple[Piece, PieceState]]] = defaultdict(list)
    for run, piece, state in _in_hands(scene):
        if not wanted.kinds or run.kind in wanted.kinds:
            by_run[run.number].append((piece, state))
    matches = AskedFacts(wanted.facts, {one.code: post for post, one in scene.officers.items()})
    matches.refuse_unknown(_facts_of_today(scene), (_facts_of_run(scene, run) for run in scene.runs.values()))
    for number in sorted(by_run):
        run = scene.runs[number]
        held = _facts_by_piece(scene, run)
        present = scene.present(run)
        for piece, state in by_run[number]:
            now = present.get(_slot(piece)) if present is not None else None
            facts = held.get(piece.number, ())
            found = _untrue(scene, run, piece, facts, now, can_be_made=present is not None)
            found = tuple(one for one in found if matches.include(one.fact))
            post = scene.posts.get(piece.household, "")
            holder = scene.officers.get(post)
            officer = now.piece.officer if now else holder.code if holder else ""
            if found and (not of_posts or {post, officer, piece.officer} & of_posts):
                yield StalePiece(
                    run.number,
                    run.kind,
                    run.format,
                    run.language,
                    piece.number,
                    piece.file,
                    piece.household,
                    piece.person,
                    piece.entrance,
                    piece.placement,
                    officer,
                    piece.officer,
                    state,
                    found,
                )


def _untrue(
    scene: _Scene,
    run: Run,
    piece: Piece,
    held: Collection[PrintedFact],
    now: PresentPiece | None,
    *,
    can_be_made: bool,
) -> tuple[StaleFact, ...]:
    """What a piece says that is no longer true. can_be_made: whether the run's kind can be made today."""
    if now is None and (walk := scene.live_list(piece)) and scene.is_list(run):
        # Its officer left the post: it is whoever holds that now who would have to be named.
        return of_those_in_charge(held, scene.campaign, [*filter(None, [scene.officers.get(walk.post)])], run.language)
    if scene.scoped and not piece.household:
        if now is None:
            return ()  # somebody else's: what would be printed there today is hidden
        if piece.entrance:
            return for_one_of_several(held, now, scene.campaign, [*scene.officers.values()], run.language)
    if can_be_made:
        return compared(held, now)
    posts = set(scene.posts.values())
    in_charge = [one for post, one in scene.officers.items() if post in posts or scene.scoped]
    return of_those_in_charge(held, scene.campaign, in_charge, run.language)


def _posts_and_holders(scene: _Scene, wanted: Wanted) -> set[str]:
    """The posts asked for with the officers who hold them; raises NotFound for a post or kind that is not there."""
    for kind in wanted.kinds:
        find_kind(scene.office.workspace, kind)
    for post in wanted.posts:
        if post not in scene.officers and post not in scene.posts.values():
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))
    return {*wanted.posts, *(scene.officers[post].code for post in wanted.posts if post in scene.officers)}


def _in_hands(scene: _Scene) -> Iterator[tuple[Run, Piece, PieceState]]:
    """The newest piece of each recipient and kind that is still somewhere to be read."""
    taken: set[tuple[object, ...]] = set()
    for run in sorted(scene.runs.values(), key=lambda run: -run.number):
        if run.state != "whole" or run.format == _SENT:
            continue
        with scene.office.store.read() as unit:
            pieces = unit.runs.pieces(run.id)
            states = states_of_run(scene.office, unit, run)
        for piece in pieces:
            state = states.get(piece.number, PieceState.PRINTED)
            own = bool(piece.household or piece.entrance)
            # A letter is the same paper as .docx and .pdf; the text and the picture of a crawl are two things.
            key = (run.kind, run.language, _slot(piece), "" if own else (run.format, run.options.get("size", "")))
            if scene.is_list(run) and not scene.live_list(piece):
                continue
            if state in OFF_THE_STREET or key in taken or _is_over(scene, piece) or is_stone(piece.household):
                continue
            taken.add(key)
            yield run, piece, state


def _is_over(scene: _Scene, piece: Piece) -> bool:
    """Whether it is of a flight that has ended or is no longer planned."""
    if piece.household or piece.entrance or piece.officer or not piece.placement:
        return False
    flights = [flight for flight in scene.campaign.flights if piece.placement.startswith(flight.id)]
    return not flights or max(flights, key=lambda flight: len(flight.id)).ends < scene.today


def _slot(piece: Piece | StalePiece) -> Slot:
    return (piece.household, piece.person, piece.entrance, piece.placement)


def _facts_of_today(scene: _Scene) -> set[PrintedFact]:
    """What any paper of the campaign may be asked for today: of the bureau and of every officer."""
    known = [scene.known(language) for language in scene.campaign.bureaus]
    facts = {fact for one in known for same in one.phones.values() for fact in same}
    facts |= {fact for one in known for fact in one.words.values()}
    return facts | {PrintedFact("officer", f"{one.code} name", one.name) for one in scene.officers.values()}


def _facts_of_run(scene: _Scene, run: Run) -> list[PrintedFact]:
    with scene.office.store.read() as unit:
        return [held.fact for held in unit.runs.facts(run.id)]


def _facts_by_piece(scene: _Scene, run: Run) -> dict[int, list[PrintedFact]]:
    with scene.office.store.read() as unit:
        held = unit.runs.facts(run.id)
    found: dict[int, list[PrintedFact]] = defaultdict(list)
    for one in held:
        for first, last in one.ranges:
            for number in range(first, last + 1):
                found[number].append(one.fact)
    return found


def _groups(scene: _Scene, stale: Sequence[StalePiece]) -> list[tuple[_Order, list[StalePiece]]]:
    """The pieces that can be replaced, by what their replacements are made like."""
    groups: dict[_Order, list[StalePiece]] = defaultdict(list)
    for piece in stale:
        run = scene.runs[piece.run]
        present = scene.present(run)
        # Whoever gets no such piece today gets no replacement: the old one is to be taken in.
        if present is None or _slot(piece) in present:
            groups[_order(run, piece)].append(piece)
    return sorted(groups.items(), key=lambda group: (group[0].kind, group[0].format, group[0].language))


def _order(run: Run, piece: StalePiece) -> _Order:
    chosen = Options.from_json({name: value for name, value in run.options.items() if name in NO_OPTIONS.as_json()})
    # A new run begins on a whole sheet, at the printer and with the fonts of today.
    options = replace(chosen, first=1, stock=(), fallback_fonts=(), shift_front_mm=(0, 0), shift_back_mm=(0, 0))
    return _Order(run.kind, run.format, run.language, "/" in piece.file, options)


def _obstacles(scene: _Scene, groups: Sequence[tuple[_Order, list[StalePiece]]]) -> Iterator[Fault]:
    """What keeps replacements from being right: own photos, vacant posts, texts that still say what is stale."""
    for order, pieces in groups:
        present = scene.present(scene.runs[pieces[0].run])
        if order.options.picture:
            yield Fault(
                _("run {number}", number=pieces[0].run),
                _("it was made with a photo of your own, which is not kept"),
                _("make it again with 'outreach material make {kind} --picture FILE'", kind=order.kind),
            )
        if present is None:
            posts = {post for post in scene.posts.values() if post not in scene.officers}
            yield Fault(
                ", ".join(sorted(posts)) or f"{order.kind}, {order.format}",
                _("nobody holds this post") if posts else _("it can no longer be made"),
                _("import the officer who does, or assign again")
                if posts
                else _("see what 'outreach material make {kind}' says", kind=order.kind),
            )
            continue
        yield from _texts_still_stale(scene, order, pieces, present)


def _texts_still_stale(
    scene: _Scene, order: _Order, pieces: Sequence[StalePiece], present: Mapping[Slot, PresentPiece]
) -> Iterator[Fault]:
    true = scene.known(order.language).phones
    stale = {
        digits: (one.fact,)
        for piece in pieces
        for one in piece.facts
        if one.fact.kind == "phone" and (digits := phone_digits(one.fact.value).partition("x")[0]) not in true
    }
    if not stale:
        return
    reader = FactReader(find_kind(scene.office.workspace, order.kind), KnownFacts(stale, {}))
    seen: set[tuple[str, str]] = set()
    for piece in pieces:
        now = present[_slot(piece)].piece
        for fact in reader.facts(now):
            where = now.group if not now.household and now.group else order.kind
            if (fact,) in stale.values() and (where, fact.value) not in seen:
                seen.add((where, fact.value))
                yield Fault(
                    _("{where}, {part}", where=f"{scene.campaign.name}/{where}", part=piece_name(now)),
                    _("its text still says {phone}, which is no longer true", phone=fact.value),
                    _("correct the text in the campaign's files"),
                )
