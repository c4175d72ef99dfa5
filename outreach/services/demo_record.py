"""The record of the demonstration, all of it INVENTED: a year of contacts kept up, the ledger's last months, cases."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from outreach.domain.calendar import STEPS
from outreach.domain.campaign import Campaign, Flight
from outreach.domain.contact import Milestone
from outreach.domain.ledger import LineState
from outreach.domain.monthly import Month
from outreach.domain.people import Household
from outreach.domain.pieces import PieceState
from outreach.intake.headings import Kind, accepted
from outreach.messages import _, current_language
from outreach.planning.follow_up_simulation import KeptUp, simulate_follow_ups
from outreach.planning.ledger_simulation import invent_ledger
from outreach.planning.simulate import HomeFacts, Simulation, simulate_year
from outreach.render.book import make_csv
from outreach.services.campaign_check import check_campaign
from outreach.services.cases import import_cases, list_cases
from outreach.services.cohorts import report_cohorts
from outreach.services.days import covering
from outreach.services.follow_up_lists import report_overdue
from outreach.services.ledger import import_ledger
from outreach.services.ledger_files import write_open_lines
from outreach.services.ledger_review import open_lines
from outreach.services.office import Office, write_whole
from outreach.services.piece_states import Change, record_state
from outreach.services.plan_file import load_plan
from outreach.services.posting import notice_flight
from outreach.services.rosters import list_households
from outreach.services.rounds import rounds
from outreach.services.runs import list_runs

SEED = "yingcheng-2005"

LEDGER_MONTHS = ("2005-10", "2005-11", "2005-12")
"""The months whose steps come as files of the pension system; those before were typed in."""

_AFTERWARDS = dt.timedelta(days=31)
"""Return visits go on for a month after the campaign: who was informed in its last days is owed one too."""

_MISSING = 40
_CASES, _STUCK = 60, 3
_LEDGER_FIELDS = ("name", "id_number", "account", "on", "kind", "amount", "insurance", "mobile", "address")
_CASE_FIELDS = ("case", "applied", *STEPS, "household", "who", "officer")


def before_notices(office: Office) -> Office:
    """The office three days before its door notices go up."""
    starts = _notices(office).starts
    eve = dt.datetime.combine(starts, dt.time(9), office.workspace.zone) - dt.timedelta(days=3)
    return replace(office, clock=lambda: eve)


def _notices(office: Office) -> Flight:
    flight = notice_flight(check_campaign(office.workspace, ""))
    assert flight is not None  # the shipped campaign has one
    return flight


def put_up_notices(office: Office) -> str:
    """Record where the notices of the run hung: all put up, one in 40 put up again, taken down in time."""
    flight = _notices(office)
    run = next(one for one in list_runs(office) if one.kind == "notice")
    missing = [(number, number) for number in range(_MISSING, run.pieces + 1, _MISSING)]
    last = flight.fields["remove_by"]
    assert isinstance(last, dt.date)
    for state, spans, day in (
        (PieceState.POSTED, [], flight.starts + dt.timedelta(days=2)),
        (PieceState.MISSING, missing, flight.starts + dt.timedelta(days=23)),
        (PieceState.POSTED, missing, flight.starts + dt.timedelta(days=24)),
        (PieceState.REMOVED, [], last),
    ):
        record_state(office, run.number, spans, Change(state, at=dt.datetime.combine(day, dt.time(16))))
    return _("{doors} put up, {missing} of them a second time, down by {day}",
             doors=run.pieces, missing=len(missing), day=last)  # fmt: skip


def invented_year(office: Office, campaign: Campaign, ends: dt.date) -> Simulation:
    """The campaign's facts up to `ends` as planning/simulate.py plays them, for every household that has an officer."""
    facts, officer_of = _homes(office, campaign)
    return simulate_year(facts, officer_of, campaign.starts, ends, campaign.zone, SEED)


def invented_record(office: Office, campaign: Campaign, year: Simulation) -> KeptUp:
    """The year's tries with return visits, promises, appointments and complaints (planning/follow_up_simulation.py)."""
    facts, officer_of = _homes(office, campaign)
    rule = load_plan(office.workspace, campaign.name).followups.rule
    ends = campaign.ends + _AFTERWARDS
    return simulate_follow_ups(year.attempts, facts, officer_of, rule, campaign.starts, ends, campaign.zone, SEED)


def _homes(office: Office, campaign: Campaign) -> tuple[list[HomeFacts], dict[str, str]]:
    found = rounds(office, campaign)
    officer_of = {home.code: turn.officer.code for turn in found for home in turn.homes}
    facts = [
        HomeFacts(
            home.code,
            len(home.persons),
            home.difficulty,
            home.migrant,
            any(person.mobile for person in home.persons),
            max((person.months_lapsed or 0 for person in home.persons), default=0),
        )
        for turn in found
        for home in turn.homes
    ]
    return facts, officer_of


