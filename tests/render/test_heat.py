"""The picture of chances: every number is on it, and what was not counted is marked."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from outreach.render.heat import HeatCell, HeatGrid, heat_map

SVG = "{http://www.w3.org/2000/svg}"


def grid(*chances: float, counted: bool = True) -> HeatGrid:
    cells = [HeatCell(chance, counted, f"tip {chance}") for chance in chances]
    return HeatGrid(
        "难户，白天上班", [f"{8 + n:02d}:00-{9 + n:02d}:00" for n in range(len(chances))], [("周一", cells)]
    )


def test_every_chance_and_name_is_on_the_picture() -> None:
    svg = heat_map("上门走访", "学自 5 次联系", [grid(0.25, 0.8), grid(0.0, 1.0)])
    words = [element.text for element in ET.fromstring(svg).iter(f"{SVG}text")]
    for one in ("上门走访", "学自 5 次联系", "难户，白天上班", "08:00-09:00", "周一", "25%", "80%", "0%", "100%"):
        assert one in words
    assert "tip 0.25" in svg


def test_what_was_not_counted_is_hatched_and_not_bold() -> None:
    counted, concluded = (heat_map("t", "", [grid(0.5, counted=seen)]) for seen in (True, False))
    assert "<path" not in counted
    assert "<path" in concluded
    assert counted.count("font-weight") == concluded.count("font-weight") + 1


def test_likelier_is_darker() -> None:
    root = ET.fromstring(heat_map("t", "", [grid(0.1, 0.5, 0.9)]))
    fills = [box.attrib["fill"] for box in root.iter(f"{SVG}rect") if box.attrib.get("rx") == "2"]
    reds = [int(fill[1:3], 16) for fill in fills]
    assert reds == sorted(reds, reverse=True)
    assert len(set(reds)) == 3


def test_tables_that_do_not_fit_their_columns_are_refused() -> None:
    broken = HeatGrid("n", ["a", "b"], [("r", [HeatCell(0.5, counted=True, tip="")])])
    with pytest.raises(ValueError, match="one cell a column"):
        heat_map("t", "", [broken])
    with pytest.raises(ValueError, match="0 to 1"):
        heat_map("t", "", [grid(1.2)])
