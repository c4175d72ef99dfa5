"""Households entered twice, found in a large roster: how long, how much memory, how many of them, and what else.

python tests/bench/bench_duplicates.py [HOUSEHOLDS] [PLANTED]

The roster is invented with names as common as names are and doors, phones and ID numbers of their own (big_roster.py);
among it some households stand a second time, each with two slips out of twelve (tests/services/planted.py), which
docs/duplicates.md lists. What is found beside them is therefore wrong: people with one name who are two. The search
runs in a process of its own, as `household duplicates` does; reading the store is part of it.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from big_roster import households

from outreach.config import load_workspace
from outreach.services.duplicates import find_duplicates, near_homes
from outreach.services.office import init_workspace, open_office
from tests.services.planted import plant

LEVELS = (-7.0, 0.0, 10.0)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    planted = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    made = {home.code: home for home in households(count)}
    for without_ids in (False, True):
        homes, truth = plant(made, planted, f"planted {count}", without_ids=without_ids)
        with tempfile.TemporaryDirectory(prefix="outreach-bench-") as name:
            folder = Path(name)
            init_workspace(folder / "w", locale="zh_CN")
            office = open_office(load_workspace(folder / "w"))
            with office.store.write() as unit:
                unit.rosters.add_households(homes.values())
            office.close()
            told = subprocess.run(
                [sys.executable, __file__, "--search", str(folder / "w")], check=True, capture_output=True, text=True
            )
        answer = json.loads(told.stdout)
        slips = "second entries without ID or birth" if without_ids else "two slips each"
        print(f"{len(homes):,} households, {answer['persons']:,} persons, {planted} entered twice, {slips}")
        print(f"  {answer['seconds']:.1f} s wall, {answer['cpu']:.1f} s processor, {answer['mb']:,} MB")
        for level in LEVELS:
            found = {(first, second) for first, second, score in answer["pairs"] if score >= level}
            right = len(found & truth)
            print(
                f"  from {level:5.1f}: {len(found):6,} pairs, precision {right / max(len(found), 1):.3f},"
                f" recall {right / len(truth):.3f}"
            )
    for new in (100, 1000, min(7000, count)):
        twins = [home for code, home in homes.items() if code.startswith("ZZ")][: new // 10]
        others = list(households(new - len(twins), "new people"))
        started = time.process_time()
        near = near_homes([*twins, *others], made)
        print(f"  {new:5,} new households beside {count:,}: {time.process_time() - started:5.1f} s, {len(near):,} told")


def search(folder: Path) -> None:
    """Find the duplicates of a workspace; prints what was found, the seconds and the memory as JSON."""
    office = open_office(load_workspace(folder))
    started, cpu = time.perf_counter(), time.process_time()
    found = find_duplicates(office, above=LEVELS[0])
    answer = {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "persons": found.persons,
        "pairs": [(pair.first.code, pair.second.code, 1e9 if pair.certain else pair.score) for pair in found.pairs],
    }
    office.close()
    print(json.dumps(answer))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--search"]:
        search(Path(sys.argv[2]))
    else:
        main()
