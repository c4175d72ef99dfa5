"""The report page, read back as HTML."""

import re

import lxml.html
import pytest

from outreach.render.chart import bar_chart, funnel_chart
from outreach.render.report_page import KeyFigure, Section, Table, make_report_page

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=y>{{ 7*7 }}"
CHART = bar_chart("各社区", [("城东", 10, 5)])
SECTION = Section(
    "总体进展",
    paragraphs=["已送达五千户。"],
    figures=[KeyFigure("已送达", 5812, "83.0%"), KeyFigure("未知", None)],
    charts=[CHART, funnel_chart("漏斗", [("全部", 10), ("送达", 5)])],
    table=Table(
        ["社区", "户数", "送达率"],
        [["城东", 1204, "90.5%"], ["城西", 986, None], ["合计", 2190, "92.4%"]],
        "进度",
        totals=True,
    ),
)


def page(*sections: Section, title: str = "月度进展", subtitle: str = "示例县", **more: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(make_report_page(title, subtitle, sections, **more).decode("utf-8"))


def test_every_word_and_number_stands_on_the_page() -> None:
    text = page(SECTION, footer="数据截至昨日").text_content()
    for expected in (
        "月度进展",
        "示例县",
        "总体进展",
        "已送达五千户。",
        "5,812",
        "83.0%",
        "进度",
        "1,204",
        "90.5%",
        "数据截至昨日",
    ):
        assert expected in text
    assert "None" not in text


def test_columns_of_numbers_align_right_with_their_headings() -> None:
    (table,) = page(SECTION).findall(".//table")
    assert [cell.get("class") for cell in table.findall(".//th")] == ["words", "number", "number"]
    assert {cell.get("class") for row in table.findall(".//tr") for cell in row[1:]} == {"number"}
    assert all(cell.get("scope") == "col" for cell in table.findall(".//th"))


def test_totals_stand_in_the_foot_of_the_table() -> None:
    (foot,) = page(SECTION).findall(".//tfoot")
    assert [cell.text for cell in foot.iter("td")] == ["合计", "2,190", "92.4%"]
    assert len(page(SECTION).findall(".//tbody/tr")) == 2


def test_charts_are_drawn_in_the_page() -> None:
    assert [svg.get("role") for svg in page(SECTION).iter("svg")] == ["img", "img"]
    assert CHART.encode() in make_report_page("x", "", [SECTION])


def test_hostile_words_stay_words_wherever_they_stand() -> None:
    section = Section(
        HOSTILE,
        [HOSTILE],
        [KeyFigure(HOSTILE, HOSTILE, HOSTILE)],
        [bar_chart(HOSTILE, [(HOSTILE, 1)])],
        Table([HOSTILE], [[HOSTILE]], HOSTILE),
    )
    root = page(section, title=HOSTILE, subtitle=HOSTILE, footer=HOSTILE)
    assert not list(root.iter("script", "img"))
    assert not [
        key for element in root.iter() if isinstance(element.tag, str) for key in element.attrib if key.startswith("on")
    ]
    assert root.findtext(".//h1") == HOSTILE
    assert root.findtext(".//td") == HOSTILE


@pytest.mark.parametrize(
    "chart",
    [
        "<svg><script>alert(1)</script></svg>",
        '<svg onload="x()"></svg>',
        '<svg xmlns:x="http://www.w3.org/1999/xlink"><g x:href="http://evil.invalid"/></svg>',
        "<svg><foreignObject/></svg>",
        "<svg><style>@import 'x'</style></svg>",
        '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        "<svg>",
        "plain words",
    ],
)
def test_a_chart_that_is_more_than_a_drawing_is_refused(chart: str) -> None:
    with pytest.raises(ValueError, match="chart"):
        make_report_page("x", "", [Section("x", charts=[chart])])


def test_the_page_is_whole_by_itself_and_runs_nothing() -> None:
    content = make_report_page("x", "y", [SECTION]).decode("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|//\w|src=|href=|url\(|@import|<script|<link|<iframe", content)
    assert "default-src 'none'" in content


def test_the_page_can_be_printed_and_names_its_language() -> None:
    content = make_report_page("x", "", [], language="en")
    assert b"@media print" in content
    assert b"@page" in content
    assert page(language="en").get("lang") == "en"
    assert page().get("lang") == "zh-CN"


def test_headings_run_in_order_without_a_gap() -> None:
    assert [element.tag for element in page(SECTION, SECTION).iter("h1", "h2", "h3")] == ["h1", "h2", "h2"]


def test_a_row_that_does_not_match_its_headings_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1"):
        make_report_page("x", "", [Section("x", table=Table(["a", "b"], [["1"]]))])


def test_the_same_report_is_the_same_bytes() -> None:
    assert make_report_page("x", "y", [SECTION]) == make_report_page("x", "y", [SECTION])
