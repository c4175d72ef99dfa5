"""Walk lists planned: who is still to be visited, when each officer has time, and the lists committed."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from outreach.domain.calendar import WorkCalendar, days_between
from outreach.domain.campaign import Campaign
from outreach.domain.contact import in_force
from outreach.domain.people import Household, Officer
from outreach.domain.walk_list import LineReason, ListState, WalkLine, WalkList
from outreach.errors import BadInput, Conflict, Fault, refuse_if_any
from outreach.messages import _
from outreach.planning.holidays import work_calendar
from outreach.planning.routes import DayRoute, Pace, plan_days
from outreach.planning.tours import Place
from outreach.planning.walk_hours import Hours, Window, windows
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, Progress, no_progress
from outreach.services.plan_file import load_plan, plan_path
from outreach.services.plan_walks import WalkSection
from outreach.services.rounds import Choice, everybody_of
from outreach.services.staffing import Stretch, busy_on_duty
from outreach.services.touches import list_touched
from outreach.services.walk_closed import MAY_BE_OWED, barred, gone_in_part, settled
from outreach.services.walk_due import CHANNEL, due_for_visits
from outreach.store.unit import Unit

USUAL_DAYS = 7

LEFT_OUT = ("paid", "reached", "moved", "not_eligible", "suppressed", "held", "listed", "not_due", "no_time", "vacant")
"""Why a household is on no list, in the order the reasons are looked for."""


@dataclass(frozen=True, slots=True)
class WalkPlan:
    """Lists that were made. left_out: households on none of them, by reason; provisional: days of a year not published.

    vacant: posts that nobody holds. touched: codes of households on them that another campaign touched lately.
    """

    first: dt.date
    last: dt.date
    lists: tuple[WalkList, ...]
    left_out: Mapping[str, int]
    vacant: tuple[str, ...]
    provisional: bool
    touched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that planning looks at, read at one moment. settled: those left out who may be visited all the same, where
    something is due to them: a return visit is owed only to whom was reached.
    """

    known: frozenset[str]
    left_out: Mapping[str, str]
    settled: Collection[str]
    closed: Mapping[str, Collection[dt.date]]
    away: Mapping[str, frozenset[dt.date]]
    busy: Mapping[str, Sequence[tuple[dt.datetime, dt.datetime]]]
    weeks: Mapping[str, Mapping[tuple[int, int], int]]


