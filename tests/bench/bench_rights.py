"""What rights cost: scoped views, a sealed store, the trail; each beside the same work without it.

python tests/bench/bench_rights.py [HOUSEHOLDS] [FACTS_EACH]

Processor seconds of this program, the best of some rounds; invented households (big_store.py).
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from big_store import make_store, open_big

from outreach.config import load_workspace
from outreach.domain.ids import resident_id_check_sign
from outreach.domain.role import Role
from outreach.services.contacts import record_attempt
from outreach.services.due import list_due
from outreach.services.exports import export_households
from outreach.services.office import Office, init_workspace, open_office
from outreach.services.reports import report_coverage
from outreach.services.rosters import import_households, list_households
from outreach.services.sealing import seal_workspace, unseal_workspace
from outreach.services.trail import record, verify_trail
from outreach.store.append_only_pause import changes_allowed
from outreach.store.scope import Scope

ROUNDS = 5
RECORDED = 50


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best of some rounds, in processor seconds."""
    best = float("inf")
    for _round in range(rounds):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def known(office: Office) -> None:
    """Everybody gets an ID number and a phone, and every fact a note: what a seal has to do with."""
    with office.store.write() as unit:
        connection = unit.rosters._connection
        with changes_allowed(connection, ["attempts"]):
            connection.exec_driver_sql("UPDATE attempts SET note = '电话下午打，' || id")
        people = connection.exec_driver_sql("SELECT household_id, number FROM persons ORDER BY 1, 2").fetchall()
        rows = [(_id_number(serial), f"121{serial:08d}", *keys) for serial, keys in enumerate(people)]
        connection.exec_driver_sql(
            "UPDATE persons SET id_number = ?, mobile = ? WHERE household_id = ? AND number = ?", rows
        )


def _id_number(serial: int) -> str:
    """A sound one of an area nobody has."""
    born = dt.date(1950, 1, 1) + dt.timedelta(days=serial // 1000)
    first17 = f"990199{born:%Y%m%d}{serial % 1000:03d}"
    return first17 + resident_id_check_sign(first17)


def codes_of(office: Office) -> tuple[str, list[str]]:
    """A post and the codes of its households."""
    with office.store.read() as unit:
        present = unit.territories.present("big")
    post = next(one.post for one in present.values())
    return post, [code for code, one in present.items() if one.post == post]


def daily(office: Office, codes: Sequence[str]) -> dict[str, float]:
    """Seconds of what people do all day."""
    turn = cycle(codes)

    def recorded() -> None:
        for _n in range(RECORDED):
            record_attempt(office, "", next(turn), channel="visit", disposition="nobody_home", note="电话下午打")

    return {
        "household list": seconds(lambda: list_households(office)),
        "contact due": seconds(lambda: list_due(office, "")),
        "report coverage": seconds(lambda: report_coverage(office, "", "community")),
        "contact record, each": seconds(recorded, 3) / RECORDED,
    }


def shown(title: str, plain: dict[str, float], other: dict[str, float], name: str) -> None:
    """Print both beside each other."""
    print(f"\n{title:<32}{'without':>12}{name:>12}")
    for work, before in plain.items():
        print(f"  {work:<30}{before * 1000:>9.1f} ms{other[work] * 1000:>9.1f} ms{other[work] / before:>8.2f} x")


def scoped(office: Office) -> None:
    """An officer's and a planner's connection beside the whole store's."""
    post, codes = codes_of(office)
    with office.store.read() as unit:
        officer = unit.rosters.officers()[post].code
    whole = daily(office, codes)
    for role, name in ((Role.OFFICER, officer), (Role.PLANNER, "")):
        limited = replace(office, store=office.store.limited(Scope(role, "x", name)), whole_store=office.store)
        if role is Role.OFFICER:
            shown(f"officer of {len(codes)} households", whole, daily(limited, codes), "scoped")
        else:
            reading = {work: value for work, value in whole.items() if not work.startswith("contact record")}
            found = {
                "household list": seconds(lambda one=limited: list_households(one)),
                "contact due": seconds(lambda one=limited: list_due(one, "")),
                "report coverage": seconds(lambda one=limited: report_coverage(one, "", "community")),
            }
            shown("planner, every household", reading, found, "scoped")
        limited.store.close()


def sealed(office: Office, folder: Path) -> None:
    """A sealed store beside a plain one."""
    known(office)
    _post, codes = codes_of(office)
    roster = folder / "roster.csv"
    export_households(office, "", roster, unmask=True)

    def taken_in(name: str, *, seal: bool) -> float:
        root = folder / name
        init_workspace(root, locale="zh_CN")
        fresh = open_office(load_workspace(root))
        if seal:
            seal_workspace(fresh)
        spent = seconds(lambda: import_households(fresh, roster), 1)
        fresh.close()
        return spent

    plain = {"household import": taken_in("plain", seal=False), **daily(office, codes)}
    values: list[int] = []
    spent = seconds(lambda: values.append(sum(seal_workspace(office).values())), 1)
    closed = {"household import": taken_in("sealed", seal=True), **daily(office, codes)}
    shown("sealed store", plain, closed, "sealed")
    back = seconds(lambda: unseal_workspace(office), 1)
    print(f"  store seal {spent:.2f} s for {values[0]:,} values, store unseal {back:.2f} s")


def trail(office: Office) -> None:
    """An entry, and the check of many."""

    def entries() -> None:
        for _n in range(200):
            record(office, "export", {"command": "household export", "target": "all.csv"})

    each = seconds(entries) / 200
    spent = seconds(lambda: verify_trail(office), 3)
    print(f"\ntrail: {each * 1000:.2f} ms an entry; verifying {ROUNDS * 200:,} entries {spent:.2f} s")


def main() -> None:
    """Measure all."""
    households = int(sys.argv[1]) if len(sys.argv) > 1 else 7_000
    facts = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    folder = Path(tempfile.mkdtemp(prefix="rights-"))
    try:
        make_store(folder / "big", households, facts).close()
        print(f"{households:,} households, {facts} facts each; processor time, best of {ROUNDS}")
        for part in (scoped, lambda office: sealed(office, folder), trail):
            office = open_big(folder / "big")
            part(office)
            office.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
