"""What was learnt is kept, is what learning anew says, and is not used for longer than was promised."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from outreach.domain.contact import Attempt, Disposition
from outreach.domain.ids import uuid7
from outreach.services import try_records
from outreach.services.due import list_due, ranked, why_not
from outreach.services.suppressions import suppress
from outreach.services.try_records import know

DAY = dt.date(2005, 6, 15)
ZONE = dt.timezone(dt.timedelta(hours=8))


def tries(town: Any, number: int, seed: int = 1) -> None:
    """Tries at random doors and hours before the day."""
    source = random.Random(seed)
    outcomes = (
        Disposition.NOBODY_HOME,
        Disposition.NOBODY_HOME,
        Disposition.AWAY,
        Disposition.APPOINTMENT,
        Disposition.INFORMED,
    )
    made = []
    for _n in range(number):
        at = dt.datetime(2005, 3, 1, tzinfo=ZONE) + dt.timedelta(minutes=source.randrange(60 * 24 * 100))
        at = at.replace(hour=source.randrange(8, 21))
        code, channel = f"H{source.randrange(1, 31):03d}", source.choice(("visit", "visit", "call"))
        outcome = Disposition.NO_ANSWER if channel == "call" else source.choice(outcomes)
        made.append((Attempt(uuid7(at, source), code, channel, "Y01", at, outcome), None))
    with town.office.store.write() as unit:
        unit.facts.append_attempts("town", made, unit.rosters.household_ids(), town.clock())


def test_one_officers_list_from_kept_chances_is_that_of_learning_anew(town: Any) -> None:
    tries(town, 50)
    suppress(town.office, "H007", reason="本人要求")
    everything = know(town.office, "", DAY)
    for post in ("G01", "G02", "G03", "G04"):
        for _again in range(2):
            own = know(town.office, "", DAY, posts=[post])
            assert ranked(own, DAY, [post]) == ranked(everything, DAY, [post])
            assert why_not(own, DAY, [post]) == why_not(everything, DAY, [post])
            assert any(one.chance for one in ranked(own, DAY, [post]))
            assert {one.code for one in own.homes} == {one.code for one in everything.homes if one.post == post}
            assert own.left_out == everything.left_out


def test_the_first_who_asks_learns_and_the_second_reads_nobody_elses_tries(town: Any, monkeypatch: Any) -> None:
    tries(town, 300)
    first = list_due(town.office, "", DAY, ["G01"])

    def refuse(*_values: object) -> None:
        raise AssertionError("learnt anew")

    monkeypatch.setattr(try_records, "learn_anew", refuse)
    again = list_due(town.office, "", DAY, ["G01"])
    assert again.lines == first.lines
    assert again.learnt_from == first.learnt_from


def test_more_than_a_hundredth_of_new_facts_are_learnt_from(town: Any) -> None:
    tries(town, 300)
    before = list_due(town.office, "", DAY, ["G01"]).learnt_from
    tries(town, 2, seed=2)
    kept = list_due(town.office, "", DAY, ["G01"]).learnt_from
    tries(town, 20, seed=3)
    anew = list_due(town.office, "", DAY, ["G01"]).learnt_from
    assert before == kept < anew
    assert anew == sum(one.overall.tries for one in know(town.office, "", DAY).rates.values())


def test_an_officers_own_new_tries_count_at_once(town: Any) -> None:
    tries(town, 300)
    line = list_due(town.office, "", DAY, ["G01"]).lines[0]
    at = dt.datetime(2005, 6, 15, 9, tzinfo=ZONE)
    made = Attempt(uuid7(at, random.Random(9)), line.code, "visit", "Y01", at, Disposition.INFORMED)
    with town.office.store.write() as unit:
        unit.facts.append_attempts("town", [(made, None)], unit.rosters.household_ids(), town.clock())
    assert line.code not in {one.code for one in list_due(town.office, "", DAY, ["G01"]).lines}


def test_other_rules_are_learnt_under_at_once(town: Any) -> None:
    tries(town, 50)
    before = list_due(town.office, "", DAY, ["G01"])
    plan = town.campaign_file.with_name("plan.toml")
    plan.write_text('format = 1\n[tries]\nbands = ["08:00-13:00", "13:00-21:30"]\n', "utf-8")
    after = list_due(town.office, "", DAY, ["G01"])
    assert {one.ends for one in after.lines} != {one.ends for one in before.lines}
    assert after.lines == tuple(one for one in list_due(town.office, "", DAY).lines if one.post == "G01")


def test_a_roster_that_makes_households_migrants_is_learnt_from(town: Any) -> None:
    tries(town, 50)
    list_due(town.office, "", DAY, ["G01"])
    for number in range(1, 8):
        town.edit_household(f"H{number:03d}", 外出务工="是")
    own, everything = know(town.office, "", DAY, posts=["G01"]), know(town.office, "", DAY)
    assert ranked(own, DAY, ["G01"]) == ranked(everything, DAY, ["G01"])
