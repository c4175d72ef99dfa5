"""What became of pieces: recorded by ranges and by scanning, only in steps that can follow each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.pieces import PieceState
from outreach.errors import BadInput, Conflict, NotFound, StoreFault
from outreach.services.materials import make_material
from outreach.services.piece_states import (
    Change,
    parse_spans,
    printed_spans,
    record_state,
    scan_codes,
    whereabouts,
)
from outreach.services.runs import show_run

S = PieceState


def states(town: Any, number: int = 1) -> dict[int, str]:
    return {one.piece.number: one.state.value for one in whereabouts(town.office, number)}


def test_a_range_of_cards_is_handed_over_and_delivered_piece_by_piece(town: Any) -> None:
    make_material(town.office, "", "card")
    done = record_state(town.office, 1, parse_spans("3-12,20"), Change(S.HANDED_OVER, by="G01"))
    assert (done.changed, done.pieces) == (((3, 12), (20, 20)), 11)
    record_state(town.office, 1, parse_spans("5"), Change(S.DELIVERED))
    found = states(town)
    assert [number for number, state in found.items() if state == "handed_over"] == [3, 4, *range(6, 13), 20]
    assert found[5] == "delivered"
    event = next(one.event for one in whereabouts(town.office, 1) if one.piece.number == 3)
    assert event is not None
    assert (event.by, event.at) == ("Y01", town.clock.present)


def test_an_illegal_step_is_refused_with_the_pieces_and_nothing_is_recorded(town: Any) -> None:
    make_material(town.office, "", "letter")
    record_state(town.office, 1, [(1, 4)], Change(S.DELIVERED))
    with pytest.raises(Conflict) as caught:
        record_state(town.office, 1, [(3, 8)], Change(S.POSTED))
    (fault,) = caught.value.faults
    assert "pieces 3-4" in fault.where
    assert "delivered cannot become posted" in fault.what
    assert "returned" in fault.mend
    assert set(states(town).values()) == {"delivered", "printed"}
    with pytest.raises(Conflict, match="printed cannot become removed"):
        record_state(town.office, 1, [(9, 9)], Change(S.REMOVED))


def test_a_notice_is_posted_then_removed_or_missing_but_never_delivered(town: Any) -> None:
    make_material(town.office, "", "notice")
    with pytest.raises(Conflict, match="printed cannot become delivered"):
        record_state(town.office, 1, [(1, 1)], Change(S.DELIVERED))
    record_state(town.office, 1, [], Change(S.POSTED))
    record_state(town.office, 1, [(1, 2)], Change(S.REMOVED))
    record_state(town.office, 1, [(3, 3)], Change(S.MISSING))
    assert list(states(town).values())[:4] == ["removed", "removed", "missing", "posted"]


def test_a_state_recorded_twice_is_recorded_once(town: Any) -> None:
    make_material(town.office, "", "letter")
    record_state(town.office, 1, [(1, 5)], Change(S.HANDED_OVER))
    again = record_state(town.office, 1, [(4, 8)], Change(S.HANDED_OVER))
    assert (again.changed, again.already) == (((6, 8),), ((4, 5),))


def test_what_comes_back_says_why(town: Any) -> None:
    make_material(town.office, "", "letter")
    record_state(town.office, 1, [(1, 2)], Change(S.HANDED_OVER))
    for change, why in (
        (Change(S.RETURNED), "is missing"),
        (Change(S.RETURNED, reason="lost"), "none named 'lost'"),
        (Change(S.DELIVERED, reason="moved"), "only what is returned has a reason"),
    ):
        with pytest.raises(BadInput, match=why):
            record_state(town.office, 1, [(1, 1)], change)
    record_state(town.office, 1, [(1, 1)], Change(S.RETURNED, reason="moved", note="the neighbour says"))
    event = whereabouts(town.office, 1)[0].event
    assert event is not None
    assert (event.reason, event.note) == ("moved", "the neighbour says")


def test_a_wrong_entry_is_corrected_by_a_new_one_that_stands_in_its_place(town: Any) -> None:
    make_material(town.office, "", "letter")
    record_state(town.office, 1, [(1, 6)], Change(S.HANDED_OVER))
    record_state(town.office, 1, [(1, 4)], Change(S.DELIVERED))
    # 3 was not delivered but came back; 4 is still with the officer.
    record_state(town.office, 1, [(3, 3)], Change(S.RETURNED, reason="vacant", correct=True))
    record_state(town.office, 1, [(4, 4)], Change(S.PRINTED, correct=True))
    assert [states(town)[number] for number in (2, 3, 4)] == ["delivered", "returned", "handed_over"]
    with pytest.raises(Conflict, match="nothing was recorded"):
        record_state(town.office, 1, [(9, 9)], Change(S.DELIVERED, correct=True))
    with pytest.raises(BadInput, match="every piece of a run is printed"):
        record_state(town.office, 1, [(9, 9)], Change(S.PRINTED))


def test_times_go_forward(town: Any) -> None:
    make_material(town.office, "", "letter")
    town.clock.present += dt.timedelta(days=5)
    with pytest.raises(BadInput, match="before the run was made"):
        record_state(town.office, 1, [(1, 1)], Change(S.HANDED_OVER, at=dt.datetime(2005, 6, 14)))  # noqa: DTZ001
    with pytest.raises(BadInput, match="still to come"):
        record_state(town.office, 1, [(1, 1)], Change(S.HANDED_OVER, at=dt.datetime(2005, 6, 21)))  # noqa: DTZ001
    record_state(town.office, 1, [(1, 1)], Change(S.HANDED_OVER, at=dt.datetime(2005, 6, 18)))  # noqa: DTZ001
    with pytest.raises(Conflict, match="it was handed over on 2005-06-18, after that"):
        record_state(town.office, 1, [(1, 1)], Change(S.DELIVERED, at=dt.datetime(2005, 6, 17)))  # noqa: DTZ001
    record_state(town.office, 1, [(1, 1)], Change(S.DELIVERED, at=dt.datetime(2005, 6, 18)))  # noqa: DTZ001


def test_pieces_runs_and_officers_that_are_not_there_are_refused(town: Any) -> None:
    make_material(town.office, "", "letter")
    make_material(town.office, "", "crawl")
    with pytest.raises(NotFound, match="no piece 31"):
        record_state(town.office, 1, [(25, 31)], Change(S.HANDED_OVER))
    with pytest.raises(NotFound, match="no such print run"):
        record_state(town.office, 9, [], Change(S.HANDED_OVER))
    with pytest.raises(NotFound, match="no such officer"):
        record_state(town.office, 1, [], Change(S.HANDED_OVER, by="G99"))
    with pytest.raises(BadInput, match="nothing that is handed out"):
        record_state(town.office, 2, [], Change(S.HANDED_OVER))
    assert set(states(town).values()) == {"printed"}


def test_scanned_codes_are_recorded_one_by_one_and_bad_ones_do_not_stop_the_rest(town: Any) -> None:
    run = make_material(town.office, "", "card").run
    codes = [piece.code for piece in show_run(town.office, run.number).pieces[:3]]
    wrong = codes[0][:-1] + ("2" if codes[0][-1] != "2" else "3")
    lines = [codes[0] + "\n", " " + codes[1].lower() + "\r\n", "\n", wrong, "H001", codes[0], "99-1-AAAA", codes[2]]
    found = list(scan_codes(town.office, lines, Change(S.HANDED_OVER, by="Y02")))
    assert [(one.line, one.number, one.already) for one in found if not one.refused] == [
        (1, 1, False),
        (2, 2, False),
        (6, 1, True),
        (8, 3, False),
    ]
    refused = {one.line: one.refused for one in found if one.refused}
    assert sorted(refused) == [4, 5, 7]
    assert "no such piece was printed" in refused[4]
    assert "--run" in refused[5]
    assert [number for number, state in states(town).items() if state == "handed_over"] == [1, 2, 3]


def test_a_households_code_stands_for_its_piece_where_it_has_one(town: Any) -> None:
    make_material(town.office, "", "letter")
    make_material(town.office, "", "card")
    found = list(scan_codes(town.office, ["H001", "Ｈ００２", "H999"], Change(S.DELIVERED), run=1))
    assert [(one.household, bool(one.refused)) for one in found] == [("H001", False), ("H002", False), ("", True)]
    # A couple has two cards.
    (couple,) = scan_codes(town.office, ["H001"], Change(S.DELIVERED), run=2)
    assert "2 pieces" in couple.refused
    other = show_run(town.office, 2).pieces[0].code
    (foreign,) = scan_codes(town.office, [other], Change(S.DELIVERED), run=1)
    assert "belongs to run 2" in foreign.refused
    delivered = {one.piece.household for one in whereabouts(town.office, 1) if one.state is S.DELIVERED}
    assert delivered == {"H001", "H002"}


def test_a_scan_that_cannot_be_is_refused_before_the_first_line(town: Any) -> None:
    make_material(town.office, "", "letter")
    for change, run, error in (
        (Change(S.RETURNED), 0, BadInput),
        (Change(S.DELIVERED, by="nobody"), 0, NotFound),
        (Change(S.DELIVERED), 7, NotFound),
    ):
        with pytest.raises(error):
            list(scan_codes(town.office, [], change, run=run))


def test_events_are_never_changed(town: Any) -> None:
    make_material(town.office, "", "letter")
    record_state(town.office, 1, [], Change(S.HANDED_OVER))
    for statement in ("UPDATE piece_events SET state = 'delivered'", "DELETE FROM piece_events"):
        with pytest.raises(StoreFault, match="never changed"), town.office.store.write() as unit:
            unit.piece_events._connection.exec_driver_sql(statement)


def test_ranges_are_read_as_people_write_them() -> None:
    assert parse_spans("120-180,200") == parse_spans("120–180、200") == [(120, 180), (200, 200)]
    assert printed_spans([(120, 180), (200, 200)]) == "120-180, 200"
    for text in ("7-3", "a", "1-", "1,,b"):
        with pytest.raises(BadInput, match="no range of numbers"):
            parse_spans(text)


def test_a_false_removal_is_taken_back_to_the_state_before(town: Any) -> None:
    make_material(town.office, "", "notice")
    record_state(town.office, 1, [(1, 3)], Change(S.POSTED))
    hung = whereabouts(town.office, 1)[1].event
    record_state(town.office, 1, [(2, 2)], Change(S.REMOVED))
    record_state(town.office, 1, [(2, 2)], Change(S.POSTED, correct=True))
    (second,) = (one for one in whereabouts(town.office, 1) if one.piece.number == 2)
    # It was put up once, and has hung since then.
    assert (second.state, second.event) == (S.POSTED, hung)
    record_state(town.office, 1, [(2, 2)], Change(S.REMOVED))
    assert states(town)[2] == "removed"


def test_what_comes_back_an_hour_before_it_was_posted_is_refused_but_a_day_alone_has_no_hour(town: Any) -> None:
    make_material(town.office, "", "letter")
    town.clock.present += dt.timedelta(days=1)
    posted = town.clock.present.replace(hour=9, minute=4)
    record_state(town.office, 1, [(1, 2)], Change(S.POSTED, at=posted))
    with pytest.raises(Conflict, match=f"posted on {posted:%Y-%m-%d} 09:04, after that; correct the time"):
        record_state(town.office, 1, [(1, 1)], Change(S.RETURNED, reason="moved", at=posted.replace(minute=2)))
    day = posted.replace(hour=0, minute=0)
    record_state(town.office, 1, [(1, 1)], Change(S.RETURNED, reason="moved", at=day))
    assert states(town)[1] == "returned"
