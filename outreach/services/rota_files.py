"""The rota as files for people: the wall's workbook, a document to write in, a plain table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from outreach.domain.calendar import Sort
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput
from outreach.messages import _, current_language
from outreach.planning.holidays import work_calendar
from outreach.render.book import make_csv
from outreach.render.wall import DaySort, Paper, Wall, WallColumn, WallDay, WallMonth, WallWords, make_wall_workbook
from outreach.render.wall_document import make_wall_document
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, write_whole
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import RotaView, ShiftView, show_rota
from outreach.services.values import printed_day, printed_month

ENDINGS = (".xlsx", ".docx", ".csv")


@dataclass(frozen=True, slots=True)
class RotaFile:
    """What was written. state: 'draft' or 'published', as the file says too."""

    file: Path
    state: str
    shifts: int
    officers: int


def write_rota(
    office: Office,
    campaign_name: str,
    kind: RotaKind,
    file: Path,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    told: bool = False,
    paper: Paper = "A4",
) -> RotaFile:
    """Write the rota as .xlsx, .docx or .csv, told by the ending, in the language of the messages.

    The days and `told` as in `show_rota`, which raises Conflict where there is none; BadInput for another ending.
    """
    if file.suffix.lower() not in ENDINGS:
        what = _("rotas are not written as '{ending}'", ending=file.suffix)
        raise BadInput.at(str(file), what, _("choose one of {endings}", endings=", ".join(ENDINGS)))
    view = show_rota(office, campaign_name, kind, first=first, last=last, told=told)
    campaign = load_campaign(office.workspace, view.campaign)
    if file.suffix.lower() == ".csv":
        content = _table(view)
    else:
        wall = make_wall(view, campaign)
        make = make_wall_workbook if file.suffix.lower() == ".xlsx" else make_wall_document
        content = make(wall, paper=paper)
    write_whole(file, content)
    return RotaFile(file, view.state, len(view.shifts), len(view.officers))


def make_wall(view: RotaView, campaign: Campaign) -> Wall:
    """A rota as the wall shows it, in the language of the messages, or in the campaign's where it has not that one."""
    language = current_language()
    texts = campaign.texts.get(language) or next(iter(campaign.texts.values()))
    name = {RotaKind.BOOTH: _("Booth rota"), RotaKind.DUTY: _("Phone duty")}[view.kind]
    draft = f" ({_('draft')})" if view.state == "draft" else ""
    by_month = groupby(view.shifts, key=lambda shift: (shift.starts.year, shift.starts.month))
    months = [_month(list(shifts), f"{texts.title} · {name}", draft, language) for _key, shifts in by_month]
    headings = (_("Post"), _("Name"), _("Shifts"), _("Hours in all"), _("Holidays"), _("Evenings"), _("Weekends"))
    totals = tuple(
        (one.post, one.name, one.shifts, one.hours, one.holidays, one.evenings, one.weekends) for one in view.officers
    )
    return Wall(f"{texts.title} · {name}{draft}", tuple(months), _("Totals"), headings, totals, _words(view))


def _words(view: RotaView) -> WallWords:
    if view.state == "draft" or view.published is None:
        foot = _("Draft: not told to anybody yet.")
    else:
        foot = _("Published {day}.", day=printed_day(view.published.date(), current_language()))
    if view.provisional:
        foot += " " + _("Holidays are provisional: the notice of the year is not out.")
    return WallWords(
        day=_("Day"),
        weekday=_("Weekday"),
        note=_("Note"),
        legend={
            Sort.HOLIDAY.value: _("holiday"),
            Sort.WEEKEND.value: _("weekend"),
            Sort.MAKE_UP.value: _("make-up working day"),
        },
        foot=foot,
        page=_("page {page} of {pages}", page="{page}", pages="{pages}"),
    )


def _month(shifts: list[ShiftView], title: str, draft: str, language: str) -> WallMonth:
    found = sorted({(shift.place.get(language, ""), _hours(shift)) for shift in shifts})
    by_day = groupby(shifts, key=lambda shift: shift.starts.date())
    month = printed_month(shifts[0].starts.date(), language)
    return WallMonth(
        tab=f"{shifts[0].starts:%Y-%m}",
        title=f"{title} · {month}{draft}",
        columns=tuple(WallColumn(*column) for column in found),
        days=tuple(_day(day, list(one), found, language) for day, one in by_day),
    )


def _day(day: dt.date, shifts: list[ShiftView], found: Iterable[tuple[str, str]], language: str) -> WallDay:
    names = {(shift.place.get(language, ""), _hours(shift)): _names(shift) for shift in shifts}
    holiday = next((shift.holiday for shift in shifts if shift.holiday), {})
    sort = _sort(day)
    note = holiday.get(language, "") if holiday else _("make-up working day") if sort == "make-up" else ""
    if holiday and work_calendar().is_provisional(day, day):
        note = _("{holiday} (provisional)", holiday=note)
    return WallDay(day, weekday_name(day), note, sort, tuple(names.get(column, "") for column in found))


def _sort(day: dt.date) -> DaySort:
    calendar = work_calendar()
    sort = calendar.sort(day) if calendar.knows(day) else Sort.WEEKEND if day.weekday() >= 5 else Sort.WORKDAY
    kinds: dict[Sort, DaySort] = {
        Sort.WORKDAY: "workday",
        Sort.WEEKEND: "weekend",
        Sort.HOLIDAY: "holiday",
        Sort.MAKE_UP: "make-up",
    }
    return kinds[sort]


def _names(shift: ShiftView) -> str:
    missing = max(shift.heads - len(shift.officers), 0)
    lines = [officer.name for officer in shift.officers]
    return "\n".join([*lines, _("{count} missing", count=missing)] if missing else lines)


def _hours(shift: ShiftView) -> str:
    return f"{shift.starts:%H:%M}–{shift.ends:%H:%M}"


def weekday_name(day: dt.date) -> str:
    """The weekday in the language of the messages."""
    names = (
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    )  # fmt: skip
    return names[day.weekday()]


def _table(view: RotaView) -> bytes:
    language = current_language()
    headings = (
        _("Shift"), _("Day"), _("Weekday"), _("Note"), _("Place"),
        _("From"), _("To"), _("Post"), _("Officer"), _("Name"),
    )  # fmt: skip
    rows = [
        (
            shift.key,
            shift.starts.date(),
            weekday_name(shift.starts.date()),
            shift.holiday.get(language, ""),
            shift.place.get(language, ""),
            f"{shift.starts:%H:%M}",
            f"{shift.ends:%H:%M}",
            officer.post,
            officer.code,
            officer.name,
        )
        for shift in view.shifts
        for officer in shift.officers
    ]
    return make_csv(headings, rows)
