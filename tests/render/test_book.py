"""Workbooks and CSV read back by other programs: the values stand, and none is a formula."""

import csv
import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from outreach.render.book import Paper, SheetTable, make_csv, make_workbook

HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.invalid","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "{=SUM(A1)}",
    "http://evil.invalid/",
    "mailto:x@evil.invalid",
    "internal:Sheet1!A1",
]


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_no_hostile_text_becomes_a_formula_or_a_link() -> None:
    content = make_workbook([SheetTable("户", HOSTILE, [HOSTILE])])
    sheet = read(content).active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type == "s"
            assert cell.hyperlink is None
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read(name)


def test_hostile_texts_are_read_back_unchanged_by_calamine() -> None:
    rows = (
        CalamineWorkbook.from_filelike(
            io.BytesIO(make_workbook([SheetTable("户", ["x"], [[text] for text in HOSTILE])]))
        )
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [row[0] for row in rows[1:]] == HOSTILE


def test_risky_texts_carry_the_quote_prefix_so_that_editing_keeps_them_text() -> None:
    sheet = read(make_workbook([SheetTable("户", ["a", "b"], [["=1", "张三"]])])).active
    assert sheet is not None
    assert sheet["A2"].quotePrefix
    assert not sheet["B2"].quotePrefix


def test_numbers_dates_and_texts_keep_their_kind() -> None:
    zone = dt.timezone(dt.timedelta(hours=8))
    row = [
        7000,
        0.715,
        Decimal("13.50"),
        True,
        dt.date(2026, 2, 14),
        dt.datetime(2026, 2, 14, 8, tzinfo=zone),
        None,
        "0700",
    ]
    table = SheetTable("表", list("abcdefgh"), [row], formats={1: "0.0%"})
    sheet = read(make_workbook([table])).active
    assert sheet is not None
    cells = [cell.value for cell in sheet[2]]
    assert cells[:4] == [7000, 0.715, 13.5, True]
    assert cells[4:6] == [dt.datetime(2026, 2, 14), dt.datetime(2026, 2, 14, 8)]  # noqa: DTZ001 - as read
    assert cells[6:] == [None, "0700"]
    assert [sheet["A2"].number_format, sheet["B2"].number_format] == ["#,##0", "0.0%"]
    assert sheet["E2"].number_format == "yyyy-mm-dd"


def test_a_number_too_long_for_excel_stays_whole_as_text() -> None:
    sheet = read(make_workbook([SheetTable("x", ["id"], [[420981197001011234]])])).active
    assert sheet is not None
    assert sheet["A2"].value == "420981197001011234"


def test_headings_are_bold_frozen_and_filtered() -> None:
    sheet = read(make_workbook([SheetTable("x", ["甲", "乙"], [[1, 2], [3, 4]])])).active
    assert sheet is not None
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"


def test_columns_are_wide_enough_for_chinese_words() -> None:
    sheet = read(make_workbook([SheetTable("x", ["a", "b"], [["城东社区槐荫小区3栋东门", "ab"]])])).active
    assert sheet is not None
    assert sheet.column_dimensions["A"].width >= 2 * 11 + 1
    assert sheet.column_dimensions["B"].width < 10


def test_sheet_names_excel_would_refuse_are_mended() -> None:
    names = ["a/b:c*?[x]\\", "A_B_C___X__", "'q'", "", "很" * 40, "很" * 40, "History", "x" * 30 + "'y"]
    content = make_workbook([SheetTable(name, ["x"], []) for name in names])
    made = read(content).sheetnames
    assert len({name.lower() for name in made}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in made)


def test_control_characters_do_not_break_the_file() -> None:
    content = make_workbook([SheetTable("x", ["a"], [["张\x00\x0b三\uffff"]])])
    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1] == ["张三"]


def test_the_same_tables_give_the_same_bytes() -> None:
    tables = [SheetTable("x", ["a"], [["张三"], [1]])]
    assert make_workbook(tables) == make_workbook(tables)
    # Two workbooks made in one second agree by chance; the date written must be the fixed one.
    assert read(make_workbook(tables)).properties.created == dt.datetime(2000, 1, 1)  # noqa: DTZ001 - as read
    stamps = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(make_workbook(tables))).infolist()}
    assert stamps == {(1980, 1, 1, 0, 0, 0)}


def test_a_row_longer_than_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 of 'x'"):
        make_workbook([SheetTable("x", ["a"], [[1, 2]])])


def test_csv_is_read_back_whole_and_excel_sees_its_encoding() -> None:
    content = make_csv(["姓名", "说明"], [["张三", '引"号, 逗号\n换行'], [None, 3]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["姓名", "说明"], ["张三", '引"号, 逗号\n换行'], ["", "3"]]


@pytest.mark.parametrize("text", [*HOSTILE[:12], "  =1+1", "\u3000＝1", "|cmd"])
def test_csv_disarms_what_a_spreadsheet_would_run(text: str) -> None:
    (_, row) = csv.reader(io.StringIO(make_csv(["x"], [[text]]).decode("utf-8-sig"), newline=""))
    assert row == ["'" + text]


@pytest.mark.parametrize("value", ["-5", "+86", "0700-5550100", "12.5%", "张三", -5, -0.5])
def test_csv_leaves_plain_numbers_and_words_alone(value: str | float) -> None:
    (_, row) = csv.reader(io.StringIO(make_csv(["x"], [[value]]).decode("utf-8-sig"), newline=""))
    assert row == [str(value)]


def test_a_sheet_for_paper_lies_one_page_wide_with_wrapped_lines_and_a_line_between_groups() -> None:
    rows = [[1, "张三\n李四\n王五", 5.5], [1, "张三", None], [2, "城东社区槐荫小区3栋东门2单元501室", ""]]
    table = SheetTable("x", ["序号", "姓名", "分数"], rows, {2: "0.0"}, paper=Paper((6, 12, 8), group=0))
    sheet = read(make_workbook([table])).active
    # As many pages wide as the format's usual, which is one, and as many high as it takes.
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert all(cell.alignment.wrap_text for row in sheet["A2:C4"] for cell in row)
    assert [bool(sheet[f"B{row}"].border.top.style) for row in (2, 3, 4)] == [True, False, True]
    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert [round(height / heights[1]) for height in heights] == [3, 1, 3]  # the last is wrapped
