"""The solver's core on public nurse-rostering instances whose optima are known."""

import pytest

from outreach.planning.rota import Rota, plan_rota
from tests.planning.nurses import as_rota, cost_of, faults_of, load_ward, roster_of


@pytest.mark.parametrize(
    ("number", "optimum"),
    [(1, 607), (2, 828), pytest.param(3, 1001, marks=pytest.mark.slow), pytest.param(4, 1716, marks=pytest.mark.slow)],
)
def test_the_known_optimum_of_a_public_instance_is_reached_and_proven(number: int, optimum: int) -> None:
    ward = load_ward(number)
    rota = plan_rota(*as_rota(ward), seconds=120)
    assert isinstance(rota, Rota)
    roster = roster_of(ward, rota.on)
    assert faults_of(ward, roster) == []
    assert cost_of(ward, roster) == optimum
    (aim,) = rota.aims
    assert (aim.name, aim.value, aim.bound) == ("cover+wishes", optimum, optimum)


def test_the_independent_count_sees_what_breaks_a_rule() -> None:
    ward = load_ward(1)
    nobody = {code: [""] * ward.days for code in ward.nurses}
    assert "A: 0 minutes" in faults_of(ward, nobody)
    always = {code: ["D"] * ward.days for code in ward.nurses}
    assert {"A: works on day off 0", "A: 2 weekends", "A: 14 days in a row from 0"} <= set(faults_of(ward, always))
    single = nobody | {"A": ["", "", "", "D", *[""] * 10]}
    assert "A: only 1 days from 3" in faults_of(ward, single)
