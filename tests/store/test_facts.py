"""The projection equals the log, whatever is appended in whatever order."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, Standing, standing
from outreach.domain.ids import uuid7
from outreach.domain.people import Address, Household, Person
from outreach.store.instants import from_ms, to_ms
from outreach.store.periods import STEPS
from outreach.store.unit import Store
from tests.postgres_server import Content, Server

AT = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
ZONE = ZoneInfo("Asia/Shanghai")
HOMES = ("H1", "H2", "H3")


def living(code: str, community: str) -> Household:
    return Household(code, Address(community, "小区", "1"), (Person(1, code),))


def months_of(found: dict[tuple[str, str], tuple[int, ...]]) -> Counter[tuple[str, str, str]]:
    """The counts of the store by community, month and step, noughts left out."""
    return Counter(
        {
            (*key, step): count
            for key, counts in found.items()
            for step, count in zip(STEPS, counts, strict=True)
            if count
        }
    )


class Log(RuleBasedStateMachine):
    """Appends facts to a store and to plain lists; after each step both must tell the same."""

    def __init__(self) -> None:
        super().__init__()
        self.store = self.make_store()
        self.attempts: list[Attempt] = []
        self.milestones: list[Milestone] = []
        self.places = dict.fromkeys(HOMES, "社区")
        with self.store.write() as unit:
            unit.rosters.add_households(living(code, "社区") for code in HOMES)
            self.ids = unit.rosters.household_ids()

    def make_store(self) -> Store:
        self.folder = tempfile.TemporaryDirectory()
        return Store.open(f"sqlite:///{self.folder.name}/store.db", create=True)

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.source = random.Random(seed)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(
        home=st.sampled_from(HOMES),
        disposition=st.sampled_from(Disposition),
        hours=st.integers(0, 5) | st.integers(0, 2000),
        card=st.booleans(),
        correct=st.booleans(),
    )
    def try_a_household(self, home: str, disposition: Disposition, hours: int, card: bool, correct: bool) -> None:
        earlier = [fact.id for fact in self.attempts if fact.household == home]
        made = Attempt(
            uuid7(AT, self.source),
            home,
            self.source.choice(["visit", "call"]),
            "Y01",
            AT + dt.timedelta(hours=hours),
            disposition,
            left=("letter", "card") if card else (),
            corrects=self.source.choice(earlier) if correct and earlier else "",
        )
        self.attempts.append(made)
        with self.store.write() as unit:
            assert unit.facts.append_attempts("c", [(made, None)], self.ids, AT) == 1

    @rule(
        home=st.sampled_from(HOMES),
        kind=st.sampled_from(MilestoneKind),
        fen=st.sampled_from([0, 100, 250, -100, -250]),
        day=st.integers(1, 28),
        correct=st.booleans(),
    )
    def take_a_step(self, home: str, kind: MilestoneKind, fen: int, day: int, correct: bool) -> None:
        earlier = [fact.id for fact in self.milestones if fact.household == home]
        made = Milestone(
            uuid7(AT, self.source),
            home,
            kind,
            dt.date(2005, 4, day),
            amount_fen=fen,
            corrects=self.source.choice(earlier) if correct and earlier else "",
        )
        self.milestones.append(made)
        with self.store.write() as unit:
            unit.facts.append_milestones("c", [(made, None)], self.ids, AT)

    @rule(home=st.sampled_from(HOMES), place=st.sampled_from(["社区", "东社区", ""]))
    def move_a_household(self, home: str, place: str) -> None:
        self.places[home] = place
        with self.store.write() as unit:
            unit.rosters.change_households([living(home, place)])

    @rule(data=st.data())
    def append_facts_of_another_machine_at_once(self, data: st.DataObject) -> None:
        made = []
        for hours in data.draw(st.lists(st.integers(0, 3) | st.integers(0, 2000), max_size=5)):
            home = data.draw(st.sampled_from(HOMES))
            at = AT + dt.timedelta(hours=hours)
            outcome = data.draw(st.sampled_from(Disposition))
            made.append(Attempt(uuid7(AT, self.source), home, "call", self.source.choice("AB"), at, outcome))
        self.attempts += made
        self.source.shuffle(made)
        with self.store.write() as unit:
            assert unit.facts.append_attempts("c", [(one, None) for one in made], self.ids, AT) == len(made)

    @rule()
    def merge_the_whole_log_again(self) -> None:
        shuffled = [(fact, None) for fact in self.attempts * 2]
        self.source.shuffle(shuffled)
        with self.store.write() as unit:
            assert unit.facts.append_attempts("c", shuffled, self.ids, AT) == 0

    @rule()
    def append_to_another_campaign(self) -> None:
        made = Attempt(uuid7(AT, self.source), "H1", "visit", "", AT, Disposition.INFORMED, left=("card",))
        with self.store.write() as unit:
            unit.facts.append_attempts("other", [(made, None)], self.ids, AT)

    @rule(zone=st.sampled_from([ZONE, ZoneInfo("America/New_York")]))
    def ask_for_months(self, zone: ZoneInfo) -> None:
        with self.store.write() as unit:
            unit.facts.keep_months("c", zone)

    @rule()
    def rebuild(self) -> None:
        with self.store.write() as unit:
            assert unit.facts.rebuild("c") == len(self.folded())

    def folded(self) -> dict[str, Standing]:
        homes = {fact.household for fact in (*self.attempts, *self.milestones)}
        return {
            home: standing(
                [a for a in self.attempts if a.household == home], [m for m in self.milestones if m.household == home]
            )
            for home in homes
        }

    def counted(self, zone: ZoneInfo) -> Counter[tuple[str, str, str]]:
        """Households by community, month and step, straight from the folded facts."""
        found: Counter[tuple[str, str, str]] = Counter()
        for home, stands in self.folded().items():
            taken = (stands.first_attempt_at, stands.first_contact_at, stands.first_reached_at, stands.card_at,
                     stands.registered_on, stands.paid_on)  # fmt: skip
            for step, when in zip(STEPS, taken, strict=True):
                if when is not None:
                    day = when.astimezone(zone) if isinstance(when, dt.datetime) else when
                    found[self.places[home], f"{day:%Y-%m}", step] += 1
        return found

    @invariant()
    def the_projection_is_the_fold_of_the_log(self) -> None:
        with self.store.read() as unit:
            assert unit.facts.standings("c", ZONE) == self.folded()
            assert sorted(unit.facts.attempts("c"), key=lambda a: a.id) == sorted(self.attempts, key=lambda a: a.id)
            kept = unit.facts.months_zone("c") or ZONE
            for zone in (kept, ZONE):
                assert months_of(unit.facts.community_steps("c", zone)) == self.counted(zone)
                assert months_of(unit.facts.community_steps("c", zone, from_standings=True)) == self.counted(zone)
            assert unit.facts.homes() == Counter(self.places.values())
            assert unit.facts.count("c") == {"attempts": len(self.attempts), "milestones": len(self.milestones)}


TestLog = Log.TestCase
TestLog.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)


def test_the_log_on_postgres_tells_the_same(postgres: Server, empty_store: Content) -> None:
    class LogOnPostgres(Log):
        def make_store(self) -> Store:
            self.database = postgres.lend(empty_store)
            return Store.open(postgres.url(self.database))

        def teardown(self) -> None:
            self.store.close()
            postgres.take_back(self.database)

    run_state_machine_as_test(LogOnPostgres, settings=settings(max_examples=6, stateful_step_count=12, deadline=None))


def append(store: Store, *facts: tuple[Attempt, str | None]) -> int:
    with store.write() as unit:
        return unit.facts.append_attempts("c", facts, unit.rosters.household_ids(), AT)


def attempt(key: str, **more: Any) -> Attempt:
    return Attempt(key, "H1", "visit", "Y01", AT, Disposition.INFORMED, **more)


def test_a_row_that_was_read_before_is_known_by_its_key(store: Store) -> None:
    assert append(store, (attempt("a1"), "row-1"), (attempt("a2"), "row-2")) == 2
    assert append(store, (attempt("b1"), "row-1"), (attempt("b2"), "row-2"), (attempt("b3"), "row-3")) == 1
    with store.read() as unit:
        assert unit.facts.standings("c", dt.UTC)["H1"].attempts == 3


def test_a_fact_repeated_within_one_batch_is_appended_once(store: Store) -> None:
    assert append(store, (attempt("a1"), None), (attempt("a1"), None), (attempt("a2"), "k"), (attempt("a3"), "k")) == 2


def test_more_facts_than_one_query_holds_are_all_projected(store: Store) -> None:
    assert append(store, *((attempt(f"a{n:04d}"), f"row-{n}") for n in range(1203))) == 1203
    assert append(store, *((attempt(f"b{n:04d}"), f"row-{n}") for n in range(1204))) == 1
    with store.read() as unit:
        assert unit.facts.standings("c", dt.UTC)["H1"].attempts == 1204


def test_a_fact_of_an_unknown_household_is_refused_whole(store: Store) -> None:
    stranger = Attempt("a2", "H9", "visit", "", AT, Disposition.INFORMED)
    with pytest.raises(KeyError):
        append(store, (attempt("a1"), None), (stranger, None))
    with store.read() as unit:
        assert list(unit.facts.attempts("c")) == []


def test_facts_come_back_as_they_were_written(store: Store) -> None:
    made = attempt("a1", person=1, left=("card", "letter"), note="下次=带材料", corrects="a0")
    append(store, (made, "row"))
    with store.read() as unit:
        assert list(unit.facts.attempts("c")) == [made]
        assert list(unit.facts.attempts("c", "H2")) == []
        assert list(unit.facts.attempts("other")) == []


def test_instants_keep_their_millisecond_and_refuse_to_be_without_a_zone() -> None:
    for ms in range(1_109_638_800_000, 1_109_638_803_000, 7):
        assert to_ms(from_ms(ms, ZONE)) == ms
    with pytest.raises(ValueError, match="zone"):
        to_ms(dt.datetime(2005, 3, 1))  # noqa: DTZ001
