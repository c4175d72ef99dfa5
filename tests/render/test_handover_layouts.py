"""The paper of a handover as layouts: the Word list drawn by its script, the letter with and without a promise."""

from __future__ import annotations

import copy
import datetime as dt
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from docx import Document

from outreach.errors import CannotPrint
from outreach.render.manifest import load_kind
from outreach.render.page import make_pages
from outreach.render.word import WordTemplate

TEMPLATES = Path(__file__).parents[2] / "templates"
LIST, LETTER = load_kind(TEMPLATES / "handover"), load_kind(TEMPLATES / "handover_letter")
WHEN = dt.datetime(2005, 1, 10, tzinfo=dt.UTC)


def letter(language: str, **handover: str) -> str:
    values = copy.deepcopy(LETTER.sample_values(language))
    values["handover"] |= handover
    document = pypdfium2.PdfDocument(make_pages(LETTER, language, [values]))
    assert len(document) == 1
    return "".join(document[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_list_is_what_its_script_draws(language: str) -> None:
    # In a process of its own: a package that docxtpl uses for sub-documents changes what python-docx writes.
    draw = (
        "import sys; from draw_handover_docx import HandoverList as H; sys.stdout.buffer.write(H(sys.argv[1]).bytes())"
    )
    drawn = subprocess.run([sys.executable, "-c", draw, language], check=True, capture_output=True, cwd=TEMPLATES)
    assert drawn.stdout == LIST.layout("docx", language).read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_has_a_row_a_household_with_every_value_in_its_column(language: str) -> None:
    values: Any = LIST.sample_values(language)
    made = WordTemplate.load(LIST.layout("docx", language)).single(values, WHEN)
    facts, rows = Document(io.BytesIO(made)).tables
    assert facts.cell(1, 0).text == f"{values['handover']['before_post']} {values['handover']['before']}"
    assert facts.cell(1, 3).text == values["totals"]["households"]
    columns = ("number", "code", "address", "names", "difficulty", "standing", "last", "promise", "card")
    assert [[cell.text for cell in row.cells] for row in rows.rows[1:]] == [
        [row[name] for name in columns] for row in values["rows"]
    ]


@pytest.mark.parametrize(("language", "words"), [("zh", "另约时间"), ("en", "Theothertime")])
def test_a_letter_speaks_of_a_promise_only_where_one_is_open(language: str, words: str) -> None:
    assert words in letter(language)
    assert words not in letter(language, promise="")


@pytest.mark.parametrize(("language", "words"), [("zh", "领到的旧卡"), ("en", "nolongervalid")])
def test_a_letter_calls_a_card_void_only_where_one_was_given(language: str, words: str) -> None:
    assert words in letter(language)
    assert words not in letter(language, card="")


def test_long_names_stand_whole_and_a_name_beyond_all_measure_is_refused() -> None:
    name = "阿卜杜热合曼阿布·买买提吐尔逊阿卜杜拉依"
    assert name in letter("zh", before=name)
    with pytest.raises(CannotPrint, match="handover"):
        letter("zh", before="长" * 900)
