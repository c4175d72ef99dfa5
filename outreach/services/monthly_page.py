"""The month's report as one HTML page: key figures, charts, and tables in which every figure tells its name."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.domain import monthly as m
from outreach.domain.campaign import Campaign
from outreach.messages import _, current_language
from outreach.render.chart import bar_chart, line_chart
from outreach.render.report_page import Cell, KeyFigure, Section, Table, Traced, make_report_page
from outreach.services.monthly_cells import COMMUNITY, DAY, OFFICER, SECTION, Group, MonthReport, cell_name
from outreach.services.monthly_tables import (
    FLOWS,
    columns,
    heads,
    left_out_cells,
    left_out_headings,
    records,
    shown,
    titles,
)
from outreach.services.monthly_words import kind_label, measure_label, month_title, notes, record_label, trail_words

_MOST_BARS = 30


def make_month_page(campaign: Campaign, report: MonthReport, trail: str = "") -> bytes:
    """The report as one HTML file without a script; trail: how the audit trail ends, for its foot."""
    return make_report_page(
        month_title(campaign, report),
        _("Figures up to {day}, as of {moment}", day=report.ends, moment=f"{report.as_of:%Y-%m-%d %H:%M}"),
        [
            _glance(report),
            _course(report),
            *(section for kind in (SECTION, COMMUNITY, OFFICER) for section in _groups(report, kind)),
            *_days(report),
            _left_out(report),
            Section(_("How to read this"), paragraphs=notes(report)),
        ],
        language=current_language(),
        footer=" · ".join(
            [
                _("Fingerprint of the figures: {fingerprint}", fingerprint=report.fingerprint),
                *([trail_words(trail)] if trail else []),
            ]
        ),
    )


def _traced(report: MonthReport, group: Group, name: str, words: str) -> Traced:
    return Traced(words, f"outreach report explain {cell_name(report, group, name)}")


def _glance(report: MonthReport) -> Section:
    town = report.town.figures
    in_scope = town[f"in_scope/{m.END}"] or 1

    def told(measure: str, span: str) -> str:
        figure = town[f"{measure}/{span}"]
        # Large figures stand in narrow boxes: the nearest whole yuan; the tables have the fen.
        return f"{(figure + 50) // 100:,}" if measure == "yuan" else f"{figure:,}"

    def total(measure: str) -> Traced:
        return _traced(report, report.town, f"{measure}/{m.TOTAL}", told(measure, m.TOTAL))

    def this_month(measure: str) -> str:
        return _("this month: {figure}", figure=told(measure, m.MONTH))

    def and_share(measure: str) -> str:
        return _(
            "this month: {figure}; by now {held} of {homes} in scope, {share}",
            figure=told(measure, m.MONTH),
            held=told(measure, m.END),
            homes=f"{in_scope:,}",
            share=f"{town[f'{measure}/{m.END}'] / in_scope:.1%}",
        )

    return Section(
        _("At a glance"),
        figures=[
            KeyFigure(measure_label("tries"), total("tries"), this_month("tries")),
            KeyFigure(measure_label("carded"), total("carded"), and_share("carded")),
            KeyFigure(measure_label("reached"), total("reached"), and_share("reached")),
            KeyFigure(measure_label("paid"), total("paid"), and_share("paid")),
            KeyFigure(measure_label("yuan"), total("yuan"), this_month("yuan")),
        ],
    )


def _course(report: MonthReport) -> Section:
    months = [one.month for one in report.history]
    running: dict[str, list[float]] = {"carded": [], "reached": [], "registered": [], "paid": []}
    for one in report.history:
        for measure, values in running.items():
            values.append((values[-1] if values else 0) + one.figures[measure])
    lines = [(measure_label(measure), values) for measure, values in running.items()]
    money = [(measure_label("yuan"), [one.figures["yuan"] / 100 for one in report.history])]
    return Section(
        _("Month by month"),
        charts=[
            line_chart(_("Households since the start"), months, lines),
            line_chart(_("Yuan paid each month"), months, money, height=220),
        ],
    )


def _groups(report: MonthReport, kind: str) -> Iterator[Section]:
    """The three records of one kind of group, with a chart of where they stand."""
    groups = report.of(kind)
    bars = [
        (group.label, float(group.figures[f"in_scope/{m.END}"]), float(group.figures[f"paid/{m.END}"]))
        for group in groups
        if group.figures[f"in_scope/{m.END}"]
    ]
    for record in records(report):
        charts = []
        if record == "progress" and len(bars) <= _MOST_BARS:
            title = _("{kind}: households that have paid, of those in scope", kind=kind_label(kind))
            charts = [bar_chart(title, bars, series=(measure_label("in_scope"), measure_label("paid")))]
        heading = f"{kind_label(kind)} · {record_label(record)}"
        yield Section(heading, charts=charts, table=_table(report, kind, record))


def _table(report: MonthReport, kind: str, record: str) -> Table:
    laid = columns(report, record)
    rows: list[list[Cell]] = [
        [
            *titles(group, kind),
            *(
                shown(group, column) if column.of else _traced(report, group, column.name, shown(group, column))
                for column in laid
            ),
        ]
        for group in (*report.of(kind), report.town)
    ]
    if record in FLOWS:
        totals = columns(report, record, m.TOTAL)
        since = [_("since the start"), *[""] * (len(heads(kind)) - 1)]
        figures = [_traced(report, report.town, column.name, shown(report.town, column)) for column in totals]
        rows.append([*since, *figures])
    return Table([*heads(kind), *(column.heading for column in laid)], rows, totals=True)


def _days(report: MonthReport) -> Iterator[Section]:
    """The month's days on which something was done or paid."""
    days = report.of(DAY)
    if not days:
        return
    laid = [column for record in ("content", "results") for column in columns(report, record)]
    laid = [one for one in laid if one.name.split("/")[0] in ("tries", "visits", "cards", "reached", "paid", "yuan")]
    rows: list[list[Cell]] = [
        [day.label, *(_traced(report, day, column.name, shown(day, column)) for column in laid)]
        for day in (*days, report.town)
    ]
    yield Section(
        kind_label(DAY), table=Table([kind_label(DAY), *(column.heading for column in laid)], rows, totals=True)
    )


def _left_out(report: MonthReport) -> Section:
    count = report.town.figures[f"out_of_scope/{m.END}"]
    said = [_("{count} households are out of scope: they are in no denominator, and here they are.", count=count)]
    if held := report.town.figures[f"held/{m.END}"]:
        said.append(_("{count} households are left alone by a hold-out, and in no denominator either.", count=held))
    rows: list[list[Cell]] = [list(left_out_cells(one)) for one in report.left_out]
    return Section(_("In no denominator"), paragraphs=said, table=Table(left_out_headings(), rows) if rows else None)
