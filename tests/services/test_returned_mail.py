"""Mail that came back: piece, attempt and question in one; the address corrected by somebody, never by the post."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from outreach.domain.contact import Disposition
from outreach.domain.pieces import PieceState
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.corrections import (
    accept_proposal,
    count_returned,
    list_proposals,
    refuse_proposal,
)
from outreach.services.materials import make_material
from outreach.services.piece_lists import write_list
from outreach.services.piece_states import Change, record_state, whereabouts
from outreach.services.returned_mail import proposal_list, record_returned, scan_returned
from outreach.services.rosters import list_households
from outreach.services.runs import show_run
from outreach.services.territories import show_household

NEW = "城西社区棉纺宿舍10栋1单元502室"


@pytest.fixture
def posted(town: Any) -> dict[str, str]:
    """A run of letters that were posted: the code on the letter of each household."""
    make_material(town.office, "", "letter")
    record_state(town.office, 1, [], Change(PieceState.POSTED))
    return {one.piece.household: one.piece.code for one in whereabouts(town.office, 1)}


def attempts(town: Any, household: str) -> list[Any]:
    with town.office.store.read() as unit:
        return list(unit.facts.attempts("town", household))


def address(town: Any, code: str) -> Any:
    return next(one for one in list_households(town.office) if one.code == code).address


def test_a_letter_that_came_back_is_recorded_once_as_piece_attempt_and_question(town: Any, posted: Any) -> None:
    first = record_returned(town.office, posted["H001"], "moved", new_address=NEW)
    again = record_returned(town.office, posted["H001"], "moved", new_address=NEW)
    assert (first.household, first.already, again.already) == ("H001", False, True)
    assert again.proposal == first.proposal
    state = next(one for one in whereabouts(town.office, 1) if one.piece.household == "H001")
    assert (state.state, state.event.reason) == (PieceState.RETURNED, "moved")
    (attempt,) = attempts(town, "H001")
    assert (attempt.disposition, attempt.channel) == (Disposition.RETURNED, "letter")
    assert show_household(town.office, "town", "H001").standing.first_reached_at is None
    (asked,) = list_proposals(town.office)
    assert (asked.household, asked.line, asked.source) == ("H001", NEW, posted["H001"])
    assert asked.new.line("zh") == NEW


def test_a_code_that_is_none_leaves_nothing(town: Any, posted: Any) -> None:
    with pytest.raises(BadInput, match="no such piece was printed"):
        record_returned(town.office, "1-1-ZZZZ", "moved")
    with pytest.raises(BadInput, match="is no code of a piece"):
        record_returned(town.office, "H001", "moved")
    assert list_proposals(town.office) == []


def test_a_letter_that_nobody_recorded_as_posted_cannot_come_back(town: Any) -> None:
    make_material(town.office, "", "letter")
    code = whereabouts(town.office, 1)[0].piece.code
    with pytest.raises(Conflict, match=r"printed cannot become returned; choose one of .*posted"):
        record_returned(town.office, code, "moved")
    assert attempts(town, "H001") == []


def test_a_refused_letter_asks_no_question_about_the_address(town: Any, posted: Any) -> None:
    assert record_returned(town.office, posted["H001"], "refused").proposal == ""
    assert list_proposals(town.office) == []


def test_a_letter_to_an_unknown_address_asks_even_when_nobody_knows_the_new_one(town: Any, posted: Any) -> None:
    asked = record_returned(town.office, posted["H001"], "unknown").proposal
    assert [one.id for one in list_proposals(town.office)] == [asked]
    with pytest.raises(BadInput, match="nobody knows the new address; write it as"):
        accept_proposal(town.office, "town", asked)
    assert accept_proposal(town.office, "town", asked, NEW).new.line("zh") == NEW


def test_scanned_lines_carry_a_code_and_perhaps_an_address_and_a_bad_one_stops_nothing(town: Any, posted: Any) -> None:
    lines = [posted["H001"], "rubbish", "", f"{posted['H002']},{NEW}", f"{posted['H003']} {NEW}", posted["H001"]]
    found = list(scan_returned(town.office, lines, "moved"))
    assert [bool(one.refused) for one in found] == [False, True, False, False, False]
    assert [one.line for one in found] == [1, 2, 4, 5, 6]
    assert found[-1].already
    assert {one.household: one.line for one in list_proposals(town.office)} == {"H001": "", "H002": NEW, "H003": NEW}


def test_accepting_moves_the_household_and_tells_what_follows_for_its_officer(town: Any, posted: Any) -> None:
    asked = record_returned(town.office, posted["H001"], "moved", new_address=NEW).proposal
    before = {one.code: one for one in list_households(town.office)}
    done = accept_proposal(town.office, "town", asked)
    assert address(town, "H001").line("zh") == NEW
    assert done.community_changed
    assert done.post == show_household(town.office, "town", "H001").assigned.post
    assert done.where == "entrance"
    assert sum(done.near.values()) == sum(one.address.entrance_key == done.new.entrance_key for one in before.values())
    # It stands where its new neighbours stand on the map, not where it stood.
    moved = next(one for one in list_households(town.office) if one.code == "H001")
    assert (moved.lon, moved.lat) in {
        (one.lon, one.lat) for one in before.values() if one.address.building_key == done.new.building_key
    }
    assert moved.persons == before["H001"].persons
    assert list_proposals(town.office) == []
    with pytest.raises(Conflict, match="is decided already"):
        accept_proposal(town.office, "town", asked)


def test_a_building_nobody_lives_in_leaves_the_place_on_the_map_open(town: Any, posted: Any) -> None:
    asked = record_returned(town.office, posted["H001"], "moved", new_address="城西社区河湾小区7栋2单元501室").proposal
    done = accept_proposal(town.office, "town", asked)
    assert (done.placed, done.where) == (False, "community")
    assert address(town, "H001").compound == "河湾小区"


def test_refusing_keeps_the_address_and_the_reason(town: Any, posted: Any) -> None:
    asked = record_returned(town.office, posted["H001"], "moved", new_address=NEW, note="邻居说").proposal
    before = address(town, "H001")
    assert refuse_proposal(town.office, asked, "电话问过，还在原处").note == "邻居说; 电话问过，还在原处"
    assert address(town, "H001") == before
    assert list_proposals(town.office) == []
    (kept,) = list_proposals(town.office, decided=True)
    assert kept.decision == "refused"
    with pytest.raises(NotFound, match="no such proposal"):
        refuse_proposal(town.office, "x", "y")


def test_an_address_that_was_changed_meanwhile_is_not_overwritten(town: Any, posted: Any) -> None:
    asked = record_returned(town.office, posted["H002"], "moved", new_address=NEW).proposal
    town.edit_household("H002", 房号="909")
    assert list_proposals(town.office) == []
    with pytest.raises(Conflict, match="has another address by now"):
        accept_proposal(town.office, "town", asked)
    assert address(town, "H002").room == "909"


def test_a_line_that_tells_no_door_waits_for_one_that_does(town: Any, posted: Any) -> None:
    asked = record_returned(town.office, posted["H001"], "moved", new_address="搬到女儿家去了").proposal
    with pytest.raises(BadInput, match="no door can be told from '搬到女儿家去了'"):
        accept_proposal(town.office, "town", asked)


def said(town: Any) -> int:
    """What a new run of letters says of doors that sent the last one back."""
    return show_run(town.office, make_material(town.office, "", "letter").run.number).run.said["returned"]


def test_the_next_letters_tell_how_many_doors_sent_the_last_ones_back(town: Any, posted: Any) -> None:
    first = record_returned(town.office, posted["H001"], "moved", new_address=NEW).proposal
    record_returned(town.office, posted["H002"], "unknown")
    record_returned(town.office, posted["H003"], "damaged")
    assert said(town) == 2
    accept_proposal(town.office, "town", first)
    assert said(town) == 1
    assert count_returned(town.office, ["H001", "H003"]) == 0


def test_what_strangers_wrote_on_an_envelope_stays_text(town: Any, posted: Any, tmp_path: Path) -> None:
    formula = '=HYPERLINK("http://example.invalid","x")栋'
    with pytest.raises(BadInput, match="--new-address"):
        record_returned(town.office, posted["H001"], "moved", new_address="x\x1b[2J")
    with pytest.raises(BadInput, match="--new-address"):
        record_returned(town.office, posted["H001"], "moved", new_address="长" * 500)
    record_returned(town.office, posted["H001"], "moved", new_address="+1+cmd|'/c calc'!A1")
    record_returned(town.office, posted["H002"], "moved", new_address="<script>alert(1)</script>", note="{{ 7*7 }}")
    record_returned(town.office, posted["H003"], "moved", new_address=formula)
    for name in ("list.xlsx", "list.csv"):
        write_list(tmp_path / name, proposal_list(list_proposals(town.office)))
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    text = (tmp_path / "list.csv").read_bytes().decode("utf-8-sig")
    assert "'+1+cmd" in text
    assert ",=HYPERLINK" not in text
    assert ',"=HYPERLINK' not in text
    assert "<script>" in text  # a spreadsheet shows it as it was written


def number_of(town: Any, household: str) -> int:
    return next(one.piece.number for one in whereabouts(town.office, 1) if one.piece.household == household)


def test_a_return_that_the_run_recorded_first_is_an_attempt_too_and_only_once(town: Any, posted: Any) -> None:
    number = number_of(town, "H001")
    town.clock.present += dt.timedelta(hours=2)
    record_state(town.office, 1, [(number, number)], Change(PieceState.RETURNED, reason="moved", note="门卫说"))
    back = town.clock.present
    town.clock.present += dt.timedelta(days=1)
    first = record_returned(town.office, posted["H001"], "moved")
    again = record_returned(town.office, posted["H001"], "moved")
    assert (first.already, again.already) == (False, True)
    (attempt,) = attempts(town, "H001")
    assert (attempt.disposition, attempt.at, attempt.note) == (Disposition.RETURNED, back, "moved; 门卫说")


def test_a_corrected_return_is_no_second_attempt_but_a_second_return_is(town: Any, posted: Any) -> None:
    spans = [(number_of(town, "H001"),) * 2]
    record_returned(town.office, posted["H001"], "moved")
    record_state(town.office, 1, spans, Change(PieceState.RETURNED, reason="unknown", correct=True))
    assert record_returned(town.office, posted["H001"], "unknown").already
    assert len(attempts(town, "H001")) == 1
    record_state(town.office, 1, spans, Change(PieceState.POSTED))
    assert not record_returned(town.office, posted["H001"], "unknown").already
    assert len(attempts(town, "H001")) == 2


@pytest.mark.parametrize(
    ("line", "community", "compound"),
    [
        ("武汉市江岸区解放大道1208号", "", "武汉市江岸区解放大道1208号"),
        ("汉口解放大道１２３号", "", "汉口解放大道123号"),
        ("城西社区解放大道123号", "城西社区", "解放大道123号"),
    ],
)
def test_a_move_to_a_street_or_out_of_town_is_accepted_as_an_import_takes_it(
    town: Any, posted: Any, line: str, community: str, compound: str
) -> None:
    asked = record_returned(town.office, posted["H001"], "moved", new_address=line).proposal
    done = accept_proposal(town.office, "town", asked)
    moved = address(town, "H001")
    assert (moved.community, moved.compound, done.placed) == (community, compound, False)
    assert moved.line("zh") == community + compound
    # Nobody lives near a door that names no community, though others may name none either.
    assert (done.where == "") == (community == "")
    asked = record_returned(town.office, posted["H002"], "unknown").proposal
    assert accept_proposal(town.office, "town", asked, line).new == moved


def test_a_compound_that_two_communities_have_is_not_guessed(town: Any, posted: Any) -> None:
    compound = address(town, "H001").compound
    other = f"另一社区{compound}9栋1单元101室"
    accept_proposal(
        town.office, "town", record_returned(town.office, posted["H002"], "moved", new_address=other).proposal
    )
    far = next(home for home in list_households(town.office) if home.address.compound != compound)
    asked = record_returned(town.office, posted[far.code], "unknown").proposal
    with pytest.raises(BadInput, match="no door can be told"):
        accept_proposal(town.office, "town", asked, f"{compound}9栋1单元102室")


def test_full_width_codes_are_read_and_one_address_in_two_widths_is_one_question(town: Any, posted: Any) -> None:
    wide = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
    first = record_returned(town.office, posted["H001"].translate(wide), "moved", new_address=NEW)
    again = record_returned(town.office, posted["H001"], "moved", new_address=f" {NEW.translate(wide)}")
    assert (first.text, first.household, again.proposal) == (posted["H001"], "H001", first.proposal)
    (scanned,) = scan_returned(town.office, [f"{posted['H002'].translate(wide)}　{NEW}"], "moved")
    assert (scanned.household, scanned.refused) == ("H002", "")
    assert {one.line for one in list_proposals(town.office)} == {NEW}
