"""Public nurse-rostering instances: read, said in the planner's own words, and a roster's cost counted independently.

The format and the cost are those of the Shift Scheduling Benchmark Data Sets (instances/SOURCE.md). The counting here
knows nothing of the planner's lines; it goes through days and shifts as the format's own description does.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from outreach.planning.rota import On, Rules, Shift, Wish, Worker

FIRST = dt.date(2024, 1, 1)  # a Monday, as in all instances
FOLDER = Path(__file__).parent / "instances"


@dataclass
class Nurse:
    """One line of SECTION_STAFF with the days off."""

    most_of: dict[str, int]
    most_minutes: int
    least_minutes: int
    most_row: int
    least_row: int
    least_off: int
    most_weekends: int
    off: set[int] = field(default_factory=set)


@dataclass
class Ward:
    """One instance."""

    days: int
    kinds: dict[str, tuple[int, list[str]]]  # minutes, kinds that cannot follow on the next day
    nurses: dict[str, Nurse]
    wants_on: list[tuple[str, int, str, int]]
    wants_off: list[tuple[str, int, str, int]]
    cover: dict[tuple[int, str], tuple[int, int, int]]  # required, cost of one under, of one over


def load_ward(number: int) -> Ward:
    sections: dict[str, list[list[str]]] = {}
    for line in (FOLDER / f"Instance{number}.txt").read_text().splitlines():
        if line.startswith("SECTION_"):
            rows = sections.setdefault(line.removeprefix("SECTION_"), [])
        elif line and not line.startswith("#"):
            rows.append(line.split(","))
    nurses = {}
    for code, most_of, *numbers in sections["STAFF"]:
        pairs = (pair.split("=") for pair in most_of.split("|"))
        nurses[code] = Nurse({kind: int(most) for kind, most in pairs}, *map(int, numbers))
    for code, *days in sections["DAYS_OFF"]:
        nurses[code].off = set(map(int, days))
    return Ward(
        days=int(sections["HORIZON"][0][0]),
        kinds={kind: (int(minutes), after.split("|")) for kind, minutes, after in sections["SHIFTS"]},
        nurses=nurses,
        wants_on=[(code, int(day), kind, int(cost)) for code, day, kind, cost in sections["SHIFT_ON_REQUESTS"]],
        wants_off=[(code, int(day), kind, int(cost)) for code, day, kind, cost in sections["SHIFT_OFF_REQUESTS"]],
        cover={(int(day), kind): tuple(map(int, rest)) for day, kind, *rest in sections["COVER"]},
    )


def key_of(day: int, kind: str) -> str:
    return f"{day:03d}{kind}"


def as_rota(ward: Ward) -> tuple[list[Shift], list[Worker], Rules]:
    """The instance in the planner's words. Shifts begin at 8, and no rest is asked for: kinds say what may follow."""
    shifts = []
    for (day, kind), (required, under, over) in ward.cover.items():
        starts = dt.datetime.combine(FIRST + dt.timedelta(days=day), dt.time(8))
        ends = starts + dt.timedelta(minutes=ward.kinds[kind][0])
        shifts.append(
            Shift(
                key_of(day, kind),
                "ward",
                starts,
                ends,
                heads=0,
                kind=kind,
                wanted=required,
                at_most=len(ward.nurses),
                short=under,
                over=over,
            )
        )
    workers = [
        Worker(
            code,
            away=frozenset(FIRST + dt.timedelta(days=day) for day in nurse.off),
            most_of=nurse.most_of,
            most_minutes=nurse.most_minutes,
            least_minutes=nurse.least_minutes,
            most_in_a_row=nurse.most_row,
            least_in_a_row=nurse.least_row,
            least_off_in_a_row=nurse.least_off,
            most_weekends=nurse.most_weekends,
        )
        for code, nurse in ward.nurses.items()
    ]
    wishes = [Wish(code, key_of(day, kind), True, cost) for code, day, kind, cost in ward.wants_on]
    wishes += [Wish(code, key_of(day, kind), False, cost) for code, day, kind, cost in ward.wants_off]
    after = frozenset((kind, later) for kind, (_minutes, no) in ward.kinds.items() for later in no if later)
    rules = Rules(rest=dt.timedelta(), not_after=after, wishes=tuple(wishes), aims=(("cover", "wishes"),))
    return shifts, workers, rules


def roster_of(ward: Ward, on: On) -> dict[str, list[str]]:
    """Each nurse's days: the kinds of shift on each."""
    return {
        code: ["".join(kind for kind in ward.kinds if code in on[key_of(day, kind)]) for day in range(ward.days)]
        for code in ward.nurses
    }


def faults_of(ward: Ward, roster: dict[str, list[str]]) -> list[str]:
    """Every hard rule of the format that a roster breaks."""
    faults = []
    for code, nurse in ward.nurses.items():
        days = roster[code]
        works = [bool(kind) for kind in days]
        faults += [f"{code}: two shifts on day {day}" for day, kind in enumerate(days) if len(kind) > 1]
        faults += [f"{code}: works on day off {day}" for day in nurse.off if works[day]]
        for day in range(ward.days - 1):
            if days[day] and days[day + 1] and days[day + 1] in ward.kinds[days[day]][1]:
                faults.append(f"{code}: {days[day + 1]} after {days[day]} on day {day}")
        faults += [f"{code}: too many {kind}" for kind, most in nurse.most_of.items() if days.count(kind) > most]
        minutes = sum(ward.kinds[kind][0] for kind in days if kind)
        if not nurse.least_minutes <= minutes <= nurse.most_minutes:
            faults.append(f"{code}: {minutes} minutes")
        weekends = sum(works[saturday] or works[saturday + 1] for saturday in range(5, ward.days, 7))
        if weekends > nurse.most_weekends:
            faults.append(f"{code}: {weekends} weekends")
        begin = 0
        for end in range(1, ward.days + 1):
            if end < ward.days and works[end] == works[begin]:
                continue
            length, inside = end - begin, begin > 0 and end < ward.days
            if works[begin] and length > nurse.most_row:
                faults.append(f"{code}: {length} days in a row from {begin}")
            if inside and length < (nurse.least_row if works[begin] else nurse.least_off):
                faults.append(f"{code}: only {length} days from {begin}")
            begin = end
    return faults


def cost_of(ward: Ward, roster: dict[str, list[str]]) -> int:
    """The cost of a roster: requests not met, heads under and over."""
    cost = sum(weight for code, day, kind, weight in ward.wants_on if roster[code][day] != kind)
    cost += sum(weight for code, day, kind, weight in ward.wants_off if roster[code][day] == kind)
    for (day, kind), (required, under, over) in ward.cover.items():
        heads = sum(days[day] == kind for days in roster.values())
        cost += under * max(0, required - heads) + over * max(0, heads - required)
    return cost
