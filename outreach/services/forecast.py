"""The staffing forecast: open households against officers' hours, by community and week; who could help whom."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from outreach.domain.contact import Disposition
from outreach.errors import BadInput, Conflict
from outreach.messages import _, current_language
from outreach.planning.forecast import Cell, Move, Stage, Week, expected, mend, spread, weeks, whole_officers
from outreach.planning.ladder import OPEN, PERSONAL, Held, counted, next_try
from outreach.planning.tries import Column, Count, Kind, Slot, Time, column_of, time_of
from outreach.planning.walk_hours import Window, windows
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.officer_hours import walking_hours, week_hours
from outreach.services.staffing import busy_on_duty
from outreach.services.try_records import Known, kind_of, know
from outreach.store.tries import HomeLine

MOST_DAYS = 400

_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week of the whole town, in hours. back: days on which migrants are home. short: summed over communities."""

    first: dt.date
    last: dt.date
    back: int
    needed: float
    available: float
    short: float
    provisional: bool


@dataclass(frozen=True, slots=True)
class CommunityWeek:
    """One community in one week, in hours; waiting: of `needed`, what could be done in any other week."""

    community: str
    first: dt.date
    last: dt.date
    needed: float
    waiting: float
    available: float
    short: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One mend of a shortage. how: 'wait', 'lend' or 'missing'; officers: how many full weeks of an officer that is.

    source: the community that lends; week: the Monday of the week, or its first day, that the doors wait for.
    """

    how: str
    hours: float
    officers: int
    source: str | None
    week: dt.date | None


@dataclass(frozen=True, slots=True)
class Short:
    """A community and week with too few hours, and how that is mended most cheaply. sentence: both in words."""

    community: str
    first: dt.date
    last: dt.date
    hours: float
    shifts: tuple[Shift, ...]
    sentence: str

    @property
    def nobody_walks(self) -> bool:
        """Whether the one cause is that the week has no walking hours, which is the whole town's."""
        return all(one.how == "missing" and not one.officers for one in self.shifts)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The whole forecast. open, migrants: households still looked for, and how many of them work away.

    visits, contacts: expected tries at doors and contacts there; desk_hours: calls and letters, which need no evening.
    stranded: migrants' households whose days of return lie outside the forecast, so that they are not counted.
    """

    campaign: str
    first: dt.date
    last: dt.date
    as_of: dt.datetime
    open: int
    migrants: int
    stranded: int
    visits: float
    contacts: float
    needed: float
    available: float
    desk_hours: float
    provisional: bool
    weeks: tuple[WeekLine, ...]
    cells: tuple[CommunityWeek, ...]
    short: tuple[Short, ...]


def forecast_staffing(
    office: Office, campaign_name: str, first: dt.date | None = None, last: dt.date | None = None
) -> Forecast:
    """The forecast from `first` (today, or the campaign's first day where today is outside it) to `last` (its end).

    Households stand as they did on the morning of `first` where that is past. Raises BadInput for days in the wrong
    order, too many of them or unknown holidays, Conflict where no household has an officer.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    today = office.now().astimezone(campaign.zone).date()
    first = first or (today if campaign.starts <= today <= campaign.ends else campaign.starts)
    last = last or campaign.ends
    if last < first:
        raise BadInput.at(
            "--to", _("{ends} is before the start {starts}", ends=last, starts=first), _("write a later day")
        )
    if (last - first).days >= MOST_DAYS:
        raise BadInput.at(
            "--to",
            _("a forecast covers {days} days at most", days=MOST_DAYS),
            _("write an earlier day, or a later --from"),
        )
    known = know(office, campaign_name, first, last)
    with office.store.read() as unit:
        officers = unit.rosters.officers()
        away = unit.absences.days_away(first, last)
        busy = busy_on_duty(unit, campaign, officers)
    if not any(home.post for home in known.homes):
        raise Conflict.at(campaign.name, _("no household has an officer yet"), _("run 'outreach household assign'"))
    hours = windows(first, last, known.calendar, walking_hours(known.plan.walks), campaign.zone)
    reckoning = _Reckoning(known, first, last, hours)
    each = {
        post: week_hours(officer, reckoning.weeks, hours, known.plan.walks, away, busy)
        for post, officer in officers.items()
    }
    return reckoning.forecast(each)


class _Reckoning:
    """The sums of one forecast."""

    def __init__(self, known: Known, first: dt.date, last: dt.date, hours: Sequence[Window]) -> None:
        self._known = known
        self._first, self._last = first, last
        self.weeks = weeks(first, last)
        self._return_days = [
            sum(any(one.first <= day <= one.last for one in known.windows) for day in week.days())
            for week in self.weeks
        ]
        self._slots = self._weights(hours)
        back = [one for one in hours if any(w.first <= one.starts.date() <= w.last for w in known.windows)]
        self._slots_back = self._weights(back) or self._slots
        self._chances: dict[object, float] = {}
        self._visits = self._contacts = self._desk = 0.0

    def forecast(self, each: Mapping[str, Sequence[float]]) -> Forecast:
        """Everything put together. each: the hours of each post's officer, week by week."""
        known, back = self._known, sum(self._return_days)
        open_homes = [home for home in known.homes if self._open(home)]
        needs: dict[bool, dict[str, float]] = {False: defaultdict(float), True: defaultdict(float)}
        migrants = 0
        for home in open_homes:
            migrant = self._works_away(home)
            migrants += migrant
            needs[migrant][home.community] += self._need(home, counts=back > 0 or not migrant)
        available = self._available(open_homes, each)
        cells = spread(len(self.weeks), needs[False], needs[True] if back else {}, available, self._return_days)
        per_officer = [max((hours[week] for hours in each.values()), default=0.0) for week in range(len(self.weeks))]
        short = [
            self._short(one.cell, one.moves, per_officer[one.cell.week]) for one in mend(cells, _distances(known.homes))
        ]
        calendar = known.calendar
        return Forecast(
            campaign=known.campaign.name,
            first=self._first,
            last=self._last,
            as_of=known.as_of,
            open=len(open_homes),
            migrants=migrants,
            stranded=0 if back else migrants,
            visits=round(self._visits, 1),
            contacts=round(self._contacts, 1),
            needed=_tidy(sum(cell.needed for cell in cells)),
            available=_tidy(sum(cell.available for cell in cells)),
            desk_hours=_tidy(self._desk),
            provisional=calendar.is_provisional(self._first, self._last),
            weeks=tuple(self._week_line(number, cells) for number in range(len(self.weeks))),
            cells=tuple(self._community_week(cell) for cell in cells),
            short=tuple(short),
        )

    def _open(self, home: HomeLine) -> bool:
        found = next_try(self._known.plan.tries.ladder, self._known.record(home, self._first), self._first)
        return not isinstance(found, Held) or found.why in OPEN

    def _works_away(self, home: HomeLine) -> bool:
        return home.migrant or self._known.history(home).newest is Disposition.AWAY

    # --- needed ---

    def _weights(self, hours: Iterable[Window]) -> dict[Slot, float]:
        """How many minutes the walking hours touch each slot."""
        found: dict[Slot, float] = defaultdict(float)
        for one in hours:
            column: Column = column_of(one.starts.date(), self._known.calendar)
            starts = one.starts.hour * 60 + one.starts.minute
            for number, band in enumerate(self._known.plan.tries.hours):
                minutes = min(band.ends, starts + one.minutes) - max(band.starts, starts)
                if minutes > 0:
                    found[column, number] += minutes
        return dict(found)

    def _chance(self, home: HomeLine, *, migrant: bool) -> float:
        """Of finding somebody at the door in walking hours: the slots' chances, weighted by their minutes."""
        rates, kind = self._known.rates["visit"], kind_of(home)
        own: Mapping[Time, Count] = (self._known.history(home).own or {}).get("visit", {})
        slots = self._slots_back if migrant else self._slots
        key = (kind, tuple(sorted(own.items())), migrant)
        if key not in self._chances:
            total = sum(slots.values())
            weighed = sum(
                minutes * rates.home_mean(kind, slot, own.get(time_of(slot), (0, 0))) for slot, minutes in slots.items()
            )
            self._chances[key] = weighed / total if total else rates.kind(kind).mean
        return self._chances[key]

    def _need(self, home: HomeLine, *, counts: bool) -> float:
        """Hours at this household's door; its tries are added to the town's where it counts."""
        stages = self._stages(home)
        found = expected([stage for _channel, stage in stages])
        door = 0.0
        for (channel, _stage), one in zip(stages, found, strict=True):
            if channel == "visit":
                door += one.minutes / 60
                self._visits += one.tries * counts
                self._contacts += one.contact * counts
            else:
                self._desk += one.minutes / 60 * counts
        return door

    def _stages(self, home: HomeLine) -> list[tuple[str, Stage]]:
        plan, kind, record = self._known.plan, kind_of(home), self._known.record(home, self._first)
        left = plan.tries.ladder.total - sum(one.channel in PERSONAL for one in record.tries)
        stages = []
        for step in plan.tries.ladder.steps:
            most = max(step.most - counted(record.tries, step.channel), 0)
            if step.channel in record.suppressed or (step.channel == "call" and not record.phones):
                continue
            if step.channel in PERSONAL:
                most = min(most, left)
                left -= most
            stages.append((step.channel, self._stage(home, kind, step.channel, most)))
        return stages

    def _stage(self, home: HomeLine, kind: Kind, channel: str, most: int) -> Stage:
        rules, walks = self._known.plan.staffing, self._known.plan.walks
        if channel == "visit":
            chance = self._chance(home, migrant=self._works_away(home))
            met = walks.minutes(home.difficulty) + rules.walking_minutes
            return Stage(chance, most, met, rules.missed_minutes + rules.walking_minutes)
        if channel == "call":
            chance = self._known.rates["call"].kind(kind).mean
            return Stage(chance, most, rules.call_minutes, rules.missed_call_minutes)
        return Stage(0.0, most, 0.0, rules.letter_minutes)

    # --- available ---

    def _available(
        self, open_homes: Sequence[HomeLine], each: Mapping[str, Sequence[float]]
    ) -> dict[tuple[int, str], float]:
        """Hours by week and community: an officer's hours go where the post's open households are, else all of them."""
        shares: dict[str, dict[str, int]] = {post: defaultdict(int) for post in each}
        for homes in (open_homes, self._known.homes):
            begun = {post for post, found in shares.items() if found}
            for home in homes:
                if home.post in shares and home.post not in begun:
                    shares[home.post][home.community] += 1
        found: dict[tuple[int, str], float] = defaultdict(float)
        for post, hours in each.items():
            total = sum(shares[post].values())
            for community, count in shares[post].items():
                for week, one in enumerate(hours):
                    found[week, community] += one * count / total
        return dict(found)

    # --- told ---

    def _week_line(self, number: int, cells: Sequence[Cell]) -> WeekLine:
        week, there = self.weeks[number], [cell for cell in cells if cell.week == number]
        return WeekLine(
            week.first,
            week.last,
            self._return_days[number],
            _tidy(sum(cell.needed for cell in there)),
            _tidy(sum(cell.available for cell in there)),
            _tidy(sum(cell.short for cell in there)),
            self._known.calendar.is_provisional(week.first, week.last),
        )

    def _community_week(self, cell: Cell) -> CommunityWeek:
        week = self.weeks[cell.week]
        figures = (cell.needed, cell.waiting, cell.available, cell.short)
        return CommunityWeek(cell.community, week.first, week.last, *map(_tidy, figures))

    def _short(self, cell: Cell, moves: Sequence[Move], each: float) -> Short:
        week = self.weeks[cell.week]
        shifts = tuple(
            Shift(
                one.how,
                _tidy(one.hours),
                whole_officers(one.hours, each),
                one.source,
                None if one.week is None else self.weeks[one.week].first,
            )
            for one in moves
        )
        return Short(cell.community, week.first, week.last, _tidy(cell.short), shifts, _sentence(cell, week, shifts))


def _sentence(cell: Cell, week: Week, shifts: Iterable[Shift]) -> str:
    parts = [
        _(
            "{community}, {first} to {last}: {hours} hours short ({needed} needed, {available} there)",
            community=cell.community,
            first=week.first,
            last=week.last,
            hours=f"{_tidy(cell.short):.1f}",
            needed=f"{_tidy(cell.needed):.1f}",
            available=f"{_tidy(cell.available):.1f}",
        )
    ]
    for one in shifts:
        hours = f"{one.hours:.1f}"
        if one.how == "wait":
            parts.append(
                _("let residents' doors of {hours} hours wait for the week of {week}", hours=hours, week=one.week)
            )
        elif one.how == "lend":
            parts.append(
                _(
                    "lend officers from {source}: {count} ({hours} hours)",
                    count=one.officers,
                    source=one.source,
                    hours=hours,
                )
            )
        elif one.officers:
            parts.append(_("{hours} hours stay open; more officers needed: {count}", hours=hours, count=one.officers))
        else:
            parts.append(
                _(
                    "{hours} hours stay open: nobody walks in that week; give it hours in plan.toml, [walks], "
                    "such as holiday_hours",
                    hours=hours,
                )
            )
    return ("；" if current_language() == "zh" else "; ").join(parts)


def _tidy(hours: float) -> float:
    return round(hours, 2)


def _distances(homes: Iterable[HomeLine]) -> Callable[[str, str], float]:
    """Straight metres between the middles of communities; infinite where one has no coordinates."""
    places: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for home in homes:
        if home.lon is not None and home.lat is not None:
            places[home.community].append((home.lon, home.lat))
    middles = {
        name: (fmean(lon for lon, _lat in found), fmean(lat for _lon, lat in found)) for name, found in places.items()
    }

    def metres(one: str, two: str) -> float:
        if one not in middles or two not in middles:
            return math.inf
        (lon, lat), (other_lon, other_lat) = middles[one], middles[two]
        east = (other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
        return math.hypot(east, other_lat - lat) * _METRES_A_DEGREE

    return metres
