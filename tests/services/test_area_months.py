"""Coverage by community and month says what another program counts from the raw facts, in the campaign's own months."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import duckdb
import pytest

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import uuid7
from outreach.errors import StoreFault
from outreach.services.area_months import report_area_months
from outreach.services.checkup import check_standings
from outreach.services.contacts import record_attempt, record_milestone

ZONE = dt.timezone(dt.timedelta(hours=8))
BEGIN = dt.datetime(2005, 3, 1, tzinfo=ZONE)


def many_attempts(town: Any, number: int) -> list[Attempt]:
    """Attempts all over the campaign and the clock, many of them in the nights between two months."""
    source = random.Random(number)
    made = []
    for _n in range(number):
        at = BEGIN + dt.timedelta(minutes=source.randrange(60 * 24 * 105))
        if source.random() < 0.4:
            at = at.replace(day=1, hour=0) + dt.timedelta(minutes=source.randrange(-600, 600))
        at = max(at, BEGIN)
        outcome = source.choice(
            (Disposition.NOBODY_HOME, Disposition.INFORMED, Disposition.REFUSED, Disposition.SIGNED_FOR)
        )
        made.append(Attempt(uuid7(at, source), f"H{source.randrange(1, 31):03d}", "visit", "Y01", at, outcome))
    with town.office.store.write() as unit:
        unit.facts.append_attempts("town", [(one, None) for one in made], unit.rosters.household_ids(), town.clock())
    return made


def test_first_reach_by_community_and_month_is_what_duckdb_counts_from_the_attempts(town: Any) -> None:
    made = many_attempts(town, 400)
    with town.office.store.read() as unit:
        homes = unit.rosters.households()
    peer = duckdb.connect()
    peer.execute("CREATE TABLE homes (code VARCHAR, community VARCHAR)")
    peer.execute("CREATE TABLE tries (code VARCHAR, made TIMESTAMP, reached BOOLEAN)")
    peer.executemany(
        "INSERT INTO homes VALUES (?, ?)", [(code, home.address.community) for code, home in homes.items()]
    )
    peer.executemany(
        "INSERT INTO tries VALUES (?, ?, ?)",
        [(one.household, one.at.astimezone(ZONE).replace(tzinfo=None), one.disposition.reached) for one in made],
    )
    theirs = peer.execute(
        "SELECT community, strftime(first, '%Y-%m') AS month, count(*) FROM"
        " (SELECT code, min(made) AS first FROM tries WHERE reached GROUP BY code) JOIN homes USING (code)"
        " GROUP BY 1, 2 ORDER BY 1, 2"
    ).fetchall()
    report = report_area_months(town.office, "")
    assert [(one.community, one.month, one.reached) for one in report.rows if one.reached] == theirs
    assert report.total.reached == sum(count for *_cell, count in theirs)
    assert {one.community: one.households for one in report.rows} == {"城东社区": 15, "城西社区": 15}
    assert report.total.households == 30


def test_a_visit_after_midnight_counts_for_the_month_it_was_there(town: Any) -> None:
    for code, minute in (("H001", 59), ("H002", 0)):
        day = dt.datetime(2005, 4, 30 if minute else 1, 23 if minute else 0, minute, tzinfo=ZONE)
        at = day if minute else day.replace(month=5)
        record_attempt(town.office, "", code, channel="visit", disposition="informed", at=at)
    found = {one.month: one.reached for one in report_area_months(town.office, "").rows}
    assert found == {"2005-04": 1, "2005-05": 1}


def test_a_household_that_moves_takes_its_steps_to_the_new_community(town: Any) -> None:
    record_attempt(
        town.office, "", "H001", channel="visit", disposition="informed", at=dt.datetime(2005, 4, 2, 19, tzinfo=ZONE)
    )
    record_milestone(town.office, "", "H001", kind="paid", on=dt.date(2005, 5, 3), amount_fen=100)
    town.edit_household("H001", 社区="城西社区")
    rows = [one for one in report_area_months(town.office, "").rows if one.reached or one.paid]
    assert [(one.community, one.month, one.reached, one.paid) for one in rows] == [
        ("城西社区", "2005-04", 1, 0),
        ("城西社区", "2005-05", 0, 1),
    ]


def test_counts_that_were_changed_behind_our_back_are_noticed_and_mended(town: Any) -> None:
    many_attempts(town, 30)
    report_area_months(town.office, "")
    many_attempts(town, 30)
    with town.office.store.read() as unit:
        assert check_standings(unit, "town", ZONE)
    town.sql("UPDATE community_steps SET reached = reached + 1")
    with town.office.store.read() as unit, pytest.raises(StoreFault, match="counts of communities"):
        check_standings(unit, "town", ZONE)
    with town.office.store.write() as unit:
        unit.facts.rebuild("town")
    with town.office.store.read() as unit:
        check_standings(unit, "town", ZONE)


def test_homes_counted_otherwise_than_the_roster_are_noticed_and_mended(town: Any) -> None:
    town.sql("UPDATE community_homes SET homes = homes + 1")
    with town.office.store.read() as unit, pytest.raises(StoreFault, match="households by community"):
        check_standings(unit, "town", ZONE)
    with town.office.store.write() as unit:
        unit.facts.rebuild("town")
    assert report_area_months(town.office, "").total.households == 30


def test_a_campaign_whose_zone_is_changed_is_counted_by_the_months_of_the_new_one(town: Any) -> None:
    late = dt.datetime(2005, 4, 30, 23, 30, tzinfo=ZONE)
    record_attempt(town.office, "", "H001", channel="visit", disposition="informed", at=late)
    assert [one.month for one in report_area_months(town.office, "").rows] == ["2005-04"]
    town.edit_campaign(("Asia/Shanghai", "Pacific/Auckland"))
    office = town.reopen()
    assert [one.month for one in report_area_months(office, "").rows] == ["2005-05"]
    record_attempt(office, "", "H002", channel="visit", disposition="informed", at=late)
    assert [(one.month, one.reached) for one in report_area_months(office, "").rows] == [("2005-05", 2)]


def test_where_nothing_was_done_there_are_no_rows(town: Any) -> None:
    report = report_area_months(town.office, "")
    assert report.rows == ()
    assert (report.total.households, report.total.reached) == (30, 0)
