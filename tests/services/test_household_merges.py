"""Merging two households that are one, and taking it back."""

from __future__ import annotations

import datetime as dt

import pytest

from outreach.domain.suppression import suppressed
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.accounts import import_accounts, show_accounts
from outreach.services.checkup import check_workspace
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.household_merges import SOMEBODY_NEW, list_merges, merge_households, plan_merge, unmerge
from outreach.services.reports import report_coverage
from outreach.services.rosters import import_households, list_households
from outreach.services.suppressions import suppress
from outreach.services.territories import assign_households, present_posts, show_household
from tests.conftest import SHANGHAI, Town
from tests.services.doubles import LATER, TWICE, counts, enter_twice, roster_bytes, standings


def at(day: int, hour: int = 18) -> dt.datetime:
    return dt.datetime(2005, 4, day, hour, 0, tzinfo=SHANGHAI)


@pytest.fixture
def twice(town: Town) -> Town:
    enter_twice(town)
    assign_households(town.office, "")
    return town


def persons_of(town: Town, code: str) -> list[tuple[int, str, str]]:
    home = next(home for home in list_households(town.office) if home.code == code)
    return [(person.number, person.name, person.mobile) for person in home.persons]


def test_the_plan_says_who_is_whom_and_which_value_stays(twice: Town) -> None:
    plan = plan_merge(twice.office, "H001", TWICE)
    assert [(fate.number, fate.into, fate.new) for fate in plan.persons] == [(1, 1, False), (2, 2, False), (3, 3, True)]
    stays = {choice.path: choice.stays for choice in plan.choices}
    assert stays["1.name"] == "王晨"
    assert stays["2.mobile"] == "12105550199"  # H001 had none: the empty one is filled in
    assert stays["address"].unit == "1"


def test_after_a_merge_the_household_that_went_is_in_no_list(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    assert TWICE not in {home.code for home in list_households(twice.office)}
    assert TWICE not in present_posts(twice.office, "town")
    assert report_coverage(twice.office, "town", "community").total.households == 30
    assert persons_of(twice, "H001") == [(1, "王晨", "12105550100"), (2, "林晨", "12105550199"), (3, "王小川", "")]


def test_the_value_of_the_one_that_goes_stays_where_it_was_asked_for(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE, take=["1.name"])
    assert persons_of(twice, "H001")[0][1] == "王辰"
    with pytest.raises(BadInput, match="is no field in which the two differ"):
        plan_merge(twice.office, "H002", "H003", take=["9.name"])


def test_what_was_recorded_for_both_is_read_as_the_kept_ones(twice: Town) -> None:
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=at(3), person=3)
    record_attempt(twice.office, "town", "H001", channel="visit", disposition="nobody_home", at=at(2))
    record_milestone(twice.office, "town", TWICE, kind="paid", on=dt.date(2005, 4, 9), person=2, amount_fen=50_000)
    merge_households(twice.office, "H001", TWICE)
    assert standings(twice).keys() == {"H001"}
    told = standings(twice)["H001"]
    assert (told.attempts, told.first_reached_at, told.paid_fen) == (2, at(3), 50_000)
    view = show_household(twice.office, "town", "H001")
    assert [(one.household, one.person) for one in view.attempts] == [("H001", 0), ("H001", 3)]
    assert [(one.household, one.person) for one in view.milestones] == [("H001", 2)]
    check_workspace(twice.office, "town")


def test_who_asked_not_to_be_visited_is_left_alone_under_the_kept_code(twice: Town) -> None:
    suppress(twice.office, TWICE, person=3, channel="visit", reason="asked")
    merge_households(twice.office, "H001", TWICE)
    with twice.office.store.read() as unit:
        wishes = unit.suppressions.all(SHANGHAI)
    assert [(one.household, one.person) for one in wishes] == [("H001", 3)]
    assert suppressed(wishes, "H001", 3, "visit", twice.office.now().date())


