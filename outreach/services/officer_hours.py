"""When officers have time for doors: the hours of walks, less leave, booths and the phone."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

from outreach.domain.people import Officer
from outreach.planning.forecast import Week
from outreach.planning.walk_hours import Hours, Window
from outreach.services.plan_walks import WalkSection
from outreach.services.staffing import Stretch


def walking_hours(rules: WalkSection) -> Hours:
    """When doors are knocked on, by `[walks]`."""
    return Hours(
        rules.evenings,
        rules.evening_hours,
        rules.weekend_hours,
        rules.holiday_hours,
        rules.day_hours,
        rules.free_days,
        rules.free_holidays,
    )


def week_hours(
    officer: Officer,
    weeks: Sequence[Week],
    hours: Sequence[Window],
    rules: WalkSection,
    away: Mapping[str, frozenset[dt.date]],
    busy: Mapping[str, Sequence[Stretch]],
) -> list[float]:
    """An officer's hours in each week: stretches not on leave and not on duty, as many as the share allows."""
    most = math.ceil(rules.most_a_week * officer.share / 100)
    absent, taken = away.get(officer.code, frozenset()), busy.get(officer.code, ())
    free = [
        one
        for one in hours
        if one.starts.date() not in absent
        and not any(starts < one.ends and one.starts < ends for starts, ends in taken)
    ]
    found = []
    for week in weeks:
        minutes = sorted((one.minutes for one in free if week.first <= one.starts.date() <= week.last), reverse=True)
        found.append(sum(minutes[:most]) / 60)
    return found
