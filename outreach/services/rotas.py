"""Rotas of booths and of the phone: planned as drafts, changed by hand, published.

A draft is laid over what was published; `publish` makes it what everybody was told. What was published is never
rewritten: planning again makes a new draft that changes as little of it as the rules allow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, Conflict, Fault, NotFound
from outreach.messages import _
from outreach.planning.rota import plan_rota
from outreach.planning.rota_terms import Clash, Rota
from outreach.services.absences import officer_code
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.plan_file import load_plan, plan_path
from outreach.services.rota_away import AwayShift, away_shifts
from outreach.services.rota_checks import draft_faults
from outreach.services.rota_inputs import Ground, read_ground
from outreach.services.rota_shifts import Span, is_history
from outreach.services.rota_state import RotaChange, RotaKind, Standing, changes, is_for, latest, published
from outreach.services.rota_words import clash_error
from outreach.store.rotas import RotaCell, RotaShift, StoredRota
from outreach.store.unit import Unit

SEED = 1


@dataclass(frozen=True, slots=True)
class AimReached:
    """One aim of a plan. value: what the plan costs by it; bound: no plan that keeps the earlier aims costs less."""

    name: str
    value: int
    bound: int
    proven: bool


@dataclass(frozen=True, slots=True)
class PlannedRota:
    """What planning did. changes: against what was published, empty where nothing was. kept: shifts that have begun
    and stay. provisional: holidays of some days are computed, not announced.
    """

    kind: RotaKind
    campaign: str
    first: dt.date
    last: dt.date
    shifts: int
    officers: int
    kept: int
    aims: tuple[AimReached, ...]
    repeatable: bool
    changes: tuple[RotaChange, ...]
    provisional: bool
    published: bool


@dataclass(frozen=True, slots=True)
class PublishedRota:
    """What publishing did. changes: against what was told before. away: shifts, now published, whose officer is away;
    they lie on days that no draft was for.
    """

    changes: tuple[RotaChange, ...]
    away: tuple[AwayShift, ...]


@dataclass(frozen=True, slots=True)
class EditedCell:
    """One cell as it is now. on: the officer takes the shift. locked: planning leaves it so."""

    shift: str
    officer: str
    name: str
    on: bool
    locked: bool


def plan(
    office: Office,
    campaign_name: str,
    kind: RotaKind,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    flight: str = "",
    seconds: float | None = None,
    publish_it: bool = False,
) -> PlannedRota:
    """Plan a rota as a draft, and publish it where asked.

    first, last: the whole campaign for booths; for the phone the days of the newest rota, or else the campaign's
    first calendar quarter, and where neither is given those of published shifts whose officer is away.
    seconds: of search for each aim, as in the planning file where None. Raises Conflict where
    no rota keeps the rules, saying why and what would have to give; nothing is written then.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    rules = load_plan(office.workspace, campaign.name)
    where = str(plan_path(office.workspace, campaign.name))
    section = rules.booths if kind is RotaKind.BOOTH else rules.duty
    now = office.now()
    with office.store.read() as unit:
        stored = unit.rotas.all(campaign.name, kind, campaign.zone)
        span = _span(campaign, kind, stored, first, last, flight)
        if kind is RotaKind.DUTY and first is None and last is None:
            span = _mended(span, away_shifts(unit, campaign.name, kind, published(stored), now))
        ground = read_ground(unit, campaign, rules, kind, span, now, where)
        names = {code: officer.name for code, officer in unit.rosters.all_officers().items()}
    found = _solve(ground, section.seconds if seconds is None else seconds, f"{campaign.name}, {kind.value}")
    told = published(stored)
    draft = _draft(office, campaign, kind, span, ground, found, told)
    with office.store.write() as unit:
        standing = unit.rotas.all(campaign.name, kind, campaign.zone)
        draft = replace(draft, made=_after(now, (rota.made for rota in standing)))
        unit.rotas.drop(one.id for one in standing if one.published is None and _within(one, draft))
        unit.rotas.add(draft)
        if publish_it:
            unit.rotas.publish([draft.id], _after(now, (rota.published for rota in standing)))
    before = _only(told, draft)
    differences = changes(before, latest([draft]), names) if before.shifts else []
    return PlannedRota(
        kind=kind,
        campaign=campaign.name,
        first=span.first,
        last=span.last,
        shifts=len(ground.shifts),
        officers=len({cell.officer for cell in draft.cells if cell.on}),
        kept=len(ground.kept),
        aims=tuple(AimReached(aim.name, aim.value, aim.bound, aim.proven) for aim in found.aims),
        repeatable=found.repeatable,
        changes=tuple(differences),
        provisional=ground.provisional,
        published=publish_it,
    )


