"""The month's report in its files, read back: the same figures, each with its name, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import html
import re
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from outreach.errors import BadInput
from outreach.messages import use_language
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.monthly import explain_cell, report_month
from outreach.services.monthly_cells import MonthReport, parse_cell
from outreach.services.monthly_files import write_month
from outreach.services.rosters import import_households, import_officers

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
EVIL = "=cmd|'/C calc'!A0"


@pytest.fixture
def spring(town: Any) -> MonthReport:
    """April 2005 in a town whose names are written to do harm, with targets."""
    rows = [{**one, "社区": EVIL if one["社区"] == "城东社区" else one["社区"]} for one in town.household_rows()]
    import_households(town.office, town.table(rows, "evil.csv"))
    officers = [{**one, "科室": "+1", "姓名": "<b>欧阳 & 子<b>"} for one in town.officer_rows()]
    import_officers(town.office, town.table(officers, "officers.csv"))
    for number in range(1, 13):
        when = dt.datetime(2005, 4, number, 19, tzinfo=SHANGHAI)
        outcome = "moved" if number == 5 else "informed"
        home, musts = f"H{number:03d}", () if number == 5 else ("all",) if number % 4 else ("greet", "goodbye")
        record_attempt(
            town.office, "", home, at=when, channel="visit", disposition=outcome, left=("card",), musts=musts
        )
        day = dt.date(2005, 3 + number % 2, number)
        if number != 5:
            record_milestone(town.office, "", f"H{number:03d}", kind="paid", on=day, amount_fen=123_456 * number)
    plan = "format = 1\n[targets]\ncards = 29\npaid_share = 0.7\nyuan = 100000\n"
    (town.root / "campaigns" / "town" / "plan.toml").write_text(plan, "utf-8")
    return report_month(town.office, "", "2005-04")


def figure_of(report: MonthReport, name: str) -> float:
    cell = parse_cell(name)
    (group,) = [one for one in report.groups if (one.kind, one.key) == (cell.kind, cell.key)]
    figure = group.figures[f"{cell.measure}/{cell.span}"]
    return figure / 100 if cell.measure == "yuan" else figure


def test_the_workbook_names_every_figure_and_shows_it_where_it_says(town: Any, spring: MonthReport) -> None:
    target = write_month(town.office, "", spring, town.root / "month.xlsx")
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [
        "Whole town", "Officer", "Section", "Community", "Day", "In no denominator", "Month by month",
        "Names of figures",
    ]  # fmt: skip
    names = list(book["Names of figures"].iter_rows(min_row=2, values_only=True))
    for name, sheet, place, figure in names:
        assert book[sheet][place].value == pytest.approx(figure_of(spring, name)), name
        assert figure == pytest.approx(figure_of(spring, name))
    # No figure of the report is without a place, but tries elsewhere and households left alone: there are none.
    told = {name for name, _sheet, _place, _figure in names}
    every = sum(len(group.figures) for group in spring.groups)
    hidden = sum(name.startswith(("elsewhere/", "held")) for group in spring.groups for name in group.figures)
    assert len(told) == len(names) == every - hidden
    one = book["Officer"]
    assert one.freeze_panes == "D2"
    yuan = next(cell for cell in one[1] if cell.value == "Yuan paid, month")
    assert one.cell(2, yuan.column).number_format == "#,##0.00"


def test_no_name_of_a_place_or_officer_becomes_a_formula(town: Any, spring: MonthReport) -> None:
    book = openpyxl.load_workbook(write_month(town.office, "", spring, town.root / "month.xlsx"))
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    places = [cell.value for cell in book["Community"]["A"]]
    assert EVIL in places
    assert book["Community"].cell(places.index(EVIL) + 1, 1).quotePrefix
    assert book["Section"]["A2"].value == "+1"


def test_households_out_of_scope_are_listed_in_every_file(town: Any, spring: MonthReport) -> None:
    (gone,) = spring.left_out
    assert gone.household == "H005"
    for ending in ("docx", "xlsx", "html"):
        text = _text(write_month(town.office, "", spring, town.root / f"month.{ending}"))
        assert "H005" in text
        assert "moved away" in text
        assert gone.fact in text


def _text(path: Path) -> str:
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return "\n".join([*(line.text for line in document.paragraphs), *cells])
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return "\n".join(str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line)
    return html.unescape(path.read_text("utf-8"))


def test_the_document_has_the_three_records_a_signature_and_the_annexes(town: Any, spring: MonthReport) -> None:
    path = write_month(town.office, "", spring, town.root / "month.docx")
    document = docx.Document(str(path))
    lines = [line.text for line in document.paragraphs if line.text]
    assert lines[0] == "Renewal Season: monthly report, 2005-04"
    headings = [line for line in lines if re.match(r"\d\. ", line)]
    assert headings == [
        "1. Content: what was done", "2. Results of handling", "3. Progress", "4. How to read this",
    ]  # fmt: skip
    assert lines[lines.index("Annex 1") - 2 : lines.index("Annex 1")] == ["Town Renewal Bureau", "2005-06-15"]
    # In April 12 visits; first payments of those with an odd number; all that was paid since the start.
    assert "There were 12 tries" in lines[2]
    months = sum(123_456 * n for n in range(1, 13) if n % 2 and n != 5) / 100
    assert f"{months:,.2f} yuan were paid in ({(123_456 * 73) / 100:,.2f})" in lines[5]
    aims = document.tables[0]
    assert [cell.text for cell in aims.rows[1].cells] == ["Hold a card", "11", "29", "37.9%"]
    # Every row of the annexes adds up to its last line, which is the town's.
    section = document.tables[1]
    assert [cell.text for cell in section.rows[0].cells][:3] == ["Section", "Tries", "Visits"]
    assert [cell.text for cell in section.rows[-1].cells][:3] == ["all", "12 / 12", "12 / 12"]


def test_the_page_says_of_every_figure_how_its_facts_are_found(town: Any, spring: MonthReport) -> None:
    text = write_month(town.office, "", spring, town.root / "month.html").read_text("utf-8")
    assert "<script" not in text
    assert "<b>欧阳" not in text
    found = re.findall(r'title="outreach report explain ([^"]+)">([\d,.]+)<', text)
    assert len(found) > 300
    for name, shown in found:
        figure = figure_of(spring, html.unescape(name))
        # The key figures at the top show the nearest whole yuan.
        assert float(shown.replace(",", "")) in (pytest.approx(figure), int(figure + 0.5)), name
    name = html.unescape(next(name for name, shown in found if "/yuan/month" in name and shown != "0.00"))
    assert explain_cell(town.office, "", name).figure / 100 == figure_of(spring, name)


def test_the_same_report_gives_the_same_bytes(town: Any, spring: MonthReport) -> None:
    for ending in ("docx", "xlsx", "html"):
        one, two = (
            write_month(town.office, "", spring, town.root / f"{name}.{ending}").read_bytes() for name in ("a", "b")
        )
        assert one == two


def test_the_files_speak_chinese_where_the_user_does(town: Any, spring: MonthReport) -> None:
    use_language("zh")
    texts = [
        _text(write_month(town.office, "", spring, town.root / f"month.{ending}"))
        for ending in ("docx", "xlsx", "html")
    ]
    assert "小镇续保服务局" in texts[0]
    assert "2005年6月15日" in texts[0]
    assert all("已迁走" in text for text in texts)


def test_another_ending_is_refused_and_nothing_written(town: Any, spring: MonthReport) -> None:
    with pytest.raises(BadInput, match=r"end its name in \.docx, \.xlsx or \.html"):
        write_month(town.office, "", spring, town.root / "month.pdf")
    assert not (town.root / "month.pdf").exists()
