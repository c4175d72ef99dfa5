"""The newspaper page: a space in columns and millimetres."""

from __future__ import annotations

from pydantic import Field

from outreach.channels.base import Channel, FlightFields


class PressFields(FlightFields):
    """The space bought; millimetres."""

    paper: str = Field(min_length=1)
    width_mm: float = Field(gt=0, le=1000)
    height_mm: float = Field(gt=0, le=1000)
    columns: int = Field(default=1, ge=1, le=12)


class Press(Channel):
    """Read by whoever takes the paper; its reach is an estimate."""

    key = "press"
    zh = "报纸专版"
    en = "newspaper page"
    counted = False
    fields = PressFields
    sample = {"paper": "本市日报", "width_mm": 240, "height_mm": 350, "columns": 5}
