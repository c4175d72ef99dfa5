"""Cases in a log that travels between machines: what a line of one must look like, its steps with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_Instant = Annotated[int, Field(ge=0, le=7_258_118_400_000)]
_Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Step(_Line):
    id: uuid.UUID
    step: int = Field(ge=1, le=3)
    on: dt.date
    by: _Text
    note: _Text
    corrects: _Text
    recorded_ms: _Instant


class CaseFact(_Line):
    """One line. household: '' for a case of somebody whom the roster does not have. told_ms: when each was said."""

    fact: Literal["case"]
    id: uuid.UUID
    number: _Text = Field(min_length=1)
    received: dt.date
    household: _Text
    person: int = Field(ge=0, le=99)
    who: _Text
    officer: _Text
    note: _Text
    told_ms: dict[Literal["received", "household", "who", "officer", "note"], _Instant]
    recorded_ms: _Instant
    steps: tuple[_Step, ...]


def cases_of(facts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines of a log that are cases."""
    return [fact for fact in facts if fact["fact"] == "case"]
