"""The record's speed on the embedded store beside its peers, in one run: coverage, one officer's list, recording.

python tests/bench/bench_record.py [HOUSEHOLDS] [FACTS_EACH] [FOLDER]

DuckDB answers the same question over the same attempts, from a table of its own and from Parquet, and both must say
the same figures; it is also asked for one step of the six alone. Raw sqlite3 writes rows of the same tables with the
same settings, so that what is left is ours.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from big_store import NOW, ZONE, make_store, open_big

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import uuid7
from outreach.services.area_months import report_area_months
from outreach.services.due import list_due
from outreach.services.office import Office

ROUNDS = 5
_MONTH = "strftime(to_timestamp({} / 1000) AT TIME ZONE 'Asia/Shanghai', '%Y-%m')"
_FIRST_REACH = f"""
SELECT community, {_MONTH.format("first")} AS month, count(*)
FROM (SELECT household_id, min(at_ms) AS first FROM {{tries}} a
      WHERE campaign = 'big' AND disposition IN ('informed', 'card_handed', 'signed_for', 'asked_back')
      GROUP BY household_id) r
JOIN {{homes}} h ON h.id = r.household_id
GROUP BY 1, 2 ORDER BY 1, 2
"""
_STEPS = {
    "attempted": "true",
    "contacted": "disposition IN ('informed', 'card_handed', 'appointment', 'refused', 'relative_told')",
    "reached": "disposition IN ('informed', 'card_handed')",
    "carded": "disposition = 'card_handed' OR \"left\" = 'card'",
}
_COVERAGE = f"""
WITH firsts AS (
  SELECT household_id, {", ".join(f"min(at_ms) FILTER ({which}) AS {step}" for step, which in _STEPS.items())}
  FROM {{tries}} WHERE campaign = 'big' GROUP BY household_id),
taken AS ({
    " UNION ALL ".join(
        f"SELECT household_id, {step} AS first_ms, '{step}' AS step FROM firsts WHERE {step} IS NOT NULL"
        for step in _STEPS
    )
})
SELECT months.*, homes FROM (
  SELECT community, {_MONTH.format("first_ms")} AS month,
    {", ".join(f"count(*) FILTER (step = '{step}')" for step in _STEPS)}
  FROM taken JOIN {{homes}} h ON h.id = household_id GROUP BY 1, 2) months
JOIN (SELECT community, count(*) AS homes FROM {{homes}} GROUP BY 1) living USING (community)
ORDER BY 1, 2
"""


_TABLES = {
    "homes": "SELECT h.id, e.community FROM households h JOIN entrances e ON e.id = h.entrance_id",
    "tries": 'SELECT household_id, campaign, at_ms, disposition, "left" FROM attempts',
}


def main() -> None:
    households = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    each = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    folder = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp(prefix="outreach-bench-"))
    kept = (folder / "outreach.db").exists()
    office = open_big(folder) if kept else make_store(folder, households, each)
    try:
        size = (folder / "outreach.db").stat().st_size
        print(f"{households:,} households, {households * each:,} attempts, {size:,} bytes")
        coverage(office, folder)
        due(office, households)
        with tempfile.TemporaryDirectory(dir=folder) as copy:
            # What raw sqlite3 writes is no part of the record, so it all goes into a copy.
            shutil.copytree(folder, Path(copy) / "w", ignore=shutil.ignore_patterns(Path(copy).name))
            recording(Path(copy) / "w")
    finally:
        office.close()
        if not kept and len(sys.argv) <= 3:
            shutil.rmtree(folder)


def best(work: Callable[[], object]) -> tuple[float, object]:
    """The shortest wall time of several rounds in ms, and the last answer."""
    times = []
    answer: object = None
    for _round in range(ROUNDS):
        started = time.perf_counter()
        answer = work()
        times.append((time.perf_counter() - started) * 1000)
    return min(times), answer


def coverage(office: Office, folder: Path) -> None:
    """Coverage per community and month: ours, and DuckDB's from its own tables and from Parquet."""
    import duckdb

    ours, report = best(lambda: report_area_months(office, "big"))
    mine = [
        (row.community, row.month, row.attempted, row.contacted, row.reached, row.carded, row.households)
        for row in report.rows
    ]
    reach = [(row.community, row.month, row.reached) for row in report.rows if row.reached]
    peer = duckdb.connect()
    for table, query in _TABLES.items():
        plain = folder / f"{table}.csv"
        with sqlite3.connect(folder / "outreach.db") as raw, plain.open("w", encoding="utf-8", newline="") as file:
            cursor = raw.execute(query)
            writer = csv.writer(file)
            writer.writerow([column[0] for column in cursor.description])
            writer.writerows(cursor)
        peer.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv('{plain}')")
        plain.unlink()
    for table in _TABLES:
        peer.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
    own = {table: table for table in _TABLES}
    files = {table: f"read_parquet('{folder / table}.parquet')" for table in _TABLES}
    print(f"coverage by community and month, {len(mine):,} rows, the same figures: ms, best of {ROUNDS}")
    print(f"  outreach, six steps and the households            {ours:8.1f}")
    for query, wanted, told in (
        (_COVERAGE, mine, "four steps and the households"),
        (_FIRST_REACH, reach, "one step, no households"),
    ):
        for tables, where in ((own, "own tables"), (files, "Parquet")):
            asked = query.format(**tables)
            spent, found = best(lambda asked=asked: peer.execute(asked).fetchall())
            assert found == wanted, "the figures differ"
            print(f"  DuckDB, {where}, {told:<30} {spent:8.1f}   ours / DuckDB {ours / spent:.2f}")
    peer.close()
    for table in _TABLES:
        (folder / f"{table}.parquet").unlink()


