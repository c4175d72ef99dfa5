"""Mail that came back: the piece, the attempt it was, and the question about the address, recorded together."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.correction import ADDRESS_REASONS, AddressProposal
from outreach.domain.ids import derived_id
from outreach.domain.pieces import PieceEvent, PieceState, ReturnReason, in_force
from outreach.errors import BadInput, OutreachError
from outreach.messages import _, current_language
from outreach.services.corrections import ACCEPTED, REFUSED, address_of, cleaned, written_alike
from outreach.services.office import Office
from outreach.services.piece_lists import PieceList
from outreach.services.piece_states import Change, change_piece
from outreach.services.runs import list_runs
from outreach.store.runs import Piece, Run
from outreach.store.unit import Unit

_CHANNEL = "letter"
_APART = re.compile(r"[\t,，;；]|\s+(?=\S*[^\x00-\x7f])")
"""What stands between a code and a new address on one line."""


@dataclass(frozen=True, slots=True)
class Returned:
    """One piece that came back, or why its line is refused ('' where it is not).

    already: its return was recorded before, with its attempt; nothing was counted twice. proposal: the id of the
    question about the address that is open now, '' where the reason asks none. known: whether the household is in the
    roster still.
    """

    line: int
    text: str
    run: int = 0
    number: int = 0
    household: str = ""
    already: bool = False
    proposal: str = ""
    known: bool = True
    refused: str = ""


def record_returned(
    office: Office,
    code: str,
    reason: str,
    *,
    new_address: str = "",
    at: dt.datetime | None = None,
    by: str = "",
    note: str = "",
) -> Returned:
    """Record that the piece with this code came back; nothing is counted twice.

    reason: one of `ReturnReason`. new_address: a free line, as it stands on the envelope. Raises NotFound, BadInput or
    Conflict, and nothing is written then.
    """
    runs = {one.number: one for one in list_runs(office)}
    return _record(office, runs, 1, code, _change(reason, at, by, note), new_address)


def scan_returned(
    office: Office, lines: Iterable[str], reason: str, *, at: dt.datetime | None = None, by: str = "", note: str = ""
) -> Iterator[Returned]:
    """As `record_returned` for each line as it is read: a code, and after a comma or a blank the new address.

    A line that is refused does not stop the rest; every accepted one is committed before the next is read.
    """
    change = _change(reason, at, by, note)
    runs = {one.number: one for one in list_runs(office)}
    for rank, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        code, *rest = _APART.split(line.strip(), maxsplit=1)
        try:
            yield _record(office, runs, rank, code, change, rest[0] if rest else "")
        except OutreachError as error:
            (fault, *_more) = error.faults
            yield Returned(rank, _half_width(code), refused=_("{first}; {second}", first=fault.what, second=fault.mend))


def _change(reason: str, at: dt.datetime | None, by: str, note: str) -> Change:
    return Change(PieceState.RETURNED, by, at, reason, cleaned("--note", note))


def _record(office: Office, runs: dict[int, Run], rank: int, code: str, change: Change, new_address: str) -> Returned:
    line = cleaned("--new-address", new_address)
    code = _half_width(code)
    with office.store.write() as unit:
        run, piece, before = change_piece(office, unit, runs, None, change, code)
        if not piece.household:
            raise BadInput.at(
                code, _("is for a door, not for a household"), _("record it with 'outreach run scan returned'")
            )
        known = unit.rosters.household_ids(gone=True)
        if piece.household not in known:
            return Returned(rank, code, run.number, piece.number, piece.household, before, known=False)
        already = not _append_attempt(office, unit, run, piece, known)
        proposal = _ask(office, unit, piece, change, line)
    return Returned(rank, code, run.number, piece.number, piece.household, already, proposal)


def _half_width(code: str) -> str:
    """A code as a Chinese keyboard types it, in the signs it is printed in."""
    return unicodedata.normalize("NFKC", code).strip()


def _append_attempt(office: Office, unit: Unit, run: Run, piece: Piece, known: dict[str, int]) -> bool:
    """Append the attempt that the return of this piece was, whichever command recorded it; False where it is there."""
    events = unit.piece_events.of_piece(run.id, piece.number, office.workspace.zone)
    told = in_force(events)[-1]
    reason = ReturnReason(told.reason).label(current_language())
    key = f"{run.campaign}/returned/{_first_told(events)}/{piece.number}"
    attempt = Attempt(
        id=derived_id(told.at, key),
        household=piece.household,
        channel=_CHANNEL,
        officer=told.by or piece.officer,
        at=told.at,
        disposition=Disposition.RETURNED,
        person=piece.person,
        note=_("{first}; {second}", first=reason, second=told.note) if told.note else reason,
    )
    return unit.facts.append_attempts(run.campaign, [(attempt, key)], known, office.now()) == 1


def _first_told(events: Iterable[PieceEvent]) -> str:
    """The id of the event that first told of the state in force: a correction of its day or reason is no second one."""
    kept: list[tuple[PieceState, str]] = []
    for event in events:
        wrong = kept.pop() if event.correction and kept else None
        if event.correction and kept and kept[-1][0] is event.state:
            continue
        if event.state is not PieceState.PRINTED:
            kept.append((event.state, wrong[1] if wrong and wrong[0] is event.state else event.id))
    return kept[-1][1]


def _ask(office: Office, unit: Unit, piece: Piece, change: Change, line: str) -> str:
    """The id of the open question about the household's address, asked now where it was not yet; '' where none is."""
    if not line and ReturnReason(change.reason) not in ADDRESS_REASONS:
        return ""
    code = unit.merges.kept_codes().get(piece.household, piece.household)
    homes = unit.rosters.households([code])
    if code not in homes:
        return ""
    old = homes[code].address
    asked = [one for one in unit.corrections.all(office.workspace.zone, households=[code]) if one.old == old]
    same = next((one for one in asked if not line or written_alike(one.line, line)), None)
    if same is not None:
        return same.id
    everybody = unit.rosters.households().values() if line else ()
    one = AddressProposal(
        id=office.new_id(),
        household=code,
        old=old,
        line=line,
        new=address_of(line, everybody, old) if line else None,
        source=piece.code,
        note=change.note,
        proposed=office.now(),
        proposed_by=office.actor,
    )
    unit.corrections.add(one, unit.rosters.household_ids()[code])
    return one.id


def proposal_list(found: Iterable[AddressProposal]) -> PieceList:
    """One row a proposal: the old address and the new one side by side, and the new one as it was written."""
    language = current_language()
    decisions = {"": _("undecided"), ACCEPTED: _("accepted"), REFUSED: _("turned down")}
    headings = (
        "ID", _("Household"), _("Old address"), _("New address"), _("As written"), _("Piece"), _("Note"),
        _("Proposed"), _("Decision"),
    )  # fmt: skip
    rows = (
        (
            one.id,
            one.household,
            one.old.line(language),
            one.new.line(language) if one.new else _("not known"),
            one.line,
            one.source,
            one.note,
            f"{one.proposed:%Y-%m-%d}",
            decisions.get(one.decision, one.decision),
        )
        for one in found
    )
    return PieceList(headings, tuple(rows))
