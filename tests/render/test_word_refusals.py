"""Word layouts that are wrong are refused in one sentence that names the file and the text at fault."""

import datetime as dt
import functools
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docxtpl import Listing, RichText

from outreach.errors import BadInput, CannotPrint
from outreach.render.word import WordTemplate

STAMP = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
Drawer = Callable[[Callable[[Any], None]], Path]


@pytest.fixture
def drawn(tmp_path: Path) -> Drawer:
    """A layout drawn by a function that fills an empty document."""

    def draw(fill: Callable[[Any], None]) -> Path:
        document = docx.Document()
        fill(document)
        path = tmp_path / "own.docx"
        document.save(str(path))
        return path

    return draw


def add_paragraph(text: str, document: Any) -> None:
    document.add_paragraph(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ greeting", "{{ greeting"),
        ("甲 {% if x %} 乙", "甲"),
        ("{{ a b }}", "{{ a b }}"),
        ("{% include 'x' %}", "include"),
    ],
)
def test_a_faulty_tag_is_refused_with_file_and_text(drawn: Drawer, text: str, expected: str) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("before")
        document.add_paragraph(text)

    path = drawn(fill)
    with pytest.raises(BadInput) as caught:
        WordTemplate.load(path)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"plain text", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_a_file_that_is_no_docx_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"letter\.docx: is not a \.docx file"):
        WordTemplate.load(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("readme.txt", "x")
    with pytest.raises(BadInput, match=r"is not a \.docx file"):
        WordTemplate.load(path)
    with pytest.raises(BadInput, match="cannot be read"):
        WordTemplate.load(tmp_path / "none.docx")


def test_a_layout_cannot_leave_the_sandbox_or_run_on(drawn: Drawer) -> None:
    for text in ("{{ greeting.__class__.__mro__ }}", "{{ 'a' * 50000000 }}"):
        with pytest.raises((BadInput, CannotPrint)):
            WordTemplate.load(drawn(functools.partial(add_paragraph, text))).single({"greeting": "甲"})
    run_on = "".join(f"{{% for {name} in range(999) %}}" for name in "abc") + "x" + "{% endfor %}" * 3
    with pytest.raises(BadInput, match="steps"):
        WordTemplate.load(drawn(lambda document: document.add_paragraph(run_on))).single({"greeting": "甲"})


def test_tags_that_leave_a_table_open_are_refused_before_word_has_to(drawn: Drawer) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("{%p if whole %}")
        document.add_table(1, 1).cell(0, 0).add_paragraph("{%p endif %}")

    template = WordTemplate.load(drawn(fill))
    assert docx.Document(io.BytesIO(template.single({"whole": True}))).tables
    for make in (template.single, lambda values: template.merged([values], STAMP)):
        with pytest.raises(BadInput, match=r"own\.docx.*open or closed twice.*letter 1"):
            make({"whole": False})


@pytest.mark.parametrize(
    "tag", ["{{r officer.name }}", "{{p officer.name }}", "甲 {%r if officer %}{{r officer.name }}{%r endif %}"]
)
def test_a_plain_text_that_word_would_hide_is_refused_once_and_with_its_mend(drawn: Drawer, tag: str) -> None:
    template = WordTemplate.load(drawn(functools.partial(add_paragraph, tag)))
    values = {"officer": {"name": "李 & 王"}}
    for make in (
        functools.partial(template.single, values),
        functools.partial(template.merged, [values] * 3, STAMP),
    ):
        with pytest.raises(BadInput) as caught:
            make()
        (fault,) = caught.value.faults
        assert fault.where == str(template.path)
        assert fault.what == "the tag of 'officer.name' would print a bare text, which Word does not show"
        assert fault.mend == "write {{ officer.name }} in the text, without r or p, or give a RichText"


def test_a_number_an_escaped_text_and_a_listing_are_bare_texts_too(drawn: Drawer) -> None:
    values = {"count": 12, "note": "请来", "list": Listing("一\n二")}
    for tag in ("{{r count }}", "{{r note|e }}", "{{r list }}", "{% if note %}{{r note }}{% endif %}"):
        path = drawn(functools.partial(add_paragraph, tag))
        with pytest.raises(BadInput, match="bare text"):
            WordTemplate.load(path).single(values)


def test_a_margin_with_a_bare_text_is_refused_too(drawn: Drawer) -> None:
    def fill(document: Any) -> None:
        document.sections[0].header.add_paragraph("{{r name }}")

    path = drawn(fill)
    with pytest.raises(BadInput, match="'name' would print a bare text"):
        WordTemplate.load(path).single({"name": "李"})


def test_rich_text_and_nothing_at_all_may_stand_beside_runs(drawn: Drawer) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("{{r rich }}{{r empty }}")
        document.add_paragraph("{{ plain }}")

    letter = WordTemplate.load(drawn(fill)).single({"rich": RichText("李", bold=True), "empty": "", "plain": "王"})
    assert [paragraph.text for paragraph in docx.Document(io.BytesIO(letter)).paragraphs] == ["李", "王"]
