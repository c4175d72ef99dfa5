"""The planning file: `campaigns/NAME/plan.toml`, the rules by which a campaign's work is planned.

It stands beside the campaign file because it says nothing the public sees: weights, caps, shifts, budgets. Each part of
planning has a section of its own, written in a file of its own here; a campaign without the file has every default.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from outreach.config import Workspace, model_faults
from outreach.errors import BadInput, Fault
from outreach.messages import _
from outreach.services.campaigns import PLAN_NAME, campaign_folder
from outreach.services.plan_air import AirSection
from outreach.services.plan_followups import FollowUpSection
from outreach.services.plan_rota import BoothSection, DutySection
from outreach.services.plan_section import PlanSection
from outreach.services.plan_targets import TargetsSection
from outreach.services.plan_territory import TerritorySection
from outreach.services.plan_tries import StaffingSection, TriesSection
from outreach.services.plan_walks import WalkSection


class PlanFile(PlanSection):
    """The whole file; see docs/planning.md for every key."""

    format: int = Field(default=1, ge=1, le=1)
    territory: TerritorySection = TerritorySection()
    booths: BoothSection = BoothSection()
    duty: DutySection = DutySection()
    walks: WalkSection = WalkSection()
    tries: TriesSection = TriesSection()
    staffing: StaffingSection = StaffingSection()
    air: AirSection = AirSection()
    targets: TargetsSection = TargetsSection()
    followups: FollowUpSection = FollowUpSection()


def plan_path(workspace: Workspace, campaign_name: str) -> Path:
    """Where a campaign's planning file is, or would be; raises NotFound for an unknown campaign."""
    return campaign_folder(workspace, campaign_name) / PLAN_NAME


def load_plan(workspace: Workspace, campaign_name: str) -> PlanFile:
    """Read a campaign's rules; defaults where it has no file. Raises BadInput with every fault."""
    path = plan_path(workspace, campaign_name)
    return _read(path, path.read_bytes() if path.is_file() else None)


@lru_cache(maxsize=8)
def _read(path: Path, content: bytes | None) -> PlanFile:
    """The rules of a file, None being no file; read once for each content."""
    if content is None:
        return PlanFile()
    try:
        return PlanFile(**_parse(path))
    except ValidationError as error:
        raise BadInput(*model_faults(str(path), error)) from error


def plan_faults(workspace: Workspace, campaign_name: str) -> list[Fault]:
    """What is wrong with a campaign's planning file."""
    try:
        load_plan(workspace, campaign_name)
    except BadInput as error:
        return list(error.faults)
    return []


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput.at(str(path), _("is not valid TOML: {error}", error=error), _("mend that line")) from error
