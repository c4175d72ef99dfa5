"""Rotas that cannot be: the rules named really clash, each of them is needed, and every way out is one."""

import datetime as dt
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.errors import BadInput
from outreach.planning.rota import (
    WHOLE_CELLS,
    Clash,
    Rota,
    Rule,
    Rules,
    Shift,
    Step,
    Wish,
    Worker,
    check_rota,
    plan_rota,
)
from outreach.planning.rota_lines import lay_board
from tests.planning.rotas import FIRST, shift

Town = tuple[list[Shift], list[Worker], Rules]


def clash_of(town: Town) -> Clash:
    clash = plan_rota(*town, seconds=3)
    assert isinstance(clash, Clash), clash
    return clash


def without(town: Town, rule: Rule, by: int = 99) -> Town:
    """The town with one rule given up, or eased by so much."""
    shifts, workers, rules = town
    worker = next((one for one in workers if one.code == rule.worker), None)
    key = rule.shift
    match rule.kind:
        case "heads":
            shifts = [replace(s, heads=max(0, s.heads - by), at_most=s.room) if s.key == key else s for s in shifts]
        case "skill":
            shifts = [
                replace(s, skills={k: n - by if k == rule.skill else n for k, n in s.skills.items()})
                if s.key == key
                else s
                for s in shifts
            ]
        case "lock":
            rules = replace(rules, locked={c: v for c, v in rules.locked.items() if c != (rule.worker, key)})
        case "apart":
            rules = replace(rules, apart=())
        case "together":
            rules = replace(rules, together=())
        case "rest":
            rules = replace(rules, rest=dt.timedelta())
        case "leave":
            assert worker is not None
            worker = replace(worker, away=frozenset(d for d in worker.away if not rule.first <= d <= rule.last))  # type: ignore[operator]
        case "hours":
            assert worker is not None
            worker = replace(worker, hours=None)
        case "most":
            assert worker is not None
            worker = replace(worker, most=rule.count + by)
        case "least":
            assert worker is not None
            worker = replace(worker, least=max(0, rule.count - by))
        case "day":
            rules = replace(rules, most_a_day=9)
        case _:
            raise AssertionError(rule)
    return shifts, [worker if worker and one.code == worker.code else one for one in workers], rules


def tomorrow(number: int = 0) -> frozenset[dt.date]:
    return frozenset({FIRST + dt.timedelta(days=number)})


