"""A list's paper typed in: seen line by line, undone, never counted twice, never lost."""

from __future__ import annotations

import copy
import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.domain.contact import Disposition, in_force
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.campaigns import load_campaign
from outreach.services.contact_audit import audit_contacts
from outreach.services.contact_entry import EntrySheet, open_sheet, write_sheet
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contact_withdrawal import withdraw_fact
from outreach.services.contacts import record_attempt
from outreach.services.entry_journal import hold_journal
from outreach.services.entry_lines import Doors, Verb, read_line
from outreach.services.entry_session import EntrySession
from outreach.services.follow_ups import every_matter
from outreach.services.territories import show_household
from outreach.services.walk_planning import plan_walks
from outreach.services.walks import show_walk, withdraw_walk


@pytest.fixture
def listed(town: Any) -> Any:
    """The town with its walk lists, on the morning after they were walked."""
    plan_walks(town.office, "", days=14)
    town.clock.present += dt.timedelta(days=1)
    return town


def typed(sheet: EntrySheet, *lines: str) -> list[str]:
    """Type lines in; returns the codes replied."""
    codes = []
    for line in lines:
        said = read_line(line, sheet.day, "visit")
        assert isinstance(said, Doors)
        codes += [reply.code for reply in sheet.type(said)]
    return codes


def written(town: Any, *lines: str, number: int = 1, **options: Any) -> Any:
    sheet = open_sheet(town.office, "", number, **options)
    typed(sheet, *lines)
    return write_sheet(town.office, sheet)


def attempts(town: Any, code: str) -> Any:
    return show_household(town.office, "", code).attempts


def test_what_is_typed_is_recorded_of_the_households_on_the_paper(listed: Any) -> None:
    sheet = open_sheet(listed.office, "", 1)
    assert typed(sheet, "31", "2 12 c 1945 #要户口簿", "3-4 31", "5 11 m r .1") == ["31", "12", "31", "31", "11"]
    done = write_sheet(listed.office, sheet)
    assert (done.new, done.corrected, done.same, done.untimed) == (5, 0, 0, 4)
    assert done.missing == (6,)
    assert done.totals == {"11": 1, "12": 1, "31": 3}
    walk = show_walk(listed.office, "", 1)
    (first,) = attempts(listed, walk.list.lines[0].household)
    assert (first.disposition, first.officer, first.channel) == (Disposition.NOBODY_HOME, walk.list.officer, "visit")
    assert first.at == walk.list.lines[0].at
    (second,) = attempts(listed, walk.list.lines[1].household)
    assert (second.left, second.note) == (("card",), "要户口簿")
    assert f"{second.at.astimezone(walk.list.day and sheet.campaign.zone):%Y-%m-%d %H:%M}" == "2005-06-15 19:45"
    (fifth,) = attempts(listed, walk.list.lines[4].household)
    assert (len(fifth.musts), fifth.forms, fifth.person) == (6, ("registration",), 1)
    assert [line.walked for line in walk.lines] == [True] * 5 + [False]


def test_the_same_paper_typed_twice_adds_nothing_and_typed_otherwise_corrects(listed: Any) -> None:
    written(listed, "1 31", "2 12")
    again = written(listed, "1 31", "2 12")
    assert (again.new, again.corrected, again.same) == (0, 0, 2)
    other = written(listed, "1 31", "2 22")
    assert (other.new, other.corrected, other.same) == (0, 1, 1)
    code = show_walk(listed.office, "", 1).list.lines[1].household
    view = show_household(listed.office, "", code)
    assert [one.disposition.value for one in in_force(view.attempts)] == ["refused"]
    assert view.standing.attempts == 1
    assert len(view.attempts) == 2


