"""What every section of the planning file shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class PlanSection(BaseModel):
    """A section: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