def publish(office: Office, campaign_name: str, kind: RotaKind) -> PublishedRota:
    """Make the drafts what everybody is told; returns who gains and loses what against what was told before.

    Raises Conflict where there is no draft, and where one breaks a rule by now (cells set by hand, later leave, a
    changed campaign), naming each.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    rules = load_plan(office.workspace, campaign.name)
    where = str(plan_path(office.workspace, campaign.name))
    now = office.now()
    with office.store.write() as unit:
        stored = unit.rotas.all(campaign.name, kind, campaign.zone)
        drafts = [rota for rota in stored if rota.published is None]
        if not drafts:
            mend = _("plan one with 'outreach {kind} plan'", kind=kind.value)
            raise Conflict.at(campaign.name, _("there is no draft to publish"), mend)
        newest = latest(stored)
        faults: list[Fault] = []
        for draft in drafts:
            span = Span(draft.first, draft.last, draft.rules.get("flight", ""))
            ground = read_ground(unit, campaign, rules, kind, span, now, where)
            faults += draft_faults(draft, ground, newest)
        if faults:
            raise Conflict(*faults)
        unit.rotas.publish((draft.id for draft in drafts), _after(now, (rota.published for rota in stored)))
        names = {code: officer.name for code, officer in unit.rosters.all_officers().items()}
        told = published(stored)
        after = published(unit.rotas.all(campaign.name, kind, campaign.zone))
        away = away_shifts(unit, campaign.name, kind, after, now)
    return PublishedRota(tuple(changes(told, after, names)), away)


def edit_cell(
    office: Office,
    campaign_name: str,
    kind: RotaKind,
    shift_key: str,
    officer: str,
    *,
    on: bool | None = None,
    locked: bool = True,
) -> EditedCell:
    """Put an officer (staff code or post) on a shift or take them off, and lock or unlock the cell.

    on: as it is where None. A rota that is published gets a draft with the change. Raises NotFound for an unknown
    shift or officer, Conflict where the officer is on leave that day or the shift was told and has begun.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.write() as unit:
        stored = unit.rotas.all(campaign.name, kind, campaign.zone)
        newest = latest(stored)
        code = officer_code(unit, officer)
        if shift_key not in newest.shifts:
            mend = _("see 'outreach {kind} show'; plan the rota first", kind=kind.value)
            raise NotFound.at(shift_key, _("there is no such shift"), mend)
        shift = newest.shifts[shift_key]
        if is_history(published(stored), shift, office.now()):
            mend = _("choose a later shift: this one stays as it was told")
            raise Conflict.at(shift_key, _("has begun"), mend)
        there = code in newest.on[shift_key] if on is None else on
        if on:
            _refuse_leave(unit, code, shift)
        rota = newest.rota[shift_key]
        if rota.published is not None:
            rota = replace(_copy(office, rota, newest), made=_after(office.now(), (one.made for one in stored)))
            unit.rotas.add(rota)
        unit.rotas.put_cell(rota.id, RotaCell(shift_key, code, there, locked))
        name = unit.rosters.all_officers()[code].name
    return EditedCell(shift_key, code, name, there, locked)


def _span(
    campaign: Campaign,
    kind: RotaKind,
    stored: Iterable[StoredRota],
    first: dt.date | None,
    last: dt.date | None,
    flight: str,
) -> Span:
    """The days to plan; raises BadInput where they are not the campaign's, or in the wrong order."""
    usual = (campaign.starts, campaign.ends)
    if kind is RotaKind.DUTY:
        newest = [(rota.first, rota.last) for rota in stored]
        start = first or campaign.starts
        usual = newest[-1] if newest and first is None else (start, min(_quarter_end(start), campaign.ends))
    span = Span(first or usual[0], last or usual[1], flight)
    for name, day in (("--from", span.first), ("--to", span.last)):
        if not campaign.starts <= day <= campaign.ends:
            what = _(
                "{day} is outside the campaign ({starts} to {ends})",
                day=day,
                starts=campaign.starts,
                ends=campaign.ends,
            )
            raise BadInput.at(name, what, _("choose a day of the campaign"))
    if span.last < span.first:
        what = _("{ends} is before the start {starts}", ends=span.last, starts=span.first)
        raise BadInput.at("--to", what, _("write a later day"))
    return span


