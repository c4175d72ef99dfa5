"""Old codes of merged households: by hand they say which code to use, in files they are read as the kept one's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from outreach.domain.follow_up import FollowUpKind
from outreach.errors import OutreachError
from outreach.services.accounts import show_accounts
from outreach.services.campaigns import load_campaign
from outreach.services.cases import import_cases, list_cases
from outreach.services.contact_entrance import check_entrance, record_entrance
from outreach.services.follow_ups import record_follow_up
from outreach.services.history import household_history
from outreach.services.household_merges import merge_households, unmerge
from outreach.services.household_record import household_record
from outreach.services.payments import show_payment
from outreach.services.rounds import Choice, rounds
from outreach.services.suppressions import suppress
from outreach.services.territories import show_household
from tests.conftest import Town
from tests.services.doubles import TWICE, enter_twice

SENTENCE = f"{TWICE}: is merged into H001; use H001"


@pytest.fixture
def twice(town: Town) -> Town:
    """H001 entered a second time, and merged."""
    enter_twice(town)
    merge_households(town.office, "H001", TWICE, persons={1: 1, 2: 2})
    return town


def opened(office: Any) -> object:
    return record_follow_up(
        office, "town", FollowUpKind.PROMISE, household=TWICE, about="the papers", due=dt.date(2005, 7, 1)
    )


@pytest.mark.parametrize(
    "ask",
    [
        opened,
        lambda office: show_household(office, "town", TWICE),
        lambda office: household_record(office, TWICE),
        lambda office: household_history(office, "town", TWICE),
        lambda office: show_accounts(office, TWICE),
        lambda office: show_payment(office, "town", TWICE),
        lambda office: suppress(office, TWICE, reason="asked"),
        lambda office: rounds(office, load_campaign(office.workspace, "town"), Choice(households=(TWICE,))),
    ],
)
def test_an_old_code_named_by_hand_is_answered_with_the_code_to_use(twice: Town, ask: Callable[[Any], object]) -> None:
    with pytest.raises(OutreachError) as raised:
        ask(twice.office)
    assert [fault.sentence() for fault in raised.value.faults] == [SENTENCE]


def test_a_case_under_the_old_code_is_the_kept_households_and_read_again_changes_nothing(twice: Town) -> None:
    row = {"业务号": "A1", "申请日期": "2005-04-04", "审核日期": "", "户号": TWICE, "人员序号": "2"}
    file = twice.table([row], "cases.csv")
    import_cases(twice.office, "town", file)
    (one,) = list_cases(twice.office, "town")
    assert (one.case.household, one.case.person) == ("H001", 2)
    again = import_cases(twice.office, "town", file)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 1)
    import_cases(twice.office, "town", twice.table([row | {"工号": "Y02"}], "cases.csv"))
    unmerge(twice.office, TWICE)
    (one,) = list_cases(twice.office, "town")
    assert (one.case.household, one.case.officer) == (TWICE, "Y02")


def test_a_whole_entrance_leaves_the_kept_household_out_under_its_old_code(twice: Town) -> None:
    plan = check_entrance(
        twice.office, "", "城东社区 槐荫小区 2", "nobody_home", officer="Y01", excepted=[TWICE],
        at=dt.datetime(2005, 6, 14, 19, 0),  # noqa: DTZ001 - in the workspace's zone
    )  # fmt: skip
    assert "H001" not in {door.home.code for door in plan.doors}


def test_a_household_merged_after_the_entrance_was_shown_is_recorded_all_the_same(town: Town) -> None:
    enter_twice(town)
    plan = check_entrance(
        town.office, "", "城东社区 槐荫小区 2", "nobody_home",
        officer="Y01", at=dt.datetime(2005, 6, 14, 19, 0),  # noqa: DTZ001 - in the workspace's zone
    )  # fmt: skip
    merge_households(town.office, "H001", TWICE)
    assert record_entrance(town.office, plan).new == len(plan.doors)