def record_year(office: Office) -> str:
    """Append the year's contacts, follow-ups, and the steps of the months before the ledger came as files."""
    campaign = check_campaign(office.workspace, "")
    year = invented_year(office, campaign, campaign.ends)
    kept = invented_record(office, campaign, year)
    typed = [step for step in year.milestones if str(Month.of(step.on)) not in LEDGER_MONTHS]
    with office.store.write() as unit:
        ids = unit.rosters.household_ids()
        now = office.now()
        unit.facts.append_attempts(campaign.name, [(attempt, None) for attempt in kept.attempts], ids, now)
        unit.follow_ups.append(campaign.name, [(one, None) for one in kept.follow_ups], ids, now)
        unit.facts.append_milestones(campaign.name, [(step, None) for step in typed], ids, now)
    total = report_overdue(office, "").total
    return _(
        "{attempts} attempts, {steps} milestones, {overdue} follow-ups left overdue",
        attempts=len(kept.attempts),
        steps=len(typed),
        overdue=total.overdue,
    )


def take_in_ledger(office: Office) -> str:
    """Invent the ledger's files of LEDGER_MONTHS, import them, and write out what is nobody's of the roster."""
    campaign = check_campaign(office.workspace, "")
    year = invented_year(office, campaign, campaign.ends)
    homes = {home.code: home for home in list_households(office)}
    lines = matched = waiting = 0
    for month in LEDGER_MONTHS:
        file = office.workspace.root / "ledger" / f"{month}.csv"
        steps = [step for step in year.milestones if str(Month.of(step.on)) == month]
        write_whole(file, invented_ledger(steps, homes, month, SEED))
        done = import_ledger(office, "", file, month)
        lines += done.file.rows
        matched += done.states[LineState.MATCHED].lines
        waiting += done.states[LineState.REVIEW].lines
    nobody = open_lines(office, "")
    write_open_lines(nobody, office.workspace.out / "ledger-unmatched.xlsx", current_language(), unmask=False)
    return _(
        "{lines} lines: {matched} matched by keys, {waiting} wait for a decision, {nobody} are nobody's here",
        lines=f"{lines:,}",
        matched=f"{matched:,}",
        waiting=waiting,
        nobody=len(nobody),
    )


def invented_ledger(steps: Iterable[Milestone], homes: Mapping[str, Household], month: str, seed: str) -> bytes:
    """A month's file as the pension system might write it: a .csv that `ledger import` reads."""
    headings = [accepted(Kind.LEDGER, field)[0] for field in _LEDGER_FIELDS]
    rows = (
        (
            one.name, one.id_number, one.account, one.on, one.kind,
            f"{one.amount_fen // 100}.{one.amount_fen % 100:02d}" if one.amount_fen else "",
            one.insurance, one.mobile, one.address,
        )
        for one in invent_ledger(steps, homes, month, seed)
    )  # fmt: skip
    return make_csv(headings, rows)


def report_met_first(office: Office) -> str:
    """What came of the households met in the first month of evening visits."""
    found = report_cohorts(office, "")
    april = next(one for one in found.cohorts if one.month == "2005-04")
    return _(
        "of {met} households first met in {month}, {paid} have paid since; {before} had before",
        met=april.households,
        month=april.month,
        paid=sum(one or 0 for one in april.later),
        before=april.before,
    )


def take_in_cases(office: Office) -> str:
    """Invent transfer cases, import them, and count what is overdue of the three 15 days."""
    campaign = check_campaign(office.workspace, "")
    file = office.workspace.root / "cases.csv"
    migrants = [home for home in list_households(office) if home.migrant]
    write_whole(file, make_csv([accepted(Kind.CASES, field)[0] for field in _CASE_FIELDS], _cases(campaign, migrants)))
    done = import_cases(office, "", file)
    late = [one for one in list_cases(office, "") if one.next is not None and one.next.state == "overdue"]
    return _("{cases} cases, {steps} steps done, {late} overdue", cases=done.added, steps=done.steps, late=len(late))


def _cases(campaign: Campaign, migrants: list[Household]) -> Iterator[tuple[str | dt.date, ...]]:
    rng = random.Random(f"{SEED}/cases")
    calendar = covering(campaign.ends + 4 * _AFTERWARDS)
    last = (campaign.ends - campaign.starts).days - 30
    for number, home in enumerate(rng.sample(migrants, _CASES), start=1):
        applied = calendar.after(campaign.starts + dt.timedelta(days=60 + rng.randrange(last - 60)), 1)
        done: list[str | dt.date] = []
        day = applied
        for _step in STEPS:
            # One step in twelve is late; each of the three has fifteen working days.
            day = calendar.after(day, 16 + rng.randrange(5) if rng.randrange(12) == 0 else 4 + rng.randrange(11))
            done.append(day)
        if number <= _STUCK:
            done[number - 1 :] = [""] * (len(STEPS) - number + 1)
        yield (f"ZY{number:04d}", applied, *done, home.code, home.persons[0].name, "")
