"""What one flight's text, cue sheet or spot may say: the flight's values, and those that come from its script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from outreach.channels import channels
from outreach.channels.base import WordCount
from outreach.channels.radio import count_spot, paces, spot_lengths
from outreach.channels.script import cues, script_items
from outreach.domain.campaign import Campaign, Flight
from outreach.errors import CannotPrint
from outreach.render.manifest import Engine, MaterialKind, Per
from outreach.render.text import Text, compile_text
from outreach.services.values import Values, flight_values

_PERSONAL = frozenset(("person", "household", "greeting", "officer"))

FULLEST = 9
"""The most a spot's layout may be asked for: it says more with each `spot.fill` from 0 on."""


@dataclass(frozen=True, slots=True)
class AirPiece:
    """One piece of a kind made for flights. name: its flight, with the length where a flight has several spots."""

    name: str
    flight: Flight
    values: Values
    text: str
    count: WordCount


def air_pieces(
    campaign: Campaign, kind: MaterialKind, flights: Iterable[Flight], base: Mapping[str, Any], language: str
) -> Iterator[AirPiece]:
    """One piece a flight, or one for each of its spots where the kind declares `spot.seconds`.

    A kind that declares `rundown` gets its script's items with their times. text and count belong to the kind's
    text form; a kind without one has an empty text. Where a kind also made for persons names one, its text is a
    specimen with the kind's sample person. Raises CannotPrint where a text lacks a value.
    """
    layout = _text_layout(kind, language)
    for flight in flights:
        values = _with_sample(campaign, kind, flight, flight_values(base, campaign, flight, language), layout, language)
        if "spot.seconds" in kind.variables and layout:
            for seconds in spot_lengths(flight):
                yield _spot(layout, flight, values, seconds, language)
            continue
        text = layout.render(values, where=flight.id).strip() if layout else ""
        if "rundown" in kind.variables:
            values |= rundown_values(text, flight, language)
        yield AirPiece(flight.id, flight, values, text, channels()[flight.channel].count(text, language, flight))


def _with_sample(
    campaign: Campaign, kind: MaterialKind, flight: Flight, values: Values, layout: Text | None, language: str
) -> Values:
    """The values, with a sample person where the message or the layout cannot do without one."""
    if layout is None or not any(form.per is Per.PERSON for form in kind.forms):
        return values
    sample = {name: value for name, value in kind.sample_values(language).items() if name in _PERSONAL}
    if message := personal_text(campaign, flight, language):
        values = sample | values
        return values | {"message": message.render(values, where=flight.id)}
    try:
        layout.render(values, where=flight.id)
    except CannotPrint:
        # What is missing here is a person's, or it is missing for good and the layout says so again.
        return sample | values
    return values


def personal_text(campaign: Campaign, flight: Flight, language: str) -> Text | None:
    """A flight's message as a template where it has tags, None where it is plain words."""
    words = campaign.messages[flight.message].words[language] if flight.message else ""
    if "{{" not in words and "{%" not in words:
        return None
    return compile_text(words, name=f"campaign.toml, messages.{flight.message}.{language}")


def _text_layout(kind: MaterialKind, language: str) -> Text | None:
    name = next((form.format for form in kind.forms if form.engine is Engine.TEXT), "")
    if not name:
        return None
    layout = kind.layout(name, language)
    return compile_text(layout.read_text("utf-8"), name=layout.name)


def _spot(layout: Text, flight: Flight, values: Values, seconds: int, language: str) -> AirPiece:
    """The fullest spot that can be read in its time; the shortest one, with its fault, where none can."""
    name = f"{flight.id}-{seconds}s"
    measure = partial(count_spot, language=language, flight=flight, limit_s=seconds)
    for fill in range(FULLEST, -1, -1):
        filled = values | {"spot": {"seconds": seconds, "fill": fill}}
        text = layout.render(filled, where=name).strip()
        count = measure(text)
        if count.fault is None:
            break
    return AirPiece(name, flight, filled, text, count)


def rundown_values(script: str, flight: Flight, language: str) -> Values:
    """A script as the rows of its cue sheet, and the segment's times; clocks count from its first slot."""
    segment = flight.duration.total_seconds()
    items = script_items(script, language, *paces(flight))
    used = sum(item.seconds for item in items)
    starts = flight.slots[0].starts if flight.slots else dt.time()
    rows = [
        {
            "number": str(cue.number),
            "speaker": cue.item.speaker,
            "words": cue.item.words,
            "read": _minutes(cue.item.seconds),
            "clock": _clock(starts, cue.starts),
            "back": _clock(starts, cue.latest),
        }
        for cue in cues(items, segment)
    ]
    return {
        "rundown": rows,
        "segment": {
            "starts": f"{starts:%H:%M:%S}",
            "ends": _clock(starts, segment),
            "also": "、".join(f"{slot.starts:%H:%M}" for slot in flight.slots[1:]),
            "length": _minutes(segment),
            "used": _minutes(used),
            "spare": _minutes(segment - used),
        },
    }


def _clock(starts: dt.time, seconds: float) -> str:
    """The time of day so many seconds after `starts`, to the second."""
    whole = starts.hour * 3600 + starts.minute * 60 + starts.second + round(seconds)
    return f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _minutes(seconds: float) -> str:
    """A length as radio writes it: 3:07; a minus where it is overrun."""
    whole = round(abs(seconds))
    return f"{'-' if seconds < 0 and whole else ''}{whole // 60}:{whole % 60:02d}"
