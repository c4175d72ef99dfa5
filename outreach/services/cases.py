"""Transfer cases in the store: taken in from a table, their three steps recorded, what is due and what is overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.domain.calendar import STEPS, Step
from outreach.domain.campaign import Campaign
from outreach.domain.case import Case, StepDone, days_done, steps_done
from outreach.domain.ids import derived_id
from outreach.domain.people import Household
from outreach.errors import Conflict, Fault, NotFound, refuse_if_any
from outreach.intake.cases import Case as CaseRow
from outreach.intake.cases import read_cases
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.days import beyond, covering, ends_beyond
from outreach.services.deadlines import CaseStep, StepsReport, case_steps, in_state, write_due_calendar
from outreach.services.office import Office
from outreach.store.effective import Kept
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class CaseImport:
    """What an import of cases did. steps: facts about steps that were new."""

    file: str
    rows: int
    added: int
    changed: int
    unchanged: int
    steps: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case with its steps. officer: who works on it now, by code; next: the first step not done, None at the end.

    given_to: the officer it was given to by name, where that one holds no post any more; '' elsewhere.
    """

    case: Case
    officer: str
    steps: tuple[CaseStep, ...]
    next: CaseStep | None
    given_to: str = ""


def import_cases(office: Office, campaign_name: str, path: Path) -> CaseImport:
    """Take in cases and their steps (.xlsx, .xls, .csv), all or nothing; a file read twice changes nothing.

    A step whose day differs from the one recorded is corrected; what the file does not name is left alone. Raises
    BadInput with every wrong row.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().astimezone(campaign.zone).date()
    rows = read_cases(path, today)
    with office.store.write() as unit:
        known = {one.number: one for one in unit.cases.all(campaign.name)}
        # A household that was merged away is known by its old code; the case is read as the kept one's.
        homes = unit.rosters.households({row.household for row in rows if row.household}, gone=True)
        kept = unit.merges.kept()
        officers = unit.rosters.officer_codes()
        refuse_if_any(fault for row in rows for fault in _row_faults(row, known.get(row.name), homes, officers, today))
        recorded = unit.cases.steps(campaign.name)
        added, changed, steps = [], [], []
        for row in rows:
            before = known.get(row.name)
            case = _case(row, before, campaign, kept)
            if before is None:
                added.append(case)
            elif case != before:
                changed.append((before, case))
            steps += _new_steps(office, campaign, case, row.done, steps_done(recorded.get(case.id, ())))
        ids = unit.rosters.household_ids(gone=True)
        unit.cases.add(campaign.name, added, ids, office.now())
        unit.cases.change(changed, ids, office.now())
        unit.cases.append_steps(steps, office.now())
    return CaseImport(path.name, len(rows), len(added), len(changed), len(rows) - len(added) - len(changed), len(steps))


def _row_faults(
    row: CaseRow, before: Case | None, homes: Mapping[str, Household], officers: frozenset[str], today: dt.date
) -> Iterable[Fault]:
    calendar = covering(today)
    if not calendar.knows(row.applied):
        yield from beyond(row.where, calendar).faults
    if before is not None and before.received != row.applied:
        what = _("case {number} was applied for on {day} by the record", number=row.name, day=before.received)
        yield Fault(row.where, what, _("correct the day, or give the case another number"))
    if row.person and not row.household:
        yield Fault(row.where, _("names a person, but no household"), _("add the household's code"))
    elif row.household and row.household not in homes:
        what = _("there is no household '{code}' here", code=row.household)
        yield Fault(row.where, what, _("correct the code, or leave it out"))
    elif row.person and row.person not in {one.number for one in homes[row.household].persons}:
        what = _("household {code} has no person number {number}", code=row.household, number=row.person)
        yield Fault(row.where, what, _("see 'outreach household show {code}'", code=row.household))
    if row.officer and row.officer not in officers:
        what = _("there is no officer '{name}'", name=row.officer)
        yield Fault(row.where, what, _("see 'outreach officer list'"))


def _case(row: CaseRow, before: Case | None, campaign: Campaign, kept: Kept) -> Case:
    """The case as the file has it; what the file leaves empty stays as it is known."""
    # Hangs on the number, so that a case read on two machines is one.
    key = derived_id(dt.datetime.combine(row.applied, dt.time(), campaign.zone), f"{campaign.name}/case/{row.name}")
    old = before or Case(key, row.name, row.applied)
    code, person = row.household or old.household, row.person or old.person
    if before and kept.home(code) == old.household and kept.of(code, row.person)[1] in (0, old.person):
        code, person = old.household, old.person
    return replace(
        old,
        household=code,
        person=person,
        who=row.who or old.who,
        officer=row.officer or old.officer,
        note=row.note or old.note,
    )


def _new_steps(
    office: Office, campaign: Campaign, case: Case, days: Mapping[Step, dt.date], known: Mapping[Step, StepDone]
) -> list[StepDone]:
    return [
        _step_fact(office, campaign, case, step, day, known.get(step))
        for step, day in days.items()
        if step not in known or known[step].on != day
    ]


def _step_fact(
    office: Office,
    campaign: Campaign,
    case: Case,
    step: Step,
    day: dt.date,
    before: StepDone | None,
    by: str = "",
    note: str = "",
) -> StepDone:
    """A fact about a step; before: the one whose place it takes."""
    if before:
        return StepDone(office.new_id(), case.id, step, day, by, note, before.id)
    # Hangs on what it says, so that the same file read on two machines is one fact, which one correction corrects.
    said = f"{campaign.name}/case/{case.number}/{step.value}/{day}/{by}/{note}"
    return StepDone(derived_id(dt.datetime.combine(day, dt.time(), campaign.zone), said), case.id, step, day, by, note)


def record_step(
    office: Office,
    campaign_name: str,
    number: str,
    step: Step,
    *,
    on: dt.date | None = None,
    by: str = "",
    note: str = "",
    correct: bool = False,
) -> CaseLine:
    """Record that a step of a case was done; returns the case as it stands. on: today where None.

    A step recorded for the same day already is left alone. Raises NotFound, BadInput for a day that cannot be right,
    and Conflict for a step that was recorded for another day, unless `correct`.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().astimezone(campaign.zone).date()
    day = on or today
    with office.store.write() as unit:
        case = next((one for one in unit.cases.all(campaign.name) if one.number == number), None)
        if case is None:
            raise NotFound.at(number, _("there is no such case"), _("see 'outreach case list'"))
        if by and by not in unit.rosters.officer_codes():
            raise NotFound.at(by, _("there is no such officer"), _("see 'outreach officer list'"))
        done = steps_done(unit.cases.steps(campaign.name).get(case.id, ()))
        before = done.get(step)
        if before is None or before.on != day:
            if before is not None and not correct:
                raise Conflict.at(
                    number,
                    _("step {step} was done on {day} by the record", step=STEPS.index(step) + 1, day=before.on),
                    _("say --correct to record another day"),
                )
            refuse_if_any(_step_faults(case, step, day, today, days_done(done)))
            fact = _step_fact(office, campaign, case, step, day, before, by, note)
            unit.cases.append_steps([fact], office.now())
        return next(one for one in case_lines(unit, campaign, today) if one.case.number == number)


