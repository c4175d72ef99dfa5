"""Programs killed in the middle of recording lose nothing they had acknowledged, and leave a store that is whole."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import signal
import sqlite3
import time
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import uuid7
from outreach.domain.people import Address, Household, Person
from outreach.services.checkup import check_standings
from outreach.store.unit import Store

KILLS = 50
AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HOMES = tuple(f"H{n}" for n in range(40))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked, for speed")


def record_until_killed(url: str, seed: int, told: Connection) -> None:
    """Record batches of facts for ever; each batch's ids are told once its commit has come back."""
    source = random.Random(seed)
    store = Store.open(url)
    while True:
        with store.write() as unit:
            ids = unit.rosters.household_ids()
            made = [attempt(source) for _n in range(source.choice((1, 1, 1, 20)))]
            unit.facts.append_attempts("town", [(one, None) for one in made], ids, AT)
        told.send([one.id for one in made])


def attempt(source: random.Random) -> Attempt:
    at = AT + dt.timedelta(hours=source.randrange(4000))
    outcome = source.choice((Disposition.NOBODY_HOME, Disposition.INFORMED, Disposition.CARD_HANDED))
    return Attempt(uuid7(at, source), source.choice(HOMES), "visit", "Y01", at, outcome)


def heard(told: Connection) -> list[str]:
    """Everything that was acknowledged; the last message may have been cut off with its program."""
    found: list[str] = []
    try:
        while told.poll(0):
            found += told.recv()
    except (EOFError, OSError):
        pass
    return found


def test_fifty_killed_programs_lose_no_acknowledged_fact(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    url = f"sqlite:///{path}"
    store = Store.open(url, create=True)
    with store.write() as unit:
        unit.rosters.add_households(
            Household(code, Address(f"社区{n % 3}", "小区", str(n)), (Person(1, code),)) for n, code in enumerate(HOMES)
        )
        unit.facts.keep_months("town", ZONE)
    store.close()
    source = random.Random(20050301)
    fork = multiprocessing.get_context("fork")
    acknowledged: set[str] = set()
    working = 0
    for number in range(KILLS):
        receiver, sender = fork.Pipe(duplex=False)
        program = fork.Process(target=record_until_killed, args=(url, number, sender), daemon=True)
        program.start()
        sender.close()
        # Every fourth may die while it opens the store; the others in a commit, in a checkpoint or between.
        if number % 4:
            assert receiver.poll(60), "a program recorded nothing within a minute"
        time.sleep(source.uniform(0.005, 0.2))
        os.kill(program.pid or 0, signal.SIGKILL)
        program.join()
        mine = heard(receiver)
        receiver.close()
        working += bool(mine)
        acknowledged |= set(mine)
        with sqlite3.connect(path) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            stored = {key for (key,) in raw.execute("SELECT id FROM attempts")}
        assert acknowledged <= stored
    assert working > KILLS // 2, "most programs must have recorded something before they died"
    again = Store.open(url)
    with again.read() as unit:
        assert unit.facts.months_zone("town") == ZONE
        check_standings(unit, "town", ZONE)
    with again.write() as unit:
        assert unit.facts.append_attempts("town", [(attempt(source), None)], unit.rosters.household_ids(), AT) == 1
    again.close()
