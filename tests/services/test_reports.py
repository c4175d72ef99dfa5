"""Reports on facts made by hand, where every cell is known."""

from __future__ import annotations

import datetime as dt
import html.parser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from outreach.errors import BadInput
from outreach.messages import use_language
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.report_files import coverage_cells, coverage_headings, write_page, write_workbook
from outreach.services.reports import Coverage, CoverageRow, report_coverage, report_coverages, report_funnel
from outreach.services.rosters import import_households
from outreach.services.territories import present_posts

UTC = dt.UTC


@pytest.fixture
def year(town: Any) -> Any:
    """Facts of six households. H001 to H005 live in 城东社区 槐荫小区, H020 in 城西社区 棉纺宿舍."""

    def tried(code: str, at: dt.datetime, channel: str, disposition: str, **more: Any) -> Any:
        return record_attempt(town.office, "", code, at=at, channel=channel, disposition=disposition, **more)

    # 2005-03-31 17:00 in UTC is already April in Shanghai.
    tried("H001", dt.datetime(2005, 3, 31, 17, 0, tzinfo=UTC), "visit", "informed", left=("card",))
    tried("H002", dt.datetime(2005, 3, 31, 15, 59, tzinfo=UTC), "call", "no_answer")
    tried("H002", dt.datetime(2005, 4, 2, 9, 0, tzinfo=UTC), "visit", "refused")
    tried("H003", dt.datetime(2005, 3, 10, 9, 0, tzinfo=UTC), "letter", "sent", left=("letter",))
    wrong = tried("H004", dt.datetime(2005, 4, 5, 9, 0, tzinfo=UTC), "call", "informed")
    tried("H004", dt.datetime(2005, 4, 5, 9, 0, tzinfo=UTC), "call", "no_answer", corrects=wrong.id)
    tried("H020", dt.datetime(2005, 5, 1, 9, 0, tzinfo=UTC), "hall", "card_handed", left=("card",))
    record_milestone(town.office, "", "H001", kind="registered", on=dt.date(2005, 4, 3))
    record_milestone(town.office, "", "H001", kind="paid", on=dt.date(2005, 4, 30), amount_fen=100_000)
    record_milestone(town.office, "", "H001", kind="paid", on=dt.date(2005, 5, 1), amount_fen=20_050)
    record_milestone(town.office, "", "H020", kind="paid", on=dt.date(2005, 5, 9), amount_fen=5_000)
    return town


def rows(coverage: Coverage) -> dict[str, CoverageRow]:
    found = {row.label: row for row in coverage.rows}
    assert len(found) == len(coverage.rows)
    return found


TOTAL = CoverageRow(
    "all", 30, attempts=6, attempted=5, contacted=3, reached=2, carded=2, registered=1, paid=2, fen=125_050
)


def test_the_whole_town_is_the_same_by_every_dimension(year: Any) -> None:
    tables = report_coverages(year.office, "")
    assert [table.by for table in tables] == ["community", "compound", "officer", "channel", "month"]
    assert [table.total for table in tables] == [TOTAL] * 5
    assert TOTAL.share_reached == pytest.approx(2 / 30)


def test_coverage_by_community(year: Any) -> None:
    assert rows(report_coverage(year.office, "", "community")) == {
        "城东社区": CoverageRow("城东社区", 15, 5, 4, 2, 1, 1, 1, 1, 120_050),
        "城西社区": CoverageRow("城西社区", 15, 1, 1, 1, 1, 1, 0, 1, 5_000),
    }


def test_coverage_by_compound(year: Any) -> None:
    found = rows(report_coverage(year.office, "", "compound"))
    assert {label: row.households for label, row in found.items()} == {
        "城东社区 槐荫小区": 10, "城东社区 棉纺宿舍": 5, "城西社区 棉纺宿舍": 10, "城西社区 槐荫小区": 5,
    }  # fmt: skip
    assert found["城东社区 槐荫小区"] == CoverageRow("城东社区 槐荫小区", 10, 5, 4, 2, 1, 1, 1, 1, 120_050)
    assert found["城东社区 棉纺宿舍"] == CoverageRow("城东社区 棉纺宿舍", 5)


def test_coverage_by_officer_counts_a_household_with_the_officer_it_has(year: Any) -> None:
    posts = present_posts(year.office, "")
    names = {"G01": "G01 梁若舟", "G02": "G02 欧阳青禾", "G03": "G03 司马远", "G04": "G04 安"}
    found = report_coverage(year.office, "", "officer")
    assert [row.label for row in found.rows] == list(names.values())
    for post, label in names.items():
        row = rows(found)[label]
        assert row.households == list(posts.values()).count(post)
        assert row.reached == [posts["H001"], posts["H020"]].count(post)
        assert row.fen == 120_050 * (posts["H001"] == post) + 5_000 * (posts["H020"] == post)


def test_coverage_by_channel_claims_no_payment(year: Any) -> None:
    found = report_coverage(year.office, "", "channel")
    assert rows(found) == {
        "visit": CoverageRow("visit", 30, 2, 2, 2, 1, 1, None, None, None),
        "call": CoverageRow("call", 30, 2, 2, 0, 0, 0, None, None, None),
        "letter": CoverageRow("letter", 30, 1, 1, 0, 0, 0, None, None, None),
        "hall": CoverageRow("hall", 30, 1, 1, 1, 1, 1, None, None, None),
    }
    # In the order of the registry.
    assert [row.label for row in found.rows] == ["letter", "visit", "call", "hall"]


