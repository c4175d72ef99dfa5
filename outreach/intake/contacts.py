"""Records of contacts and of the ledger that people kept in a table -> rows the service makes facts of."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.channels import channels
from outreach.domain.conduct import Must, SignedForm
from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.walk_list import CODE_OF
from outreach.intake import cells, words
from outreach.intake.cells import CellFault, clean_text, half_width
from outreach.intake.dates import day, moment
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, Progress, Reading, Record, read_rows
from outreach.intake.workbook import Cell
from outreach.messages import _

_KIND_CODE = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_PROMISED_AHEAD = dt.timedelta(days=1000)
_ID = re.compile(r"[0-9a-f-]{36}")
_MINUS = str.maketrans("−－–—", "----")
_BELOW_ZERO = re.compile(r"\s*(?:[¥￥]?\s*-\s*[¥￥]?\s*\d|\([¥￥]?\s*[\d.,]+\)\s*$)")
_BETWEEN = re.compile(r"[,，、;；/+＋\n]+")


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One attempt as a table has it; `officer` is '' and `person` 0 where it does not say.

    row_key: the same in every import of the same row. place_of: where a field of it stands, by `Kind.ATTEMPTS`' names.
    forms, musts: of `domain.conduct`. closes: ids of follow-ups. promise: the day by which something promised is to be
    done.
    """

    household: str
    person: int
    channel: str
    officer: str
    at: dt.datetime
    disposition: Disposition
    left: tuple[str, ...]
    note: str
    row_key: str
    forms: tuple[str, ...] = ()
    musts: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    promise: dt.date | None = None
    promise_about: str = ""
    place_of: Callable[[str], str] = dataclasses.field(default=str, compare=False)


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One step of the ledger as a table has it; `amount_fen` is 0 for a registration. Otherwise as AttemptRow."""

    household: str
    person: int
    kind: MilestoneKind
    on: dt.date
    amount_fen: int
    note: str
    row_key: str
    place_of: Callable[[str], str] = dataclasses.field(default=str, compare=False)


def read_attempts(
    path: Path, *, zone: ZoneInfo, today: dt.date, progress: Progress | None = None
) -> Reading[AttemptRow]:
    """The attempts in a file (.xlsx, .xls, .csv), in its order.

    zone: where the times were written. today: the last day a time may fall on. Raises NotFound or BadInput where the
    file as a whole cannot be read; faulty rows never raise.
    """
    converters: Mapping[str, Convert] = {
        "household_code": cells.code,
        "person": cells.whole(1, 99),
        "channel": _channel,
        "officer": cells.code,
        "at": partial(moment, zone=zone, today=today),
        "disposition": cells.one_of(words.DISPOSITIONS, ", ".join(each.label("zh") for each in CODE_OF)),
        "left": materials_left,
        "forms": _several(words.FORMS, " ".join(form.label("zh") for form in SignedForm)),
        "musts": _musts,
        "promise": partial(day, today=today + _PROMISED_AHEAD),
        "promise_about": _note,
        "closes": _ids,
        "note": _note,
    }
    rows = read_rows(path, Kind.ATTEMPTS, converters, progress)
    seen: Counter[str] = Counter()
    return rows.reading(
        [_attempt(record, seen, partial(rows.place, record)) for record in rows.records if not record.bad]
    )


def read_milestones(
    path: Path, *, zone: ZoneInfo, today: dt.date, progress: Progress | None = None
) -> Reading[MilestoneRow]:
    """The registrations and payments in a file, in its order; amounts to the fen. Otherwise as `read_attempts`."""
    del zone  # the ledger has days, not moments; the signature is that of read_attempts
    converters: Mapping[str, Convert] = {
        "household_code": cells.code,
        "person": cells.whole(1, 99),
        "kind": cells.one_of(words.MILESTONES, "登记 缴费; registered paid"),
        "on": partial(day, today=today),
        "amount": _paid_fen,
        "note": _note,
    }
    rows = read_rows(path, Kind.MILESTONES, converters, progress)
    for record in rows.records:
        amount = record.get("amount", 0)
        kind = record.get("kind")
        if kind is MilestoneKind.PAID and not amount and not record.bad:
            what, mend = _("a payment has no amount"), _("write the yuan paid")
            rows.blame(record, "amount", what, mend)
        elif kind is MilestoneKind.REGISTERED and amount:
            what = _("a registration has an amount")
            rows.blame(record, "amount", what, _("write the payment in a row of its own"))
    seen: Counter[str] = Counter()
    return rows.reading(
        [_milestone(record, seen, partial(rows.place, record)) for record in rows.records if not record.bad]
    )


def _attempt(record: Record, seen: Counter[str], place_of: Callable[[str], str]) -> AttemptRow:
    household, person, channel = record.get("household_code"), record.get("person", 0), record.get("channel")
    officer, at, disposition = record.get("officer"), record.get("at"), record.get("disposition")
    left, note = record.get("left", ()), record.get("note")
    forms, musts, closes = record.get("forms", ()), record.get("musts", ()), record.get("closes", ())
    promise, about = record.get("promise", None), record.get("promise_about")
    when = at.astimezone(dt.UTC).isoformat()
    content = (household, person, channel, officer, when, disposition, "+".join(left), note)
    # A row that says nothing of these keeps the key it had before there were such columns.
    more = (forms, musts, closes, promise or "", about)
    return AttemptRow(
        household=household,
        person=person,
        channel=channel,
        officer=officer,
        at=at,
        disposition=disposition,
        left=left,
        note=note,
        row_key=_row_key("attempt", content + more if any(more) else content, seen),
        forms=forms,
        musts=musts,
        closes=closes,
        promise=promise,
        promise_about=about,
        place_of=place_of,
    )


def _milestone(record: Record, seen: Counter[str], place_of: Callable[[str], str]) -> MilestoneRow:
    row = MilestoneRow(
        household=record.get("household_code"),
        person=record.get("person", 0),
        kind=record.get("kind"),
        on=record.get("on"),
        amount_fen=record.get("amount", 0),
        note=record.get("note"),
        row_key="",
        place_of=place_of,
    )
    content = (row.household, row.person, row.kind, row.on, row.amount_fen, row.note)
    return dataclasses.replace(row, row_key=_row_key("milestone", content, seen))


def _row_key(kind: str, content: tuple[object, ...], seen: Counter[str]) -> str:
    """A key of what the row says and how often the file has said it before; not of its place or format."""
    text = "\x1f".join(map(str, (kind, *content)))
    seen[text] += 1
    return hashlib.sha256(f"{text}\x1f{seen[text]}".encode()).hexdigest()[:32]


@cache
def channel_words() -> Mapping[str, str]:
    """The channels by the words a table may have for them, without blanks and case."""
    registered = {
        word.replace(" ", "").casefold(): channel.key
        for channel in channels().values()
        for word in (channel.key, channel.zh, channel.en)
    }
    return words.CHANNELS | registered


def _channel(cell: Cell) -> str:
    if not clean_text(cell):
        return ""
    convert = cells.one_of(channel_words(), " ".join(channel.zh for channel in channels().values()))
    return convert(cell)


def materials_left(cell: Cell) -> tuple[str, ...]:
    """Codes of the materials left: a list of words, each once, in the order written."""
    text = cell if isinstance(cell, str) else clean_text(cell)
    found = []
    for piece in _BETWEEN.split(text):
        word = half_width(clean_text(piece)).replace(" ", "").casefold()
        known = words.LEFT.get(word, word)
        if known and not _KIND_CODE.fullmatch(known):
            what = _("'{value}' is no material known here", value=piece.strip())
            raise CellFault(what, _("write 服务卡, 信函, 通知, 海报, or the code of a material kind, apart by commas"))
        if known and known not in found:
            found.append(known)
    return tuple(found)


def _several(known: Mapping[str, str], names: str) -> Convert:
    """A converter for a cell with a list of words, each once, in the order written."""
    one = cells.one_of(known, names)

    def convert(cell: Cell) -> tuple[str, ...]:
        text = cell if isinstance(cell, str) else clean_text(cell)
        return tuple(dict.fromkeys(one(piece) for piece in _BETWEEN.split(text) if piece.strip()))

    return convert


def _musts(cell: Cell) -> tuple[str, ...]:
    """Of the six musts, those kept, in their own order; 'all' and '6' stand for all of them."""
    told = _several(words.MUSTS, " ".join(must.label("zh") for must in Must))(cell)
    return tuple(must for must in Must if must in told or words.ALL_MUSTS in told)


def _ids(cell: Cell) -> tuple[str, ...]:
    """Identifiers of follow-ups, as `followup list` shows them."""
    found = [piece.strip().lower() for piece in _BETWEEN.split(clean_text(cell, cells.NOTE_LIMIT)) if piece.strip()]
    for one in found:
        if not _ID.fullmatch(one):
            what = _("'{value}' is no identifier of a follow-up", value=one)
            raise CellFault(what, _("copy it from 'outreach followup list'"))
    return tuple(dict.fromkeys(found))


def _paid_fen(cell: Cell) -> int | None:
    """As `cells.fen`; what was taken back is told how to record it."""
    if _BELOW_ZERO.match(half_width(str(cell)).translate(_MINUS)):
        what = _("an amount below zero takes money back, and this table only books payments")
        mend = _("withdraw the payment ('outreach contact withdraw'), or import the ledger ('outreach ledger import')")
        raise CellFault(what, mend)
    return cells.fen(cell)


def _note(cell: Cell) -> str:
    return clean_text(cell, cells.NOTE_LIMIT)
