"""How many insertions to buy of each line of a rate card, so that a budget reaches the most people, or most of them
often.

Reach once: by Sainsbury's rule nobody is reached with the probability prod P0_v(n_v), so its logarithm is a sum over
the lines and the most reach is a knapsack over tables of -log P0_v(n). The tables are concave (each further insertion
adds less), so the linear relaxation of G. B. Dantzig (1957) is a bound at once, and CP-SAT closes what is left.

Reach often (three times or more): not submodular. The first two insertions add nothing, so a greedy choice can be
trapped among cheap lines of which it never buys three. With p_k = P_v(seen k times), u = p1/p0 and w = p2/p0,
    P(fewer than 3) = exp(L) (1 + T),  L = sum log p0,  T = U + Z + U^2/2,  U = sum u,  Z = sum (w - u^2/2),
three sums over the lines. CP-SAT minimises L + log(1 + T) where T stands above tangents of the square and the
logarithm is replaced by chords below it: what it proves is a bound for the true curve, and the plan found is measured
by the true one.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from outreach.planning.flights_bound import Relaxation
from outreach.planning.flights_model import Choice, Infeasible, Line, Table
from outreach.planning.flights_search import least_seldom
from outreach.planning.reach import Vehicle, few_curve, reach_of

EFFORT = 8.0
"""How long the search goes on unless told otherwise, in the solver's deterministic seconds: the same on any machine."""

PROVEN = 1e-4
"""A plan is proven best where no other can reach more than one person in ten thousand besides."""

_LEAST = 1e-9
_STEPS = 12


class Aim(StrEnum):
    """What the budget is to bring: most people at all, or most of them three times and more."""

    REACH = "reach"
    REACH3 = "reach3"


@dataclass(frozen=True, slots=True)
class Offer:
    """A line that can be bought. price_fen: of one insertion. room: the most insertions in each period of the plan."""

    price_fen: int
    vehicle: Vehicle
    room: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Insertions of `members` (offer, period) together are at least `least` and at most `most`."""

    members: tuple[tuple[int, int], ...]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Insertions of each offer in each period. value: the share reached, as the aim asks. bound: no plan has more."""

    counts: tuple[tuple[int, ...], ...]
    cost_fen: int
    value: float
    bound: float

    @property
    def totals(self) -> tuple[int, ...]:
        """Insertions of each offer in all periods."""
        return tuple(map(sum, self.counts))

    @property
    def gap(self) -> float:
        """What a better plan could gain at most, as a share of the people."""
        return max(self.bound - self.value, 0.0)

    @property
    def proven(self) -> bool:
        """Whether no plan is better by more than `PROVEN`."""
        return self.gap <= PROVEN


class NoMix(ValueError):
    """No plan keeps the rules within the budget."""


def value_of(offers: Sequence[Offer], totals: Sequence[int], aim: Aim) -> float:
    """The share that so many insertions reach, by the true distributions."""
    reach = reach_of((offer.vehicle, n) for offer, n in zip(offers, totals, strict=True))
    return reach.once if aim is Aim.REACH else reach.often


def plan_mix(
    offers: Sequence[Offer],
    budget_fen: int,
    aim: Aim = Aim.REACH,
    rules: Sequence[Rule] = (),
    *,
    effort: float = EFFORT,
) -> Mix:
    """The best insertions for the budget under the rules, with a bound on any other choice; raises NoMix.

    effort: the solver's deterministic seconds. The same offers give the same plan on one version of OR-tools.
    """
    tables = _tables(offers, budget_fen)
    quick = greedy_mix(offers, budget_fen, aim, rules)
    if aim is Aim.REACH and quick is not None:
        tables = _worth_while(offers, tables, budget_fen, quick)
    lines = [Line(offer.price_fen, offer.room, table) for offer, table in zip(offers, tables, strict=True)]
    sums = [(rule.members, rule.least, rule.most) for rule in rules]
    choice = Choice(lines, budget_fen, sums)
    if quick is not None:
        choice.hint(quick.counts)
    try:
        if aim is Aim.REACH:
            found = choice.least_missed(effort)
        else:
            start = None
            if quick is not None:
                counts = [list(row) for row in quick.counts]
                start = counts, choice.log_seldom(counts)
            found = least_seldom(choice, Relaxation(lines, budget_fen, sums), lines, budget_fen, start, effort)
    except Infeasible as error:
        raise NoMix from error
    bound = 1 - math.exp(found.lowest)
    if found.counts:
        best = _mix(offers, found.counts, aim, bound)
        if quick is None or best.value >= quick.value:
            return best
    if quick is None:
        raise NoMix
    return Mix(quick.counts, quick.cost_fen, quick.value, max(min(bound, quick.bound), quick.value))


