"""People, posts and assignments come back as they were written, with their history."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import create_engine

from outreach.domain.people import Address, Difficulty, Household, Officer, Person, Relation, Sex
from outreach.store.engine import parse_address
from outreach.store.unit import Store

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=30)
AT_MS, LATER_MS = int(AT.timestamp() * 1000), int(LATER.timestamp() * 1000)

FULL = Household(
    "H9",
    Address("城东", "槐荫", "3", "东", "2", 5, "501"),
    (
        Person(1, "𬱖䶮", Relation.SELF, Sex.MALE, dt.date(1960, 2, 29), "990199196002290016", "12105550123", "厂", 0),
        Person(2, "林悦", Relation.SPOUSE, Sex.FEMALE, None, "", "", "", None, dt.date(2003, 6, 1)),
    ),
    Difficulty.HARD,
    True,
    113.5,
    30.9,
)


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(parse_address(url))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(query)]
    engine.dispose()
    return found


def officer(code: str, post: str, name: str = "安") -> Officer:
    return Officer(code, name, post, "科员", "续保科", "12105550001", "0700-5550011", "0700-5550021", "", 113.5, 30.9)


def test_a_household_comes_back_as_it_was_written(store: Store) -> None:
    with store.write() as unit:
        unit.rosters.add_households([FULL])
    with store.read() as unit:
        assert unit.rosters.households(["H9"]) == {"H9": FULL}
        assert list(unit.rosters.households()) == ["H1", "H2", "H3", "H9"]
        assert unit.rosters.counts() == {"households": 4, "persons": 5, "officers": 0}


def test_a_changed_household_keeps_its_row_and_loses_persons_who_left(store: Store) -> None:
    moved = Household("H1", Address("城西", "棉纺", "2"), FULL.persons[:1])
    with store.write() as unit:
        before = unit.rosters.household_ids()
        unit.rosters.change_households([moved])
    with store.read() as unit:
        assert unit.rosters.household_ids() == before
        assert unit.rosters.households(["H1"]) == {"H1": moved}


def test_an_officer_comes_back_under_their_post(store: Store) -> None:
    with store.write() as unit:
        unit.rosters.add_officers([officer("Y02", "G02"), officer("Y01", "G01")], AT)
    with store.read() as unit:
        assert unit.rosters.officers() == {"G01": officer("Y01", "G01"), "G02": officer("Y02", "G02")}


def test_a_change_of_post_ends_one_tenure_and_begins_another(store: Store, url: str) -> None:
    with store.write() as unit:
        unit.rosters.add_officers([officer("Y01", "G01"), officer("Y02", "G02")], AT)
    with store.write() as unit:
        unit.rosters.change_officers([officer("Y01", "G02"), officer("Y02", "G01")], LATER)
    with store.read() as unit:
        assert {post: one.code for post, one in unit.rosters.officers().items()} == {"G01": "Y02", "G02": "Y01"}
    assert rows(url, "SELECT post, officer, starts_ms, ends_ms FROM tenures ORDER BY starts_ms, officer") == [
        ("G01", "Y01", AT_MS, LATER_MS),
        ("G02", "Y02", AT_MS, LATER_MS),
        ("G02", "Y01", LATER_MS, None),
        ("G01", "Y02", LATER_MS, None),
    ]


def test_a_new_phone_is_no_new_tenure(store: Store, url: str) -> None:
    with store.write() as unit:
        unit.rosters.add_officers([officer("Y01", "G01")], AT)
    with store.write() as unit:
        unit.rosters.change_officers([officer("Y01", "G01", "安安")], LATER)
    assert rows(url, "SELECT starts_ms, ends_ms FROM tenures") == [(AT_MS, None)]


def test_whoever_takes_a_held_post_displaces_its_holder_who_may_come_back(store: Store) -> None:
    with store.write() as unit:
        unit.rosters.add_officers([officer("Y01", "G01")], AT)
        unit.rosters.add_officers([officer("Y02", "G01")], LATER)
    with store.read() as unit:
        assert [one.code for one in unit.rosters.officers().values()] == ["Y02"]
        assert {code: one.post for code, one in unit.rosters.all_officers().items()} == {"Y01": "", "Y02": "G01"}
    with store.write() as unit:
        unit.rosters.add_officers([officer("Y01", "G03", "归来")], LATER)
    with store.read() as unit:
        assert {post: one.code for post, one in unit.rosters.officers().items()} == {"G01": "Y02", "G03": "Y01"}
        assert unit.rosters.officers()["G03"].name == "归来"


def adopt(store: Store, at: dt.datetime, posts: dict[str, str], distance: float = 1.0) -> int:
    with store.write() as unit:
        why = {code: {"distance_m": distance} for code in posts}
        ids = unit.rosters.household_ids()
        return unit.territories.adopt("c", f"plan-{at:%m%d}", at, {"mean_m": distance}, posts, why, ids)


def history(url: str) -> list[tuple[object, ...]]:
    return rows(
        url,
        "SELECT code, post, plan_id, starts_ms, ends_ms FROM assignments"
        " JOIN households ON households.id = household_id ORDER BY code, starts_ms",
    )


def test_a_moved_household_ends_its_row_and_a_kept_one_keeps_its_start(store: Store, url: str) -> None:
    assert adopt(store, AT, {"H1": "G01", "H2": "G01", "H3": "G02"}) == 3
    assert adopt(store, LATER, {"H1": "G01", "H2": "G02", "H3": "G02"}, distance=2.0) == 1
    assert history(url) == [
        ("H1", "G01", "plan-0301", AT_MS, None),
        ("H2", "G01", "plan-0301", AT_MS, LATER_MS),
        ("H2", "G02", "plan-0331", LATER_MS, None),
        ("H3", "G02", "plan-0301", AT_MS, None),
    ]
    with store.read() as unit:
        present = unit.territories.present("c")
        assert {code: row.post for code, row in present.items()} == {"H1": "G01", "H2": "G02", "H3": "G02"}
        # The reason is the newest plan's, for those who stay too.
        assert {row.why["distance_m"] for row in present.values()} == {2.0}
        assert unit.territories.of("c", "H2") == present["H2"]
        assert unit.territories.figures("c") == {"mean_m": 2.0}


def test_a_household_no_plan_names_any_more_ends_its_row(store: Store, url: str) -> None:
    adopt(store, AT, {"H1": "G01", "H2": "G01"})
    assert adopt(store, LATER, {"H1": "G01"}) == 0
    with store.read() as unit:
        assert list(unit.territories.present("c")) == ["H1"]
        assert unit.territories.of("c", "H2") is None
    assert [row[4] for row in history(url)] == [None, LATER_MS]


def test_campaigns_do_not_share_assignments(store: Store) -> None:
    adopt(store, AT, {"H1": "G01"})
    with store.read() as unit:
        assert unit.territories.present("other") == {}
        assert unit.territories.figures("other") is None
