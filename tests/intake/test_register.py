"""The quick way and the thorough way to read a roster say the same, whatever the rows."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake import cells, family, register
from outreach.intake.cells import CellFault
from outreach.intake.columns import ByColumn, decimals_within, texts_like
from outreach.intake.headings import Kind
from outreach.intake.roster import _household_converters
from outreach.intake.rows import Rows, read_rows
from outreach.intake.stand_ins import DITTO, NO_NAMES, NOTHING
from tests.intake.conftest import write_csv

TODAY = dt.date(2006, 4, 4)
HEADINGS = (
    "户号 姓名 与户主关系 性别 出生日期 手机 社区 小区 楼栋 单元 楼层 房号 "
    "经度 纬度 难易程度 是否外出务工 白天上班 方言"
).split()
CONVERTERS = _household_converters(TODAY)


def some_rows(seed: int, count: int = 60) -> list[list[str]]:
    """Rows of some households, apart or together, a few of them odd: no relation, other floors, half a place."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        home = number // 2 if chance.random() < 0.8 else chance.randrange(count // 2)
        odd = chance.random() < 0.15
        rows.append(
            [
                f"A{home}",
                f"王{chr(0x4E00 + number)}",
                chance.choice(["本人", "配偶", "子女", "", "其他"]),
                chance.choice(["男", "女", ""]),
                chance.choice(["1962-3-5", "1970年1月", ""]),
                chance.choice(["12105550123", "0700-5550101", "", f"1210555{number:04d}"]),
                chance.choice(["槐荫社区", ""]) if odd else "槐荫社区",
                "" if odd and chance.random() < 0.3 else "棉纺小区",
                str(home % 5),
                chance.choice(["1", "2单元"]) if odd else "1",
                chance.choice(["", "5"]) if odd else "",
                "501" if home % 3 else "1203",
                chance.choice(["113.5", "", "0"]) if odd else "113.57",
                chance.choice(["30.9", "", "0"]) if odd else "30.94",
                chance.choice(["难", ""]) if odd else "",
                chance.choice(["是", "否", ""]),
                chance.choice(["是", ""]),
                "应城话",
            ]
        )
    return rows


def read(path: Path) -> Rows:
    return read_rows(path, Kind.HOUSEHOLDS, CONVERTERS)


@pytest.mark.parametrize("seed", range(40))
def test_households_come_out_the_same_either_way(tmp_path: Path, seed: int) -> None:
    rows = some_rows(seed)
    path = write_csv(tmp_path / "roster.csv", [HEADINGS, *(rows[: 10 + seed])])
    quick, thorough = read(path), read(path)
    found, expected = register.households(quick), family.households(thorough)
    assert found == expected
    assert quick.faults() == thorough.faults()
    assert [(code, told.place, told.fields, told.persons) for code, told in sorted(quick.told.items())] == [
        (code, told.place, told.fields, told.persons) for code, told in sorted(thorough.told.items())
    ]


def test_a_row_that_repeats_another_is_found_among_families_with_one_name_twice(tmp_path: Path) -> None:
    father, son = ["A1", "王晨", "本人", "棉纺小区"], ["A1", "王晨", "子女", "棉纺小区"]
    headings = ["户号", "姓名", "与户主关系", "小区"]
    sound = read(write_csv(tmp_path / "sound.csv", [headings, father, son]))
    assert [len(home.persons) for home in register.households(sound)] == [2]
    twice = read(write_csv(tmp_path / "twice.csv", [headings, father, son, father]))
    register.households(twice)
    assert "the row repeats twice.csv, row 2" in twice.faults()[0].what


@pytest.mark.parametrize("field", ["household_code", "name", "mobile"])
@given(
    st.lists(st.one_of(st.none(), st.text(max_size=12), st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True)), max_size=6)
)
def test_a_column_taken_at_once_has_the_values_its_cells_have_alone(field: str, column: list[str | None]) -> None:
    convert = CONVERTERS[field]
    assert isinstance(convert, ByColumn)
    usual = convert.usual(column)
    if usual is not None:
        assert list(usual) == [None if cell is None else convert(cell) for cell in column]


@pytest.mark.parametrize(
    "word", sorted(NOTHING | DITTO | NO_NAMES | {"王伟已故", "病故", "-", "110", "1E+10", "00", "张三李四"})
)
def test_words_that_stand_for_something_else_mean_the_same_in_a_column_taken_at_once(word: str) -> None:
    for convert in (each for each in CONVERTERS.values() if isinstance(each, ByColumn)):
        usual = convert.usual([word, None])
        if usual is not None:
            assert list(usual) == [convert(word), None]


@given(st.lists(st.one_of(st.none(), st.floats(-200, 200), st.integers(0, 5)), max_size=8))
def test_a_column_of_degrees_taken_at_once_has_the_values_its_cells_have_alone(column: list[float | None]) -> None:
    values = decimals_within(180)(column)
    if values is not None:
        assert list(values) == [None if cell is None else cells.degrees(180)(cell) for cell in column]
    elif all(type(cell) is float for cell in column):
        with pytest.raises(CellFault):
            [cells.degrees(180)(cell) for cell in column]


@pytest.mark.parametrize(
    "column", [["A1", "B2\nC3"], ["A1", 5], ["A1", "李"], ["A" * 41], ["A1", ""], ["A1", 0], ["A1", False]]
)
def test_a_column_with_one_odd_cell_is_not_taken_at_once(column: list[object]) -> None:
    usual = texts_like("[0-9A-Za-z_-]{1,40}")
    assert usual(["A1", None, "B-2"]) == ["A1", None, "B-2"]
    assert usual(column) is None  # type: ignore[arg-type]
