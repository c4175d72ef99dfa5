"""The newspaper page: a space in columns and millimetres."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from pydantic import Field

from outreach.channels.base import Channel, FlightFields
from outreach.domain.campaign import Flight
from outreach.errors import Fault
from outreach.messages import _

_LEAST_COLUMN_MM = 20.0
_TOLERANCE_MM = 0.01


class PressFields(FlightFields):
    """The space bought, in millimetres. Columns of `column_mm` with gutters between them are `width_mm` wide.

    One of `column_mm` and `width_mm` may be left out; it follows from the other.
    """

    paper: str = Field(min_length=1)
    columns: int = Field(default=1, ge=1, le=12)
    column_mm: float = Field(default=0, ge=0, le=500)
    gutter_mm: float = Field(default=4, ge=0, le=20)
    width_mm: float = Field(default=0, ge=0, le=1000)
    height_mm: float = Field(gt=0, le=1000)

    @property
    def gutters_mm(self) -> float:
        """All gutters together."""
        return (self.columns - 1) * self.gutter_mm

    @property
    def column_width_mm(self) -> float:
        """One column, as given or as the width leaves it."""
        return self.column_mm or (self.width_mm - self.gutters_mm) / self.columns

    @property
    def whole_width_mm(self) -> float:
        """All columns and the gutters between them."""
        return self.width_mm or self.columns * self.column_mm + self.gutters_mm


class Press(Channel):
    """Read by whoever takes the paper; its reach is an estimate."""

    key = "press"
    zh = "报纸专版"
    en = "newspaper page"
    counted = False
    materials = ("press",)
    fields = PressFields
    sample = {"paper": "本市日报", "columns": 5, "column_mm": 44.8, "gutter_mm": 4, "height_mm": 350}

    def check(self, fields: FlightFields, where: str) -> list[Fault]:
        """The width is known, agrees with the columns, and leaves each of them wide enough to be read."""
        own = cast(PressFields, fields)
        if not own.column_mm and not own.width_mm:
            return [
                Fault(f"{where}.column_mm", _("is missing"), _("write the width of one column, or width_mm of all"))
            ]
        found = []
        columns = own.columns * own.column_mm + own.gutters_mm
        if own.column_mm and own.width_mm and abs(columns - own.width_mm) > _TOLERANCE_MM:
            what = _(
                "{count} columns of {column:g} mm with gutters of {gutter:g} mm are {sum:g} mm wide, not {width:g}",
                count=own.columns,
                column=own.column_mm,
                gutter=own.gutter_mm,
                sum=columns,
                width=own.width_mm,
            )
            found.append(Fault(f"{where}.width_mm", what, _("correct one of them, or leave width_mm out")))
        if own.column_width_mm < _LEAST_COLUMN_MM:
            what = _("a column is {width:g} mm wide", width=round(own.column_width_mm, 2))
            mend = _("take fewer columns; text needs {least:g} mm", least=_LEAST_COLUMN_MM)
            found.append(Fault(f"{where}.columns", what, mend))
        return found

    def flight(self, fields: FlightFields) -> Flight:
        """The domain's flight, the width of a column and of the page both told."""
        own = cast(PressFields, fields)
        flight = super().flight(fields)
        widths = {"column_mm": own.column_width_mm, "width_mm": own.whole_width_mm}
        return replace(flight, fields={**flight.fields, **{name: round(value, 4) for name, value in widths.items()}})
