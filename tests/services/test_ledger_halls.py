"""Several files of one month: another hall's beside the first, or the first corrected, never the one for the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.domain.ledger import LineState
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.ledger import list_ledger
from tests.conftest import Town
from tests.services.ledger_town import give_ids, id_of, log, paid, row, take_in


@pytest.fixture
def place(town: Any) -> Any:
    give_ids(town)
    return town


def person(town: Any, number: int) -> tuple[str, str, str]:
    """(household, name, ID number) of the person in this row of the roster."""
    one = town.household_rows()[number]
    return one["户号"], one["姓名"], id_of(number)


def halls(town: Any) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Hall A's lines of persons 2 and 3, hall B's of person 2, who pays there too, and of 4."""
    (_h2, two, id2), (_h3, three, id3), (_h4, four, id4) = (person(town, number) for number in (2, 3, 4))
    first = [row(two, id2, "1200"), row(three, id3, "900")]
    return first, [row(two, id2, "300", "2005-05-25"), row(four, id4, "70")]


def two_halls(town: Any) -> None:
    first, second = halls(town)
    take_in(town, first, "ha.csv")
    take_in(town, second, "hb.csv", beside=True)


def codes(town: Any) -> tuple[str, str, str]:
    return person(town, 2)[0], person(town, 3)[0], person(town, 4)[0]


def test_a_file_that_would_change_lines_is_refused_unless_its_place_is_said(place: Any) -> None:
    first, second = halls(place)
    take_in(place, first, "ha.csv")
    before = log(place)
    with pytest.raises(Conflict) as caught:
        take_in(place, second, "hb.csv")
    (fault,) = caught.value.faults
    name = person(place, 2)[1]
    assert fault.what == (
        f"1 lines of the month would be changed: hb.csv, row 2: {name}, 2005-05-08 1,200 yuan, now 2005-05-25 300 yuan"
    )
    assert "--corrects 1" in fault.mend
    assert "--beside" in fault.mend
    assert log(place) == before
    assert len(list_ledger(place.office, "")) == 1


def test_a_refusal_names_the_first_few_changes_and_counts_the_others(place: Any) -> None:
    people = [person(place, number) for number in range(2, 8)]
    take_in(place, [row(name, number, "100") for _home, name, number in people])
    with pytest.raises(Conflict) as caught:
        take_in(place, [row(name, number, "200") for _home, name, number in people], "again.csv")
    (fault,) = caught.value.faults
    assert fault.what.startswith("6 lines")
    assert fault.what.count(", now ") == 3
    assert fault.what.endswith("; and 3 more")


def test_another_halls_file_stands_beside_the_first_and_both_payments_count(place: Any) -> None:
    two_halls(place)
    two, three, four = codes(place)
    assert paid(place) == {two: 150_000, three: 90_000, four: 7_000}


def test_a_line_that_both_halls_tell_counts_once(place: Any) -> None:
    first, second = halls(place)
    take_in(place, first, "ha.csv")
    report = take_in(place, [first[0], *second], "hb.csv", beside=True)
    assert (report.unchanged, report.added, report.changes, report.missing) == (1, 2, (), ())
    two, three, four = codes(place)
    assert paid(place) == {two: 150_000, three: 90_000, four: 7_000}


def test_a_hall_corrected_leaves_the_other_halls_payments_alone(place: Any) -> None:
    two_halls(place)
    (two, name, number), (_three, _name, _number), (four, *_rest) = (person(place, n) for n in (2, 3, 4))
    report = take_in(place, [row(name, number, "1250")], "ha2.csv", corrects=1, withdraw_missing=True)
    assert [(old.amount_fen, new.amount_fen) for old, new in report.changes] == [(120_000, 125_000)]
    assert [line.amount_fen for line in report.missing] == [90_000]
    assert report.withdrawn == 1
    assert paid(place) == {two: 155_000, four: 7_000}
    assert [one.file.corrects for one in list_ledger(place.office, "")] == [0, 0, 1]


def test_a_correction_of_a_correction_is_compared_with_what_the_first_correction_brought(place: Any) -> None:
    two_halls(place)
    (two, name, number), (three, name3, number3), (four, *_rest) = (person(place, n) for n in (2, 3, 4))
    take_in(place, [row(name, number, "1250"), row(name3, number3, "900")], "ha2.csv", corrects=1)
    report = take_in(place, [row(name, number, "1260"), row(name3, number3, "900")], "ha3.csv", corrects=1)
    assert [(old.amount_fen, new.amount_fen) for old, new in report.changes] == [(125_000, 126_000)]
    assert report.added == 0
    assert paid(place) == {two: 156_000, three: 90_000, four: 7_000}


