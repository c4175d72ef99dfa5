"""Rotas that keep every rule, by a reading of the plan that knows nothing of how it was made."""

import datetime as dt
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.planning.rota import Clash, Load, On, Rota, Rules, Shift, Wish, Worker, check_rota, plan_rota
from tests.planning.rotas import FIRST, every_rota, faults_of, shift

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)

PLAIN = Rules()


def rota_of(shifts: list[Shift], workers: list[Worker], rules: Rules = PLAIN, seconds: float = 5) -> Rota:
    rota = plan_rota(shifts, workers, rules, seconds=seconds)
    assert isinstance(rota, Rota), rota
    assert faults_of(shifts, workers, rules, rota.on) == []
    return rota


def phone(days: int, heads: int = 1) -> list[Shift]:
    """The phone from 08:00 to 22:00 in three shifts; National Day's week are holidays."""
    return [
        shift(day, *span, heads, holiday=3 <= day <= 9, evening=span[0] == 18, weekend=day % 7 > 4)
        for day in range(days)
        for span in ((8, 13), (13, 18), (18, 22))
    ]


def people(number: int, **terms: object) -> list[Worker]:
    return [Worker(f"Y{place:02}", **terms) for place in range(1, number + 1)]  # type: ignore[arg-type]


@st.composite
def towns(draw: st.DrawFn) -> tuple[list[Shift], list[Worker], Rules]:
    count = draw(st.integers(2, 4))
    codes = [f"Y{place}" for place in range(count)]
    some = st.none() | st.integers(0, 4)
    workers = [
        Worker(
            code,
            draw(st.frozensets(st.sampled_from(["policy", "dialect"]))) | {"counter"},
            frozenset(FIRST + dt.timedelta(days=day) for day in draw(st.sets(st.integers(0, 3), max_size=1))),
            most=draw(some),
            most_a_week=draw(st.none() | st.integers(1, 3)),
            most_in_a_row=draw(st.none() | st.integers(1, 2)),
            share=draw(st.sampled_from([50, 100])),
            held={"holidays": draw(st.integers(0, 2)), "minutes": draw(st.sampled_from([0, 300]))},
        )
        for code in codes
    ]
    spans = [(8, 13), (13, 18), (18, 22), (22, 30)]
    slots = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.sampled_from(spans), st.sampled_from(["hall", "station"])),
            min_size=1,
            max_size=5,
            unique=True,
        )
    )
    shifts = [
        shift(
            day, *span, draw(st.integers(0, min(2, count))), place,
            skills={"counter": draw(st.integers(0, 1))}, holiday=draw(st.booleans()), evening=span[0] == 18,
            kind=str(span[0]), wanted=draw(st.none() | st.integers(0, 2)),
        )
        for day, span, place in slots
    ]  # fmt: skip
    shifts = [one if one.room else replace(one, skills={}) for one in shifts]
    cells = st.tuples(st.sampled_from(codes), st.sampled_from([one.key for one in shifts]))
    pair = st.sampled_from([(codes[0], codes[1])])
    kind = draw(st.sampled_from(["apart", "together", ""]))
    rules = Rules(
        most_a_day=draw(st.integers(1, 2)),
        locked=draw(st.dictionaries(cells, st.booleans(), max_size=1)),
        travel={("hall", "station"): dt.timedelta(hours=draw(st.integers(0, 1)))},
        not_after=frozenset({("18", "8")}) if draw(st.booleans()) else frozenset(),
        published=frozenset(draw(st.sets(cells, max_size=4))),
        wishes=tuple(Wish(code, key) for code, key in draw(st.sets(cells, max_size=2))),
        **({kind: (draw(pair),)} if kind else {}),
    )
    return shifts, workers, rules


@QUICK
@given(towns())
def test_a_plan_keeps_every_rule_and_a_clash_is_none_that_could_be_kept(
    town: tuple[list[Shift], list[Worker], Rules],
) -> None:
    shifts, workers, rules = town
    rota = plan_rota(shifts, workers, rules, seconds=5)
    if isinstance(rota, Rota):
        assert faults_of(shifts, workers, rules, rota.on) == []
        assert check_rota(shifts, workers, rules, rota.on) == ()
        assert all(aim.bound <= aim.value for aim in rota.aims)
    elif all(one.room == one.heads for one in shifts):
        assert all(faults_of(shifts, workers, rules, on) for on in every_rota(shifts, workers))


@QUICK
@given(towns(), st.randoms(use_true_random=False))
def test_the_check_finds_the_same_faults_as_the_independent_reading(
    town: tuple[list[Shift], list[Worker], Rules], random: object
) -> None:
    shifts, workers, rules = town
    on: On = {one.key: tuple(w.code for w in workers if random.random() < 0.5) for one in shifts}  # type: ignore[attr-defined]
    assert bool(check_rota(shifts, workers, rules, on)) == bool(faults_of(shifts, workers, rules, on))


