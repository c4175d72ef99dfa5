"""Proving, recalling and following pieces from the keyboard."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest


def made(call: Any, town: Any, *kinds: str) -> None:
    for kind in kinds:
        assert call("material", "make", kind, at=town.root).code == 0


def doctor(path: Path, old: str, new: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            target.writestr(entry, content)
    path.write_bytes(out.getvalue())


def test_a_run_as_made_ends_with_0_and_a_doctored_one_with_8_and_its_piece(call: Any, town: Any) -> None:
    made(call, town, "letter", "notice")
    answer = call("run", "verify", "--all", at=town.root)
    assert (answer.code, answer.out.count("as made")) == (0, 2)
    doctor(town.root / "out" / "0001-letter-docx" / "letter-G02.docx", "0700-5550022", "0700-5550028")
    answer = call("run", "verify", 1, at=town.root)
    assert answer.code == 8
    assert "3 wrong" in answer.out
    assert any("letter-G02.docx: the file was changed" in one for one in answer.sentences)
    assert any(
        "piece 9, household H010: 'officer.office_phone' is not '070****0022'" in one for one in answer.sentences
    )
    assert "0700-5550022" in call("run", "verify", 1, "--unmask", at=town.root).err
    found = call("run", "verify", 1, "--json", at=town.root)
    (run,) = json.loads(found.out)
    assert found.code == 8
    assert {flaw["sort"] for flaw in run["flaws"]} == {"changed", "value", "strange"}
    assert "0700-5550022" not in found.out
    answer = call("run", "verify", 1, at=town.root, lang="zh")
    assert answer.code == 8


@pytest.mark.parametrize("arguments", [(), ("1", "--all")])
def test_verify_asks_for_one_run_or_all(call: Any, town: Any, arguments: tuple[str, ...]) -> None:
    answer = call("run", "verify", *arguments, at=town.root)
    assert answer.code == 3
    assert "--all" in answer.err


def test_a_recall_is_listed_written_made_and_over(call: Any, town: Any, tmp_path: Path) -> None:
    made(call, town, "letter", "card")
    assert "no paper says" in call("run", "recall", at=town.root).out
    rows = [row | {"手机": "12105550901"} if row["工号"] == "Y01" else row for row in town.officer_rows()]
    assert call("officer", "import", town.table(rows, "officers.csv"), at=town.root).code == 0
    target = tmp_path / "to-tell.csv"
    answer = call("run", "recall", "--fact", "G01 mobile", "--kind", "letter", "--csv", target, at=town.root)
    assert "Y01 mobile: 121****0001 → 121****0901" in answer.out
    assert "0555" not in answer.out
    assert "--make" in answer.err
    lines = list(csv.reader(target.read_text("utf-8-sig").splitlines()))
    assert len(lines) == 9
    assert {line[3] for line in lines[1:]} <= {row["户号"] for row in town.household_rows()}
    found = call("run", "recall", "--json", at=town.root).json
    assert {piece["kind"] for piece in found["stale"]} == {"letter", "card"}
    assert found["made"] == []
    answer = call("run", "recall", "--make", at=town.root)
    assert "run 3: 11 pieces of card replace those of run 2" in answer.out
    assert "Replaces pieces of  2" in call("run", "show", 3, at=town.root).out
    assert "no paper says" in call("run", "recall", at=town.root).out
    assert call("run", "recall", "--csv", tmp_path / "list.txt", at=town.root).code == 3


def test_states_are_recorded_counted_and_listed(call: Any, town: Any, tmp_path: Path) -> None:
    made(call, town, "letter")
    assert (
        "8 pieces are now handed over: 1-8"
        in call("run", "state", 1, "handed_over", "--pieces", "1-8", "--by", "G01", at=town.root).out
    )
    answer = call("run", "state", 1, "delivered", "--pieces", "7-10", at=town.root)
    assert answer.code == 0
    refused = call("run", "state", 1, "posted", "--pieces", "6-8", at=town.root)
    assert (refused.code, refused.out) == (6, "")
    assert "pieces 7-8" in refused.err
    assert call("run", "state", 1, "returned", "--pieces", "7", at=town.root).code == 3
    assert call("run", "state", 1, "returned", "--pieces", "7", "--reason", "moved", at=town.root).code == 0
    table = call("run", "states", 1, at=town.root).out
    assert "all" in table
    assert "moved" in call("run", "states", 1, "--state", "returned", at=town.root).out
    target = tmp_path / "g01.xlsx"
    call("run", "states", 1, "--officer", "Y01", "--csv", target, at=town.root)
    assert zipfile.is_zipfile(target)
    found = call("run", "states", 1, "--officer", "Y01", "--json", at=town.root).json
    assert found["counts"][0]["counts"] == {"handed_over": 6, "delivered": 1, "returned": 1}
    assert "已退回" in call("run", "states", 1, "--state", "returned", at=town.root, lang="zh").out


def test_a_scanner_is_read_line_by_line_and_every_code_is_echoed(
    call: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(call, town, "letter")
    pieces = call("run", "show", 1, "--pieces", "--json", at=town.root).json["pieces"]
    codes = [piece["code"] for piece in pieces[:2]]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([codes[0], "1-1-ZZZZ", codes[1], codes[0], ""])))
    answer = call("run", "scan", "delivered", at=town.root)
    assert (answer.code, answer.out.strip()) == (3, "3 read, 1 refused")
    assert f"{codes[0]}: run 1, piece 1 {pieces[0]['household']} delivered" in answer.sentences
    assert any(one.startswith("line 2, 1-1-ZZZZ: no such piece was printed") for one in answer.sentences)
    assert any("was delivered before" in one for one in answer.sentences)
    assert call("run", "scan", "returned", at=town.root).code == 3


def test_facts_of_single_households_are_shown_when_asked_for(call: Any, town: Any) -> None:
    made(call, town, "letter")
    short = call("run", "show", 1, at=town.root)
    assert "H001" not in short.out
    assert "--pieces" in short.err
    assert "H001" in call("run", "show", 1, "--pieces", at=town.root).out
