"""The month's report as .docx for the file: what was done, what came of it, how far it has come; tables as annexes."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.domain import monthly as m
from outreach.domain.campaign import Campaign
from outreach.domain.conduct import Must
from outreach.messages import _, current_language
from outreach.render.document import Grid, Heading, Paragraph
from outreach.render.official import Annex, make_official
from outreach.services.monthly_cells import COMMUNITY, DAY, OFFICER, SECTION, Group, MonthReport
from outreach.services.monthly_tables import (
    FLOWS,
    Column,
    columns,
    left_out_cells,
    left_out_headings,
    records,
    shown,
    summary,
    whose,
)
from outreach.services.monthly_words import (
    day_words,
    kind_label,
    measure_label,
    month_title,
    notes,
    record_label,
    span_label,
    trail_words,
)

_WIDTH_MM = 265.0
"""What an annex has from side to side."""


def make_month_document(campaign: Campaign, report: MonthReport, trail: str = "") -> bytes:
    """The report in the language of the user; trail: how the audit trail ends, for the end of it."""
    language = current_language()
    bureau = campaign.bureaus.get(language) or campaign.bureaus[campaign.languages[0]]
    return make_official(
        month_title(campaign, report),
        [*_body(report, trail)],
        signature=[bureau.name, day_words(report.as_of.date())],
        annexes=[
            *(_annex(report, kind, number) for number, kind in enumerate((SECTION, COMMUNITY, OFFICER), start=1)),
            *_left_out(report),
        ],
        chinese=language == "zh",
    )


def _body(report: MonthReport, trail: str) -> Iterator[Heading | Paragraph | Grid]:
    town = report.town.figures

    def month(measure: str) -> str:
        return f"{town[f'{measure}/{m.MONTH}']:,}"

    def total(measure: str) -> str:
        return f"{town[f'{measure}/{m.TOTAL}']:,}"

    def end(measure: str) -> str:
        return f"{town[f'{measure}/{m.END}']:,}"

    yield Heading(_("1. Content: what was done"))
    yield Paragraph(
        _(
            "There were {tries} tries to contact households this month ({all_tries} since the start): {visits} home "
            "visits, {calls} phone calls, {letters} letters, {sms} text messages, {booths} talks at booths and {hall} "
            "in the hall. {cards} service cards were given out, {notices} notices left at doors and {posted} put up on "
            "entrances, {forms} signed forms brought back.",
            tries=month("tries"),
            all_tries=total("tries"),
            visits=month("visits"),
            calls=month("calls"),
            letters=month("letters"),
            sms=month("sms"),
            booths=month("booths"),
            hall=month("hall"),
            cards=month("cards"),
            notices=month("notices"),
            posted=month("posted"),
            forms=month("forms"),
        )
    )
    if town[f"ticked/{m.MONTH}"]:
        yield Paragraph(_musts(report))
    yield Heading(_("2. Results of handling"))
    yield Paragraph(
        _(
            "{contacted} households were met for the first time and {reached} reached ({all_reached} since the start); "
            "{carded} got their first card ({all_carded}). {registered} registered ({all_registered}) and {paid} paid "
            "for the first time ({all_paid}); {yuan} yuan were paid in ({all_yuan}). {refused} households refused, "
            "{returned} letters came back. {followed_up} follow-ups were done and {complaints} complaints closed.",
            contacted=month("contacted"),
            reached=month("reached"),
            all_reached=total("reached"),
            carded=month("carded"),
            all_carded=total("carded"),
            registered=month("registered"),
            all_registered=total("registered"),
            paid=month("paid"),
            all_paid=total("paid"),
            yuan=f"{town[f'yuan/{m.MONTH}'] / 100:,.2f}",
            all_yuan=f"{town[f'yuan/{m.TOTAL}'] / 100:,.2f}",
            refused=month("refused"),
            returned=month("returned"),
            followed_up=month("followed_up"),
            complaints=month("complaints_closed"),
        )
    )
    days = [day for day in report.of(DAY) if day.figures[f"yuan/{m.MONTH}"]]
    if days:
        most = max(days, key=lambda day: (day.figures[f"yuan/{m.MONTH}"], day.key))
        yield Paragraph(
            _(
                "Most was paid on {day}: {yuan} yuan.",
                day=most.key,
                yuan=f"{most.figures[f'yuan/{m.MONTH}'] / 100:,.2f}",
            )
        )
    yield Heading(_("3. Progress"))
    in_scope = town[f"in_scope/{m.END}"]
    yield Paragraph(
        _(
            "Of {homes} households {in_scope} are in scope and {outside} are not. Of "
            "those in scope {carded} hold a card, {reached} have been reached, {registered} have registered and {paid} "
            "have paid, which is {share}. {overdue} follow-ups and {complaints} complaints are overdue.",
            homes=end("homes"),
            in_scope=end("in_scope"),
            outside=end("out_of_scope"),
            carded=end("carded"),
            reached=end("reached"),
            registered=end("registered"),
            paid=end("paid"),
            share=f"{town[f'paid/{m.END}'] / in_scope:.1%}" if in_scope else "–",
            overdue=end("overdue"),
            complaints=end("complaints_overdue"),
        )
    )
    if town[f"out_of_scope/{m.END}"]:
        yield Paragraph(_("Annex 4 names those out of scope and says why."))
    if town[f"held/{m.END}"]:
        yield Paragraph(
            _(
                "{held} households besides are left alone by a hold-out (annex 4 names them); of these figures they "
                "are in the first only.",
                held=end("held"),
            )
        )
    if report.aims:
        yield _aims(report)
    yield Heading(_("4. How to read this"))
    for note in (*notes(report), *([trail_words(trail)] if trail else [])):
        yield Paragraph(note)


def _musts(report: MonthReport) -> str:
    """How many talks kept the six musts, and which was kept least."""
    town = report.town.figures
    ticked, all_six = town[f"ticked/{m.MONTH}"], town[f"all_six/{m.MONTH}"]
    least = min(Must, key=lambda must: town[f"{must}/{m.MONTH}"])
    said = _(
        "Of {talks} talks {ticked} had the six musts ticked, {all_six} of them all six ({share}).",
        talks=f"{town[f'talks/{m.MONTH}']:,}",
        ticked=f"{ticked:,}",
        all_six=f"{all_six:,}",
        share=f"{all_six / ticked:.1%}",
    )
    if all_six == ticked:
        return said
    count = ticked - town[f"{least}/{m.MONTH}"]
    missing = _("Most often missing: {must}, {count} times.", must=measure_label(least), count=f"{count:,}")
    return said + ("" if current_language() == "zh" else " ") + missing


def _aims(report: MonthReport) -> Grid:
    """The town's targets and how far it has come."""
    found = {measure: figures for record, measure, figures in summary(report) if record == "progress"}
    due = any(m.DUE in found[measure] for measure in report.aims)
    rows = []
    for measure in report.aims:
        figures = found[measure]
        share = f"{figures[m.END] / figures[m.TARGET]:.1%}" if figures[m.TARGET] else "–"
        row = [measure_label(measure), _plain(figures[m.END]), _plain(figures[m.TARGET]), share]
        rows.append(row + ([_plain(figures[m.DUE]) if m.DUE in figures else "–"] if due else []))
    headings = [_("Figure"), span_label(m.END), span_label(m.TARGET), _("Of the target")]
    return Grid(headings + ([span_label(m.DUE)] if due else []), rows)


