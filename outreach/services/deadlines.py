"""The calendar for planners: a year's days off, a deadline in working days, the three 15 days of many cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.calendar import Holiday, StepDue, WorkCalendar, step_plan, travel_season
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.intake.cases import Case, read_cases
from outreach.messages import _
from outreach.planning.holidays import Difference, differences, lunar, lunar_new_year, work_calendar


@dataclass(frozen=True, slots=True)
class YearDays:
    """A year as offices work it. make_up: weekend days worked. differences: where a second library disagrees."""

    year: int
    provisional: bool
    holidays: tuple[Holiday, ...]
    make_up: tuple[dt.date, ...]
    working_days: int
    lunar_new_year: dt.date
    travel_first: dt.date
    travel_last: dt.date
    differences: tuple[Difference, ...]


def show_year(year: int) -> YearDays:
    """The days off, make-up days and travel season of `year`; raises BadInput for a year nobody knows."""
    calendar = _covering(dt.date(year, 1, 1)) if 1 <= year <= 9999 else work_calendar()
    provisional = year in calendar.provisional
    new_year = lunar_new_year(year)
    first, last = travel_season(new_year)
    return YearDays(
        year,
        provisional,
        tuple(calendar.holidays(year)),
        tuple(sorted(day for day in calendar.make_up if day.year == year)),
        calendar.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
        new_year,
        first,
        last,
        () if provisional else tuple(differences(year)),
    )


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that is so many working days after another. lunar: its lunar date in Chinese."""

    start: dt.date
    working_days: int
    due: dt.date
    lunar: str
    provisional: bool


def find_deadline(start: dt.date, working_days: int) -> Deadline:
    """The day `working_days` after `start`; raises BadInput where that lies beyond the calendar."""
    calendar = _covering(start)
    try:
        due = calendar.after(start, working_days)
    except ValueError as error:
        raise _beyond(str(start), calendar) from error
    return Deadline(start, working_days, due, lunar(due).zh, calendar.is_provisional(start, due))


@dataclass(frozen=True, slots=True)
class CaseSteps:
    """One case with its three steps."""

    case: str
    applied: dt.date
    steps: tuple[StepDue, ...]


@dataclass(frozen=True, slots=True)
class StepsReport:
    """All cases of a file on a day, and the steps that are overdue or due soon, the most pressing first."""

    today: dt.date
    cases: tuple[CaseSteps, ...]
    overdue: tuple[tuple[str, StepDue], ...]
    soon: tuple[tuple[str, StepDue], ...]


def plan_steps(file: Path, today: dt.date) -> StepsReport:
    """The three 15 days of every case in `file` (.csv, .xls, .xlsx); raises BadInput listing every wrong row."""
    cases = read_cases(file, today)
    planned = []
    faults: list[Fault] = []
    for case in cases:
        try:
            planned.append(CaseSteps(case.name, case.applied, _steps(case, _covering(case.applied))))
        except BadInput as error:
            faults += (Fault(case.where, fault.what, fault.mend) for fault in error.faults)
    refuse_if_any(faults)
    return StepsReport(
        today, tuple(planned), tuple(_in_state(planned, today, "overdue")), tuple(_in_state(planned, today, "soon"))
    )


def _steps(case: Case, calendar: WorkCalendar) -> tuple[StepDue, ...]:
    try:
        return tuple(step_plan(case.applied, dict(case.done), calendar))
    except ValueError as error:
        raise _beyond(case.where, calendar) from error


def _in_state(cases: Iterable[CaseSteps], today: dt.date, state: str) -> list[tuple[str, StepDue]]:
    """The step each case stands at, where that is in `state`: later ones cannot be late before it is done."""
    found = []
    for case in cases:
        present = next((step for step in case.steps if step.done is None), None)
        if present is not None and present.state(today) == state:
            found.append((case.case, present))
    return sorted(found, key=lambda one: (one[1].due, one[0]))


def _covering(day: dt.date) -> WorkCalendar:
    calendar = work_calendar()
    if not calendar.knows(day):
        raise _beyond(str(day), calendar)
    return calendar


def _beyond(where: str, calendar: WorkCalendar) -> BadInput:
    return BadInput.at(
        where,
        _("holidays are known from {first} to {last} only", first=calendar.first_year, last=calendar.last_year),
        _("choose a day within, or install a newer chinesecalendar"),
    )
