"""What holds of every merge: taking it back leaves nothing behind, and facts may come before it or after it."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.config import load_workspace
from outreach.services.checkup import check_workspace
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.household_merges import SOMEBODY_NEW, merge_households, unmerge
from outreach.services.office import Office, open_office
from tests.conftest import SHANGHAI, Town
from tests.services.doubles import LATER, TWICE, counts, enter_twice, roster_bytes, standings

_CODES = ("H001", TWICE, LATER, "H002")
_FACTS = st.lists(
    st.tuples(
        st.sampled_from(_CODES),
        st.sampled_from(("informed", "nobody_home", "refused", "card_handed", "paid", "registered")),
        st.integers(0, 1),
        st.integers(0, 80),
    ),
    max_size=6,
)
_PERSONS = st.dictionaries(st.sampled_from((1, 2, 3)), st.sampled_from((1, 2, SOMEBODY_NEW)), max_size=2).filter(
    lambda told: len([new for new in told.values() if new]) == len({new for new in told.values() if new})
)
_TAKE = st.lists(st.sampled_from(("address", "difficulty", "migrant")), unique=True)
_FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)


@pytest.fixture
def thrice(town: Town) -> Town:
    """H001 entered three times."""
    enter_twice(town)
    enter_twice(town, LATER, "王晨")
    return town


def record(office: Office, facts: list[tuple[str, str, int, int]]) -> None:
    for code, what, person, after in facts:
        day = dt.datetime(2005, 3, 2, 18, 0, tzinfo=SHANGHAI) + dt.timedelta(days=after)
        if what in ("paid", "registered"):
            fen = 10_000 if what == "paid" else 0
            record_milestone(office, "town", code, kind=what, on=day.date(), person=person, amount_fen=fen)
        else:
            record_attempt(office, "town", code, channel="visit", disposition=what, at=day, person=person)


@_FEW
@given(facts=_FACTS, persons=_PERSONS, take=_TAKE, chain=st.booleans())
def test_merging_and_taking_it_back_changes_no_roster_no_standing_and_no_count(
    thrice: Town, facts: list[Any], persons: dict[int, int], take: list[str], chain: bool
) -> None:
    record(thrice.office, facts)
    was = (roster_bytes(thrice), standings(thrice), counts(thrice))
    first = merge_households(thrice.office, "H001", TWICE, persons=persons, take=take)
    check_workspace(thrice.office, "town")
    if chain:
        second = merge_households(thrice.office, LATER, "H001")
        check_workspace(thrice.office, "town")
        unmerge(thrice.office, second.id)
    unmerge(thrice.office, first.id)
    assert (roster_bytes(thrice), standings(thrice), counts(thrice)) == was
    check_workspace(thrice.office, "town")


@_FEW
@given(facts=_FACTS, persons=_PERSONS)
def test_facts_may_come_before_a_merge_or_after_it(
    thrice: Town, tmp_path: Path, facts: list[Any], persons: dict[int, int]
) -> None:
    machines = Path(tempfile.mkdtemp(dir=thrice.root.parent))
    early, late, source = (
        open_office(load_workspace(thrice.beside(f"{machines.name}/{name}")), clock=thrice.clock)
        for name in ("early", "late", "source")
    )
    try:
        record(source, facts)
        export_log(source, "town", tmp_path / "log")
        merge_log(early, "town", tmp_path / "log")
        for office in (early, late):
            merge_households(office, "H001", TWICE, persons=persons)
        merge_log(late, "town", tmp_path / "log")
        assert told(early) == told(late)
        for office in (early, late):
            unmerge(office, TWICE)
        assert told(early) == told(late) == told(source)
    finally:
        for office in (early, late, source):
            office.close()


def told(office: Office) -> Any:
    """Every standing, and every fact as it is read."""
    with office.store.read() as unit:
        facts = [*unit.facts.attempts("town"), *unit.facts.milestones("town")]
        return unit.facts.standings("town", SHANGHAI), sorted(facts, key=lambda fact: fact.id)