def _plain(figure: int | float) -> str:
    return f"{figure:,}" if isinstance(figure, int) else f"{figure:,.2f}"


def _annex(report: MonthReport, kind: str, number: int) -> Annex:
    grids = [(record_label(record), _grid(report, kind, record)) for record in records(report)]
    note = _("Two figures in one cell: this month / since the start.")
    return Annex(_("Annex {number}", number=number), _("By {kind}", kind=kind_label(kind)), grids, note)


def _grid(report: MonthReport, kind: str, record: str) -> Grid:
    laid = columns(report, record)
    totals = columns(report, record, m.TOTAL) if record in FLOWS else laid
    rows = [
        [whose(group), *(_cell(group, one, two) for one, two in zip(laid, totals, strict=True))]
        for group in (*report.of(kind), report.town)
    ]
    return Grid([kind_label(kind), *(column.heading for column in laid)], rows, _widths(laid, rows, record))


def _cell(group: Group, month: Column, total: Column) -> str:
    if month.name == total.name:
        return shown(group, month)
    return f"{shown(group, month)} / {shown(group, total)}"


def _widths(laid: list[Column], rows: list[list[str]], record: str) -> list[float]:
    """A wide column for names, a wider one for money, the rest by the longest word or figure that stands in them."""
    name, money = 30.0, 42.0 if record == "results" else 24.0
    longest = [
        max(
            len(word)
            for text in (column.heading.replace(" ", "\n"), *(row[at] for row in rows))
            for word in text.split("\n")
        )
        for at, column in enumerate(laid, 1)
    ]
    signs = sum(length for length, column in zip(longest, laid, strict=True) if not column.money)
    rest = _WIDTH_MM - name - money * sum(column.money for column in laid)
    found = [money if column.money else rest * length / signs for length, column in zip(longest, laid, strict=True)]
    return [name, *found]


def _left_out(report: MonthReport) -> Iterator[Annex]:
    if report.left_out:
        rows = [left_out_cells(one) for one in report.left_out]
        grid = Grid(left_out_headings(), rows, (30, 45, 25, 50, 30, 85))
        yield Annex(_("Annex {number}", number=4), _("Households in no denominator"), [("", grid)])
