"""The Chinese calendar as libraries know it: published days off and make-up days, computed years, lunar dates.

`chinesecalendar` carries the State Council's yearly notices and is the one followed; `holidays` computes years whose
notice is not out, and is compared with it. `sxtwl` computes lunar dates.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outreach.domain.calendar import WorkCalendar

YEARS_AHEAD = 3
"""How many years past the newest notice are computed."""

_NAMES = {
    "New Year's Day": ("元旦", "New Year"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-Sweeping Day"),
    "Labour Day": ("劳动节", "May Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "National Day": ("国庆节", "National Day"),
    "Mid-autumn Festival": ("中秋节", "Mid-Autumn Festival"),
    "Anti-Fascist 70th Day": ("抗战胜利纪念日", "Victory Day"),
}
# What the computing library calls the same days.
_COMPUTED = {
    "New Year's Day": "New Year's Day",
    "Chinese New Year": "Spring Festival",
    "Tomb-Sweeping Day": "Tomb-sweeping Day",
    "Labor Day": "Labour Day",
    "Dragon Boat Festival": "Dragon Boat Festival",
    "Mid-Autumn Festival": "Mid-autumn Festival",
    "National Day": "National Day",
}


@lru_cache(maxsize=1)
def work_calendar() -> WorkCalendar:
    """Every year that was published, and `YEARS_AHEAD` computed ones after it, marked provisional."""
    from chinese_calendar.constants import holidays, workdays

    first, last = min(holidays).year, max(holidays).year
    off = {day: _NAMES.get(str(name), (str(name), str(name))) for day, name in holidays.items()}
    ahead = range(last + 1, last + 1 + YEARS_AHEAD)
    for year in ahead:
        off |= _computed(year)
    return WorkCalendar(off, frozenset(workdays), frozenset(ahead), first, last + YEARS_AHEAD)


def _computed(year: int) -> dict[dt.date, tuple[str, str]]:
    found = {}
    for day, names in _china(year).items():
        for name in str(names).split("; "):
            known = next((key for start, key in _COMPUTED.items() if name.startswith(start)), None)
            if known and day.year == year:
                found.setdefault(day, _NAMES[known])
    return found


def _china(year: int) -> Any:
    import holidays

    return holidays.country_holidays("CN", years=year, language="en_US")


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the two libraries do not agree. followed, other: whether each says it is worked."""

    day: dt.date
    followed: bool
    other: bool


def differences(year: int) -> list[Difference]:
    """The days of a published `year` that `holidays` holds otherwise than the notices carried by `chinesecalendar`."""
    other = _china(year)
    calendar = work_calendar()
    found = []
    for offset in range(366):
        day = dt.date(year, 1, 1) + dt.timedelta(days=offset)
        if day.year != year:
            break
        says = bool(other.is_working_day(day))
        if says != calendar.worked(day):
            found.append(Difference(day, calendar.worked(day), says))
    return found


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar. leap: of a month put in."""

    year: int
    month: int
    day: int
    leap: bool

    @property
    def zh(self) -> str:
        """As calendars print it: '腊月廿三'."""
        ten = "初十廿三"
        digits = "一二三四五六七八九十"
        month = ("正", *digits[1:], "冬", "腊")[self.month - 1]
        if self.day in (10, 20, 30):
            day = {10: "初十", 20: "二十", 30: "三十"}[self.day]
        else:
            day = ten[self.day // 10] + digits[self.day % 10 - 1]
        return f"{'闰' if self.leap else ''}{month}月{day}"


def lunar(day: dt.date) -> LunarDay:
    """The lunar date of `day`."""
    import sxtwl

    found = sxtwl.fromSolar(day.year, day.month, day.day)
    return LunarDay(found.getLunarYear(), found.getLunarMonth(), found.getLunarDay(), bool(found.isLunarLeap()))


def lunar_new_year(year: int) -> dt.date:
    """The lunar New Year's Day that falls in `year`."""
    import sxtwl

    found = sxtwl.fromLunar(year, 1, 1)
    return dt.date(found.getSolarYear(), found.getSolarMonth(), found.getSolarDay())
