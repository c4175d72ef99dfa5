"""Giving every household its officer, and saying why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from outreach.domain.contact import Attempt, Milestone, Standing, standing
from outreach.domain.people import Difficulty, Household, Officer
from outreach.errors import Conflict, NotFound
from outreach.messages import _
from outreach.planning.patches import Point, patch_centres
from outreach.planning.territory import Base, Home, Territory, plan_territory, project
from outreach.planning.walk import walk_order
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, Progress, no_progress
from outreach.store.territory import Assigned


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """What an assignment measured. figures: see `Territory`; moved: households whose officer changed.

    unplaced: households without coordinates, put at the middle of their building, compound or community.
    patched: whether officers had no places of their own and got the middles of equal patches of the town.
    """

    figures: Mapping[str, Any]
    moved: int
    unplaced: int
    patched: bool


def assign_households(office: Office, campaign_name: str, progress: Progress = no_progress) -> AssignmentReport:
    """Give every household exactly one post, at the least total distance with equal shares; one commit.

    Raises Conflict where there are no households or officers.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = walk_order(unit.rosters.households().values())
        officers = unit.rosters.officers()
    if not homes:
        raise Conflict.at(
            _("the roster"), _("holds no households"), _("import it with 'outreach household import FILE'")
        )
    if not officers:
        raise Conflict.at(_("the roster"), _("holds no officers"), _("import them with 'outreach officer import FILE'"))
    progress(20, 100)
    places, unplaced = _places(homes)
    bases, patched, plane = _bases(officers, places)
    plan = plan_territory(
        [
            Home(
                home.code,
                home.address.building_key,
                home.address.entrance_key,
                *plane[index],
                hard=home.difficulty is Difficulty.HARD,
                door=index,
            )
            for index, home in enumerate(homes)
        ],
        bases,
    )
    progress(70, 100)
    figures = _figures(plan) | {"patched": patched, "unplaced": unplaced}
    with office.store.write() as unit:
        moved = unit.territories.adopt(
            campaign.name,
            office.new_id(),
            office.now(),
            figures,
            plan.base_of,
            {code: asdict(why) for code, why in plan.why.items()},
            unit.rosters.household_ids(),
        )
    progress(100, 100)
    return AssignmentReport(figures, moved, unplaced, patched)


def _places(homes: Sequence[Household]) -> tuple[list[Point], int]:
    """Each household's longitude and latitude; those without get the middle of the nearest thing that has one."""
    known: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    for home in homes:
        if home.lon is not None and home.lat is not None:
            for depth in range(4):
                known[home.address.building_key[:depth]].append((home.lon, home.lat))
    middles = {key: _middle(points) for key, points in known.items()}
    found: list[Point] = []
    unplaced = 0
    # A roster without any coordinates still has an order: neighbours in it stand next to each other on a line.
    order = {key: rank for rank, key in enumerate(dict.fromkeys(home.address.building_key for home in homes))}
    for home in homes:
        if home.lon is not None and home.lat is not None:
            found.append((home.lon, home.lat))
            continue
        unplaced += 1
        key = home.address.building_key
        nearest = next((middles[key[:depth]] for depth in (3, 2, 1, 0) if key[:depth] in middles), None)
        found.append(nearest or (order[key] * 0.001, 0.0))
    return found, unplaced


def _bases(officers: Mapping[str, Officer], places: Sequence[Point]) -> tuple[list[Base], bool, list[Point]]:
    """The officers' bases and the households' places in one plane, metres.

    Officers who have no coordinates, or all the same, say nothing about who is near whom.
    """
    own = {post: (o.lon, o.lat) for post, o in officers.items() if o.lon is not None and o.lat is not None}
    if len(own) == len(officers) and (len(set(own.values())) > 1 or len(own) == 1):
        posts = list(own)
        plane = project([*places, *((lon, lat) for lon, lat in own.values() if lon is not None and lat is not None)])
        points = plane[len(places) :]
        return [Base(post, *point) for post, point in zip(posts, points, strict=True)], False, plane[: len(places)]
    plane = project(places)
    centres = patch_centres(plane, len(officers))
    return [Base(post, *point) for post, point in zip(sorted(officers), centres, strict=True)], True, plane


