"""The TV crawl (滚动字幕): one line of text over a programme, limited by its slot."""

from __future__ import annotations

import datetime as dt
from typing import cast

from pydantic import Field

from outreach.channels.base import Channel, FlightFields, WordCount
from outreach.channels.counting import CrawlPace, count_crawl, tag_fault
from outreach.domain.campaign import Flight
from outreach.messages import _


class CrawlFields(FlightFields):
    """seconds: length of the slot. loops: times the text runs in it. chars_per_second: reading speed.

    gap_seconds: empty band between two loops. signs_across: Chinese signs side by side on the screen, which is how
    large they are: 32 are 60 pixels each in 1920 x 1080.
    """

    station: str = Field(min_length=1)
    seconds: int = Field(gt=0, le=600)
    loops: int = Field(default=1, ge=1, le=20)
    chars_per_second: float = Field(default=4.0, gt=0, le=20)
    gap_seconds: float = Field(default=1.0, ge=0, le=60)
    signs_across: int = Field(default=32, ge=16, le=48)


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
    sample = {"station": "本市电视台", "seconds": 45, "loops": 2}

    def duration(self, fields: FlightFields) -> dt.timedelta:
        """The length of the slot."""
        return dt.timedelta(seconds=cast(CrawlFields, fields).seconds)

    def count(self, text: str, language: str, flight: Flight) -> WordCount:
        """Characters and seconds of all loops; a fault where the slot cannot hold them."""
        slot, pace = float(str(flight.fields["seconds"])), crawl_pace(flight)
        counts = count_crawl(text, pace)
        fault = tag_fault(text)
        # A hundredth of a second is less than one frame of television.
        if fault is None and counts.seconds > slot + 0.01:
            spare = (slot - pace.gap_s * (pace.loops - 1)) * pace.chars_per_second - pace.signs_across
            fault = (
                _(
                    "the text needs {need:.1f} s ({speed:g} signs a second, {loops} times, from edge to edge); "
                    "the slot has {have:g} s",
                    need=counts.seconds,
                    speed=pace.chars_per_second,
                    loops=pace.loops,
                    have=slot,
                ),
                _(
                    "shorten the text by {signs:.0f} signs, run it fewer times or faster, or buy a longer slot",
                    signs=max(counts.width - max(spare, 0) / pace.loops, 1),
                ),
            )
        return WordCount(counts.characters, counts.seconds, slot, fault=fault)


def crawl_pace(flight: Flight) -> CrawlPace:
    """How a crawl flight's text runs."""
    fields = flight.fields
    return CrawlPace(
        float(str(fields["chars_per_second"])),
        int(str(fields["loops"])),
        float(str(fields["gap_seconds"])),
        int(str(fields["signs_across"])),
    )
