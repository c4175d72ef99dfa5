"""What became of the pieces of a run: recorded by ranges of numbers or by scanning, counted, listed.

It is about paper. That a household was reached is another fact: record it with the contact, which counts.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.ids import piece_code, split_piece_code
from outreach.domain.pieces import PieceEvent, PieceState, ReturnReason, in_force, next_states
from outreach.errors import BadInput, Conflict, Fault, NotFound, OutreachError, refuse_if_any
from outreach.messages import _, current_language
from outreach.services.office import Office
from outreach.services.printed import ranges
from outreach.services.runs import find_run, list_runs
from outreach.store.runs import Piece, Run
from outreach.store.unit import Unit

Span = tuple[int, int]

_CLOCK_SKEW = dt.timedelta(minutes=5)
_ENCODINGS = ("utf-8-sig", "gb18030")
ON_PAPER = ("docx", "pdf")
"""Formats of runs whose pieces are handed out."""

_SPAN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


@dataclass(frozen=True, slots=True)
class Change:
    """What to record: the state, since when, by whom (an officer or post), why a piece came back, a note.

    correct: it takes the place of what was recorded last. at: now where None; without a zone in the workspace's.
    """

    state: PieceState
    by: str = ""
    at: dt.datetime | None = None
    reason: str = ""
    note: str = ""
    correct: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded of a run: numbers of pieces changed, and of those that were in that state already."""

    run: int
    state: PieceState
    changed: tuple[Span, ...]
    already: tuple[Span, ...]
    pieces: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """One line of a scanner: what it said, and the piece it was, or why it is refused ('' where it is not)."""

    line: int
    text: str
    run: int = 0
    number: int = 0
    household: str = ""
    already: bool = False
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A piece, its state, and the last event, None where it is only printed."""

    piece: Piece
    state: PieceState
    event: PieceEvent | None


def record_state(office: Office, number: int, spans: Sequence[Span], change: Change) -> Recorded:
    """Record a state of the pieces in `spans` of a run, all or none.

    Raises NotFound for pieces that are not there, BadInput and Conflict with a fault for each state from which the
    step is not possible.
    """
    run = _in_hand(office, number)
    with office.store.write() as unit:
        change = _complete(office, unit, run, change)
        pieces = {piece.number: piece for piece in unit.runs.pieces(run.id)}
        chosen = _chosen(run, pieces, spans)
        histories = _histories(unit.piece_events.of(run.id, office.workspace.zone))
        problems: dict[Fault, list[int]] = defaultdict(list)
        already = []
        for one in chosen:
            history = in_force(histories.get(one, ()))
            if not change.correct and history and history[-1].state is change.state:
                already.append(one)
            elif fault := _step_fault(history, change, for_door=bool(pieces[one].entrance)):
                problems[fault].append(one)
        refuse_if_any((_at_pieces(run, fault, numbers) for fault, numbers in problems.items()), Conflict)
        skipped = set(already)
        changed = tuple(ranges(one for one in chosen if one not in skipped))
        unit.piece_events.append(run.id, [_event(office, span, change) for span in changed], office.now())
    return Recorded(run.number, change.state, changed, tuple(ranges(already)), len(chosen) - len(already))


def scan_codes(office: Office, lines: Iterable[str], change: Change, *, run: int = 0) -> Iterator[Scanned]:
    """Record a state for each code as it is read; a line that is refused does not stop the rest.

    lines: piece codes as printed ('7-421-K3QF') or, with `run`, codes of households that have one piece in it.
    Every accepted line is committed before the next is read. Raises BadInput, NotFound or Conflict before the
    first line where the change itself is wrong.
    """
    runs = {one.number: one for one in list_runs(office)}
    only = _in_hand(office, run) if run else None
    with office.store.read() as unit:
        _complete(office, unit, only, change)
    for rank, line in enumerate(lines, start=1):
        text = unicodedata.normalize("NFKC", line).strip()
        if not text:
            continue
        try:
            yield _scan(office, runs, only, change, rank, text)
        except OutreachError as error:
            (fault, *_more) = error.faults
            yield Scanned(rank, text, refused=_("{first}; {second}", first=fault.what, second=fault.mend))


def scanned_lines(path: Path) -> list[str]:
    """The lines of a file that a scanner saved, in UTF-8 or GB18030.

    Raises NotFound where it is not there, BadInput where it is no text; nothing is recorded then.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound.at(str(path), _("there is no such file"), _("check the name and the folder")) from error
    except OSError as error:
        raise BadInput.at(str(path), _("cannot be read"), _("name a text file with one code a line")) from error
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.splitlines()
    raise BadInput.at(
        str(path),
        _("is no text in UTF-8 or GB18030"),
        _("save the codes as text in UTF-8, one a line"),
    )


def scanned_line(line: bytes) -> str:
    """One line as a scanner sends it; bytes that are no text make a line that is refused like any wrong code."""
    for encoding in _ENCODINGS:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8", "replace")