def test_a_line_typed_again_takes_the_place_of_what_was_typed_before(listed: Any) -> None:
    sheet = open_sheet(listed.office, "", 1)
    typed(sheet, "1 31")
    (reply,) = sheet.type(Doors((1,), Disposition.CARD_HANDED))
    assert (reply.before, reply.same) == ("31", False)
    (reply,) = sheet.type(Doors((1,), Disposition.CARD_HANDED))
    assert reply.same
    assert write_sheet(listed.office, sheet).totals == {"12": 1}


def test_a_code_alone_goes_to_the_next_line_nobody_has_entered(listed: Any) -> None:
    written(listed, "2 31")
    sheet = open_sheet(listed.office, "", 1)
    typed(sheet, "31", "12")
    assert sorted(sheet.entered) == [1, 3]
    typed(sheet, "4-6 31")
    with pytest.raises(BadInput, match="every line from 7 on is entered"):
        typed(sheet, "31")


def test_a_line_the_list_does_not_have_is_refused_and_changes_nothing(listed: Any) -> None:
    sheet = open_sheet(listed.office, "", 1)
    with pytest.raises(BadInput, match="line 7: the list has no such line; it has lines 1 to 6"):
        typed(sheet, "5-7 31")
    assert sheet.entered == {}
    with pytest.raises(BadInput, match="line 1: nobody was met"):
        typed(sheet, "1 31 m")
    with pytest.raises(BadInput, match="has no person number 9"):
        typed(sheet, "1 12 .9")
    with pytest.raises(NotFound, match="no such walk list"):
        open_sheet(listed.office, "", 99)


def test_an_hour_that_has_not_come_is_refused(town: Any) -> None:
    plan_walks(town.office, "", days=14)  # it is ten in the morning, the round begins in the evening
    sheet = open_sheet(town.office, "", 1)
    with pytest.raises(BadInput, match="is in the future; write when it happened"):
        typed(sheet, "1 31")
    typed(sheet, "1 31 0930")
    assert write_sheet(town.office, sheet).new == 1


def test_the_planned_hour_is_no_evidence_for_the_audit_but_a_typed_one_is(listed: Any) -> None:
    written(listed, "1-5 31", "6 31 1951")
    found = audit_contacts(listed.office, "").audit
    assert (found.visits, found.untimed) == (6, 5)


def test_undo_gives_back_the_sheet_as_it_was(listed: Any) -> None:
    sheet = open_sheet(listed.office, "", 1)
    typed(sheet, "1 31", "2-4 12")
    assert sheet.undo() == (2, 3, 4)
    assert sorted(sheet.entered) == [1]
    assert sheet.next_line() == 2
    assert sheet.undo() == (1,)
    assert sheet.undo() == ()


