"""The consultation booth at a station during a holiday."""

from __future__ import annotations

from typing import cast

from pydantic import Field

from outreach.channels.base import Channel, FlightFields
from outreach.errors import Fault
from outreach.messages import _


class BoothFields(FlightFields):
    """heads: officers a shift. staff: posts taken in turn, `heads` of them a shift; every officer where empty.

    A rota that `outreach booth plan` made takes the place of the turns; staff are then those it may choose from.
    """

    heads: int = Field(ge=1, le=50)
    staff: tuple[str, ...] = ()


class Booth(Channel):
    """Who comes is written down household by household."""

    key = "booth"
    zh = "车站咨询台"
    en = "station booth"
    counted = True
    materials = ("card", "poster")
    needs_times = True
    fields = BoothFields
    sample = {
        "place_zh": "长途汽车站",
        "place_en": "long-distance bus station",
        "times": ["08:00-12:00"],
        "heads": 2,
        "staff": ["G01", "G02"],
    }

    def check(self, fields: FlightFields, where: str) -> list[Fault]:
        """A booth has a place, shifts with an end, and no post twice in one shift."""
        own = cast(BoothFields, fields)
        found: list[Fault] = []
        if not own.place_zh and not own.place_en:
            found.append(Fault(f"{where}.place_zh", _("is missing"), _("say where the booth stands")))
        for text in own.times:
            if "-" not in text:
                found.append(
                    Fault(
                        f"{where}.times",
                        _("the shift '{value}' has no end", value=text),
                        _("write it as HH:MM-HH:MM"),
                    )
                )
        repeated = sorted({post for post in own.staff if own.staff.count(post) > 1})
        if repeated:
            found.append(
                Fault(
                    f"{where}.staff",
                    _("{names} stands in the list twice", names=", ".join(repeated)),
                    _("name each post once; the list is taken round and round"),
                )
            )
        if own.staff and len(set(own.staff)) < own.heads:
            found.append(
                Fault(
                    f"{where}.staff",
                    _("{have} posts cannot fill shifts of {need}", have=len(set(own.staff)), need=own.heads),
                    _("name more posts or lower heads"),
                )
            )
        return found