def _scan(office: Office, runs: Mapping[int, Run], only: Run | None, change: Change, line: int, text: str) -> Scanned:
    with office.store.write() as unit:
        run, piece, already = change_piece(office, unit, runs, only, change, text)
    return Scanned(line, text, run.number, piece.number, piece.household, already)


def change_piece(
    office: Office, unit: Unit, runs: Mapping[int, Run], only: Run | None, change: Change, text: str
) -> tuple[Run, Piece, bool]:
    """Record a state of the piece a code stands for within a unit that writes; True where it was in it already.

    runs: by number. only: the run of which alone a code may be, None for any. Raises NotFound, BadInput or Conflict.
    """
    run, piece = _read_code(unit, runs, only, text)
    change = _complete(office, unit, run, change)
    history = in_force(unit.piece_events.of_piece(run.id, piece.number, office.workspace.zone))
    already = not change.correct and bool(history) and history[-1].state is change.state
    if not already:
        refuse_if_any(filter(None, [_step_fault(history, change, for_door=bool(piece.entrance))]), Conflict)
        span = (piece.number, piece.number)
        unit.piece_events.append(run.id, [_event(office, span, change)], office.now())
    return run, piece, already


def _read_code(unit: Unit, runs: Mapping[int, Run], only: Run | None, text: str) -> tuple[Run, Piece]:
    """The piece a code stands for; raises NotFound or BadInput where it stands for none."""
    parts = split_piece_code(text)
    if parts is not None:
        run = runs.get(parts[0])
        if run is None or piece_code(run.number, run.id, parts[1]) != text.upper():
            raise BadInput.at(text, _("no such piece was printed"), _("scan it again, or type it anew"))
        if only is not None and run.number != only.number:
            raise BadInput.at(
                text, _("belongs to run {number}", number=run.number), _("scan it with --run {n}", n=run.number)
            )
        _refuse_unhandled(run)
        piece = unit.runs.piece(run.id, parts[1])
        if piece is not None:
            return run, piece
        raise BadInput.at(text, _("no such piece was printed"), _("scan it again, or type it anew"))
    if only is None:
        raise BadInput.at(text, _("is no code of a piece"), _("for codes of households name the run with --run"))
    found = unit.runs.pieces_of(only.id, text) or unit.runs.pieces_of(only.id, text.upper())
    if len(found) > 1:
        raise BadInput.at(
            text,
            _("the household has {count} pieces in this run", count=len(found)),
            _("scan the code of the piece itself"),
        )
    if not found:
        raise BadInput.at(
            text, _("is neither a code of a piece nor of a household in this run"), _("scan it again, or type it anew")
        )
    return only, found[0]


def whereabouts(office: Office, number: int) -> list[Whereabouts]:
    """Every piece of a run and where it is, in the order of their numbers; raises NotFound, Conflict."""
    run = _in_hand(office, number)
    with office.store.read() as unit:
        pieces = unit.runs.pieces(run.id)
        histories = _histories(unit.piece_events.of(run.id, office.workspace.zone))
    found = []
    for piece in pieces:
        history = in_force(histories.get(piece.number, ()))
        last = history[-1] if history else None
        found.append(Whereabouts(piece, last.state if last else PieceState.PRINTED, last))
    return found


def states_of_run(office: Office, unit: Unit, run: Run) -> dict[int, PieceState]:
    """The states of a run's pieces that are more than printed, by number."""
    found = {}
    for number, events in _histories(unit.piece_events.of(run.id, office.workspace.zone)).items():
        if history := in_force(events):
            found[number] = history[-1].state
    return found


def parse_spans(text: str) -> list[Span]:
    """'120-180, 200' as [(120, 180), (200, 200)]; raises BadInput."""
    spans = []
    for part in re.split(r"[,、;\s]+", unicodedata.normalize("NFKC", text).replace("–", "-").strip(", ")):
        match = _SPAN.fullmatch(part)
        if not match or int(match[2] or match[1]) < int(match[1]):
            raise BadInput.at("--pieces", _("'{text}' is no range of numbers", text=part), _("write 120-180,200"))
        spans.append((int(match[1]), int(match[2] or match[1])))
    return spans


def printed_spans(spans: Iterable[Span]) -> str:
    """Ranges as people write them: '120-180, 200'."""
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in spans)


def _in_hand(office: Office, number: int) -> Run:
    run = find_run(office, number)
    _refuse_unhandled(run)
    return run


def _refuse_unhandled(run: Run) -> None:
    if run.state != "whole":
        raise Conflict.at(
            _("run {number}", number=run.number),
            _("it is not finished"),
            _("finish it with 'outreach run resume {number}'", number=run.number),
        )
    if run.format not in ON_PAPER:
        raise BadInput.at(
            _("run {number}", number=run.number),
            _("'{kind}' as {format} is nothing that is handed out", kind=run.kind, format=run.format),
            _("choose a run of letters, cards or notices"),
        )


