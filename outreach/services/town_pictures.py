"""Pictures of who has whom and who stands where: the assignment on a map, a rota as a wall table."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from outreach.domain.calendar import Sort
from outreach.domain.campaign import Campaign
from outreach.domain.people import Household, Officer
from outreach.errors import Conflict, NotFound
from outreach.messages import _
from outreach.planning.holidays import festivals, lunar, work_calendar
from outreach.planning.plane import project
from outreach.render.rota_wall import WallDay, rota_wall_svg
from outreach.render.town_map import Base, Building, map_svg
from outreach.services.campaigns import load_campaign
from outreach.services.days import weekday_names
from outreach.services.office import Office
from outreach.services.overview import spoken_in
from outreach.services.pictures import month_of
from outreach.services.rota_state import RotaKind, Standing, latest, published
from outreach.services.values import printed_span
from outreach.store.rotas import RotaShift


def draw_map(office: Office, campaign_name: str) -> str:
    """The buildings in the colours of their officers, from the roster's coordinates and the assignment in force.

    A building stands at the middle of its households that have coordinates; its households that have none count with
    it, and buildings where nobody has any are counted in a note. Raises Conflict where no household has coordinates.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = unit.rosters.households()
        officers = unit.rosters.officers()
        posts = {code: row.post for code, row in unit.territories.present(campaign.name).items()}
    groups: dict[tuple[str, str, str], list[Household]] = defaultdict(list)
    for home in homes.values():
        groups[home.address.building_key].append(home)
    places = {key: place for key, members in groups.items() if (place := _middle(members)) is not None}
    if not places:
        raise Conflict.at(
            _("the roster"),
            _("no household has coordinates, so there is nothing to draw"),
            _("fill in the columns of longitude and latitude and import it again"),
        )
    own = {post: (one.lon, one.lat) for post, one in officers.items() if one.lon is not None and one.lat is not None}
    plane = project(
        [*places.values(), *((lon, lat) for lon, lat in own.values() if lon is not None and lat is not None)]
    )
    buildings = [
        Building("".join(key), at, Counter(posts.get(home.code, "") for home in groups[key]))
        for key, at in zip(places, plane, strict=False)
    ]
    held = Counter(posts.get(code, "") for code in homes)
    bases, homeless = _bases(officers, dict(zip(own, plane[len(places) :], strict=True)), held, buildings)
    missing = sum(len(members) for key, members in groups.items() if key not in places)
    notes = []
    if missing:
        notes.append(_("{count} households in buildings without coordinates are not drawn", count=missing))
    if homeless:
        notes.append(_("{count} officers without coordinates stand in the middle of their households", count=homeless))
    split = sum(len(building.posts) > 1 for building in buildings)
    subtitle = _(
        "{households} households, {buildings} buildings, {officers} officers; {split} buildings shared",
        households=f"{len(homes):,}",
        buildings=f"{len(groups):,}",
        officers=f"{len(officers):,}",
        split=f"{split:,}",
    )
    title = _("{title}: who has whom", title=campaign.texts[spoken_in(campaign)].title)
    return map_svg(title, subtitle, buildings, bases, notes)


def _middle(members: Sequence[Household]) -> tuple[float, float] | None:
    """The middle of the households that have coordinates, longitude and latitude."""
    found = [(home.lon, home.lat) for home in members if home.lon is not None and home.lat is not None]
    if not found:
        return None
    return sum(lon for lon, _lat in found) / len(found), sum(lat for _lon, lat in found) / len(found)


def _bases(
    officers: Mapping[str, Officer],
    places: Mapping[str, tuple[float, float]],
    held: Mapping[str, int],
    buildings: Sequence[Building],
) -> tuple[list[Base], int]:
    """Every officer's square; how many of them have no place of their own and stand among their households."""
    weights: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for building in buildings:
        for post, count in building.posts.items():
            weights[post].append((*building.at, count))
    bases, homeless = [], 0
    for post in sorted(officers):
        at = places.get(post)
        if at is None and weights[post]:
            total = sum(count for _x, _y, count in weights[post])
            x, y = (sum(place[axis] * place[2] for place in weights[post]) / total for axis in (0, 1))
            at, homeless = (x, y), homeless + 1
        if at is not None:
            bases.append(Base(post, officers[post].name, at, held.get(post, 0)))
    return bases, homeless


