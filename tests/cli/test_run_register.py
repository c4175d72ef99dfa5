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
    assert answer.code == 2
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
    assert "run 3 (Service card) replaces pieces of run 2: 11" in answer.out
    assert "Replaces pieces of  2" in call("run", "show", 3, at=town.root).out
    assert "no paper says" in call("run", "recall", at=town.root).out
    assert call("run", "recall", "--csv", tmp_path / "list.txt", at=town.root).code == 3


def test_states_are_recorded_counted_and_listed(call: Any, town: Any, tmp_path: Path) -> None:
    made(call, town, "letter")
    assert (
        "pieces now handed over: 8 (1-8)"
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


def codes_of(call: Any, town: Any) -> list[str]:
    return [piece["code"] for piece in call("run", "show", 1, "--pieces", "--json", at=town.root).json["pieces"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_scanners_file_is_read_in_either_encoding(call: Any, town: Any, tmp_path: Path, encoding: str) -> None:
    made(call, town, "letter")
    codes = codes_of(call, town)
    file = tmp_path / "codes.txt"
    file.write_bytes(f"{codes[0]}\n户号\n{codes[1]}\n".encode(encoding))
    answer = call("run", "scan", "delivered", file, at=town.root)
    assert (answer.code, answer.out.strip()) == (3, "2 read, 1 refused")
    assert answer.sentences[1].startswith("line 2, 户号: ")


def test_a_file_that_is_no_text_or_not_there_is_refused_whole_in_our_words(
    call: Any, town: Any, tmp_path: Path
) -> None:
    made(call, town, "letter")
    file = tmp_path / "codes.txt"
    for content in (b"\xff\xfe\x80\xff\n", codes_of(call, town)[0].encode("utf-16")):
        file.write_bytes(content)
        answer = call("run", "scan", "delivered", file, at=town.root)
        assert (answer.code, answer.out) == (3, "")
        assert answer.sentences == [
            f"{file}: is no text in UTF-8 or GB18030; save the codes as text in UTF-8, one a line"
        ]
    answer = call("run", "scan", "delivered", tmp_path / "gone.txt", at=town.root, lang="zh")
    assert answer.code == 4
    assert "没有这个文件" in answer.err
    assert "No such file" not in answer.err
    assert call("run", "scan", "delivered", tmp_path, at=town.root).code == 3


def test_bytes_from_a_scanner_that_are_no_text_do_not_stop_the_rest(
    call: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(call, town, "letter")
    sent = b"\xff\xfe\n" + codes_of(call, town)[0].encode() + b"\r\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent), "ascii"))
    answer = call("run", "scan", "delivered", at=town.root)
    assert (answer.code, answer.out.strip()) == (3, "1 read, 1 refused")


def test_a_long_line_is_echoed_cut_short_and_without_signs_that_steer_the_terminal(
    call: Any, town: Any, tmp_path: Path
) -> None:
    made(call, town, "letter")
    file = tmp_path / "codes.txt"
    file.write_text("A" * 5000 + "\n1\x1b[2J\n", "utf-8")
    long, steering = call("run", "scan", "delivered", file, at=town.root).sentences
    assert long.startswith(f"line 1, {'A' * 39}…: ")
    assert "\x1b" not in steering


def test_one_piece_is_counted_in_words_that_hold_for_one(call: Any, town: Any) -> None:
    made(call, town, "letter")
    answer = call("run", "state", 1, "handed_over", "--pieces", "9", at=town.root)
    assert answer.out == "pieces now handed over: 1 (9)\n"


def test_a_mistyped_fact_is_not_found_and_those_like_it_are_named(call: Any, town: Any) -> None:
    made(call, town, "letter")
    answer = call("run", "recall", "--fact", "G01 mobil", at=town.root)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("G01 mobil: no paper carries a fact of this name; write one such as G01 mobile")
    assert call("run", "recall", "--fact", "g01 MOBILE", "--fact", "booth", at=town.root).code == 4
    for known in ("g01 MOBILE", "0700-5550100", "bureau hours", "Y01", "H001 address", "phone"):
        assert call("run", "recall", "--fact", known, at=town.root).code == 0, known


def test_kinds_are_told_by_their_titles(call: Any, town: Any) -> None:
    made(call, town, "notice")
    assert "门栋告示，pdf" in call("run", "verify", 1, at=town.root, lang="zh").out.replace(", pdf", "，pdf")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))
    shown = call("run", "recall", at=town.root, lang="zh").out
    assert "门栋告示" in shown
    assert "notice" not in shown
