"""Tables for machines: the columns a layout names, in the encoding it names, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from outreach.errors import BadInput, CannotPrint
from outreach.render.table import load_columns, table_file

PIECES = [{"phone": "12105550100", "text": "续保，办理\n请来"}, {"phone": "12105550101", "text": '=cmd|"x"'}]


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    path = tmp_path / "columns.toml"
    path.write_text('encoding = "utf-8"\n[columns]\n"手机号" = "{{ phone }}"\ntext = "{{ text }}！"\n', "utf-8")
    return path


def rows(content: bytes, encoding: str = "utf-8") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))


def test_columns_stand_in_the_order_of_the_layout_with_one_row_a_piece(layout: Path) -> None:
    found = rows(table_file(load_columns(layout), PIECES))
    assert found[0] == ["手机号", "text"]
    assert found[1] == ["12105550100", "续保，办理\n请来！"]
    assert len(found) == 3


def test_a_value_that_would_be_a_formula_gets_an_apostrophe(layout: Path) -> None:
    assert rows(table_file(load_columns(layout), PIECES))[2][1] == '\'=cmd|"x"！'


@pytest.mark.parametrize(("name", "begins"), [("utf-8", b"\xe6"), ("utf-8-bom", b"\xef\xbb\xbf"), ("gb18030", b"\xca")])
def test_the_table_comes_in_the_encoding_the_layout_names(layout: Path, name: str, begins: bytes) -> None:
    layout.write_text(layout.read_text("utf-8").replace('"utf-8"', f'"{name}"'), "utf-8")
    content = table_file(load_columns(layout), PIECES)
    assert content.startswith(begins)
    assert rows(content, {"utf-8-bom": "utf-8-sig"}.get(name, name))[0] == ["手机号", "text"]


def test_a_rare_sign_survives_gb18030(layout: Path) -> None:
    layout.write_text(layout.read_text("utf-8").replace('"utf-8"', '"gb18030"'), "utf-8")
    content = table_file(load_columns(layout), [{"phone": "1", "text": "\U00020164"}])
    assert rows(content, "gb18030")[1][1] == "\U00020164！"


def test_a_value_that_is_missing_stops_the_table_and_names_row_and_column(layout: Path) -> None:
    with pytest.raises(CannotPrint, match=r"row 2: there is no value for 'phone'.*手机号"):
        table_file(load_columns(layout), [PIECES[0], {"text": "x"}])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns = ", "is not valid TOML"),
        ("[columns]\n", "columns"),
        ('encoding = "big5"\n[columns]\na = "b"\n', "encoding"),
        ('[columns]\na = "{{ b "\n', "columns.a"),
        ('[columns]\na = "b"\nc = 1\n', "columns.c"),
    ],
)
def test_a_wrong_columns_file_is_refused_with_its_place(layout: Path, text: str, says: str) -> None:
    layout.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=says):
        load_columns(layout)
