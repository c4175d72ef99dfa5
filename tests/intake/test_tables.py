from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlwt

from outreach.errors import BadInput, NotFound, OutreachError
from outreach.intake.headings import Kind
from outreach.intake.tables import read_tables
from outreach.intake.workbook import read_workbook

HEADINGS = ["户号", "姓名", "联系电话"]
RARE = "㐂䶮\U0002cc56\U0002cb4e"


def refusal(path: Path, error: type[OutreachError] = BadInput) -> str:
    with pytest.raises(error) as caught:
        read_tables(path)
    assert len(caught.value.faults) == 1
    return caught.value.faults[0].sentence()


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_a_table_is_read_with_its_headings_and_the_row_numbers_the_user_sees(write, name):
    path = write([["花名册"], HEADINGS, ["1", "张三", "12105550123"], [], ["2", "李四", None]], name)
    (table,) = read_tables(path)
    assert (table.file, table.sheet, table.heading_row) == (name, "" if name == "a.csv" else "名册", 2)
    assert table.headings == HEADINGS
    assert table.rows == [(3, ["1", "张三", "12105550123"]), (5, ["2", "李四", None])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables_are_read_in_every_encoding_and_with_every_separator(write, encoding, separator):
    path = write([HEADINGS, ["1", f"王{RARE}", "一，二"]], "a.csv", encoding=encoding, separator=separator)
    (table,) = read_tables(path)
    assert table.rows == [(2, ["1", f"王{RARE}", "一，二"])]


def test_signs_that_old_tables_put_in_private_places_come_out_as_the_standard_ones(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("户号,姓名\n1,王".encode("gb18030") + b"\xfe\x59\xfe\x52\xfe\x9f\n")
    (table,) = read_tables(path)
    assert table.rows[0][1][1] == "王\u9fb4\U00020089\u4dae"


def test_a_quoted_line_end_stays_in_its_cell_and_does_not_shift_the_row_numbers(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes('户号,姓名\r\n1,"张\r\n三"\r\n2,李四\r\n'.encode())
    (table,) = read_tables(path)
    assert [number for number, _cells in table.rows] == [2, 3]


def test_a_row_with_more_cells_than_headings_is_a_fault_of_that_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("户号,姓名,地址\n1,张三,棉纺小区,3栋\n2,李四,棉纺小区\n", "utf-8")
    (table,) = read_tables(path)
    assert [fault.where for fault in table.faults] == ["a.csv, row 2"]
    assert [number for number, _cells in table.rows] == [3]


def test_a_quotation_mark_that_never_closes_is_one_fault(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('户号,姓名\n1,"张三\n2,李四\n', "utf-8")
    assert "quotation mark" in refusal(path)


def test_text_in_no_known_encoding_is_one_fault(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("户号,姓名\n".encode() + b"\xff\x80\xff")
    assert "GB18030" in refusal(path)


def test_totals_and_the_makers_line_at_the_end_are_no_records(write):
    below = [["合　计", None, 1], [None, "制表人：李四"], ["总计：1人"], ["累计"], ["经办人："]]
    path = write([HEADINGS, ["1", "张三", "x"], *below])
    (table,) = read_tables(path)
    assert [cells[1] for _number, cells in table.rows] == ["张三"]


def test_headings_printed_again_on_the_next_page_are_passed_over(write):
    (table,) = read_tables(write([HEADINGS, ["1", "张三", "x"], HEADINGS, ["2", "李四", "y"]]))
    assert [number for number, _cells in table.rows] == [2, 4]


def test_columns_without_a_single_value_are_left_out(write):
    (table,) = read_tables(write([["户号", "手机", "姓名", "联系电话"], ["1", None, "张三", "12105550123"]]))
    assert table.headings == ["户号", "姓名", "联系电话"]


def test_headings_in_two_rows_with_merged_cells_are_read_from_the_lower_one(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    page.append(["花名册"])
    page.append(["户号", "姓名", "地址"])
    page.append([None, None, "小区", "楼栋", "房号"])
    page.append(["1", "张三", "棉纺小区", "3", "501"])
    for cells in ("A1:E1", "A2:A3", "B2:B3", "C2:E2"):
        page.merge_cells(cells)
    book.save(tmp_path / "a.xlsx")
    (table,) = read_tables(tmp_path / "a.xlsx", Kind.HOUSEHOLDS)
    assert table.headings == ["户号", "姓名", "小区", "楼栋", "房号"]
    assert [number for number, _cells in table.rows] == [4]


def test_a_code_merged_over_the_familys_rows_belongs_to_each_of_them(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    for row in (["户号", "姓名"], ["1", "张三"], [None, "李四"], ["2", "王五"]):
        page.append(row)
    page.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    (table,) = read_tables(tmp_path / "a.xlsx")
    assert [cells[0] for _number, cells in table.rows] == ["1", "1", "2"]


def test_an_error_value_is_kept_as_its_text_for_the_cell_to_be_blamed(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["户号", "姓名"])
    book.active.append(["1", "#N/A"])
    book.active["B2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    (table,) = read_tables(tmp_path / "a.xlsx")
    assert table.rows == [(2, ["1", "#N/A"])]


def test_sheets_without_a_table_and_hidden_ones_are_named_as_skipped(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请先读说明"])
    for title, state in (("名册", "visible"), ("旧名册", "hidden"), ("空", "visible")):
        page = book.create_sheet(title)
        page.sheet_state = state
        if title != "空":
            page.append(HEADINGS)
            page.append(["1", "张三", "12105550123"])
    book.save(tmp_path / "a.xlsx")
    (table,) = read_tables(tmp_path / "a.xlsx")
    assert table.sheet == "名册"
    assert table.skipped == ("说明", "旧名册")


def test_a_table_that_stands_only_on_a_hidden_sheet_is_refused(tmp_path):
    book = openpyxl.Workbook()
    page = book.create_sheet("旧名册")
    page.append(HEADINGS)
    page.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert "旧名册" in refusal(tmp_path / "a.xlsx")


def test_a_list_of_officers_given_for_a_roster_is_named_as_what_it_is(write):
    path = write([["工号", "姓名", "科室", "办公电话"], ["1", "张三", "一科", "0700-5550101"]])
    with pytest.raises(BadInput, match="list of officers"):
        read_tables(path, Kind.HOUSEHOLDS)


def test_a_workbook_that_unpacks_too_large_is_one_fault(tmp_path, write):
    path = write([HEADINGS, ["1", "张三", "x"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<row/>" * 4_000_000)
    with pytest.raises(BadInput, match="more memory or time"):
        read_workbook(path, unpacked_limit=20_000_000)
    assert path.stat().st_size < 200_000


def test_a_bomb_that_lies_about_its_size_is_counted_as_it_unpacks(tmp_path, write):
    path = write([HEADINGS, ["1", "张三", "x"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<row/>" * 4_000_000)
    raw = path.read_bytes().replace((24_000_000).to_bytes(4, "little"), (600).to_bytes(4, "little"))
    path.write_bytes(raw)
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/worksheets/sheet9.xml").file_size == 600
    with pytest.raises(BadInput, match="more memory or time"):
        read_workbook(path, unpacked_limit=20_000_000)


def test_a_workbook_whose_cells_need_more_memory_than_allowed_is_one_fault_not_an_abort(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "户号"
    book.active["XFD1048576"] = "far away"
    book.save(tmp_path / "a.xlsx")
    assert "more memory or time" in refusal(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.xlsx", b"", "the file is empty"),
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\n,,\n", "the file is empty"),
        ("junk.xlsx", bytes(range(256)) * 20, "not a workbook"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table>", "web page"),
        ("text.xls", "户号\t姓名\n1\t张三\n".encode("gb18030"), "text file"),
        ("cut.xlsx", b"PK\x03\x04" + b"\0" * 400, "damaged"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "damaged"),
        ("letter.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "Word document"),
        ("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("other.csv", "甲,乙\n1,2\n".encode(), "two headings"),
        ("roster.docx", b"PK", "'.docx' are not read"),
        ("roster", b"x", "'' are not read"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    assert words in refusal(tmp_path / name)


def test_an_old_workbook_with_a_password_is_named_as_one(write):
    path = write([HEADINGS, ["1", "张三", "x"]], "a.xls")
    # The record 0x2F (FILEPASS) says that what follows is encrypted; 0xE1 is the first that may give up its place.
    path.write_bytes(path.read_bytes().replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1))
    assert "password" in refusal(path)


def test_a_workbook_damaged_in_the_middle_is_one_fault(write):
    path = write([HEADINGS] + [[str(number), "张三", "x"] for number in range(500)])
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3 : len(raw) // 3 + 400] = b"\xff" * 400
    path.write_bytes(raw)
    assert "damaged" in refusal(path) or "memory" in refusal(path)


def test_a_word_document_renamed_to_a_workbook_is_named_as_one(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "Word document" in refusal(tmp_path / "a.xlsx")


def test_a_missing_file_is_not_found_and_a_folder_is_no_file(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.xlsx", NotFound)
    (tmp_path / "folder.xlsx").mkdir()
    assert "folder" in refusal(tmp_path / "folder.xlsx")


def test_the_old_workbook_format_under_the_new_name_is_read_all_the_same(tmp_path):
    book = xlwt.Workbook()
    page = book.add_sheet("a")
    for column, text in enumerate(HEADINGS):
        page.write(0, column, text)
        page.write(1, column, "1")
    book.save(str(tmp_path / "a.xlsx"))
    assert len(read_tables(tmp_path / "a.xlsx")[0].rows) == 1


def test_a_folder_with_a_module_of_the_readers_name_is_not_run(tmp_path, write, monkeypatch):
    (tmp_path / "python_calamine.py").write_text("raise SystemExit('run')", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_tables(write([HEADINGS, ["1", "张三", "x"]]))


def test_reading_leaves_no_child_behind(write):
    read_tables(write([HEADINGS, ["1", "张三", "x"]]))
    found = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "roster.xlsx" not in found


def test_sums_in_the_middle_are_left_out_wherever_they_say_so(write):
    rows = [["1", "张三", "x"], ["小计", None, "1户"], [None, "合 计", None], ["城东社区小计：1户", None, None],
            ["2", "李四", "总计表"]]  # fmt: skip
    (table,) = read_tables(write([HEADINGS, *rows]), Kind.HOUSEHOLDS)
    assert [cells[0] for _number, cells in table.rows] == ["1", "2"]


def test_a_known_heading_over_empty_cells_stays_and_says_that_they_are_empty(write):
    headings = [*HEADINGS, "原工作单位", "小区", "地址", "手机", "无名"]
    (table,) = read_tables(write([headings, ["1", "张三", "x"], ["2", "李四", None]]), Kind.HOUSEHOLDS)
    assert table.headings == [*HEADINGS, "原工作单位"]
