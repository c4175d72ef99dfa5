"""The plainest reason why there is no rota: more places to fill in a week, a month or in all than there is room for.

Only counts; a rota may be impossible for other reasons too. Whoever may take any of the places counts with their cap,
less what they have there already, and at most with the shifts their days leave them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from outreach.domain.people import skill_label
from outreach.messages import _, current_language
from outreach.planning.rota_terms import Shift, Worker
from outreach.services.rota_inputs import Ground


@dataclass(frozen=True, slots=True)
class _Period:
    """A stretch that has caps. name: in words; cap: of one worker in it, None without."""

    name: str
    shifts: tuple[Shift, ...]
    cap: Callable[[Worker], int | None]


@dataclass(frozen=True, slots=True)
class _Shortage:
    """Places to fill, '' for any or the skill they need; who may take them, how many each, how many in all."""

    period: str
    skill: str
    places: int
    officers: int
    each: int
    room: int


def shortage(ground: Ground) -> str:
    """One sentence with the figures, the greatest want first and skills last; '' where counting shows nothing."""
    found = sorted(_shortages(ground), key=lambda one: (bool(one.skill), one.room - one.places))
    if not found:
        return ""
    worst = found[0]
    facts = {name: getattr(worst, name) for name in ("period", "places", "officers", "each", "room")}
    if worst.skill:
        return _(
            "{period}: {places} places for somebody with '{skill}', but {officers} who may take them have room for "
            "{room} (at most {each} each, less leave and other shifts)",
            **facts,
            skill=skill_label(worst.skill, current_language()),
        )
    return _(
        "{period}: {places} places to fill, but the {officers} officers who may take them have room for {room} "
        "(at most {each} each, less leave and other shifts)",
        **facts,
    )


def _shortages(ground: Ground) -> Iterator[_Shortage]:
    for period in _periods(ground):
        open_shifts = [shift for shift in period.shifts if shift.key not in ground.around]
        for skill in ("", *sorted({skill for shift in open_shifts for skill in shift.skills})):
            wanted = [shift for shift in open_shifts if not skill or skill in shift.skills]
            places = sum(shift.skills[skill] if skill else shift.heads for shift in wanted)
            listed = [
                worker
                for worker in ground.workers
                if any(ground.why.get((worker.code, shift.key)) != "" for shift in wanted)
                and (not skill or skill in worker.skills)
            ]
            caps = [cap for worker in listed if (cap := period.cap(worker)) is not None]
            room = sum(_room(ground, period, worker, wanted) for worker in listed)
            if caps and room < places:
                yield _Shortage(period.name, skill, places, len(listed), max(caps), room)


def _room(ground: Ground, period: _Period, worker: Worker, wanted: list[Shift]) -> int:
    """How many of the shifts one worker can take at most, going by the cap and the days alone."""
    a_day: dict[object, int] = {}
    for shift in wanted:
        if worker.can(shift):
            a_day[shift.day] = min(a_day.get(shift.day, 0) + 1, ground.rules.most_a_day)
    free = sum(a_day.values())
    cap = period.cap(worker)
    if cap is None:
        return free
    had = sum(worker.code in ground.around[shift.key][1] for shift in period.shifts if shift.key in ground.around)
    return min(free, max(0, cap - had))


def _periods(ground: Ground) -> Iterator[_Period]:
    weeks: dict[str, list[Shift]] = {}
    months: dict[str, list[Shift]] = {}
    for shift in ground.planned:
        monday = shift.day.fromordinal(shift.day.toordinal() - shift.day.weekday())
        weeks.setdefault(f"{monday}", []).append(shift)
        months.setdefault(f"{shift.day:%Y-%m}", []).append(shift)
    yield _Period(_("in all"), ground.planned, lambda worker: worker.most)
    for name, shifts in months.items():
        yield _Period(name, tuple(shifts), lambda worker: worker.most_a_month)
    for name, shifts in weeks.items():
        yield _Period(_("in the week of {day}", day=name), tuple(shifts), lambda worker: worker.most_a_week)
