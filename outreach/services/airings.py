"""Proof of what was aired: a station's log taken in, compared with the campaign's placements, corrected by hand."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.airing import AirState, AsRun
from outreach.domain.campaign import Campaign, Flight, Placement
from outreach.domain.contact import in_force
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.intake.airings import Airing, read_airings
from outreach.messages import _
from outreach.planning.as_run import matched
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.services.plan_air import AirSection
from outreach.services.plan_file import load_plan
from outreach.services.rate_cards import AIR_CHANNELS, folded, load_card, seconds_of, vehicle_of

Seller = tuple[str, str]
"""Channel and vehicle."""

HAND_STATES = (AirState.AIRED, AirState.SHORT, AirState.MISSED)


@dataclass(frozen=True, slots=True)
class CoveredDays:
    """The days a log tells of one seller, both ends included."""

    channel: str
    place: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class AiringImport:
    """What an import of a log did. aired, short, unplanned: of the new lines."""

    file: str
    rows: int
    new: int
    known: int
    aired: int
    short: int
    unplanned: int
    covered: tuple[CoveredDays, ...]
    ignored_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AirPlacement:
    """A placement of a channel that is bought, with its flight and seller."""

    flight: Flight
    placement: Placement
    seller: Seller


def air_placements(campaign: Campaign) -> list[AirPlacement]:
    """Every placement that a log can prove, in order of time."""
    found = [
        AirPlacement(flight, placement, (flight.channel, vehicle_of(flight)))
        for flight in campaign.flights
        if flight.channel in AIR_CHANNELS
        for placement in flight.placements(campaign.zone)
    ]
    return sorted(found, key=lambda one: (one.placement.starts, one.placement.key))


def import_airings(
    office: Office, campaign_name: str, path: Path, *, first: dt.date | None = None, last: dt.date | None = None
) -> AiringImport:
    """Append a log's lines (.xlsx, .xls, .csv), all or nothing; a file read twice adds nothing.

    first, last: the days the log tells of where they are more than those of its lines: a day on which a station ran
    nothing has no line. Raises BadInput with every bad row.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    section = load_plan(office.workspace, campaign_name).air
    if first and last and last < first:
        raise BadInput.at(_("the days of the log"), _("the last is before the first"), _("write a later day"))
    reading = read_airings(path, zone=campaign.zone, today=office.now().date())
    places = air_placements(campaign)
    on_card = _sellers_on_card(office, campaign, section)
    faults = list(reading.faults)
    told: list[_Told] = []
    for line in reading.items:
        resolved = _resolve(line, campaign, places, on_card)
        if isinstance(resolved, Fault):
            faults.append(resolved)
        else:
            told.append(_Told(line, *resolved))
    refuse_if_any(faults)
    with office.store.write() as unit:
        stored = in_force(unit.airings.of(campaign.name, campaign.zone))
        keys = unit.airings.known_keys([_key(campaign, one.line.row_key) for one in told])
        new = [one for one in told if _key(campaign, one.line.row_key) not in keys]
        pairs = _matched(new, places, stored, section)
        facts: list[tuple[AsRun, str | None]] = []
        for number, one in enumerate(new):
            facts.append((_fact(office, campaign, one, pairs.get(number), section, path.name), one.key(campaign)))
        covered = tuple(_covered(told, first, last))
        known = unit.airings.known_keys([_cover_key(campaign, days) for days in covered])
        for days in covered:
            if _cover_key(campaign, days) not in known:
                facts.append((_cover(office, campaign, days, path.name), _cover_key(campaign, days)))
        unit.airings.append(campaign.name, facts, office.now())
        states = [fact.state for fact, _row_key in facts]
        counts = {"added": len(new), "changed": 0, "unchanged": len(told) - len(new)}
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        unit.rosters.record_import(office.new_id(), "airings", path.name, digest, office.now(), counts)
    return AiringImport(
        path.name,
        reading.rows,
        len(new),
        len(told) - len(new),
        states.count(AirState.AIRED),
        states.count(AirState.SHORT),
        states.count(AirState.UNPLANNED),
        covered,
        reading.ignored,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A line with whom it is of. known: whether the campaign has flights there."""

    line: Airing
    seller: Seller
    known: bool

    def at(self, zone: dt.tzinfo) -> dt.datetime:
        """Its moment, midnight where it tells no time."""
        return dt.datetime.combine(self.line.day, self.line.time or dt.time(), zone)

    def key(self, campaign: Campaign) -> str:
        """What makes an import repeatable."""
        return _key(campaign, self.line.row_key)


def _key(campaign: Campaign, row_key: str) -> str:
    return f"{campaign.name}/{row_key}"


def _cover_key(campaign: Campaign, days: CoveredDays) -> str:
    return f"{campaign.name}/covers/{days.channel}/{days.place}/{days.first}/{days.last}"


def _sellers_on_card(office: Office, campaign: Campaign, section: AirSection) -> frozenset[Seller]:
    """Everybody the rate card prices; nobody where there is none."""
    try:
        card = load_card(office.workspace, campaign, section)
    except NotFound:
        return frozenset()
    return frozenset(one.line.outlet for one in card.lines)


def _resolve(
    line: Airing, campaign: Campaign, places: Sequence[AirPlacement], on_card: Collection[Seller]
) -> tuple[Seller, bool] | Fault:
    """Whose line it is, and whether the campaign has flights there."""
    if not campaign.starts <= line.day <= campaign.ends:
        what = _("{day} is outside the campaign ({starts} to {ends})", day=line.day, starts=campaign.starts,
                 ends=campaign.ends)  # fmt: skip
        return Fault(line.where, what, _("correct the day, or take the line out"))
    sellers = dict.fromkeys(one.seller for one in places)
    if line.flight:
        flight = next((one for one in campaign.flights if one.id == line.flight), None)
        if flight is None or flight.channel not in AIR_CHANNELS:
            what = _("there is no flight '{name}' on air, in print or on walls", name=line.flight)
            return Fault(line.where, what, _("correct it, or leave it empty and name the station"))
        if line.channel not in ("", flight.channel):
            what = _("flight '{name}' runs on '{channel}'", name=flight.id, channel=flight.channel)
            return Fault(line.where, what, _("correct channel or flight"))
        return (flight.channel, vehicle_of(flight)), True
    fitting = [
        seller
        for seller in sellers
        if line.channel in ("", seller[0]) and (not line.place or _names(line, seller, on_card))
    ]
    if len(fitting) > 1:
        names = ", ".join(f"{channel} {place}".strip() for channel, place in fitting)
        what = _("the line can be of {names}", names=names)
        return Fault(line.where, what, _("name the channel and the station, or the flight"))
    if fitting:
        return fitting[0], True
    known = sorted({place for _channel, place in (*sellers, *on_card) if place})
    if line.place and folded(line.place) not in map(folded, known):
        what = _("no flight and no line of the rate card has '{name}'", name=line.place)
        near = difflib.get_close_matches(line.place, known, n=3, cutoff=0.3) or known
        return Fault(line.where, what, _("write one of {names}, or add it to the rate card", names=", ".join(near)))
    return (line.channel, line.place), False


def _names(line: Airing, seller: Seller, on_card: Collection[Seller]) -> bool:
    """Whether the place of a line is that seller; text messages have no vehicle, so their gateway has any name."""
    channel, place = seller
    if channel == "sms":
        return line.channel == "sms" or ("sms", folded(line.place)) in {(key, folded(name)) for key, name in on_card}
    return folded(line.place) == folded(place)


def _matched(
    new: Sequence[_Told], places: Sequence[AirPlacement], stored: Sequence[AsRun], section: AirSection
) -> dict[int, AirPlacement]:
    """Line number -> its placement. Lines that name their flight choose first; a proven placement is not free."""
    settled = {fact.placement for fact in stored if fact.placement}
    tolerance = dt.timedelta(minutes=section.tolerance_minutes)
    found: dict[int, AirPlacement] = {}
    groups: dict[tuple[str, Seller], list[int]] = defaultdict(list)
    for number, one in enumerate(new):
        if one.known:
            groups[one.line.flight, one.seller].append(number)
    for (flight, seller), numbers in sorted(groups.items(), key=lambda item: not item[0][0]):
        mine = [one for one in places if one.seller == seller and flight in ("", one.flight.id)]
        for number in numbers:
            whole = next((one for one in mine if one.placement.whole_days and _within(new[number], one)), None)
            if whole is not None:
                found[number] = whole
        free = [one for one in mine if not one.placement.whole_days and one.placement.key not in settled]
        timed = [number for number in numbers if number not in found and new[number].line.time]
        zone = free[0].placement.starts.tzinfo if free else None
        if zone is not None:
            moments = [new[number].at(zone) for number in timed]
            for plan, run in matched([one.placement.starts for one in free], moments, tolerance):
                found[timed[run]] = free[plan]
                settled.add(free[plan].placement.key)
        for number in numbers:
            if number not in found and new[number].line.time is None:
                day = new[number].line.day
                left = [one for one in free if one.placement.starts.date() == day and one.placement.key not in settled]
                if left:
                    found[number] = left[0]
                    settled.add(left[0].placement.key)
    return found


def _within(told: _Told, one: AirPlacement) -> bool:
    return one.placement.starts.date() <= told.line.day < one.placement.ends.date()


def _fact(
    office: Office, campaign: Campaign, told: _Told, found: AirPlacement | None, section: AirSection, source: str
) -> AsRun:
    state = AirState.UNPLANNED
    if found is not None:
        needed = seconds_of(found.flight)
        ran = told.line.seconds
        short = needed and ran is not None and ran < needed * section.short_percent / 100
        state = AirState.SHORT if short else AirState.AIRED
    channel, place = told.seller
    return AsRun(
        id=office.new_id(),
        placement=found.placement.key if found else "",
        channel=channel,
        place=place,
        state=state,
        at=told.at(campaign.zone),
        seconds=told.line.seconds,
        source=source,
        note=told.line.note,
    )


def _covered(told: Iterable[_Told], first: dt.date | None, last: dt.date | None) -> list[CoveredDays]:
    days: dict[Seller, list[dt.date]] = defaultdict(list)
    for one in told:
        if one.known:
            days[one.seller].append(one.line.day)
    return [
        CoveredDays(*seller, min(first or min(known), *known), max(last or max(known), *known))
        for seller, known in sorted(days.items())
    ]


def _cover(office: Office, campaign: Campaign, days: CoveredDays, source: str) -> AsRun:
    start = dt.datetime.combine(days.first, dt.time(), campaign.zone)
    end = dt.datetime.combine(days.last + dt.timedelta(days=1), dt.time(), campaign.zone)
    length = int((end - start).total_seconds())
    return AsRun(office.new_id(), "", days.channel, days.place, AirState.COVERS, start, length, source)


def record_airing(
    office: Office,
    campaign_name: str,
    placement: str,
    *,
    state: str,
    at: dt.datetime | None = None,
    seconds: int | None = None,
    by: str = "",
    note: str = "",
    corrects: str = "",
) -> AsRun:
    """Append what somebody knows of one placement: aired, short or missed; returns the fact.

    at: a time without a zone is the campaign's. corrects: the id of the fact this one replaces, needed where the
    placement has one. Raises NotFound, BadInput or Conflict.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    one = next((each for each in air_placements(campaign) if each.placement.key == placement), None)
    if one is None:
        what = _("there is no such placement on air, in print or on walls")
        raise NotFound.at(placement, what, _("see 'outreach air check'"))
    if state not in HAND_STATES:
        what = _("'{value}' is none", value=state)
        raise BadInput.at(_("the state"), what, _("choose one of {names}", names=", ".join(HAND_STATES)))
    moment = at.replace(tzinfo=at.tzinfo or campaign.zone) if at else None
    with office.store.write() as unit:
        facts = unit.airings.of(campaign.name, campaign.zone)
        present = {fact.id: fact for fact in in_force(facts)}
        _refuse_correction(placement, corrects, present, {fact.id for fact in facts})
        channel, place = one.seller
        fact = AsRun(
            office.new_id(),
            placement,
            channel,
            place,
            AirState(state),
            moment,
            seconds,
            by or _("by hand"),
            note,
            corrects,
        )
        unit.airings.append(campaign.name, [(fact, None)], office.now())
    return fact


def _refuse_correction(placement: str, corrects: str, present: Mapping[str, AsRun], every: set[str]) -> None:
    if corrects:
        named = present.get(corrects)
        if named is None and corrects in every:
            what = _("the fact '{id}' has been corrected already", id=corrects)
            raise BadInput.at(placement, what, _("correct the newer one; see 'outreach air check'"))
        if named is None or named.state is AirState.COVERS or named.placement not in ("", placement):
            raise BadInput.at(placement, _("has no fact '{id}'", id=corrects), _("see 'outreach air check'"))
        return
    there = next((fact for fact in present.values() if fact.placement == placement), None)
    if there is not None:
        what = _("a fact says '{state}' already", state=there.state)
        raise Conflict.at(placement, what, _("name it with --corrects {id}", id=there.id))