LINES = st.lists(
    st.sampled_from(
        ["1 31", "2 12 c", "31", "12", "1-3 22", "6 31 1951", "5,6 11 m", "4 31 #x", "2 31", "9 31", "x y"]
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(LINES)
def test_as_many_undos_as_lines_were_taken_leave_an_empty_sheet(listed: Any, lines: list[str]) -> None:
    sheet = _cached_sheet(listed)
    states = []
    for line in lines:
        before = (dict(sheet.entered), sheet.totals, sheet.missing)
        try:
            typed(sheet, line)
        except BadInput:
            assert (dict(sheet.entered), sheet.totals, sheet.missing) == before
        else:
            states.append(before)
    while states:
        assert sheet.undo()
        assert (dict(sheet.entered), sheet.totals, sheet.missing) == states.pop()
    assert sheet.undo() == ()


_SHEETS: dict[Path, EntrySheet] = {}


def _cached_sheet(town: Any) -> EntrySheet:
    if town.root not in _SHEETS:
        _SHEETS[town.root] = open_sheet(town.office, "", 1)
    return copy.deepcopy(_SHEETS[town.root])


def test_totals_of_the_paper_are_held_against_what_was_typed(listed: Any) -> None:
    written(listed, "1 31")
    sheet = open_sheet(listed.office, "", 1)
    typed(sheet, "2 31", "3 12")
    sheet.paper |= {"31": 3, "12": 1}
    (found,) = sheet.differences
    assert (found.code, found.paper, found.typed) == ("31", 3, 2)  # the line recorded before counts: it is on the paper
    typed(sheet, "4 31")
    assert sheet.differences == ()


def test_an_expired_and_a_withdrawn_list_are_entered_all_the_same(listed: Any) -> None:
    withdraw_walk(listed.office, "", 1)
    assert open_sheet(listed.office, "", 1).state.value == "withdrawn"
    assert written(listed, "1 31").new == 1
    listed.clock.present += dt.timedelta(days=40)
    assert open_sheet(listed.office, "", 2).state.value == "expired"
    assert written(listed, "1 31", number=2).new == 1


def test_another_day_and_another_officer_may_have_walked_it(listed: Any) -> None:
    listed.clock.present += dt.timedelta(days=2)
    day = dt.date(2005, 6, 17)
    written(listed, "1 31", on=day, officer="Y04")
    (made,) = attempts(listed, show_walk(listed.office, "", 1).list.lines[0].household)
    assert (made.at.astimezone(listed.clock.present.tzinfo).date(), made.officer) == (day, "Y04")
    with pytest.raises(NotFound, match="Y77"):
        open_sheet(listed.office, "", 1, officer="Y77")


def test_a_visit_recorded_otherwise_is_shown_so_that_it_is_not_entered_a_second_time(listed: Any) -> None:
    walk = show_walk(listed.office, "", 1).list
    record_attempt(listed.office, "", walk.lines[0].household, channel="visit", disposition="refused", at=walk.starts)
    sheet = open_sheet(listed.office, "", 1)
    (reply,) = sheet.type(Doors((1,), Disposition.REFUSED))
    assert reply.door.other is not None
    assert reply.door.stored is None


def test_two_machines_that_type_one_paper_have_one_set_of_facts_after_a_merge(listed: Any, tmp_path: Path) -> None:
    sheets = [open_sheet(listed.office, "", 1) for _one in range(2)]
    for sheet in sheets:
        typed(sheet, "1 31", "2 12")
    write_sheet(listed.office, sheets[0])
    log = tmp_path / "one.log"
    export_log(listed.office, "", log)
    assert merge_log(listed.office, "", log).new == 0
    with pytest.raises(Conflict, match="somebody else has entered it meanwhile"):
        write_sheet(listed.office, sheets[1])


def test_a_line_withdrawn_may_be_typed_again(listed: Any) -> None:
    written(listed, "1 12")
    code = show_walk(listed.office, "", 1).list.lines[0].household
    withdraw_fact(listed.office, "", attempts(listed, code)[0].id, reason="wrong list")
    sheet = open_sheet(listed.office, "", 1)
    assert 1 in sheet.missing
    typed(sheet, "31")
    assert write_sheet(listed.office, sheet).new == 1
    assert show_household(listed.office, "", code).standing.last_disposition == "nobody_home"


def test_a_promise_typed_opens_a_follow_up_once(listed: Any) -> None:
    for _time in range(2):
        written(listed, "1 11 @0620 #带对账单")
    walk = show_walk(listed.office, "", 1).list
    with listed.office.store.read() as unit:
        (one,) = unit.follow_ups.of("town", listed.office.workspace.zone, [walk.lines[0].household])
    assert (one.due, one.about, one.kind.value) == (dt.date(2005, 6, 20), "带对账单", "promise")
    assert written(listed, "1 11 @0622 #带对账单").corrected == 1
    with listed.office.store.read() as unit:
        known = every_matter(listed.office, unit, load_campaign(listed.workspace, ""), [walk.lines[0].household])
    (moved,) = [matter for matter in known if matter.follow_up.kind.value == "promise"]
    assert (moved.follow_up.due, moved.first_due, moved.moved) == (dt.date(2005, 6, 22), dt.date(2005, 6, 20), 1)


@pytest.fixture
def session(listed: Any) -> Iterator[Callable[[], Any]]:
    """session() -> a sitting with list 1, its journal held until the next one or the end."""
    held: list[Any] = []

    def begin(**options: Any) -> EntrySession:
        while held:
            held.pop().__exit__(None, None, None)
        sheet = open_sheet(listed.office, "", 1)
        held.append(hold_journal(listed.office, sheet.walk, sheet.day, **options))
        typing = EntrySession(sheet, held[-1].__enter__())
        typing.resume()
        return typing

    yield begin
    while held:
        held.pop().__exit__(None, None, None)


def test_what_was_typed_and_not_written_is_there_again(session: Any) -> None:
    typing = session()
    for line in ("1 31", "2 12 c", "nonsense", "3 31", "u", "4 22 #谢绝", "t 31=1"):
        typing.hear(line)
    again = session()
    assert again.sheet.entered == typing.sheet.entered
    assert sorted(again.sheet.entered) == [1, 2, 4]
    assert again.sheet.paper == {"31": 1}
    assert again.refused == []
    assert session(fresh=True).sheet.entered == {}


def test_whatever_is_typed_is_answered_with_a_verb_a_reply_or_a_sentence(session: Any) -> None:
    typing = session()
    assert typing.hear("1 99").refused is not None
    assert typing.hear("u").undone == ()
    assert typing.hear("q").verb is Verb.WRITE
    assert typing.hear("").verb is None


def test_a_line_cut_short_by_a_power_loss_is_left_out(session: Any) -> None:
    typing = session()
    typing.hear("1 31")
    path = typing.journal.path
    with path.open("ab") as file:
        file.write("2 12 c #写到一".encode()[:-1])
    again = session()
    assert sorted(again.sheet.entered) == [1]
    again.hear("3 31")
    assert path.read_text("utf-8").splitlines()[1:] == ["1 31", "3 31"]


def test_a_journal_of_another_day_is_not_mixed_in(listed: Any, session: Any) -> None:
    typing = session()
    typing.hear("1 31")
    session()
    walk = typing.sheet.walk
    with pytest.raises(Conflict), hold_journal(listed.office, walk, walk.day):
        pass  # the sitting still holds it


def test_the_journal_of_one_list_is_held_by_one_program(listed: Any) -> None:
    walk = open_sheet(listed.office, "", 1).walk
    with (
        hold_journal(listed.office, walk, walk.day) as journal,
        pytest.raises(Conflict, match="somebody is typing this list in now"),
        hold_journal(listed.office, walk, walk.day),
    ):
        pass
    other = walk.day + dt.timedelta(days=1)
    with pytest.raises(Conflict, match="so far is of 2005-06-15"), hold_journal(listed.office, walk, other):
        pass
    assert journal.path.exists()


KILLED = """
import sys, time
from pathlib import Path
from outreach.config import load_workspace
from outreach.services.contact_entry import open_sheet
from outreach.services.entry_journal import hold_journal
from outreach.services.entry_session import EntrySession
from outreach.services.office import open_office
office = open_office(load_workspace(Path(sys.argv[1])))
sheet = open_sheet(office, "", 1)
with hold_journal(office, sheet.walk, sheet.day) as journal:
    typing = EntrySession(sheet, journal)
    for line in sys.stdin:
        typing.hear(line)
        print("heard", flush=True)
"""


def test_a_terminal_that_is_killed_loses_no_line_that_was_answered(listed: Any, session: Any) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(listed.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdin is not None
    assert program.stdout is not None
    for line in ("1 31", "2 12 c", "3 31"):
        program.stdin.write(line + "\n")
        program.stdin.flush()
        assert program.stdout.readline() == "heard\n"
    program.kill()
    program.communicate()
    assert sorted(session().sheet.entered) == [1, 2, 3]
