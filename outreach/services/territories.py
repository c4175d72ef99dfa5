"""Giving every household its officer: what is asked of the plan, what it measured, and putting it in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from outreach.domain.campaign import Campaign
from outreach.domain.contact import Attempt, Milestone, Standing, standing
from outreach.domain.people import Difficulty, Household, Officer
from outreach.errors import Conflict
from outreach.messages import _
from outreach.planning.territory import Base, Home, Price, Rules, Territory, Trade, plan_territory, plan_tradeoff
from outreach.planning.walk import walk_order
from outreach.services.absences import officer_code
from outreach.services.campaigns import campaign_folder, load_campaign
from outreach.services.household_codes import not_listed
from outreach.services.office import Office, Progress, no_progress
from outreach.services.plan_file import load_plan
from outreach.services.plan_territory import TerritorySection
from outreach.services.territory_places import bases_of, household_places
from outreach.services.territory_rules import barred_pairs, long_leave, pulls_of, travel_of
from outreach.store.territory import Assigned
from outreach.store.unit import Unit

PRICES: dict[str, tuple[Price, ...]] = {
    "m": ("fewest", 1000.0, 500.0, 200.0, 100.0, 50.0, "free"),
    "min": ("fewest", 20.0, 10.0, 5.0, 2.0, 1.0, "free"),
}
"""The prices of a move at which the table of moves against metres, or minutes, is drawn."""

_COMPARED = 50_000  # homes; beyond, the two comparison plans are left out for their time


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of one assignment beyond the planning file.

    moves: instead of the file's price of a move. away: officers (staff number or post) who get no household this time.
    travel: a table of distances instead of the file's. reason: kept with the plan. dry_run: nothing is put in force.
    """

    moves: Price | None = None
    away: tuple[str, ...] = ()
    travel: Path | None = None
    reason: str = ""
    dry_run: bool = False


PLAIN = Wish()


@dataclass(frozen=True, slots=True)
class PostShare:
    """One post before and after. share: per cent of a full post, 0 on long leave; minutes: of visits, in all."""

    post: str
    officer: str
    name: str
    share: int
    before: int
    after: int
    gained: int
    lost: int
    hard: int
    minutes: int


@dataclass(frozen=True, slots=True)
class AssignmentReport:
    """What an assignment measured. figures: see `Territory`; moved: households whose officer changed.

    unplaced: households without coordinates, put at the middle of their building, compound or community.
    patched: whether officers had no places of their own and got the middles of equal patches of the town.
    unit: what distances are in, 'm' or 'min'. away: staff codes of those who get none because they are away.
    trade: moves against metres, drawn only for a dry run of a plan that changes another.
    """

    figures: Mapping[str, Any]
    moved: int
    unplaced: int
    patched: bool
    unit: str
    posts: tuple[PostShare, ...]
    away: tuple[str, ...]
    trade: tuple[Trade, ...] = ()


@dataclass(frozen=True, slots=True)
class _Question:
    """All that the plan is made from."""

    homes: tuple[Home, ...]
    bases: tuple[Base, ...]
    rules: Rules
    officers: Mapping[str, Officer]
    unplaced: int
    patched: bool
    away: frozenset[str]
    kept: Mapping[str, Any]