def test_a_line_that_both_halls_tell_is_corrected_where_it_stands_now(place: Any) -> None:
    first, second = halls(place)
    take_in(place, first, "ha.csv")
    take_in(place, [first[0], second[1]], "hb.csv", beside=True)  # hall B has the line of 1,200 too
    two, name, number = person(place, 2)
    report = take_in(place, [row(name, number, "1250"), first[1]], "ha2.csv", corrects=1)
    assert [(old.amount_fen, new.amount_fen) for old, new in report.changes] == [(120_000, 125_000)]
    assert paid(place)[two] == 125_000


def test_withdrawing_what_is_missing_is_refused_where_nobody_knows_of_which_file(place: Any) -> None:
    two_halls(place)
    first, _second = halls(place)
    before = paid(place)
    for lines, name in (([first[0]], "ha2.csv"), (first, "ha.csv")):
        with pytest.raises(Conflict, match=r"several files that stand side by side; say with --corrects .*: 1, 2"):
            take_in(place, lines, name, withdraw_missing=True)
    assert paid(place) == before


def test_the_first_halls_file_read_again_is_known_and_misses_nothing_of_the_others(place: Any) -> None:
    two_halls(place)
    report = take_in(place, halls(place)[0], "ha.csv")
    assert (report.known, report.missing, report.file.number) == (True, (), 1)
    assert len(list_ledger(place.office, "")) == 2


def test_a_corrected_file_may_be_put_back_by_naming_the_correction(place: Any) -> None:
    first, _second = halls(place)
    take_in(place, first, "ha.csv")
    _home, name, number = person(place, 2)
    take_in(place, [row(name, number, "1250"), first[1]], "ha2.csv", corrects=1)
    report = take_in(place, first, "ha.csv", corrects=2)
    assert not report.known
    assert paid(place) == {codes(place)[0]: 120_000, codes(place)[1]: 90_000}


def test_a_file_that_has_all_lines_again_and_more_takes_the_place_of_the_shorter_one(place: Any) -> None:
    first, _second = halls(place)
    _home, name, number = person(place, 5)
    assert take_in(place, first, "week1.csv").file.corrects == 0
    assert take_in(place, [*first, row(name, number, "10")], "week2.csv").file.corrects == 1
    report = take_in(place, [*first, row(name, number, "20")], "week3.csv", corrects=1)
    assert (len(report.changes), report.added) == (1, 0)


def test_what_is_missing_is_withdrawn_when_the_same_file_is_read_again_as_a_correction(place: Any) -> None:
    first, _second = halls(place)
    take_in(place, first, "ha.csv")
    assert len(take_in(place, first[:1], "shorter.csv").missing) == 1
    report = take_in(place, first[:1], "shorter.csv", corrects=1, withdraw_missing=True)
    assert (report.unchanged, report.withdrawn) == (1, 1)
    assert paid(place) == {codes(place)[0]: 120_000}
    assert all(one.adds_up for one in list_ledger(place.office, ""))


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"corrects": 9}, NotFound, "2005-05 has no file of this number"),
        ({"corrects": 1, "beside": True}, BadInput, "takes no other's place"),
        ({"beside": True, "withdraw_missing": True}, BadInput, "no line of theirs is missing"),
    ],
)
def test_a_place_that_cannot_be_is_refused_in_a_sentence(
    place: Any, said: dict[str, Any], error: type[Exception], words: str
) -> None:
    first, second = halls(place)
    take_in(place, first, "ha.csv")
    with pytest.raises(error, match=words):
        take_in(place, second, "hb.csv", **said)
    assert len(list_ledger(place.office, "")) == 1


def test_machines_that_take_in_two_halls_and_a_correction_agree_in_any_order(place: Any, tmp_path: Path) -> None:
    second = Town(place.beside("second"))
    first_hall, second_hall = halls(place)
    corrected = [row(*person(place, 2)[1:], "1250"), first_hall[1]]
    two_halls(place)
    take_in(place, corrected, "ha2.csv", corrects=1)
    take_in(second, second_hall, "hb.csv")
    take_in(second, first_hall, "ha.csv", beside=True)
    take_in(second, corrected, "ha2.csv", corrects=2)
    assert paid(second) == paid(place)
    for giver, taker in ((place, second), (second, place)):
        export_log(giver.office, "", tmp_path / "log")
        told = merge_log(taker.office, "", tmp_path / "log")
        assert (told.settled, told.differing) == (0, ())
    assert paid(second) == paid(place)
    assert log(second) == log(place)
    second.close()


def test_registrations_of_another_file_stay_when_payments_are_corrected(place: Any) -> None:
    first, _second = halls(place)
    _home, name, number = person(place, 6)
    take_in(place, first, "ha.csv")
    take_in(place, [row(name, number, "", 业务类型="参保登记")], "registered.csv")
    take_in(place, first[:1], "ha2.csv", corrects=1, withdraw_missing=True)
    states = [one.states for one in list_ledger(place.office, "")]
    assert states[1][LineState.MATCHED].lines == 1
