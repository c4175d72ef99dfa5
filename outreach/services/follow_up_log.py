"""Follow-ups in a log that travels between machines: what a line of one must look like."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_LATEST_MS = 253_402_214_400_000  # the last day of the year 9999


class FollowUpFact(BaseModel):
    """One line. household: '' for a complainant who belongs to none."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    fact: Literal["follow_up"]
    id: uuid.UUID
    household: str
    person: int = Field(ge=0, le=99)
    kind: Literal["promise", "appointment", "complaint", "withdrawn"]
    about: str
    who: str
    officer: str
    due: dt.date
    due_ms: int | None = Field(ge=0, le=_LATEST_MS)
    opened_ms: int = Field(ge=0, le=_LATEST_MS)
    opened_by: str
    source: str
    corrects: str
    answer: str
    row_key: str | None
    recorded_ms: int = Field(ge=0, le=_LATEST_MS)


def follow_ups_of(facts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The lines of a log that are follow-ups; the other facts are appended by themselves."""
    return [fact for fact in facts if fact["fact"] == "follow_up"]
