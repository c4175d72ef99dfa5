"""The visit at the door by the household's officer."""

from __future__ import annotations

from outreach.channels.base import Channel, FlightFields


class VisitFields(FlightFields):
    """evenings: whether officers go after office hours, when people who work are at home."""

    evenings: bool = False


class Visit(Channel):
    """Counted household by household."""

    key = "visit"
    zh = "上门走访"
    en = "home visit"
    counted = True
    materials = ("card", "letter")
    fields = VisitFields
    sample = {"evenings": True}