def _step_faults(case: Case, step: Step, day: dt.date, today: dt.date, done: Mapping[Step, dt.date]) -> Iterable[Fault]:
    rank = STEPS.index(step)
    if day > today:
        yield Fault("--on", _("{day} is still to come", day=day), _("correct the day"))
    if rank and STEPS[rank - 1] not in done:
        yield Fault(case.number, _("step {step} is not done yet", step=rank), _("record the earlier step first"))
    earliest = done.get(STEPS[rank - 1], case.received) if rank else case.received
    if day < earliest:
        yield Fault("--on", _("{day} is before {earliest}, when it could begin", day=day, earliest=earliest),
                    _("correct the day"))  # fmt: skip
    if rank + 1 < len(STEPS) and (later := done.get(STEPS[rank + 1])) is not None and later < day:
        yield Fault("--on", _("{day} is after the next step, done on {later}", day=day, later=later),
                    _("correct the day, or the next step's"))  # fmt: skip


def list_cases(office: Office, campaign_name: str, *, officer: str = "", day: dt.date | None = None) -> list[CaseLine]:
    """The cases as they stand on a day (today where None), the most pressing step first, finished ones last.

    officer: only theirs, by code. Raises BadInput for days beyond the calendar.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    day = day or office.now().astimezone(campaign.zone).date()
    with office.store.read() as unit:
        found = case_lines(unit, campaign, day)
    wanted = [one for one in found if not officer or one.officer == officer]
    return sorted(
        wanted, key=lambda one: (one.next is None, one.next.due if one.next else one.case.received, one.case.number)
    )


def case_lines(unit: Unit, campaign: Campaign, day: dt.date) -> list[CaseLine]:
    """Every case of a campaign as it stands on a day; raises BadInput for days beyond the calendar."""
    cases = unit.cases.all(campaign.name)
    if not cases:
        return []
    calendar = covering(day)
    facts = unit.cases.steps(campaign.name)
    officers = unit.rosters.officers()
    seated = {one.code for one in officers.values()}
    present = unit.territories.present(campaign.name)
    found = []
    for case in cases:
        assigned = present.get(case.household)
        holder = officers.get(assigned.post) if assigned else None
        try:
            done = days_done(steps_done(facts.get(case.id, ())))
            steps = tuple(case_steps(case.number, case.received, done, day, calendar))
        except ValueError as error:
            raise ends_beyond(case.number, calendar) from error
        following = next((one for one in steps if one.done is None), None)
        left = case.officer if holder and case.officer not in seated else ""
        officer = holder.code if holder and (left or not case.officer) else case.officer
        found.append(CaseLine(case, officer, steps, following, left))
    return found


def write_case_calendar(lines: Iterable[CaseLine], target: Path, day: dt.date, zone: ZoneInfo) -> Path:
    """The due days of every step not done as an .ics; returns `target`. Raises BadInput for another ending."""
    steps = [step for line in lines for step in line.steps]
    report = StepsReport(day, tuple(steps), in_state(steps, "overdue"), in_state(steps, "soon"))
    return write_due_calendar(report, target, zone)
