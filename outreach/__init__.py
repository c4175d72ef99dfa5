"""Publicity campaigns for public bureaus: the public names, each loaded when it is first used.

    import outreach

    office = outreach.open_office(outreach.find_workspace(Path.cwd()))
    outreach.make_material(office, "", "letter")

What a command of the command line does, a function here does; docs/quickstart.md shows both.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.config import find_workspace
    from outreach.errors import OutreachError
    from outreach.services.accounts import import_accounts
    from outreach.services.calendars import write_calendars
    from outreach.services.campaign_check import check_campaign
    from outreach.services.campaigns import load_campaign, new_campaign
    from outreach.services.contacts import record_attempt
    from outreach.services.materials import make_material
    from outreach.services.office import init_workspace, open_office
    from outreach.services.payments import show_payment
    from outreach.services.reports import report_coverage, report_funnel
    from outreach.services.rosters import import_households, import_officers
    from outreach.services.runs import resume_run
    from outreach.services.territories import assign_households

__all__ = [
    "OutreachError",
    "assign_households",
    "check_campaign",
    "find_workspace",
    "import_accounts",
    "import_households",
    "import_officers",
    "init_workspace",
    "load_campaign",
    "make_material",
    "new_campaign",
    "open_office",
    "record_attempt",
    "report_coverage",
    "report_funnel",
    "resume_run",
    "show_payment",
    "write_calendars",
]

_HOMES = {
    "OutreachError": "errors",
    "assign_households": "services.territories",
    "check_campaign": "services.campaign_check",
    "find_workspace": "config",
    "import_accounts": "services.accounts",
    "import_households": "services.rosters",
    "import_officers": "services.rosters",
    "init_workspace": "services.office",
    "load_campaign": "services.campaigns",
    "make_material": "services.materials",
    "new_campaign": "services.campaigns",
    "open_office": "services.office",
    "record_attempt": "services.contacts",
    "report_coverage": "services.reports",
    "report_funnel": "services.reports",
    "resume_run": "services.runs",
    "show_payment": "services.payments",
    "write_calendars": "services.calendars",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'outreach' has no attribute '{name}'")
    found = getattr(importlib.import_module(f"outreach.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