def assign_households(
    office: Office, campaign_name: str, progress: Progress = no_progress, wish: Wish = PLAIN
) -> AssignmentReport:
    """Give every household exactly one post by the rules of the planning file, at the least total distance; one commit.

    Where an assignment is in force, as few households change their post as the rules allow, unless the file or the wish
    names another price of a move. Raises Conflict where there are no households or officers, NotFound or BadInput
    for an absent officer or a travel table that is not there or wrong, BadInput where no plan keeps to the rules.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    section = load_plan(office.workspace, campaign.name).territory
    with office.store.read() as unit:
        asked = _question(office, campaign, section, wish, unit)
    progress(20, 100)
    plan = plan_territory(asked.homes, asked.bases, asked.rules, compare=len(asked.homes) <= _COMPARED)
    progress(70, 100)
    measure = "min" if asked.rules.travel is not None and section.travel_unit == "minutes" else "m"
    figures = _figures(plan, {base.key for base in asked.bases if base.share}) | {
        "patched": asked.patched,
        "unplaced": asked.unplaced,
        "unit": measure,
    }
    trade: tuple[Trade, ...] = ()
    holders = {home.key: home.holder for home in asked.homes}
    moved = sum(plan.base_of[key] != holder for key, holder in holders.items())
    if wish.dry_run:
        if any(holders.values()):
            trade = plan_tradeoff(asked.homes, asked.bases, asked.rules, PRICES[measure])
    else:
        with office.store.write() as unit:
            unit.territories.adopt(
                campaign.name,
                office.new_id(),
                office.now(),
                figures,
                plan.base_of,
                {code: asdict(why) for code, why in plan.why.items()},
                unit.rosters.household_ids(),
                wish.reason.strip(),
                asked.kept,
            )
    progress(100, 100)
    away = tuple(sorted(asked.officers[post].code for post in asked.away))
    return AssignmentReport(figures, moved, asked.unplaced, asked.patched, measure, _posts(plan, asked), away, trade)


def _question(office: Office, campaign: Campaign, section: TerritorySection, wish: Wish, unit: Unit) -> _Question:
    homes = walk_order(unit.rosters.households().values())
    officers = unit.rosters.officers()
    if not homes:
        raise Conflict.at(
            _("the roster"), _("holds no households"), _("import it with 'outreach household import FILE'")
        )
    if not officers:
        raise Conflict.at(_("the roster"), _("holds no officers"), _("import them with 'outreach officer import FILE'"))
    holders = {code: row.post for code, row in unit.territories.present(campaign.name).items()}
    gone = {officer_code(unit, name) for name in wish.away}
    gone |= long_leave(unit.absences.in_force(), office.now().date(), section.long_leave_days)
    away = frozenset(post for post, officer in officers.items() if officer.code in gone)
    exclusions = unit.exclusions.all(office.workspace.zone)
    places, unplaced = household_places(homes)
    bases, patched, plane = bases_of(officers, places, away)
    given = wish.travel or (
        campaign_folder(office.workspace, campaign.name) / section.travel if section.travel else None
    )
    rules = Rules(
        balance=section.balance,
        mix=section.mix,
        slack=section.slack,
        moves=section.moves if wish.moves is None else wish.moves,
        travel=travel_of(given, homes, officers, section.travel_unit, away) if given else None,
        pulls=pulls_of(homes, officers, section.convenience),
        barred=barred_pairs(exclusions, officers),
    )
    kept = section.model_dump() | {
        "moves": rules.moves,
        "travel": given.name if given else "",
        "away": sorted(officers[post].code for post in away),
        "exclusions": len(exclusions),
    }
    return _Question(
        tuple(_home(home, index, plane[index], section, holders) for index, home in enumerate(homes)),
        tuple(bases), rules, officers, unplaced, patched and given is None, away, kept,
    )  # fmt: skip


def _home(
    home: Household, door: int, place: tuple[float, float], section: TerritorySection, holders: Mapping[str, str]
) -> Home:
    return Home(
        home.code,
        home.address.building_key,
        home.address.entrance_key,
        *place,
        hard=home.difficulty is Difficulty.HARD,
        door=door,
        minutes=section.minutes.of(home),
        holder=holders.get(home.code, ""),
    )


def _posts(plan: Territory, asked: _Question) -> tuple[PostShare, ...]:
    before = Counter(home.holder for home in asked.homes)
    kept = Counter(home.holder for home in asked.homes if plan.base_of[home.key] == home.holder)
    minutes: Counter[str] = Counter()
    for home in asked.homes:
        minutes[plan.base_of[home.key]] += home.minutes
    return tuple(
        PostShare(
            post,
            officer.code,
            officer.name,
            0 if post in asked.away else officer.share,
            before[post],
            plan.counts[post],
            plan.counts[post] - kept[post],
            before[post] - kept[post],
            plan.hard_counts[post],
            minutes[post],
        )
        for post, officer in sorted(asked.officers.items())
    )


def _figures(plan: Territory, serving: Collection[str]) -> dict[str, Any]:
    """What is told and kept of a plan; counts are of the posts that serve."""
    counts = [plan.counts[post] for post in serving]
    hard_counts = [plan.hard_counts[post] for post in serving]
    return {
        "households": len(plan.base_of),
        "officers": len(plan.counts),
        "mean_m": round(plan.mean_m, 1),
        "nearest_mean_m": round(plan.nearest_mean_m, 1),
        "unmixed_mean_m": None if plan.unmixed_mean_m is None else round(plan.unmixed_mean_m, 1),
        "free_mean_m": None if plan.free_mean_m is None else round(plan.free_mean_m, 1),
        "moves": plan.moves,
        "moves_gone": plan.moves_gone,
        "moves_least": plan.moves_least,
        "fewest": min(counts),
        "most": max(counts),
        "fewest_hard": min(hard_counts),
        "most_hard": max(hard_counts),
        "buildings_split": plan.buildings_split,
        "entrances_split": plan.entrances_split,
        "gap_m": round(plan.gap_m, 1),
        "solve_s": round(plan.solve_s, 3),
    }


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """Everything known of one household: itself, its officer and why, its facts and where it stands.

    holders: of the posts that the reasons name, by post. patched, unit, moves: of the plan in force; moves is the price
    of a move it was made with.
    """

    household: Household
    officer: Officer | None
    assigned: Assigned | None
    holders: Mapping[str, Officer]
    patched: bool
    unit: str
    attempts: tuple[Attempt, ...]
    milestones: tuple[Milestone, ...]
    standing: Standing
    moves: Price = "free"


def show_household(office: Office, campaign_name: str, code: str) -> HouseholdView:
    """One household with its officer, the reason, and its history; raises NotFound."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = unit.rosters.households([code])
        if code not in homes:
            raise not_listed(unit, code)
        officers = unit.rosters.officers()
        assigned = unit.territories.of(campaign.name, code)
        attempts = tuple(unit.facts.attempts(campaign.name, code))
        milestones = tuple(unit.facts.milestones(campaign.name, code))
        plans = unit.territories.plans(campaign.name, office.workspace.zone)
    figures, rules = (plans[-1].figures, plans[-1].rules) if plans else ({}, {})
    return HouseholdView(
        homes[code],
        officers.get(assigned.post) if assigned else None,
        assigned,
        officers,
        bool(figures.get("patched")),
        str(figures.get("unit", "m")),
        attempts,
        milestones,
        standing(attempts, milestones),
        rules.get("moves", "free"),
    )


def present_posts(office: Office, campaign_name: str) -> dict[str, str]:
    """The post of every household that has one, by code."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        return {code: row.post for code, row in unit.territories.present(campaign.name).items()}
