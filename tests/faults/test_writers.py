"""Eight programs and eight threads that record one fact after another all get their turn, in the order they came."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import uuid7
from outreach.domain.people import Address, Household, Person
from outreach.store.turn import Turn, turn_of
from outreach.store.unit import Store

WRITERS, FACTS = 8, 25
AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked, for speed")


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store.open(address, create=True)
    with store.write() as unit:
        unit.rosters.add_households(
            Household(f"H{n}", Address("社区", "小区", str(n)), (Person(1, f"人{n}"),)) for n in range(WRITERS)
        )
    store.close()
    return address


def record(url: str, number: int, waits: list[float] | None = None) -> None:
    """Record facts one by one, each in a commit of its own; waits: how long each took, where that is wanted."""
    source = random.Random(number)
    store = Store.open(url)
    with store.read() as unit:
        ids = unit.rosters.household_ids()
    for n in range(FACTS):
        at = AT + dt.timedelta(minutes=n)
        made = Attempt(uuid7(at, source), f"H{number}", "visit", "", at, Disposition.NOBODY_HOME)
        began = time.perf_counter()
        with store.write() as unit:
            unit.facts.append_attempts("town", [(made, None)], ids, AT)
        if waits is not None:
            waits.append(time.perf_counter() - began)
    store.close()


def attempts(url: str) -> int:
    store = Store.open(url)
    with store.read() as unit:
        found = unit.facts.count("town")["attempts"]
        assert {one.attempts for one in unit.facts.standings("town", dt.UTC).values()} == {FACTS}
    store.close()
    return found


def test_eight_programs_record_without_one_failing(url: str) -> None:
    fork = multiprocessing.get_context("fork")
    programs = [fork.Process(target=record, args=(url, number)) for number in range(WRITERS)]
    for program in programs:
        program.start()
    for program in programs:
        program.join(60)
    assert [program.exitcode for program in programs] == [0] * WRITERS
    assert attempts(url) == WRITERS * FACTS


def test_eight_threads_record_without_one_failing_and_none_is_passed_over(url: str) -> None:
    waits: list[list[float]] = [[] for _writer in range(WRITERS)]
    threads = [threading.Thread(target=record, args=(url, n, own)) for n, own in enumerate(waits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert attempts(url) == WRITERS * FACTS
    # In turn, nobody waits much longer than a round of all; the store's own lock lets some wait for seconds.
    every = sorted(wait for own in waits for wait in own)
    assert every[-1] < 20 * every[len(every) // 2] + 0.5


def test_turns_come_in_the_order_in_which_they_were_asked_for(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "store.db.turn")
    order: list[int] = []

    def take(number: int) -> None:
        with turn.taken(10):
            order.append(number)

    with turn.taken(10):
        threads = []
        for number in range(6):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            time.sleep(0.02)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == list(range(6))


def hold(path: Path, ready: object) -> None:
    with Turn(path).taken(10):
        ready.set()  # type: ignore[attr-defined]
        time.sleep(60)


def test_the_turn_of_a_killed_program_is_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db.turn"
    fork = multiprocessing.get_context("fork")
    ready = fork.Event()
    program = fork.Process(target=hold, args=(path, ready))
    program.start()
    assert ready.wait(10)
    began = time.monotonic()
    threading.Timer(0.2, lambda: os.kill(program.pid or 0, signal.SIGKILL)).start()
    with Turn(path).taken(20):
        waited = time.monotonic() - began
    program.join(10)
    assert 0.15 < waited < 5


def test_a_turn_that_does_not_come_is_gone_without(tmp_path: Path) -> None:
    path = tmp_path / "store.db.turn"
    with Turn(path).taken(5):
        fork = multiprocessing.get_context("fork")
        done = fork.Event()
        program = fork.Process(target=lambda: _take_briefly(path, done))
        program.start()
        assert done.wait(10), "a stopped program must not stop everybody else for good"
        program.join(10)


def _take_briefly(path: Path, done: object) -> None:
    with Turn(path).taken(0.1):
        done.set()  # type: ignore[attr-defined]


def test_a_folder_that_takes_no_files_is_written_without_turns(tmp_path: Path) -> None:
    with Turn(tmp_path / "no such folder" / "store.db.turn").taken(1):
        pass
    assert list(tmp_path.iterdir()) == []


def test_two_stores_of_one_program_at_one_file_share_the_turns(tmp_path: Path) -> None:
    assert turn_of(str(tmp_path / "a.db")) is turn_of(str(tmp_path / "x" / ".." / "a.db"))
    assert turn_of(str(tmp_path / "a.db")) is not turn_of(str(tmp_path / "b.db"))