def draw_rota(office: Office, campaign_name: str, kind: RotaKind, month: str = "") -> str:
    """A rota as it stands, drafts laid over what was published, as a table for the wall; month: '2005-02', or all.

    Raises NotFound where there is no rota, or none in that month.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        stored = unit.rotas.all(campaign.name, kind, campaign.zone)
        names = {code: officer.name for code, officer in unit.rosters.all_officers().items()}
    standing = latest(stored)
    shifts = standing.in_order()
    if month:
        first, last = month_of(month, campaign)
        shifts = [shift for shift in shifts if first <= shift.starts.date() <= last]
    if not shifts:
        mend = _("plan one with 'outreach {kind} plan'", kind=kind.value)
        raise NotFound.at(month or campaign.name, _("there is no such rota"), mend)
    draft = standing.cells() != published(stored).cells()
    return _wall(campaign, kind, shifts, standing, names, draft=draft)


def _wall(
    campaign: Campaign,
    kind: RotaKind,
    shifts: Sequence[RotaShift],
    standing: Standing,
    names: Mapping[str, str],
    *,
    draft: bool,
) -> str:
    language = spoken_in(campaign)
    by_day: dict[dt.date, dict[tuple[str, str], list[RotaShift]]] = defaultdict(lambda: defaultdict(list))
    for shift in shifts:
        by_day[shift.starts.date()][_column(shift, language)].append(shift)
    # Places in the order they first come, the hours of each place by the clock.
    order = list(dict.fromkeys(_column(shift, language)[0] for shift in shifts))
    columns = dict.fromkeys(
        sorted({_column(shift, language) for shift in shifts}, key=lambda column: (order.index(column[0]), column[1]))
    )
    rows = []
    for day, cells in sorted(by_day.items()):
        members = [cells.get(column) for column in columns]
        rows.append(
            _wall_day(
                day,
                [
                    None if one is None else [names.get(code, code) for s in one for code in standing.on[s.key]]
                    for one in members
                ],
                [sum(max(s.heads - len(standing.on[s.key]), 0) for s in one or ()) for one in members],
                language,
            )
        )
    days = printed_span(shifts[0].starts.date(), shifts[-1].starts.date(), language)
    what = _("Booths at the stations") if kind is RotaKind.BOOTH else _("Who answers the phone")
    title = _("{what}, {days} {year}", what=what, days=days, year=shifts[0].starts.year)
    subtitle = campaign.texts[language].title
    if draft:
        subtitle = _("{title} · draft, not published", title=subtitle)
    return rota_wall_svg(title, subtitle, [f"{place} {hours}".strip() for place, hours in columns], rows)


def _column(shift: RotaShift, language: str) -> tuple[str, str]:
    place = shift.place.get(language) or shift.place.get("zh", "")
    return place, f"{shift.starts:%H:%M}–{shift.ends:%H:%M}"


def _wall_day(day: dt.date, cells: Sequence[Sequence[str] | None], short: Sequence[int], language: str) -> WallDay:
    calendar = work_calendar()
    known = calendar.knows(day)
    off = known and calendar.sort(day) is Sort.HOLIDAY
    under = [zh if language == "zh" else en for zh, en in festivals(day)]
    if off:
        under.append(calendar.off[day][0 if language == "zh" else 1])
    if known and calendar.sort(day) is Sort.MAKE_UP:
        under.append(_("weekend worked to make up"))
    moon = lunar(day)
    under.append(moon.zh if language == "zh" else moon.en)
    return WallDay(
        day=f"{printed_span(day, day, language)} {weekday_names()[day.weekday()]}",
        under=" ".join(dict.fromkeys(under)) if language == "zh" else ", ".join(dict.fromkeys(under)),
        off=off,
        weekend=day.weekday() >= 5 and not (known and calendar.worked(day)),
        provisional=known and calendar.is_provisional(day, day),
        cells=cells,
        short=short,
    )
