"""A station's log is read as it comes: times in several forms, lines that say too little, the same line twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outreach.intake.airings import read_airings

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = dt.date(2005, 6, 15)


def log(folder: Path, *rows: str, head: str = "播出日期,播出时间,频道,时长", encoding: str = "utf-8") -> Path:
    path = folder / "log.csv"
    path.write_bytes("\n".join((head, *rows)).encode(encoding))
    return path


def read(path: Path):
    return read_airings(path, zone=ZONE, today=TODAY)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("time", ["19:36:10", "19：36：10", "下午7时36分10秒", "2005-04-25 19:36:10"])
def test_a_line_is_read_whatever_way_the_time_is_written(tmp_path, time, encoding):
    (line,) = read(log(tmp_path, f"2005-4-25,{time},云鹤电视台,60秒", encoding=encoding)).items
    assert (line.day, line.time) == (dt.date(2005, 4, 25), dt.time(19, 36, 10))
    assert (line.place, line.seconds) == ("云鹤电视台", 60)


def test_times_of_a_workbook_are_read_too(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["date", "time", "station", "seconds"])
    book.active.append([dt.date(2005, 4, 25), dt.time(19, 36, 10), "Yunhe TV", 60])
    book.active.append([dt.datetime.fromisoformat("2005-04-26T21:10"), None, "Yunhe TV", 60])
    book.save(tmp_path / "log.xlsx")
    first, second = read(tmp_path / "log.xlsx").items
    assert (first.time, second.time) == (dt.time(19, 36, 10), dt.time(21, 10))


def test_a_line_without_a_time_keeps_only_its_day(tmp_path):
    (line,) = read(log(tmp_path, "2005-4-25,,云鹤日报,")).items
    assert (line.time, line.seconds) == (None, None)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2005-4-25,25:99,台,60", "names no time of day"),
        ("2005-4-25,2005-04-26 19:35,台,60", "the time is of 2005-04-26, the date is 2005-04-25"),
        ("2005-4-25,19:35,,60", "the line says neither station nor flight"),
        ("2005-7-25,19:35,台,60", "is not between 1900 and 2005-06-15"),
        ("2005-4-25,19:35,台,-5", "no whole number from 0"),
        (",19:35,台,60", "the cell is empty"),
    ],
)
def test_a_line_that_cannot_be_is_a_fault_with_its_row(tmp_path, row, says):
    reading = read(log(tmp_path, "2005-4-25,19:35,台,60", row))
    (fault,) = reading.faults
    assert "row 3" in fault.where
    assert says in fault.what
    assert len(reading.items) == 1


def test_equal_lines_have_keys_of_their_own_and_the_same_ones_in_every_reading(tmp_path):
    path = log(tmp_path, "2005-4-25,19:35,台,60", "2005-4-25,19:35,台,60")
    first, second = read(path).items
    assert first.row_key != second.row_key
    assert [line.row_key for line in read(path).items] == [first.row_key, second.row_key]
