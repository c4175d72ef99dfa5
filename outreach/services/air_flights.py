"""Slots that were chosen -> `[[flights]]` tables for the campaign file, as text to look at and paste."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from outreach.channels import channels
from outreach.config import model_faults
from outreach.domain.campaign import WEEKDAYS, Campaign
from outreach.errors import BadInput, Conflict, Fault, refuse_if_any
from outreach.messages import _
from outreach.planning.flights_layout import OpenSlot, stretches
from outreach.services.campaign_file import CAMPAIGN_NAME, examine_campaign
from outreach.services.campaigns import campaign_folder
from outreach.services.office import Office, write_whole
from outreach.services.rate_cards import CardLine, folded

_MARK = "# outreach air"
_OWN = ("id", "channel", "starts", "ends", "weekdays", "times")
_PLACES = ("place_zh", "place_en")
_VEHICLE_KEYS = {"crawl": "station", "radio": "station", "press": "paper", "board": "place_zh"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A line of the card with the slots to be bought. like: the flight whose message they carry, '' for the nearest."""

    line: CardLine
    slots: Sequence[OpenSlot]
    like: str = ""


def flight_tables(office: Office, campaign: Campaign, chosen: Iterable[Taken], word: str) -> list[dict[str, Any]]:
    """One table a stretch of days. What only a channel knows (message, loops, columns ...) is that of the campaign's
    own flight that is named, else of the nearest with the same seller, or else on the channel. The place is that of a
    flight in the same daypart, or else the daypart's name.

    word: stands in the flights' ids. Raises BadInput where the campaign has no flight of a channel to take it from.
    """
    raw = examine_campaign(campaign_folder(office.workspace, campaign.name) / CAMPAIGN_NAME).raw.get("flights", [])
    taken = {flight.id for flight in campaign.flights}
    times = {flight.id: [slot.starts for slot in flight.slots] for flight in campaign.flights}
    found: list[dict[str, Any]] = []
    faults = []
    for each in chosen:
        one, slots = each.line, each.slots
        if not slots:
            continue
        if not any(flight.get("channel") == one.line.channel for flight in raw):
            what = _(
                "the campaign has no flight on '{channel}' to take message and fields from", channel=one.line.channel
            )
            faults.append(Fault(one.line.label, what, _("write one in campaign.toml, then plan again")))
            continue
        for days in _days(one, slots):
            model = _model(one, raw, times, days["starts"], each.like)
            number = 1
            while f"{one.line.channel}-{word}-{number:02d}" in taken:
                number += 1
            name = f"{one.line.channel}-{word}-{number:02d}"
            taken.add(name)
            found.append({"id": name, "channel": one.line.channel} | days | model)
    refuse_if_any(faults)
    _check(found)
    return found


def _model(
    one: CardLine, raw: Sequence[Mapping[str, Any]], times: Mapping[str, Sequence[dt.time]], day: dt.date, like: str
) -> dict[str, Any]:
    """The fields of flight `like`; without one, of the channel's flight with the same seller, else of any, that runs
    on the day or next to it. times: those of each flight.
    """
    key = _VEHICLE_KEYS.get(one.line.channel, "")
    alike = [flight for flight in raw if flight.get("channel") == one.line.channel]
    same = [flight for flight in alike if folded(str(flight.get(key, ""))) == folded(one.line.vehicle)]
    near = sorted(same or alike, key=lambda flight: max(flight["starts"] - day, day - flight["ends"], dt.timedelta()))
    nearest = next((flight for flight in near if flight.get("id") == like), near[0])
    model = {name: value for name, value in nearest.items() if name not in _OWN}
    for name in _PLACES:
        model.pop(name, None)
    in_daypart = (flight for flight in near if all(map(one.line.holds, times[flight["id"]])))
    alongside = next(in_daypart, None) if same or not key else None
    model |= _place(one) if alongside is None else {name: alongside[name] for name in _PLACES if name in alongside}
    if not same and key:
        model[key] = one.line.vehicle
    if one.line.channel == "crawl" and one.line.seconds:
        model["seconds"] = one.line.seconds
    return model


def _place(one: CardLine) -> dict[str, str]:
    """The daypart's name, or the vehicle's where that says more; a card names them once."""
    name = one.line.vehicle if one.line.channel in ("board", "sms") else one.line.daypart or one.line.vehicle
    return dict.fromkeys(_PLACES, name) if name.isascii() else {"place_zh": name}


def _days(one: CardLine, slots: Sequence[OpenSlot]) -> list[dict[str, Any]]:
    if slots[0].time is None:
        return [{"starts": first, "ends": last} for first, last in _runs([slot.day for slot in slots], one.line.days)]
    return [
        {"starts": each.first, "ends": each.last}
        | ({"weekdays": [WEEKDAYS[day] for day in sorted(each.weekdays)]} if len(each.weekdays) < 7 else {})
        | {"times": [f"{time:%H:%M}" for time in each.times]}
        for each in stretches(slots)
    ]


def _runs(days: Sequence[dt.date], length: int) -> list[tuple[dt.date, dt.date]]:
    """Stretches that follow each other without a gap as one."""
    found: list[tuple[dt.date, dt.date]] = []
    for day in sorted(days):
        last = day + dt.timedelta(days=length - 1)
        if found and found[-1][1] + dt.timedelta(days=1) == day:
            found[-1] = found[-1][0], last
        else:
            found.append((day, last))
    return found


def _check(tables: Iterable[Mapping[str, Any]]) -> None:
    """Raise BadInput where a table would not pass in the campaign file."""
    faults: list[Fault] = []
    for table in tables:
        channel = channels()[table["channel"]]
        try:
            faults += channel.faults(channel.fields(**table), str(table["id"]))
        except ValidationError as error:
            faults += model_faults(str(table["id"]), error)
    refuse_if_any(faults)


def flights_text(tables: Iterable[Mapping[str, Any]], said: Iterable[str]) -> str:
    """The tables as TOML, under comments that say what they are."""
    lines = [f"{_MARK}: {said_first}" if number == 0 else f"# {said_first}" for number, said_first in enumerate(said)]
    for table in tables:
        lines += ["", "[[flights]]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def write_flights(path: Path, text: str) -> Path:
    """Write the text to a file of its own; raises BadInput or Conflict rather than touch a file somebody else wrote."""
    if path.suffix != ".toml":
        raise BadInput.at(str(path), _("is no .toml file"), _("name one, such as flights.toml"))
    if path.exists() and not path.read_text("utf-8", errors="replace").startswith(_MARK):
        raise Conflict.at(
            str(path), _("was not written by this command"), _("choose another name, and paste from there")
        )
    write_whole(path, text.encode())
    return path
