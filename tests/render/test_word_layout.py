"""A layout filled the quick way prints what Jinja prints, whatever came before: nothing remembered is ever stale."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from outreach.errors import BadInput, CannotPrint
from outreach.render.docx_balance import neutral
from outreach.render.docx_layout import Layout
from outreach.render.docx_quick import quick_way
from outreach.render.picture import Drawings, Media
from outreach.render.sandbox import environment
from outreach.render.word import WordTemplate

ENVIRONMENT = environment(autoescape=True)
SOURCE = (
    "<a>{{ bureau.name }}{{ bureau.hotline }}</a>"
    "{% for one in people %}<b>{{ one.name }} {{ one.age }}"
    "{% for year in one.years %}<c>{{ year }}</c>{% endfor %}"
    "{% if one.paid and not one.late %}<d/>{% elif one.age > 30 %}<e>{{ date }}</e>"
    "{% else %}<f>{{ one.name }}</f>{% endif %}"
    "</b>{% endfor %}"
    "{% if note is defined and note %}<g>{{ note }}</g>{% endif %}<h>{{ date|upper }}</h>{{ date }}"
)

TEXTS = st.text(alphabet="ab样&<>'\"\n 　é", max_size=6)
PERSON = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "age": st.integers(0, 60),
        "years": st.lists(TEXTS, max_size=3),
        "paid": st.booleans(),
        "late": st.booleans(),
    }
)
VALUES = st.fixed_dictionaries(
    {
        "bureau": st.fixed_dictionaries({"name": TEXTS, "hotline": st.one_of(TEXTS, st.integers(0, 9))}),
        "people": st.lists(PERSON, max_size=3),
        "date": st.sampled_from(["一月", "May", ""]),
    },
    optional={"note": st.one_of(TEXTS, st.none())},
)


def layout(source: str = SOURCE) -> Layout:
    return Layout(ENVIRONMENT, source, (b"<all>", b"</all>"), resolve=lambda xml: xml)


def filled(made: Layout, values: dict[str, Any]) -> str:
    return b"".join(made.filled(values, Drawings(Media(), first_relation=1))).decode()


@settings(max_examples=60, deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=8))
def test_letters_one_after_another_are_what_jinja_prints_for_each(letters: list[dict[str, Any]]) -> None:
    made, by_jinja = layout(), ENVIRONMENT.from_string(SOURCE)
    for values in letters * 3:
        assert filled(made, values) == by_jinja.render(values).replace("\r\n", "\n")


def test_a_long_run_whose_values_never_repeat_stays_right() -> None:
    made, by_jinja = layout(), ENVIRONMENT.from_string(SOURCE)
    for number in range(400):
        person = {"name": f"O'Brien & {number}", "age": number % 60, "years": ["1"] * (number % 4)}
        people = [person | {"paid": number % 2 == 0, "late": number % 3 == 0}] * (number % 3)
        values = {"bureau": {"name": "局", "hotline": number % 7}, "people": people, "date": f"{number}日"}
        assert filled(made, values) == by_jinja.render(values)


@pytest.mark.parametrize(
    ("one", "other", "printed"),
    [(1, True, "True"), (1, 1.0, "1.0"), ("1", 1, "1"), ("a&b", Markup("a&b"), "a&b"), ("", 0, "0")],
)
def test_equal_values_of_other_types_are_not_taken_for_one_another(one: Any, other: Any, printed: str) -> None:
    for wrapped in (lambda value: value, lambda value: [value]):
        made = layout("<a>{{ x }}</a>" if wrapped(1) == 1 else "<a>{{ x[0] }}</a>")
        filled(made, {"x": wrapped(one)})
        assert filled(made, {"x": wrapped(other)}) == f"<a>{printed}</a>"


def test_a_value_changed_in_place_prints_as_changed() -> None:
    made = layout("<a>{{ officer.name }}</a>")
    officer = {"name": "甲"}
    for name in ("甲", "乙", "丙"):
        officer["name"] = name
        assert filled(made, {"officer": officer}) == f"<a>{name}</a>"


def test_what_is_missing_is_not_taken_for_what_is_empty() -> None:
    made = layout("<a>{% if x is defined %}{{ x }}!{% else %}none{% endif %}</a>")
    assert [filled(made, values) for values in ({"x": ""}, {}, {"x": ""})] == ["<a>!</a>", "<a>none</a>", "<a>!</a>"]


def test_only_looking_up_looping_and_asking_goes_the_quick_way() -> None:
    tree = ENVIRONMENT.parse(SOURCE.replace("|upper", ""))
    assert quick_way(tree.body, neutral) is not None
    for slow in (
        "{{ x|upper }}",
        "{% set y = x %}{{ y }}",
        "{% for y in x %}{{ loop.index }}{% endfor %}",
        "{{ x.get('y') }}",
    ):
        assert quick_way(ENVIRONMENT.parse(slow).body, neutral) is None
    assert quick_way(ENVIRONMENT.parse("{% if x %}<w:p>{% endif %}").body, neutral) is None


def test_a_loop_over_texts_or_numbers_is_jinja_s_to_judge() -> None:
    made = layout("<a>{% for x in xs %}<b>{{ x }}</b>{% endfor %}</a>")
    assert filled(made, {"xs": "ab"}) == "<a><b>a</b><b>b</b></a>"
    with pytest.raises(TypeError):
        filled(made, {"xs": 5})


def test_names_set_in_a_layout_reach_the_whole_of_it() -> None:
    made = layout("<a>{% set x = date %}</a><b>{{ x }}</b>")
    assert [filled(made, {"date": day}) for day in ("一", "二")] == ["<a></a><b>一</b>", "<a></a><b>二</b>"]


@pytest.fixture
def word(tmp_path: Path) -> Callable[[Callable[[Any], None]], WordTemplate]:
    def made(fill: Callable[[Any], None]) -> WordTemplate:
        document = docx.Document()
        fill(document)
        document.save(str(tmp_path / "own.docx"))
        return WordTemplate.load(tmp_path / "own.docx")

    return made


def test_a_fault_in_a_late_letter_still_names_its_household_and_field(word: Callable[..., WordTemplate]) -> None:
    template = word(lambda document: document.add_paragraph("{{ household.code }} {{ officer.name }}"))
    letters = [{"household": {"code": f"S-{number}"}, "officer": {"name": "甲"}} for number in range(300)]
    letters[250]["officer"] = {}
    letters[270]["officer"] = {"name": "甲\x07"}
    for number, field in ((250, "officer.name"), (270, "officer.name")):
        for _time in range(2):
            for one in letters[:200]:
                template.single(one)
            with pytest.raises(CannotPrint, match=rf"household S-{number}\b.*{field}"):
                template.single(letters[number])


def test_a_layout_whose_tags_open_a_table_now_and_then_is_refused_only_then(word: Callable[..., WordTemplate]) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("{%p if whole %}")
        document.add_table(1, 1).cell(0, 0).add_paragraph("{%p endif %}")
        document.add_paragraph("{{ n }}")

    template = word(fill)
    for number in range(200):
        template.single({"whole": True, "n": number})
    with pytest.raises(BadInput, match="open or closed twice"):
        template.single({"whole": False, "n": 1})


def test_rows_of_unlike_length_get_even_columns_in_every_letter(word: Callable[..., WordTemplate]) -> None:
    def fill(document: Any) -> None:
        table = document.add_table(1, 3)
        for cell, text in zip(table.rows[0].cells, ("{%tc for x in xs %}", "{{ x }}", "{%tc endfor %}"), strict=True):
            cell.text = text

    template = word(fill)
    for count in (1, 4, 2, 4):
        file = template.single({"xs": ["甲"] * count})
        body = etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml"))
        assert len(list(body.iter(qn("w:gridCol")))) == len(list(body.iter(qn("w:tc")))) == count
