"""What is known of every household's tries as of a moment, and what is learnt from all of them.

`contact due`, `report times` and `report staffing` all begin here, so that they know the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from outreach.domain.calendar import WorkCalendar
from outreach.domain.campaign import Campaign
from outreach.domain.contact import Disposition
from outreach.domain.suppression import Suppression
from outreach.errors import BadInput, NotFound
from outreach.messages import _
from outreach.planning.holidays import work_calendar
from outreach.planning.ladder import PERSONAL, Past, Record
from outreach.planning.lessons import Moments
from outreach.planning.returns import Window, home_from, return_windows
from outreach.planning.tries import Band, Count, Kind, Rates, Slot, Time, time_of
from outreach.services.campaigns import load_campaign
from outreach.services.follow_ups import by_household
from outreach.services.learning import keep_chances, kept_chances, learn_anew, rules_of
from outreach.services.office import Office
from outreach.services.plan_file import PlanFile, load_plan
from outreach.store.tries import HomeLine, TryLine, in_force

_CHANNELS = ("", "visit", "call", "letter")
_NO_CHANNEL: frozenset[str] = frozenset()


@dataclass(slots=True)
class History:
    """One household's tries in force, in order of time: as they stand in the store, and by their days."""

    lines: Sequence[TryLine]
    tries: Sequence[Past]
    _moments: Moments
    _kind: Kind
    _taught: tuple[dict[str, Slot], dict[str, dict[Time, Count]]] | None = None

    @property
    def newest(self) -> Disposition | None:
        """How the newest visit, call or answer ended, None where there was none: what was only sent tells nothing."""
        told = (
            one.disposition
            for one in reversed(self.tries)
            if one.channel in PERSONAL or one.disposition.contact or one.disposition is Disposition.AWAY
        )
        return next(told, None)

    @property
    def last(self) -> Mapping[str, Slot]:
        """The slot of the newest try, by channel."""
        return self._lessons()[0]

    @property
    def own(self) -> Mapping[str, Mapping[Time, Count]]:
        """What the tries teach of the household, by channel, class and band."""
        return self._lessons()[1]

    def _lessons(self) -> tuple[dict[str, Slot], dict[str, dict[Time, Count]]]:
        # Of most households nobody asks this.
        if self._taught is None:
            last: dict[str, Slot] = {}
            own: dict[str, dict[Time, Count]] = {channel: {} for channel in PERSONAL}
            for one in self._moments.lessons(self.lines, self._kind):
                if one.slot is not None:
                    last[one.channel] = one.slot
                    if not one.reason:
                        time = time_of(one.slot)
                        tries, contacts = own[one.channel].get(time, (0, 0))
                        own[one.channel][time] = (tries + 1, contacts + one.contact)
            self._taught = last, own
        return self._taught


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the choice of the next try rests on. left_out: tries not learnt from, by channel and `LEFT_OUT`.

    before_ms: `as_of` in milliseconds UTC.
    lines: every attempt, by the row id of its household and in order of time, also those made later than `as_of`.
    wishes, suppressions: by household; the latter are the former and what hold-outs ask for.
    codes: where only the households of some posts are known, by row id the codes of all that are read as theirs.
    """

    campaign: Campaign
    plan: PlanFile
    calendar: WorkCalendar
    windows: tuple[Window, ...]
    as_of: dt.datetime
    before_ms: int
    homes: tuple[HomeLine, ...]
    lines: Mapping[int, Sequence[TryLine]]
    codes: Mapping[int, str] | None
    registered: frozenset[int]
    wishes: Mapping[str, Sequence[Suppression]]
    suppressions: Mapping[str, Sequence[Suppression]]
    rates: Mapping[str, Rates]
    left_out: Mapping[str, Mapping[str, int]]
    moments: Moments
    _histories: dict[int, History] = field(default_factory=dict)

    def history(self, home: HomeLine) -> History:
        """The household's tries that were made before `as_of`."""
        found = self._histories.get(home.key)
        if found is None:
            lines = self.lines.get(home.key, ())
            if lines and lines[-1].at_ms >= self.before_ms:
                lines = [one for one in lines if one.at_ms < self.before_ms]
            lines = in_force(lines)
            found = History(lines, self.moments.past(lines), self.moments, kind_of(home))
            self._histories[home.key] = found
        return found

    def in_force(self, home: HomeLine, *, later: bool) -> Sequence[TryLine]:
        """The household's tries in force; later: with those made after `as_of`."""
        lines = self.lines.get(home.key)
        if not lines:
            return ()
        return in_force(lines) if later and lines[-1].at_ms >= self.before_ms else self.history(home).lines

    def record(self, home: HomeLine, day: dt.date) -> Record:
        """What decides about a household on `day`."""
        history = self.history(home)
        away = home.migrant or history.newest is Disposition.AWAY
        return Record(
            tries=history.tries,
            registered=home.key in self.registered,
            phones=home.phones,
            suppressed=self.barred(home, day),
            home_from=home_from(self.windows, day) if away else day,
            persons=home.persons,
        )

    def barred(self, home: HomeLine, day: dt.date) -> frozenset[str]:
        """The channels by which the household is not to be contacted on `day`, '' for all."""
        wishes = self.suppressions.get(home.code)
        return frozenset(one for one in _CHANNELS if _barred(wishes, home, one, day)) if wishes else _NO_CHANNEL


