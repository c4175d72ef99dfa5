"""The radio's cue sheet as a Word layout: drawn by its script, one page for its samples."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from outreach.render.manifest import load_kind
from outreach.render.word import WordTemplate

KIND = load_kind(Path(__file__).parents[2] / "templates" / "radio")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_layout_is_what_its_script_draws(language: str) -> None:
    # In a process of its own: a package that docxtpl uses for sub-documents changes what python-docx writes.
    draw = "import sys; from draw_radio_docx import CueSheet; sys.stdout.buffer.write(CueSheet(sys.argv[1]).bytes())"
    scripts = KIND.folder.parent
    drawn = subprocess.run([sys.executable, "-c", draw, language], check=True, capture_output=True, cwd=scripts)
    assert drawn.stdout == KIND.layout("docx", language).read_bytes()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_samples_fill_one_row_each_and_sound_is_named(language: str) -> None:
    made = WordTemplate.load(KIND.layout("docx", language)).single(
        KIND.sample_values(language), dt.datetime(2005, 1, 10, tzinfo=dt.UTC)
    )
    rows = [[cell.text for cell in row.cells] for row in Document(io.BytesIO(made)).tables[1].rows]
    assert len(rows) == 4
    assert rows[1][3] == {"zh": "音响", "en": "SOUND"}[language]
    assert rows[2][3] == {"zh": "主持人", "en": "PRESENTER"}[language]
    assert [row[5] for row in rows[1:]] == ["0:08", "0:09", "0:09"]


def test_a_day_with_one_slot_has_no_line_for_others() -> None:
    values = KIND.sample_values("en")
    values["segment"] = values["segment"] | {"also": ""}
    made = WordTemplate.load(KIND.layout("docx", "en")).single(values, dt.datetime(2005, 1, 10, tzinfo=dt.UTC))
    words = [paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs]
    assert not any(text.startswith("Also on air") for text in words)
