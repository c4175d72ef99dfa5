"""The TV crawl (滚动字幕): one line of text over a programme, limited by its slot."""

from __future__ import annotations

import datetime as dt
from typing import cast

from pydantic import Field

from outreach.channels.base import Channel, FlightFields, WordCount
from outreach.channels.counting import count_crawl
from outreach.domain.campaign import Flight
from outreach.messages import _


class CrawlFields(FlightFields):
    """seconds: length of the slot. loops: times the text runs in it. chars_per_second: reading speed."""

    station: str = Field(min_length=1)
    seconds: int = Field(gt=0, le=600)
    loops: int = Field(default=1, ge=1, le=20)
    chars_per_second: float = Field(default=4.0, gt=0, le=20)


class Crawl(Channel):
    """Seen by whoever watches; its reach is an estimate."""

    key = "crawl"
    zh = "电视滚动字幕"
    en = "TV crawl"
    counted = False
    materials = ("crawl",)
    needs_message = True
    needs_times = True
    fields = CrawlFields
    sample = {"station": "本市电视台", "seconds": 30, "loops": 2}

    def duration(self, fields: FlightFields) -> dt.timedelta:
        """The length of the slot."""
        return dt.timedelta(seconds=cast(CrawlFields, fields).seconds)

    def count(self, text: str, language: str, flight: Flight) -> WordCount:
        """Characters and seconds of all loops; a fault where the slot cannot hold them."""
        seconds, loops = float(str(flight.fields["seconds"])), int(str(flight.fields["loops"]))
        speed = float(str(flight.fields["chars_per_second"]))
        counts = count_crawl(text, speed, loops)
        fault = None
        if counts.seconds > seconds:
            fault = (
                _(
                    "the text needs {need:.0f} s ({speed:g} signs a second, {loops} times); the slot has {have:g} s",
                    need=counts.seconds,
                    speed=speed,
                    loops=loops,
                    have=seconds,
                ),
                _("shorten the message, run it fewer times, or buy a longer slot"),
            )
        return WordCount(counts.characters, counts.seconds, seconds, fault=fault)
