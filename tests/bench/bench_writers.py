"""How long eight programs, and eight threads of one, wait to record single facts in one store, each in its own commit.

python tests/bench/bench_writers.py [FACTS] [FOLDER]
"""

from __future__ import annotations

import contextlib
import datetime as dt
import multiprocessing
import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import uuid7
from outreach.domain.people import Address, Household, Person
from outreach.store.unit import Store

WRITERS = 8
HOMES = 2000
AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)


def main() -> None:
    facts = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    folder = Path(tempfile.mkdtemp(prefix="outreach-bench-", dir=sys.argv[2] if len(sys.argv) > 2 else None))
    for label, turns, begin in (
        ("8 programs, in turn", True, multiprocessing.get_context("fork").Process),
        ("8 threads, in turn", True, threading.Thread),
        ("8 programs, SQLite's own lock alone", False, multiprocessing.get_context("fork").Process),
    ):
        url = f"sqlite:///{folder / 'store.db'}"
        store = Store.open(url, create=True)
        with store.write() as unit:
            unit.rosters.add_households(
                Household(f"H{n}", Address("社区", "小区", str(n)), (Person(1, f"人{n}"),)) for n in range(HOMES)
            )
        store.close()
        show(label, run(url, facts, begin, turns=turns))
        for path in folder.iterdir():
            path.unlink()
    shutil.rmtree(folder)


def run(url: str, facts: int, begin: Callable[..., Any], *, turns: bool) -> list[float]:
    """The wait of every commit, in ms; raises where a writer failed."""
    answers: Any = multiprocessing.get_context("fork").SimpleQueue()
    writers = [begin(target=record, args=(url, number, facts, answers, turns)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    waits = [wait for _writer in writers for wait in answers.get()]
    for writer in writers:
        writer.join()
    assert len(waits) == WRITERS * facts, "a writer failed"
    return sorted(waits)


def record(url: str, number: int, facts: int, answers: Any, turns: bool) -> None:
    source = random.Random(number)
    store = Store.open(url)
    if not turns:
        store._turn = contextlib.nullcontext  # type: ignore[method-assign]
    with store.read() as unit:
        ids = unit.rosters.household_ids()
    waits = []
    for n in range(facts):
        at = AT + dt.timedelta(minutes=n)
        made = Attempt(uuid7(at, source), f"H{source.randrange(HOMES)}", "visit", "", at, Disposition.NOBODY_HOME)
        began = time.perf_counter()
        with store.write() as unit:
            unit.facts.append_attempts("town", [(made, None)], ids, AT)
        waits.append((time.perf_counter() - began) * 1000)
    store.close()
    answers.put(waits)


def show(label: str, waits: list[float]) -> None:
    p50, p99 = (waits[int(len(waits) * share)] for share in (0.5, 0.99))
    print(f"{label}: {len(waits):,} commits, none failed; ms: median {p50:.1f}, p99 {p99:.1f}, longest {waits[-1]:.1f}")


if __name__ == "__main__":
    main()
