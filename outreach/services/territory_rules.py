"""What an assignment has to keep to: who is on long leave, convenient or excluded, and how long the ways are."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from outreach.domain.people import Household, Officer
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.intake.travel import TravelRow, read_travel
from outreach.messages import _
from outreach.planning.territory import Pull
from outreach.services.plan_territory import Convenience
from outreach.store.absences import Absence
from outreach.store.exclusions import Exclusion

Building = tuple[str, ...]

_BETWEEN_LANGUAGES = re.compile(r"[、，,;；/ ]+")


def long_leave(absences: Iterable[Absence], day: dt.date, most_days: int) -> frozenset[str]:
    """The staff codes of those away on `day` who stay away for more than `most_days` days from it; none where it is 0.

    Leaves that follow on each other without a day between count as one.
    """
    if not most_days:
        return frozenset()
    until: dict[str, dt.date] = {}
    for absence in sorted(absences, key=lambda one: (one.first, one.last)):
        reach = until.get(absence.officer)
        starts_in_time = absence.first <= day if reach is None else absence.first <= reach + dt.timedelta(days=1)
        if starts_in_time and absence.last >= day:
            until[absence.officer] = max(absence.last, reach or absence.last)
    return frozenset(officer for officer, last in until.items() if (last - day).days + 1 > most_days)


def barred_pairs(exclusions: Iterable[Exclusion], officers: Mapping[str, Officer]) -> frozenset[tuple[str, str]]:
    """(household, post) pairs that must not be, from the exclusions of officers who hold a post."""
    posts = {officer.code: post for post, officer in officers.items()}
    return frozenset((one.household, posts[one.officer]) for one in exclusions if one.officer in posts)


def pulls_of(
    homes: Iterable[Household], officers: Mapping[str, Officer], convenience: Convenience
) -> dict[tuple[str, str], Pull]:
    """What makes an officer count as nearer to a household; the reasons of one pair add up.

    Who lives in the same compound is a neighbour too, but counts once, by the larger figure. A language that all
    officers speak, and a former employer that all share, draw to nobody in particular and are passed over.
    """
    if not any(convenience.model_dump().values()):
        return {}
    compounds, communities, employers, languages = (defaultdict[object, set[str]](set) for _kind in range(4))
    for post, officer in officers.items():
        if officer.compound:
            compounds[officer.community, officer.compound].add(post)
        if officer.community:
            communities[officer.community].add(post)
        if officer.employer:
            employers[officer.employer].add(post)
        for language in officer.languages:
            languages[language].add(post)
    for table in (employers, languages):
        for shared in [key for key, posts in table.items() if len(posts) == len(officers)]:
            del table[shared]
    found: dict[tuple[str, str], Pull] = {}
    for home in homes:
        near = dict.fromkeys(communities[home.address.community], (convenience.neighbourhood, "neighbourhood"))
        for post in compounds[home.address.community, home.address.compound] | compounds["", home.address.compound]:
            near[post] = max(near.get(post, (0.0, "")), (convenience.compound, "compound"))
        reasons: dict[str, list[tuple[float, str]]] = {post: [reason] for post, reason in near.items()}
        for post in set[str]().union(*(employers[person.employer] for person in home.persons if person.employer)):
            reasons.setdefault(post, []).append((convenience.employer, "employer"))
        spoken = _BETWEEN_LANGUAGES.split(home.language) if home.language else ()
        for post in set[str]().union(*(languages[one] for one in spoken)):
            reasons.setdefault(post, []).append((convenience.language, "language"))
        for post, given in reasons.items():
            if metres := sum(amount for amount, _why in given):
                found[home.code, post] = Pull(metres, ",".join(why for amount, why in given if amount))
    return found


def travel_of(
    path: Path,
    homes: Sequence[Household],
    officers: Mapping[str, Officer],
    unit: str = "metres",
    away: Collection[str] = (),
) -> dict[Building, dict[str, float]]:
    """The way from every building to every post by a given table; a row of the building goes before its compound's.

    unit: "metres" or "minutes". away: posts that get no household now.
    Raises BadInput with every fault: a column of nobody, an officer or compound that is missing, a row twice, a row
    without a way to any officer who takes households.
    """
    rows = read_travel(path, unit)
    posts = _posts_of(path, rows[0].costs if rows else {}, officers)
    by_place: dict[tuple[str, str, str], TravelRow] = {}
    faults: list[Fault] = []
    for row in rows:
        first = by_place.setdefault((row.community, row.compound, row.building), row)
        if first is not row:
            faults.append(
                Fault(row.place, _("the row repeats {place}", place=first.place), _("delete one of the two rows"))
            )
    found: dict[Building, dict[str, float]] = {}
    missing: dict[str, None] = {}
    lost: dict[str, str] = {}
    serving = [post for post, officer in officers.items() if officer.share and post not in away]
    for building in dict.fromkeys(home.address.building_key for home in homes):
        community, compound, name = building
        keys = [(where, compound, part) for part in (name, "") for where in (community, "")]
        match = next((by_place[key] for key in keys if key in by_place), None)
        if match is None:
            missing[community + compound] = None
        else:
            found[building] = {post: match.costs[column] for column, post in posts.items()}
            if serving and all(found[building][post] == math.inf for post in serving):
                lost[match.place] = " ".join(filter(None, (community, compound, match.building)))
    faults += [
        Fault(
            path.name, _("has no row for {compound}", compound=name), _("add a row for the compound or its buildings")
        )
        for name in missing
    ]
    faults += [
        Fault(
            place,
            _("there is no way from {compound} to any officer who takes households", compound=name),
            _("write the distance or the minutes to at least one of them in this row"),
        )
        for place, name in lost.items()
    ]
    refuse_if_any(faults, BadInput)
    return found


def _posts_of(path: Path, columns: Iterable[str], officers: Mapping[str, Officer]) -> dict[str, str]:
    """Column -> post. Raises BadInput for a column of nobody, an officer with two or without any."""
    known = {officer.code: post for post, officer in officers.items()} | {post: post for post in officers}
    faults = [
        Fault(
            _("{file}, column '{column}'", file=path.name, column=column),
            _("is neither a post nor the staff number of an officer with one"),
            _("correct the heading, or delete the column"),
        )
        for column in columns
        if column not in known
    ]
    posts = {column: known[column] for column in columns if column in known}
    for post in officers:
        named = [column for column, whose in posts.items() if whose == post]
        if len(named) != 1:
            what = (
                _("officer {code} has the columns {columns}", code=officers[post].code, columns=", ".join(named))
                if named
                else _("has no column for officer {code}", code=officers[post].code)
            )
            mend = _("keep one of them") if named else _("add one, headed {post}", post=post)
            faults.append(Fault(path.name, what, mend))
    refuse_if_any(faults, BadInput)
    return posts
