"""A whole entrance at once: the right doors, all or nothing, and never twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.contact_entrance import check_entrance, record_entrance
from outreach.services.contacts import record_attempt
from outreach.services.rosters import list_households
from outreach.services.territories import show_household

ENTRANCE = "城东社区 槐荫小区 2"
AT = dt.datetime(2005, 6, 14, 19, 0)  # noqa: DTZ001 - a clock time of the workspace's zone


def plan(town: Any, entrance: str = ENTRANCE, outcome: str = "nobody_home", **more: Any) -> Any:
    return check_entrance(town.office, "", entrance, outcome, **({"at": AT, "officer": "Y01"} | more))


def behind(town: Any) -> list[Any]:
    return [
        home for home in list_households(town.office) if home.address.entrance_key == ("城东社区", "槐荫小区", "2", "")
    ]


def test_every_household_behind_the_entrance_gets_the_outcome(town: Any) -> None:
    found = plan(town, left=("notice",), note="敲门无人应")
    assert {door.home.code for door in found.doors} == {home.code for home in behind(town)}
    done = record_entrance(town.office, found)
    assert (done.new, done.known) == (len(behind(town)), 0)
    for home in behind(town):
        (made,) = show_household(town.office, "", home.code).attempts
        assert (made.disposition.value, made.officer, made.left, made.note) == (
            "nobody_home", "Y01", ("notice",), "敲门无人应",
        )  # fmt: skip
    again = record_entrance(town.office, plan(town, left=("notice",), note="敲门无人应"))
    assert (again.new, again.known) == (0, len(behind(town)))


@pytest.mark.parametrize("name", ["城东社区槐荫小区2栋", "城东社区　槐荫小区　２栋", "Building 2, 槐荫小区, 城东社区"])
def test_the_entrance_may_be_named_as_people_write_it(town: Any, name: str) -> None:
    assert len(plan(town, name).doors) == len(behind(town))


def test_rooms_may_be_left_out_by_number_or_household(town: Any) -> None:
    first, second = behind(town)[:2]
    found = plan(town, excepted=(first.code, second.address.room))
    kept = {door.home.code for door in found.doors}
    assert first.code not in kept
    assert second.code not in kept
    assert len(found.left_out) >= 2
    with pytest.raises(BadInput, match="there is no room 999 behind this entrance"):
        plan(town, excepted=("999",))
    with pytest.raises(BadInput, match="leaves nobody"):
        plan(town, excepted=tuple(home.code for home in behind(town)))


def test_an_entrance_nobody_knows_is_refused_with_the_nearest(town: Any) -> None:
    with pytest.raises(NotFound) as caught:
        plan(town, "城东社区 槐荫小区 3")
    assert "Building 2, 槐荫小区, 城东社区" in caught.value.faults[0].mend


def test_an_entrance_that_posts_share_needs_to_know_who_was_there(town: Any) -> None:
    posts = {show_household(town.office, "", home.code).assigned.post for home in behind(town)}
    if len(posts) > 1:
        with pytest.raises(Conflict, match="share the entrance"):
            plan(town, officer="")
    one = sorted(posts)[0]
    found = plan(town, officer="", post=one)
    assert {door.officer for door in found.doors} == {"Y" + one[1:]}
    with pytest.raises(NotFound, match="no household behind this entrance"):
        plan(town, officer="", post="G99")


def test_those_nobody_need_visit_are_marked_before_anything_is_written(town: Any) -> None:
    home = behind(town)[0]
    record_attempt(town.office, "", home.code, channel="visit", disposition="informed", at=AT - dt.timedelta(days=1))
    assert {door.home.code: door.remark for door in plan(town).doors}[home.code] == "reached"


def test_what_cannot_be_is_said_once_for_the_entrance_and_nothing_is_written(town: Any) -> None:
    for wrong, said in (
        ({"outcome": "busy"}, "cannot come of the channel 'visit'"),
        ({"at": AT + dt.timedelta(days=9)}, "is in the future"),
        ({"officer": "Y77"}, "there is no officer 'Y77'"),
    ):
        with pytest.raises(BadInput) as caught:
            plan(town, **wrong)
        (fault,) = caught.value.faults
        assert said in fault.what
    assert show_household(town.office, "", behind(town)[0].code).attempts == ()


@pytest.mark.parametrize("word", ["无人在家", "不在家", "３１", "Nobody home"])
def test_the_outcome_may_be_a_word_that_a_table_takes(town: Any, word: str) -> None:
    assert plan(town, outcome=word).outcome.value == "nobody_home"


def test_rooms_and_what_was_left_are_named_as_on_paper(town: Any) -> None:
    room = behind(town)[0].address.room
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in room)
    for text in (f"{room}室", wide):
        assert set(plan(town, excepted=(text,)).left_out) == {room}
    assert plan(town, left=("服务卡", "门栋告示, 海报")).left == ("card", "notice", "poster")
    with pytest.raises(BadInput, match="there is no room 999 behind this entrance"):
        plan(town, excepted=("999室",))


@pytest.mark.parametrize("kind", ["calibration", "walk", "sms"])
def test_what_the_office_prints_for_itself_is_left_at_no_door(town: Any, kind: str) -> None:
    with pytest.raises(BadInput, match=f"'{kind}' is no material; choose one of .*card"):
        plan(town, left=(kind,))
