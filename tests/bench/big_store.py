"""A workspace with as many invented households and facts as wanted, made quickly and the same for the same seed.

The rows are written straight into the product's own tables; nobody and nothing in them exists.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from outreach.config import load_workspace
from outreach.services.office import Office, init_workspace, open_office

CAMPAIGN = """\
format = 1
name = "big"
starts = 2005-03-01
ends = 2005-12-31
timezone = "Asia/Shanghai"
languages = ["zh"]

[bureau]
hotline = "0700-5550100"
complaint_phone = "0700-5550112"
hours = "08:00-22:00"

[bureau.zh]
name = "大镇续保服务局"
address = "大镇云鹤路 9 号"

[audience]
households = 1000

[audience.zh]
description = "断保的人家"

[texts.zh]
title = "续保季"
slogan = "走得再远，养老接得上"
lead = "从前缴过的都给您记着。"
visits = "每周三晚上门。"
aims = ["家家知道"]
promise = ["电话有人接"]
policy = ["年限合在一起算"]
papers = ["身份证"]
letter = ["请找{{ officer.name }}。"]

[[messages]]
id = "renew"
zh = "养老保险断了能续上。"

[[flights]]
id = "card-all"
channel = "card"
starts = 2005-03-01
ends = 2005-12-31
"""

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN_MS = int(dt.datetime(2005, 3, 1, tzinfo=ZONE).timestamp() * 1000)
DAYS = 300
NOW = dt.datetime(2005, 12, 28, 9, 0, tzinfo=ZONE)
HOMES_PER_OFFICER = 200
HOMES_PER_COMMUNITY = 2500
_OUTCOMES = ("nobody_home",) * 9 + ("away", "appointment", "refused", "relative_told", "left_at_door", "informed",
                                    "card_handed", "no_entry")  # fmt: skip
_CALLS = ("no_answer",) * 6 + ("appointment", "informed", "refused")


def make_store(folder: Path, households: int, facts_each: int, seed: int = 1) -> Office:
    """Make the workspace in an empty folder and open it; its clock stands at `NOW`."""
    init_workspace(folder, locale="zh_CN", campaign="big")
    (folder / "campaigns" / "big").mkdir()
    (folder / "campaigns" / "big" / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    open_big(folder).close()
    connection = sqlite3.connect(folder / "outreach.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    _people(connection, households, random.Random(seed))
    attempt = (
        'INSERT INTO attempts (id, campaign, household_id, person, channel, officer, at_ms, disposition, "left", note,'
        " corrects, row_key, recorded_ms) VALUES (?, 'big', ?, 0, ?, ?, ?, ?, ?, '', '', NULL, ?)"
    )
    connection.executemany(attempt, attempts(households, facts_each, seed))
    for statement in _STANDINGS:
        connection.execute(statement)
    connection.execute(_HOMES)
    connection.execute("INSERT INTO fact_counts (campaign, changes) VALUES ('big', ?)", (households * facts_each,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    office = open_big(folder)
    with office.store.write() as unit:
        unit.facts.keep_months("big", ZONE)
    return office


def open_big(folder: Path) -> Office:
    """The workspace opened, its clock standing at `NOW`."""
    return open_office(load_workspace(folder), clock=lambda: NOW)


def _people(connection: sqlite3.Connection, households: int, source: random.Random) -> None:
    doors = households // 10 + 1
    connection.executemany(
        "INSERT INTO entrances VALUES (?, ?, ?, ?, '1')",
        ((n + 1, f"第{n * 10 // HOMES_PER_COMMUNITY:04d}社区", f"小区{n // 40 % 7}", str(n)) for n in range(doors)),
    )
    connection.executemany(
        "INSERT INTO households (id, code, entrance_id, unit, floor, room, difficulty, migrant, works, language)"
        " VALUES (?, ?, ?, '', 1, ?, ?, ?, ?, '')",
        (
            (
                n + 1,
                f"B{n + 1:07d}",
                n // 10 + 1,
                str(n % 10),
                "hard" if n % 7 == 0 else "normal",
                n % 5 == 0,
                n % 3 == 0,
            )
            for n in range(households)
        ),
    )
    connection.executemany(
        "INSERT INTO persons (household_id, number, name, relation, sex, id_number, mobile, employer)"
        " VALUES (?, 1, ?, 'self', 'male', '', ?, '')",
        ((n + 1, f"人{n}", f"1210555{source.randrange(10000):04d}" if n % 2 else "") for n in range(households)),
    )
    officers = households // HOMES_PER_OFFICER + 1
    connection.executemany(
        "INSERT INTO officers (code, name, title, section, mobile, home_phone, office_phone, email)"
        " VALUES (?, ?, '', '', '', '', '', '')",
        ((f"Y{n:05d}", f"员{n}") for n in range(officers)),
    )
    connection.executemany(
        "INSERT INTO tenures (post, officer, starts_ms) VALUES (?, ?, 0)",
        ((f"G{n:05d}", f"Y{n:05d}") for n in range(officers)),
    )
    connection.execute("INSERT INTO plans (id, campaign, made_ms, figures) VALUES ('p', 'big', 0, '{}')")
    connection.executemany(
        "INSERT INTO assignments (campaign, household_id, post, plan_id, starts_ms, why)"
        " VALUES ('big', ?, ?, 'p', 0, '{}')",
        ((n + 1, f"G{n // HOMES_PER_OFFICER:05d}") for n in range(households)),
    )


def attempts(households: int, each: int, seed: int) -> Iterator[tuple[object, ...]]:
    """Rows of attempts in order of time: id, household, channel, officer, instant, outcome, left, recorded."""
    source = random.Random(seed)
    total = households * each
    step = DAYS * 86_400_000 / total
    for n in range(total):
        household = source.randrange(households)
        day_ms = int(n * step) // 86_400_000 * 86_400_000
        at = BEGIN_MS + day_ms + source.randrange(8 * 60, 21 * 60) * 60_000 + n % 60_000
        call = source.random() < 0.2
        outcome = source.choice(_CALLS if call else _OUTCOMES)
        left = "card" if outcome == "left_at_door" else ""
        text = f"{at:012x}7{n:019x}"
        key = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
        officer = f"Y{household // HOMES_PER_OFFICER:05d}"
        yield key, household + 1, "call" if call else "visit", officer, at, outcome, left, at + 3_600_000


_HOMES = """
INSERT INTO community_homes
SELECT e.community, count(*) FROM households h JOIN entrances e ON e.id = h.entrance_id GROUP BY e.community
"""

# The projection of facts without corrections, said in SQL: quicker than folding a million households in Python.
_STANDINGS = (
    """
