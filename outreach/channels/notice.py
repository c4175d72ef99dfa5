"""The notice on the door of a building entrance (小区门栋)."""

from __future__ import annotations

import datetime as dt
from typing import cast

from pydantic import Field

from outreach.channels.base import Channel, FlightFields
from outreach.errors import Fault
from outreach.messages import _


class NoticeFields(FlightFields):
    """remove_by: the day until which somebody takes the notice down again. copies: hung at each entrance.

    spare_percent: printed above that, for those that are torn or taken.
    """

    remove_by: dt.date
    copies: int = Field(default=1, ge=1, le=20)
    spare_percent: int = Field(default=5, ge=0, le=100)


class Notice(Channel):
    """Read by whoever passes the door; its reach is an estimate."""

    key = "notice"
    zh = "门栋告示"
    en = "door notice"
    counted = False
    materials = ("notice", "posting")
    fields = NoticeFields
    sample = {"remove_by": dt.date(2005, 4, 30)}

    def check(self, fields: FlightFields, where: str) -> list[Fault]:
        """A notice cannot be taken down before the flight has begun."""
        own = cast(NoticeFields, fields)
        if own.remove_by >= own.starts:
            return []
        return [
            Fault(
                f"{where}.remove_by",
                _("{day} is before the notices are put up on {start}", day=own.remove_by, start=own.starts),
                _("write a later day"),
            )
        ]
