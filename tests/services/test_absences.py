"""Leave taken in, added, listed and called off."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.absences import add_leave, import_leave, lift_leave, list_leave
from outreach.services.rosters import import_officers

FIELDS = ("工号", "开始日期", "结束日期", "事由")


@pytest.fixture
def office(bare_town: Any) -> Any:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    return bare_town.office


def leave_file(town: Any, *rows: tuple[str, str, str, str], name: str = "leave.csv") -> Any:
    return town.table([dict(zip(FIELDS, row, strict=True)) for row in rows], name)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_table_of_leave_is_taken_in_and_a_second_time_changes_nothing(bare_town: Any, office: Any) -> None:
    file = leave_file(
        bare_town, ("Y01", "2005年5月1日", "2005/5/3", "年休假"), ("Y02", "2005-05-02", "2005-05-02", "培训")
    )
    first, second = import_leave(office, file), import_leave(office, file)
    assert (first.rows, first.added, first.known) == (2, 2, 0)
    assert (second.rows, second.added, second.known) == (2, 0, 2)
    rows = list_leave(office)
    assert [(row.officer, row.name, row.post, row.days, row.reason) for row in rows] == [
        ("Y01", "梁若舟", "G01", 3, "年休假"),
        ("Y02", "欧阳青禾", "G02", 1, "培训"),
    ]


def test_every_wrong_row_is_named_and_nothing_is_written(bare_town: Any, office: Any) -> None:
    file = leave_file(
        bare_town,
        ("Y01", "2005-05-01", "2005-05-03", ""),
        ("Y99", "2005-05-01", "2005-05-03", ""),
        ("Y02", "2005-05-03", "2005-05-01", ""),
        ("Y01", "2005-05-03", "2005-05-04", ""),
    )
    with pytest.raises(BadInput) as caught:
        import_leave(office, file)
    said = [fault.sentence() for fault in caught.value.faults]
    assert "row 3" in said[0]
    assert "there is no officer 'Y99'" in said[0]
    assert "row 4" in said[1]
    assert "2005-05-01 is before the start 2005-05-03" in said[1]
    assert "row 5" in said[2]
    assert "away on some of these days by leave.csv, row 2 too" in said[2]
    assert list_leave(office) == []


def test_overlaps_with_stored_leave_are_listed_with_the_other_faults(bare_town: Any, office: Any) -> None:
    known = add_leave(office, "Y01", day("2005-05-01"), day("2005-05-03"), "年休假")
    file = leave_file(
        bare_town,
        ("Y01", "2005-05-03", "2005-05-04", "病假"),
        ("Y99", "2005-05-01", "2005-05-03", "病假"),
        ("Y02", "2005-05-01", "2040-05-03", "病假"),
    )
    with pytest.raises(BadInput) as caught:
        import_leave(office, file)
    said = [fault.sentence() for fault in caught.value.faults]
    assert len(said) == 3
    assert "row 2" in said[0]
    assert (
        "away from 2005-05-01 to 2005-05-03 already; write the other days only, or call that leave off with " in said[0]
    )
    assert known.id in said[0]
    assert "there is no officer 'Y99'" in said[1]
    assert "is not between 1900 and 2010-12-31" in said[2]
    assert len(list_leave(office)) == 1


def test_leave_too_far_off_is_refused_by_hand_as_it_is_in_a_table(office: Any) -> None:
    with pytest.raises(BadInput, match="2011-01-01 is after 2010-12-31"):
        add_leave(office, "Y01", day("2010-12-31"), day("2011-01-01"), "病假")
    assert add_leave(office, "Y01", day("2010-12-31"), day("2010-12-31"), "病假").shifts == ()


def test_leave_that_overlaps_what_is_stored_names_the_days_and_the_way_out(office: Any) -> None:
    known = add_leave(office, "G01", day("2005-05-01"), day("2005-05-03"), "年休假")
    with pytest.raises(Conflict, match=f"^--from: Y01 is .*away from 2005-05-01 to 2005-05-03 .*leave lift {known.id}"):
        add_leave(office, "Y01", day("2005-05-03"), day("2005-05-03"), "病假")
    assert len(list_leave(office)) == 1


def test_leave_called_off_no_longer_counts_and_cannot_be_called_off_twice(office: Any) -> None:
    known = add_leave(office, "Y01", day("2005-05-01"), day("2005-05-03"), "年休假")
    assert lift_leave(office, known.id).name == "梁若舟"
    assert list_leave(office) == []
    with pytest.raises(NotFound, match="no such leave in force"):
        lift_leave(office, known.id)


@pytest.mark.parametrize(
    ("officer", "last", "reason", "error", "says"),
    [
        ("Y77", "2005-05-02", "x", NotFound, "no such officer"),
        ("Y01", "2005-04-30", "x", BadInput, "is before the start"),
        ("Y01", "2005-05-02", "  ", BadInput, "is empty"),
    ],
)
def test_impossible_leave_is_refused_in_one_sentence(
    office: Any, officer: str, last: str, reason: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        add_leave(office, officer, day("2005-05-01"), day(last), reason)
    assert list_leave(office) == []


def test_the_list_can_be_cut_to_the_days_that_matter(office: Any) -> None:
    add_leave(office, "Y01", day("2005-05-01"), day("2005-05-03"), "a")
    add_leave(office, "Y02", day("2005-06-01"), day("2005-06-03"), "b")
    assert [row.officer for row in list_leave(office, day("2005-05-03"), day("2005-05-31"))] == ["Y01"]
    assert [row.officer for row in list_leave(office, day("2005-05-04"))] == ["Y02"]
