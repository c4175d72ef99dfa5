"""A line of the ledger decided for two people on two machines: when their logs meet, one of the two stands everywhere.

Every milestone out of the ledger tells its line in its row key (services/ledger_facts.py). Of milestones of one line
that are two people's the one with the smallest id stands, whatever machine asks and in whatever order logs come; the
others are withdrawn by facts whose ids hang on what they withdraw, so that every machine withdraws the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from outreach.domain.campaign import Campaign
from outreach.domain.ledger import Key, Line, LineState
from outreach.services.ledger import booking_of
from outreach.services.ledger_facts import line_of
from outreach.services.office import Office
from outreach.store.unit import Unit


def settle_lines(
    office: Office, unit: Unit, campaign: Campaign, facts: Iterable[Mapping[str, Any]], ids: Mapping[str, int]
) -> int:
    """Withdraw all but one of the milestones of every line that are two people's; returns how many lines there were.

    facts: every fact of the campaign's log, as `store.facts.Facts.log` gives them. Lines of a file that is here whose
    own milestone is withdrawn by now are decided as the one that stands.
    """
    quarrel, standing = _compared(unit, facts)
    if not standing:
        return 0
    booking = booking_of(office, unit, campaign.name)
    for milestone in quarrel:
        booking.take_back(milestone)
    matched = unit.ledger.lines(campaign.name, office.workspace.zone, states=[LineState.MATCHED])
    unit.ledger.change([_as(line, standing[line.milestone]) for line in matched if line.milestone in standing], ids)
    booking.append(ids)
    return len({standing[milestone]["id"] for milestone in quarrel})


def _as(line: Line, held: Mapping[str, Any]) -> Line:
    whose = {"household": held["household"], "person": held["person"], "milestone": held["id"]}
    return replace(line, key=Key.DECISION, **whose)


def _compared(unit: Unit, facts: Iterable[Mapping[str, Any]]) -> tuple[list[str], dict[str, Mapping[str, Any]]]:
    """(ids of milestones to withdraw; for these and for withdrawn ones, by id, the one that stands for their line)."""
    kept = unit.merges.kept()
    corrected = set()
    lines: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for fact in facts:
        if fact["fact"] == "milestone":
            corrected.add(fact["corrects"])
            if line := line_of(fact["row_key"]):
                lines[line].append(fact)
    quarrel: list[str] = []
    standing: dict[str, Mapping[str, Any]] = {}
    for group in lines.values():
        held = sorted((one for one in group if one["id"] not in corrected), key=_by_id)
        if not held:
            continue
        whose = kept.of(held[0]["household"], held[0]["person"])
        # The same person under two codes, or twice by two lines that say the same, is no quarrel.
        lost = [one["id"] for one in held if kept.of(one["household"], one["person"]) != whose]
        quarrel += lost
        standing |= {one["id"]: held[0] for one in group if one["id"] in corrected or one["id"] in lost}
    return quarrel, standing


def _by_id(fact: Mapping[str, Any]) -> str:
    return str(fact["id"])
