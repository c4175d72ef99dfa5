"""The ledger's months: what is matched by itself, what waits, what is counted; files issued again."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.domain.ledger import Key, LineState, Tally
from outreach.errors import BadInput
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import rebuild_standings
from outreach.services.ledger import import_ledger, list_ledger
from outreach.services.ledger_review import review_lines
from tests.services.ledger_town import give_ids, id_of, log, paid, row, take_in

REVIEW, MATCHED, UNMATCHED = LineState.REVIEW, LineState.MATCHED, LineState.UNMATCHED


@pytest.fixture
def place(town: Any) -> Any:
    give_ids(town)
    return town


def names(town: Any) -> list[tuple[str, str, str]]:
    """(household, name, ID number) of every person, as imported."""
    rows = town.household_rows()
    return [(one["户号"], one["姓名"], "" if one["户号"] == "H030" else id_of(n)) for n, one in enumerate(rows)]


def test_an_id_number_of_18_or_15_digits_matches_and_becomes_a_payment(place: Any) -> None:
    (first, name, number), (_spouse_home, spouse, spouse_number) = names(place)[:2]
    short = spouse_number[:6] + spouse_number[8:17]
    report = take_in(place, [row(name, number, "1,200.50"), row(spouse, short, "800")])
    assert report.states == {MATCHED: Tally(2, 200_050)}
    assert report.keys == {Key.ID: 2}
    assert paid(place) == {first: 200_050}


def test_a_personal_number_once_told_matches_later_lines_without_an_id(place: Any) -> None:
    home, name, number = names(place)[5]
    take_in(place, [row(name, number, 个人编号="P77")])
    report = take_in(place, [row(name, number, 个人编号="P77"), row(name, "", "300", 个人编号="P77")], "again.csv")
    assert report.keys == {Key.ID: 1, Key.ACCOUNT: 1}
    assert paid(place) == {home: 150_000}


def test_name_and_mobile_or_name_and_door_match_where_they_fit_one_person(place: Any) -> None:
    people = place.household_rows()
    one, other = people[4], people[9]
    door = f"{other['社区']}{other['小区']}{other['楼栋']}栋1单元{other['房号']}室"
    report = take_in(place, [row(one["姓名"], 手机=one["手机"]), row(other["姓名"], 地址=door)])
    assert report.keys == {Key.MOBILE: 1, Key.ADDRESS: 1}
    assert set(paid(place)) == {one["户号"], other["户号"]}


def test_nothing_below_a_key_that_fits_counts_by_itself(place: Any) -> None:
    _home, name, number = names(place)[3]
    mobile = place.household_rows()[3]["手机"]
    wrong = number[:16] + str((int(number[16]) + 1) % 10) + number[17]
    swapped = mobile[:9] + mobile[10] + mobile[9]
    lines = [row(name, wrong), row(name, "", 手机=swapped if swapped != mobile else "12105559999"), row(name, "")]
    report = take_in(place, lines)
    assert MATCHED not in report.states
    assert report.states[REVIEW].lines >= 2
    assert paid(place) == {}
    assert log(place) == []


def test_a_key_whose_person_has_another_name_waits_for_somebody(place: Any) -> None:
    _home, _name, number = names(place)[3]
    report = take_in(place, [row("尉迟敬德", number)])
    assert report.states == {REVIEW: Tally(1, 120_000)}
    (waiting,) = review_lines(place.office, "")
    assert waiting.line.why == "name"
    assert [(one.household.code, one.person.number) for one in waiting.candidates] == [("H003", 1)]


def test_a_key_that_fits_two_persons_waits_for_somebody(place: Any) -> None:
    people = place.household_rows()
    first = people[4]
    place.edit_household("H020", 姓名=first["姓名"], 手机=first["手机"])
    report = take_in(place, [row(first["姓名"], 手机=first["手机"])])
    assert report.states[REVIEW].lines == 1
    (waiting,) = review_lines(place.office, "")
    assert waiting.line.why == "several"
    assert {one.household.code for one in waiting.candidates} >= {first["户号"], "H020"}


def test_somebody_with_another_id_number_is_not_matched_by_name_and_mobile(place: Any) -> None:
    person = place.household_rows()[4]
    report = take_in(place, [row(person["姓名"], id_of(900), 手机=person["手机"])])
    assert MATCHED not in report.states


def test_the_same_row_twice_is_asked_about_the_second_time(place: Any) -> None:
    _home, name, number = names(place)[2]
    report = take_in(place, [row(name, number), row(name, number)])
    assert report.states == {MATCHED: Tally(1, 120_000), REVIEW: Tally(1, 120_000)}
    assert review_lines(place.office, "")[0].line.why == "repeated"


def test_people_outside_the_roster_and_other_insurances_are_counted_with_their_yuan(place: Any) -> None:
    _home, name, number = names(place)[2]
    lines = [
        row("轩辕不在", id_of(901), "500"),
        row("令狐不在", id_of(902), "70"),
        row(name, number, "9", 险种="医疗保险"),
    ]
    report = take_in(place, lines)
    assert report.states == {UNMATCHED: Tally(2, 57_000), LineState.OTHER: Tally(1, 900)}
    assert paid(place) == {}


def test_a_payment_taken_back_leaves_the_household_unpaid_and_the_months_sum_the_ledgers(place: Any) -> None:
    home, name, number = names(place)[2]
    other, other_name, other_number = names(place)[3]
    take_in(place, [
        row(name, number, day="2005-05-03"), row(name, number, 业务类型="冲销", day="2005-05-20"),
        row(other_name, other_number, "900"), row(other_name, other_number, "-200", day="2005-05-21"),
    ])  # fmt: skip
    assert paid(place) == {other: 70_000}
    assert sum(fen for *_who, fen in log(place)) == 70_000
    (listed,) = list_ledger(place.office, "")
    assert listed.reversed == Tally(2, -140_000)
    before = place.sql("select household_id, paid_on, paid_fen from standings order by 1")
    rebuild_standings(place.office, "")
    assert place.sql("select household_id, paid_on, paid_fen from standings order by 1") == before
    assert home not in paid(place)


def test_the_same_file_again_changes_nothing(place: Any) -> None:
    people = names(place)
    lines = [row(name, number, str(100 + n)) for n, (_home, name, number) in enumerate(people[:12])]
    lines.append(row("轩辕不在", id_of(901)))
    first = take_in(place, lines)
    before, facts = paid(place), log(place)
    again = take_in(place, lines)
    assert not first.known
    assert again.known
    assert (again.added, again.changes, again.missing) == (0, (), ())
    assert (paid(place), log(place)) == (before, facts)
    assert len(list_ledger(place.office, "")) == 1


def test_a_corrected_file_corrects_the_milestone_and_lists_what_is_gone(place: Any) -> None:
    (one, name, number), (two, name2, number2), (three, name3, number3) = names(place)[2:5]
    take_in(place, [row(name, number, "100"), row(name2, number2, "200"), row(name3, number3, "300")])
    again = [row(name, number, "100"), row(name2, number2, "250", "2005-05-09")]
    report = take_in(place, again, "corrected.csv", corrects=1)
    assert (report.unchanged, report.added) == (1, 0)
    assert [(old.amount_fen, new.amount_fen) for old, new in report.changes] == [(20_000, 25_000)]
    assert [line.name for line in report.missing] == [name3]
    assert paid(place) == {one: 10_000, two: 25_000, three: 30_000}  # what is gone still counts until told
    assert (two, "withdrawn", 0) in log(place)
    told = take_in(place, again, "third.csv", withdraw_missing=True)  # the same bytes, as the advice has it
    assert (told.known, told.withdrawn) == (True, 1)
    assert paid(place) == {one: 10_000, two: 25_000}


def test_missing_lines_are_withdrawn_only_when_told(place: Any) -> None:
    (one, name, number), (_two, name2, number2) = names(place)[2:4]
    take_in(place, [row(name, number, "100"), row(name2, number2, "200")])
    report = take_in(place, [row(name, number, "100")], "shorter.csv", withdraw_missing=True)
    assert report.withdrawn == 1
    assert paid(place) == {one: 10_000}
    states = [set(file.states) for file in list_ledger(place.office, "")]
    assert states == [{LineState.REPLACED, LineState.WITHDRAWN}, {MATCHED}]


def test_a_file_of_registrations_does_not_make_the_months_payments_missing(place: Any) -> None:
    (_one, name, number), (_two, name2, number2) = names(place)[2:4]
    take_in(place, [row(name, number)])
    report = take_in(place, [row(name2, number2, "", 业务类型="参保登记")], "registered.csv")
    assert report.missing == ()
    assert report.states == {MATCHED: Tally(1, 0)}


def test_every_file_adds_up_to_its_own_total_whatever_becomes_of_its_lines(place: Any) -> None:
    people = names(place)
    lines = [row(name, number, f"{100 + n}.0{n % 10}") for n, (_home, name, number) in enumerate(people)]
    lines += [row("轩辕不在", id_of(901), "77"), row(people[0][1], people[0][2], "-50")]
    take_in(place, lines)
    take_in(place, lines[3:], "shorter.csv")
    found = list_ledger(place.office, "")
    assert [one.file.rows for one in found] == [len(lines), len(lines) - 3]
    assert all(one.adds_up for one in found)
    town = place.sql(
        "select sum(amount_fen) from ledger_lines where file_id = (select id from ledger_files where number = 1)"
    )
    assert found[0].file.total_fen == town[0][0]


def test_a_file_whose_lines_were_lost_behind_our_back_does_not_add_up(place: Any) -> None:
    _home, name, number = names(place)[2]
    take_in(place, [row(name, number), row("轩辕不在", id_of(901))])
    place.sql("delete from ledger_lines where name = '轩辕不在'")
    (listed,) = list_ledger(place.office, "")
    assert not listed.adds_up


def test_one_bad_row_and_nothing_is_written(place: Any) -> None:
    _home, name, number = names(place)[2]
    with pytest.raises(BadInput) as caught:
        take_in(place, [row(name, number), row(name, number, ""), row(name, number, day="2005-04-30")])
    assert len(caught.value.faults) == 2
    assert list_ledger(place.office, "") == []
    assert log(place) == []


@pytest.mark.parametrize("month", ["2005-5", "05-2005", "2005-13", "2005-02"])
def test_a_month_that_is_none_or_before_the_campaign_is_refused(place: Any, month: str) -> None:
    path = place.table([row("张晨")])
    with pytest.raises(BadInput, match="--month"):
        import_ledger(place.office, "", path, month)


def test_whoever_joins_the_roster_later_is_found_when_the_file_is_read_again(place: Any) -> None:
    people = place.household_rows()
    lines = [row("轩辕来了", id_of(901), "500")]
    take_in(place, lines)
    newcomer = people[0] | {"户号": "H031", "姓名": "轩辕来了", "身份证号": id_of(901), "手机": "", "房号": "909"}
    from outreach.services.rosters import import_households

    import_households(place.office, place.table([newcomer], "new.csv"))
    again = take_in(place, lines)
    assert (again.known, again.found) == (True, 1)
    assert paid(place) == {"H031": 50_000}


def test_two_machines_that_read_one_file_agree_when_their_logs_meet(place: Any, tmp_path: Any) -> None:
    from tests.conftest import Town

    second = Town(place.beside("second"))
    people = names(place)
    lines = [row(name, number) for _home, name, number in people[:6]]
    corrected = [*lines[:4], row(people[4][1], people[4][2], "999")]
    for machine in (place, second):
        take_in(machine, lines)
    take_in(place, corrected, "corrected.csv", corrects=1, withdraw_missing=True)
    export_log(place.office, "", tmp_path / "log.jsonl")
    merged = merge_log(second.office, "", tmp_path / "log.jsonl")
    assert merged.differing == ()
    assert paid(second) == paid(place)
    take_in(second, corrected, "corrected.csv", corrects=1, withdraw_missing=True)
    assert paid(second) == paid(place)
    assert log(second) == log(place)
    second.close()
