"""The on-duty list: who answers the phone from hour to hour of a day, and by which numbers they are reached.

It is taken from the published rota of the phone. A stretch of the promised hours in which nobody is on, or whoever is
on cannot come, is a line of its own, so that it is seen before somebody calls.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.directory import phone_digits, phone_printed
from outreach.domain.people import Officer
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.document import Block, Grid, Heading, Paragraph, make_document
from outreach.services.campaigns import load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole
from outreach.services.plan_file import load_plan
from outreach.services.rota_away import reasons_away
from outreach.services.rota_files import weekday_name
from outreach.services.rota_state import RotaKind, published

_MOST_DAYS = 62
_WIDTHS_MM = (28, 30, 18, 34, 36, 34, 34, 47)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One officer on the phone for a stretch of a day; code '' is a gap. away: why they cannot come, '' where they can.

    phones: kind ('duty', 'mobile', 'home', 'office') and number as printed, the bureau's own first.
    """

    starts: dt.datetime
    ends: dt.datetime
    code: str
    post: str
    name: str
    phones: tuple[tuple[str, str], ...]
    away: str = ""


@dataclass(frozen=True, slots=True)
class DutyDay:
    """One day's list in order of time. gap_minutes: of the promised hours in which nobody can answer."""

    day: dt.date
    starts: dt.datetime
    ends: dt.datetime
    lines: tuple[OnDuty, ...]
    gap_minutes: int


def list_duty(office: Office, campaign_name: str, first: dt.date, last: dt.date) -> list[DutyDay]:
    """The on-duty lists of the days from `first` to `last`, both included, by the published rota.

    Raises BadInput where `last` comes first or the days are too many for a list.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    if last < first or (last - first).days >= _MOST_DAYS:
        raise BadInput.at(
            f"{first} – {last}",
            _("no such days"),
            _("name a first and a last day at most {most} apart", most=_MOST_DAYS),
        )
    section = load_plan(office.workspace, campaign.name).duty
    bureau = campaign.bureaus[campaign.languages[0]]
    number = section.phone or bureau.hotline
    with office.store.read() as unit:
        told = published(unit.rotas.all(campaign.name, RotaKind.DUTY, campaign.zone))
        officers = unit.rosters.all_officers()
        reasons = reasons_away(unit, told, told.in_order())
    found = []
    for offset in range((last - first).days + 1):
        day = first + dt.timedelta(days=offset)
        starts = dt.datetime.combine(day, section.hours.starts, campaign.zone)
        ends = dt.datetime.combine(day, section.hours.ends or dt.time.max, campaign.zone)
        lines = [
            _line(shift.starts, shift.ends, code, officers.get(code), number, reasons.get((code, shift.key), ""))
            for shift in told.in_order()
            if shift.starts < ends and shift.ends > starts
            for code in told.on[shift.key]
        ]
        gaps = list(_gaps(starts, ends, ((one.starts, one.ends) for one in lines if not one.away)))
        lines += [OnDuty(start, end, "", "", "", ()) for start, end in gaps]
        lines.sort(key=lambda one: (one.starts, one.ends, not one.code, one.code))
        minutes = sum(int((end - start).total_seconds() // 60) for start, end in gaps)
        found.append(DutyDay(day, starts, ends, tuple(lines), minutes))
    return found


def _line(starts: dt.datetime, ends: dt.datetime, code: str, officer: Officer | None, number: str, away: str) -> OnDuty:
    if officer is None:
        return OnDuty(starts, ends, code, "", code, (), away or _("holds no post any more"))
    own = (("mobile", officer.mobile), ("home", officer.home_phone), ("office", officer.office_phone))
    numbers = [("duty", number), *((kind, text) for kind, text in own if text)]
    return OnDuty(
        starts,
        ends,
        code,
        officer.post,
        officer.name,
        tuple((kind, phone_printed(phone_digits(text) or text)) for kind, text in numbers),
        away,
    )


def _gaps(
    starts: dt.datetime, ends: dt.datetime, covered: Iterable[tuple[dt.datetime, dt.datetime]]
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    reached = starts
    for start, end in sorted(covered):
        if start > reached:
            yield reached, min(start, ends)
        reached = max(reached, end)
    if reached < ends:
        yield reached, ends


def write_duty(office: Office, campaign_name: str, first: dt.date, last: dt.date, target: Path) -> list[DutyDay]:
    """Write the lists as .docx, a heading and a table a day, to hang beside the phone; returns them.

    Raises BadInput for another ending.
    """
    refuse_other_endings(target, ".docx")
    days = list_duty(office, campaign_name, first, last)
    campaign = load_campaign(office.workspace, campaign_name)
    blocks: list[Block] = []
    for one in days:
        blocks += [
            Heading(f"{one.day} {weekday_name(one.day)}"),
            Grid(headings(), [row(line) for line in one.lines], _WIDTHS_MM),
        ]
        if one.gap_minutes:
            blocks.append(
                Paragraph(_("Nobody answers for {minutes} minutes of the promised hours.", minutes=one.gap_minutes))
            )
    blocks.append(
        Paragraph(
            _("From the published rota, {day}. Whoever is on answers by name.", day=office.now().date()), small=True
        )
    )
    bureau = campaign.bureaus[campaign.languages[0]]
    title = _("{bureau}: on-duty list", bureau=bureau.name)
    write_whole(target, make_document(title, blocks, lying=True))
    return days


def headings() -> list[str]:
    """The columns of a day's list."""
    return [_("Hours"), _("Officer"), _("Post"), _("Duty phone"), _("Mobile"), _("Home"), _("Office"), _("Remark")]


def row(line: OnDuty) -> list[str]:
    """One line in words."""
    phones = dict(line.phones)
    remark = line.away or ("" if line.code else _("nobody answers"))
    return [
        f"{line.starts:%H:%M}-{line.ends:%H:%M}",
        line.name or "-",
        line.post,
        *(phones.get(kind, "") for kind in ("duty", "mobile", "home", "office")),
        remark,
    ]
