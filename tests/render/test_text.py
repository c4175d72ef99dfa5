"""Texts print what they are given, stop at what is missing, and cannot run away."""

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest

from outreach.errors import BadInput, CannotPrint
from outreach.render import sandbox
from outreach.render.text import compile_text, environment, render_all


def made(source: str, **values: Any) -> str:
    return compile_text(source, name="note.txt.j2").render(values, where="household 0001")


def test_values_are_printed_and_never_rendered_again() -> None:
    assert made("{{ name }}", name="{{ 7 * 7 }}{% raw %}") == "{{ 7 * 7 }}{% raw %}"


def test_a_missing_field_is_named_with_its_place_in_the_values_and_in_the_template() -> None:
    with pytest.raises(CannotPrint) as caught:
        made("\n{% for p in persons %}{{ p.mobile }}{% endfor %}", persons=[{"mobile": "1"}, {"name": "x"}])
    (fault,) = caught.value.faults
    assert fault.where == "household 0001"
    assert "'persons[1].mobile'" in fault.what
    assert "note.txt.j2:2" in fault.what


def test_a_missing_name_stops_the_text_even_under_a_filter() -> None:
    with pytest.raises(CannotPrint, match="'greeting'"):
        made("{{ greeting|upper }}")


def test_nothing_prints_as_none() -> None:
    with pytest.raises(CannotPrint, match=r"person\.mobile has no value"):
        made("{{ person.mobile }}", person={"mobile": None})


def test_a_list_is_not_printed_as_program_text() -> None:
    with pytest.raises(CannotPrint, match="papers is a list"):
        made("{{ papers }}", papers=["a"])


def test_a_default_stands_in_for_a_missing_value() -> None:
    assert made("{{ greeting|default('hello') }}") == "hello"


def test_a_field_named_like_a_method_is_the_field() -> None:
    assert made("{{ a.items }} {{ a.get('items') }}", a={"items": "three"}) == "three three"


def test_a_syntax_error_names_template_and_line() -> None:
    with pytest.raises(BadInput) as caught:
        compile_text("one\n{% if %}", name="note.txt.j2")
    assert caught.value.faults[0].where == "note.txt.j2:2"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__ }}",
        "{{ x.__class__.__mro__ }}",
        "{{ range.__globals__ }}",
        "{{ self.__init__ }}{{ x['__class__'] }}",
        "{{ x|attr('__class__') }}",
        "{{ x|map(attribute='__class__')|list }}",
        "{{ '{0.__class__}'.format(x) }}",
        "{{ '%1000000000d' % 3 }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x'|center(1000000000) }}",
        "{{ day.strftime('%1000000000d') }}",
        "{{ lipsum() }}{{ cycler }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% extends 'a' %}",
        "{% autoescape false %}{% endautoescape %}",
        "{{ x|safe }}",
        "{{ x.append(1) }}",
    ],
)
def test_a_template_cannot_reach_into_the_program(source: str) -> None:
    with pytest.raises((BadInput, CannotPrint)):
        made(source, x=["a"], day=dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 50000000 }}",
        "{{ [1] * 50000000 }}",
        "{{ ['a' * 1000] * 1000 }}",
        "{{ 2 ** 100000000 }}",
        "{{ 10 ** 60 ** 60 }}",
        "{{ 5|round(-100000000) }}",
        "{{ range(100000) }}",
        "{{ range(1000)|join('x' * 90000) }}",
        "{{ ('x' * 90000)|replace('x', 'y' * 90000) }}",
        "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
        "{% set n = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set n.x = n.x + n.x %}{% endfor %}",
        "{% set n = namespace(x=7) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}",
        "{% set x = 'aaaaaaaa' %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 60,
        "{% set x = 'aaaaaaaa' %}" + "{% set x = x ~ x %}" * 60,
        "{% set x = [1] %}" + "{% set x = [x, x] %}" * 60 + "{{ x == x }}",
        "{% set x = [1] %}" + "{% set x = {'a': x, 'b': x} %}" * 60,
        "{% for i in range(999) %}" * 4 + "{% endfor %}" * 4,
        "{% for i in range(999) %}{% for j in range(90) %}" + "y" * 3000 + "{% endfor %}{% endfor %}",
        "{% set x %}{% for i in range(999) %}{% for j in range(90) %}"
        + "y" * 3000
        + "{% endfor %}{% endfor %}{% endset %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}",
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ 9" + "9" * 5000 + " }}",
        "x" * 300_000,
    ],
)
def test_a_template_that_would_run_away_is_refused_soon(source: str) -> None:
    begun = time.monotonic()
    with pytest.raises(BadInput):
        made(source)
    assert time.monotonic() - begun < 10


def test_a_value_longer_than_the_text_may_be_is_refused() -> None:
    with pytest.raises(BadInput, match="200000 characters"):
        made("{{ x }}", x="字" * 200_001)


