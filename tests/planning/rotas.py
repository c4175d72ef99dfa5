"""Small rotas, and every rule of a rota read back from the plan without the planner's lines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import combinations, product

from outreach.planning.rota import On, Rules, Shift, Worker

FIRST = dt.date(2026, 9, 28)  # the Monday before National Day


def shift(day: int, begins: int, ends: int, heads: int = 1, place: str = "hall", **more: object) -> Shift:
    start = dt.datetime.combine(FIRST + dt.timedelta(days=day), dt.time())
    key = str(more.pop("key", f"{day}-{begins}-{place}"))
    return Shift(key, place, start + dt.timedelta(hours=begins), start + dt.timedelta(hours=ends), heads, **more)  # type: ignore[arg-type]


def faults_of(shifts: list[Shift], workers: list[Worker], rules: Rules, on: On) -> list[str]:
    """Every rule the plan breaks."""
    by_key = {one.key: one for one in shifts}
    faults = [] if set(on) == set(by_key) else ["shifts differ"]
    for key, codes in on.items():
        one = by_key[key]
        if not one.heads <= len(codes) <= one.room or len(set(codes)) != len(codes):
            faults.append(f"{key}: {len(codes)} heads")
        for skill, count in one.skills.items():
            if sum(skill in worker.skills for worker in workers if worker.code in codes) < count:
                faults.append(f"{key}: {skill}")
        faults += [f"{key}: {pair} not apart" for pair in rules.apart if set(pair) <= set(codes)]
        faults += [f"{key}: {pair} not together" for pair in rules.together if len(set(pair) & set(codes)) == 1]
    for (code, key), there in rules.locked.items():
        if (code in on[key]) != there:
            faults.append(f"{key}: {code} not as locked")
    for worker in workers:
        mine = sorted((by_key[key] for key, codes in on.items() if worker.code in codes), key=lambda one: one.starts)
        faults += [f"{worker.code}: {fault}" for fault in _worker_faults(worker, mine, rules)]
    return faults


def _worker_faults(worker: Worker, mine: list[Shift], rules: Rules) -> list[str]:
    faults = [f"cannot {one.key}" for one in mine if not worker.can(one)]
    for one, two in combinations(mine, 2):
        gap = two.starts - one.ends
        needed = rules.way(one.place, two.place)
        if two.starts.date() != one.starts.date():
            needed = max(needed, rules.rest)
        if gap < needed or gap < dt.timedelta():
            faults.append(f"{one.key} and {two.key} too close")
        if (two.day - one.day).days == 1 and (one.kind, two.kind) in rules.not_after:
            faults.append(f"{two.key} after {one.key}")
    days = Counter(one.day for one in mine)
    weeks = Counter(one.day.isocalendar()[:2] for one in mine)
    months = Counter((one.day.year, one.day.month) for one in mine)
    weekends = {one.day.isocalendar()[:2] for one in mine if one.day.weekday() > 4}
    run = longest = 0
    for number in range(400):
        run = run + 1 if FIRST + dt.timedelta(days=number) in days else 0
        longest = max(longest, run)
    row = worker.most_in_a_row if worker.most_in_a_row is not None else rules.most_in_a_row
    for name, count, least, most in (
        ("a day", max(days.values(), default=0), None, rules.most_a_day),
        ("a week", max(weeks.values(), default=0), None, worker.most_a_week),
        ("a month", max(months.values(), default=0), None, worker.most_a_month),
        ("in all", len(mine), worker.least, worker.most),
        ("weekends", len(weekends), None, worker.most_weekends),
        ("minutes", sum(one.minutes for one in mine), worker.least_minutes, worker.most_minutes),
        ("in a row", longest, None, row),
        *((kind, sum(one.kind == kind for one in mine), None, most) for kind, most in worker.most_of.items()),
    ):
        if (most is not None and count > most) or (least is not None and count < least):
            faults.append(f"{count} {name}")
    return faults


def every_rota(shifts: list[Shift], workers: list[Worker]) -> list[dict[str, tuple[str, ...]]]:
    """Every way to fill the shifts with as many heads as they need, whatever the rules. For tiny ones."""
    codes = [worker.code for worker in workers]
    return [
        dict(zip([one.key for one in shifts], picks, strict=True))
        for picks in product(*(list(combinations(codes, one.heads)) for one in shifts))
    ]
