"""Cases of carrying a pension over (转移接续): what is known of each, and which of its three steps are done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from outreach.domain.calendar import STEPS, Step
from outreach.domain.contact import in_force


@dataclass(frozen=True, slots=True)
class Case:
    """One case. received: the day of the application. household: its code, '' for one the roster does not have.

    officer: who works on it, by code; '' is whoever has the household.
    """

    id: str
    number: str
    received: dt.date
    household: str = ""
    person: int = 0
    who: str = ""
    officer: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    """One fact: a step of a case was done on a day. corrects: the id of the fact this one takes the place of, or ''."""

    id: str
    case: str
    step: Step
    on: dt.date
    by: str = ""
    note: str = ""
    corrects: str = ""


def steps_done(facts: Iterable[StepDone]) -> dict[Step, StepDone]:
    """The fact in force for each step of one case that is done, in any order and with repeats.

    Of two that hold, made on two machines, the one with the greater id does.
    """
    held: dict[Step, StepDone] = {}
    for fact in sorted(in_force(facts), key=lambda one: one.id):
        held[fact.step] = fact
    return {step: held[step] for step in STEPS if step in held}


def days_done(done: Mapping[Step, StepDone]) -> dict[Step, dt.date]:
    """The day of each step."""
    return {step: fact.on for step, fact in done.items()}
