"""A territory question made ready to be solved: groups, shares, limits, and whether any plan keeps to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outreach.errors import BadInput
from outreach.messages import _
from outreach.planning.balance import exact_shares, household_limits, minute_limits
from outreach.planning.groups import Group, group_homes
from outreach.planning.least import Least, least_moves, least_slack
from outreach.planning.terms import Base, Home, Rules
from outreach.planning.town import Limits, Town, make_town


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """columns: the open bases in order of their keys. shares: exact, a column each, in households or minutes.

    least: the fewest moves; of shares in minutes it is found while solving, and None here.
    """

    groups: Sequence[Group]
    columns: Sequence[Base]
    town: Town
    shares: Sequence[float]
    limits: Limits
    least: Least | None

    def unmixed(self) -> Case:
        """The same without the rule that mixes hard and easy."""
        limits = self.limits.unmixed()
        return replace(self, limits=limits, least=self.least and least_moves(self.groups, limits))


def make_case(homes: Sequence[Home], bases: Sequence[Base], rules: Rules) -> Case:
    """The question of `rules`, which `territory_faults` found none with.

    Raises BadInput where the exclusions leave no plan with shares that equal.
    """
    homes = sorted(homes, key=lambda home: home.key)
    columns = sorted((base for base in bases if base.share > 0), key=lambda base: base.key)
    groups = group_homes(homes, columns, rules)
    town = make_town(groups, columns, rules)
    hard = int(town.size[town.hard].sum())
    if rules.balance == "minutes":
        minutes = int(town.minutes @ town.size)
        shares = exact_shares(minutes, columns, minutes / len(homes))
        limits = minute_limits(shares, len(homes), hard, columns, rules.slack, int(town.minutes.max()))
        return Case(groups, columns, town, shares, limits, None)
    shares = exact_shares(len(homes), columns)

    def limits_at(slack: float) -> Limits:
        return household_limits(shares, hard, columns, slack)

    least = least_moves(groups, limits_at(rules.slack))
    if least.shut_out:
        slack = least_slack(groups, limits_at, rules.slack)
        raise BadInput.at(
            _("exclusions"),
            _("leave {count} households without an officer whose share has room for them", count=least.shut_out),
            _("lift some of them or raise the officers' limits")
            if slack is None
            else _("lift some of them, or allow a slack of {slack} per cent", slack=slack),
        )
    return Case(groups, columns, town, shares, limits_at(rules.slack), least)
