"""Whether another campaign has been at the same doors lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from outreach.services.office import Office


def count_touched(office: Office, campaign: str, households: Collection[str], day: dt.date) -> int:
    """How many of `households` (codes) another campaign tried to contact in the days before `day`.

    How many days is a setting (`[contacts] touch_days`; 0 asks nothing).
    """
    days = office.workspace.settings.contacts.touch_days
    if not days or not households:
        return 0
    zone = office.workspace.zone
    first, after = (
        dt.datetime.combine(one, dt.time(), zone) for one in (day - dt.timedelta(days=days), day + dt.timedelta(days=1))
    )
    with office.store.read() as unit:
        return len(unit.facts.touched_by_others(campaign, first, after) & set(households))
