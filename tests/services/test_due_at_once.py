"""What is kept in the process between two lists never hides a change: the next list shows it at once."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.domain.contact import Attempt, Disposition
from outreach.domain.follow_up import FollowUpKind
from outreach.domain.ids import uuid7
from outreach.services import try_records
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.due import PROMISED, DueLine, DueList, list_due
from outreach.services.follow_ups import move_follow_up, record_follow_up
from outreach.services.holdouts import draw_hold_out, end_hold_out
from outreach.services.household_merges import merge_households, unmerge
from outreach.services.office import Office, open_office
from outreach.services.suppressions import lift, suppress

DAY = dt.date(2005, 6, 15)
ZONE = dt.timezone(dt.timedelta(hours=8))
EARLIER = dt.datetime(2005, 6, 15, 9, tzinfo=ZONE)
POSTS = ("G01", "G02", "G03", "G04")
OUTCOMES = ("nobody_home", "nobody_home", "away", "appointment", "informed", "refused", "moved", "card_handed")


def tries(office: Office, number: int, seed: int, outcomes: tuple[str, ...] = OUTCOMES) -> list[Attempt]:
    """Attempts at random doors and hours before the day, some of them corrected or made at one instant."""
    source = random.Random(seed)
    made: list[Attempt] = []
    for _n in range(number):
        at = dt.datetime(2005, 3, 1, tzinfo=ZONE) + dt.timedelta(days=source.randrange(100))
        at = at.replace(hour=source.randrange(6, 23), minute=source.choice((0, 30)))
        code, channel = f"H{source.randrange(1, 31):03d}", source.choice(("visit", "visit", "call", "letter", "hall"))
        outcome = "no_answer" if channel == "call" and source.random() < 0.7 else source.choice(outcomes)
        corrects = ""
        if made and source.random() < 0.2:
            before = source.choice(made)
            code, at, channel, corrects = before.household, before.at, before.channel, before.id
            outcome = source.choice((outcome, "withdrawn"))
        left = source.choice(((), (), ("card",), ("letter", "card")))
        key = uuid7(dt.datetime(2005, 6, 14, tzinfo=ZONE), source)
        made.append(Attempt(key, code, channel, "Y01", at, Disposition(outcome), 0, left, corrects=corrects))
    with office.store.write() as unit:
        ids = unit.rosters.household_ids()
        unit.facts.append_attempts("town", [(one, None) for one in made], ids, office.now())
    return made


def listed(office: Office, post: str = "G01", day: dt.date = DAY) -> DueList:
    return list_due(office, "town", day, [post])


def lines(office: Office) -> dict[str, DueLine]:
    return {one.code: one for post in POSTS for one in listed(office, post).lines}


@pytest.mark.parametrize("seed", range(6))
def test_one_officers_list_is_that_part_of_everybodys(town: Any, seed: int) -> None:
    office, source = town.office, random.Random(seed)
    made = tries(office, 120, seed)
    codes = [f"H{number:03d}" for number in range(1, 31)]
    for code in source.sample(codes, 4):
        record_follow_up(office, "", FollowUpKind.PROMISE, household=code, about="送对账单", due=DAY)
    for code in source.sample(codes, 4):
        suppress(office, code, channel=source.choice(("", "visit", "call")), reason="本人要求")
    for code in source.sample(codes, 2):
        record_milestone(office, "", code, kind="registered", on=DAY)
    merge_households(office, *source.sample(codes, 2), reason="同一户")
    draw_hold_out(office, "", "试验", share=10, unit="household")
    town.clock.present += dt.timedelta(minutes=1)
    assert made
    for day in (DAY, DAY + dt.timedelta(days=20), DAY - dt.timedelta(days=30)):
        everybody = list_due(office, "town", day)
        for post in POSTS:
            own = list_due(office, "town", day, [post])
            assert own.lines == tuple(one for one in everybody.lines if one.post == post)
            assert own.learnt_from == everybody.learnt_from
        together = [list_due(office, "town", day, [post]).held for post in POSTS]
        counted = sum(one.households for held in together for one in held)
        assert counted == sum(one.households for one in everybody.held if one.reason != "no_officer")


def test_a_fact_is_seen_at_once_and_so_is_its_correction(town: Any) -> None:
    tries(town.office, 200, 1, ("nobody_home",))
    code = listed(town.office).lines[0].code
    told = record_attempt(town.office, "", code, at=EARLIER, channel="visit", disposition="informed")
    assert code not in {one.code for one in listed(town.office).lines}
    taken_back = Attempt(town.office.new_id(), code, "visit", "Y01", EARLIER, Disposition.WITHDRAWN, corrects=told.id)
    with town.office.store.write() as unit:
        ids = unit.rosters.household_ids()
        unit.facts.append_attempts("town", [(taken_back, None)], ids, town.office.now())
    assert code in {one.code for one in listed(town.office).lines}
    record_milestone(town.office, "", code, kind="paid", on=DAY, amount_fen=100)
    assert code not in {one.code for one in listed(town.office).lines}


def test_a_follow_up_is_seen_at_once_moved_and_closed(town: Any) -> None:
    code = listed(town.office).lines[-1].code
    one = record_follow_up(town.office, "", FollowUpKind.PROMISE, household=code, about="送对账单", due=DAY)
    first = listed(town.office).lines[0]
    assert (first.code, first.turn) == (code, PROMISED)
    later = move_follow_up(town.office, "", one.id, due=DAY + dt.timedelta(days=1))
    assert PROMISED not in {line.turn for line in listed(town.office).lines}
    move_follow_up(town.office, "", later.id, due=DAY)
    assert listed(town.office).lines[0].code == code
    record_attempt(town.office, "", code, at=EARLIER, channel="visit", disposition="nobody_home", closes=[later.id])
    assert PROMISED not in {line.turn for line in listed(town.office).lines}


def test_a_wish_a_hold_out_and_their_ends_are_seen_at_once(town: Any) -> None:
    before = {one.code for one in listed(town.office).lines}
    code = min(before)
    wish = suppress(town.office, code, reason="本人要求")
    assert {one.code for one in listed(town.office).lines} == before - {code}
    lift(town.office, wish.id)
    assert {one.code for one in listed(town.office).lines} == before
    tomorrow = DAY + dt.timedelta(days=1)
    usual = {one.code for one in listed(town.office, day=tomorrow).lines}
    draw_hold_out(town.office, "", "试验", share=50, unit="household", starts=DAY)
    assert {one.code for one in listed(town.office).lines} < before
    assert {one.code for one in listed(town.office, day=tomorrow).lines} < usual
    end_hold_out(town.office, "", "试验", on=DAY)
    assert {one.code for one in listed(town.office, day=tomorrow).lines} == usual


def test_a_merge_is_seen_at_once_and_so_is_its_undoing(town: Any) -> None:
    two = [one.code for one in listed(town.office).lines][:2]
    record_attempt(town.office, "", two[1], at=EARLIER, channel="visit", disposition="informed")
    assert two[0] in lines(town.office)
    merge = merge_households(town.office, two[0], two[1], reason="同一户")
    assert not set(two) & set(lines(town.office))
    unmerge(town.office, merge.id)
    assert two[0] in lines(town.office)


def test_an_edited_planning_file_is_followed_at_once(town: Any) -> None:
    tries(town.office, 60, 3)
    plan = town.campaign_file.with_name("plan.toml")
    kept = listed(town.office)
    plan.write_text("format = 1\n[tries]\nhorizon_days = 1\n", "utf-8")
    assert not any(one.better_day for one in listed(town.office).lines)
    plan.write_text("format = 1\n[tries]\ntotal_most = 1\n", "utf-8")
    assert {one.reason: one.households for one in listed(town.office).held}.get("cap")
    plan.write_text("format = 1\n[followups]\nreturn_visit_days = 0\n", "utf-8")
    assert PROMISED not in {one.turn for one in listed(town.office).lines}
    plan.unlink()
    assert listed(town.office) == kept


def test_two_stores_in_one_program_have_each_its_own_chances(town: Any) -> None:
    other = open_office(load_workspace(town.beside("other")), clock=town.clock)
    tries(town.office, 200, 1, ("nobody_home",))
    tries(other, 200, 1, ("appointment",))
    own, theirs = listed(town.office), listed(other)
    assert {one.chance for one in own.lines}.isdisjoint({one.chance for one in theirs.lines if one.chance})
    assert (listed(town.office), listed(other)) == (own, theirs)
    other.close()


def test_after_one_new_fact_nobody_learns_anew_and_its_household_is_known(town: Any, monkeypatch: Any) -> None:
    tries(town.office, 200, 1, ("nobody_home",))
    before = listed(town.office)
    line = next(one for one in before.lines if one.channel == "visit")
    record_attempt(town.office, "", line.code, at=EARLIER, channel="visit", disposition="refused")

    def refuse(*_values: object) -> None:
        raise AssertionError("learnt anew")

    monkeypatch.setattr(try_records, "learn_anew", refuse)
    after = listed(town.office)
    assert after.learnt_from == before.learnt_from
    assert line.code not in {one.code for one in after.lines}


def test_the_hour_of_the_day_is_that_of_the_list(town: Any) -> None:
    town.clock.present = dt.datetime(2005, 6, 15, 8, tzinfo=ZONE)
    assert min(one.starts for one in listed(town.office).lines if one.starts) == dt.time(8)
    town.clock.present = dt.datetime(2005, 6, 15, 19, tzinfo=ZONE)
    assert {one.starts for one in listed(town.office).lines if one.starts} == {dt.time(18)}
