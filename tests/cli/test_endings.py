"""Files to be written under an ending of another kind: refused in a sentence, before anything is drawn or written."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

AGENCIES = "机构编号,机构名称,地区,咨询电话\nA01,东办,东城,0700-5550100\nA02,西办,西城,0700-5550120\n"


@pytest.mark.parametrize(
    ("command", "name", "endings"),
    [
        (("phone", "draw", 1, "--to"), "call.docx", ".xlsx"),
        (("phone", "rank", "--bulletin"), "bulletin.pdf", ".docx"),
        (("phone", "export"), "directory.txt", ".vcf / .json / .xlsx"),
        (("survey", "draw", "--every", "--to"), "sheet.pdf", ".xlsx / .docx"),
        (("contact", "audit", "--to"), "questions.docx", ".xlsx"),
        (("ledger", "unmatched", "--to"), "open.docx", ".xlsx"),
        (("duty", "phones", "--file"), "duty.pdf", ".docx"),
        (("report", "coverage", "--xlsx"), "tables.docx", ".xlsx"),
        (("report", "coverage", "--html"), "page.pdf", ".html"),
        (("report", "staffing", "--xlsx"), "forecast.csv", ".xlsx"),
        (("report", "times", "--svg"), "times.png", ".svg"),
        (("material", "preview", "letter", "-o"), "letter.pdf", ".docx"),
    ],
)
def test_a_file_is_not_written_under_another_kinds_ending(
    call: Any, town: Any, command: tuple[object, ...], name: str, endings: str
) -> None:
    agencies = town.root / "agencies.csv"
    agencies.write_text(AGENCIES, "utf-8")
    assert call("phone", "import", agencies, at=town.root).code == 0
    target = town.root / name
    answer = call(*command, target, at=town.root)
    assert answer.code == 3
    assert answer.sentences[-1].startswith(f"{target}: the file's name does not end in {endings}; name it ")
    assert not target.exists()
    assert call("survey", "list", "--json", at=town.root).json == []
    assert call("phone", "draw", 1, "--json", at=town.root).json["draw"] == 1


def test_capitals_and_a_folder_are_endings_too(call: Any, town: Any) -> None:
    agencies = town.root / "agencies.csv"
    agencies.write_text(AGENCIES, "utf-8")
    assert call("phone", "import", agencies, at=town.root).code == 0
    assert call("phone", "export", town.root / "D.VCF", at=town.root).code == 0
    assert (town.root / "D.VCF").read_bytes().startswith(b"BEGIN:VCARD")
    assert call("phone", "export", town.root / "hsds", at=town.root).code == 0
    assert (town.root / "hsds" / "phones.csv").is_file()


def test_a_pipe_needs_no_ending_where_one_kind_is_written(call: Any, town: Any, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        assert call("contact", "audit", "--to", pipe, at=town.root).code == 0
        assert read.result(timeout=20).startswith(b"PK")
    assert call("survey", "draw", "--every", "--to", pipe, at=town.root).code == 3
