"""How long a list of one officer takes: reading and learning, then ranking. Give it a workspace, such as a demo.

python tests/bench/bench_due.py FOLDER [DAY]
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from itertools import pairwise
from pathlib import Path

from outreach.config import load_workspace
from outreach.services.due import ranked, why_not
from outreach.services.office import open_office
from outreach.services.try_records import know

ROUNDS = 5


def main() -> None:
    office = open_office(load_workspace(Path(sys.argv[1])))
    day = dt.date.fromisoformat(sys.argv[2] if len(sys.argv) > 2 else "2005-09-06")
    best = [float("inf")] * 3
    for _round in range(ROUNDS):
        marks = [time.process_time()]
        known = know(office, "", day)
        marks.append(time.process_time())
        post = next(home.post for home in known.homes if home.post)
        lines = ranked(known, day, [post])
        why_not(known, day, [post])
        marks.append(time.process_time())
        everybody = ranked(known, day)
        marks.append(time.process_time())
        times = [two - one for one, two in pairwise(marks)]
        best = [min(pair) for pair in zip(best, times, strict=True)]
    tries = sum(rates.overall.tries for rates in known.rates.values())
    print(f"{len(known.homes):,} households, {tries:,} tries learnt from, {day}; processor seconds, best of {ROUNDS}")
    print(f"  read, sort and learn    {best[0]:.3f}")
    print(f"  one officer ({len(lines):,} lines) {best[1]:.3f}")
    print(f"  everybody ({len(everybody):,} lines) {best[2]:.3f}")
    office.close()


if __name__ == "__main__":
    main()
