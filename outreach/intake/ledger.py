"""A month's file out of the pension system -> who registered, who paid, what was taken back.

The pension system's own slips must not stop a file: an ID number that does not agree with its check sign is taken as it
stands, for the matching to see. What nobody could count is a fault: no name, no day, no amount, another month.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

from outreach.collection import collection_paused
from outreach.domain.contact import MilestoneKind
from outreach.intake import cells
from outreach.intake.cells import CellFault, clean_text, half_width
from outreach.intake.dates import day
from outreach.intake.headings import Kind, accepted
from outreach.intake.rows import Convert, Progress, Reading, Record, Rows, read_rows
from outreach.intake.workbook import Cell
from outreach.messages import _

REVERSED = "reversed"
_MOST_YUAN = 100_000_000
_MONEY_SIGNS = re.compile(r"[¥￥元,，\s]|yuan|rmb|cny", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\((.+)\)")
_MINUS = str.maketrans("−－–—", "----")
_ID = re.compile(r"\d{14,18}[0-9X]")
# Whole words only: 未缴费 did not pay, 停缴 stopped, and 退休补缴 takes nothing back.
_KINDS = {
    word: kind
    for kind, words in (
        (
            REVERSED,
            "冲销 冲账 冲正 冲减 冲红 红冲 红字 红字冲销 红字冲正 退费 退款 退回 退缴 退费登记 缴费退回 缴费冲销"
            " 缴费撤销 撤销缴费 reversed reversal refund refunded cancelled canceled",
        ),
        (
            MilestoneKind.PAID.value,
            "缴费 缴款 缴纳 缴清 缴存 已缴 已缴费 补缴 补缴费 补缴欠费 补交 续缴 预缴 交费 已交 已交费 到账 已到账"
            " 收款 参保缴费 续保缴费 缴费成功 缴费到账 缴费完成 补缴到账 补缴成功 paid payment pay",
        ),
        (
            MilestoneKind.REGISTERED.value,
            "登记 参保 参保登记 续保 续保登记 恢复参保 恢复参保登记 新参保 新参保登记 已登记 已参保 登记成功"
            " 参保登记成功 registered registration enrolled enrolment",
        ),
    )
    for word in words.split()
}
_WHOSE = re.compile(
    r"^(?:养老保险|养老|保险|社保|职工|居民|个人|单位|灵活就业|一次性|退休|退役军人|正常|足额|历年|按月|按年)+"
)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row of the file. amount_fen: 0 for a registration, negative where a payment is taken back.

    place: where it stands, in the user's words. Texts are '' where the file does not tell.
    """

    kind: MilestoneKind
    on: dt.date
    amount_fen: int
    name: str
    id_number: str = ""
    account: str = ""
    mobile: str = ""
    address: str = ""
    insurance: str = ""
    place: str = ""


def read_ledger(
    path: Path, *, first: dt.date, last: dt.date, today: dt.date, progress: Progress | None = None
) -> Reading[LedgerRow]:
    """The rows of a month's file (.xlsx, .xls, .csv), in its order; rows of totals are passed over.

    first, last: the month's days; a row of another day is a fault, since it tells that the month or the file is the
    wrong one. A row without a kind is a payment if it has an amount, a registration if the file has no amounts at all.
    Raises NotFound or BadInput where the file as a whole cannot be read; faulty rows never raise.
    """
    converters: Mapping[str, Convert] = {
        "name": _name,
        "id_number": _id_number,
        "account": cells.code,
        "kind": _kind,
        "on": partial(day, today=today, months=True),
        "period": partial(day, today=today, months=True),
        "amount": _signed_fen,
        # Read only where nothing else tells the amount; their cells must not stop a file that needs none of them.
        "whole": _as_it_stands,
        "own_part": _as_it_stands,
        "unit_part": _as_it_stands,
        "insurance": clean_text,
        "mobile": cells.mobile,
        "address": _address,
    }
    with collection_paused():
        rows = read_rows(path, Kind.LEDGER, converters, progress)
        _refuse_parts_alone(rows)
        items = []
        sums: dict[int, int] = {}
        for record in rows.records:
            if not record.bad and (row := _row(record, rows, first, last)) is not None:
                items.append(row)
                sums[id(record.table)] = sums.get(id(record.table), 0) + row.amount_fen
        if not rows.faulty:
            _remark_on_totals(rows, sums)
        return rows.reading(items)


def _amount_field(fields: Collection[str]) -> str:
    """The column that tells what was paid in all, '' where none does; 个人缴费 is the whole only beside no 单位缴费."""
    return next((name for name in ("amount", "whole", "own_part") if name in fields), "")


def _refuse_parts_alone(rows: Rows) -> None:
    """Refuse a table that parts what was paid over two columns without their sum: a part is not what was paid."""
    seen: set[int] = set()
    for record in rows.records:
        fields = rows.fields(record)
        if id(record.table) in seen or "unit_part" not in fields or _amount_field(fields) in ("amount", "whole"):
            continue
        seen.add(id(record.table))
        what = _("the table tells the employer's part, and has no column for the whole amount")
        rows.blame(record, "unit_part", what, _("add a column '{heading}' with the sum", heading="缴费合计"))


