"""`outreach contact ...` as somebody at the keyboard, or a pipe, uses it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from outreach.services.territories import show_household
from outreach.services.walk_planning import plan_walks
from outreach.services.walks import show_walk

ENTRANCE = "城东社区 槐荫小区 2"


@pytest.fixture
def listed(town: Any) -> Any:
    """The town with walk lists of 2005-06-15; the program's own clock says later."""
    plan_walks(town.office, "", days=14)
    return town


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """pipe(text): what the next command reads from standard input."""

    def put(text: str | bytes) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))

    return put


def first_home(town: Any) -> Any:
    code = show_walk(town.office, "", 1).list.lines[0].household
    return show_household(town.office, "", code)


def test_a_list_is_typed_in_through_a_pipe(call: Any, listed: Any, pipe: Any) -> None:
    pipe("31\n2 12 c #要户口簿\n3-6 31\nt 31=5 12=1\nq\n")
    done = call("contact", "enter", 1, "--json", at=listed.root)
    assert done.json | {"missing": []} == done.json
    assert (done.json["new"], done.json["written"], done.json["totals"]) == (6, True, {"12": 1, "31": 5})
    assert "nobody home" in done.err
    assert not (listed.root / "journals" / "town-walk-1.txt").exists()


def test_every_door_is_answered_with_its_room_and_names(call: Any, listed: Any, pipe: Any) -> None:
    home = first_home(listed).household
    pipe("1 31\nx\n")
    said = call("contact", "enter", 1, at=listed.root).sentences
    (line,) = [text for text in said if "31 nobody home" in text]
    assert home.address.room in line
    assert home.persons[0].name in line
    assert "nothing was written; what was typed is kept" in said[-1]


def test_totals_that_differ_stop_the_writing(call: Any, listed: Any, pipe: Any) -> None:
    pipe("1 31\n2 12\nq\n")
    refused = call("contact", "enter", 1, "--total", "31=2", at=listed.root)
    assert refused.code == 6
    assert "31 nobody home: the paper says 2, typed are 1" in refused.err
    assert first_home(listed).attempts == ()
    # What was typed is kept; told so, it is written although the totals differ.
    pipe("q!\n")
    done = call("contact", "enter", 1, "--total", "31=2", "--json", at=listed.root)
    assert (done.json["new"], done.json["differences"]) == (2, [{"code": "31", "paper": 2, "typed": 1}])


@pytest.mark.parametrize(("text", "code"), [("1 31\n99 31\nhello\nq\n", 3), ("1 31\n", 6), ("", 6)])
def test_a_pipe_with_faults_or_without_an_end_writes_nothing(
    call: Any, listed: Any, pipe: Any, text: str, code: int
) -> None:
    pipe(text)
    answer = call("contact", "enter", 1, at=listed.root)
    assert answer.code == code
    assert first_home(listed).attempts == ()
    if code == 3:
        assert "line 99: the list has no such line" in answer.err
        assert "hello: 'hello' is no line and no code" in answer.err


def test_bytes_of_any_encoding_get_a_sentence(call: Any, listed: Any, pipe: Any) -> None:
    pipe("1 31 #不在\nq\n".encode("gb18030"))
    assert call("contact", "enter", 1, "--json", at=listed.root).json["new"] == 1
    assert first_home(listed).attempts[0].note == "不在"
    pipe(b"\xff\xfe\x00\x1b[2J\nq\n")
    answer = call("contact", "enter", 1, at=listed.root)
    assert answer.code == 3
    assert "\x1b" not in answer.err


def test_help_show_totals_and_undo_are_one_key_each(call: Any, listed: Any, pipe: Any) -> None:
    pipe("?\n1 31\n2 12\nu\nu\nu\n1 12\nt\ns\nx\n")
    said = call("contact", "enter", 1, at=listed.root).err
    for text in ("9-12 31", "43 vacant home", "taken back: 2", "taken back: 1", "nothing is left to undo"):
        assert text in said
    assert "12 card put into their hand: 1" in said
    assert "1 of 6 lines have a code" in said


def test_at_a_terminal_the_totals_are_asked_for(listed: Any) -> None:
    """A person at a terminal: the prompt names the next line, q asks for the totals, a difference is said first."""
    master, slave = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "outreach", "--lang", "en", "--workspace", str(listed.root), "contact", "enter", "1"],
        stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(slave)
    os.write(master, b"31\n31\n99 31\nq\n31=3\n31\nq\n")
    out, err = program.communicate(timeout=60)
    os.close(master)
    said = err.decode()
    assert program.returncode == 0, said
    assert "1> " in said
    assert "line 99: the list has no such line" in said  # said at once, and no reason not to write the others
    assert "totals at the foot of the paper" in said
    assert "the paper says 3, typed are 2" in said
    assert b"New" in out
    assert sum(len(show_household(listed.office, "", line.household).attempts)
               for line in show_walk(listed.office, "", 1).list.lines) == 3  # fmt: skip


def test_an_entrance_is_written_only_where_somebody_agrees(call: Any, town: Any, pipe: Any) -> None:
    town_call = ("contact", "entrance", ENTRANCE, "31", "--officer", "Y01", "--at", "2005-06-14 19:00")
    pipe("y\n")
    refused = call(*town_call, at=town.root)
    assert refused.code == 6
    assert "nobody is at the keyboard to confirm; add --yes" in refused.err
    done = call(*town_call, "--yes", "--json", at=town.root).json
    assert done["new"] == len(done["households"]) > 1
    assert done["outcome"] == "nobody_home"
    assert "known before" in call(*town_call, "--yes", at=town.root).out


