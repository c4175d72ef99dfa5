"""The assignment's map: dots by size, pies where officers share, colours that differ among neighbours."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from outreach.render.palette import deal_colours, ink_on
from outreach.render.town_map import Base, Building, map_svg
from tests.render.test_chart import HOSTILE, SVG, words

BUILDINGS = [
    Building("槐荫小区2", (0, 0), {"G01": 40}),
    Building("槐荫小区3", (300, 0), {"G01": 5, "G02": 5}),
    Building("棉纺宿舍1", (600, 800), {"G02": 10}),
]
BASES = [Base("G01", "梁若舟", (100, 100), 45), Base("G02", "欧阳青禾", (500, 700), 15)]


def _circles(svg: str) -> list[tuple[float, float, float]]:
    return [
        (float(dot.attrib["cx"]), float(dot.attrib["cy"]), float(dot.attrib["r"]))
        for dot in ElementTree.fromstring(svg).iter(SVG + "circle")
    ]


def test_a_building_is_a_dot_of_an_area_like_its_households_and_a_shared_one_a_pie() -> None:
    svg = map_svg("谁负责哪些户", "", BUILDINGS, BASES, [])
    large, small = _circles(svg)[:2]
    assert (large[2] / small[2]) ** 2 == pytest.approx(4, rel=0.1)
    pieces = re.findall(r'<path d="M[^"]*A[^"]*" fill="(#\w+)"', svg)
    assert len(pieces) == 2
    assert len(set(pieces)) == 2


def test_north_is_up_east_is_right_and_metres_are_the_same_both_ways() -> None:
    svg = map_svg("t", "", BUILDINGS, BASES, [])
    (x1, y1, _r1), (x2, y2, _r2) = _circles(svg)[:2]
    assert x2 > x1
    assert y2 < y1
    assert (y1 - y2) / (x2 - x1) == pytest.approx(800 / 600, rel=0.02)
    metres = next(int(text.split()[0]) for text in words(svg).split("\n") if re.fullmatch(r"\d+ m", text))
    bar = next(
        line.attrib["points"].split() for line in ElementTree.fromstring(svg).iter(SVG + "polyline")
        if len(line.attrib["points"].split()) == 4
    )  # fmt: skip
    long = float(bar[2].split(",")[0]) - float(bar[1].split(",")[0])
    assert long / metres == pytest.approx((x2 - x1) / 600, rel=0.02)


def test_the_key_names_every_officer_with_code_and_count() -> None:
    said = words(map_svg("t", "", BUILDINGS, BASES, ["12 households are not drawn"]))
    told = "codes are short: 01 is post G01"
    for expected in ("梁若舟", "欧阳青禾", "45", "15", "01", "02", "12 households are not drawn", told):
        assert expected in said


def test_codes_stand_whole_where_posts_have_nothing_in_common() -> None:
    bases = [Base("东一", "甲", (0, 0), 1), Base("续保科", "乙", (500, 500), 1)]
    said = words(map_svg("t", "", [Building("1", (0, 10), {"东一": 1, "续保科": 1})], bases, []))
    assert "东一" in said
    assert "续保科" in said


def test_households_nobody_has_are_grey_and_said_so() -> None:
    svg = map_svg("t", "", [*BUILDINGS, Building("甲", (300, 300), {"": 4})], BASES, [])
    assert "no officer yet" in words(svg)
    assert "no officer yet" not in words(map_svg("t", "", BUILDINGS, BASES, []))


def test_a_slipped_coordinate_is_counted_and_does_not_shrink_the_town() -> None:
    near = map_svg("t", "", BUILDINGS * 80, BASES, [])
    far = map_svg("t", "", [*BUILDINGS * 80, Building("海外", (9_000_000, 0), {"G01": 3})], BASES, [])
    assert "3 households lie far outside the town and are not drawn" in words(far).replace("\n", " ")
    assert _circles(near)[:200] == _circles(far)[:200]


def test_names_are_shown_as_text_and_never_as_markup() -> None:
    svg = map_svg(HOSTILE, HOSTILE, [Building(HOSTILE, (0, 0), {"G01": 1})], [Base("G01", HOSTILE, (9, 9), 1)], [])
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_a_town_without_officers_or_of_one_point_is_drawn() -> None:
    assert "no officer yet" in words(map_svg("t", "", [Building("1", (0, 0), {"": 2})], [], []))


def test_sixty_officers_have_sixty_colours_and_neighbours_differ_clearly() -> None:
    places = {f"G{n:02d}": (float(n % 10) * 100, float(n // 10) * 100) for n in range(60)}
    colours = deal_colours(places)
    assert len(set(colours.values())) == 60
    for one, (x, y) in places.items():
        for other, place in places.items():
            if one < other and math.dist((x, y), place) <= 100:
                assert _apart(colours[one], colours[other]) > 60, (one, other)


def _apart(one: str, other: str) -> float:
    """Distance in sRGB; 441 is black to white."""
    return math.dist(*([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (one, other)))


def test_more_officers_than_colours_share_them_evenly_and_the_same_town_looks_the_same() -> None:
    places = {f"P{n}": (float(n * 37 % 101), float(n * 53 % 97)) for n in range(150)}
    colours = deal_colours(places)
    counts = [list(colours.values()).count(colour) for colour in set(colours.values())]
    assert min(counts) >= 2
    assert max(counts) <= 3
    assert deal_colours(dict(reversed(places.items()))) == colours


@pytest.mark.parametrize(("ground", "ink"), [("#000000", "#FFFFFF"), ("#FFFFFF", "#000000"), ("#FFDD55", "#000000")])
def test_codes_are_written_in_the_ink_that_reads_better(ground: str, ink: str) -> None:
    assert ink_on(ground) == ink