def _complete(office: Office, unit: Unit, run: Run | None, change: Change) -> Change:
    """The change with its time and the officer's code; raises BadInput or NotFound for what is wrong in it."""
    faults = []
    present = office.now()
    at = present if change.at is None else change.at.replace(tzinfo=change.at.tzinfo or office.workspace.zone)
    if at > present + _CLOCK_SKEW:
        faults.append(Fault("--at", _("{day} is still to come", day=f"{at:%Y-%m-%d %H:%M}"), _("correct the time")))
    if run is not None and at.date() < run.as_of.date():
        faults.append(
            Fault(
                "--at",
                _("{day} is before the run was made", day=f"{at:%Y-%m-%d}"),
                _("choose a day from {day} on", day=f"{run.as_of:%Y-%m-%d}"),
            )
        )
    reasons = ", ".join(ReturnReason)
    if change.state is PieceState.RETURNED and not change.reason:
        faults.append(Fault("--reason", _("is missing"), _("choose one of {names}", names=reasons)))
    if change.reason and change.state is not PieceState.RETURNED:
        faults.append(Fault("--reason", _("only what is returned has a reason"), _("leave it out, or use --note")))
    if change.reason and change.reason not in list(ReturnReason):
        faults.append(
            Fault(
                "--reason",
                _("there is none named '{name}'", name=change.reason),
                _("choose one of {names}", names=reasons),
            )
        )
    if change.state is PieceState.PRINTED and not change.correct:
        faults.append(Fault("printed", _("every piece of a run is printed"), _("take a state back with --correct")))
    refuse_if_any(faults)
    return Change(change.state, _officer(unit, change.by), at, change.reason, change.note, change.correct)


def _officer(unit: Unit, by: str) -> str:
    """The code of an officer named by code or post."""
    if not by or by in unit.rosters.all_officers():
        return by
    holder = unit.rosters.officers().get(by)
    if holder is None:
        raise NotFound.at(by, _("there is no such officer or post"), _("see 'outreach officer list'"))
    return holder.code


def _chosen(run: Run, pieces: Mapping[int, Piece], spans: Sequence[Span]) -> list[int]:
    """The numbers in `spans`; both ends of each must be there, within there may be gaps as on paper."""
    refuse_if_any(
        (
            Fault(
                _("run {number}", number=run.number),
                _("it has no piece {number}", number=end),
                _("see 'outreach run show {number} --pieces'", number=run.number),
            )
            for end in dict.fromkeys(end for span in spans for end in span)
            if end not in pieces
        ),
        NotFound,
    )
    if not spans:
        return sorted(pieces)
    return sorted({one for first, last in spans for one in range(first, last + 1) if one in pieces})


def _histories(events: Iterable[PieceEvent]) -> dict[int, list[PieceEvent]]:
    histories: dict[int, list[PieceEvent]] = defaultdict(list)
    for event in events:
        for number in range(event.first, event.last + 1):
            histories[number].append(event)
    return histories


def _step_fault(history: Sequence[PieceEvent], change: Change, *, for_door: bool) -> Fault | None:
    """Why the change cannot follow one piece's history, None where it can."""
    language = current_language()
    if change.correct and not history:
        return Fault("", _("nothing was recorded that could be corrected"), _("leave --correct out"))
    before = history[:-1] if change.correct else history
    last = before[-1] if before else None
    state = last.state if last else PieceState.PRINTED
    possible = next_states(state, for_door=for_door)
    back = change.correct and change.state in (state, PieceState.PRINTED)
    if not back and change.state not in possible:
        names = ", ".join(f"{one.value} ({one.label(language)})" if language == "zh" else one.value for one in possible)
        what = _("what is {state} cannot become {new}", state=state.label(language), new=change.state.label(language))
        if not possible:
            return Fault("", what, _("set right what was recorded wrongly with --correct"))
        return Fault("", what, _("choose one of {names}, or set right what was recorded with --correct", names=names))
    if last and change.at and _is_before(change.at, last.at):
        day = f"{last.at:%Y-%m-%d %H:%M}" if change.at.date() == last.at.date() else f"{last.at:%Y-%m-%d}"
        what = _("it was {state} on {day}, after that", state=state.label(language), day=day)
        return Fault("", what, _("correct the time"))
    return None


def _is_before(at: dt.datetime, last: dt.datetime) -> bool:
    """Whether one time is before another; midnight stands for a day alone, of which nobody said the hour."""
    return at < last and (at.date() < last.date() or at.time() != dt.time())


def _at_pieces(run: Run, fault: Fault, numbers: Sequence[int]) -> Fault:
    spans = printed_spans(ranges(numbers))
    return Fault(_("run {number}, pieces {spans}", number=run.number, spans=spans), fault.what, fault.mend)


def _event(office: Office, span: Span, change: Change) -> PieceEvent:
    assert change.at is not None
    return PieceEvent(
        id=office.new_id(),
        first=span[0],
        last=span[1],
        state=change.state,
        at=change.at,
        reason=change.reason,
        by=change.by,
        note=change.note,
        correction=change.correct,
    )
