"""Plans and make-goods as files: tables for the office, letters for the station, a picture of the reach curves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from outreach.channels import channels
from outreach.errors import BadInput
from outreach.messages import _, current_language
from outreach.planning.reach import reach_curve
from outreach.render.book import Cell, SheetTable, make_csv, make_workbook
from outreach.render.chart import line_chart
from outreach.services.air_flights import flight_tables, flights_text, write_flights
from outreach.services.air_plan import AirPlan
from outreach.services.campaigns import load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.makegoods import MakeGood, MakeGoods
from outreach.services.office import Office, write_whole
from outreach.services.plan_file import load_plan
from outreach.services.rate_cards import load_card

_CURVES = 6
_STEPS = range(0, 61, 5)


def channel_label(key: str) -> str:
    """A channel in the user's language."""
    return channels()[key].label(current_language()) if key in channels() else key


def write_plan(path: Path, plan: AirPlan) -> Path:
    """The plan as `[[flights]]` (.toml) or as a table of every insertion (.xlsx, .csv); raises BadInput, Conflict."""
    if path.suffix == ".toml":
        return write_flights(path, plan.text)
    headings = [_("Day"), _("Weekday"), _("Time"), _("Channel"), _("Line of the rate card")]
    rows: list[list[Cell]] = [
        [spot.day, weekday(spot.day), _clock(spot.time), channel_label(spot.channel), spot.label] for spot in plan.spots
    ]
    return _write_table(path, _("Plan"), headings, rows)


def write_makegoods(office: Office, path: Path, found: MakeGoods) -> Path:
    """Make-goods as a table (.xlsx, .csv), as letters (.txt) or as `[[flights]]` (.toml); raises BadInput, Conflict."""
    if path.suffix == ".toml":
        campaign = load_campaign(office.workspace, found.campaign)
        said = [
            _("make-goods for '{campaign}', {first} to {last}", campaign=found.campaign, first=found.first,
              last=found.last),
            _("paste into campaign.toml once the station has agreed, then run 'outreach campaign check'"),
            *([refund_in_all(found.goods)] if any(not good.spots for good in found.goods) else []),
        ]  # fmt: skip
        return write_flights(path, flights_text(flight_tables(office, campaign, found.slots, "makegood"), said))
    if path.suffix == ".txt":
        write_whole(path, letters(office, found).encode())
        return path
    headings = [
        _("Placement"), _("Channel"), _("Seller"), _("Planned for"), _("State"), _("Points lost"), _("Evidence"),
        _("Make-good"), _("Points"),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for good in found.goods:
        lost = good.lost
        begins = planned_for(lost.starts, lost.whole_days)
        told: list[Cell] = [lost.placement, channel_label(lost.channel), lost.vehicle, begins, lost.state.label]
        for spot in good.spots or (None,):
            offer = [offered(spot.day, spot.time, spot.label), round(spot.points, 2)] if spot else [refund(good), None]
            rows.append([*told, round(good.points, 2), lost.evidence, *offer])
    return _write_table(path, _("Make-goods"), headings, rows)


def _write_table(path: Path, name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Path:
    if path.suffix not in (".xlsx", ".csv"):
        raise BadInput.at(str(path), _("is no kind of file this is written as"), _("end it in .xlsx, .csv or .toml"))
    if path.suffix == ".csv":
        write_whole(path, make_csv(headings, rows))
    else:
        write_whole(path, make_workbook([SheetTable(name, headings, rows)]))
    return path


def letters(office: Office, found: MakeGoods) -> str:
    """One letter to each seller: what did not run as ordered, and what is asked for instead."""
    campaign = load_campaign(office.workspace, found.campaign)
    bureau = campaign.bureaus.get(current_language()) or next(iter(campaign.bureaus.values()))
    goods = sorted(found.goods, key=lambda good: (good.lost.channel, good.lost.vehicle, good.lost.starts))
    parts = []
    for (_channel, vehicle), group in groupby(goods, key=lambda good: (good.lost.channel, good.lost.vehicle)):
        own = list(group)
        lines = [
            _("To: {vehicle}", vehicle=vehicle or own[0].label),
            "",
            _("By your own log the following did not run as ordered ({count}, {points:.1f} rating points in all):",
              count=len(own), points=sum(good.points for good in own)),
            *(f"  {planned_for(good.lost.starts, good.lost.whole_days)}  {good.label}  {good.lost.state.label}"
              for good in own),
            *_wishes(own),
            "",
            _("Please confirm in writing."),
            f"{bureau.name}  {bureau.hotline}",
        ]  # fmt: skip
        parts.append("\n".join(lines))
    return "\n\n\n".join(parts) + "\n"


def _wishes(goods: Sequence[MakeGood]) -> list[str]:
    """The slots asked for, then the money."""
    spots = [f"  {offered(spot.day, spot.time, spot.label)}" for good in goods for spot in good.spots]
    lost = [
        f"  {planned_for(good.lost.starts, good.lost.whole_days)}  {good.label}  {refund(good)}"
        for good in goods
        if not good.spots
    ]
    lines = ["", _("We ask you to run in their place, free of charge:"), *spots] if spots else []
    return [*lines, "", *lost, refund_in_all(goods)] if lost else lines


def refund(good: MakeGood) -> str:
    """Why one loss cannot be made good, and what is asked for instead."""
    return _(
        "no slot is free while its message is true: ask for {yuan} yuan back ({points:.1f} rating points)",
        yuan=f"{good.back_fen / 100:,.2f}",
        points=good.points,
    )


def refund_in_all(goods: Sequence[MakeGood]) -> str:
    """The money to ask for, of all losses without a slot."""
    lost = [good for good in goods if not good.spots]
    return _(
        "For {count} no slot is left in the days of their message; we ask for {yuan} yuan back "
        "({points:.1f} rating points).",
        count=len(lost),
        yuan=f"{sum(good.back_fen for good in lost) / 100:,.2f}",
        points=sum(good.points for good in lost),
    )


def write_curves(office: Office, campaign_name: str, path: Path) -> Path:
    """The reach curves of the card's widest lines as an SVG; raises NotFound without a rate card.

    Raises BadInput for another ending than .svg.
    """
    refuse_other_endings(path, ".svg")
    campaign = load_campaign(office.workspace, campaign_name)
    card = load_card(office.workspace, campaign, load_plan(office.workspace, campaign_name).air)
    widest = sorted(card.lines, key=lambda one: -one.vehicle.audience)[:_CURVES]
    series = []
    for one in widest:
        curve = reach_curve(one.vehicle, _STEPS[-1])
        series.append((one.line.label, [round(100 * curve[n], 1) for n in _STEPS]))
    title = _("Estimated reach in per cent of the people, by insertions")
    write_whole(path, line_chart(title, [str(n) for n in _STEPS], series).encode())
    return path


def weekday(day: dt.date) -> str:
    """The day of the week in the user's language."""
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return names[day.weekday()]


def planned_for(starts: dt.datetime, whole_days: bool) -> str:
    """When a placement was to begin."""
    return f"{starts:%Y-%m-%d}" if whole_days else f"{starts:%Y-%m-%d %H:%M}"


def offered(day: dt.date, time: dt.time | None, label: str) -> str:
    """A free slot as one line."""
    return " ".join(filter(None, (f"{day} {weekday(day)}", _clock(time), label)))


def _clock(time: dt.time | None) -> str:
    return f"{time:%H:%M}" if time else ""