def test_a_fact_is_withdrawn_and_moved(call: Any, town: Any) -> None:
    made = call("contact", "record", "H001", "12", "--left", "card", "--json", at=town.root).json
    assert made["disposition"] == "card_handed"
    done = call("contact", "withdraw", made["id"], "--reason", "next door", "--to", "H002", "--json", at=town.root).json
    assert (done["withdraws"], done["household"], done["to"]) == (made["id"], "H001", "H002")
    assert show_household(town.office, "", "H001").standing.attempts == 0
    assert show_household(town.office, "", "H002").attempts[0].id == done["moved"]
    assert call("contact", "withdraw", made["id"], "--reason", "x", at=town.root).code == 6


def test_forms_musts_promises_and_closing_come_from_the_command_line(call: Any, town: Any) -> None:
    options = ("--form", "registration", "--must", "all", "--promise", "2099-06-20", "--promise-about", "statement")
    made = call("contact", "record", "H001", "informed", *options, "--json", at=town.root).json
    assert (made["forms"], len(made["musts"])) == (["registration"], 6)
    (one,) = [row for row in call("followup", "list", "--json", at=town.root).json if row["kind"] == "promise"]
    closed = call(
        "contact", "record", "H001", "informed", "--channel", "call", "--close", one["id"], "--json", at=town.root
    )
    assert closed.json["closes"] == [one["id"]]
    assert call("contact", "record", "H001", "informed", "--close", one["id"], at=town.root).code == 3
    refused = call("contact", "record", "H001", "registered", "--form", "registration", at=town.root)
    assert refused.code == 3
    assert "a milestone comes from the ledger" in refused.err


def test_an_outcome_that_cannot_come_of_the_channel_is_refused_with_those_that_can(call: Any, town: Any) -> None:
    answer = call("contact", "record", "H001", "busy", at=town.root)
    assert answer.code == 3
    assert "'busy' cannot come of the channel 'visit'" in answer.err
    assert "nobody_home (31)" in answer.err
    assert call("contact", "record", "H001", "busy", "--channel", "call", at=town.root).code == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_codes_are_listed_for_people(call: Any, lang: str) -> None:
    shown = call("contact", "codes", "--channel", "call", lang=lang).out
    assert "3.12" in shown
    assert ("busy" if lang == "en" else "占线") in shown
    assert "vacant" not in shown
    assert call("contact", "codes", "--channel", "crawl").code == 3


def test_words_of_a_table_are_typed_for_a_contact_and_for_an_entrance(call: Any, town: Any) -> None:
    done = call(
        "contact", "record", "H001", "已讲清", "--channel", "电话", "--left", "服务卡", "--form", "登记表",
        "--must", "六要", "--at", "2005-06-14 19:00", "--json", at=town.root,
    ).json  # fmt: skip
    assert (done["disposition"], done["channel"], done["left"]) == ("informed", "call", ["card"])
    assert (done["forms"], len(done["musts"])) == (["registration"], 6)
    paid = call("contact", "record", "H001", "缴费", "--amount", "300", "--at", "2005-06-14", "--json", at=town.root)
    assert paid.json["amount_fen"] == 30_000
    sent = ("--channel", "短信", "--officer", "Y01", "--at", "2005-06-14 19:00", "--yes", "--json")
    assert call("contact", "entrance", ENTRANCE, "已寄发", *sent, at=town.root).json["outcome"] == "sent"
    refused = call("contact", "record", "H001", "已讲清", "--channel", "鸽子", at=town.root)
    assert refused.code == 2
    assert "鸽子" in refused.err


def test_a_question_declined_says_that_nothing_was_done(town: Any) -> None:
    """At a terminal: no is answered without a word about print runs."""
    master, slave = pty.openpty()
    program = subprocess.Popen(
        [
            sys.executable, "-m", "outreach", "--lang", "en", "--workspace", str(town.root), "contact", "entrance",
            ENTRANCE, "31", "--officer", "Y01", "--at", "2005-06-14 19:00",
        ],
        stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(slave)
    os.write(master, b"n\n")
    _out, err = program.communicate(timeout=60)
    os.close(master)
    said = err.decode()
    assert program.returncode == 130, said
    assert "stopped at the question; nothing was done" in said
    assert "run resume" not in said


def test_a_clock_that_is_fast_is_told_with_the_time_that_lies_in_the_future(call: Any, town: Any) -> None:
    log = town.root / "fast.log"
    assert call("contact", "record", "H001", "informed", "--at", "2005-03-08 18:30", at=town.root).code == 0
    assert call("contact", "export", log, at=town.root).code == 0
    head, line = log.read_text("utf-8").splitlines()
    fast = json.loads(line) | {"id": "0104793f-2180-7b0e-9f6a-5a5f5c3f1c11", "recorded_ms": 4_102_444_800_000}
    body = json.dumps(fast) + "\n"
    told = json.loads(head) | {"sha256": hashlib.sha256(body.encode()).hexdigest()}
    log.write_text(json.dumps(told) + "\n" + body, "utf-8")
    answer = call("contact", "merge", log, at=town.root)
    assert "household H001, 2005-03-08 18:30: recorded 2100-01-01 08:00, which lies in the future" in answer.err


def test_a_contact_moved_to_its_household_says_that_the_promise_goes_with_it(call: Any, town: Any) -> None:
    given = ("--promise", "2099-06-20", "--promise-about", "the papers")
    made = call("contact", "record", "H001", "informed", *given, "--json", at=town.root).json
    moved = call("contact", "withdraw", made["id"], "--reason", "wrong line", "--to", "H002", at=town.root)
    assert "what was promised is owed to H002 now: follow-up" in moved.out
