"""The states of a printed piece: which may follow which, and what its events come to."""

from __future__ import annotations

import datetime as dt

import pytest

from outreach.domain.pieces import PieceEvent, PieceState, in_force, next_states

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
S = PieceState


def event(state: PieceState, *, correction: bool = False) -> PieceEvent:
    return PieceEvent("e", 1, 1, state, AT, correction=correction)


@pytest.mark.parametrize("for_door", [True, False])
def test_every_state_but_printed_can_be_reached_where_it_makes_sense(for_door: bool) -> None:
    reached, waiting = {S.PRINTED}, [S.PRINTED]
    while waiting:
        for one in next_states(waiting.pop(), for_door=for_door):
            if one not in reached:
                reached.add(one)
                waiting.append(one)
    assert reached == set(S) - ({S.DELIVERED} if for_door else {S.REMOVED})


def test_a_notice_taken_down_is_at_its_end_and_a_letter_brought_back_is_not() -> None:
    assert next_states(S.REMOVED, for_door=True) == []
    assert S.HANDED_OVER in next_states(S.RETURNED, for_door=False)
    assert S.PRINTED not in {one for state in S for door in (True, False) for one in next_states(state, for_door=door)}


def test_a_correction_takes_the_place_of_the_last_event_and_printed_takes_it_away() -> None:
    history = [event(S.HANDED_OVER), event(S.DELIVERED), event(S.RETURNED, correction=True)]
    assert [one.state for one in in_force(history)] == [S.HANDED_OVER, S.RETURNED]
    assert [one.state for one in in_force([*history, event(S.PRINTED, correction=True)])] == [S.HANDED_OVER]


def test_a_correction_back_to_the_state_before_leaves_that_state_as_it_was() -> None:
    history = [event(S.POSTED), event(S.REMOVED), event(S.POSTED, correction=True)]
    assert in_force(history) == history[:1]
    assert [one.state for one in in_force([*history, event(S.MISSING)])] == [S.POSTED, S.MISSING]


def test_states_have_words_in_both_languages() -> None:
    assert {one.label("zh") for one in S} & {one.value for one in S} == set()
    assert len({one.label("zh") for one in S}) == len(S)
