"""A price list is read as stations send it, whole or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from outreach.domain.campaign import Slot
from outreach.domain.rate_card import DaySort
from outreach.errors import BadInput
from outreach.intake.rate_card import read_rate_card
from outreach.planning.holidays import work_calendar

HEAD = "媒体,渠道,时段,刊播时间,星期,秒数,刊例价,收视率,两次累计到达率"


def card(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "rates.csv"
    path.write_bytes("\n".join((head, *rows)).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_line_is_read_in_the_encodings_stations_write(tmp_path, encoding):
    (line,) = read_rate_card(
        card(
            tmp_path, "云鹤电视台,滚动字幕,黄金时段,19:35、21：10,周一至周五,60秒,¥1 180.50,14%,0.2", encoding=encoding
        )
    )
    assert (line.vehicle, line.channel, line.daypart) == ("云鹤电视台", "crawl", "黄金时段")
    assert line.times == (Slot(dt.time(19, 35)), Slot(dt.time(21, 10)))
    assert line.weekdays == frozenset(range(5))
    assert (line.seconds, line.price_fen, line.audience, line.twice) == (60, 118_050, 0.14, 0.2)


def test_a_workbook_with_english_headings_says_the_same(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Station", "Medium", "Daypart", "Time", "Weekdays", "Seconds", "Price", "Rating"])
    book.active.append(["Yunhe TV", "TV crawl", "prime", "19:00-22:00", "sat, sun", 30, 95, 0.11])
    book.active["H2"].number_format = "0%"
    book.save(tmp_path / "rates.xlsx")
    (line,) = read_rate_card(tmp_path / "rates.xlsx")
    assert line.times == (Slot(dt.time(19), dt.time(22)),)
    assert (line.weekdays, line.audience, line.price_fen) == (frozenset({5, 6}), 0.11, 9_500)
    assert line.holds(dt.time(21, 59))
    assert not line.holds(dt.time(22))


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("每天", set(range(7))), ("周末", {5, 6}), ("周一、周三、周五", {0, 2, 4}), ("周五至周一", {4, 5, 6, 0}),
        ("周一三五", {0, 2, 4}), ("mon-thu", {0, 1, 2, 3}), ("Tuesday", {1}), ("", set(range(7))),
    ],
)  # fmt: skip
def test_days_of_the_week_are_read_as_people_write_them(tmp_path, said, days):
    (line,) = read_rate_card(card(tmp_path, f'台,字幕,晚,19:35,"{said}",60,50,10%,'))
    assert (line.weekdays, line.sort) == (frozenset(days), DaySort.ANY)


def test_working_days_and_holidays_are_those_of_the_calendar_with_its_make_up_days(tmp_path):
    rows = [f"台,字幕,晚,19:35,{said},60,50,10%," for said in ("工作日", "节假日")]
    work, feast = read_rate_card(card(tmp_path, *rows))
    calendar = work_calendar()
    sunday_worked, may_day = dt.date(2005, 5, 8), dt.date(2005, 5, 2)
    assert work.sold_on(sunday_worked, calendar)
    assert not work.sold_on(may_day, calendar)
    assert feast.sold_on(may_day, calendar)
    assert not feast.sold_on(sunday_worked, calendar)


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("台,字幕,晚,19:35,每天,60,-50,10%,", "刊例价", "-50 is no amount in yuan and fen"),
        ("台,字幕,晚,19:35,每天,60,0,10%,", "刊例价", "the price is nothing"),
        ("台,字幕,晚,19:35,每天,60,50,1.4,", "收视率", "'1.4' is no share above 0 and up to 1"),
        ("台,字幕,晚,19:35,每天,60,50,0,", "收视率", "'0' is no share above 0"),
        ("台,字幕,晚,19:35,每天,60,50,,", "收视率", "neither the share nor the number of people"),
        ("台,字幕,晚,19:35,每天,60,50,20%,50%", "两次累计到达率", "two insertions cannot reach 0.5: it is"),
        ("台,字幕,晚,25:00,每天,60,50,10%,", "刊播时间", "'25:00' names no times of day"),
        ("台,字幕,晚,22:00-21:00,每天,60,50,10%,", "刊播时间", "names no times of day"),
        ("台,字幕,晚,19:35,初一,60,50,10%,", "星期", "'初一' names no days of the week"),
        ("台,鸽子,晚,19:35,每天,60,50,10%,", "渠道", "'鸽子' is not known here"),
        (",字幕,晚,19:35,每天,60,50,10%,", "媒体", "the cell is empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_one_sentence_with_its_place(tmp_path, row, column, says):
    good = "甲台,字幕,晚,19:35,每天,60,50,10%,"
    with pytest.raises(BadInput) as caught:
        read_rate_card(card(tmp_path, good, row))
    (fault,) = caught.value.faults
    assert fault.where == f"rates.csv, row 3, column '{column}'"
    assert says in fault.what
    assert fault.mend


def test_the_same_daypart_twice_is_refused(tmp_path):
    rows = ["台,字幕,晚,19:35,每天,60,50,10%,", "台,字幕,晚,19:35,每天,60,55,10%,"]
    with pytest.raises(BadInput, match=r"stand in rates\.csv, row 2 too"):
        read_rate_card(card(tmp_path, *rows))


def test_a_card_without_lines_and_an_empty_file_are_refused(tmp_path):
    with pytest.raises(BadInput, match="the rate card has no lines"):
        read_rate_card(card(tmp_path))
    (tmp_path / "rates.csv").write_bytes(b"")
    with pytest.raises(BadInput, match="the file is empty"):
        read_rate_card(tmp_path / "rates.csv")
