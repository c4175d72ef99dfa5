"""The check-up finds what is wrong with a workspace, and mends a projection that was tampered with."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.errors import BadInput, StoreFault
from outreach.services.checkup import check_workspace
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.territories import show_household


@pytest.fixture
def lived_in(town: Any) -> Any:
    for code in ("H001", "H002"):
        record_attempt(town.office, "", code, channel="visit", disposition="informed")
    record_milestone(town.office, "", "H003", kind="paid", amount_fen=100)
    return town


def test_a_workspace_in_order_says_what_it_holds(lived_in: Any) -> None:
    health = check_workspace(lived_in.office, "")
    assert (health.campaign, health.households, health.persons, health.officers) == ("town", 30, 40, 4)
    assert (health.attempts, health.milestones, health.standings) == (2, 1, 3)
    assert health.signs > 20_000


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE standings SET paid_fen = paid_fen + 1 WHERE paid_fen > 0",
        "DELETE FROM standings WHERE paid_fen > 0",
        "INSERT INTO standings (campaign, household_id, attempts, reached_channel, reached_by, last_disposition,"
        " paid_on, paid_fen) SELECT campaign, 9, attempts, reached_channel, reached_by, last_disposition, paid_on,"
        " paid_fen FROM standings WHERE paid_fen > 0",
    ],
)
def test_a_tampered_projection_is_found_and_rebuilt_from_the_log(lived_in: Any, statement: str) -> None:
    lived_in.sql(statement)
    with pytest.raises(StoreFault) as caught:
        check_workspace(lived_in.office, "")
    (fault,) = caught.value.faults
    assert "1 households stand otherwise than their facts say" in fault.what
    assert "--rebuild" in fault.mend
    assert check_workspace(lived_in.office, "", rebuild=True).standings == 3
    assert check_workspace(lived_in.office, "").standings == 3
    assert show_household(lived_in.office, "", "H003").standing.paid_fen == 100


def test_a_faulty_campaign_is_found(lived_in: Any) -> None:
    lived_in.edit_campaign(('hotline = "0700-5550100"', 'hotline = "?"'))
    with pytest.raises(BadInput, match=r"bureau\.hotline"):
        check_workspace(lived_in.office, "")