def test_fewest_changes_to_what_was_published_is_really_fewest() -> None:
    shifts = [shift(day, 8, 13, 2) for day in range(3)]
    workers = people(4, most=2)
    first = rota_of(shifts, workers)
    published = frozenset((code, key) for key, codes in first.on.items() for code in codes)
    ill = [replace(w, away=frozenset({FIRST})) if w.code == first.on[shifts[0].key][0] else w for w in workers]
    rules = Rules(published=published)
    again = rota_of(shifts, ill, rules)

    def changes(on: On) -> int:
        return len(published ^ {(code, key) for key, codes in on.items() for code in codes})

    fewest = min(changes(on) for on in every_rota(shifts, ill) if not faults_of(shifts, ill, rules, on))
    assert changes(again.on) == fewest
    assert (again.aims[0].name, again.aims[0].value, again.aims[0].bound) == ("changes", fewest, fewest)


def test_locked_cells_survive_planning_again() -> None:
    shifts, workers = phone(7), people(8)
    locked = {("Y01", shifts[0].key): True, ("Y02", shifts[4].key): True, ("Y03", shifts[8].key): False}
    rota = rota_of(shifts, workers, Rules(locked=locked), seconds=1)
    assert "Y01" in rota.on[shifts[0].key]
    assert "Y02" in rota.on[shifts[4].key]
    assert "Y03" not in rota.on[shifts[8].key]


def test_holidays_go_first_to_those_who_had_fewer_before() -> None:
    shifts = [shift(day, 9, 17, holiday=True) for day in range(3, 6)]
    workers = [Worker("A", held={"holidays": 3}), Worker("B", held={"holidays": 1}), Worker("C")]
    rota = rota_of(shifts, workers)
    assert [rota.loads[code].holidays for code in "ABC"] == [0, 1, 2]
    assert all(aim.proven for aim in rota.aims)


def test_half_a_post_gets_half_the_hours() -> None:
    rota = rota_of([shift(day, 8, 13) for day in range(6)], [Worker("A"), Worker("B", share=50)])
    assert (rota.loads["A"].minutes, rota.loads["B"].minutes) == (1200, 600)


def test_one_who_can_take_no_holiday_does_not_hide_how_the_others_share_them() -> None:
    """The difference of most and least would be the same whether the others had 3 and 1 or 2 and 2."""
    shifts = [shift(day, 9, 17, holiday=True) for day in range(3, 7)]
    away = frozenset(one.day for one in shifts)
    rota = rota_of(shifts, [Worker("A"), Worker("B"), Worker("C", away=away)])
    assert [rota.loads[code].holidays for code in "ABC"] == [2, 2, 0]


def test_one_head_with_two_skills_counts_for_both() -> None:
    both = Worker("A", frozenset({"policy", "dialect"}))
    rota = rota_of([shift(0, 8, 13, skills={"policy": 1, "dialect": 1})], [Worker("B", frozenset({"policy"})), both])
    assert set(rota.on.values()) == {("A",)}


def test_wishes_come_last_and_are_met_where_they_cost_nothing() -> None:
    shifts = [shift(0, 8, 13), shift(1, 8, 13)]
    wishes = (Wish("A", shifts[0].key), Wish("B", shifts[0].key, on=True))
    rota = rota_of(shifts, [Worker("A"), Worker("B")], Rules(wishes=wishes))
    assert list(rota.on.values()) == [("B",), ("A",)]


def test_a_shift_may_like_more_heads_than_it_must_have() -> None:
    shifts = [shift(0, 8, 13, 1, wanted=2), shift(0, 8, 13, 1, "station", wanted=3)]
    rota = rota_of(shifts, people(4))
    assert sorted(map(len, rota.on.values())) in ([1, 3], [2, 2])
    assert rota.aims[0].name == "cover"
    assert rota.aims[0].value == 1


def test_a_late_shift_is_not_followed_by_an_early_one() -> None:
    shifts = [shift(0, 14, 23), shift(1, 7, 12)]
    assert len(set(rota_of(shifts, people(2)).on.values())) == 2
    assert isinstance(plan_rota(shifts, people(1), Rules(), seconds=2), Clash)
    assert isinstance(plan_rota(shifts, people(1), Rules(rest=dt.timedelta(hours=8)), seconds=2), Rota)


def test_a_night_shift_needs_rest_from_its_end_and_touches_leave_on_the_next_day() -> None:
    night, next_evening = shift(0, 22, 30), shift(1, 15, 20)
    assert isinstance(plan_rota([night, next_evening], people(1), Rules(), seconds=2), Clash)
    away = Worker("Y01", away=frozenset({FIRST + dt.timedelta(days=1)}))
    assert not away.can(night)
    assert away.can(shift(0, 18, 24))


def test_the_same_inputs_in_any_order_give_the_same_rota() -> None:
    shifts, workers = phone(7, 2), people(14, most_a_week=4)
    one = rota_of(shifts, workers, seconds=2)
    other = rota_of(shifts[::-1], workers[::-1], seconds=2)
    assert one.repeatable
    assert other.repeatable
    assert one == other


def test_a_long_rota_is_cut_into_weeks_that_hold_together() -> None:
    shifts = phone(70)
    workers = people(45, most_a_week=2, most_in_a_row=2, most_a_month=4, least=2)
    workers[0] = replace(workers[0], most=3)
    rota = rota_of(shifts, workers, Rules(most_in_a_row=3), seconds=0.3)
    assert len(rota.windows) > 1
    assert all(aim.bound <= aim.value for aim in rota.aims)
    shifts_each = [load.shifts for code, load in rota.loads.items() if code != "Y01"]
    assert max(shifts_each) - min(shifts_each) <= 1
    assert rota.loads["Y01"] != Load()