def _mix(offers: Sequence[Offer], counts: Iterable[Sequence[int]], aim: Aim, bound: float) -> Mix:
    kept = tuple(tuple(each) for each in counts)
    totals = tuple(map(sum, kept))
    cost = sum(offer.price_fen * n for offer, n in zip(offers, totals, strict=True))
    value = value_of(offers, totals, aim)
    return Mix(kept, cost, value, min(max(bound, value), 1.0))


def _tables(offers: Sequence[Offer], budget_fen: int) -> list[Table]:
    known: dict[tuple[Vehicle, int], Table] = {}
    found = []
    for offer in offers:
        most = sum(offer.room)
        if offer.price_fen:
            most = min(most, budget_fen // offer.price_fen)
        key = offer.vehicle, max(most, 0)
        if key not in known:
            known[key] = _table(*key)
        found.append(known[key])
    return found


def _table(vehicle: Vehicle, most: int) -> Table:
    rows = []
    for none, once, twice in few_curve(vehicle, most):
        base = max(none, _LEAST)
        u = once / base
        rows.append((math.log(base), u, twice / base - u * u / 2))
    return Table(*(tuple(column) for column in zip(*rows, strict=True)))


def greedy_mix(
    offers: Sequence[Offer], budget_fen: int, aim: Aim = Aim.REACH, rules: Sequence[Rule] = ()
) -> Mix | None:
    """Insertions bought one after another, each where a yuan gains most; None where rules ask for a least number.

    For reach the gains only fall, so they are kept in a heap and counted anew when they come up (J. Leskovec's lazy
    CELF, 2007), and the bound is Dantzig's: the same purchases without limits, the last one in part. For reach3 steps
    of up to twelve insertions are weighed at once, against the trap of the first two; its bound says nothing (1).
    """
    if any(rule.least > 0 for rule in rules):
        return None
    tables = _tables(offers, budget_fen)
    if aim is Aim.REACH:
        bound = 1 - math.exp(_dantzig(offers, tables, budget_fen)[0])
        return _mix(offers, _greedy_reach(offers, tables, budget_fen, rules), aim, bound)
    return _mix(offers, _greedy_often(offers, tables, budget_fen, rules), aim, 1.0)


class _Purse:
    """What has been bought, and whether more may be."""

    def __init__(self, offers: Sequence[Offer], budget_fen: int, rules: Sequence[Rule]) -> None:
        self.left = budget_fen
        self.counts = [[0] * len(offer.room) for offer in offers]
        self.totals = [0] * len(offers)
        self._offers = offers
        self._rules: list[list[tuple[list[int], Rule]]] = [[] for _offer in offers]
        for rule in rules:
            total = [0]
            for offer, _period in rule.members:
                if not any(kept is total for kept, _rule in self._rules[offer]):
                    self._rules[offer].append((total, rule))

    def buy(self, offer: int, count: int) -> bool:
        """Buy so many of one offer, in the first periods with room; False and nothing bought where that cannot be."""
        if self._offers[offer].price_fen * count > self.left:
            return False
        bought: list[int] = []
        for _turn in range(count):
            period = next((p for p in range(len(self.counts[offer])) if self._may(offer, p)), None)
            if period is None:
                for back in bought:
                    self._move(offer, back, -1)
                return False
            self._move(offer, period, 1)
            bought.append(period)
        return True

    def _may(self, offer: int, period: int) -> bool:
        if self.counts[offer][period] >= self._offers[offer].room[period]:
            return False
        return all(total[0] < rule.most for total, rule in self._rules[offer] if (offer, period) in rule.members)

    def _move(self, offer: int, period: int, count: int) -> None:
        self.counts[offer][period] += count
        self.totals[offer] += count
        self.left -= count * self._offers[offer].price_fen
        for total, rule in self._rules[offer]:
            if (offer, period) in rule.members:
                total[0] += count


def _greedy_reach(
    offers: Sequence[Offer], tables: Sequence[Table], budget_fen: int, rules: Sequence[Rule]
) -> list[list[int]]:
    purse = _Purse(offers, budget_fen, rules)

    def entry(offer: int) -> tuple[float, int, int] | None:
        n, table = purse.totals[offer], tables[offer].log_none
        if n + 1 >= len(table):
            return None
        return -(table[n] - table[n + 1]) / max(offers[offer].price_fen, 1), offer, n

    heap = [found for offer in range(len(offers)) if (found := entry(offer))]
    heapq.heapify(heap)
    while heap:
        _gain, offer, _n = heapq.heappop(heap)
        if purse.buy(offer, 1) and (found := entry(offer)):
            heapq.heappush(heap, found)
    return purse.counts


def _dantzig(offers: Sequence[Offer], tables: Sequence[Table], budget_fen: int) -> tuple[float, float]:
    """No plan has a lower logarithm of P(not reached) than the first; the second is the gain a fen at the margin.

    Purchases by gain a fen, the last one in part, rules left aside.
    """
    steps = sorted(
        (-(one - two) / max(offer.price_fen, 1), offer.price_fen, one - two)
        for offer, table in zip(offers, tables, strict=True)
        for one, two in pairwise(table.log_none)
    )
    left, gained = budget_fen, 0.0
    for rate, price, gain in steps:
        if price > left:
            return -(gained + gain * left / price), -rate
        left -= price
        gained += gain
    return -gained, 0.0


def _worth_while(offers: Sequence[Offer], tables: Sequence[Table], budget_fen: int, quick: Mix) -> list[Table]:
    """The tables without the insertions that no plan better than `quick` can hold.

    Fixing by reduced costs: a step that costs more at the margin's rate than it gains worsens the relaxation by the
    difference; where that is more than what `quick` falls short of the relaxation, the step is in no better plan, and
    neither are those after it, which gain less.
    """
    lowest, rate = _dantzig(offers, tables, budget_fen)
    short = math.fsum(table.log_none[n] for table, n in zip(tables, quick.totals, strict=True)) - lowest
    found = []
    for offer, table, bought in zip(offers, tables, quick.totals, strict=True):
        kept = next(
            (
                n
                for n, (one, two) in enumerate(pairwise(table.log_none))
                if rate * offer.price_fen - (one - two) > short
            ),
            len(table.log_none) - 1,
        )
        size = max(kept, bought) + 1
        found.append(Table(table.log_none[:size], table.once[:size], table.rest[:size]))
    return found


def _greedy_often(
    offers: Sequence[Offer], tables: Sequence[Table], budget_fen: int, rules: Sequence[Rule]
) -> list[list[int]]:
    purse = _Purse(offers, budget_fen, rules)
    sums = [0.0, 0.0, 0.0]
    shut: set[int] = set()
    while True:
        now = _seldom(*sums)
        best: tuple[float, int, int] | None = None
        for offer, table in enumerate(tables):
            n, price = purse.totals[offer], max(offers[offer].price_fen, 1)
            for step in range(1, min(_STEPS, len(table.once) - 1 - n) + 1):
                if offer in shut or price * step > purse.left:
                    break
                gain = (now - _seldom(*_moved(sums, table, n, n + step))) / (price * step)
                if best is None or gain > best[0]:
                    best = gain, offer, step
        if best is None or best[0] <= 0:
            return purse.counts
        _gain, offer, step = best
        n = purse.totals[offer]
        # Where the whole step does not fit the rules, one insertion may.
        if purse.buy(offer, step) or purse.buy(offer, 1):
            sums = _moved(sums, tables[offer], n, purse.totals[offer])
        else:
            shut.add(offer)


def _moved(sums: Sequence[float], table: Table, old: int, new: int) -> list[float]:
    columns = (table.log_none, table.once, table.rest)
    return [total + column[new] - column[old] for total, column in zip(sums, columns, strict=True)]


def _seldom(log_none: float, once: float, rest: float) -> float:
    """P(seen fewer than three times) from the three sums."""
    return math.exp(log_none) * (1 + once + rest + once * once / 2)
