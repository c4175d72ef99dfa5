"""What a rota is planned from: the shifts of the campaign or the phone, who can take each, and the rules."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from outreach.domain.campaign import Campaign
from outreach.domain.people import Officer, skill_code, skill_label
from outreach.errors import BadInput, Conflict, Fault, refuse_if_any
from outreach.messages import _, current_language
from outreach.planning.holidays import work_calendar
from outreach.planning.rota import check_rota
from outreach.planning.rota_terms import Cell, Rules, Shift, Worker
from outreach.services.plan_file import PlanFile
from outreach.services.plan_rota import RotaSection
from outreach.services.rota_shifts import (
    EVENING,
    MOST_SHIFTS,
    Span,
    booth_shifts,
    duty_shifts,
    hours_of,
    is_history,
    place_key,
    planned_shift,
)
from outreach.services.rota_state import RotaKind, Standing, in_scope, latest, published
from outreach.store.rotas import RotaShift
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything a rota is planned from.

    shifts: all of the span by key. kept: those that were published before they began and have begun; they are history
    and stay. around: shifts that stand and are not planned now, near enough for rest and caps, with who is on each;
    planning sees them filled. why: why an officer (staff code) cannot take a shift, '' where that goes without saying.
    provisional: whether the holidays of any of the days are computed, not announced.
    """

    shifts: Mapping[str, RotaShift]
    kept: frozenset[str]
    around: Mapping[str, tuple[RotaShift, tuple[str, ...]]]
    planned: tuple[Shift, ...]
    workers: tuple[Worker, ...]
    rules: Rules
    officers: Mapping[str, Officer]
    why: Mapping[Cell, str]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Gaps:
    """What one officer needs between two shifts. rest: on different days. way: from place to place."""

    rest: dt.timedelta
    way: dt.timedelta

    def too_near(self, one: RotaShift, two: RotaShift) -> bool:
        """Whether two shifts overlap, or leave too little between for the way or for the night's rest."""
        if one.starts < two.ends and two.starts < one.ends:
            return True
        first, second = (one, two) if one.starts < two.starts else (two, one)
        between = second.starts - first.ends
        if between < self.way and place_key(one) != place_key(two):
            return True
        return first.starts.date() != second.starts.date() and between < self.rest


def read_ground(
    unit: Unit, campaign: Campaign, plan: PlanFile, kind: RotaKind, span: Span, now: dt.datetime, where: str
) -> Ground:
    """Gather everything for one rota. where: the planning file, for faults.

    Raises NotFound for an unknown flight, BadInput for officers the planning file names and nobody is, Conflict where
    there is no shift or no officer.
    """
    section: RotaSection = plan.booths if kind is RotaKind.BOOTH else plan.duty
    shifts = booth_shifts(campaign, span) if kind is RotaKind.BOOTH else duty_shifts(campaign, plan, span)
    if not shifts:
        days = _("{first} to {last}", first=span.first, last=span.last)
        raise Conflict.at(campaign.name, _("there is no shift from {days}", days=days), _("choose other days"))
    if len(shifts) > MOST_SHIFTS:
        what = _("{count} shifts are more than can be planned at once", count=len(shifts))
        raise BadInput.at(campaign.name, what, _("plan them in parts with --from and --to"))
    posts = unit.rosters.officers()
    if not posts:
        raise Conflict.at(campaign.name, _("there are no officers"), _("import them with 'outreach officer import'"))
    # Somebody whose share of a post is nothing takes no shifts either.
    officers = {officer.code: officer for officer in posts.values() if officer.share}
    stored = unit.rotas.all(campaign.name, kind, campaign.zone)
    told, newest = published(stored), latest(stored)
    kept = frozenset(shift.key for shift in shifts if is_history(told, shift, now))
    people = _People(posts, officers, section, where)
    lists = _lists(campaign, people, kind, section, {shift.key for shift in shifts}, where)
    refuse_if_any([*people.faults, *_skill_faults(section, officers, where)], BadInput)
    other = RotaKind.DUTY if kind is RotaKind.BOOTH else RotaKind.BOOTH
    elsewhere = published(unit.rotas.all(campaign.name, other, campaign.zone))
    open_shifts = [shift for shift in shifts if shift.key not in kept]
    keys = frozenset(shift.key for shift in open_shifts)
    first, last = _reach(span, section)
    away = unit.absences.days_away(first, last)
    near = dict(_around(newest, span, kept, (first, last), officers, away))
    busy = [*((elsewhere.shifts[key], on) for key, on in elsewhere.on.items()), *near.values()]
    way = dt.timedelta(minutes=plan.booths.way_minutes)
    gaps = Gaps(dt.timedelta(hours=section.rest_hours), way)
    why = dict(_barred(open_shifts, officers, lists, people, busy, gaps))
    every = [*shifts, *(shift for shift, _on in near.values())]
    rules = Rules(
        rest=dt.timedelta(hours=section.rest_hours),
        most_a_day=section.most_a_day,
        apart=people.pairs(section.apart),
        together=people.pairs(section.together),
        travel=dict.fromkeys(itertools.combinations(sorted({place_key(one) for one in every}), 2), way),
        # A lock lapses with the officer's post: nobody can be held to a shift who is not there.
        locked={cell: on for cell, on in newest.locked.items() if cell[1] in keys and cell[0] in officers},
    )
    around = _fitting(near, officers, section, rules)
    why |= {(code, key): "" for key, (_shift, on) in around.items() for code in officers if code not in on}
    held = _held((newest, elsewhere), keys | around.keys(), span.first.year)
    barred: dict[str, set[str]] = {code: set() for code in officers}
    for code, key in why:
        barred[code].add(key)
    workers = tuple(
        _worker(officer, section, away.get(code, frozenset()), frozenset(barred[code]), held.get(code, {}))
        for code, officer in sorted(officers.items())
    )
    if told.shifts.keys() & keys:
        rules = replace(rules, published=_told(told, keys, officers) | _filled(around))
    why |= _leave(unit, open_shifts, workers, span)
    planned = [planned_shift(shift, section) for shift in open_shifts]
    planned += [_full(*filled, section) for filled in around.values()]
    provisional = work_calendar().is_provisional(span.first, span.last)
    by_key = {shift.key: shift for shift in shifts}
    return Ground(by_key, kept, around, tuple(planned), workers, rules, officers, why, provisional)


