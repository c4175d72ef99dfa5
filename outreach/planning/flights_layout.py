"""Where insertions go: the slots that can be bought, what fits into them, and which are taken.

A slot is one outlet's time of one day. A slot holds one insertion, a day and a week of an outlet at most so many. These
limits nest, so what fits is a matter of counting: by the theorem of R. Rado (1942) insertions of several lines fit
exactly when those of every set of lines are no more than the slots open to the set, counted under the limits.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

MOST_LINES = 12
"""Lines of one outlet that are weighed against each other; the sets of twelve are 4,095."""

Week = tuple[int, int]
"""A week within a period: the number of its Monday, and the period."""


@dataclass(frozen=True, slots=True)
class OpenSlot:
    """A time that can be bought. day: its (first) day. time: None where the time is not the buyer's.

    period: which part of the plan it belongs to. weight: how much it is wanted, 1 for an ordinary day.
    """

    day: dt.date
    time: dt.time | None
    period: int
    weight: float = 1.0

    @property
    def week(self) -> Week:
        """The week it counts in."""
        return self.day.toordinal() - self.day.weekday(), self.period


@dataclass(frozen=True, slots=True)
class Outlet:
    """One seller: its lines, each with the slots it may take. most_a_day, most_a_week: insertions of all lines.

    weeks_share: for weeks that a period cuts, the limit of each part, where there is one.
    """

    lines: tuple[int, ...]
    slots: tuple[frozenset[OpenSlot], ...]
    most_a_day: int | None = None
    most_a_week: int | None = None

    def week_limit(self, week: Week) -> int | None:
        """The most insertions of a week; a part of a week that a period cuts has its share of the days."""
        if self.most_a_week is None:
            return None
        days = {slot.day for part in self.slots for slot in part if slot.week[0] == week[0]}
        here = {slot.day for part in self.slots for slot in part if slot.week == week}
        return self.most_a_week * len(here) // len(days)


_WeekPattern = tuple[int, int | None, tuple[tuple[tuple[int, ...], int], ...]]
"""Period, limit, and the days that are alike: the lines of each of their slots as bits, and how many days there are."""


def _weeks(outlet: Outlet) -> Counter[_WeekPattern]:
    """Weeks that are alike, with how many there are: few patterns, so that thousands of sets of lines are quick."""
    lines: dict[OpenSlot, int] = defaultdict(int)
    for number, part in enumerate(outlet.slots):
        for slot in part:
            lines[slot] |= 1 << number
    days: dict[tuple[Week, dt.date], list[int]] = defaultdict(list)
    for slot, mask in lines.items():
        days[slot.week, slot.day].append(mask)
    weeks: dict[Week, Counter[tuple[int, ...]]] = defaultdict(Counter)
    for (week, _day), masks in days.items():
        weeks[week][tuple(sorted(masks))] += 1
    return Counter((week[1], outlet.week_limit(week), tuple(sorted(alike.items()))) for week, alike in weeks.items())


def _fits(outlet: Outlet, weeks: Counter[_WeekPattern], chosen: Iterable[int], periods: int) -> tuple[int, ...]:
    """How many insertions the slots of these lines, by place in the outlet, hold under its limits in each period."""
    wanted = sum(1 << one for one in chosen)
    found = [0] * periods
    for (period, limit, days), times in weeks.items():
        held = 0
        for day, often in days:
            count = sum(bool(mask & wanted) for mask in day)
            held += often * (count if outlet.most_a_day is None else min(count, outlet.most_a_day))
        found[period] += times * (held if limit is None else min(held, limit))
    return tuple(found)


def rooms(outlet: Outlet, periods: int) -> list[tuple[int, ...]]:
    """The most insertions of each line in each period, if it were alone."""
    weeks = _weeks(outlet)
    return [_fits(outlet, weeks, [one], periods) for one in range(len(outlet.lines))]


def crowding(outlet: Outlet, periods: int) -> list[tuple[tuple[tuple[int, int], ...], int, int]]:
    """The rules under which the outlet's lines fit together: ((line, period) ..., 0, most) of every set that is tight.

    Raises ValueError for an outlet of more than `MOST_LINES` lines.
    """
    if len(outlet.lines) > MOST_LINES:
        raise ValueError(len(outlet.lines))
    weeks = _weeks(outlet)
    alone = [_fits(outlet, weeks, [one], periods) for one in range(len(outlet.lines))]
    found = []
    for size in range(2, len(outlet.lines) + 1):
        for chosen in combinations(range(len(outlet.lines)), size):
            for period, most in enumerate(_fits(outlet, weeks, chosen, periods)):
                if most < sum(alone[one][period] for one in chosen):
                    found.append((tuple((outlet.lines[one], period) for one in chosen), 0, most))
    return found


# Days of a week in the order they are taken: the first two, three ... lie well apart.
_WEEKDAY_ORDER = (0, 5, 2, 3, 6, 1, 4)
_EVEN = 1_000_000
_SAME_DAY = 20_000
_LATER_DAY = 1_000
_WANTED = 50_000


def lay_out(outlet: Outlet, counts: Sequence[Sequence[int]]) -> list[list[OpenSlot]]:
    """The slots each line takes: as even over the weeks as can be, more where slots are wanted more, days well apart.

    counts: by line and period. A flow of least cost: the k-th insertion of a line in a week costs (2k - 1) / weight of
    its slots there, which shares insertions out as A. Sainte-Lague's rule shares seats; within a week days are taken in
    a fixed order, so that weeks look alike. Raises ValueError where the counts do not fit.
    """
    from ortools.graph.python import min_cost_flow

    flow: Any = min_cost_flow.SimpleMinCostFlow()
    nodes: dict[object, int] = {}

    def node(key: object) -> int:
        return nodes.setdefault(key, len(nodes))

    taken: list[tuple[int, int, OpenSlot]] = []
    every = sorted({slot for part in outlet.slots for slot in part}, key=_in_time)
    for line, (slots, wanted) in enumerate(zip(outlet.slots, counts, strict=True)):
        weeks: dict[Week, list[OpenSlot]] = defaultdict(list)
        for slot in sorted(slots, key=_in_time):
            weeks[slot.week].append(slot)
        for rank, (week, inside) in enumerate(weeks.items()):
            weight = sum(slot.weight for slot in inside)
            for k in range(1, len(inside) + 1):
                # The rank only parts equals: earlier weeks first, so that longer weeks stand together.
                cost = round(_EVEN * (2 * k - 1) / weight) + rank
                flow.add_arc_with_capacity_and_unit_cost(
                    node(("line", line, week[1])), node(("week", line, week)), 1, cost
                )
            for slot in inside:
                cost = _LATER_DAY * _WEEKDAY_ORDER.index(slot.day.weekday()) + _place(slot, inside)
                cost += round(_WANTED * max(max(one.weight for one in inside) - slot.weight, 0))
                taken.append((flow.add_arc_with_capacity_and_unit_cost(
                    node(("week", line, week)), node(slot), 1, cost
                ), line, slot))  # fmt: skip
        for period, count in enumerate(wanted):
            if count:
                flow.set_node_supply(node(("line", line, period)), count)
    _limit(flow, node, outlet, every)
    total = sum(map(sum, counts))
    flow.set_node_supply(node("all"), -total)
    if flow.solve() != flow.OPTIMAL:
        raise ValueError(counts)
    found: list[list[OpenSlot]] = [[] for _line in outlet.lines]
    for arc, line, slot in taken:
        if flow.flow(arc):
            found[line].append(slot)
    return [sorted(slots, key=_in_time) for slots in found]


def _limit(flow: Any, node: Any, outlet: Outlet, every: Sequence[OpenSlot]) -> None:
    days: dict[tuple[Week, dt.date], int] = defaultdict(int)
    weeks: dict[Week, int] = defaultdict(int)
    for slot in every:
        flow.add_arc_with_capacity_and_unit_cost(node(slot), node(("day", slot.week, slot.day)), 1, 0)
        days[slot.week, slot.day] += 1
        weeks[slot.week] += 1
    for (week, day), count in days.items():
        most = count if outlet.most_a_day is None else min(count, outlet.most_a_day)
        for turn in range(most):
            flow.add_arc_with_capacity_and_unit_cost(
                node(("day", week, day)), node(("all week", week)), 1, turn * _SAME_DAY
            )
    for week, count in weeks.items():
        limit = outlet.week_limit(week)
        most = count if limit is None else min(count, limit)
        flow.add_arc_with_capacity_and_unit_cost(node(("all week", week)), node("all"), most, 0)


def _place(slot: OpenSlot, inside: Sequence[OpenSlot]) -> int:
    """The number of a slot among those of its day."""
    return sum(one.day == slot.day and _in_time(one) < _in_time(slot) for one in inside)


def _in_time(slot: OpenSlot) -> tuple[dt.date, dt.time, int]:
    return slot.day, slot.time or dt.time(), slot.period


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last` on these weekdays, at these times of each: what one flight can say."""

    first: dt.date
    last: dt.date
    weekdays: frozenset[int]
    times: tuple[dt.time, ...]