CLASHES: dict[str, tuple[Town, set[str]]] = {
    "leave": (([shift(0, 8, 13, 2)], [Worker("A"), Worker("B", away=tomorrow())], Rules()), {"heads", "leave"}),
    "hours": (
        ([shift(0, 18, 22)], [Worker("A", hours=(dt.time(8), dt.time(17)))], Rules()),
        {"heads", "hours"},
    ),
    "two places": (
        ([shift(0, 8, 13), shift(0, 8, 13, place="station")], [Worker("A")], Rules(most_a_day=2)),
        {"heads", "places"},
    ),
    "skill": (
        ([shift(0, 8, 13, 1, skills={"policy": 1}), shift(0, 8, 13, 1, "station", skills={"policy": 1})],
         [Worker("A", frozenset({"policy"})), Worker("B")], Rules()),
        {"skill", "places"},
    ),
    "rest": (([shift(0, 14, 23), shift(1, 7, 12)], [Worker("A")], Rules()), {"heads", "rest"}),
    "pairs": (
        ([shift(0, 8, 13, 2)], [Worker("A"), Worker("B")], Rules(apart=(("A", "B"),))),
        {"heads", "apart"},
    ),
    "a lock in leave": (
        ([shift(0, 8, 13)], [Worker("A", away=tomorrow()), Worker("B")], Rules(locked={("A", "0-8-hall"): True})),
        {"lock", "leave"},
    ),
    "most": (([shift(day, 8, 13) for day in range(3)], [Worker("A", most=2)], Rules()), {"heads", "most"}),
    "least": (([shift(0, 8, 13)], [Worker("A", least=1), Worker("B", least=1)], Rules()), {"full", "least"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASHES)
def test_a_clash_names_its_rules_by_kind_person_and_shift(name: str) -> None:
    town, kinds = CLASHES[name]
    clash = clash_of(town)
    assert {rule.kind for rule in clash.rules} == kinds
    assert clash.irreducible
    assert clash.smallest
    assert clash.ways


def test_leave_is_named_with_its_first_and_last_day() -> None:
    away = frozenset(FIRST + dt.timedelta(days=day) for day in (0, 1, 2, 5))
    clash = clash_of(([shift(1, 8, 13)], [Worker("G07", away=away)], Rules()))
    assert Rule("leave", "G07", first=FIRST, last=FIRST + dt.timedelta(days=2)) in clash.rules
    assert len(clash.rules) == 2


@pytest.mark.parametrize("name", sorted(set(CLASHES) - {"two places", "skill", "least"}))
def test_without_any_one_of_the_named_rules_the_rest_can_hold(name: str) -> None:
    town, _kinds = CLASHES[name]
    for rule in clash_of(town).rules:
        assert isinstance(plan_rota(*without(town, rule), seconds=3), Rota), rule


@pytest.mark.parametrize("name", sorted(set(CLASHES) - {"two places", "skill", "least"}))
def test_every_way_out_makes_a_rota_possible_and_costs_what_it_says(name: str) -> None:
    town, _kinds = CLASHES[name]
    ways = clash_of(town).ways
    assert [way.cost for way in ways] == sorted(way.cost for way in ways)
    assert len({frozenset(step.rule.kind for step in way.steps) for way in ways}) == len(ways)
    for way in ways:
        assert way.proven
        assert way.cost == sum(Rules().cost(step.rule.kind) * step.by for step in way.steps)
        eased = town
        for step in way.steps:
            eased = without(eased, step.rule, step.by)
        assert isinstance(plan_rota(*eased, seconds=3), Rota), way
        assert {step.rule for step in way.steps} == set(check_rota(*town, way.on))


def test_an_extra_shift_goes_before_somebodys_leave() -> None:
    shifts = [shift(day, 8, 13) for day in range(3)]
    workers = [Worker("A", most=2), Worker("B", away=frozenset(one.day for one in shifts))]
    first, *others = clash_of((shifts, workers, Rules())).ways
    assert first.steps == (Step(Rule("most", "A", count=2), 1),)
    assert {step.rule.kind for way in others for step in way.steps} >= {"heads"}
    dear = clash_of((shifts, workers, Rules(costs={"most": 90}))).ways[0]
    assert {step.rule.kind for step in dear.steps} == {"heads"}


def test_nobody_is_ever_sent_to_two_places() -> None:
    town, _kinds = CLASHES["two places"]
    for way in clash_of(town).ways:
        assert not {"places", "travel"} & {step.rule.kind for step in way.steps}


def test_a_clash_late_in_a_long_rota_is_found_without_solving_the_rest_again() -> None:
    shifts = [shift(day, hour, hour + 5) for day in range(120) for hour in (8, 13)]
    workers = [Worker(f"Y{n:02}", away=tomorrow(101), most_a_week=2) for n in range(40)]
    clash = plan_rota(shifts, workers, Rules(), seconds=0.5)
    assert isinstance(clash, Clash)
    assert len(shifts) * len(workers) > WHOLE_CELLS
    assert {rule.shift for rule in clash.rules if rule.kind == "heads"} <= {"101-8-hall", "101-13-hall"}
    assert {rule.kind for rule in clash.rules} == {"heads", "leave"}


def test_a_clash_in_one_week_of_a_month_is_found_there() -> None:
    shifts = [shift(day, 8, 13, 2) for day in range(28)]
    workers = [Worker(f"Y{n}", away=tomorrow(17) if n else frozenset()) for n in range(4)]
    clash = clash_of((shifts, workers, Rules()))
    assert {rule.shift for rule in clash.rules if rule.kind == "heads"} == {"17-8-hall"}
    assert sorted(rule.worker for rule in clash.rules if rule.kind == "leave") == ["Y1", "Y2", "Y3"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([8, 13, 18]), st.integers(1, 2)),
        min_size=1,
        max_size=3,
        unique_by=lambda slot: slot[:2],
    ),
    st.lists(st.tuples(st.none() | st.integers(0, 2), st.sets(st.integers(0, 2), max_size=2)), min_size=2, max_size=3),
    st.booleans(),
)
def test_against_every_rota_there_is_a_clash_is_smallest_and_its_first_way_cheapest(
    slots: list[tuple[int, int, int]], terms: list[tuple[int | None, set[int]]], apart: bool
) -> None:
    shifts = [shift(day, hour, hour + 4, heads) for day, hour, heads in slots]
    workers = [
        Worker(f"Y{n}", most=most, away=frozenset(FIRST + dt.timedelta(days=day) for day in days))
        for n, (most, days) in enumerate(terms)
    ]
    rules = Rules(apart=(("Y0", "Y1"),) if apart else ())
    board = lay_board(shifts, workers, rules, everyone=True)
    codes = [worker.code for worker in workers]
    heads = [some for size in range(len(codes) + 1) for some in combinations(codes, size)]
    broken = [
        {line.rule: by for line, by in board.broken(dict(zip([one.key for one in shifts], picks, strict=True)))}
        for picks in product(heads, repeat=len(shifts))
    ]
    plan = plan_rota(shifts, workers, rules, seconds=3)
    if isinstance(plan, Rota):
        assert {} in broken
        return
    assert {} not in broken
    assert all(set(plan.rules) & set(some) for some in broken)
    for rule in plan.rules:
        assert any(not (set(plan.rules) - {rule}) & set(some) for some in broken), rule
    assert plan.smallest
    every = sorted({rule for some in broken for rule in some}, key=str)
    for fewer in combinations(every, len(plan.rules) - 1):
        assert any(not set(fewer) & set(some) for some in broken), fewer
    costs = [
        sum(rules.cost(rule.kind) * by for rule, by in some.items())
        for some in broken
        if all(rules.cost(rule.kind) for rule in some)
    ]
    assert plan.ways[0].cost == min(costs)


