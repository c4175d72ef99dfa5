"""What a territory plan is asked, and what it answers.

All `*_m` figures are metres, or whatever unit a given travel table uses (metres or minutes of walking alike): prices
of moves and pulls are in that same unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Price = float | Literal["free", "fewest"]
"""What one move must save: metres; "free" (0, but of plans equally short the one with fewer moves);
"fewest" (no move more than the rules force, whatever it costs in metres)."""


@dataclass(frozen=True, slots=True)
class Home:
    """One household as the assignment sees it: where it is, whether it is a hard case, who has it now.

    building, entrance: keys as `Address.building_key` and `Address.entrance_key` give them. x, y: metres in a plane.
    door: place on the walk through the entrance; where an entrance must be divided it is cut in
    this order, then by key. minutes: what its visits take in all; only `Rules.balance` "minutes" looks at it.
    holder: key of the base that has it now, "" for nobody; it need not be among the bases any more.
    """

    key: str
    building: tuple[str, ...]
    entrance: tuple[str, ...]
    x: float
    y: float
    hard: bool
    door: int = 0
    minutes: int = 0
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """Where one officer sets out from; x, y in the plane of the homes, metres.

    share: the part of a full share the post gets, 0 for nobody (long leave). most: at most so many households.
    """

    key: str
    x: float
    y: float
    share: float = 1.0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Pull:
    """A convenience that makes a base count as so many metres nearer to a household.

    why: the reason in a word or two, given back as it came.
    """

    metres: float
    why: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a plan must keep to and what it may trade.

    balance: shares are equal in households, or in minutes of visits. mix: hard cases are shared out like the whole.
    slack: per cent by which a base may stray from its share beyond rounding. moves: see `Price`.
    travel: {building: {base: metres or minutes}} instead of straight lines; every pair must be there, math.inf where
    there is no way. pulls: {(home, base): Pull}. barred: (home, base) pairs that must not be.
    Pairs of pulls and barred that name nobody here are passed over.
    """

    balance: Literal["households", "minutes"] = "households"
    mix: bool = True
    slack: float = 0.0
    moves: Price = "free"
    travel: Mapping[tuple[str, ...], Mapping[str, float]] | None = None
    pulls: Mapping[tuple[str, str], Pull] = field(default_factory=dict)
    barred: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Why:
    """Why a household has its base, in facts. Distances are from the middle of its building, or as travel gives them.

    Open bases are those it may have: not barred, with a share above 0.
    rank: 1 for the nearest open base. nearest, nearest_m, nearest_count, nearest_hard: the nearest open base, how far
    it is, how many homes and hard cases it got. nearest_full: it has no place left for such a household.
    base_needed: the household's own base would fall below its share without it.
    next, next_m: the nearest open base after `nearest`, "" where there is none; "next nearest 140 m further" is
    next_m - nearest_m. barred, barred_m: the nearest base it is barred from that is nearer than `nearest`, or "".
    holder: who had it, or "". moved: it had another base, or had one that is gone. gone: the holder cannot keep it
    (not among the bases, no share, or barred). kept_m: it stays with its holder although the nearest
    is so much nearer; 0 otherwise. pull_m, pull_why: the pull of its base, 0 and "" where there is none.
    nearer_full: how many of the nearer open bases have no place left for such a household. nearer_kept: how many of
    those keep homes they had before, which a price of moves holds there.
    Shares in households: where rank > 1, nearest_full, base_needed, kept_m or pull_m says why,
    or the plan would not be the cheapest.
    """

    distance_m: float
    rank: int
    nearest: str
    nearest_m: float
    nearest_count: int
    nearest_hard: int
    nearest_full: bool
    base_needed: bool
    next: str = ""
    next_m: float = 0.0
    barred: str = ""
    barred_m: float = 0.0
    holder: str = ""
    moved: bool = False
    gone: bool = False
    kept_m: float = 0.0
    pull_m: float = 0.0
    pull_why: str = ""
    nearer_full: int = 0
    nearer_kept: int = 0


@dataclass(frozen=True, slots=True)
class Territory:
    """Who goes to whom, why, and what it costs. Means are per household, from building to base.

    why: made when asked for, so a province of a million needs no million of them; compares as a dict does.
    counts, hard_counts, minutes: per base, bases of share 0 included. asked: each base's exact share (households, or
    minutes under that balance), before rounding. nearest_mean_m: everybody to the nearest open base, counts be what
    they may; no plan is shorter. unmixed_mean_m: the optimum without the hard/easy rule. free_mean_m: the optimum if
    moves cost nothing. The differences to mean_m are the prices of mixing and of staying; both None
    where the plan was made with compare=False. moves: homes that had a base and get another. moves_gone: those of them
    whose holder cannot keep them. moves_least: no plan within the rules has fewer moves, so moves_least - moves_gone
    are forced by the shares. gap_m: proven upper limit of what the whole plan could still
    save, total metres (pulls and move prices counted); 0 is optimal. solve_s: seconds spent on deciding and proving.
    """

    base_of: dict[str, str]
    why: Mapping[str, Why]
    counts: dict[str, int]
    hard_counts: dict[str, int]
    minutes: dict[str, int]
    asked: dict[str, float]
    mean_m: float
    nearest_mean_m: float
    unmixed_mean_m: float | None
    free_mean_m: float | None
    moves: int
    moves_gone: int
    moves_least: int
    buildings_split: int
    entrances_split: int
    gap_m: float
    solve_s: float = field(compare=False)


@dataclass(frozen=True, slots=True)
class Trade:
    """One row of moves against metres: what a plan at this price of a move would be.

    mean_m, gap_m: as in `Territory`.
    """

    price: Price
    moves: int
    mean_m: float
    gap_m: float
