"""Outcomes by officer and place count every household once."""

from __future__ import annotations

from typing import Any

from outreach.domain.outcome_rates import Final
from outreach.services.contacts import record_attempt
from outreach.services.outcomes import report_outcomes


def test_every_household_counts_once_and_those_out_of_scope_are_named(town: Any) -> None:
    for code, outcome in (("H001", "informed"), ("H002", "moved"), ("H003", "refused"), ("H003", "nobody_home")):
        record_attempt(town.office, "town", code, channel="visit", disposition=outcome)
    for by in ("community", "compound", "officer"):
        found = report_outcomes(town.office, "town", by)
        assert found.out_of_scope == ("H002",)
        assert sum(sum(row.counts.values()) for row in found.rows.values()) == 30
        assert (found.total.counts[Final.COMPLETE], found.total.counts[Final.REFUSAL]) == (1, 1)
        assert found.total.contact == 2 / 29
