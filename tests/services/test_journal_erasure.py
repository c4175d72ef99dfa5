"""What was typed of an erased household and not yet written is gone; what was typed of others means what it meant."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.domain.walk_list import PAPER_CODES
from outreach.errors import BadInput, Conflict, StoreFault
from outreach.services.contact_entry import EntrySheet, open_sheet
from outreach.services.entry_journal import hold_journal
from outreach.services.entry_lines import as_typed, read_line
from outreach.services.entry_session import EntrySession
from outreach.services.erasure import erase_household, expire_campaign
from outreach.services.journal_erasure import _without
from outreach.services.walk_planning import plan_walks

DAY = dt.date(2005, 6, 15)


@pytest.fixture
def listed(town: Any) -> Any:
    plan_walks(town.office, "", days=14)
    town.clock.present += dt.timedelta(days=1)
    return town


def type_in(town: Any, *lines: str, number: int = 1) -> EntrySheet:
    """Type lines and leave without writing."""
    sheet = open_sheet(town.office, "", number)
    with hold_journal(town.office, sheet.walk, sheet.day) as journal:
        typing = EntrySession(sheet, journal)
        for line in lines:
            assert not typing.hear(line).refused, line
    return sheet


def typed_again(town: Any, number: int = 1) -> dict[str, tuple[str, str]]:
    """By household, the outcome and the note the journal holds now."""
    sheet = open_sheet(town.office, "", number)
    with hold_journal(town.office, sheet.walk, sheet.day) as journal:
        typing = EntrySession(sheet, journal)
        typing.resume()
        assert typing.refused == []
    return {one.row.household: (one.row.disposition.value, one.row.note) for one in sheet.entered.values()}


def whole_folder(root: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


def test_no_byte_of_the_workspaces_record_tells_of_them_and_the_rest_stays(listed: Any) -> None:
    sheet = open_sheet(listed.office, "", 1)
    code = {line.line: line.household for line in sheet.walk.lines}
    person = sheet.doors[2].home.persons[0]
    type_in(
        listed,
        "11",
        f"31 c #{person.name} 改打 12105559977",
        "11 #门口有狗",
        "u",
        "31 #约好了",
        f"4 11 #{person.mobile} 有人接",
    )
    before = typed_again(listed)
    assert before[code[2]][1] == f"{person.name} 改打 12105559977"
    (told,) = erase_household(listed.office, code[2], reason="asked", dry_run=True).journals
    assert told == "town-walk-1.txt"
    assert erase_household(listed.office, code[2], reason="asked").journals == (told,)
    left = whole_folder(listed.root)  # nothing was printed: `out/` is empty
    for word in (person.name, person.mobile, "12105559977"):
        assert not word or word.encode() not in left, word
    after = typed_again(listed)
    assert after == {code[1]: before[code[1]], code[3]: before[code[3]], code[4]: (before[code[4]][0], "")}


def test_a_journal_that_held_nothing_else_is_gone(listed: Any) -> None:
    sheet = type_in(listed, "1 31 #有话要说")
    erase_household(listed.office, sheet.walk.lines[0].household, reason="asked")
    assert list((listed.root / "journals").iterdir()) == []


def test_other_lists_are_left_byte_for_byte(listed: Any) -> None:
    other = type_in(listed, "31 c", "11", number=2)
    sheet = type_in(listed, "1 31")
    path = listed.root / "journals" / f"town-walk-{other.walk.number}.txt"
    before = path.read_bytes()
    erase_household(listed.office, sheet.walk.lines[0].household, reason="asked")
    assert path.read_bytes() == before


def test_while_somebody_types_the_list_nothing_is_erased(listed: Any) -> None:
    sheet = type_in(listed, "1 31 #备注")
    code = sheet.walk.lines[0].household
    with hold_journal(listed.office, sheet.walk, sheet.day), pytest.raises(Conflict, match="typing this list in now"):
        erase_household(listed.office, code, reason="asked")
    with listed.office.store.read() as unit:
        assert code in unit.rosters.households([code])
    assert code in typed_again(listed)


def test_a_store_that_refuses_leaves_the_journals_as_they_were(listed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = type_in(listed, "1 31 #备注")

    def refuse(*_anything: Any) -> None:
        raise StoreFault.at("outreach.db", "the disk is full", "free some space")

    before = whole_folder(listed.root / "journals")
    with monkeypatch.context() as patched:
        patched.setattr("outreach.services.erasure.append", refuse)
        with pytest.raises(StoreFault, match="the disk is full"):
            erase_household(listed.office, sheet.walk.lines[0].household, reason="asked")
    assert whole_folder(listed.root / "journals") == before
    assert len(list((listed.root / "journals").iterdir())) == 1


def test_a_journal_of_a_list_that_is_not_there_goes_where_it_names_them(listed: Any) -> None:
    sheet = type_in(listed, "1 31")
    person = next(one for door in sheet.doors.values() for one in door.home.persons if one.mobile)
    code = next(door.home.code for door in sheet.doors.values() if person in door.home.persons)
    folder = listed.root / "journals"
    (folder / "old-walk-9.txt").write_text(f"outreach entry 1 x 2005-06-01\n3 31 #{person.mobile}\n", "utf-8")
    (folder / "old-walk-8.txt").write_text("outreach entry 1 x 2005-06-01\n3 31 #别人\n", "utf-8")
    erase_household(listed.office, code, reason="asked")
    assert not (folder / "old-walk-9.txt").exists()
    assert (folder / "old-walk-8.txt").exists()


def test_an_expired_campaigns_journals_go_with_its_names(listed: Any) -> None:
    type_in(listed, "1 31 #有话要说", "11")
    settings_file = listed.root / "outreach.toml"
    text = settings_file.read_text("utf-8")
    settings_file.write_text(text.replace("[privacy]\n", "[privacy]\nkeep_days = 30\n"), "utf-8")
    listed.clock.present = dt.datetime(2007, 1, 1, tzinfo=dt.UTC)
    expire_campaign(listed.reopen(), "", dry_run=False)
    assert list((listed.root / "journals").iterdir()) == []


WHAT = st.sampled_from([code for code, outcome in PAPER_CODES.items() if outcome.happens_on("visit")])
WHERE = st.one_of(st.just(""), st.integers(1, 9).map(str), st.sampled_from(["2-4", "1,3", "5-7"]))
LINE = st.one_of(st.tuples(WHERE, WHAT).map(lambda said: " ".join(said).strip()), st.just("u"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(lines=st.lists(LINE, max_size=12), gone=st.sets(st.integers(1, 6), min_size=1, max_size=3))
def test_whatever_was_typed_the_others_keep_what_was_typed_of_them(town: Any, lines: list[str], gone: set[int]) -> None:
    def fresh() -> EntrySheet:
        if not hasattr(town, "sheet"):
            plan_walks(town.office, "", days=14)
            town.sheet = open_sheet(town.office, "", 1)
        first: EntrySheet = town.sheet
        return EntrySheet(first.campaign, first.walk, first.state, first.day, first.officer, first.doors, first.known)

    def play(sheet: EntrySheet, typed: list[str]) -> list[str]:
        taken = []
        for line in typed:
            try:
                said = read_line(line, sheet.day, "visit")
                taken += [line] if (sheet.undo() if line == "u" else sheet.type(said)) else []
            except BadInput:
                continue
        return taken

    sheet = fresh()
    journal = play(sheet, lines)
    kept = _without(fresh(), journal, gone, ["门" * 9])
    left = fresh()
    left.doors = {line: door for line, door in left.doors.items() if line not in gone}
    assert play(left, kept) == kept
    assert left.entered == {line: entry for line, entry in sheet.entered.items() if line not in gone}


@pytest.mark.parametrize("text", ["7 31", "9-12 31 1930 crm .2 @0620 #说了 #话", "3,5 11", "1 31 d"])
def test_a_line_written_out_is_read_as_it_was_meant(text: str) -> None:
    said = read_line(text, DAY, "visit")
    assert read_line(as_typed(said), DAY, "visit") == said