def test_coverage_by_month_goes_by_the_days_of_the_campaigns_own_zone(year: Any) -> None:
    found = report_coverage(year.office, "", "month")
    assert [row.label for row in found.rows] == ["2005-03", "2005-04", "2005-05"]
    assert rows(found) == {
        # H002 was tried at 23:59 of 31 March, H001 an hour later: in April.
        "2005-03": CoverageRow("2005-03", 30, attempts=2, attempted=2),
        "2005-04": CoverageRow("2005-04", 30, 3, 2, 2, 1, 1, 1, 1, 100_000),
        "2005-05": CoverageRow("2005-05", 30, 1, 1, 1, 1, 1, 0, 1, 25_050),
    }


def test_the_months_add_up_to_the_town(year: Any) -> None:
    found = report_coverage(year.office, "", "month")
    for name in ("attempts", "attempted", "contacted", "reached", "carded", "registered", "paid", "fen"):
        assert sum(getattr(row, name) for row in found.rows) == getattr(found.total, name), name


def test_the_funnel_goes_from_all_households_to_those_who_paid(year: Any) -> None:
    funnel = report_funnel(year.office, "")
    assert [(step.key, step.households) for step in funnel.steps] == [
        ("households", 30), ("carded", 2), ("contacted", 3), ("registered", 1), ("paid", 2),
    ]  # fmt: skip
    assert funnel.fen == 125_050


def test_the_funnel_tells_who_paid_before_anybody_met_them_and_who_was_never_met(town: Any) -> None:
    office, zone = town.office, town.workspace.zone
    for code, met in (("H001", "informed"), ("H002", "informed"), ("H003", "nobody_home")):
        at = dt.datetime(2005, 4, 10, 23, 30, tzinfo=zone)
        record_attempt(office, "", code, channel="visit", disposition=met, at=at)
    for code, day in (("H001", 10), ("H002", 9), ("H003", 20), ("H004", 1)):
        record_milestone(office, "", code, kind="paid", on=dt.date(2005, 4, day), amount_fen=100)
    funnel = report_funnel(office, "")
    assert (funnel.paid_after, funnel.paid_before, funnel.paid_never_met) == (1, 1, 2)


def test_a_town_without_facts_reports_noughts(town: Any) -> None:
    assert report_coverage(town.office, "", "month").rows == ()
    assert report_coverage(town.office, "", "channel").rows == ()
    assert report_coverage(town.office, "", "community").total == CoverageRow("all", 30)
    assert report_funnel(town.office, "").fen == 0


def test_households_without_an_officer_are_a_row_of_their_own(bare_town: Any) -> None:
    import_households(bare_town.office, bare_town.table(bare_town.household_rows()))
    (row,) = report_coverage(bare_town.office, "", "officer").rows
    assert (row.label, row.households) == ("no officer yet", 30)


def test_an_unknown_dimension_names_the_known_ones(town: Any) -> None:
    with pytest.raises(BadInput, match="community, compound, officer, channel, month"):
        report_coverage(town.office, "", "weather")


def test_the_workbook_holds_the_same_figures(year: Any, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write_workbook(year.office, "", tmp_path / "report.xlsx"))
    assert book.sheetnames == ["Community", "Compound", "Officer", "Channel", "Month", "Funnel"]
    for table, sheet in zip(report_coverages(year.office, ""), book.worksheets, strict=False):
        read = [list(row) for row in sheet.iter_rows(values_only=True)]
        assert read[0] == coverage_headings(table.by)
        assert read[1:] == [coverage_cells(table.by, row) for row in (*table.rows, table.total)]
    assert book["Month"]["K2"].value == 0
    assert book["Month"]["K3"].value == 1000
    assert book["Month"]["K3"].number_format == "#,##0.00"
    assert [row[1] for row in book["Funnel"].iter_rows(min_row=2, values_only=True)] == [30, 2, 3, 1, 2]


class Page(html.parser.HTMLParser):
    """The cells of a page's tables and what it loads from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name in ("src", "href") and value and value[0] != "#"]
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if {"td", "th"} & set(self.open):
            self.tables[-1][-1][-1] += data.strip()


def test_the_page_stands_alone_and_shows_the_same_figures(year: Any, tmp_path: Path) -> None:
    page = Page()
    page.feed(write_page(year.office, "", tmp_path / "report.html").read_text("utf-8"))
    assert "script" not in page.tags
    assert page.links == []
    assert page.tags.count("svg") >= 3
    months = next(table for table in page.tables if table[0][0] == "Month")
    assert [row[0] for row in months[1:]] == ["2005-03", "2005-04", "2005-05", "all"]
    april = dict(zip(months[0], months[2], strict=True))
    assert (april["Reached"], april["Paid"], april["Yuan"]) == ("1", "1", "1,000")
    channels = next(table for table in page.tables if table[0][0] == "Channel")
    assert [row[0] for row in channels[1:-1]] == ["letter", "home visit", "phone call", "hall counter"]


def test_the_page_speaks_chinese_where_the_user_does(year: Any, tmp_path: Path) -> None:
    use_language("zh")
    text = write_page(year.office, "", tmp_path / "report.html").read_text("utf-8")
    assert "续保季" in text
    assert "上门走访" in text
