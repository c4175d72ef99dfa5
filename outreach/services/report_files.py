"""Reports as files: one workbook with a sheet a table, one self-contained HTML page with charts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from outreach.channels import channels
from outreach.domain.campaign import Campaign
from outreach.messages import _, current_language
from outreach.render.book import SheetTable, make_workbook
from outreach.render.chart import bar_chart, funnel_chart, line_chart
from outreach.render.report_page import KeyFigure, Section, Table, make_report_page
from outreach.services.campaigns import load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole
from outreach.services.outcomes import Outcomes, final_label, rate_headings, rates_shown, report_outcomes
from outreach.services.reports import Coverage, CoverageRow, Funnel, report_coverages, report_funnel

Cell = str | int | float | None


def dimension_label(by: str) -> str:
    """A dimension in the user's language."""
    return {
        "community": _("Community"),
        "compound": _("Compound"),
        "officer": _("Officer"),
        "channel": _("Channel"),
        "month": _("Month"),
    }[by]


def step_label(key: str) -> str:
    """A step of the funnel in the user's language."""
    return {
        "households": _("All households"),
        "carded": _("Card handed over"),
        "contacted": _("Contacted"),
        "registered": _("Registered"),
        "paid": _("Paid"),
    }[key]


def coverage_headings(by: str) -> list[str]:
    """The headings of a coverage table, in the order of `coverage_cells`."""
    return [
        dimension_label(by),
        _("Households"),
        _("Attempts"),
        _("Attempted"),
        _("Contacted"),
        _("Reached"),
        _("Reached, share"),
        _("Card"),
        _("Registered"),
        _("Paid"),
        _("Yuan"),
    ]


def coverage_cells(by: str, row: CoverageRow) -> list[Cell]:
    """One row of a coverage table; yuan with two decimals, the share between 0 and 1."""
    label = row.label
    if by == "channel" and label in channels():
        label = channels()[label].label(current_language())
    return [
        label,
        row.households,
        row.attempts,
        row.attempted,
        row.contacted,
        row.reached,
        row.share_reached,
        row.carded,
        row.registered,
        row.paid,
        None if row.fen is None else row.fen / 100,
    ]


def write_workbook(office: Office, campaign_name: str, target: Path) -> Path:
    """Every coverage table and the funnel as one .xlsx; returns `target`. Raises BadInput for another ending."""
    refuse_other_endings(target, ".xlsx")
    funnel = report_funnel(office, campaign_name)
    sheets = [
        SheetTable(
            dimension_label(table.by),
            coverage_headings(table.by),
            [coverage_cells(table.by, row) for row in (*table.rows, table.total)],
            {6: "0.0%", 10: "#,##0.00"},
        )
        for table in report_coverages(office, campaign_name)
    ]
    sheets.append(
        SheetTable(
            _("Funnel"),
            [_("Step"), _("Households"), _("Share")],
            [[step_label(step.key), step.households, _share(step.households, funnel)] for step in funnel.steps],
            {2: "0.0%"},
        )
    )
    write_whole(target, make_workbook(sheets))
    return target


def write_page(office: Office, campaign_name: str, target: Path) -> Path:
    """The report page: key figures, funnel, outcomes, coverage by every dimension; one HTML file without a script.

    Raises BadInput for another ending than .html.
    """
    refuse_other_endings(target, ".html")
    campaign = load_campaign(office.workspace, campaign_name)
    language = current_language()
    funnel = report_funnel(office, campaign_name)
    tables = {table.by: table for table in report_coverages(office, campaign_name)}
    words = campaign.texts.get(language) or next(iter(campaign.texts.values()))
    page = make_report_page(
        words.title,
        _("{starts} to {ends}", starts=campaign.starts, ends=campaign.ends),
        [
            _overview(campaign, funnel, tables["community"].total),
            _months(tables["month"]),
            _outcomes(report_outcomes(office, campaign_name, "community")),
            *(_by(tables[by]) for by in ("community", "channel", "officer", "compound")),
        ],
        language=language,
        footer=_("Made by outreach from the log of contacts. Figures are counted household by household."),
    )
    write_whole(target, page)
    return target


