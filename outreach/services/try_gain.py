"""What learnt hours would be worth: a SIMULATION on the campaign's households, with everything it assumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from outreach.domain.people import Difficulty
from outreach.errors import Conflict
from outreach.messages import _
from outreach.planning.holidays import work_calendar
from outreach.planning.returns import return_windows
from outreach.planning.simulate import door_share
from outreach.planning.tries import DayClass
from outreach.planning.try_simulation import (
    AT_WORK,
    CHECKPOINTS,
    EFFORT,
    FREE,
    FRIDAY,
    HABIT,
    LEAST,
    LUNCH,
    MOST,
    NOT_AT_WORK,
    POLICIES,
    RETURNED,
    Played,
    Scene,
    play,
)
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, Progress, no_progress
from outreach.services.plan_file import load_plan
from outreach.services.try_records import kind_of, refuse_unknown_days


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure over all seeds: its mean, and the least and most."""

    mean: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class PolicyGain:
    """One way of choosing when to knock. found: households found after each of the checkpoints' tries.

    hours: shares of its tries by class of day and band.
    """

    policy: str
    tries: Spread
    found: tuple[Spread, ...]
    per_100: Spread
    hours: dict[str, float]


@dataclass(frozen=True, slots=True)
class Gain:
    """A simulation's outcome. simulated is always true. checkpoints: tries after which the found are counted."""

    simulated: bool
    campaign: str
    households: int
    tries: int
    seeds: tuple[int, ...]
    checkpoints: tuple[int, ...]
    policies: tuple[PolicyGain, ...]
    provisional: bool
    assumptions: tuple[str, ...]


def simulate_gain(
    office: Office, campaign_name: str, *, each: float = 2.0, seeds: int = 5, progress: Progress = no_progress
) -> Gain:
    """Play every policy with every seed over the campaign's days. each: tries for every household, on average.

    Raises Conflict where the roster holds no households, BadInput for days whose holidays nobody knows.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    plan = load_plan(office.workspace, campaign_name)
    calendar = work_calendar()
    refuse_unknown_days(calendar, campaign.starts, campaign.ends)
    with office.store.read() as unit:
        homes = {home.code: kind_of(home) for home in unit.tries.homes(campaign.name)}
    if not homes:
        raise Conflict.at(
            _("the roster"), _("holds no households"), _("import it with 'outreach household import FILE'")
        )
    scene = Scene(
        first=campaign.starts,
        last=campaign.ends,
        calendar=calendar,
        windows=return_windows(calendar, range(campaign.starts.year, campaign.ends.year + 1), plan.tries.returns),
        bands=plan.tries.hours,
        homes=homes,
        prior=plan.tries.prior,
        tries=round(each * len(homes)),
    )
    numbers = tuple(range(1, seeds + 1))
    played: dict[str, list[Played]] = {policy: [] for policy in POLICIES}
    for done, (seed, policy) in enumerate((seed, policy) for seed in numbers for policy in POLICIES):
        progress(done, seeds * len(POLICIES))
        played[policy].append(play(scene, policy, seed))
    progress(seeds * len(POLICIES), seeds * len(POLICIES))
    return Gain(
        simulated=True,
        campaign=campaign.name,
        households=len(homes),
        tries=scene.tries,
        seeds=numbers,
        checkpoints=tuple(round(share * scene.tries) for share in CHECKPOINTS),
        policies=tuple(_gain(scene, policy, runs) for policy, runs in played.items()),
        provisional=calendar.is_provisional(campaign.starts, campaign.ends),
        assumptions=_assumptions(),
    )


def _gain(scene: Scene, policy: str, runs: Sequence[Played]) -> PolicyGain:
    total = sum(run.tries for run in runs)
    hours: dict[str, float] = {}
    for run in runs:
        for (column, number), tries in run.hours.items():
            key = f"{column.day_class} {scene.bands[number]}"
            hours[key] = hours.get(key, 0.0) + tries
    return PolicyGain(
        policy=policy,
        tries=_spread([run.tries for run in runs]),
        found=tuple(_spread([run.found[mark] for run in runs]) for mark in range(len(CHECKPOINTS))),
        per_100=_spread([100 * run.found[-1] / max(run.tries, 1) for run in runs]),
        hours={key: round(tries / max(total, 1), 4) for key, tries in sorted(hours.items())},
    )


def _spread(values: Sequence[float]) -> Spread:
    return Spread(round(fmean(values), 2), round(min(values), 2), round(max(values), 2))


def policy_label(policy: str) -> str:
    """A way of choosing when to knock, in words."""
    return {
        "office": _("office hours, Monday to Friday"),
        "evening": _("evenings, Monday to Thursday"),
        "evening_home": _("evenings, migrants only when they are back"),
        "learnt": _("learnt hours (as 'contact due')"),
    }[policy]


def _assumptions() -> tuple[str, ...]:
    """What is invented, in sentences; the figures are those of planning/try_simulation.py."""
    office, evening = (round(100 * door_share(evening=late, migrant=False)) for late in (False, True))
    away_office, away_evening = (round(100 * door_share(evening=late, migrant=True)) for late in (False, True))
    return (
        _(
            "everything is SIMULATED: chances of finding somebody are invented, as in the demonstration's year: "
            "{office} of 100 in office hours, {evening} of 100 on working-day evenings",
            office=office,
            evening=evening,
        ),
        _(
            "who works by day is found {at_work:g} times as often in office hours, who does not {free:g} times; at "
            "noon the chance is {lunch:g} of the way to the evening's; on Friday evenings it is {friday:g} of others'",
            at_work=AT_WORK,
            free=NOT_AT_WORK,
            lunch=LUNCH,
            friday=FRIDAY,
        ),
        _(
            "of 100 in the morning, at noon, afternoon and evening: at weekends {weekend}, on holidays {holiday}",
            weekend=_percents(DayClass.WEEKEND),
            holiday=_percents(DayClass.HOLIDAY),
        ),
        _(
            "migrants who are away: {office} and {evening} of 100 (relatives); back home {back:g} of the others'",
            office=away_office,
            evening=away_evening,
            back=RETURNED,
        ),
        _(
            "hard cases {hard:g} times, easy ones {easy:g} times these; none below {least} or above {most} of 100",
            hard=EFFORT[Difficulty.HARD],
            easy=EFFORT[Difficulty.EASY],
            least=round(100 * LEAST),
            most=round(100 * MOST),
        ),
        _(
            "each household has habits of its own: its chance at such a time is drawn once from Beta({habit} m, "
            "{habit} (1 - m)) around its kind's chance m; tries are independent given that",
            habit=f"{HABIT:g}",
        ),
        _(
            "every policy has the same number of tries a week, at most one a household and week, at the least-tried "
            "doors first; who was found is not tried again; the learnt one begins without knowing anything"
        ),
        _("officers are free at any band of any day for the learnt policy; walking time is not counted"),
    )


def _percents(day_class: DayClass) -> str:
    return ", ".join(f"{100 * chance:.0f}" for chance in FREE[day_class].values())
