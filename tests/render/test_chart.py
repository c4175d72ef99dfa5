"""Charts are well-formed, say every value, keep their words apart, and fetch nothing."""

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pylopdf_fonts_zh_cn
import pytest
from PIL import ImageFont

from outreach.render.chart import bar_chart, funnel_chart, line_chart
from outreach.render.svg import lines_of, text_width

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>&<a href=\"x\" onload='y'>\x00\x1b"
LONG = "长途汽车站片区及原棉纺织厂职工家属院（含东区、西区和沿河自建房）"

BARS = bar_chart(
    "各社区：户数与已送达",
    [("城东社区", 1204, 1090), (LONG, 1432, 804), ("Riverside Compound (new estate)", 640, 402), ("开发区", 0, 0)],
    series=("户数", "已送达"),
)
LINES = line_chart(
    "每月新送达、登记与缴费户数",
    [f"2005年{month}月" for month in range(1, 13)],
    [
        ("新送达", [120, 150, 180, 160, 220, 260, 640, 810, 920, 780, 700, 872]),
        ("新登记", [80, 90, None, 120, 160, 180, 520, 700, 830, 760, 690, 880]),
        ("长途汽车站片区缴费", [60, 85, 90, 100, 150, 170, 480, 690, 800, 750, 660, 870]),
        ("没有数据", [None] * 12),
    ],
)
FUNNEL = funnel_chart("从联系到缴费", [("应联系", 7000), ("已送达", 5812), (LONG, 12), ("已缴费", 0)])
CHARTS = {"bars": BARS, "lines": LINES, "funnel": FUNNEL}


def words(svg: str) -> str:
    return "\n".join(element.text or "" for element in ElementTree.fromstring(svg).iter(SVG + "text"))


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return ImageFont.truetype(
        next(path for path in sorted(folder.rglob("*Sans*")) if path.suffix in {".ttf", ".otf"}), size
    )


def boxes(svg: str) -> list[tuple[float, float, float, float, str]]:
    """Left, top, right, bottom of every text as the real font measures it."""
    found = []
    for element in ElementTree.fromstring(svg).iter(SVG + "text"):
        text, size = element.text or "", float(element.attrib["font-size"])
        wide = font(100).getlength(text) * size / 100
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[element.attrib["text-anchor"]]
        found.append((left, y - size * 0.85, left + wide, y + size * 0.15, text))
    return found


