"""The radio programme: a segment with a name of its own, and short spots between other programmes."""

from __future__ import annotations

import datetime as dt
from typing import Literal, cast

from pydantic import Field, field_validator

from outreach.channels.base import Channel, FlightFields, WordCount
from outreach.channels.counting import reading_time, tag_fault
from outreach.channels.script import script_items
from outreach.domain.campaign import Flight
from outreach.messages import _

SpotLength = Literal[15, 30, 60]


class RadioFields(FlightFields):
    """minutes: length of the segment. spots: lengths in seconds of the spots aired for it as well.

    zh_per_minute, en_per_minute: the presenters' pace, in Chinese signs and in English words.
    """

    station: str = Field(min_length=1)
    programme_zh: str = Field(min_length=1)
    programme_en: str = ""
    minutes: int = Field(gt=0, le=240)
    zh_per_minute: float = Field(default=240, ge=60, le=480)
    en_per_minute: float = Field(default=150, ge=60, le=300)
    spots: tuple[SpotLength, ...] = ()

    @field_validator("spots")
    @classmethod
    def _each_once(cls, spots: tuple[SpotLength, ...]) -> tuple[SpotLength, ...]:
        if len(set(spots)) < len(spots):
            raise ValueError(_("a length is named twice; name each once"))
        return spots


class Radio(Channel):
    """Heard by whoever listens; its reach is an estimate."""

    key = "radio"
    zh = "广播节目"
    en = "radio programme"
    counted = False
    materials = ("radio", "spot")
    needs_message = True
    needs_times = True
    fields = RadioFields
    sample = {"station": "本市人民广播电台", "programme_zh": "社保连线", "minutes": 10, "spots": (15, 30)}

    def duration(self, fields: FlightFields) -> dt.timedelta:
        """The length of the segment."""
        return dt.timedelta(minutes=cast(RadioFields, fields).minutes)

    def count(self, text: str, language: str, flight: Flight) -> WordCount:
        """Time to read the script aloud with its music; a fault where the segment is shorter."""
        limit = flight.duration.total_seconds()
        items = script_items(text, language, *paces(flight))
        seconds = sum(item.seconds for item in items)
        fault = tag_fault(text)
        if fault is None and seconds > limit:
            fault = (
                _("the script takes {need:.0f} s to read; the segment has {have:.0f} s", need=seconds, have=limit),
                _(
                    "shorten it by {over:.0f} s, about {signs}, or book a longer segment",
                    over=seconds - limit,
                    signs=_signs(seconds - limit, language, flight),
                ),
            )
        spoken = "".join("".join(item.words.split()) for item in items if item.seconds)
        return WordCount(len(spoken), seconds, limit, fault=fault)


def count_spot(text: str, language: str, flight: Flight, limit_s: float) -> WordCount:
    """Time to read a spot aloud; a fault with the seconds and signs it is too long."""
    seconds = reading_time(text, language, *paces(flight))
    fault = tag_fault(text)
    if fault is None and seconds > limit_s:
        fault = (
            _("the spot takes {need:.1f} s to read; it has {have:g} s", need=seconds, have=limit_s),
            _(
                "shorten the message by {over:.1f} s, about {signs}, or leave this length out of spots",
                over=seconds - limit_s,
                signs=_signs(seconds - limit_s, language, flight),
            ),
        )
    return WordCount(len("".join(text.split())), seconds, limit_s, fault=fault)


def paces(flight: Flight) -> tuple[float, float]:
    """Chinese signs and English words that this flight's presenters read in a minute."""
    return float(str(flight.fields["zh_per_minute"])), float(str(flight.fields["en_per_minute"]))


def spot_lengths(flight: Flight) -> tuple[int, ...]:
    """The spots of a flight in seconds, shortest first; none on other channels."""
    spots = flight.fields.get("spots")
    return tuple(sorted(spots)) if isinstance(spots, tuple | list) else ()


def _signs(seconds: float, language: str, flight: Flight) -> str:
    """A stretch of time as what is to be cut: '9 signs' or '6 words'."""
    zh, en = paces(flight)
    count = max(1, round(seconds * (zh if language == "zh" else en) / 60))
    return _("{count} signs", count=count) if language == "zh" else _("{count} words", count=count)