def test_each_rendering_has_a_budget_of_its_own() -> None:
    text = compile_text("{% for i in range(900) %}{{ i }}{% endfor %}", name="n")
    for _ in range(sandbox.MAX_STEPS // 900 + 2):
        text.render({}, where="x")


def test_texts_filled_together_are_filled_alike_each_within_its_own_budget() -> None:
    texts = [compile_text(source, name="t") for source in ("{{ a.b }}", "{{ 'x' * 90000 }}{{ a.b }}")]
    one, other = render_all(texts, {"a": {"b": "1"}}, where="H001")
    assert (one, other[-2:], len(other)) == ("1", "x1", 90001)
    with pytest.raises(TypeError):
        render_all(texts, {"a": {"b": [object()]}}, where="H001")


def test_values_are_plain_data_or_the_program_is_wrong() -> None:
    with pytest.raises(TypeError, match="plain data"):
        made("{{ x }}", x={"deep": [object()]})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 123456789|money }}", "1,234,567.89"),
        ("{{ -5|money }}", "-0.05"),
        ("{{ '07005550100'|phone }}", "0700-5550100"),
        ("{{ '0700-5550100'|phone_spoken_zh }}", "零七零零，五五五零幺零零"),
        ("{{ '400-555-0101'|phone_spoken_en }}", "four zero zero, five five five, zero one zero one"),
        ("{{ ['甲', '乙']|join_zh }}", "甲、乙"),
        ("{{ ['a', 'b', 'c']|join_en }}", "a, b and c"),
        ("{{ ['a']|join_en }}{{ []|join_en }}", "a"),
        ("{{ day|date_zh }}", "2026年2月14日"),
        ("{{ day|date_en }}", "14 February 2026"),
        ("{{ '2010-02-14'|date_zh }}", "2010年2月14日"),
        ("{{ 'a\n  b'|one_line }}", "a b"),
        ("{{ '好。'|unended }}", "好"),
        ("{{ '好'|ended('。') }}{{ '好！'|ended('。') }}{{ ''|ended('。') }}", "好。好！"),
        ("{{ [1, 2]|sum }}", "3"),
    ],
)
def test_the_fields_own_filters(source: str, expected: str) -> None:
    assert made(source, day=dt.date(2026, 2, 14)) == expected


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (10, "十"),
        (15, "十五"),
        (101, "一百零一"),
        (110, "一百一十"),
        (7020, "七千零二十"),
        (10010, "一万零一十"),
        (100500, "十万零五百"),
        (13_000_000, "一千三百万"),
        (100_010_000, "一亿零一万"),
        (1_234_567_890_123, "一万二千三百四十五亿六千七百八十九万零一百二十三"),
        (-3, "负三"),
    ],
)
def test_numbers_are_spelled_in_chinese(number: int, words: str) -> None:
    assert made("{{ n|zh_number }}", n=number) == words


@pytest.mark.parametrize("source", ["{{ 'x'|phone }}", "{{ 1.5|money }}", "{{ true|money }}", "{{ 'x'|date_zh }}"])
def test_a_value_of_the_wrong_kind_stops_the_text_and_is_named(source: str) -> None:
    with pytest.raises(CannotPrint, match=r"note.txt.j2:1"):
        made(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ 0.1 * days }} {{ 0.1 + 0.2 }}", "0.3 0.3"),
        ("{{ fee * 24 }}", "3302.40"),
        ("{{ fee * 0.20 }} {{ fee * 0.333 }}", "27.52 45.8208"),
        ("{{ (fee * 0.333)|round(2) }} {{ 2.675|round(2) }}", "45.82 2.68"),
        ("{{ 15 / days }} {{ 7 / 2 }}", "5 3.5"),
        ("{{ measured * fee }}", "13.76"),
        ("{% if fee == 137.6 %}{{ large }}{% endif %}", "100"),
    ],
)
def test_numbers_are_reckoned_with_and_printed_in_decimal_digits(source: str, expected: str) -> None:
    values = {"days": 3, "fee": Decimal("137.60"), "measured": 0.1, "large": Decimal("1E+2")}
    assert compile_text(source, name="example").render(values, where="qa.toml") == expected


def test_a_number_without_end_is_not_printed() -> None:
    with pytest.raises(CannotPrint, match="no number that can be printed"):
        compile_text("{{ 1e400 }}", name="example").render({}, where="qa.toml")


def test_the_escaping_environment_escapes_values_and_what_is_joined_from_them() -> None:
    source = "{{ a }}|{{ a ~ '&' }}|{{ [a, '&']|join('<') }}"
    assert environment(autoescape=True).from_string(source).render(a="<b>") == (
        "&lt;b&gt;|&lt;b&gt;&amp;|&lt;b&gt;&lt;&amp;"
    )
