"""Every reason a plan can have is told in a plain sentence, with the figures it rests on."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.domain.contact import Standing
from outreach.domain.people import Address, Household, Officer, Person
from outreach.messages import use_language
from outreach.planning.terms import Price
from outreach.services.explanations import explain_assignment
from outreach.services.rosters import import_officers
from outreach.services.territories import HouseholdView, show_household
from outreach.store.territory import Assigned

HOME = Household("H1", Address("城东社区", "槐荫小区", "1"), (Person(1, "张三"),))
HOLDERS = {post: Officer(post.lower(), name, post) for post, name in {"A": "甲", "B": "乙", "C": "丙"}.items()}
FACTS: dict[str, Any] = {
    "distance_m": 400.0, "rank": 1, "nearest": "A", "nearest_m": 400.0, "nearest_count": 117, "nearest_hard": 35,
    "nearest_full": False, "base_needed": False,
}  # fmt: skip


def told(post: str = "A", unit: str = "m", moves: Price = "free", **facts: Any) -> str:
    assigned = Assigned("H1", post, FACTS | facts)
    view = HouseholdView(HOME, HOLDERS[post], assigned, HOLDERS, False, unit, (), (), Standing(), moves)
    return explain_assignment(view)


def test_the_nearest_officer_is_reason_enough() -> None:
    assert told() == "甲 is the nearest officer, 400 m away."
    assert told(unit="min", distance_m=12.0) == "甲 is the nearest officer, 12 min away."


def test_a_full_nearest_officer_is_told_with_how_much_further_the_next_one_is() -> None:
    text = told("C", rank=3, distance_m=700.0, nearest_full=True, next="B", next_m=540.0)
    assert text == (
        "丙 is 700 m away; 2 officers are nearer. The nearest, 甲 at 400 m, has a full share: 117 households, 35 of "
        "them hard. The next nearest is 140 m further."
    )


def test_all_who_are_nearer_and_full_are_counted_and_the_rule_of_fewest_moves_is_named() -> None:
    facts: dict[str, Any] = {"rank": 17, "nearest_full": True, "nearer_full": 16, "nearer_kept": 15}
    text = told("C", moves="fewest", **facts)
    assert (
        "The others who are nearer are full too. 15 of those who are nearer could take it only by giving another"
        in text
    )
    assert "as few households as possible change their officer (moves = fewest)" in text
    assert "counts every change of officer as 500 m (moves = 500)" in told("C", moves=500.0, **facts)
    assert "Whoever is nearer could take it only" in told("C", moves="fewest", **(facts | {"nearer_kept": 16}))
    some = told("C", moves="fewest", **(facts | {"nearer_full": 4, "base_needed": True}))
    assert "3 are full too. The rest could take one more, but 丙 would have too few." in some


def test_the_rule_is_not_named_where_moves_are_free_nobody_kept_anybody_or_a_household_stays() -> None:
    facts: dict[str, Any] = {"rank": 3, "nearest_full": True, "nearer_full": 2, "nearer_kept": 2}
    assert "moves" not in told("C", moves="free", **facts)
    assert "moves" not in told("C", moves=0.0, **facts)
    assert "moves" not in told("C", moves="fewest", **(facts | {"nearer_kept": 0}))
    assert "moves" not in told("C", moves="fewest", kept_m=80.0, holder="C", **facts)


def test_an_officer_who_would_have_too_few_is_told() -> None:
    assert told("B", rank=2, base_needed=True).endswith("甲 at 400 m, could take one more, but 乙 would have too few.")


def test_a_household_that_was_kept_says_what_a_move_would_have_saved() -> None:
    text = told("B", rank=2, distance_m=500.0, kept_m=100.0, holder="B", nearest_full=True)
    assert text.endswith("It stays with 乙, who had it: 甲 is 100 m nearer, which is not worth a move.")
    assert "full share" not in text


def test_what_draws_is_named() -> None:
    text = told("B", rank=2, pull_m=350.0, pull_why="compound,employer")
    assert text.endswith("乙 counts as 350 m nearer: lives in the same compound, worked for the same employer.")


def test_a_nearer_officer_who_is_excluded_is_named() -> None:
    text = told("A", barred="C", barred_m=80.0)
    assert text.endswith("丙, at 80 m, would be nearer but is excluded from this household.")


@pytest.mark.parametrize(
    ("gone", "words"), [(False, "Post B (乙) had it before."), (True, "Post B (乙) had it before and cannot keep it.")]
)
def test_whoever_had_it_before_is_told(gone: bool, words: str) -> None:
    assert told("A", holder="B", moved=True, gone=gone).endswith(words)


def test_facts_of_a_plan_from_before_this_release_are_still_explained() -> None:
    use_language("zh")
    assert told("B", rank=2, nearest_full=True)


def test_a_post_that_nobody_holds_any_more_says_what_to_do(town: Any) -> None:
    with town.office.store.read() as unit:
        code = next(code for code, row in unit.territories.present("town").items() if row.post == "G02")
    import_officers(town.office, town.table([town.officer_rows()[1] | {"岗位": "G09"}]))
    assert explain_assignment(show_household(town.office, "", code)).startswith("Nobody holds the post G02")