ONE, ANN = shift(0, 8, 13), Worker("A")


@pytest.mark.parametrize(
    ("shifts", "workers", "rules", "words"),
    [
        ([], [ANN], Rules(), "there is no shift to fill"),
        ([ONE], [], Rules(), "nobody to take a shift"),
        ([ONE, ONE], [ANN], Rules(), "shift 0-8-hall: it is there 2 times"),
        ([ONE], [ANN, ANN], Rules(), "officer A: is there 2 times"),
        ([shift(0, 13, 8)], [ANN], Rules(), "ends before it begins"),
        ([shift(0, 8, 13, 2)], [ANN], Rules(), "needs 2 heads, but there are 1 officers"),
        ([shift(0, 8, 13, -1)], [ANN], Rules(), "it needs -1 heads"),
        ([shift(0, 8, 13, 1, at_most=0)], [ANN], Rules(), "may have 0 at most"),
        ([shift(0, 8, 13, skills={"policy": 1})], [ANN], Rules(), "the skill policy, which none"),
        ([shift(0, 8, 13, skills={"": 2})], [ANN], Rules(), "has room for 1"),
        ([ONE], [ANN], Rules(locked={("B", ONE.key): True}), "officer B is not among those"),
        ([ONE], [ANN], Rules(locked={("A", "x"): True}), "there is no shift x"),
        ([ONE], [ANN], Rules(apart=(("A", "C"),)), "officer C is not among those"),
        ([ONE], [ANN], Rules(together=(("A", "A"),)), "A is paired with itself"),
        ([ONE], [ANN, Worker("B")], Rules(apart=(("A", "B"),), together=(("B", "A"),)), "both apart and together"),
        ([ONE], [ANN], Rules(wishes=(Wish("A", "x"),)), "there is no shift x"),
        ([ONE], [ANN], Rules(most_a_day=0), "at most 0 are allowed"),
        ([ONE], [ANN], Rules(aims=(("joy",),)), "joy is not an aim"),
        ([ONE], [ANN], Rules(costs={"joy": 1}), "joy = 1 is not the cost of a rule"),
        ([ONE], [Worker("A", share=0)], Rules(), "the share of a post is 0 %"),
        ([ONE], [Worker("A", hours=(dt.time(9), dt.time(9)))], Rules(), "no time at all"),
        ([ONE], [Worker("A", least=3, most=2)], Rules(), "at least 3 and may have 2 at most"),
        ([ONE], [Worker("A", most=-1)], Rules(), "has a limit of -1"),
    ],
)
def test_what_no_rota_could_be_is_told_before_solving(
    shifts: list[Shift], workers: list[Worker], rules: Rules, words: str
) -> None:
    with pytest.raises(BadInput) as caught:
        plan_rota(shifts, workers, rules)
    assert words in str(caught.value)


def test_cells_set_by_hand_are_checked_by_rule() -> None:
    workers = [Worker("A", away=tomorrow()), Worker("B", barred=frozenset({ONE.key}))]
    assert [rule.kind for rule in check_rota([ONE], workers, Rules(), {ONE.key: ("A",)})] == ["leave"]
    assert [rule.kind for rule in check_rota([ONE], workers, Rules(), {ONE.key: ("B",)})] == ["barred", "heads"]
    assert [rule.kind for rule in check_rota([ONE], workers, Rules(), {})] == ["heads"]
    with pytest.raises(BadInput, match="officer Z is not among"):
        check_rota([ONE], workers, Rules(), {ONE.key: ("Z",)})
