"""The rota's files read back: the wall's workbook by openpyxl, the document by python-docx, the table as text."""

from __future__ import annotations

import csv
import datetime as dt
import io
import subprocess
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import BadInput, Conflict
from outreach.messages import use_language
from outreach.services.rosters import import_officers
from outreach.services.rota_files import write_rota
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import show_rota
from outreach.services.rotas import plan

DUTY = RotaKind.DUTY
FIRST, LAST = dt.date(2005, 4, 28), dt.date(2005, 5, 8)


@pytest.fixture
def office(bare_town: Any) -> Any:
    rows = bare_town.officer_rows()
    rows[1]["姓名"] = "=cmd()"
    rows[2]["姓名"] = "买买提·吐尔逊·阿卜杜热合曼"
    import_officers(bare_town.office, bare_town.table(rows))
    plan(bare_town.office, "", DUTY, first=FIRST, last=LAST, seconds=5, publish_it=True)
    return bare_town.office


def test_the_workbook_has_a_sheet_a_month_and_says_who_is_on_each_shift(office: Any, tmp_path: Path) -> None:
    import openpyxl

    written = write_rota(office, "", DUTY, tmp_path / "duty.xlsx")
    assert (written.state, written.shifts, written.officers) == ("published", 33, 4)
    book = openpyxl.load_workbook(written.file)
    assert book.sheetnames == ["2005-04", "2005-05", "Totals"]
    told: dict[tuple[dt.date, str], str] = {}
    for sheet in book.worksheets[:2]:
        hours = [cell.value for cell in sheet[3]][2:5]
        assert hours == ["08:00–12:00", "12:00–18:00", "18:00–22:00"]
        for row in sheet.iter_rows(min_row=4):
            if isinstance(row[0].value, dt.datetime):
                told |= {(row[0].value.date(), hour): row[2 + n].value for n, hour in enumerate(hours)}
                assert all(cell.data_type != "f" for cell in row)
    view = show_rota(office, "", DUTY)
    assert told == {
        (shift.starts.date(), f"{shift.starts:%H:%M}–{shift.ends:%H:%M}"): shift.officers[0].name
        for shift in view.shifts
    }


def test_the_workbook_prints_lying_on_one_sheets_width_with_its_headings_repeated(office: Any, tmp_path: Path) -> None:
    import openpyxl

    for paper, number in (("A4", "9"), ("A3", "8")):
        write_rota(office, "", DUTY, tmp_path / "duty.xlsx", paper=paper)  # type: ignore[arg-type]
        sheet = openpyxl.load_workbook(tmp_path / "duty.xlsx")["2005-05"]
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", number)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_title_rows == "$1:$3"
        totals = openpyxl.load_workbook(tmp_path / "duty.xlsx")["Totals"]
        assert totals.print_title_rows == "$1:$2"
        assert "Phone duty" in totals["A1"].value
        assert sheet.freeze_panes == "C4"


def test_holidays_weekends_and_make_up_days_are_told_by_colour_and_word(office: Any, tmp_path: Path) -> None:
    import openpyxl

    write_rota(office, "", DUTY, tmp_path / "duty.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "duty.xlsx")["2005-05"]
    rows = {row[0].value.day: row for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, dt.datetime)}
    shades = {day: row[0].fill.fgColor.rgb for day, row in rows.items()}
    # 2005: off from 1 to 7 May, and the Sunday after them was worked in its stead.
    assert {day: row[5].value for day, row in rows.items()} == {
        **dict.fromkeys(range(1, 8), "May Day"),
        8: "make-up working day",
    }
    assert len({shades[day] for day in range(1, 8)}) == 1
    assert shades[1] != shades[8]
    april = openpyxl.load_workbook(tmp_path / "duty.xlsx")["2005-04"]
    plain = {row[0].value.day: row for row in april.iter_rows(min_row=4) if isinstance(row[0].value, dt.datetime)}
    assert plain[28][0].fill.fill_type is None