@pytest.mark.parametrize("name", CHARTS)
def test_words_never_touch_each_other_or_leave_the_chart(name: str) -> None:
    svg = CHARTS[name]
    width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split()[2:])
    placed = boxes(svg)
    assert len(placed) > 5
    for number, (left, top, right, bottom, text) in enumerate(placed):
        assert left >= -0.5, text
        assert right <= width + 0.5, text
        assert top >= 0, text
        assert bottom <= height, text
        for other_left, other_top, other_right, other_bottom, other in placed[number + 1 :]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart, f"'{text}' touches '{other}'"


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_tells_its_title_and_content_to_those_who_do_not_see_it(name: str) -> None:
    root = ElementTree.fromstring(CHARTS[name])
    assert root.attrib["role"] == "img"
    title, description = root.findtext(SVG + "title"), root.findtext(SVG + "desc")
    assert title
    assert root.attrib["aria-label"] == title
    assert description


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_fetched_or_run(name: str) -> None:
    svg = CHARTS[name].replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|href|url\(|@import|<script|<style|<image|foreignObject|\son\w+=", svg)


def test_bars_say_part_whole_and_share_of_every_row() -> None:
    said = words(BARS)
    for expected in (
        "1,090 / 1,204 (90.5%)",
        "804 / 1,432 (56.1%)",
        "402 / 640 (62.8%)",
        "0 / 0 (—)",
        "户数",
        "已送达",
    ):
        assert expected in said
    assert LONG in said.replace("\n", "")


def test_bars_are_as_long_as_their_values() -> None:
    root = ElementTree.fromstring(bar_chart("x", [("a", 100, 25), ("b", 50, 50), ("c", 0, 0)]))
    wide = [float(box.attrib["width"]) for box in root.iter(SVG + "rect") if "%" not in box.attrib["width"]]
    assert [round(value / max(wide), 2) for value in wide] == [1.0, 0.25, 0.5, 0.5]


def test_a_small_value_is_still_seen() -> None:
    root = ElementTree.fromstring(bar_chart("x", [("a", 1_000_000), ("b", 1)]))
    assert min(float(b.attrib["width"]) for b in root.iter(SVG + "rect") if "%" not in b.attrib["width"]) >= 1


def test_lines_show_every_month_at_its_height_and_every_value_on_its_point() -> None:
    root = ElementTree.fromstring(line_chart("x", ["1月", "2月", "3月"], [("a", [0, 50, 100])]))
    points = [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in root.iter(SVG + "circle") if len(c)]
    assert points[0][1] - points[1][1] == pytest.approx(points[1][1] - points[2][1], abs=0.2)
    assert points[1][0] - points[0][0] == pytest.approx(points[2][0] - points[1][0], abs=0.2)
    tips = [element.text for element in root.iter(SVG + "title")]
    assert tips == ["x", "a, 1月: 0", "a, 2月: 50", "a, 3月: 100"]


def test_lines_name_each_series_with_its_latest_value() -> None:
    said = words(LINES).replace("\n", "")
    for expected in ("新送达 872", "新登记 880", "没有数据 —"):
        assert expected in said
    assert "870" in said


def test_a_missing_month_leaves_a_gap_in_the_line() -> None:
    whole = line_chart("x", ["1", "2", "3"], [("a", [1, 2, 3])])
    gap = line_chart("x", ["1", "2", "3"], [("a", [1, None, 3])])
    assert whole.count('stroke-width="2.5"') == 2
    assert gap.count('stroke-width="2.5"') == 0


def test_series_differ_by_marker_and_not_only_by_colour() -> None:
    assert "<circle" in LINES
    assert "<polygon" in LINES
    assert len(set(re.findall(r'stroke="(#\w+)" stroke-width="2.5"', LINES))) == 3


def test_a_funnel_says_number_share_of_all_and_share_of_the_step_before() -> None:
    said = words(FUNNEL)
    for expected in (
        "7,000",
        "5,812",
        "83.0% of all",
        "↓ 83.0% of the step before",
        "↓ 0.2% of the step before",
        "0.0% of all",
    ):
        assert expected in said


def test_the_shares_of_a_funnel_are_called_what_the_caller_says() -> None:
    said = words(funnel_chart("x", [("a", 4), ("b", 1)], of_all="占全部 {share}", of_before="占上一步 {share}"))
    assert "占全部 25.0%" in said
    assert "↓ 占上一步 25.0%" in said


@pytest.mark.parametrize(
    "svg",
    [
        bar_chart(HOSTILE, [(HOSTILE, 1, 1)], series=(HOSTILE,)),
        line_chart(HOSTILE, [HOSTILE], [(HOSTILE, [1])]),
        funnel_chart(HOSTILE, [(HOSTILE, 1), (HOSTILE, 1)], of_all=HOSTILE),
    ],
)
def test_hostile_labels_stay_words(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "text", "polyline", "polygon", "circle"}
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]


@pytest.mark.parametrize("svg", [bar_chart("无", []), line_chart("无", [], []), funnel_chart("无", [])])
def test_a_chart_of_nothing_is_still_a_chart(svg: str) -> None:
    assert "无" in words(svg)


def test_values_no_chart_can_show_are_refused() -> None:
    with pytest.raises(ValueError, match="zero or more"):
        bar_chart("x", [("a", -1)])
    with pytest.raises(ValueError, match="zero or more"):
        funnel_chart("x", [("a", float("nan"))])
    with pytest.raises(ValueError, match="one value a month"):
        line_chart("x", ["1", "2"], [("a", [1])])


def test_lines_of_text_are_few_and_about_equally_long() -> None:
    lines = lines_of("长途汽车站片区及原棉纺织厂职工家属院", 14, 200)
    assert [len(line) for line in lines] == [9, 9]
    assert lines_of("Riverside Compound (new estate)", 14, 150) == ["Riverside Compound", "(new estate)"]
    assert "".join(lines_of("x" * 100, 14, 50)) == "x" * 100


@pytest.mark.parametrize(
    "text", ["Registered households, 2026-12: 1,204", "长途汽车站（东）", "WWW MMM @@ 100%", "各社区 ABC"]
)
def test_estimated_widths_are_never_below_the_real_ones(text: str) -> None:
    assert text_width(text, 100) >= font(100).getlength(text)
