"""Word layouts that are wrong are refused in one sentence that names the file and the text at fault."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

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
            WordTemplate.load(drawn(lambda document, text=text: document.add_paragraph(text))).single(
                {"greeting": "甲"}
            )
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
