"""Hold-outs: who is left alone, by whom, and what comes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.hold_out import Arm
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.campaigns import load_campaign
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.due import list_due
from outreach.services.gathering import gather
from outreach.services.holdout_words import drawn_words, result_words
from outreach.services.holdouts import draw_hold_out, end_hold_out, list_hold_outs, report_hold_out
from outreach.services.materials import find_kind, make_material
from outreach.services.rosters import list_households
from outreach.services.rounds import EVERYTHING
from outreach.services.walk_planning import plan_walks

DAY = dt.date(2005, 6, 15)


def held_in(town: Any) -> set[str]:
    with town.office.store.read() as unit:
        (one,) = unit.hold_outs.all("town", town.workspace.zone)
        return {home.household for home in unit.hold_outs.homes(one.id) if home.arm is Arm.HELD}


def test_the_draw_repeats_keeps_its_share_and_both_arms_are_frozen(town: Any) -> None:
    dry = draw_hold_out(town.office, "", "summer", share=20, unit="household", dry_run=True)
    assert list_hold_outs(town.office, "") == []
    drawn = draw_hold_out(town.office, "", "summer", share=20, unit="household")
    assert (dry.held, dry.open) == (drawn.held, drawn.open) == (6, 24)
    ((one, arms),) = list_hold_outs(town.office, "")
    assert (one.starts, one.ends, one.seed) == (DAY, dt.date(2005, 6, 30), "summer")
    assert arms == {Arm.HELD: 6, Arm.OPEN: 24}


def test_whole_entrances_are_drawn_so_that_neighbours_do_not_spill_over(town: Any) -> None:
    draw_hold_out(town.office, "", "doors", share=30, unit="entrance")
    held = held_in(town)
    homes = {home.code: home for home in list_households(town.office)}
    doors = {homes[code].address.entrance_key for code in held}
    assert held == {code for code, home in homes.items() if home.address.entrance_key in doors}


def test_who_has_paid_already_is_in_neither_arm(town: Any) -> None:
    record_milestone(town.office, "", "H001", kind="paid", on=dt.date(2005, 5, 1), amount_fen=100)
    drawn = draw_hold_out(town.office, "", "summer", share=50, unit="household")
    assert (drawn.left_out, drawn.held + drawn.open) == (1, 29)


def test_what_the_draw_can_show_is_said_before_it_is_kept(town: Any) -> None:
    drawn = draw_hold_out(town.office, "", "summer", share=20, unit="household", alike=0, dry_run=True)
    said = drawn_words(drawn)
    # 2.8 * sqrt(0.25 * (1/6 + 1/24)) = 0.639
    assert "a difference of 63.9 points or more" in said[0]
    assert "Only 6 units would be held" in said[1]


def test_letters_cards_and_door_notices_leave_held_households_out_and_say_how_many(town: Any) -> None:
    draw_hold_out(town.office, "", "doors", share=30, unit="entrance")
    held = held_in(town)
    with town.office.store.read() as unit:
        doors = {h.address.entrance_key for h in unit.rosters.households().values() if h.code in held}
    letters = make_material(town.office, "", "letter", file_format="docx").run
    assert letters.pieces == 30 - len(held)
    assert letters.said["held"] == len(held)
    notices = make_material(town.office, "", "notice").run
    assert notices.said["held"] == len(doors)


def test_lists_of_notices_to_put_up_name_no_door_that_gets_none_and_say_how_many(town: Any) -> None:
    draw_hold_out(town.office, "", "doors", share=30, unit="entrance")
    campaign, day = load_campaign(town.workspace, ""), town.office.now().date()

    def pieces(kind: str) -> list[Any]:
        return gather(town.office, campaign, find_kind(town.workspace, kind), "pdf", "zh", day, EVERYTHING)

    notices = make_material(town.office, "", "notice").run
    lists = pieces("posting")
    listed = {door["number"]: door["address"] for one in lists for door in one.values["doors"]}
    assert len(listed) == notices.pieces
    made = {str(one.number): one.values["entrance"]["address"] for one in pieces("notice")}
    assert listed.items() < made.items()
    assert sum(int(one.values["totals"]["households"]) for one in lists) == 30 - len(held_in(town))
    assert make_material(town.office, "", "posting").run.said["held"] == notices.said["held"]


def test_a_door_with_some_held_keeps_its_notice_and_counts_the_others(town: Any) -> None:
    draw_hold_out(town.office, "", "summer", share=20, unit="household")
    campaign, day = load_campaign(town.workspace, ""), town.office.now().date()
    lists = gather(town.office, campaign, find_kind(town.workspace, "posting"), "pdf", "zh", day, EVERYTHING)
    assert sum(int(one.values["totals"]["households"]) for one in lists) == 30 - len(held_in(town))


def test_walk_lists_and_the_due_list_leave_them_out_and_a_text_message_too(town: Any) -> None:
    draw_hold_out(town.office, "", "summer", share=20, unit="household")
    held = held_in(town)
    plan = plan_walks(town.office, "", days=10, everybody=True)
    assert plan.left_out["held"] == len(held)
    assert not held & {line.household for one in plan.lists for line in one.lines}
    due = list_due(town.office, "", DAY)
    assert not held & {line.code for line in due.lines}
    town.edit_campaign(("starts = 2005-03-10\nends = 2005-03-10", "starts = 2005-06-20\nends = 2005-06-20"))
    sms = make_material(town.office, "", "sms", file_format="csv")
    assert sms.run.said["held"] == len(held)


def test_when_it_has_ended_everybody_is_worked_with_again(town: Any) -> None:
    draw_hold_out(town.office, "", "summer", share=20, unit="household")
    end_hold_out(town.office, "", "summer", DAY)
    town.clock.present += dt.timedelta(days=1)
    assert make_material(town.office, "", "letter", file_format="docx").run.pieces == 30


def test_a_second_draw_waits_for_the_first_to_end(town: Any) -> None:
    draw_hold_out(town.office, "", "one", share=20, unit="household", ends=dt.date(2005, 6, 20))
    with pytest.raises(Conflict, match="runs until 2005-06-20"):
        draw_hold_out(town.office, "", "two", share=20, unit="household")
    draw_hold_out(town.office, "", "two", share=20, unit="household", starts=dt.date(2005, 6, 21))
    with pytest.raises(Conflict, match="already"):
        draw_hold_out(town.office, "", "one", share=20, unit="household")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"share": 0}, "--share"),
        ({"share": 100}, "--share"),
        ({"unit": "street"}, "choose one of household, entrance, community"),
        ({"starts": dt.date(2005, 6, 1)}, "is past"),
        ({"ends": dt.date(2005, 6, 1)}, "before the start"),
        ({"expect": 0}, "--expect"),
        ({"alike": 1}, "--alike"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(town: Any, options: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        draw_hold_out(town.office, "", "summer", **options)


def test_a_share_that_holds_nobody_is_refused(town: Any) -> None:
    with pytest.raises(Conflict, match="not one, or all"):
        draw_hold_out(town.office, "", "summer", share=1, unit="community")


def test_arms_stay_as_drawn_and_whoever_was_met_nevertheless_is_counted(town: Any) -> None:
    draw_hold_out(town.office, "", "summer", share=40, unit="household")
    held = sorted(held_in(town))
    others = sorted({home.code for home in list_households(town.office)} - set(held))
    town.clock.present += dt.timedelta(days=5)
    for code in [held[0], *others[:10]]:
        record_attempt(town.office, "", code, channel="visit", disposition="informed")
    record_attempt(town.office, "", held[1], channel="visit", disposition="nobody_home")
    for code in [held[0], *others[:9]]:
        record_milestone(town.office, "", code, kind="paid", amount_fen=100)
    found = report_hold_out(town.office, "", "summer")
    paid = found.steps[0].comparison
    assert paid is not None
    assert (paid.held.hits, paid.held.homes, paid.open.hits, paid.open.homes) == (1, 12, 9, 18)
    assert (found.held_tried, found.held_met, found.open_untried) == (2, 1, 8)
    words = " ".join(result_words(found))
    assert "2 held households were tried nevertheless, 1 of them met. They count as held" in words
    assert "8 households of the other arm were not tried" in words


def test_steps_before_it_began_and_after_it_ended_do_not_count(town: Any) -> None:
    draw_hold_out(
        town.office, "", "summer", share=40, unit="household", starts=dt.date(2005, 6, 20), ends=dt.date(2005, 6, 25)
    )
    homes = [home.code for home in list_households(town.office)]
    town.clock.present = town.clock.present.replace(day=30)
    for code, day in ((homes[0], 18), (homes[1], 22), (homes[2], 28)):
        record_milestone(town.office, "", code, kind="paid", on=dt.date(2005, 6, day), amount_fen=100)
    found = report_hold_out(town.office, "", "summer")
    paid = found.steps[0]
    assert found.through == dt.date(2005, 6, 25)
    assert paid.earlier == 1
    assert paid.comparison is not None
    assert paid.comparison.held.hits + paid.comparison.open.hits == 1
    assert paid.comparison.held.homes + paid.comparison.open.homes == 29


def test_no_difference_is_called_none_and_a_great_one_is_told(town: Any) -> None:
    draw_hold_out(town.office, "", "summer", share=50, unit="household")
    said = " ".join(result_words(report_hold_out(town.office, "", "summer")))
    assert "no effect can be told" in said
    held = held_in(town)
    for home in list_households(town.office):
        if home.code not in held:
            record_milestone(town.office, "", home.code, kind="paid", amount_fen=100)
    said = " ".join(result_words(report_hold_out(town.office, "", "summer")))
    assert "Difference +100.0 points, 95 per cent sure" in said
    assert "caus" not in said


def test_an_unknown_hold_out_and_one_that_has_not_begun_are_said(town: Any) -> None:
    with pytest.raises(NotFound, match="there is no such hold-out"):
        report_hold_out(town.office, "", "winter")
    draw_hold_out(town.office, "", "summer", share=20, unit="household", starts=dt.date(2005, 6, 20))
    with pytest.raises(Conflict, match="begins on 2005-06-20"):
        report_hold_out(town.office, "", "summer")