def due(office: Office, households: int) -> None:
    """One officer's list of the day, many officers after one another; the first learns where nothing is learnt yet."""
    posts = [f"G{n:05d}" for n in range(0, max(households // 200, 1), max(households // 200 // 40, 1))]
    started = time.perf_counter()
    found = list_due(office, "big", posts=posts[:1])
    first = time.perf_counter() - started
    wall, cpu, lines = [], [], []
    for post in posts[1:] * 2:
        marks = time.perf_counter(), time.process_time()
        lines.append(list_due(office, "big", posts=[post]).total)
        wall.append((time.perf_counter() - marks[0]) * 1000)
        cpu.append((time.process_time() - marks[1]) * 1000)
    wall.sort()
    cpu.sort()
    shown = f"{min(lines)}-{max(lines)} lines"
    print(f"one officer's list, 200 households, {shown}, learnt from {found.learnt_from:,} tries: ms")
    for name, times in (("wall", wall), ("processor", cpu)):
        print(f"  {name}: best {times[0]:.1f}, median {times[len(times) // 2]:.1f}")
    print(f"  the first, which learns where nothing is kept: {first:.1f} s")


def recording(folder: Path) -> None:
    """Rows a second at random households: ours with the standings and counts, and raw sqlite3 with the same rows."""
    office = open_big(folder)
    with office.store.read() as unit:
        ids = unit.rosters.household_ids()
        places = {code: home.address.community for code, home in unit.rosters.households().items()}
    source = random.Random(7)
    codes = sorted(ids)
    print("recording attempts at random households, WAL, synchronous = FULL: rows/s, best of 3")
    for size, commits in ((1000, 12), (1, 300)):
        ours, logs, all_rows = [], [], []
        for _round in range(3):
            batches = [[_attempt(source, codes) for _n in range(size)] for _commit in range(commits)]
            started = time.perf_counter()
            for batch in batches:
                with office.store.write() as unit:
                    unit.facts.append_attempts("big", [(one, None) for one in batch], ids, NOW)
            ours.append(size * commits / (time.perf_counter() - started))
            batches = [[_attempt(source, codes) for _n in range(size)] for _commit in range(commits)]
            logs.append(_raw(folder, batches, ids, places, counts=False))
            batches = [[_attempt(source, codes) for _n in range(size)] for _commit in range(commits)]
            all_rows.append(_raw(folder, batches, ids, places, counts=True))
        mine, log, full = max(ours), max(logs), max(all_rows)
        print(f"  {size:>5} a commit: outreach {mine:9,.0f}")
        print(f"        raw, the same tables {full:9,.0f} (ours {mine / full:.2f})")
        print(f"        raw, log alone {log:9,.0f} (ours {mine / log:.2f})")


def _attempt(source: random.Random, codes: list[str]) -> Attempt:
    at = NOW - dt.timedelta(minutes=source.randrange(60 * 24 * 200))
    code = codes[source.randrange(len(codes))]
    return Attempt(uuid7(NOW, source), code, "visit", "Y00001", at, source.choice(_OUTCOMES))


_OUTCOMES = (Disposition.NOBODY_HOME, Disposition.NOBODY_HOME, Disposition.INFORMED, Disposition.REFUSED)
_INSERT = (
    'INSERT INTO attempts (id, campaign, household_id, person, channel, officer, at_ms, disposition, "left", note,'
    " corrects, forms, musts, closes, row_key, recorded_ms)"
    " VALUES (?, 'big', ?, 0, ?, ?, ?, ?, '', '', '', '', '', '', NULL, ?)"
)
_PUT = (
    "INSERT INTO standings (campaign, household_id, attempts, first_attempt_ms, reached_channel, reached_by,"
    " last_disposition, paid_fen, last_ms, corrections, community) VALUES ('big', ?, 1, ?, '', '', ?, 0, ?, 0, '')"
    " ON CONFLICT (campaign, household_id) DO UPDATE SET attempts = attempts + 1,"
    " first_attempt_ms = min(first_attempt_ms, excluded.first_attempt_ms), last_ms = max(last_ms, excluded.last_ms)"
)


_ADD_STEP = (
    "INSERT INTO community_steps VALUES ('big', ?, ?, 1, 0, 0, 0, 0, 0)"
    " ON CONFLICT (campaign, community, month) DO UPDATE SET attempted = attempted + 1"
)
_ADD_CHANGES = (
    "INSERT INTO fact_counts VALUES ('big', ?, '')"
    " ON CONFLICT (campaign) DO UPDATE SET changes = changes + excluded.changes"
)


def _raw(
    folder: Path, batches: list[list[Attempt]], ids: dict[str, int], places: dict[str, str], *, counts: bool
) -> float:
    """Rows a second; counts: those of standings and counts too, prepared beforehand and none of them looked up."""
    connection = sqlite3.connect(folder / "outreach.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    rows = [
        [
            (a.id, ids[a.household], a.channel, a.officer, int(a.at.timestamp() * 1000), a.disposition.value, 0)
            for a in batch
        ]
        for batch in batches
    ]
    standings = [[(row[1], row[4], row[5], row[4]) for row in batch] for batch in rows]
    # About one attempt in six is a household's first of a month here, as with ours.
    steps = [[(places[a.household], f"{a.at:%Y-%m}") for a in batch[::6] or batch] for batch in batches]
    started = time.perf_counter()
    for batch, stands, taken in zip(rows, standings, steps, strict=True):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(_INSERT, batch)
        if counts:
            connection.executemany(_PUT, stands)
            connection.executemany(_ADD_STEP, taken)
            connection.execute(_ADD_CHANGES, (len(batch),))
        connection.execute("COMMIT")
    spent = time.perf_counter() - started
    connection.close()
    return sum(map(len, rows)) / spent


if __name__ == "__main__":
    assert ZONE
    main()
