"""Every household gets one officer, in equal shares, and can say why."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from outreach.domain.people import Difficulty
from outreach.errors import Conflict, NotFound
from outreach.services.explanations import explain_assignment
from outreach.services.rosters import import_households, import_officers, list_households
from outreach.services.territories import assign_households, present_posts, show_household


def people(
    town: Any, *, officers: list[dict[str, str]] | None = None, homes: list[dict[str, str]] | None = None
) -> None:
    import_officers(town.office, town.table(officers or town.officer_rows()))
    import_households(town.office, town.table(homes or town.household_rows()))


def without_place(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"经度": "", "纬度": ""} for row in rows]


def test_counts_and_hard_cases_are_equal_within_one(town: Any) -> None:
    posts = present_posts(town.office, "")
    assert len(posts) == 30
    counts = Counter(posts.values())
    assert sorted(counts.values()) == [7, 7, 8, 8]
    hard = Counter(posts[h.code] for h in list_households(town.office) if h.difficulty is Difficulty.HARD)
    assert sorted(hard.values()) == [2, 2, 2, 2]


def test_assigning_again_moves_nobody(town: Any) -> None:
    before = present_posts(town.office, "")
    report = assign_households(town.office, "")
    assert (report.moved, report.unplaced, report.patched) == (0, 0, False)
    assert report.figures["gap_m"] == 0
    assert (report.figures["fewest"], report.figures["most"]) == (7, 8)
    assert present_posts(town.office, "") == before


def test_every_household_can_say_why_it_has_its_officer(town: Any) -> None:
    texts = {}
    for home in list_households(town.office):
        view = show_household(town.office, "", home.code)
        assert view.officer is not None
        assert view.officer.post == present_posts(town.office, "")[home.code]
        texts[home.code] = explain_assignment(view)
        assert texts[home.code].startswith(view.officer.name)
    assert any("is the nearest officer" in text for text in texts.values())
    farther = [text for text in texts.values() if "officers are nearer" in text]
    assert farther
    assert all("full share" in text or "could take one more" in text for text in farther)


def test_a_household_before_the_assignment_says_so(bare_town: Any) -> None:
    people(bare_town)
    view = show_household(bare_town.office, "", "H001")
    assert (view.officer, view.assigned) == (None, None)
    assert explain_assignment(view) == "No officer yet: run 'outreach household assign'."


def test_households_without_coordinates_go_with_their_neighbours(bare_town: Any) -> None:
    rows = bare_town.household_rows()
    homes = [row | {"经度": "", "纬度": ""} if row["户号"] == "H002" else row for row in rows]
    people(bare_town, homes=homes)
    report = assign_households(bare_town.office, "")
    assert (report.unplaced, report.moved) == (1, 30)
    assert set(present_posts(bare_town.office, "")) == {f"H{n:03d}" for n in range(1, 31)}


def test_a_roster_without_any_coordinates_is_shared_out_all_the_same(bare_town: Any) -> None:
    people(bare_town, officers=without_place(bare_town.officer_rows()), homes=without_place(bare_town.household_rows()))
    report = assign_households(bare_town.office, "")
    assert (report.unplaced, report.patched) == (30, True)
    assert sorted(Counter(present_posts(bare_town.office, "").values()).values()) == [7, 7, 8, 8]


def test_officers_without_places_get_the_middles_of_patches(bare_town: Any) -> None:
    people(bare_town, officers=without_place(bare_town.officer_rows()))
    report = assign_households(bare_town.office, "")
    assert report.patched
    # A patch of a quarter of the town is nearer than its far corner.
    assert report.figures["mean_m"] < 3000
    assert explain_assignment(show_household(bare_town.office, "", "H001"))


def test_officers_who_all_set_out_from_one_office_get_patches_too(bare_town: Any) -> None:
    together = [row | {"经度": "113.51", "纬度": "30.91"} for row in bare_town.officer_rows()]
    people(bare_town, officers=together)
    assert assign_households(bare_town.office, "").patched


def test_an_assignment_needs_households_and_officers(bare_town: Any) -> None:
    with pytest.raises(Conflict, match="holds no households"):
        assign_households(bare_town.office, "")
    import_households(bare_town.office, bare_town.table(bare_town.household_rows()))
    with pytest.raises(Conflict, match="holds no officers"):
        assign_households(bare_town.office, "")


def test_an_unknown_household_is_not_found(town: Any) -> None:
    with pytest.raises(NotFound):
        show_household(town.office, "", "H999")
