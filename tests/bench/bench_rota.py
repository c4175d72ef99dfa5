"""Rotas solved, beside a plain greedy one and beside one weighted sum: python tests/bench/bench_rota.py [--seconds N]

Times are of the clock, on whatever else the machine does; costs are what the aims count (docs/planning.md): the less
the better. Greedy: shift after shift to whoever may and has the least. One sum: all aims added up and minimised at
once by CP-SAT with the same total time, as is common; it does not keep their order.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from outreach.planning.rota import Clash, Rota, Rules, Shift, Worker, check_rota, plan_rota  # noqa: E402
from outreach.planning.rota_fair import due  # noqa: E402
from outreach.planning.rota_lines import lay_board  # noqa: E402
from outreach.planning.rota_model import Aims  # noqa: E402
from outreach.planning.rota_start import start_rota  # noqa: E402

HOLIDAYS = {dt.date(2026, 10, day) for day in range(1, 8)} | {dt.date(2027, 2, day) for day in range(5, 13)}
FIRST = dt.date(2026, 9, 28)
RULES = Rules(most_in_a_row=5)


def phone(days: int) -> list[Shift]:
    """The phone from 08:00 to 22:00 in three shifts of two heads."""
    return [
        Shift(
            f"{day} {begins:02}",
            "hall",
            dt.datetime.combine(day, dt.time(begins)),
            dt.datetime.combine(day, dt.time(ends)),
            2,
            skills={"dialect": 1} if begins == 13 else {"policy": 1},
            holiday=day in HOLIDAYS,
            evening=begins == 18,
            weekend=day.weekday() > 4,
        )
        for day in (FIRST + dt.timedelta(days=number) for number in range(days))
        for begins, ends in ((8, 13), (13, 18), (18, 22))
    ]


def booths() -> list[Shift]:
    """Six stations, the seven days of National Day, two shifts of two heads."""
    return [
        Shift(
            f"{day} {begins:02} {place}",
            f"station {place}",
            dt.datetime.combine(day, dt.time(begins)),
            dt.datetime.combine(day, dt.time(begins + 4)),
            2,
            skills={"policy": 1},
            holiday=True,
            weekend=day.weekday() > 4,
        )
        for day in (dt.date(2026, 10, number) for number in range(1, 8))
        for begins in (9, 13)
        for place in range(1, 7)
    ]


def officers(number: int) -> list[Worker]:
    """Skills, leave, part-time posts and earlier holidays spread over them."""
    week = frozenset(dt.date(2026, 10, day) for day in range(1, 8))
    return [
        Worker(
            f"Y{place + 1:02}",
            frozenset({"policy"} if place % 2 == 0 else ()) | frozenset({"dialect"} if place % 3 == 0 else ()),
            week if place % 7 == 0 else frozenset(),
            most_a_week=3,
            share=50 if place % 10 == 9 else 100,
            held={"holidays": place % 3},
        )
        for place in range(number)
    ]


def bench(name: str, shifts: list[Shift], workers: list[Worker], seconds: float) -> None:
    rules = RULES
    weights = due(shifts, workers)
    began = time.perf_counter()
    board = lay_board(shifts, workers, rules)
    greedy = start_rota(board, weights)
    print(f"\n{name}: {len(shifts)} shifts, {len(workers)} officers, {len(board.cells)} cells")
    aims = Aims(lay_board(shifts, workers, rules, bare=True), weights)
    show("greedy", aims, greedy, time.perf_counter() - began, len(check_rota(shifts, workers, rules, greedy)))
    began = time.perf_counter()
    rota = plan_rota(shifts, workers, rules, seconds=seconds)
    ours = time.perf_counter() - began
    assert isinstance(rota, Rota)
    show("ours", aims, rota.on, ours, len(check_rota(shifts, workers, rules, rota.on)))
    for aim in rota.aims:
        gap = 100 * (aim.value - aim.bound) / max(1, aim.value)
        print(f"    {aim.name:9} bound {aim.bound:>12,}  {'proven' if aim.proven else f'within {gap:.2f} %'}")
    if rota.windows:
        print(f"    in {len(rota.windows)} windows; the bounds are of the whole")
        return
    one = replace(rules, aims=(("holidays", "evenings", "weekends", "hours"),))
    began = time.perf_counter()
    sum_of_all = plan_rota(shifts, workers, one, seconds=seconds * 4)
    if not isinstance(sum_of_all, Clash):
        show("one sum", aims, sum_of_all.on, time.perf_counter() - began, 0)


def show(name: str, aims: Aims, on: dict[str, tuple[str, ...]], seconds: float, broken: int) -> None:
    values = aims.board.values(on)
    costs = "  ".join(
        f"{aim} {aims.value(aim, values):,}"
        for aim in ("holidays", "evenings", "weekends", "hours")
        if aims.matters(aim)
    )
    print(f"  {name:8} {seconds:7.1f} s  {costs}  rules broken: {broken}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="for each aim")
    seconds = parser.parse_args().seconds
    bench("booths, 6 stations x 7 days x 2 shifts x 2 heads", booths(), officers(60), seconds)
    bench("a month of the phone", phone(31), officers(60), seconds)
    bench("a quarter of the phone", phone(92), officers(60), seconds / 5)
    bench("a year of the phone", phone(365), officers(60), seconds / 20)


if __name__ == "__main__":
    main()
