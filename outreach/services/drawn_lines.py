"""Sheets of drawn lines that come back filled in: whether each row names a line that was drawn, once, and in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from typing import Protocol

from outreach.errors import BadInput, Fault, NotFound
from outreach.messages import _

# A clock a little ahead of the server's is no fault; a call tomorrow is.
_CLOCK_SKEW = dt.timedelta(minutes=5)


class DrawnRow(Protocol):
    """A row of such a sheet. at: when it was done, zoned. where: its place in the file."""

    @property
    def draw(self) -> int:
        """The number of the draw."""

    @property
    def line(self) -> int:
        """The line, from 1."""

    @property
    def at(self) -> dt.datetime:
        """When the line was called or asked, zoned."""

    @property
    def where(self) -> str:
        """The row's place in the file."""


def row_faults(rows: Sequence[DrawnRow], lines_of: Callable[[int], Sized]) -> Iterator[Fault]:
    """What is wrong with the rows' numbers. lines_of: the lines of a draw by its number, raising NotFound."""
    seen: dict[tuple[int, int], str] = {}
    for row in rows:
        try:
            check_line(lines_of(row.draw), row.draw, row.line, row.where)
        except (NotFound, BadInput) as error:
            yield from (Fault(row.where, fault.what, fault.mend) for fault in error.faults)
        if first := seen.get((row.draw, row.line)):
            what = _("line {line} of draw {draw} stands in {place} too", line=row.line, draw=row.draw, place=first)
            yield Fault(row.where, what, _("keep one row for each line"))
        seen.setdefault((row.draw, row.line), row.where)


def future_faults(rows: Iterable[DrawnRow], now: dt.datetime) -> Iterator[Fault]:
    """The rows whose time has not come yet at `now`."""
    for row in rows:
        if row.at > now + _CLOCK_SKEW:
            what = _("{at} is in the future", at=f"{row.at:%Y-%m-%d %H:%M}")
            yield Fault(row.where, what, _("write when it happened"))


def check_line(lines: Sized, number: int, line: int, where: str) -> None:
    """Raise BadInput where the draw of that number has no such line."""
    if not 1 <= line <= len(lines):
        raise BadInput.at(
            where,
            _("draw {number} has no line {line}", number=number, line=line),
            _("write a line from 1 to {last}", last=len(lines)),
        )