def stretches(slots: Iterable[OpenSlot]) -> list[Stretch]:
    """Slots with times as few stretches, which together unfold into exactly these slots.

    Weeks that follow each other with the same weekday and time become a run; runs of the same weeks become one stretch.
    """
    weeks: dict[tuple[int, dt.time], list[int]] = defaultdict(list)
    for slot in sorted(slots, key=_in_time):
        weeks[slot.day.weekday(), slot.time or dt.time()].append(slot.day.toordinal() - slot.day.weekday())
    runs: dict[tuple[int, int], dict[int, list[dt.time]]] = defaultdict(lambda: defaultdict(list))
    for (weekday, time), mondays in sorted(weeks.items()):
        start = mondays[0]
        for monday, following in zip(mondays, [*mondays[1:], None], strict=True):
            if following != monday + 7:
                runs[start, monday][weekday].append(time)
                start = following or 0
    found = []
    for (first, last), by_day in runs.items():
        alike: dict[tuple[dt.time, ...], list[int]] = defaultdict(list)
        for weekday, times in by_day.items():
            alike[tuple(sorted(times))].append(weekday)
        for clocks, days in alike.items():
            begin, end = (dt.date.fromordinal(n) for n in (first + min(days), last + max(days)))
            found.append(Stretch(begin, end, frozenset(days), clocks))
    return sorted(found, key=lambda one: (one.first, one.last, one.times))
