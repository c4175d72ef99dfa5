"""Follow-ups as people look at them: a list with whose each is, what is overdue by officer, a calendar of due days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from outreach.collection import collection_paused
from outreach.domain.campaign import Campaign
from outreach.domain.follow_up import FollowUpKind, FollowUpState, Matter
from outreach.domain.ids import derived_id
from outreach.domain.people import Officer
from outreach.errors import BadInput
from outreach.messages import _, current_language
from outreach.render.ics import Event, make_calendar
from outreach.services.campaigns import load_campaign
from outreach.services.cases import CaseLine, case_lines
from outreach.services.deadlines import step_word
from outreach.services.follow_ups import every_matter, officer_code
from outreach.services.office import Office, write_whole
from outreach.store.tries import HomeLine
from outreach.store.unit import Unit

By = Literal["officer", "section", "community"]


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One follow-up and whose it is now.

    about: what is to be done. officer: by code, '' where nobody has it. given_to: the officer it was given to by name,
    where that one holds no post any more and whoever has the household sees to it; '' elsewhere. days: past the due
    day, 0 where it is not. moved: how often it was given another day. closed_by: the id of the attempt that closed it,
    '' while it is open.
    """

    id: str
    kind: FollowUpKind
    state: FollowUpState
    household: str
    person: int
    who: str
    about: str
    community: str
    officer: str
    officer_name: str
    section: str
    due: dt.date
    due_at: dt.datetime | None
    days: int
    opened: dt.datetime
    first_due: dt.date
    moved: int
    closed_by: str = ""
    closed: dt.datetime | None = None
    given_to: str = ""


@dataclass(frozen=True, slots=True)
class OverdueGroup:
    """How the follow-ups of one officer, section or community stand. share: of the open ones, how many are overdue.

    oldest: the earliest due day among the overdue; days: how long past. kinds: overdue ones by kind.
    """

    key: str
    name: str
    open: int
    overdue: int
    share: float
    oldest: dt.date | None
    days: int
    kinds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OverdueReport:
    """What is overdue at a moment, in all and by group: the most overdue first."""

    at: dt.datetime
    by: By
    total: OverdueGroup
    groups: tuple[OverdueGroup, ...]