def _barred(wishes: Sequence[Suppression], home: HomeLine, channel: str, day: dt.date) -> bool:
    """Whether the household, or everybody in it, wishes that channel off; '' asks for all of them."""
    if any(one.covers(home.code, 0, channel, day) for one in wishes):
        return True
    persons = {one.person for one in wishes if one.covers(home.code, one.person, channel, day)}
    return bool(home.persons) and len(persons) >= home.persons


def kind_of(home: HomeLine) -> Kind:
    """The household's kind, by which its chances are learnt."""
    return Kind(home.difficulty, home.migrant, home.works)


def know(
    office: Office, campaign_name: str, day: dt.date, last: dt.date | None = None, posts: Collection[str] = ()
) -> Known:
    """What was known on the morning of `day`, or is known now where that is earlier; windows up to the year of `last`.

    posts: only the households of these, with chances that may be kept ones (services/learning.py); all where empty.
    Raises BadInput for days whose holidays nobody knows, NotFound for an unknown campaign or post.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    plan = load_plan(office.workspace, campaign_name)
    calendar = work_calendar()
    last = last or day
    refuse_unknown_days(calendar, day, last)
    now = office.now().astimezone(campaign.zone)
    # The present day's tries are known too: only a day gone by is seen as it was in the morning.
    gone = day < now.date()
    as_of = dt.datetime.combine(day, dt.time(), campaign.zone) if gone else now
    before_ms, before = int(as_of.timestamp() * 1000), as_of.date() + dt.timedelta(days=not gone)
    first_year = min(day.year, max(campaign.starts.year, calendar.first_year))
    windows = _windows(first_year, min(last.year + 1, calendar.last_year), plan.tries.returns)
    moments = _moments(campaign.zone, windows, plan.tries.hours)
    rules = rules_of(campaign, plan, windows, as_of.date())
    codes = None
    with office.store.read() as unit:
        kept = kept_chances(unit, campaign, plan, rules) if (posts or unit.scoped) and not gone else None
        if posts:
            _refuse_unknown_posts(posts, unit.rosters.held(posts))
            homes = unit.tries.homes_of(campaign.name, posts)
            read_as = unit.tries.read_as([home.key for home in homes])
            own = {home.key: home.code for home in homes}
            codes = {recorded: own[key] for recorded, key in read_as.items()}
            registered = unit.tries.settled_of(campaign.name, before, read_as)
            lines = unit.tries.lines_of(campaign.name, read_as)
            wished = unit.suppressions.standing_of(campaign.zone, codes)
        else:
            homes = unit.tries.homes(campaign.name)
            registered = unit.tries.settled(campaign.name, before)
            lines = unit.tries.lines(campaign.name)
            wished = unit.suppressions.all(campaign.zone)
        held = unit.hold_outs.wishes(campaign.name, campaign.zone, codes)
        changes = 0 if kept else unit.learnt.changes(campaign.name)
        chances = kept or learn_anew(unit, campaign.name, before_ms, moments, plan.tries.prior)
    if kept is None and not gone:
        keep_chances(office, campaign, plan, rules, changes, chances)
    return Known(
        campaign=campaign,
        plan=plan,
        calendar=calendar,
        windows=windows,
        as_of=as_of,
        before_ms=before_ms,
        homes=tuple(homes),
        lines=lines,
        codes=codes,
        registered=registered,
        wishes=by_household(wished),
        suppressions=by_household([*wished, *held]),
        rates=chances.rates,
        left_out=chances.left_out,
        moments=moments,
    )


@lru_cache(maxsize=16)
def _windows(first_year: int, last_year: int, kept: tuple[str, ...]) -> tuple[Window, ...]:
    return tuple(return_windows(work_calendar(), range(first_year, last_year + 1), kept))


@lru_cache(maxsize=16)
def _moments(zone: dt.tzinfo, windows: tuple[Window, ...], hours: tuple[Band, ...]) -> Moments:
    return Moments(zone, work_calendar(), windows, hours)


def _refuse_unknown_posts(posts: Collection[str], held: Collection[str]) -> None:
    for post in posts:
        if post not in held:
            raise NotFound.at(post, _("there is no such post"), _("see 'outreach officer list'"))


def refuse_unknown_days(calendar: WorkCalendar, *days: dt.date) -> None:
    """Raise BadInput for a day of a year whose holidays nobody knows."""
    for day in days:
        if not calendar.knows(day):
            raise BadInput.at(
                str(day),
                _("holidays are known from {first} to {last} only", first=calendar.first_year, last=calendar.last_year),
                _("choose a day within, or install a newer chinesecalendar"),
            )
