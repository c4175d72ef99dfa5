"""How long an import takes beside reading alone: rosters and contacts of 100,000 rows, end to end, in one run.

python tests/bench/bench_import.py [ROWS] [ROUNDS]

Reading alone is python-calamine giving every cell of the sheet to Python, in this process. The import opens the file in
a child process, finds the headings, checks every cell and every household, compares with what is there, writes and
commits (WAL, synchronous = FULL). What it cannot go below is reading alone with raw sqlite3 writing the same rows.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from big_roster import households, write_roster
from big_store import CAMPAIGN

from outreach.config import load_workspace
from outreach.services.contacts import import_attempts
from outreach.services.office import Office, init_workspace, open_office
from outreach.services.rosters import import_households, import_officers

NOW = dt.datetime(2005, 12, 28, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
TABLES = ("entrances", "households", "persons")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory(prefix="outreach-bench-") as name:
        folder = Path(name)
        roster, contacts = folder / "roster.xlsx", folder / "contacts.xlsx"
        homes, written = write_roster(households(rows), roster, rows)
        write_contacts(contacts, rows, homes)
        print(f"{written:,} persons in {homes:,} households; {rows:,} contacts; best of {rounds}, seconds")
        alone = best(rounds, lambda _round: read_alone(roster))
        print(f"  calamine alone, the roster          {alone:6.2f}")
        ours = best(rounds, lambda each: roster_into(folder / f"w{each}", roster))
        print(f"  import of the roster, a new store   {ours:6.2f}   {ours / alone:.2f} times")
        floor = best(rounds, lambda each: written_raw(folder / "w0", folder / f"raw{each}.db"))
        print(f"  raw sqlite3, the same rows          {floor:6.2f}   with reading {(alone + floor) / alone:.2f} times")
        again = best(1, lambda _round: roster_into(folder / "w0", roster))
        print(f"  the same roster again, no change    {again:6.2f}   {again / alone:.2f} times")
        reading = best(rounds, lambda _round: read_alone(contacts))
        print(f"  calamine alone, the contacts        {reading:6.2f}")
        facts = best(rounds, lambda each: contacts_into(folder / f"w{each}", contacts))
        print(f"  import of the contacts              {facts:6.2f}   {facts / reading:.2f} times")


def best(rounds: int, work: Callable[[int], float]) -> float:
    """The shortest of several rounds."""
    return min(work(each) for each in range(rounds))


def read_alone(path: Path) -> float:
    """Seconds python-calamine takes to give every cell of the first sheet."""
    import python_calamine

    started = time.perf_counter()
    rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    taken = time.perf_counter() - started
    assert len(rows) > 1
    return taken


def opened(folder: Path) -> Office:
    """The workspace, made where there is none, with the big campaign and an officer."""
    if not folder.exists():
        init_workspace(folder, locale="zh_CN", campaign="big")
        (folder / "campaigns" / "big").mkdir()
        (folder / "campaigns" / "big" / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    return open_office(load_workspace(folder), clock=lambda: NOW)


def roster_into(folder: Path, roster: Path) -> float:
    """Seconds to import the roster into the workspace."""
    office = opened(folder)
    started = time.perf_counter()
    import_households(office, roster)
    taken = time.perf_counter() - started
    office.close()
    return taken


def contacts_into(folder: Path, contacts: Path) -> float:
    """Seconds to import the contacts into a workspace that has the roster."""
    office = opened(folder)
    officers = folder / "officers.csv"
    officers.write_text("工号,姓名,岗位\nY01,梁若舟,G01\n", "utf-8")
    import_officers(office, officers)
    started = time.perf_counter()
    done = import_attempts(office, "big", contacts)
    taken = time.perf_counter() - started
    assert done.new == done.rows
    office.close()
    return taken


def written_raw(folder: Path, target: Path) -> float:
    """Seconds raw sqlite3 takes for the rows of an imported roster, with the same tables and the same durability."""
    with sqlite3.connect(folder / "outreach.db") as source:
        names = ", ".join(f"'{table}'" for table in TABLES)
        made = [
            row[0] for row in source.execute(f"SELECT sql FROM sqlite_master WHERE tbl_name IN ({names}) AND sql > ''")
        ]
        rows = {table: source.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in TABLES}
    connection = sqlite3.connect(target, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", *made):
        connection.execute(statement)
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, values in rows.items():
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
    connection.execute("COMMIT")
    taken = time.perf_counter() - started
    connection.close()
    return taken


def write_contacts(target: Path, rows: int, homes: int) -> None:
    """Visits and calls at random households, in the columns of a walk list that was typed in."""
    import xlsxwriter

    chance = random.Random("contacts")
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("联系记录")
    sheet.write_row(0, 0, ("户号", "渠道", "工号", "时间", "结果", "备注"))
    for row in range(1, rows + 1):
        day = dt.datetime(2005, 3, 1, tzinfo=NOW.tzinfo) + dt.timedelta(
            days=chance.randrange(280), minutes=chance.randrange(480, 1200)
        )
        outcome = chance.choice(("无人在家", "无人在家", "已当面讲清", "外出", "拒绝"))
        note = chance.choice(("", "", "晚上在家", "下次再来"))
        cells = (f"R{chance.randrange(homes):07d}", "上门走访", "Y01", f"{day:%Y-%m-%d %H:%M}", outcome, note)
        sheet.write_row(row, 0, cells)
    book.close()


if __name__ == "__main__":
    main()