def list_follow_ups(
    office: Office,
    campaign_name: str,
    *,
    officer: str = "",
    due: dt.date | None = None,
    kinds: Collection[FollowUpKind] = (),
    states: Collection[FollowUpState] = (FollowUpState.OVERDUE, FollowUpState.OPEN),
    household: str = "",
) -> list[FollowUpLine]:
    """Follow-ups, return visits and steps of cases by due day, the most pressing first.

    officer: only theirs, by code or post. due: only those due on that day or before. kinds: all where empty.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    now = office.now().astimezone(campaign.zone)
    with office.store.read() as unit:
        wanted = officer_code(unit, officer)
        closed = FollowUpState.CLOSED in states
        found = _lines(office, unit, campaign, now, [household] if household else None, closed=closed)
    return [
        one
        for one in found
        if one.state in states
        and (not wanted or one.officer == wanted)
        and (due is None or one.due <= due)
        and (not kinds or one.kind in kinds)
        and (not household or one.household == household)
    ]


def report_overdue(office: Office, campaign_name: str, by: By = "officer") -> OverdueReport:
    """How many follow-ups are open and overdue now, in all and by officer, section or community."""
    campaign = load_campaign(office.workspace, campaign_name)
    now = office.now().astimezone(campaign.zone)
    with office.store.read() as unit:
        lines = _lines(office, unit, campaign, now, None, closed=False)
    names = {one.officer: one.officer_name for one in lines}
    groups: dict[str, list[FollowUpLine]] = {}
    for one in lines:
        groups.setdefault(getattr(one, by), []).append(one)
    counted = [_group(key, names.get(key, "") if by == "officer" else key, own, now) for key, own in groups.items()]
    counted.sort(key=lambda one: (-one.overdue, -one.days, one.key))
    return OverdueReport(now, by, _group("", "", lines, now), tuple(counted))


def _group(key: str, name: str, lines: Sequence[FollowUpLine], now: dt.datetime) -> OverdueGroup:
    late = [one for one in lines if one.state is FollowUpState.OVERDUE]
    oldest = min((one.due for one in late), default=None)
    return OverdueGroup(
        key=key,
        name=name,
        open=len(lines),
        overdue=len(late),
        share=len(late) / len(lines) if lines else 0.0,
        oldest=oldest,
        days=(now.date() - oldest).days if oldest else 0,
        kinds=dict(sorted(Counter(one.kind.value for one in late).items())),
    )


def _lines(
    office: Office,
    unit: Unit,
    campaign: Campaign,
    now: dt.datetime,
    households: Collection[str] | None,
    *,
    closed: bool,
) -> list[FollowUpLine]:
    with collection_paused():
        homes = {home.code: home for home in unit.tries.homes(campaign.name)}
        holders, officers = unit.rosters.officers(), unit.rosters.all_officers()
        found = [
            _line(one, homes.get(one.follow_up.household), holders, officers, now)
            for one in every_matter(office, unit, campaign, households)
            if closed or not one.closed
        ]
    for case in case_lines(unit, campaign, now.date()):
        if case.next is not None and (households is None or case.case.household in households):
            found.append(_case_line(case, homes.get(case.case.household), officers, campaign, now))
    return sorted(found, key=lambda one: (one.due, one.due_at or _end(one.due, campaign), one.id))


def _end(day: dt.date, campaign: Campaign) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.max, campaign.zone)


def _line(
    matter: Matter,
    home: HomeLine | None,
    holders: dict[str, Officer],
    officers: dict[str, Officer],
    now: dt.datetime,
) -> FollowUpLine:
    one = matter.follow_up
    holder = holders.get(home.post) if home else None
    left = ""
    if named := officers.get(one.officer):
        # Whoever gave the post up sees to nothing any more; who has the household now does.
        left = named.code if holder and not named.post else ""
        holder = holder if left else named
    state = matter.state(now)
    return FollowUpLine(
        id=one.id,
        kind=one.kind,
        state=state,
        household=one.household,
        person=one.person,
        who=one.who,
        about=one.about,
        community=home.community if home else "",
        officer=holder.code if holder else one.officer,
        officer_name=holder.name if holder else "",
        section=holder.section if holder else "",
        due=one.due,
        due_at=one.due_at,
        days=max((now.date() - one.due).days, 0) if state is FollowUpState.OVERDUE else 0,
        opened=one.opened.astimezone(now.tzinfo),
        first_due=matter.first_due,
        moved=matter.moved,
        closed_by=matter.closed.by if matter.closed else "",
        closed=matter.closed.at.astimezone(now.tzinfo) if matter.closed else None,
        given_to=left,
    )


def _case_line(
    line: CaseLine, home: HomeLine | None, officers: dict[str, Officer], campaign: Campaign, now: dt.datetime
) -> FollowUpLine:
    case, step = line.case, line.next
    assert step is not None
    opened = dt.datetime.combine(case.received, dt.time(), campaign.zone)
    holder = officers.get(line.officer)
    late = now.date() > step.due
    return FollowUpLine(
        id=derived_id(opened, f"{case.id}/{step.step}"),
        kind=FollowUpKind.CASE_STEP,
        state=FollowUpState.OVERDUE if late else FollowUpState.OPEN,
        household=case.household,
        person=case.person,
        who=case.who,
        about=_("case {number}: {step}", number=case.number, step=step_word(step.step)),
        community=home.community if home else "",
        officer=line.officer,
        given_to=line.given_to,
        officer_name=holder.name if holder else "",
        section=holder.section if holder else "",
        due=step.due,
        due_at=None,
        days=max((now.date() - step.due).days, 0),
        opened=opened,
        first_due=step.due,
        moved=0,
    )


def write_calendar(office: Office, campaign_name: str, lines: Iterable[FollowUpLine], target: Path) -> Path:
    """The due days of follow-ups as an .ics, whole days or the hour agreed; returns `target`.

    The same follow-ups on the same day give the same bytes. Raises BadInput for another ending, StoreFault.
    """
    if target.suffix.lower() != ".ics":
        raise BadInput.at(str(target), _("is no .ics file"), _("name it with that ending"))
    campaign = load_campaign(office.workspace, campaign_name)
    stamp = office.now().astimezone(campaign.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    content = make_calendar(
        _("Follow-ups"), [_event(one, campaign) for one in lines], zone=campaign.zone.key, stamp=stamp
    )
    write_whole(target, content)
    return target


def _event(one: FollowUpLine, campaign: Campaign) -> Event:
    midnight = dt.datetime.combine(one.due, dt.time(), campaign.zone)
    starts = one.due_at.astimezone(campaign.zone) if one.due_at else midnight
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    return Event(
        uid=f"{one.id}@followups.outreach.invalid",
        starts=starts,
        ends=starts + (hour if one.due_at else day),
        summary=f"{one.kind.label(current_language())} {one.household or one.who}",
        description=one.about,
        whole_days=one.due_at is None,
    )