def _middle(points: Sequence[Point]) -> Point:
    return (sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points))


def _figures(plan: Territory) -> dict[str, Any]:
    return {
        "households": len(plan.base_of),
        "officers": len(plan.counts),
        "mean_m": round(plan.mean_m, 1),
        "nearest_mean_m": round(plan.nearest_mean_m, 1),
        "unmixed_mean_m": round(plan.unmixed_mean_m, 1),
        "fewest": min(plan.counts.values()),
        "most": max(plan.counts.values()),
        "fewest_hard": min(plan.hard_counts.values()),
        "most_hard": max(plan.hard_counts.values()),
        "buildings_split": plan.buildings_split,
        "entrances_split": plan.entrances_split,
        "gap_m": round(plan.gap_m, 1),
        "solve_s": round(plan.solve_s, 3),
    }


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """Everything known of one household: itself, its officer and why, its facts and where it stands."""

    household: Household
    officer: Officer | None
    assigned: Assigned | None
    nearest: Officer | None
    patched: bool
    attempts: tuple[Attempt, ...]
    milestones: tuple[Milestone, ...]
    standing: Standing


def show_household(office: Office, campaign_name: str, code: str) -> HouseholdView:
    """One household with its officer, the reason, and its history; raises NotFound."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = unit.rosters.households([code])
        if code not in homes:
            raise NotFound.at(code, _("there is no such household"), _("see 'outreach household list'"))
        officers = unit.rosters.officers()
        assigned = unit.territories.of(campaign.name, code)
        attempts = tuple(unit.facts.attempts(campaign.name, code))
        milestones = tuple(unit.facts.milestones(campaign.name, code))
        patched = bool((unit.territories.figures(campaign.name) or {}).get("patched"))
    nearest = officers.get(str(assigned.why.get("nearest"))) if assigned else None
    return HouseholdView(
        homes[code],
        officers.get(assigned.post) if assigned else None,
        assigned,
        nearest,
        patched,
        attempts,
        milestones,
        standing(attempts, milestones),
    )


def present_posts(office: Office, campaign_name: str) -> dict[str, str]:
    """The post of every household that has one, by code."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        return {code: row.post for code, row in unit.territories.present(campaign.name).items()}


def explain_assignment(view: HouseholdView) -> str:
    """Why a household has its officer, in one or two plain sentences."""
    if view.assigned is not None and view.officer is None:
        return _("Nobody holds the post {post}: import the officer who does.", post=view.assigned.post)
    if view.assigned is None or view.officer is None:
        return _("No officer yet: run 'outreach household assign'.")
    if view.patched:
        return _(
            "The officers have no places of their own; the household lies in {name}'s patch.", name=view.officer.name
        )
    why = view.assigned.why
    if why["rank"] == 1:
        return _(
            "{name} is the nearest officer, {distance:.0f} m away.", name=view.officer.name, distance=why["distance_m"]
        )
    facts = {
        "name": view.officer.name,
        "distance": why["distance_m"],
        "nearest": view.nearest.name if view.nearest else why["nearest"],
        "nearest_m": why["nearest_m"],
        "count": why["nearest_count"],
        "hard": why["nearest_hard"],
    }
    first = _("{name} is {distance:.0f} m away; {closer} officers are nearer.", closer=why["rank"] - 1, **facts)
    if why["nearest_full"]:
        second = _(
            "The nearest, {nearest} at {nearest_m:.0f} m, has a full share: {count} households, {hard} of them hard.",
            **facts,
        )
    else:
        second = _(
            "The nearest, {nearest} at {nearest_m:.0f} m, could take one more, but {name} would have too few.",
            **facts,
        )
    return _("{first} {second}", first=first, second=second)
