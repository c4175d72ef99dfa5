"""The simulation of the gain says that it is one, states what it assumes, and repeats."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.errors import Conflict
from outreach.planning.try_simulation import POLICIES
from outreach.services.try_gain import simulate_gain


def test_every_policy_is_played_with_every_seed(town: Any) -> None:
    moved: list[tuple[int, int]] = []
    found = simulate_gain(town.office, "", each=2, seeds=3, progress=lambda done, total: moved.append((done, total)))
    assert found.simulated
    assert (found.households, found.tries, found.seeds) == (30, 60, (1, 2, 3))
    assert found.checkpoints == (15, 30, 45, 60)
    assert [one.policy for one in found.policies] == list(POLICIES)
    assert moved[-1] == (12, 12)
    for one in found.policies:
        assert one.tries.most <= 60
        assert one.found[-1].least <= one.found[-1].mean <= one.found[-1].most <= 30
        assert sum(one.hours.values()) == pytest.approx(1, abs=0.01)
    assert simulate_gain(town.office, "", each=2, seeds=3) == found


def test_the_assumptions_are_told_with_their_figures(town: Any) -> None:
    text = "\n".join(simulate_gain(town.office, "", each=1, seeds=1).assumptions)
    assert "SIMULATED" in text
    for figure in ("29 of 100", "77 of 100", "0.6 times", "45, 60, 40, 70", "Beta(8 m, 8 (1 - m))"):
        assert figure in text


def test_without_households_nothing_is_played(bare_town: Any) -> None:
    with pytest.raises(Conflict, match="holds no households"):
        simulate_gain(bare_town.office, "")
