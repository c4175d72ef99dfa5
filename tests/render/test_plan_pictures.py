"""Pictures of a plan: every word whole, in its place and of no other, holidays marked, nothing fetched."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from xml.etree import ElementTree

import pytest

from outreach.render.gantt import COUNTED, ESTIMATED, HOLIDAY, Bar, DaysOff, Span, gantt_svg
from outreach.render.month import HEIGHT, WIDTH, Entry, Mark, MonthDay, month_svg
from outreach.render.rota_wall import WallDay, rota_wall_svg
from tests.render.test_chart import HOSTILE, LONG, SVG, boxes, words

WEEK = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


def _bar(label: str = "长途汽车站", message: str = "过年回家，先把养老续上。", **changes: object) -> Bar:
    first, last = dt.date(2005, 2, 9), dt.date(2005, 2, 15)
    usual = {"starts": first, "ends": last, "runs": [(first, last)], "placements": 14, "counted": True}
    return Bar(label, message, **(usual | changes))  # type: ignore[arg-type]


def _gantt(*, provisional: bool = False, today: dt.date | None = None, bars: Sequence[Bar] = ()) -> str:
    off = [
        DaysOff("Spring Festival", dt.date(2005, 2, 9), dt.date(2005, 2, 15), provisional),
        DaysOff("Lantern and Tomb-Sweeping Day", dt.date(2005, 2, 22), dt.date(2005, 2, 23), provisional),
    ]
    names = ["Jan 2005", "Feb", "Mar", "Apr"]
    span = Span(dt.date(2005, 1, 4), dt.date(2005, 4, 30), names, off, [dt.date(2005, 2, 5)], today)
    radio = _bar("morning programme", "", placements=9, counted=False, runs=[(dt.date(2005, 3, 7),) * 2] * 3)
    groups = [("station booth", [*bars, _bar()]), ("newspaper page of the county", [radio])]
    return gantt_svg("养老保险续保服务年", "2005年1月4日至4月30日", groups, span)


def _day(number: int, mark: Mark = "", *, provisional: bool = False, entries: Sequence[Entry] = ()) -> MonthDay:
    weekday = (number + 1) % 7
    return MonthDay(number, weekday, "廿三", False, mark, weekday >= 5, provisional, False, entries)


def _month(days: Sequence[MonthDay], notes: Sequence[str] = ("每天：电话",)) -> str:
    return month_svg("2005年6月", "养老保险续保服务年", days, WEEK, notes)


BOOTH = Entry("8–12、13–17时", "车站咨询台：短途汽车站、长途汽车站", "车站咨询台", COUNTED)
CRAWL = Entry("19:35、21:10", "电视滚动字幕：黄金时段", "电视滚动字幕", ESTIMATED)
FULL_MONTH = [
    _day(n, "off" if 6 <= n <= 12 else "work" if n == 18 else "", entries=[BOOTH, CRAWL] * (n % 4))
    for n in range(1, 31)
]


def _wall(short: int = 0) -> str:
    rows = [
        WallDay("2月8日 周二", "除夕 腊月三十", False, False, False, [["金巧云", "诸葛思齐"], None], [0, 0]),
        WallDay("2月9日 周三", "春节 正月初一", True, False, True, [[LONG], ["崔莹"]], [0, short]),
        WallDay("2月12日 周六", "正月初四", False, True, False, [[], ["Bartholomew Featherstonehaugh-Cholmondeley"]]),
    ]
    columns = ["长途汽车站候车大厅咨询台 08:00–12:00", "city bus station 13:00–17:00"]
    return rota_wall_svg("车站咨询台排班表（2005年2月8日至12日）", "养老保险续保服务年", columns, rows)


PICTURES = {
    "gantt": _gantt(today=dt.date(2005, 3, 1)),
    "long gantt": _gantt(bars=[_bar(LONG, LONG), _bar(HOSTILE, HOSTILE)], provisional=True),
    "month": _month(FULL_MONTH),
    "month with long notes": _month(FULL_MONTH, [LONG * 5, "Every day: " + "phone call, " * 30]),
    "wall": _wall(short=2),
}


@pytest.mark.parametrize("name", PICTURES)
def test_words_never_touch_each_other_or_leave_the_picture(name: str) -> None:
    svg = PICTURES[name]
    width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split()[2:])
    # The numbers of Mondays may stand beside a month's line; they are the only words allowed near others.
    placed = [box for box in boxes(svg) if not (name.endswith("gantt") and re.fullmatch(r"\d{1,2}", box[4]))]
    for number, (left, top, right, bottom, text) in enumerate(placed):
        assert left >= -0.5, text
        assert right <= width + 0.5, text
        assert 0 <= top < bottom <= height, text
        for other_left, other_top, other_right, other_bottom, other in placed[number + 1 :]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart, f"'{text}' touches '{other}'"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_well_formed_titled_and_fetches_nothing(name: str) -> None:
    root = ElementTree.fromstring(PICTURES[name])
    assert root.findtext(SVG + "title")
    drawn = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert drawn <= {"svg", "title", "desc", "rect", "text", "polyline", "polygon", "path", "circle"}
    assert not [key for element in root.iter() for key in element.attrib if "href" in key or key.startswith("on")]


def _fills(svg: str, colour: str) -> list[float]:
    """The widths of all boxes of a colour."""
    return [float(box.attrib["width"]) for box in ElementTree.fromstring(svg).iter(SVG + "rect")
            if box.get("fill") == colour]  # fmt: skip


def test_a_gantt_draws_a_bar_as_long_as_its_days_and_a_gap_where_nothing_runs() -> None:
    a_day = (1500 - 140 - 300 - 90) / 117
    # The key's boxes are 22 wide.
    assert [wide for wide in _fills(_gantt(), COUNTED) if wide != 22] == [pytest.approx(7 * a_day - 0.4, abs=0.06)]
    assert len([wide for wide in _fills(_gantt(), ESTIMATED) if wide != 22]) == 3
    assert {"14", "9"} <= set(words(_gantt()).split("\n"))


def test_holidays_are_shaded_and_provisional_ones_hatched_and_named_so() -> None:
    known, computed = _gantt(), _gantt(provisional=True)
    assert len(_fills(known, HOLIDAY)) == len(_fills(computed, HOLIDAY)) == 3
    assert "<path" not in known
    assert computed.count("<path") == 3
    assert "provisional" in words(computed)
    assert "provisional" not in words(known)


def test_today_is_a_line_only_within_the_campaign() -> None:
    assert "2005-03-01" in words(_gantt(today=dt.date(2005, 3, 1)))
    assert "2006-03-01" not in words(_gantt(today=dt.date(2006, 3, 1)))


def test_a_month_is_one_sheet_of_a4_with_every_day_under_its_weekday() -> None:
    svg = _month(FULL_MONTH)
    assert f'viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}"' in svg
    placed = {text: (left, top) for left, top, _right, _bottom, text in boxes(svg)}
    assert placed["1"][0] < placed["星期四"][0]  # 2005-06-01 was a Wednesday
    assert placed["1"][0] == placed["8"][0] < placed["2"][0]
    assert placed["6"][1] == placed["12"][1] > placed["5"][1]


def test_a_full_day_says_its_entries_in_fewer_words_and_then_how_many_more() -> None:
    said = words(_month(FULL_MONTH))
    assert "车站咨询台：短途汽" in said  # a day with room says where
    assert "+4 more" in said
    assert words(_month([_day(n, entries=[CRAWL]) for n in range(1, 31)])).count("电视滚动字幕：黄金时段") == 30


def test_days_off_and_make_up_days_carry_a_mark_and_provisional_ones_a_doubt() -> None:
    said = words(_month(FULL_MONTH)).split("\n")
    assert said.count("off") == 7 + 1  # with the key
    assert said.count("work") == 1 + 1
    doubtful = _month([_day(n, "off" if n < 4 else "", provisional=True) for n in range(1, 31)])
    assert words(doubtful).split("\n").count("off?") == 3 + 1
    assert doubtful.count("<path") == 3
    assert "provisional" in words(doubtful)


def test_a_wall_table_says_who_is_missing_and_where_there_is_no_shift() -> None:
    said = words(_wall(short=2)).split("\n")
    assert "2 missing" in said
    assert "—" in said
    assert "金巧云　诸葛思齐" in said
    assert "Provisional: the notice is not out. Days off are computed, and hatched." in said
    assert "missing" not in words(_wall())


def test_a_row_of_another_length_than_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        rota_wall_svg("t", "s", ["a", "b"], [WallDay("d", "", False, False, False, [["x"]])])


def test_months_of_a_campaign_of_years_are_named_as_far_as_there_is_room() -> None:
    names = [
        f"{year}年{month}月" if month == 1 else f"{month}月" for year in range(2005, 2013) for month in range(1, 13)
    ]
    svg = gantt_svg("八年", "", [("电话", [_bar()])], Span(dt.date(2005, 1, 1), dt.date(2012, 12, 31), names))
    named = [text for text in words(svg).split("\n") if text.endswith("月")]
    assert named[0] == "2005年1月"
    assert 10 < len(named) < 60