def _reach(span: Span, section: RotaSection) -> tuple[dt.date, dt.date]:
    """The days whose other shifts matter: for rest, for the weeks and, where there is such a cap, for the months."""
    first, last = (day + dt.timedelta(days=days) for day, days in ((span.first, -3), (span.last, 3)))
    first = min(first, span.first - dt.timedelta(days=span.first.weekday()))
    last = max(last, span.last + dt.timedelta(days=6 - span.last.weekday()))
    if section.most_a_month is not None:
        first = min(first, span.first.replace(day=1))
        last = max(last, (span.last.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1))
    return first, last


def _around(
    newest: Standing,
    span: Span,
    kept: frozenset[str],
    reach: tuple[dt.date, dt.date],
    officers: Mapping[str, Officer],
    away: Mapping[str, frozenset[dt.date]],
) -> Iterator[tuple[str, tuple[RotaShift, tuple[str, ...]]]]:
    """The shifts of the same rota that stand near and are not planned now; those who are not there are left out."""
    for key, shift in newest.shifts.items():
        day = shift.starts.date()
        planned = in_scope(shift, span.first, span.last, span.flight) and key not in kept
        if planned or not reach[0] <= day <= reach[1]:
            continue
        on = tuple(code for code in newest.on[key] if code in officers and day not in away.get(code, ()))
        if on:
            yield key, (shift, on)


def _fitting(
    near: Mapping[str, tuple[RotaShift, tuple[str, ...]]],
    officers: Mapping[str, Officer],
    section: RotaSection,
    rules: Rules,
) -> dict[str, tuple[RotaShift, tuple[str, ...]]]:
    """The shifts near without those whose standing shifts break today's rules among themselves.

    What was told under older rules cannot be undone by planning other days; it must not make them impossible.
    """
    if not near:
        return {}
    workers = [_worker(officer, section, frozenset(), frozenset(), {}) for officer in officers.values()]
    shifts = [_full(*filled, section) for filled in near.values()]
    broken = check_rota(shifts, workers, replace(rules, locked={}), {key: on for key, (_shift, on) in near.items()})
    out = {code for rule in broken for code in (rule.worker, rule.other)}
    left = {key: (shift, tuple(code for code in on if code not in out)) for key, (shift, on) in near.items()}
    return {key: (shift, on) for key, (shift, on) in left.items() if on}


def _full(shift: RotaShift, on: tuple[str, ...], section: RotaSection) -> Shift:
    return replace(planned_shift(shift, section), heads=len(on), skills={})


def _told(told: Standing, keys: Collection[str], officers: Mapping[str, Officer]) -> frozenset[Cell]:
    return frozenset((code, key) for code, key in told.cells() if key in keys and code in officers)


def _filled(around: Mapping[str, tuple[RotaShift, tuple[str, ...]]]) -> frozenset[Cell]:
    return frozenset((code, key) for key, (_shift, on) in around.items() for code in on)


def _worker(
    officer: Officer, section: RotaSection, away: frozenset[dt.date], barred: frozenset[str], held: Mapping[str, int]
) -> Worker:
    return Worker(
        officer.code,
        skills=frozenset((*officer.skills, *officer.languages)),
        away=away,
        barred=barred,
        share=officer.share,
        held=held,
        most=_part(section.most, officer.share),
        most_a_week=_part(section.most_a_week, officer.share),
        most_a_month=_part(section.most_a_month, officer.share),
    )


