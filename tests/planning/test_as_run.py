"""Lines of a log find their placements: as many as can, the nearest, each once."""

from __future__ import annotations

import datetime as dt
import itertools

from hypothesis import given
from hypothesis import strategies as st

from outreach.planning.as_run import matched

DAY = dt.datetime(2005, 4, 25, tzinfo=dt.UTC)


def at(*minutes):
    return [DAY + dt.timedelta(minutes=minute) for minute in minutes]


def test_each_line_proves_the_nearest_placement():
    assert matched(at(0, 95), at(1, 96), dt.timedelta(minutes=15)) == [(0, 0), (1, 1)]


def test_a_line_further_off_than_the_tolerance_proves_nothing():
    assert matched(at(0), at(16), dt.timedelta(minutes=15)) == []


def test_a_nearer_line_does_not_take_the_only_one_another_placement_could_have():
    # 10 is nearest to 12, but then 0 would have none.
    assert matched(at(0, 10), at(12, 9), dt.timedelta(minutes=10)) == [(0, 1), (1, 0)]


@given(
    st.lists(st.integers(0, 60), max_size=4, unique=True),
    st.lists(st.integers(0, 60), max_size=4),
    st.integers(0, 30),
)
def test_no_other_pairing_has_more_pairs_or_fewer_minutes(plans, runs, tolerance):
    plans = sorted(plans)
    found = matched(at(*plans), at(*runs), dt.timedelta(minutes=tolerance))
    best = (0, 0)
    for size in range(1, min(len(plans), len(runs)) + 1):
        for chosen in itertools.combinations(range(len(plans)), size):
            for order in itertools.permutations(range(len(runs)), size):
                apart = [abs(plans[p] - runs[r]) for p, r in zip(chosen, order, strict=True)]
                if max(apart) <= tolerance:
                    best = max(best, (size, -sum(apart)))
    assert (len(found), -sum(abs(plans[p] - runs[r]) for p, r in found)) == best
    assert len({p for p, _r in found}) == len({r for _p, r in found}) == len(found)