def test_the_totals_add_up_to_the_hours_of_the_phone(office: Any, tmp_path: Path) -> None:
    import openpyxl

    write_rota(office, "", DUTY, tmp_path / "duty.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "duty.xlsx")["Totals"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [row[0] for row in rows] == ["G01", "G02", "G03", "G04"]
    assert sum(row[2] for row in rows) == 33
    assert sum(row[3] for row in rows) == 11 * 14
    assert sum(row[4] for row in rows) == 21


def test_the_document_has_the_same_tables_with_headings_on_every_page(office: Any, tmp_path: Path) -> None:
    from docx import Document

    use_language("zh")
    written = write_rota(office, "", DUTY, tmp_path / "duty.docx")
    document = Document(str(written.file))
    april, may, totals = document.tables
    assert (len(april.rows), len(may.rows), len(totals.rows)) == (2 + 3, 2 + 8, 1 + 4)
    assert may.rows[0].cells[2].text == may.rows[0].cells[4].text == "咨询电话 0700-5550100"
    assert [cell.text for cell in may.rows[2].cells][-1] == "劳动节"
    assert len(may._tbl.xpath(".//w:tblHeader")) == 2
    names = {cell.text for table in (april, may) for row in table.rows[2:] for cell in row.cells[2:5]}
    assert names == {"梁若舟", "=cmd()", "买买提·吐尔逊·阿卜杜热合曼", "安"}
    assert document.sections[0].page_width > document.sections[0].page_height


def test_the_plain_table_has_a_row_for_each_officer_on_each_shift(office: Any, tmp_path: Path) -> None:
    written = write_rota(office, "", DUTY, tmp_path / "duty.csv", first=dt.date(2005, 5, 1), last=dt.date(2005, 5, 1))
    rows = list(csv.reader(io.StringIO(written.file.read_bytes().decode("utf-8-sig"))))
    assert len(rows) == 4
    assert [row[0] for row in rows[1:]] == [f"duty-20050501-{turn}" for turn in (1, 2, 3)]
    assert {row[3] for row in rows[1:]} == {"May Day"}
    assert not [row for row in rows if row[9].startswith("=")]


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_the_same_rota_gives_the_same_bytes(office: Any, bare_town: Any, tmp_path: Path, ending: str) -> None:
    one = write_rota(office, "", DUTY, tmp_path / f"one.{ending}").file.read_bytes()
    bare_town.clock.present += dt.timedelta(days=3)
    assert write_rota(office, "", DUTY, tmp_path / f"two.{ending}").file.read_bytes() == one


def test_a_draft_says_in_the_file_that_it_is_one(bare_town: Any, tmp_path: Path) -> None:
    import openpyxl

    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    plan(bare_town.office, "", RotaKind.BOOTH)
    written = write_rota(bare_town.office, "", RotaKind.BOOTH, tmp_path / "booth.xlsx")
    assert written.state == "draft"
    sheet = openpyxl.load_workbook(written.file).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "(draft)" in texts[0]
    assert texts[-1] == "Draft: not told to anybody yet."
    assert "long-distance bus station" in texts


def test_other_endings_and_rotas_that_are_not_there_are_refused(office: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"not written as '.pdf'; choose one of .xlsx, .docx, .csv"):
        write_rota(office, "", DUTY, tmp_path / "duty.pdf")
    with pytest.raises(Conflict, match="outreach booth plan"):
        write_rota(office, "", RotaKind.BOOTH, tmp_path / "booth.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_libreoffice_prints_a_month_on_one_sheet(
    office: Any, tmp_path: Path, ending: str, outside_program: Any
) -> None:
    from pypdf import PdfReader

    use_language("zh")
    written = write_rota(office, "", DUTY, tmp_path / f"duty.{ending}")
    home = f"-env:UserInstallation=file://{tmp_path}/office"
    call = [outside_program("soffice", "libreoffice"), home, "--headless", "--convert-to", "pdf"]
    subprocess.run([*call, "--outdir", str(tmp_path), str(written.file)], check=True, capture_output=True, timeout=120)
    pages = PdfReader(tmp_path / "duty.pdf").pages
    assert len(pages) == 3
    assert all(float(page.mediabox.width) > float(page.mediabox.height) for page in pages)
    assert "劳动节" in pages[1].extract_text()
