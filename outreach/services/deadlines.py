"""Deadlines in working days, and the three 15 days of many cases: due dates, warnings, what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.domain.calendar import Step, WorkCalendar, step_plan
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.intake.cases import read_cases
from outreach.messages import _
from outreach.planning.holidays import LunarDay, lunar
from outreach.render.book import SheetTable, make_csv, make_workbook
from outreach.render.ics import Event, make_calendar
from outreach.services.days import beyond, covering, ends_beyond
from outreach.services.office import write_whole

Cell = str | int | dt.date | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day that is so many working days after another."""

    start: dt.date
    working_days: int
    due: dt.date
    lunar: LunarDay
    provisional: bool


def find_deadline(start: dt.date, working_days: int) -> Deadline:
    """The day `working_days` after `start`; raises BadInput where that lies beyond the calendar."""
    calendar = covering(start)
    try:
        due = calendar.after(start, working_days)
    except ValueError as error:
        raise ends_beyond(str(start), calendar) from error
    return Deadline(start, working_days, due, lunar(due), calendar.is_provisional(start, due))


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of one case as it stands on a day.

    state: 'done', 'late' (done after it was due), 'overdue', 'soon', 'open', or 'waiting' for the step before it.
    over: how many working days it is past its due day.
    """

    case: str
    applied: dt.date
    step: Step
    due: dt.date
    warn: dt.date
    done: dt.date | None
    state: str
    over: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class StepsReport:
    """All steps of all cases of a file on a day; and those overdue or due soon, the most pressing first."""

    today: dt.date
    steps: tuple[CaseStep, ...]
    overdue: tuple[CaseStep, ...]
    soon: tuple[CaseStep, ...]


def plan_steps(file: Path, today: dt.date) -> StepsReport:
    """The three 15 days of every case in `file` (.csv, .xls, .xlsx); raises BadInput listing every wrong row."""
    calendar = covering(today)
    steps: list[CaseStep] = []
    faults: list[Fault] = []
    for case in read_cases(file, today):
        if not calendar.knows(case.applied):
            faults += beyond(case.where, calendar).faults
            continue
        try:
            steps += case_steps(case.name, case.applied, case.done, today, calendar)
        except ValueError:
            faults += ends_beyond(case.where, calendar).faults
    refuse_if_any(faults)
    return StepsReport(today, tuple(steps), in_state(steps, "overdue"), in_state(steps, "soon"))


def case_steps(
    case: str, applied: dt.date, done: Mapping[Step, dt.date], today: dt.date, calendar: WorkCalendar
) -> list[CaseStep]:
    """The three steps of a case as they stand on a day; raises ValueError where a day lies beyond the calendar."""
    found = []
    waiting = False
    for one in step_plan(applied, done, calendar, today):
        # A later step's days are only a forecast until the one before it is done: it cannot be late yet.
        state = "waiting" if waiting else one.state(today)
        over = (
            calendar.between(one.due + dt.timedelta(days=1), one.done or today) if state in ("overdue", "late") else 0
        )
        found.append(CaseStep(case, applied, one.step, one.due, one.warn, one.done, state, over, one.provisional))
        waiting = waiting or one.done is None
    return found


def in_state(steps: list[CaseStep], state: str) -> tuple[CaseStep, ...]:
    """The steps in one state, the first due first."""
    return tuple(sorted((step for step in steps if step.state == state), key=lambda step: (step.due, step.case)))


def step_word(step: Step) -> str:
    """A step in the user's language."""
    return {
        Step.ACCEPT: _("application reviewed"),
        Step.LETTER: _("transfer papers sent"),
        Step.FUNDS: _("funds moved and joined"),
    }[step]


def state_word(state: str) -> str:
    """The state of a step in the user's language."""
    return {
        "done": _("done"),
        "late": _("done late"),
        "overdue": _("overdue"),
        "soon": _("due soon"),
        "open": _("open"),
        "waiting": _("not begun"),
    }[state]


def step_headings() -> list[str]:
    """The headings of a table of steps, in the order of `step_cells`."""
    return [
        _("Case"),
        _("Applied"),
        _("Step"),
        _("Due"),
        _("Warn from"),
        _("Done"),
        _("State"),
        _("Working days over"),
        _("Note"),
    ]


def step_cells(step: CaseStep) -> list[Cell]:
    """One row of a table of steps."""
    return [
        step.case,
        step.applied,
        step_word(step.step),
        step.due,
        step.warn,
        step.done,
        state_word(step.state),
        step.over or None,
        _("provisional: the notice is not out") if step.provisional else "",
    ]


def write_steps(report: StepsReport, target: Path) -> Path:
    """What is overdue or due soon as .csv; as .xlsx also a sheet with every step. Returns `target`."""
    pressing = [step_cells(step) for step in (*report.overdue, *report.soon)]
    ending = target.suffix.lower()
    if ending == ".csv":
        write_whole(target, make_csv(step_headings(), pressing))
    elif ending == ".xlsx":
        every = [step_cells(step) for step in report.steps]
        sheets = [
            SheetTable(_("Overdue and due soon"), step_headings(), pressing),
            SheetTable(_("Every step"), step_headings(), every),
        ]
        write_whole(target, make_workbook(sheets))
    else:
        raise BadInput.at(str(target), _("is no .xlsx or .csv file"), _("name it with one of these endings"))
    return target


def write_due_calendar(report: StepsReport, target: Path, zone: ZoneInfo) -> Path:
    """The due days of all steps that are not done, as an .ics of whole days; returns `target`.

    The same cases on the same day give the same bytes; a later day's file updates the entries of an earlier one.
    """
    if target.suffix.lower() != ".ics":
        raise BadInput.at(str(target), _("is no .ics file"), _("name it with that ending"))
    midnight = dt.time(tzinfo=zone)
    stamp = dt.datetime.combine(report.today, midnight)
    events = [
        Event(
            uid=f"{step.case}-{step.step}@steps.outreach.invalid",
            starts=dt.datetime.combine(step.due, midnight),
            ends=dt.datetime.combine(step.due + dt.timedelta(days=1), midnight),
            summary=_("{case}: {step} due", case=step.case, step=step_word(step.step)),
            description=_due_note(step),
            status="TENTATIVE" if step.provisional or step.state == "waiting" else "CONFIRMED",
            whole_days=True,
        )
        for step in report.steps
        if step.done is None
    ]
    write_whole(target, make_calendar(_("The three 15 days"), events, zone=zone.key, stamp=stamp))
    return target


def _due_note(step: CaseStep) -> str:
    lines = [_("applied {applied}, warn from {warn}", applied=step.applied, warn=step.warn)]
    if step.state == "waiting":
        lines.append(_("a forecast: the step before it is not done"))
    if step.provisional:
        lines.append(_("provisional: the notice is not out"))
    return "\n".join(lines)
