"""The counter in the bureau's hall."""

from __future__ import annotations

from pydantic import Field

from outreach.channels.base import Channel, FlightFields


class HallFields(FlightFields):
    """counters: windows open for the campaign."""

    counters: int = Field(default=1, ge=1, le=100)


class Hall(Channel):
    """Who comes is written down household by household."""

    key = "hall"
    zh = "大厅窗口"
    en = "hall counter"
    counted = True
    materials = ("card",)
    fields = HallFields
    sample = {"counters": 2}