def _overview(campaign: Campaign, funnel: Funnel, total: CoverageRow) -> Section:
    steps = {step.key: step.households for step in funnel.steps}
    labels = [(step_label(step.key), float(step.households)) for step in funnel.steps]
    return Section(
        heading=_("At a glance"),
        figures=[
            KeyFigure(_("Households"), steps["households"]),
            KeyFigure(_("Reached"), total.reached, f"{total.share_reached:.1%}"),
            KeyFigure(_("Card handed over"), steps["carded"], f"{_share(steps['carded'], funnel):.1%}"),
            KeyFigure(_("Paid"), steps["paid"], f"{_share(steps['paid'], funnel):.1%}"),
            KeyFigure(_("Yuan paid"), f"{funnel.fen // 100:,}"),
        ],
        paragraphs=[
            _(
                "Reached means that the message is known to have arrived: it was explained, a card was put into "
                "somebody's hand, or a letter was signed for. What is posted, hung up or broadcast is not counted."
            )
        ],
        charts=[
            funnel_chart(
                _("From roster to payment"),
                labels,
                of_all=_("{share} of all", share="{share}"),
                of_before=_("{share} of the step before", share="{share}"),
            )
        ],
    )


def _months(table: Coverage) -> Section:
    months = [row.label for row in table.rows]
    running: dict[str, list[float]] = {"reached": [], "registered": [], "paid": []}
    for row in table.rows:
        for name, values in running.items():
            values.append((values[-1] if values else 0) + (getattr(row, name) or 0))
    series = [
        (_("Reached"), running["reached"]),
        (_("Registered"), running["registered"]),
        (_("Paid"), running["paid"]),
    ]
    charts = [line_chart(_("Households so far, by month"), months, series)] if len(months) > 1 else []
    return Section(heading=_("Month by month"), charts=charts, table=_table(table))


def _by(table: Coverage) -> Section:
    charts: Sequence[str] = ()
    if table.by in ("community", "channel"):
        bars = [(str(coverage_cells(table.by, r)[0]), float(_whole(table.by, r)), float(r.reached)) for r in table.rows]
        whole = _("Attempted") if table.by == "channel" else _("Households")
        charts = [bar_chart(dimension_label(table.by), bars, series=(whole, _("Reached")))] if bars else ()
    return Section(heading=_("By {dimension}", dimension=dimension_label(table.by)), charts=charts, table=_table(table))


def _outcomes(found: Outcomes) -> Section:
    """Where households stand by AAPOR's outcomes, and the rates of contact, cooperation, completion and response."""
    groups = [*found.rows.items(), (_("all"), found.total)]
    rows: list[list[Cell]] = [
        [label, *one.counts.values(), *(None if rate is None else f"{rate:.1%}" for rate in rates_shown(one))]
        for label, one in groups
    ]
    words = _(
        "Of all that are, or may be, in scope: contact are the households met, completion those to whom everything was "
        "explained, response those explained or reached in part. Cooperation are those explained in full of those met."
    )
    headings = [dimension_label("community"), *map(final_label, found.total.counts), *rate_headings()]
    return Section(heading=_("What became of households"), paragraphs=[words], table=Table(headings, rows, totals=True))


def _whole(by: str, row: CoverageRow) -> int:
    return row.attempted if by == "channel" else row.households


def _table(table: Coverage) -> Table:
    rows = [_shown(coverage_cells(table.by, row)) for row in (*table.rows, table.total)]
    return Table(coverage_headings(table.by), rows, totals=True)


def _shown(cells: Sequence[Cell]) -> list[Cell]:
    shown = list(cells)
    shown[6] = f"{cells[6]:.1%}"
    shown[10] = None if cells[10] is None else f"{cells[10]:,.0f}"
    return shown


def _share(count: int, funnel: Funnel) -> float:
    first = funnel.steps[0].households
    return count / first if first else 0.0
