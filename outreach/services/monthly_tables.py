"""The month's report laid out: which figures stand in which column, the same on the screen and in every file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from outreach.domain import monthly as m
from outreach.domain.contact import Disposition
from outreach.messages import _, current_language
from outreach.services.monthly_cells import HELD, NOBODY, OFFICER, Group, LeftOut, MonthReport
from outreach.services.monthly_words import held_words, kind_label, measure_label, span_label

FLOWS = ("content", "conduct", "results")
"""The records that are counted by month and since the start."""

_MEASURES = {"content": m.CONTENT, "conduct": m.CONDUCT, "results": m.RESULTS, "progress": m.PROGRESS}


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of every row. name: 'measure/span'; of: the figure it is a share of, '' where it stands by itself."""

    name: str
    heading: str
    of: str = ""

    @property
    def money(self) -> bool:
        """Whether it is yuan."""
        return self.name.startswith("yuan/") and not self.of

    @property
    def number_format(self) -> str:
        """The Excel format where the usual one does not fit."""
        return "0.0%" if self.of else "#,##0.00" if self.money else ""


def records(report: MonthReport) -> tuple[str, ...]:
    """The tables of every group: content, six musts where any were ticked, results, progress, targets where set."""
    ticked = ("conduct",) if report.town.figures[f"ticked/{m.TOTAL}"] else ()
    return ("content", *ticked, "results", "progress", *(("targets",) if report.aims else ()))


def columns(report: MonthReport, record: str, span: str = m.MONTH) -> list[Column]:
    """The columns of a record; span: 'month' or 'total' of content, musts and results."""
    if record == "progress":
        return list(_progress(report))
    if record == "targets":
        return list(_targets(report))
    found = []
    for one in _MEASURES[record]:
        if _shows(report, one):
            found.append(Column(f"{one}/{span}", measure_label(one)))
        if one == "all_six":
            found.append(Column(f"{one}/{span}", _("All six, of those ticked"), f"ticked/{span}"))
    return found


def _shows(report: MonthReport, measure: str) -> bool:
    """What most towns have none of has a column where there is any: channels of a package, hold-outs."""
    span = {"elsewhere": m.TOTAL, "held": m.END, "held_paid": m.END}.get(measure)
    if measure == "held_paid":
        measure = "held"
    return span is None or bool(report.town.figures[f"{measure}/{span}"])


def _progress(report: MonthReport) -> Iterator[Column]:
    for measure in m.PROGRESS:
        if not _shows(report, measure) or measure == "held_paid":
            continue  # the latter is told in words, and by 'report explain'
        end = f"{measure}/{m.END}"
        yield Column(end, measure_label(measure))
        if measure in ("carded", "reached", "paid"):
            yield Column(end, _("{figure}, of those in scope", figure=measure_label(measure)), f"in_scope/{m.END}")


def _targets(report: MonthReport) -> Iterator[Column]:
    for measure in report.aims:
        label, target, due = measure_label(measure), f"{measure}/{m.TARGET}", f"{measure}/{m.DUE}"
        yield Column(f"{measure}/{m.END}", label)
        yield Column(target, _("{figure}, {span}", figure=label, span=span_label(m.TARGET)))
        yield Column(f"{measure}/{m.END}", _("{figure}, of the target", figure=label), target)
        if due in report.town.figures:
            yield Column(due, _("{figure}, {span}", figure=label, span=span_label(m.DUE)))


def value(group: Group, column: Column) -> int | float | None:
    """A figure of a row: yuan with two decimals, a share between 0 and 1, None where there is nothing to share."""
    figure = group.figures[column.name]
    if column.of:
        whole = group.figures[column.of]
        return figure / whole if whole else None
    return figure / 100 if column.money else figure


def shown(group: Group, column: Column) -> str:
    """A figure as text, '–' where there is nothing to share."""
    found = value(group, column)
    if found is None:
        return "–"
    return f"{found:.1%}" if column.of else f"{found:,.2f}" if column.money else f"{found:,}"


def exact(group: Group, column: Column) -> int | str | Decimal:
    """A figure for the screen: numbers as they are, shares as text."""
    if column.of:
        return shown(group, column)
    figure = group.figures[column.name]
    return Decimal(figure).scaleb(-2) if column.money else figure


def heads(kind: str) -> list[str]:
    """The headings of `titles`."""
    if kind == OFFICER:
        return [kind_label(OFFICER), _("Name"), kind_label("section")]
    return [kind_label(kind)]


def titles(group: Group, kind: str) -> list[str]:
    """What a row is of, in a table of `kind`: an officer's code, name and section, or one name."""
    if kind == OFFICER:
        return [group.key if group.kind == OFFICER else "", group.label, group.section]
    return [group.label]


def summary(report: MonthReport) -> Iterator[tuple[str, str, dict[str, int | float]]]:
    """The town's figures: record, measure, and by span what there is; money in yuan."""
    for record in (one for one in records(report) if one in _MEASURES):
        for measure in _MEASURES[record]:
            if not _shows(report, measure):
                continue
            spans = (m.END, m.TARGET, m.DUE) if record == "progress" else (m.MONTH, m.TOTAL)
            names = [f"{measure}/{span}" for span in spans]
            found = {name: report.town.figures[name] for name in names if name in report.town.figures}
            yield (
                record,
                measure,
                {name.split("/")[1]: one / 100 if measure == "yuan" else one for name, one in found.items()},
            )


def left_out_headings() -> list[str]:
    """The headings of `left_out_cells`."""
    return [_("Household"), _("Community"), _("Officer"), _("Reason"), _("Since"), _("Fact")]


def left_out_cells(one: LeftOut) -> list[str]:
    """A household in no denominator; people are named by nobody but their officer's code."""
    held = one.reason == HELD
    reason = held_words(one.hold_out) if held else Disposition(one.reason).label(current_language())
    return [one.household, one.community, one.officer or NOBODY, reason, one.on.isoformat(), one.fact]


def whose(group: Group) -> str:
    """A row's name in one piece: '梁若舟 Y01'."""
    return f"{group.label} {group.key}" if group.kind == OFFICER and group.key != NOBODY else group.label
