"""A month's report as a reader has it: its rows and figures, their names, and the facts under one figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from outreach.domain import monthly as m
from outreach.errors import BadInput
from outreach.messages import _

TOWN, OFFICER, SECTION, COMMUNITY, DAY = "town", "officer", "section", "community", "day"
KINDS = (TOWN, OFFICER, SECTION, COMMUNITY, DAY)
EVERYONE, NOBODY = "all", "-"
HELD = "held"
"""The reason of a household that is in no denominator because a hold-out leaves it alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The name of one figure: '2005-10/officer/Y07/reached/month'.

    kind: one of KINDS. key: the officer's code, the section's or community's name, the day; 'all' for the town, '-' for
    what belongs to nobody. measure, span: see `outreach.domain.monthly.SPANS`.
    """

    month: m.Month
    kind: str
    key: str
    measure: str
    span: str

    def __str__(self) -> str:
        key = self.key.replace("%", "%25").replace("/", "%2F")
        return f"{self.month}/{self.kind}/{key}/{self.measure}/{self.span}"


def parse_cell(text: str) -> Cell:
    """A cell by its name; raises BadInput for what is none."""
    parts = text.split("/")
    if len(parts) == 5:
        month, kind, key, measure, span = parts
        if kind in KINDS and measure in m.SPANS.get(span, ()):
            return Cell(parse_month(month), kind, key.replace("%2F", "/").replace("%25", "%"), measure, span)
    raise BadInput.at(
        text,
        _("is no figure's name"),
        _("write it as {example}; the report's .xlsx lists all names", example="2005-10/officer/Y07/reached/month"),
    )


def cell_name(report: MonthReport, group: Group, figure: str) -> str:
    """The name of one figure ('measure/span') of a report's row."""
    measure, span = figure.split("/")
    return str(Cell(m.Month.parse(report.month), group.kind, group.key, measure, span))


def parse_month(text: str) -> m.Month:
    """'2005-10'; raises BadInput for anything else."""
    try:
        return m.Month.parse(text)
    except ValueError as error:
        raise BadInput.at(text, _("is no month"), _("write it as {example}", example="2005-10")) from error


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the report. figures: by 'measure/span'; there is none for a target that is not set.

    label: an officer's name, else the key itself. section: of an officer, '' for others.
    """

    kind: str
    key: str
    label: str
    section: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A household in no denominator: why (an outcome's code, or HELD), since when, the attempt that says so, '' for one
    that a hold-out leaves alone, who has it, and the hold-out's name.
    """

    household: str
    community: str
    reason: str
    on: dt.date
    fact: str
    officer: str
    hold_out: str = ""


@dataclass(frozen=True, slots=True)
class MonthSums:
    """The town's flows of one month, by measure."""

    month: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The report of one month as the log stood at `as_of`. Amounts of money are fen.

    ends: the day the figures go to: the month's last, or that of `as_of` while the month lasts. facts: how many facts
    in force they come from. fingerprint: of all figures; the same figures have the same. groups: the town first, then
    officers, sections, communities and days, each in natural order. history: every month up to this one.
    """

    campaign: str
    month: str
    ends: dt.date
    as_of: dt.datetime
    facts: int
    fingerprint: str
    aims: tuple[str, ...]
    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]
    history: tuple[MonthSums, ...]

    def of(self, kind: str) -> list[Group]:
        """The groups of one kind."""
        return [group for group in self.groups if group.kind == kind]

    @property
    def town(self) -> Group:
        """Everybody together."""
        return self.groups[0]


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact under a figure. fact: its id, '' where the household itself counts. amount: what it adds, fen for money.

    what: in words. weight: of the household in a target, 0 elsewhere.
    """

    fact: str
    household: str
    day: dt.date
    officer: str
    what: str
    amount: int
    weight: float = 0


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure and what it comes from. The amounts of `facts` add up to `figure`, but for a target: `working` says how
    that was dealt out over the households listed.
    """

    cell: str
    figure: int
    money: bool
    as_of: dt.datetime
    working: str
    facts: tuple[FactLine, ...]
