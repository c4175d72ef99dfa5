"""The display board outside the bureau's building."""

from __future__ import annotations

from pydantic import Field

from outreach.channels.base import Channel, FlightFields


class BoardFields(FlightFields):
    """panels: how many boards stand side by side; the kind `board` spreads its content over them."""

    panels: int = Field(default=1, ge=1, le=50)


class Board(Channel):
    """Read by passers-by; its reach is an estimate."""

    key = "board"
    zh = "宣传展板"
    en = "display board"
    counted = False
    materials = ("board", "poster")
    fields = BoardFields
    sample = {"panels": 4}