def plan_walks(
    office: Office,
    campaign_name: str,
    *,
    posts: tuple[str, ...] = (),
    first: dt.date | None = None,
    last: dt.date | None = None,
    days: int | None = None,
    everybody: bool = False,
    progress: Progress = no_progress,
) -> WalkPlan:
    """Make frozen lists for the days from `first` (today) to `last`, or for so many `days` (7); one commit.

    posts: all where empty. everybody: those too who are not due to be tried again. Raises BadInput for days that make
    no sense or a plan without hours, NotFound for an unknown post, Conflict before an assignment, where no day has
    hours, or where lists were made meanwhile.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    rules = load_plan(office.workspace, campaign_name).walks
    now = office.now()
    first, last = _span(now.date(), first, last, days)
    calendar = work_calendar()
    hours = _windows(campaign, rules, calendar, first, last, now, str(plan_path(office.workspace, campaign_name)))
    people = everybody_of(office, campaign, Choice(posts=posts))
    span = (first, last)
    with office.store.read() as unit:
        scene = _scene(unit, campaign, people.homes, people.officers, span, now)
    open_homes = people.homes.keys() - scene.left_out.keys()
    walked = {one.starts.date() for one in hours}
    due = due_for_visits(office, campaign_name, walked, posts, open_homes, scene.settled, everybody=everybody)
    closed = _joined(scene.closed, due.closed)
    stay_out = {code: reason for code, reason in scene.left_out.items() if code not in due.codes}
    made: list[tuple[str, Officer, DayRoute]] = []
    left_out: Counter[str] = Counter()
    vacant = []
    groups = {post: homes for post, homes in people.by_post().items() if not posts or post in posts}
    for done, (post, homes) in enumerate(groups.items()):
        progress(done, len(groups))
        left_out.update(stay_out[home.code] for home in homes if home.code in stay_out)
        open_ = [home for home in homes if home.code not in stay_out]
        left_out["not_due"] += sum(home.code not in due.codes for home in open_)
        open_ = [home for home in open_ if home.code in due.codes]
        officer = people.officers.get(post)
        if officer is None:
            vacant.append(post)
            left_out["vacant"] += len(open_)
            continue
        routes, rest = _routes(officer, open_, hours, scene, rules, due.first, closed)
        left_out["no_time"] += len(rest)
        made += ((post, officer, route) for route in routes)
    lists = _commit(office, campaign, rules, made, scene, due.owed, now)
    progress(len(groups), len(groups))
    counted = {reason: left_out[reason] for reason in LEFT_OUT if left_out[reason]}
    touched = list_touched(office, campaign.name, now.date(), {line.household for one in lists for line in one.lines})
    return WalkPlan(
        first,
        last,
        lists,
        counted,
        tuple(vacant),
        calendar.is_provisional(first, last),
        tuple(one.household for one in touched),
    )


def _span(today: dt.date, first: dt.date | None, last: dt.date | None, days: int | None) -> tuple[dt.date, dt.date]:
    if last is not None and days is not None:
        raise BadInput.at("--to, --days", _("say the same thing twice"), _("give one of them"))
    first = first or today
    if first < today:
        raise BadInput.at(
            "--from", _("{day} is past", day=first), _("name today ({today}) or a later day", today=today)
        )
    last = last or first + dt.timedelta(days=(days or USUAL_DAYS) - 1)
    if last < first:
        raise BadInput.at(
            "--to", _("{ends} is before the start {starts}", ends=last, starts=first), _("write a later day")
        )
    return first, last


def _windows(
    campaign: Campaign,
    rules: WalkSection,
    calendar: WorkCalendar,
    first: dt.date,
    last: dt.date,
    now: dt.datetime,
    file: str,
) -> list[Window]:
    """When doors may be knocked on from now on; raises BadInput or Conflict where that is never."""
    hours = Hours(
        rules.evenings,
        rules.evening_hours,
        rules.weekend_hours,
        rules.holiday_hours,
        rules.day_hours,
        rules.free_days,
        rules.free_holidays,
    )
    names = {name for both in calendar.off.values() for name in both}
    refuse_if_any(
        [
            Fault(
                f"{file}, walks.free_holidays",
                _("no holiday is called '{name}'", name=name),
                _("choose one of {names}", names=", ".join(sorted(names))),
            )
            for name in rules.free_holidays
            if name not in names
        ]
    )
    if not (hours.evening or hours.weekend or hours.holiday or hours.daytime):
        raise BadInput.at(
            f"{file}, walks", _("no hours are left in which to knock on doors"), _("write evening_hours or others")
        )
    if not (calendar.knows(first) and calendar.knows(last)):
        raise BadInput.at(
            f"{first} - {last}",
            _("holidays are known from {first} to {last} only", first=calendar.first_year, last=calendar.last_year),
            _("choose a day within, or install a newer chinesecalendar"),
        )
    found = [one for one in windows(first, last, calendar, hours, campaign.zone) if one.starts > now]
    if not found:
        raise Conflict.at(
            f"{first} - {last}",
            _("no day has hours for walks"),
            _("plan for more days, or change [walks] in plan.toml"),
        )
    return found


def _scene(
    unit: Unit,
    campaign: Campaign,
    homes: Mapping[str, Household],
    officers: Mapping[str, Officer],
    span: tuple[dt.date, dt.date],
    now: dt.datetime,
) -> _Scene:
    lists = unit.walks.all(campaign.name, campaign.zone)
    standing = unit.facts.standings(campaign.name, campaign.zone)
    listed = _listed(unit, campaign, lists, now.date())
    wishes = unit.suppressions.all(campaign.zone)
    # A list is walked within its days: whoever is held on one of them is on none.
    held = frozenset().union(*(unit.hold_outs.held_on(campaign.name, day) for day in span))
    closed: dict[str, Collection[dt.date]] = {}
    left_out: dict[str, str] = {}
    settled_homes = set()
    asked_not_to = {one.household for one in wishes}
    partly = gone_in_part(unit, campaign.name, homes, standing)
    for code, home in homes.items():
        shut = barred(home, wishes, span) if code in asked_not_to else frozenset()
        other = ""
        if shut == frozenset(days_between(*span)):
            other = "suppressed"
        elif code in held:
            other = "held"
        elif code in listed:
            other = "listed"
        done = settled(standing.get(code), partly=code in partly)
        if done in MAY_BE_OWED and not other:
            settled_homes.add(code)
        if reason := done or other:
            left_out[code] = reason
        if shut:
            closed[code] = shut
    busy = _busy(unit, campaign, lists, officers, now.date())
    weeks: dict[str, Counter[tuple[int, int]]] = defaultdict(Counter)
    for one in lists:
        if one.withdrawn is None:
            weeks[one.officer][one.day.isocalendar()[:2]] += 1
    away = unit.absences.days_away(*span)
    return _Scene(frozenset(one.id for one in lists), left_out, settled_homes, closed, away, busy, weeks)


def _listed(unit: Unit, campaign: Campaign, lists: Iterable[WalkList], today: dt.date) -> set[str]:
    """Households on a list that may still be walked and at whose door nobody has been since it began."""
    live = [one for one in lists if one.state(today) is ListState.LIVE]
    newest: dict[str, dt.datetime] = {}
    for attempt in in_force(
        unit.facts.attempts_of(campaign.name, {line.household for one in live for line in one.lines})
    ):
        if attempt.channel == CHANNEL:
            newest[attempt.household] = max(attempt.at, newest.get(attempt.household, attempt.at))
    return {
        line.household
        for one in live
        for line in one.lines
        if line.household not in newest or newest[line.household] < one.starts
    }


def _busy(
    unit: Unit, campaign: Campaign, lists: Iterable[WalkList], officers: Mapping[str, Officer], today: dt.date
) -> Mapping[str, Sequence[Stretch]]:
    """When each officer (staff code) is on a list, at a booth or on the phone already."""
    found = busy_on_duty(unit, campaign, officers)
    for one in lists:
        if one.state(today) is ListState.LIVE:
            found[one.officer].append((one.starts, one.ends))
    return found


def _joined(
    one: Mapping[str, Collection[dt.date]], two: Mapping[str, Collection[dt.date]]
) -> dict[str, Collection[dt.date]]:
    return {code: {*one.get(code, ()), *two.get(code, ())} for code in one.keys() | two.keys()}


def _routes(
    officer: Officer,
    homes: Sequence[Household],
    hours: Sequence[Window],
    scene: _Scene,
    rules: WalkSection,
    turns: Mapping[str, int],
    closed: Mapping[str, Collection[dt.date]],
) -> tuple[list[DayRoute], list[Household]]:
    away = scene.away.get(officer.code, frozenset())
    busy = scene.busy.get(officer.code, ())
    free = [
        window
        for window in hours
        if window.starts.date() not in away
        and not any(starts < window.ends and window.starts < ends for starts, ends in busy)
    ]
    return plan_days(
        homes,
        free,
        base_of(officer, rules),
        Pace(rules.walk_kmh * 1000 / 60 / rules.detour, rules.between_minutes),
        {home.code: rules.minutes(home.difficulty) for home in homes},
        most=rules.most_doors,
        most_a_week=math.ceil(rules.most_a_week * officer.share / 100),
        lists_in_week=scene.weeks.get(officer.code),
        first=turns,
        closed=closed,
    )


def base_of(officer: Officer, rules: WalkSection) -> Place | None:
    """Where an officer sets out from and returns to: their own place, or the office; None where neither is known."""
    own = None if officer.lon is None or officer.lat is None else (officer.lon, officer.lat)
    return rules.office if rules.start == "office" or own is None else own


def _commit(
    office: Office,
    campaign: Campaign,
    rules: WalkSection,
    made: Sequence[tuple[str, Officer, DayRoute]],
    scene: _Scene,
    owed: Mapping[str, Collection[dt.date]],
    now: dt.datetime,
) -> tuple[WalkList, ...]:
    """Give the routes numbers in order of day and post, and write them."""
    ordered = sorted(made, key=lambda one: (one[2].window.starts.date(), one[0], one[2].window.starts))
    with office.store.write() as unit:
        if {one.id for one in unit.walks.all(campaign.name, campaign.zone)} != scene.known:
            raise Conflict.at(campaign.name, _("other walk lists were made meanwhile"), _("plan again"))
        start = unit.walks.last_number(campaign.name) + 1
        lists = tuple(
            _walk_list(office, campaign, number, post, officer, route, rules, owed, now)
            for number, (post, officer, route) in enumerate(ordered, start=start)
        )
        unit.walks.add(lists, unit.rosters.household_ids())
    return lists


def _walk_list(
    office: Office,
    campaign: Campaign,
    number: int,
    post: str,
    officer: Officer,
    route: DayRoute,
    rules: WalkSection,
    owed: Mapping[str, Collection[dt.date]],
    now: dt.datetime,
) -> WalkList:
    day = route.window.starts.date()
    return WalkList(
        id=office.new_id(),
        campaign=campaign.name,
        number=number,
        post=post,
        officer=officer.code,
        day=day,
        starts=route.leaves,
        ends=route.returns,
        expires=day + dt.timedelta(days=rules.valid_days),
        made=now,
        withdrawn=None,
        figures={
            "hours": route.window.sort.value,
            "metres": route.metres,
            "buildings": route.buildings,
            "proven": route.proven,
            "provisional": route.window.provisional,
        },
        lines=tuple(
            WalkLine(
                rank,
                stop.household,
                stop.at,
                stop.minutes,
                LineReason.OWED if day in owed.get(stop.household, ()) else stop.reason,
            )
            for rank, stop in enumerate(route.stops, start=1)
        ),
    )