def _mended(span: Span, away: Iterable[AwayShift]) -> Span:
    """The days made longer by those from the first to the last published shift whose officer cannot come."""
    days = [one.starts.date() for one in away]
    return Span(min([span.first, *days]), max([span.last, *days]), span.flight)


def _quarter_end(day: dt.date) -> dt.date:
    month = (day.month - 1) // 3 * 3 + 3
    return (dt.date(day.year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)


def _solve(ground: Ground, seconds: float, where: str) -> Rota:
    if not ground.shifts.keys() - ground.kept:
        return Rota({}, ())
    found = plan_rota(ground.planned, ground.workers, ground.rules, seconds=seconds, seed=SEED)
    if isinstance(found, Clash):
        raise clash_error(found, ground, where)
    return found


def _draft(
    office: Office, campaign: Campaign, kind: RotaKind, span: Span, ground: Ground, found: Rota, told: Standing
) -> StoredRota:
    on = {(code, key) for key, codes in found.on.items() for code in codes if key in ground.shifts}
    on |= {(code, key) for key in ground.kept for code in told.on[key]}
    locked = ground.rules.locked
    cells = [RotaCell(key, code, (code, key) in on, (code, key) in locked) for code, key in sorted(on | set(locked))]
    aims = [{"name": aim.name, "value": aim.value, "bound": aim.bound} for aim in found.aims]
    return StoredRota(
        id=office.new_id(),
        campaign=campaign.name,
        kind=kind.value,
        first=span.first,
        last=span.last,
        made=office.now(),
        published=None,
        figures={"aims": aims, "provisional": ground.provisional, "repeatable": found.repeatable},
        rules={"flight": span.flight} if span.flight else {},
        # Shifts that have begun keep the hours they were told with.
        shifts=tuple(told.shifts[key] if key in ground.kept else shift for key, shift in ground.shifts.items()),
        cells=tuple(cells),
    )


def _copy(office: Office, rota: StoredRota, newest: Standing) -> StoredRota:
    """A draft for the same days that says what stands now; its aims are not known any more."""
    keys = [key for key, one in newest.rota.items() if one.id == rota.id]
    cells = {(code, key): (True, False) for key in keys for code in newest.on[key]}
    cells |= {(code, key): (on, True) for (code, key), on in newest.locked.items() if key in keys}
    return replace(
        rota,
        id=office.new_id(),
        made=office.now(),
        published=None,
        figures={"provisional": rota.figures.get("provisional", False)},
        shifts=tuple(newest.shifts[key] for key in keys),
        cells=tuple(RotaCell(key, code, on, locked) for (code, key), (on, locked) in cells.items()),
    )


def _after(now: dt.datetime, moments: Iterable[dt.datetime | None]) -> dt.datetime:
    """Now, or just after the latest of the moments: the newest word must be known by its time, whatever clocks say."""
    latest_yet = max((moment for moment in moments if moment is not None), default=None)
    return now if latest_yet is None else max(now, latest_yet + dt.timedelta(milliseconds=1))


def _within(one: StoredRota, other: StoredRota) -> bool:
    """Whether all that a draft is for is planned anew by another."""
    flight = other.rules.get("flight", "")
    same = not flight or one.rules.get("flight", "") == flight
    return same and other.first <= one.first and one.last <= other.last


def _only(told: Standing, draft: StoredRota) -> Standing:
    """What was told of a draft's shifts, and of those of its days that it no longer has."""
    keys = {shift.key for shift in draft.shifts}
    kept = {key: shift for key, shift in told.shifts.items() if key in keys or is_for(draft, shift)}
    return Standing(kept, {key: told.on[key] for key in kept})


def _refuse_leave(unit: Unit, code: str, shift: RotaShift) -> None:
    day = shift.starts.date()
    for one in unit.absences.in_force(day, day):
        if one.officer == code:
            what = _("{code} is on leave on {day} ({reason})", code=code, day=day, reason=one.reason or "-")
            mend = _("choose another officer, or call the leave off with 'outreach leave lift {id}'", id=one.id)
            raise Conflict.at(shift.key, what, mend)
