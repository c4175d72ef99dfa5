"""Follow-ups, cases, returned mail and notices as they are typed and read."""

from __future__ import annotations

import io
from typing import Any

import pytest


def test_a_follow_up_is_opened_listed_and_closed_by_the_contact_that_names_it(call: Any, town: Any) -> None:
    about = ("--due", "2099-01-05", "--about", "送对账单", "--received", "2005-03-08")
    key = call("followup", "open", "promise", "H001", *about, at=town.root).out.strip()
    shown = call("followup", "list", at=town.root).out
    assert "2099-01-05" in shown
    assert "送对账单" in shown
    assert key in shown
    done = call("contact", "record", "H001", "informed", "--at", "2005-03-08", "--close", key, at=town.root)
    assert done.code == 0, done.err
    kinds = [one["kind"] for one in call("followup", "list", "--json", at=town.root).json]
    assert kinds == ["return_visit"]
    (closed,) = call("followup", "list", "--state", "closed", "--json", at=town.root).json
    assert closed["id"] == key


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("followup", "open", "visit", "H001", "--about", "x"), 2, "'visit'"),
        (("followup", "open", "promise", "H001", "--about", "x"), 3, "--due: is missing"),
        (("followup", "move", "none", "--due", "2099-01-05"), 4, "there is no such follow-up"),
        (("followup", "overdue", "--by", "town"), 2, "'town'"),
        (("case", "step", "A1", 4), 2, "4"),
        (("case", "step", "A1", 1), 4, "A1: there is no such case"),
        (("mail", "returned", "--reason", "moved"), 2, "name a code, or codes with --file"),
        (("mail", "returned", "1-1-ZZZZ", "--reason", "moved"), 3, "no such piece was printed"),
        (("mail", "accept", "none"), 4, "there is no such proposal"),
        (("notice", "photo", 1, 1, "none.jpg"), 4, "there is no such print run"),
    ],
)
def test_what_is_typed_wrong_ends_with_a_sentence(
    call: Any, town: Any, arguments: tuple[object, ...], code: int, says: str
) -> None:
    answer = call(*arguments, at=town.root)
    assert answer.code == code
    (sentence,) = answer.sentences
    assert says in sentence


def test_a_scanner_types_codes_and_addresses_and_is_told_which_were_refused(
    call: Any, town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("material", "make", "letter", at=town.root)
    call("run", "state", 1, "posted", at=town.root)
    pieces = call("run", "states", 1, "--state", "posted", "--json", at=town.root).json["pieces"]
    first, second = (one["piece"] for one in pieces[:2])
    text = f"{first['code']}\n{second['code']},城西社区棉纺宿舍10栋1单元502室\n\x1b[31mrubbish\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    answer = call("mail", "returned", "--file", "-", "--reason", "unknown", at=town.root)
    assert answer.code == 3
    assert answer.out == "2 read, 1 refused\n"
    assert "\x1b" not in answer.err
    asked = call("mail", "proposals", "--json", at=town.root).json
    assert {one["household"] for one in asked} == {first["household"], second["household"]}
    shown = call("mail", "proposals", at=town.root).out
    assert "城西社区棉纺宿舍10栋1单元502室" in shown
    assert "not known" in shown


def test_accepting_says_that_the_post_stays_in_another_community(call: Any, town: Any) -> None:
    call("material", "make", "letter", at=town.root)
    call("run", "state", 1, "posted", at=town.root)
    pieces = call("run", "states", 1, "--state", "posted", "--json", at=town.root).json["pieces"]
    code = next(one["piece"]["code"] for one in pieces if one["piece"]["household"] == "H001")
    address = ("--new-address", "城西社区河湾小区7栋2单元501室")
    (told,) = call("mail", "returned", code, "--reason", "moved", *address, "--json", at=town.root).json
    answer = call("mail", "accept", told["proposal"], at=town.root)
    assert "Room 501, Unit 2, Building 7, 河湾小区, 城西社区" in answer.out
    assert "another community: the post stays" in answer.err
    assert "the place on the map is unknown" in answer.err


def test_what_must_come_down_is_told_by_day(call: Any, town: Any) -> None:
    call("material", "make", "notice", at=town.root)
    call("run", "state", 1, "posted", at=town.root)
    assert call("notice", "due", "--on", "2005-04-29", "--json", at=town.root).json == []
    found = call("notice", "due", "--on", "2005-05-02", "--json", at=town.root).json
    assert {one["days"] for one in found} == {2}


def test_calendars_of_follow_ups_and_cases_are_written(call: Any, town: Any) -> None:
    call("followup", "open", "promise", "H001", "--due", "2099-01-05", "--about", "x", at=town.root)
    cases = town.table([{"业务号": "A1", "申请日期": "2005-04-04"}], "cases.csv")
    assert call("case", "import", cases, at=town.root).out.startswith("1 rows: 1 cases added")
    for noun in ("followup", "case"):
        target = town.root / f"{noun}.ics"
        assert call(noun, "list", "--calendar", target, at=town.root).code == 0
        assert target.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_correction_without_its_promise_says_how_to_take_the_promise_back(call: Any, town: Any) -> None:
    when = ("--at", "2005-04-07", "--json")
    first = call("contact", "record", "H001", "nobody_home", *when, "--promise", "2005-06-20", at=town.root).json
    second = call("contact", "record", "H001", "nobody_home", *when, "--corrects", first["id"], at=town.root)
    (told,) = [line for line in second.err.splitlines() if "followup withdraw" in line]
    (open_,) = call("followup", "list", "--json", at=town.root).json
    assert "promise due on 2005-06-20 was opened with the contact corrected, and stands" in told
    assert f"outreach followup withdraw {open_['id']}" in told
    done = call("followup", "withdraw", open_["id"], "--reason", "手误", at=town.root)
    assert (done.code, open_["id"] in done.err) == (0, True)
    assert call("followup", "list", "--json", at=town.root).json == []


def test_a_second_complaint_of_a_household_is_remarked(call: Any, town: Any) -> None:
    told = ("followup", "open", "complaint", "H001", "--about", "没人接电话", "--received", "2005-06-01")
    first = call(*told, at=town.root)
    second = call(*told, at=town.root)
    assert "already" not in first.err
    assert "due on 2005-06-22" in first.err
    assert f"complaint of 2005-06-01 is open for H001 already: 没人接电话 ({first.out.strip()})" in second.err
    assert f"followup withdraw {second.out.strip()}" in second.err


def test_the_completion_rate_is_printed_by_its_name_in_the_table_and_on_the_page(call: Any, town: Any) -> None:
    call("contact", "record", "H002", "informed", at=town.root)
    call("contact", "record", "H003", "refused", at=town.root)
    shown = call("report", "outcomes", at=town.root).out
    assert "completion (RR1)" in shown
    assert "3.3%" in shown
    assert "50.0%" in shown
    call("report", "coverage", "--html", town.root / "page.html", at=town.root)
    page = (town.root / "page.html").read_text("utf-8")
    assert "completion (RR1)" in page
    assert "3.3%" in page


def test_the_column_of_steps_done_is_not_headed_as_a_day(call: Any, town: Any) -> None:
    call("case", "import", town.table([{"业务号": "A1", "申请日期": "2005-06-10"}], "cases.csv"), at=town.root)
    assert "Steps done" in call("case", "list", "--on", "2005-06-15", at=town.root).out