def _remark_on_totals(rows: Rows, sums: Mapping[int, int]) -> None:
    """Remark on a printed total that is no sum of the rows: of its sheet or of all, with what was taken back or not."""
    for columns in rows.columns:
        field = _amount_field(columns.values)
        amounts = [cell if field == "amount" else _fen_or_nothing(cell) for cell in columns.values.get(field, ())]
        booked = sums.get(id(columns.table), 0)
        good = {booked, sum(sums.values()), sum(filter(None, amounts))}
        printed = [(place, _fen_or_nothing(cell)) for place, cell in rows.totals(columns.table, field)]
        told = [(place, fen) for place, fen in printed if fen is not None]
        if told and good.isdisjoint(fen for _place, fen in told):
            place, fen = told[-1]
            facts = {"place": place, "printed": Decimal(fen) / 100, "sum": Decimal(booked) / 100}
            what = _("{place}: the printed total is {printed} yuan, and the rows add up to {sum}", **facts)
            rows.remarks.append(what)


def _fen_or_nothing(cell: Cell) -> int | None:
    try:
        return _signed_fen(cell)
    except CellFault:
        return None


def _name(cell: Cell) -> str:
    """As `cells.one_name`; a character the pension system has lost is '?', for the matching to see."""
    return cells.one_name(cell.replace("\ufffd", "?") if isinstance(cell, str) else cell)


def _address(cell: Cell) -> str:
    """Any text; one that says nothing (同上, a lost character) must not stop the file: it is only compared."""
    return clean_text(cell.replace("\ufffd", "?") if isinstance(cell, str) else cell, cells.NOTE_LIMIT)


def _as_it_stands(cell: Cell) -> Cell:
    return cell


def _row(record: Record, rows: Rows, first: dt.date, last: dt.date) -> LedgerRow | None:
    """The row, or None with its fault noted."""
    field = "on" if record.get("on", None) else "period"
    on = record.get(field, None)
    if on is None:
        example = accepted(Kind.LEDGER, "on")[0]
        rows.blame(record, "on", _("the row has no day"), _("fill in the column '{heading}'", heading=example))
        return None
    if not first <= on <= last:
        what = _("{day} is not in the month {month}", day=on, month=f"{first:%Y-%m}")
        rows.blame(record, field, what, _("import the file with its own month, or correct the day"))
        return None
    field = _amount_field(rows.fields(record))
    amount = record.get(field, 0)
    if field and field != "amount":
        try:
            amount = _signed_fen(amount) or 0
        except CellFault as fault:
            rows.blame(record, field, fault.what, fault.mend)
            return None
    kind = record.get("kind") or (MilestoneKind.PAID if field else MilestoneKind.REGISTERED)
    if kind == MilestoneKind.REGISTERED and amount:
        what = _("a registration has an amount")
        rows.blame(record, field, what, _("write the payment in a row of its own"))
        return None
    if kind != MilestoneKind.REGISTERED and not amount:
        rows.blame(record, field, _("a payment has no amount"), _("write the yuan paid"))
        return None
    return LedgerRow(
        kind=MilestoneKind.REGISTERED if kind == MilestoneKind.REGISTERED else MilestoneKind.PAID,
        on=on,
        amount_fen=-abs(amount) if kind == REVERSED else amount,
        place=record.place(),
        **{name: record.get(name) for name in ("name", "id_number", "account", "mobile", "address", "insurance")},
    )


def _kind(cell: Cell) -> str:
    text = half_width(clean_text(cell)).replace(" ", "")
    if not text:
        return ""
    kind = _KINDS.get(text.lower()) or _KINDS.get(_WHOSE.sub("", text))
    if kind:
        return kind
    raise CellFault(_("'{value}' is not known here", value=text), _("write one of: {names}", names="登记 缴费 冲销"))


def _signed_fen(cell: Cell) -> int | None:
    """Yuan in fen, exactly, below zero for '-1,200.00', '(1200)' and '￥-1200元'; None for an empty cell."""
    if isinstance(cell, str):
        text = _MONEY_SIGNS.sub("", half_width(clean_text(cell)).translate(_MINUS))
        match = _IN_BRACKETS.fullmatch(text)
        cell = f"-{match[1]}" if match else text
    value = cells.number(cell)
    if value is None:
        return None
    # A workbook keeps 1234.56 as the nearest binary number; the digits it shows are meant.
    cents = value * 100
    if cents != cents.to_integral_value() or abs(value) > Decimal(_MOST_YUAN):
        what = _("{value} is no amount in yuan and fen", value=value)
        raise CellFault(what, _("write yuan with at most two places behind the point"))
    return int(cents)


def _id_number(cell: Cell) -> str:
    """An ID number as the pension system has it, 15 to 19 signs, its check sign not asked; '' for an empty cell."""
    text = half_width(clean_text(cell)).replace(" ", "").lstrip("'").upper()
    if not text:
        return ""
    sound = _ID.fullmatch(text) is not None and not isinstance(cell, float)
    if sound and not (isinstance(cell, int) and cell >= 10**15):
        return text
    return cells.resident_id(cell)  # says what is wrong: masked, digits lost, no ID at all
