"""A campaign's rate card: its audiences as shares, and the line a placement is bought by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.config import Workspace
from outreach.domain.calendar import WorkCalendar
from outreach.domain.campaign import Campaign, Flight, Placement
from outreach.domain.rate_card import DaySort, RateLine
from outreach.errors import BadInput, Fault, NotFound, refuse_if_any
from outreach.intake.rate_card import read_rate_card
from outreach.messages import _
from outreach.planning.holidays import work_calendar
from outreach.planning.reach import Vehicle, repeat_from_twice
from outreach.services.campaigns import campaign_folder
from outreach.services.plan_air import AirSection

AIR_CHANNELS = ("crawl", "radio", "press", "board", "sms")
"""The channels whose placements are bought and can be missed."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the card with what an insertion reaches. guessed: the repeat is the planning file's, not its own."""

    line: RateLine
    vehicle: Vehicle
    guessed: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A campaign's rate card. people: how many people its shares are of."""

    lines: tuple[CardLine, ...]
    people: int
    calendar: WorkCalendar

    def open_lines(self, channel: str, vehicle: str, day: dt.date) -> list[CardLine]:
        """The lines of one seller that are sold on a day; a price for holidays takes the place of the others."""
        sold = [
            one for one in self.lines if one.line.outlet == (channel, vehicle) and one.line.sold_on(day, self.calendar)
        ]
        festive = {one.line.daypart for one in sold if one.line.sort is DaySort.HOLIDAYS}
        return [one for one in sold if one.line.sort is DaySort.HOLIDAYS or one.line.daypart not in festive]


def card_path(workspace: Workspace, campaign_name: str, section: AirSection) -> Path:
    """Where the rate card is, or would be."""
    return campaign_folder(workspace, campaign_name) / section.rates


def load_card(workspace: Workspace, campaign: Campaign, section: AirSection) -> Card:
    """Read a campaign's rate card; raises NotFound where it has none, BadInput with every fault."""
    path = card_path(workspace, campaign.name, section)
    if not path.is_file():
        raise NotFound.at(
            str(path),
            _("there is no rate card"),
            _("save the stations' price list there, or name the file in plan.toml, air.rates; see docs/flights.md"),
        )
    people = section.people or campaign.households
    lines = []
    faults: list[Fault] = []
    for line in read_rate_card(path):
        audience = line.audience if line.audience is not None else (line.persons or 0) / people
        if audience > 1:
            what = _("{persons} people are more than the {people} the plan is for", persons=line.persons, people=people)
            faults.append(Fault(line.where, what, _("correct the number, or air.people in plan.toml")))
            continue
        repeat, guessed = section.repeat, line.twice is None
        if line.twice is not None:
            try:
                repeat = repeat_from_twice(audience, line.twice)
            except ValueError:
                what = _("two insertions cannot reach {twice:.4g} where one reaches {audience:.4g}", twice=line.twice,
                         audience=audience)  # fmt: skip
                faults.append(Fault(line.where, what, _("correct it, or leave it empty")))
                continue
        lines.append(CardLine(line, Vehicle(audience, repeat), guessed))
    refuse_if_any(faults)
    return Card(tuple(lines), people, work_calendar())


def card_faults(workspace: Workspace, campaign: Campaign, section: AirSection) -> list[Fault]:
    """What is wrong with a campaign's rate card; nothing where it has none."""
    try:
        load_card(workspace, campaign, section)
    except NotFound:
        return []
    except BadInput as error:
        return list(error.faults)
    return []


def vehicle_of(flight: Flight) -> str:
    """Who runs a flight: its station, its paper, or its place; '' for text messages, which no vehicle carries."""
    if flight.channel == "sms":
        return ""
    for field in ("station", "paper"):
        if name := flight.fields.get(field):
            return str(name)
    return flight.place.get("zh") or flight.place.get("en") or ""


def sold_by(card: Card, channel: str, vehicle: str) -> str:
    """The card's name of a seller; text messages belong to the card's only line of them, whatever it is called."""
    names = {one.line.vehicle for one in card.lines if one.line.channel == channel}
    if channel == "sms" and len(names) == 1:
        return names.pop()
    return next((name for name in names if folded(name) == folded(vehicle)), "")


def folded(name: str) -> str:
    """A name as it is compared: without blanks and case."""
    return "".join(name.split()).casefold()


def line_for(card: Card, flight: Flight, placement: Placement) -> CardLine | None:
    """The line a placement is bought by, None where the card has none.

    A text longer than a line's length cannot be that line's; of those that can hold it the shortest is taken.
    """
    vehicle = sold_by(card, flight.channel, vehicle_of(flight))
    needed = seconds_of(flight)
    fitting = [
        one
        for one in card.open_lines(flight.channel, vehicle, placement.starts.date())
        if (placement.whole_days or one.line.holds(placement.starts.time()))
        and (not one.line.seconds or not needed or one.line.seconds >= needed)
    ]
    return min(fitting, key=lambda one: (one.line.seconds or needed, one.line.price_fen), default=None)


def seconds_of(flight: Flight) -> int:
    """How long one placement of a flight lasts on air, 0 where no length is bought."""
    if flight.channel == "crawl":
        return int(str(flight.fields["seconds"]))
    return int(flight.duration.total_seconds()) if flight.channel == "radio" else 0


def insertions_of(line: RateLine, placement: Placement) -> int:
    """How many insertions a placement is: one, or for whole days as many as the line's length goes into them."""
    if not placement.whole_days:
        return 1
    return -(-(placement.ends.date() - placement.starts.date()).days // line.days)


def refuse_unknown(channels: Iterable[str], where: str) -> None:
    """Raise BadInput for a name that is no channel air time or space is bought on."""
    wrong: Sequence[str] = [name for name in channels if name not in AIR_CHANNELS]
    refuse_if_any(
        (
            Fault(
                where, _("'{name}' is no channel", name=name), _("choose one of {names}", names=", ".join(AIR_CHANNELS))
            )
            for name in wrong
        ),
        BadInput,
    )