def _held(standings: Iterable[Standing], skipped: Collection[str], year: int) -> dict[str, dict[str, int]]:
    """What the shifts of the year that stand gave to each officer already; skipped: those the planning sees itself."""
    found: dict[str, dict[str, int]] = {}
    for standing in standings:
        for key, codes in standing.on.items():
            shift = standing.shifts[key]
            if key in skipped or shift.starts.year != year:
                continue
            marks = {
                "holidays": int(bool(shift.holiday)),
                "evenings": int(shift.starts.time() >= EVENING),
                "weekends": int(shift.starts.weekday() >= 5),
                "minutes": round((shift.ends - shift.starts).total_seconds() / 60),
            }
            for code in codes:
                sums = found.setdefault(code, dict.fromkeys(marks, 0))
                for name, count in marks.items():
                    sums[name] += count
    return found


def _part(cap: int | None, share: int) -> int | None:
    """A cap for part of a post, never less than one shift."""
    return None if cap is None else max(1, -(-cap * share // 100))


class _People:
    """Finds the officers a planning file names by staff number or post, and notes those it does not find."""

    def __init__(
        self, posts: Mapping[str, Officer], officers: Mapping[str, Officer], section: RotaSection, where: str
    ) -> None:
        self._codes = {code: code for code in officers} | {post: officer.code for post, officer in posts.items()}
        self._where = where
        self.faults: list[Fault] = []
        self.unavailable = [(self.code(one.officer), one) for one in section.unavailable]

    def code(self, name: str) -> str:
        """The staff code; '' with a fault noted where nobody is called so."""
        if name not in self._codes:
            what = _("there is no officer '{code}'", code=name)
            fault = Fault(self._where, what, _("correct the staff number or post; see 'outreach officer list'"))
            if fault not in self.faults:
                self.faults.append(fault)
        return self._codes.get(name, "")

    def known(self, names: Iterable[str]) -> frozenset[str]:
        """The staff codes of those there are; a flight's list may name posts that are vacant."""
        return frozenset(self._codes[name] for name in names if name in self._codes)

    def pairs(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Pairs as staff codes."""
        return tuple((self.code(one), self.code(two)) for one, two in pairs)


def _skill_faults(section: RotaSection, officers: Mapping[str, Officer], where: str) -> Iterator[Fault]:
    """A fault for each skill that is asked for and nobody has."""
    held = {skill for officer in officers.values() for skill in (*officer.skills, *officer.languages)}
    for name in section.skills:
        if skill_code(name) not in held:
            known = ", ".join(sorted(skill_label(skill, current_language()) for skill in held)) or "-"
            what = _("no officer has the skill '{skill}'", skill=name)
            yield Fault(
                where, what, _("enter it with the officers who have it, or ask for one of {names}", names=known)
            )


def _lists(
    campaign: Campaign, people: _People, kind: RotaKind, section: RotaSection, keys: set[str], where: str
) -> Mapping[str, frozenset[str]]:
    """The staff codes that may take a shift, by its key; shifts that anybody may take are left out."""
    people.pairs((*section.apart, *section.together))  # notes who is unknown before anything is planned
    if section.candidates:
        chosen = frozenset(map(people.code, section.candidates))
        return dict.fromkeys(keys, chosen)
    if kind is RotaKind.DUTY:
        return {}
    staff = {flight.id: people.known(flight.staff) for flight in campaign.flights if flight.staff}
    return {one.key: staff[one.flight] for one in campaign.placements() if one.key in keys and one.flight in staff}


def _barred(
    shifts: list[RotaShift],
    officers: Mapping[str, Officer],
    lists: Mapping[str, frozenset[str]],
    people: _People,
    taken: Iterable[tuple[RotaShift, tuple[str, ...]]],
    gaps: Gaps,
) -> Iterator[tuple[Cell, str]]:
    """Who cannot take which shift, and why; leave is told apart from this."""
    busy: dict[str, list[RotaShift]] = {}
    for other_shift, codes in taken:
        for code in codes:
            busy.setdefault(code, []).append(other_shift)
    for shift in shifts:
        for code in officers:
            if code not in lists.get(shift.key, officers):
                yield (code, shift.key), ""
                continue
            other = next((one for one in busy.get(code, ()) if gaps.too_near(shift, one)), None)
            if other is not None:
                place = other.place.get(current_language()) or other.place.get("zh", "")
                yield (code, shift.key), _("on duty at {place}, {when}", place=place, when=hours_of(other))
            elif any(who == code and one.covers(shift.starts, shift.ends) for who, one in people.unavailable):
                yield (code, shift.key), _("not available at these hours")


def _leave(unit: Unit, shifts: list[RotaShift], workers: Iterable[Worker], span: Span) -> dict[Cell, str]:
    found: dict[Cell, str] = {}
    leave = unit.absences.in_force(span.first, span.last)
    codes = {worker.code for worker in workers}
    for one in leave:
        for shift in shifts:
            if one.officer in codes and one.first <= shift.starts.date() <= one.last:
                why = _("on leave ({reason})", reason=one.reason) if one.reason else _("on leave")
                found[one.officer, shift.key] = why
    return found
