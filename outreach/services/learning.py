"""The chances learnt from all tries, kept in the store: one officer's list must not read a city's log.

What is kept is used while at most 1 per cent as many facts came in as it was learnt from, and the rules it hangs on are
the same; after that whoever asks next learns anew and keeps it. So a list rests on chances that lack one try in a
hundred at most, and in a small office on none: a hundredth of fewer than a hundred is nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from outreach.domain.campaign import Campaign
from outreach.domain.people import Difficulty
from outreach.errors import OutreachError
from outreach.planning.lessons import Moments
from outreach.planning.returns import Window
from outreach.planning.tries import Band, Column, Kind, Prior, Rates, Slot, Strengths, Tallies, learn
from outreach.services.office import Office
from outreach.services.plan_file import PlanFile
from outreach.store.learnt import Lesson
from outreach.store.tries import in_force
from outreach.store.unit import Unit

MOST_MISSING = 0.01
"""Of the facts it was learnt from, the share that may have come in since."""


@dataclass(frozen=True, slots=True)
class Chances:
    """What all tries teach, by channel. left_out: tries not learnt from, by channel and reason."""

    rates: Mapping[str, Rates]
    left_out: Mapping[str, Mapping[str, int]]


def rules_of(campaign: Campaign, plan: PlanFile, windows: Iterable[Window], as_of: dt.date) -> str:
    """A digest of everything beside the tries that decides what they teach."""
    past = [(one.name, str(one.first), str(one.last)) for one in windows if one.first <= as_of]
    parts = (campaign.zone.key, [str(band) for band in plan.tries.hours], asdict(plan.tries.prior), past)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def learn_anew(unit: Unit, campaign_name: str, before_ms: int, moments: Moments, prior: Prior) -> Chances:
    """What all tries made before an instant teach."""
    from outreach.planning.many_lessons import Homes, ManyLessons

    homes = Homes(unit.tries.kinds())
    taken = ManyLessons(moments, homes)
    for columns in unit.tries.columns(campaign_name, before_ms):
        taken.take(*columns)
    lessons, left = taken.count()
    for household, lines in unit.tries.lines_of(campaign_name, unit.tries.read_as(left)).items():
        tries = in_force([line for line in lines if line.at_ms < before_ms])
        lessons.add(str(household), homes.kind(household), tries)
    rates = {channel: learn(tallies, prior) for channel, tallies in lessons.tallies.items()}
    return Chances(rates, lessons.left_out)


def kept_chances(unit: Unit, campaign: Campaign, plan: PlanFile, rules: str) -> Chances | None:
    """What was learnt, where it may still be used. Who sees a part of the tries only takes it however old it is."""
    lesson = unit.learnt.find(campaign.name)
    if lesson is None or lesson.rules != rules:
        return None
    missing = unit.learnt.changes(campaign.name) - lesson.changes
    if missing > MOST_MISSING * lesson.changes and not unit.scoped:
        return None
    return _chances(lesson.content, plan.tries.hours, plan.tries.prior)


def keep_chances(
    office: Office, campaign: Campaign, plan: PlanFile, rules: str, changes: int, chances: Chances
) -> None:
    """Keep what was learnt at so many changes, unless something as new is kept; a store that refuses is no matter."""
    if office.store.scoped:
        return  # a part of the tries teaches less than all
    slots = _slots(plan.tries.hours)
    content = {
        "rates": {channel: _told(rates, slots) for channel, rates in chances.rates.items()},
        "left_out": chances.left_out,
    }
    with suppress(OutreachError), office.store.write() as unit:
        lesson = unit.learnt.find(campaign.name)
        if lesson is None or lesson.rules != rules or lesson.changes < changes:
            unit.learnt.keep(campaign.name, Lesson(rules, changes, json.dumps(content)), office.now())


def _told(rates: Rates, slots: Sequence[Slot]) -> dict[str, Any]:
    cells = [
        [*_kind_told(kind), column.value, band, *counted]
        for (kind, (column, band)), counted in sorted(rates.tallies.cells.items(), key=str)
    ]
    uppers = [[*_kind_told(kind), ends] for kind, ends in sorted(rates.uppers(slots).items(), key=str)]
    return {"strengths": asdict(rates.strengths), "cells": cells, "uppers": uppers}


def _kind_told(kind: Kind) -> tuple[str, int, int]:
    return kind.difficulty.value, int(kind.migrant), int(kind.works)


def _kind(difficulty: str, migrant: int, works: int) -> Kind:
    return Kind(Difficulty(difficulty), bool(migrant), bool(works))


def _slots(hours: Sequence[Band]) -> list[Slot]:
    return [(column, band) for column in Column for band in range(len(hours))]


@lru_cache(maxsize=4)
def _chances(text: str, hours: tuple[Band, ...], prior: Prior) -> Chances:
    """What `keep_chances` told, as JSON; read once for each text, since reading takes as long as a list."""
    content = json.loads(text)
    rates = {}
    for channel, told in content["rates"].items():
        # By household they are in the strengths already.
        tallies = Tallies()
        for *kind, column, band, tries, contacts in told["cells"]:
            tallies.add_cell(_kind(*kind), (Column(column), band), (tries, contacts))
        rates[channel] = Rates(tallies, prior, Strengths(**told["strengths"]))
        rates[channel].take_uppers(_slots(hours), {_kind(*kind): ends for *kind, ends in told["uppers"]})
    return Chances(rates, content["left_out"])
