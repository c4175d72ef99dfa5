"""Text tables that are nearly right: other endings, other separators, ends of files, two encodings in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.errors import BadInput
from outreach.intake.headings import Kind
from outreach.intake.tables import read_tables

TABLE = "户号,姓名,小区\nA1,王燚,棉纺小区\n"


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_tables(path, Kind.HOUSEHOLDS)
    (fault,) = caught.value.faults
    return fault.sentence()


@pytest.mark.parametrize("ending", ["txt", "tsv", "TXT"])
def test_a_text_table_under_another_ending_is_told_to_be_renamed(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"r.{ending}").write_text(TABLE, encoding="utf-8")
    assert "rename it to .csv" in refusal(tmp_path / f"r.{ending}")


@pytest.mark.parametrize("end", ["\x1a", "\x1a\r\n", "\r\n\x1a\x1a"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_mark_old_programs_end_a_text_with_is_no_row(tmp_path: Path, end: str, encoding: str) -> None:
    (tmp_path / "r.csv").write_bytes((TABLE + end).encode(encoding))
    (table,) = read_tables(tmp_path / "r.csv", Kind.HOUSEHOLDS)
    assert table.rows == [(2, ["A1", "王燚", "棉纺小区"])]


@pytest.mark.parametrize("sign", ["，", "|", "；", "、"])
def test_a_separator_that_is_read_as_text_is_named(tmp_path: Path, sign: str) -> None:
    (tmp_path / "r.csv").write_text(TABLE.replace(",", sign), encoding="utf-8")
    assert f"the cells are parted by '{sign}'" in refusal(tmp_path / "r.csv")


def test_signs_that_might_part_cells_are_text_where_a_usual_separator_does(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("户号,姓名,小区，名称|全称\nA1,王燚,棉纺\n", encoding="utf-8")
    (table,) = read_tables(tmp_path / "r.csv", Kind.HOUSEHOLDS)
    assert table.rows == [(2, ["A1", "王燚", "棉纺"])]


def test_two_encodings_in_one_file_are_refused_and_never_stored_as_other_characters(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_bytes(TABLE.encode("gb18030") + "A2,王二,水岸新村\n".encode())
    told = refusal(tmp_path / "r.csv")
    assert "r.csv, row 3" in told
    assert "two files were joined" in told


def test_no_line_of_common_characters_is_taken_for_another_encoding(tmp_path: Path) -> None:
    """All 6,763 characters of GB 2312, in pairs and alone, and the famous 联通."""
    signs = [bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF)]
    lines = [b"A%d," % at + sign * 2 + b"," + sign + b"\n" for at, sign in enumerate(signs)]
    (tmp_path / "r.csv").write_bytes("户号,姓名,小区\nB1,联通,联通小区\n".encode("gb18030") + b"".join(lines))
    (table,) = read_tables(tmp_path / "r.csv", Kind.HOUSEHOLDS)
    assert len(table.rows) == len(lines) + 1
