"""The month's report as files: .docx for the file, .xlsx for the table, .html with charts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from outreach.domain import monthly as m
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.book import Cell, SheetTable, make_workbook, place
from outreach.services.campaigns import load_campaign
from outreach.services.monthly_cells import COMMUNITY, DAY, OFFICER, SECTION, TOWN, MonthReport, cell_name
from outreach.services.monthly_document import make_month_document
from outreach.services.monthly_page import make_month_page
from outreach.services.monthly_tables import (
    FLOWS,
    Column,
    columns,
    heads,
    left_out_cells,
    left_out_headings,
    records,
    summary,
    titles,
    value,
)
from outreach.services.monthly_words import (
    figure_label,
    kind_label,
    measure_label,
    noted_trail,
    record_label,
    span_label,
)
from outreach.services.office import Office, write_whole
from outreach.services.trail import trail_head


def write_month(office: Office, campaign_name: str, report: MonthReport, target: Path) -> Path:
    """Write a report as .docx, .xlsx or .html, by the ending of `target`; returns it. Raises BadInput for another."""
    makers: dict[str, Callable[[Campaign, MonthReport, str], bytes]] = {
        ".docx": make_month_document,
        ".xlsx": make_month_workbook,
        ".html": make_month_page,
    }
    make = makers.get(target.suffix.lower())
    if make is None:
        raise BadInput.at(
            str(target), _("is no kind of file a report is written as"), _("end its name in .docx, .xlsx or .html")
        )
    trail = noted_trail(trail_head(office))
    write_whole(target, make(load_campaign(office.workspace, campaign_name), report, trail))
    return target


def make_month_workbook(campaign: Campaign, report: MonthReport, trail: str = "") -> bytes:
    """A sheet for the town, officers, sections, communities and days; who is in no denominator; every figure's name.

    trail: how the audit trail ends, for the foot of the first sheet.
    """
    names: list[list[Cell]] = []
    sheets = [_summary(campaign, report, trail, names)]
    for kind in (OFFICER, SECTION, COMMUNITY, DAY):
        sheets.append(_groups(report, kind, names))
    sheets.append(
        SheetTable(
            _("In no denominator"),
            left_out_headings(),
            [left_out_cells(one) for one in report.left_out],
        )
    )
    sheets.append(_history(report))
    sheets.append(
        SheetTable(_("Names of figures"), [_("Figure's name"), _("Worksheet"), _("Cell"), _("Figure")], names, frozen=1)
    )
    return make_workbook(sheets)


def _summary(campaign: Campaign, report: MonthReport, trail: str, names: list[list[Cell]]) -> SheetTable:
    """The town's figures, one a line, and when and from what they were made."""
    spans = (m.MONTH, m.TOTAL, m.END, m.TARGET, m.DUE)
    rows: list[list[Cell]] = []
    sheet = kind_label(TOWN)
    for record, measure, found in summary(report):
        row: list[Cell] = [record_label(record), measure_label(measure)]
        for column, span in enumerate(spans, start=2):
            figure = found.get(span)
            if figure is not None:
                name = f"{measure}/{span}"
                names.append([cell_name(report, report.town, name), sheet, place(len(rows) + 1, column), figure])
            row.append(figure)
        rows.append(row)
    rows += [
        [],
        [_("Campaign"), campaign.name],
        [_("Month"), report.month],
        [_("Figures up to"), report.ends],
        [_("Facts as of"), f"{report.as_of:%Y-%m-%d %H:%M:%S%z}"],
        [_("Facts"), report.facts],
        [_("Fingerprint"), report.fingerprint],
    ]
    if trail:
        rows.append([_("Audit trail"), trail])
    return SheetTable(sheet, [_("Record"), _("Figure"), *(span_label(span) for span in spans)], rows, frozen=2)


def _groups(report: MonthReport, kind: str, names: list[list[Cell]]) -> SheetTable:
    """One row a group, every figure a column; the town below, where the groups add up to it."""
    spans = (m.MONTH,) if kind == DAY else (m.MONTH, m.TOTAL)
    laid: list[tuple[Column, str]] = [
        (column, figure_label(column.name))
        for span in spans
        for record in records(report)
        if record in FLOWS
        for column in columns(report, record, span)
    ]
    if kind != DAY:
        progress = [*columns(report, "progress"), *columns(report, "targets")]
        # What stands in both tables has one column.
        laid += dict.fromkeys(
            (column, column.heading if column.of else figure_label(column.name)) for column in progress
        )
    first = len(heads(kind))
    sheet = kind_label(kind)
    rows: list[list[Cell]] = []
    for group in (*report.of(kind), report.town):
        for number, (column, _heading) in enumerate(laid, start=first):
            if not column.of and group.kind == kind:
                name = cell_name(report, group, column.name)
                names.append([name, sheet, place(len(rows) + 1, number), value(group, column)])
        rows.append([*titles(group, kind), *(value(group, column) for column, _heading in laid)])
    formats = {first + number: one.number_format for number, (one, _h) in enumerate(laid) if one.number_format}
    return SheetTable(sheet, [*heads(kind), *(heading for _column, heading in laid)], rows, formats, frozen=first)


def _history(report: MonthReport) -> SheetTable:
    """The town month by month, from the campaign's first."""
    measures = (*m.CONTENT, *m.CONDUCT, *m.RESULTS)
    rows: list[list[Cell]] = [
        [
            one.month,
            *(one.figures[name] / 100 if name == "yuan" else one.figures[name] for name in measures),
        ]
        for one in report.history
    ]
    formats = {measures.index("yuan") + 1: "#,##0.00"}
    return SheetTable(_("Month by month"), [_("Month"), *map(measure_label, measures)], rows, formats, frozen=1)
