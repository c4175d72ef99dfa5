"""Which questions to the territory plan have no answer, each with what to change."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from outreach.errors import Fault
from outreach.messages import _
from outreach.planning.terms import Base, Home, Price, Rules

FARTHEST_M = 1e8
"""Coordinates beyond this are no metres on Earth; Gauss-Krueger eastings with their zone reach 4.6e7."""


def territory_faults(homes: Sequence[Home], bases: Sequence[Base], rules: Rules) -> Iterable[Fault]:
    """Everything that is wrong before anything is solved."""
    if not homes:
        yield Fault(_("homes"), _("there is no household to assign"), _("import a roster first"))
    if not bases:
        yield Fault(_("bases"), _("there is no officer to assign to"), _("import the officers first"))
    yield from _place_faults(homes, "household {key}")
    yield from _place_faults(bases, "officer {key}")
    yield from _term_faults(bases)
    yield from _rule_faults(rules)
    if rules.balance == "minutes":
        for home in homes:
            if home.minutes < 1:
                yield Fault(
                    _("household {key}", key=home.key),
                    _("its visits take {minutes} minutes, and shares are to be equal in minutes", minutes=home.minutes),
                    _("give at least 1 minute, or balance by households"),
                )
    if homes and bases:
        yield from _room_faults(homes, bases)
    open_bases = {base.key for base in bases if base.share > 0}
    if rules.travel is not None:
        yield from _travel_faults({home.building for home in homes}, open_bases, rules.travel)
    if rules.barred or rules.travel:
        yield from _exclusion_faults(homes, open_bases, rules)


def _place_faults(places: Sequence[Home] | Sequence[Base], label: str) -> Iterable[Fault]:
    for key, times in Counter(place.key for place in places).items():
        if times > 1:
            yield Fault(_(label, key=key), _("is given {times} times", times=times), _("give it once"))
    for place in places:
        if not (abs(place.x) <= FARTHEST_M and abs(place.y) <= FARTHEST_M):  # false for NaN too
            yield Fault(
                _(label, key=place.key),
                _("has no usable position ({x}, {y})", x=place.x, y=place.y),
                _("give coordinates in metres within {limit} km", limit=round(FARTHEST_M / 1000)),
            )


def _term_faults(bases: Sequence[Base]) -> Iterable[Fault]:
    for base in bases:
        where = _("officer {key}", key=base.key)
        if not 0 <= base.share < math.inf:
            yield Fault(
                where, _("{share} is no share of a post", share=base.share), _("give 1 for a full post, 0 for none")
            )
        if base.most is not None and base.most < 0:
            yield Fault(
                where,
                _("{most} households at most is less than none", most=base.most),
                _("give 0 or more, or leave it out"),
            )


def _rule_faults(rules: Rules) -> Iterable[Fault]:
    where = _("territory rules")
    if rules.balance not in {"households", "minutes"}:
        yield Fault(
            where,
            _("nothing is known of a balance by '{balance}'", balance=rules.balance),
            _("write 'households' or 'minutes'"),
        )
    if not 0 <= rules.slack < math.inf:
        yield Fault(
            where, _("{slack} per cent is no slack", slack=rules.slack), _("give 0 or more, such as 5 for 5 per cent")
        )
    yield from price_faults(rules.moves)
    for (home, base), pull in rules.pulls.items():
        if not 0 <= pull.metres <= FARTHEST_M:
            yield Fault(
                _("household {key}", key=home),
                _("officer {base} cannot count as {metres} m nearer", base=base, metres=pull.metres),
                _("give 0 m or more"),
            )


def price_faults(price: Price) -> Iterable[Fault]:
    """What is wrong with a price of moves."""
    known = price in {"free", "fewest"} if isinstance(price, str) else 0 <= price <= FARTHEST_M
    if not known:
        yield Fault(
            _("territory rules"),
            _("'{price}' is no price of a move", price=price),
            _("write 'free', 'fewest', or the metres one move must save"),
        )


def _room_faults(homes: Sequence[Home], bases: Sequence[Base]) -> Iterable[Fault]:
    present = [base for base in bases if base.share > 0]
    if not present:
        yield Fault(
            _("bases"), _("no officer has a share above 0"), _("give at least one officer a share, or add another")
        )
    elif (room := sum(len(homes) if base.most is None else base.most for base in present)) < len(homes):
        yield Fault(
            _("bases"),
            _("the officers may have {room} households at most, and there are {count}", room=room, count=len(homes)),
            _("raise the officers' limits or add officers"),
        )


def _travel_faults(
    buildings: Iterable[tuple[str, ...]],
    bases: Collection[str],
    travel: Mapping[tuple[str, ...], Mapping[str, float]],
) -> Iterable[Fault]:
    for building in sorted(buildings):
        row = travel.get(building, {})
        where = _("travel table, {building}", building=" ".join(building))
        missing = sorted(set(bases) - set(row))
        if missing:
            yield Fault(
                where,
                _("the way to {base} is missing ({count} missing in all)", base=missing[0], count=len(missing)),
                _("give the way from every building to every officer, or leave the table out"),
            )
        for base in sorted(set(bases) & set(row)):
            if not (0 <= row[base] <= FARTHEST_M or row[base] == math.inf):
                yield Fault(
                    where,
                    _("{value} is no length of the way to {base}", value=row[base], base=base),
                    _("give a number of 0 or more"),
                )


def _exclusion_faults(homes: Sequence[Home], open_bases: Collection[str], rules: Rules) -> Iterable[Fault]:
    shut: defaultdict[str, set[str]] = defaultdict(set)
    for key, base in rules.barred:
        if base in open_bases:
            shut[key].add(base)
    lost = {
        building: {base for base in open_bases if row.get(base) == math.inf}
        for building, row in (rules.travel or {}).items()
    }
    cut_off = {building for building, bases in lost.items() if open_bases and len(bases) == len(open_bases)}
    for building in sorted(cut_off & {home.building for home in homes}):
        yield Fault(
            _("travel table, {building}", building=" ".join(building)),
            _("there is no way to any officer who takes households"),
            _("give the way to at least one of them"),
        )
    for home in homes:
        barred = shut.get(home.key, set()) | lost.get(home.building, set())
        if open_bases and len(barred) == len(open_bases) and home.building not in cut_off:
            yield Fault(
                _("household {key}", key=home.key),
                _("is excluded from every officer, or has no way to the others"),
                _("lift at least one of its exclusions")
                if home.building not in lost or not lost[home.building]
                else _("lift at least one of its exclusions, or give a way to one more officer"),
            )
