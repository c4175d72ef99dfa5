"""A store somebody has worked with is brought to the newest tables with everything in it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text

from outreach.store import engine as engine_file
from outreach.store.engine import _set_pragmas
from outreach.store.unit import Store

MIGRATIONS = Path(engine_file.__file__).parent / "migrations"

ROWS = (
    "INSERT INTO entrances VALUES (1, '城东社区', '槐荫小区', '3', '')",
    "INSERT INTO households (id, code, entrance_id, unit, floor, room, difficulty, migrant)"
    " VALUES (1, 'H001', 1, '1', 2, '201', 'hard', 1)",
    "INSERT INTO persons (household_id, number, name, relation, sex, id_number, mobile, employer)"
    " VALUES (1, 1, '王晨', 'self', 'male', '', '12105550101', '')",
    "INSERT INTO officers (code, name, title, section, mobile, home_phone, office_phone, email)"
    " VALUES ('Y01', '梁若舟', '', '', '', '', '', '')",
    "INSERT INTO tenures (post, officer, starts_ms) VALUES ('G01', 'Y01', 0)",
    'INSERT INTO attempts (id, campaign, household_id, person, channel, officer, at_ms, disposition, "left", note,'
    " corrects, recorded_ms) VALUES ('a1', 'town', 1, 0, 'visit', 'Y01', 0, 'nobody_home', '', '', '', 0)",
    "INSERT INTO plans (id, campaign, made_ms, figures) VALUES ('p1', 'town', 0, '{}')",
    "INSERT INTO assignments (campaign, household_id, post, plan_id, starts_ms, why)"
    " VALUES ('town', 1, 'G01', 'p1', 0, '{}')",
)


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_everything_in_an_older_store_is_still_there(tmp_path: Path, revision: str) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    old = create_engine(url)
    event.listen(old, "connect", _set_pragmas)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for row in ROWS:
            connection.execute(text(row))
    old.dispose()
    store = Store.open(url)
    with store.read() as unit:
        home = unit.rosters.households()["H001"]
        officer = unit.rosters.officers()["G01"]
        attempts = list(unit.facts.attempts("town"))
        assigned = unit.territories.present("town")
    store.close()
    assert (home.persons[0].name, home.migrant, home.works, home.language) == ("王晨", True, False, "")
    assert (officer.share, officer.most, officer.skills) == (100, None, ())
    assert [(one.household, one.at) for one in attempts] == [("H001", dt.datetime(1970, 1, 1, tzinfo=dt.UTC))]
    assert assigned["H001"].post == "G01"