INSERT INTO standings (campaign, household_id, attempts, first_attempt_ms, first_contact_ms, first_reached_ms,
  reached_channel, reached_by, card_ms, last_disposition, paid_fen, last_ms, corrections, community)
SELECT 'big', a.household_id, count(*), min(at_ms),
  min(CASE WHEN disposition IN ('informed', 'card_handed', 'appointment', 'refused', 'relative_told') THEN at_ms END),
  min(CASE WHEN disposition IN ('informed', 'card_handed') THEN at_ms END), '', '',
  min(CASE WHEN disposition = 'card_handed' OR "left" = 'card' THEN at_ms END),
  '', 0, max(at_ms), 0, e.community
FROM attempts a JOIN households h ON h.id = a.household_id JOIN entrances e ON e.id = h.entrance_id
GROUP BY a.household_id
""",
    """
UPDATE standings SET (reached_channel, reached_by) = (SELECT a.channel, a.officer FROM attempts a
  WHERE a.campaign = 'big' AND a.household_id = standings.household_id AND a.at_ms = standings.first_reached_ms)
WHERE first_reached_ms IS NOT NULL
""",
    """
UPDATE standings SET last_disposition = (SELECT a.disposition FROM attempts a
  WHERE a.campaign = 'big' AND a.household_id = standings.household_id AND a.at_ms = standings.last_ms)
""",
)
