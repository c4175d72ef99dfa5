"""What every channel is: its words, its fields in the campaign file, its limits, and how its reach is known."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from outreach.channels.counting import SmsCount, reading_time
from outreach.domain.campaign import WEEKDAYS, Flight, Slot
from outreach.errors import Fault
from outreach.messages import _

_SLOT = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?:-([01]\d|2[0-3]):([0-5]\d))?")

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class FlightFields(BaseModel):
    """What a `[[flights]]` table may say on every channel; a channel's own class adds its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")
    channel: str
    starts: dt.date
    ends: dt.date
    weekdays: tuple[Weekday, ...] = WEEKDAYS  # type: ignore[assignment]
    times: tuple[str, ...] = ()
    message: str = ""
    place_zh: str = ""
    place_en: str = ""

    @field_validator("times")
    @classmethod
    def _times_are_times(cls, times: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [found for found in map(_slot_fault, times) if found]
        if wrong:
            raise ValueError("; ".join(wrong))
        return times


@dataclass(frozen=True, slots=True)
class WordCount:
    """A text as its channel measures it.

    seconds: on air, all loops, or read aloud. limit_s: what the placement has, None where nothing limits it.
    sms: parts and encoding where the channel bills them. fault: what is too much and how to mend it.
    """

    characters: int
    seconds: float
    limit_s: float | None = None
    sms: SmsCount | None = None
    fault: tuple[str, str] | None = None


class Channel:
    """One channel. Subclasses state the facts below and may add limits in `check`.

    counted: reach is known household by household; otherwise it can only be estimated, and the two are
    never added up. materials: kinds it prints. needs_message: a flight must name a message.
    """

    key: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]
    counted: ClassVar[bool]
    materials: ClassVar[tuple[str, ...]] = ()
    needs_message: ClassVar[bool] = False
    needs_times: ClassVar[bool] = False
    fields: ClassVar[type[FlightFields]] = FlightFields
    sample: ClassVar[Mapping[str, object]]

    def label(self, language: str) -> str:
        """The channel's name in `language`."""
        return self.zh if language == "zh" else self.en

    def duration(self, fields: FlightFields) -> dt.timedelta:
        """How long a placement lasts where its slot names no end."""
        return dt.timedelta(minutes=15)

    def check(self, fields: FlightFields, where: str) -> list[Fault]:
        """Faults of one flight's fields against this channel's limits."""
        return []

    def count(self, text: str, language: str, flight: Flight) -> WordCount:
        """What a text made for `flight` measures on this channel, and whether the placement can hold it."""
        return WordCount(len(text), reading_time(text, language))

    def faults(self, fields: FlightFields, where: str) -> list[Fault]:
        """All faults of one flight that the channel can see: the common ones, then its own limits."""
        found: list[Fault] = []
        if self.needs_message and not fields.message:
            found.append(Fault(f"{where}.message", _("is missing"), _("name one of the [[messages]]")))
        if self.needs_times and not fields.times:
            found.append(Fault(f"{where}.times", _("is missing"), _("list the times of day, such as '19:35'")))
        return found + self.check(fields, where)

    def flight(self, fields: FlightFields) -> Flight:
        """The domain's flight for these fields."""
        common = set(FlightFields.model_fields)
        own = {name: value for name, value in fields.model_dump().items() if name not in common}
        return Flight(
            id=fields.id,
            channel=self.key,
            starts=fields.starts,
            ends=fields.ends,
            weekdays=frozenset(WEEKDAYS.index(day) for day in fields.weekdays),
            slots=tuple(_slot(text) for text in fields.times),
            duration=self.duration(fields),
            message=fields.message,
            place={"zh": fields.place_zh, "en": fields.place_en},
            heads=own.pop("heads", 0),
            staff=own.pop("staff", ()),
            fields=own,
        )


def _slot_fault(text: str) -> str:
    match = _SLOT.fullmatch(text)
    if not match:
        return _("'{value}' is no time; write HH:MM or HH:MM-HH:MM", value=text)
    if match[3] and (match[3], match[4]) <= (match[1], match[2]):
        return _("'{value}' ends before it starts; write the earlier time first", value=text)
    return ""


def _slot(text: str) -> Slot:
    starts, _dash, ends = text.partition("-")
    return Slot(dt.time.fromisoformat(starts), dt.time.fromisoformat(ends) if ends else None)
