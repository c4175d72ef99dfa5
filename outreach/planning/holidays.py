"""The Chinese calendar as libraries know it: published days off and make-up days, computed years, lunar dates.

`chinesecalendar` carries the State Council's yearly notices and is followed except where a notice says otherwise;
`holidays` computes years whose notice is not out, and both are compared with what is followed. `sxtwl` computes lunar
dates and solar terms.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outreach.domain.calendar import WorkCalendar, days_between

YEARS_AHEAD = 3
"""How many years past the newest notice are computed."""

# General Office notice 国办发明电〔2005〕35号: Saturday 31 December 2005 is worked for Tuesday 3 January 2006.
_LEFT_OUT_MAKE_UP = frozenset({dt.date(2005, 12, 31)})
# Mid-Autumn 2020 fell on 1 October itself; the eighth day off was added for it.
_OTHER_NAMES = {dt.date(2020, 10, 8): "Mid-autumn Festival"}

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
    names = {day: str(name) for day, name in holidays.items()} | _OTHER_NAMES
    off = {day: _NAMES.get(name, (name, name)) for day, name in names.items()}
    ahead = range(last + 1, last + 1 + YEARS_AHEAD)
    for year in ahead:
        off |= _computed(year)
    make_up = frozenset(workdays) | _LEFT_OUT_MAKE_UP
    return WorkCalendar(off, make_up, frozenset(ahead), first, last + YEARS_AHEAD)


def _computed(year: int) -> dict[dt.date, tuple[str, str]]:
    found: dict[dt.date, tuple[str, str]] = {}
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
    """A day on which a library does not say what is followed here. Each: whether it holds the day for worked."""

    day: dt.date
    followed: bool
    chinesecalendar: bool
    holidays: bool


def differences(year: int) -> list[Difference]:
    """The days of a published `year` that `chinesecalendar` or `holidays` holds otherwise than the notices."""
    from chinese_calendar.constants import holidays, workdays

    other = _china(year)
    calendar = work_calendar()
    found = []
    for day in days_between(dt.date(year, 1, 1), dt.date(year, 12, 31)):
        followed = calendar.worked(day)
        first = day in workdays or (day.weekday() < 5 and day not in holidays)
        second = bool(other.is_working_day(day))
        if not followed == first == second:
            found.append(Difference(day, followed, first, second))
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

    @property
    def short_zh(self) -> str:
        """As a wall calendar prints it: the day, on the first of a month the month: '廿三', '腊月'."""
        month, day = self.zh.split("月")
        return f"{month}月" if self.day == 1 else day

    @property
    def en(self) -> str:
        """Month and day in numbers: 'lunar 12-23', 'lunar leap 4-1'."""
        return f"lunar {'leap ' if self.leap else ''}{self.month}-{self.day}"


def lunar(day: dt.date) -> LunarDay:
    """The lunar date of `day`."""
    import sxtwl

    found = sxtwl.fromSolar(day.year, day.month, day.day)
    return LunarDay(found.getLunarYear(), found.getLunarMonth(), found.getLunarDay(), bool(found.isLunarLeap()))


@lru_cache(maxsize=200)
def lunar_new_year(year: int) -> dt.date:
    """The lunar New Year's Day that falls in `year`."""
    import sxtwl

    found = sxtwl.fromLunar(year, 1, 1)
    return dt.date(found.getSolarYear(), found.getSolarMonth(), found.getSolarDay())


_LUNAR_FESTIVALS = {
    (1, 1): ("春节", "Spring Festival"),
    (1, 15): ("元宵节", "Lantern Festival"),
    (5, 5): ("端午节", "Dragon Boat Festival"),
    (7, 7): ("七夕", "Qixi"),
    (8, 15): ("中秋节", "Mid-Autumn Festival"),
    (9, 9): ("重阳节", "Double Ninth"),
    (12, 8): ("腊八", "Laba"),
}
_SOLAR_FESTIVALS = {
    (1, 1): ("元旦", "New Year"),
    (5, 1): ("劳动节", "May Day"),
    (10, 1): ("国庆节", "National Day"),
}
_EVE = ("除夕", "Lunar New Year's Eve")
_TOMB_SWEEPING = ("清明节", "Tomb-Sweeping Day")
_QINGMING = 7
"""The number of Qingming among the solar terms as `sxtwl` counts them, the winter solstice being 0."""


def festivals(day: dt.date) -> tuple[tuple[str, str], ...]:
    """The festivals that fall on `day` itself, in Chinese and English, whether or not anybody is off for them."""
    import sxtwl

    found = []
    if name := _SOLAR_FESTIVALS.get((day.month, day.day)):
        found.append(name)
    there = lunar(day)
    if not there.leap and (name := _LUNAR_FESTIVALS.get((there.month, there.day))):
        found.append(name)
    following = lunar(day + dt.timedelta(days=1))
    if (following.month, following.day, following.leap) == (1, 1, False):
        found.append(_EVE)
    solar = sxtwl.fromSolar(day.year, day.month, day.day)
    if solar.hasJieQi() and solar.getJieQi() == _QINGMING:
        found.append(_TOMB_SWEEPING)
    return tuple(found)
