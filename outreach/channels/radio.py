"""The radio programme: a segment with a name of its own."""

from __future__ import annotations

import datetime as dt
from typing import cast

from pydantic import Field

from outreach.channels.base import Channel, FlightFields, WordCount
from outreach.channels.counting import reading_time
from outreach.domain.campaign import Flight
from outreach.messages import _


class RadioFields(FlightFields):
    """minutes: length of the segment."""

    station: str = Field(min_length=1)
    programme_zh: str = Field(min_length=1)
    programme_en: str = ""
    minutes: int = Field(gt=0, le=240)


class Radio(Channel):
    """Heard by whoever listens; its reach is an estimate."""

    key = "radio"
    zh = "广播节目"
    en = "radio programme"
    counted = False
    materials = ("radio",)
    needs_message = True
    needs_times = True
    fields = RadioFields
    sample = {"station": "本市人民广播电台", "programme_zh": "社保连线", "minutes": 10}

    def duration(self, fields: FlightFields) -> dt.timedelta:
        """The length of the segment."""
        return dt.timedelta(minutes=cast(RadioFields, fields).minutes)

    def count(self, text: str, language: str, flight: Flight) -> WordCount:
        """Time to read the script aloud; a fault where the segment is shorter."""
        limit = flight.duration.total_seconds()
        seconds = reading_time(text, language)
        fault = None
        if seconds > limit:
            fault = (
                _("the script takes {need:.0f} s to read; the segment has {have:.0f} s", need=seconds, have=limit),
                _("shorten the texts it quotes or book a longer segment"),
            )
        return WordCount(len("".join(text.split())), seconds, limit, fault=fault)
