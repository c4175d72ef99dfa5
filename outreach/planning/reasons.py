"""Why each household has its base, found when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from outreach.planning.flow import Ints
from outreach.planning.groups import Group
from outreach.planning.terms import Home, Pull, Why
from outreach.planning.town import Limits
from outreach.planning.ways import UNITS_PER_METRE, Ways


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """What each base (column) got and might have got. load: in what shares are counted in. kept: of those it had."""

    counts: Ints
    hard: Ints
    load: Ints
    kept: Ints
    limits: Limits

    def full(self, group: Group) -> np.typing.NDArray[np.bool_]:
        """Which bases have no place left for a household of this group."""
        full = (self.counts >= self.limits.most) | (self.load + group.minutes > self.limits.high)
        return full | (self.hard >= self.limits.hard_high) if group.hard else full

    def needs(self, column: int, group: Group) -> bool:
        """Whether the base would fall below its share without a household of this group."""
        return bool(
            self.load[column] - group.minutes < self.limits.low[column]
            or (group.hard and self.hard[column] <= self.limits.hard_low[column])
        )


class Reasons(Mapping[str, Why]):
    """One Why a household, in order of their keys; those of households that are alike are the same object."""

    def __init__(
        self,
        base_of: Mapping[str, str],
        groups: Sequence[Group],
        bases: Sequence[str],
        ways: Ways,
        loads: Loads,
        pulls: Mapping[tuple[str, str], Pull],
    ) -> None:
        """bases: keys of the columns; base_of: the plan."""
        self._base_of, self._groups, self._bases = base_of, groups, bases
        self._ways, self._loads, self._pulls = ways, loads, pulls
        self._column = {base: number for number, base in enumerate(bases)}
        self._found: dict[tuple[int, str, str, Pull | None], Why] = {}
        self._place: dict[str, tuple[int, Home]] = {}

    def __len__(self) -> int:
        return len(self._base_of)

    def __iter__(self) -> Iterator[str]:
        return iter(self._base_of)

    def __getitem__(self, key: str) -> Why:
        if not self._place:
            for number, group in enumerate(self._groups):
                self._place |= {home.key: (number, home) for home in group.homes}
        number, home = self._place[key]
        own = self._base_of[key]
        pull = self._pulls.get((key, own))
        kind = (number, own, home.holder, pull)
        if kind not in self._found:
            self._found[kind] = self._why(self._groups[number], own, home.holder, pull)
        return self._found[kind]

    def __repr__(self) -> str:
        return f"<reasons of {len(self)} households>"

    def _why(self, group: Group, own: str, holder: str, pull: Pull | None) -> Why:
        every = self._ways.block(np.array([group.row]))[0]
        row = every.copy()
        row[list(group.barred)] = np.inf
        column = self._column[own]
        distance = row[column]
        rank = 1 + int((row < distance).sum())
        # Of several bases equally near, the home's own counts as the nearest.
        nearest = column if rank == 1 else int(row.argmin())
        nearest_m = row[nearest] / UNITS_PER_METRE
        others = row.copy()
        others[nearest] = np.inf
        after = int(others.argmin())
        full = self._loads.full(group)
        nearer_full = (row < distance) & full
        shut = min(group.barred, key=lambda at: (every[at], at), default=-1)
        return Why(
            distance_m=float(distance / UNITS_PER_METRE),
            rank=rank,
            nearest=self._bases[nearest],
            nearest_m=float(nearest_m),
            nearest_count=int(self._loads.counts[nearest]),
            nearest_hard=int(self._loads.hard[nearest]),
            nearest_full=bool(full[nearest]),
            base_needed=self._loads.needs(column, group),
            next=self._bases[after] if others[after] < np.inf else "",
            next_m=float(others[after] / UNITS_PER_METRE) if others[after] < np.inf else 0.0,
            barred=self._bases[shut] if shut >= 0 and every[shut] < row[nearest] else "",
            barred_m=float(every[shut] / UNITS_PER_METRE) if shut >= 0 and every[shut] < row[nearest] else 0.0,
            holder=holder,
            moved=bool(holder) and holder != own,
            gone=bool(holder) and group.holder < 0,
            kept_m=float((distance - row[nearest]) / UNITS_PER_METRE) if holder == own else 0.0,
            pull_m=pull.metres if pull else 0.0,
            pull_why=pull.why if pull else "",
            nearer_full=int(nearer_full.sum()),
            nearer_kept=int((nearer_full & (self._loads.kept > 0)).sum()),
        )