def test_the_kept_household_keeps_its_officer_and_gets_one_where_it_had_none(town: Town) -> None:
    enter_twice(town)
    merge_households(town.office, TWICE, "H001")  # H031 came after the assignment
    before = present_posts(town.office, "town")
    assert TWICE in before
    assert "H001" not in before
    unmerge(town.office, "H001")
    after = present_posts(town.office, "town")
    assert TWICE not in after
    assert after["H001"] == before[TWICE]


def test_merge_and_unmerge_leave_the_roster_byte_for_byte_and_every_standing_as_it_was(twice: Town) -> None:
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=at(3), person=3)
    record_milestone(twice.office, "town", "H001", kind="registered", on=dt.date(2005, 4, 9))
    was = (roster_bytes(twice), standings(twice), counts(twice))
    merge = merge_households(twice.office, "H001", TWICE, take=["address", "1.name"])
    assert roster_bytes(twice) != was[0]
    done = unmerge(twice.office, merge.id)
    assert (roster_bytes(twice), standings(twice), counts(twice)) == was
    assert (done.stayed, done.without_post) == ((), ())


def test_what_was_recorded_in_between_stays_with_the_code_it_was_recorded_for(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    record_attempt(twice.office, "town", "H001", channel="visit", disposition="informed", at=at(5))
    unmerge(twice.office, TWICE)
    assert standings(twice).keys() == {"H001"}


def test_a_correction_of_a_fact_of_the_one_that_went_goes_back_with_it(twice: Town) -> None:
    wrong = record_milestone(
        twice.office, "town", TWICE, kind="paid", on=dt.date(2005, 4, 9), person=3, amount_fen=500_00
    )
    merge_households(twice.office, "H001", TWICE)
    record_milestone(
        twice.office, "town", "H001", kind="paid", on=dt.date(2005, 4, 9), person=3, amount_fen=50_00, corrects=wrong.id
    )
    assert standings(twice)["H001"].paid_fen == 50_00
    unmerge(twice.office, TWICE)
    assert standings(twice).keys() == {TWICE}
    assert standings(twice)[TWICE].paid_fen == 50_00
    assert [one.person for one in show_household(twice.office, "town", TWICE).milestones] == [3, 3]


def test_a_field_changed_since_stays_changed_and_a_change_of_who_came_over_goes_back_with_them(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    first = next(row for row in twice.household_rows() if row["户号"] == "H001")
    rows = [first | {"手机": "12105550177"}, first | {"姓名": "王小川", "关系": "子女", "手机": "12105550188"}]
    import_households(twice.office, twice.table(rows, "newer.csv"))
    done = unmerge(twice.office, TWICE)
    assert done.stayed == ("1.mobile",)
    assert persons_of(twice, "H001") == [(1, "王晨", "12105550177"), (2, "林晨", "")]
    assert persons_of(twice, TWICE)[2] == (3, "王小川", "12105550188")


def test_a_chain_of_merges_is_read_as_its_end_and_comes_apart_newest_first(twice: Town) -> None:
    enter_twice(twice, LATER, "王晨")
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=at(3), person=3)
    was = (roster_bytes(twice), standings(twice))
    merge_households(twice.office, "H001", TWICE)
    between = (roster_bytes(twice), standings(twice))
    merge_households(twice.office, LATER, "H001")
    assert standings(twice).keys() == {LATER}
    assert [one.person for one in show_household(twice.office, "town", LATER).attempts] == [3]
    with pytest.raises(Conflict, match="H001 was merged into H032 after it"):
        unmerge(twice.office, TWICE)
    unmerge(twice.office, "H001")
    assert (roster_bytes(twice), standings(twice)) == between
    unmerge(twice.office, TWICE)
    assert (roster_bytes(twice), standings(twice)) == was


def test_no_merge_makes_a_circle_and_none_is_made_twice(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    for keep, gone in ((TWICE, "H001"), ("H001", TWICE), ("H002", TWICE)):
        with pytest.raises(Conflict, match="is merged into H001"):
            merge_households(twice.office, keep, gone)
    with pytest.raises(BadInput, match="is one household, named twice"):
        merge_households(twice.office, "H001", "H001")
    with pytest.raises(NotFound):
        merge_households(twice.office, "H001", "H999")
    with pytest.raises(NotFound):
        unmerge(twice.office, "H002")


def test_a_merge_that_would_come_out_otherwise_than_shown_is_refused(twice: Town) -> None:
    shown = plan_merge(twice.office, "H001", TWICE)
    twice.edit_household("H001", 手机="12105550166")
    with pytest.raises(Conflict, match="has changed since it was shown"):
        merge_households(twice.office, "H001", TWICE, expected=shown)
    assert list_merges(twice.office) == []


def test_persons_are_told_apart_or_together_by_hand(twice: Town) -> None:
    plan = plan_merge(twice.office, "H001", TWICE, persons={1: SOMEBODY_NEW, 3: 1})
    assert [(fate.number, fate.into) for fate in plan.persons] == [(1, 3), (2, 2), (3, 1)]
    with pytest.raises(BadInput, match="persons of H031 are 1, 2, 3, of H001 1, 2"):
        plan_merge(twice.office, "H001", TWICE, persons={4: 1})
    with pytest.raises(BadInput, match="is told of two persons"):
        plan_merge(twice.office, "H001", TWICE, persons={1: 1, 2: 1})


def test_two_persons_of_one_household_are_made_one_and_parted_again(twice: Town) -> None:
    record_attempt(twice.office, "town", TWICE, channel="visit", disposition="informed", at=at(3), person=3)
    was = (roster_bytes(twice), standings(twice))
    merge = merge_households(twice.office, TWICE, TWICE, persons={3: 1})
    assert [number for number, _name, _mobile in persons_of(twice, TWICE)] == [1, 2]
    assert [one.person for one in show_household(twice.office, "town", TWICE).attempts] == [1]
    unmerge(twice.office, merge.id)
    assert (roster_bytes(twice), standings(twice)) == was
    with pytest.raises(BadInput, match="persons of H031 are 1, 2, 3"):
        merge_households(twice.office, TWICE, TWICE, persons={3: 3})


def test_a_number_a_merge_gave_or_took_is_given_to_nobody_else(twice: Town) -> None:
    merge_households(twice.office, TWICE, TWICE, persons={3: 1})
    first = next(row for row in twice.household_rows() if row["户号"] == "H001")
    newcomer = first | {"户号": TWICE, "姓名": "赵知秋", "关系": "其他", "手机": ""}
    import_households(twice.office, twice.table([newcomer], "newcomer.csv"))
    assert [number for number, _name, _mobile in persons_of(twice, TWICE)] == [1, 2, 4]


def test_a_household_replanned_in_between_comes_back_without_an_officer_and_is_told_so(twice: Town) -> None:
    merge_households(twice.office, "H001", TWICE)
    twice.clock.present += dt.timedelta(days=1)
    assign_households(twice.office, "")
    done = unmerge(twice.office, TWICE)
    assert done.without_post == ("town",)
    assert TWICE not in present_posts(twice.office, "town")


def test_account_statements_of_both_are_one_and_a_newer_file_goes_to_the_kept_one(twice: Town) -> None:
    def row(code: str, year: int, months: int) -> dict[str, str]:
        told = {"户号": code, "人员序号": "2", "年度": str(year), "缴费月数": str(months)}
        return told | {"缴费基数": "480.00", "缴费金额": "1382.40", "账户余额": str(1000 + year)}

    import_accounts(twice.office, twice.table([row("H001", 2003, 12), row(TWICE, 2004, 3), row(TWICE, 2003, 1)]))
    merge_households(twice.office, "H001", TWICE)
    years = show_accounts(twice.office, "H001").statements[2]
    assert [(year.year, year.months) for year in years] == [(2003, 12), (2004, 3)]
    import_accounts(twice.office, twice.table([row("H001", 2004, 6)], "newer.csv"))
    assert [year.months for year in show_accounts(twice.office, "H001").statements[2]] == [12, 6]
    unmerge(twice.office, TWICE)
    assert [year.months for year in show_accounts(twice.office, TWICE).statements[2]] == [1, 3]
