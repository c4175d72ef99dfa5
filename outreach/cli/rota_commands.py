"""What `outreach booth` and `outreach duty` share: the same commands over two rotas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, cast

import click

from outreach.cli.moments import DAY
from outreach.cli.rota_away import warn_away
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.messages import _, current_language


def first_option(command: Any) -> Any:
    """`--from DAY`."""
    return click.option("--from", "first", type=DAY, default=None, help=_("the first day"))(command)


def last_option(command: Any) -> Any:
    """`--to DAY`."""
    return click.option("--to", "last", type=DAY, default=None, help=_("the last day"))(command)


def day_of(moment: dt.datetime | None) -> dt.date | None:
    """The day of an option."""
    return None if moment is None else moment.date()


def add_plan(group: click.Group, kind: str, *, flights: bool) -> None:
    """`plan`; flights: whether the rota is of flights, so that one may be chosen."""

    @group.command(help=_("Plan the rota as a draft: rules kept, burden even, fewest changes to what was published."))
    @campaign_option
    @first_option
    @last_option
    @click.option(
        "--seconds",
        type=click.FloatRange(0.1, 3600),
        default=None,
        help=_("search so long for each aim"),
    )
    @click.option("--publish", "publish_it", is_flag=True, help=_("publish it at once"))
    @json_option
    @click.pass_obj
    def plan(session: Session, /, campaign: str, as_json: bool, **chosen: Any) -> None:
        from outreach.services import rotas
        from outreach.services.rota_state import RotaKind

        with session.office() as office:
            planned = rotas.plan(
                office,
                campaign,
                RotaKind(kind),
                first=day_of(chosen["first"]),
                last=day_of(chosen["last"]),
                flight=chosen.get("flight") or "",
                seconds=chosen["seconds"],
                publish_it=chosen["publish_it"],
            )
        if as_json:
            show_json(planned)
            return
        show_facts(
            [
                (_("From"), f"{planned.first}"),
                (_("To"), f"{planned.last}" + (_(" (holidays provisional)") if planned.provisional else "")),
                (_("Shifts"), planned.shifts),
                (_("Officers with shifts"), planned.officers),
                (_("State"), _("published") if planned.published else _("draft")),
            ]
        )
        click.echo()
        show_aims(planned.aims)
        if not planned.repeatable:
            say(_("the clock ended a search: another machine may find another rota; give more --seconds"))
        show_changes(planned.changes)

    if flights:
        option = click.option("--flight", default="", metavar="ID", help=_("only the booth of this flight"))
        option(plan)


def add_show(group: click.Group, kind: str) -> None:
    """`show`."""

    @group.command(help=_("Show who is where when, how much each officer has, and what is proven."))
    @campaign_option
    @first_option
    @last_option
    @click.option("--published", "told", is_flag=True, help=_("only what was published, no draft"))
    @json_option
    @click.pass_obj
    def show(
        session: Session,
        campaign: str,
        first: dt.datetime | None,
        last: dt.datetime | None,
        told: bool,
        as_json: bool,
    ) -> None:
        from outreach.services.rota_state import RotaKind
        from outreach.services.rota_views import show_rota

        with session.office() as office:
            view = show_rota(office, campaign, RotaKind(kind), first=day_of(first), last=day_of(last), told=told)
        if as_json:
            show_json(view)
            return
        show_view(view)


def show_view(view: Any) -> None:
    """A rota as tables: shifts, officers, aims, changes."""
    from outreach.services.rota_files import weekday_name

    language = current_language()
    show_table(
        [_("Shift"), _("Day"), _("Weekday"), _("Holiday"), _("Hours"), _("Place"), _("Officers"), _("State")],
        [
            [
                shift.key,
                f"{shift.starts:%Y-%m-%d}",
                weekday_name(shift.starts.date()),
                shift.holiday.get(language, ""),
                f"{shift.starts:%H:%M}-{shift.ends:%H:%M}",
                shift.place.get(language) or shift.place.get("zh", ""),
                ", ".join(map(_on_shift, shift.officers)),
                _("draft") if shift.draft else _("published"),
            ]
            for shift in view.shifts
        ],
    )
    click.echo()
    show_table(
        [_("Post"), _("Name"), _("Shifts"), _("Hours in all"), _("Holidays"), _("Evenings"), _("Weekends")],
        [
            [one.post, one.name, one.shifts, f"{one.hours:g}", one.holidays, one.evenings, one.weekends]
            for one in view.officers
        ],
    )
    if view.aims:
        click.echo()
        show_aims(view.aims)
    if view.provisional:
        say(_("holidays provisional: the notice of the year is not out"))
    show_changes(view.changes)
    warn_away(view.away)


def _on_shift(one: Any) -> str:
    """An officer on a shift: starred where locked, with the reason where they cannot come."""
    named = f"{one.post} {one.name}{'*' if one.locked else ''}".strip()
    return f"{named}: {one.away}" if one.away else named


def show_aims(aims: Iterable[Any]) -> None:
    """How far each aim was reached, what bounds it, and whether that is proven best."""
    from outreach.services.rota_words import aim_label

    show_table(
        [_("Aim"), _("Cost"), _("No rota costs less than"), _("Proven best")],
        [[aim_label(aim.name), aim.value, aim.bound, _("yes") if aim.proven else _("no")] for aim in aims],
    )


def show_changes(changes: Iterable[Any]) -> None:
    """Who gains and who loses what."""
    found = list(changes)
    if not found:
        return
    language = current_language()
    click.echo()
    show_table(
        [_("Change"), _("Day"), _("Hours"), _("Place"), _("Officer"), _("Name")],
        [
            [
                _("takes it") if one.what == "on" else _("gives it up"),
                f"{one.starts:%Y-%m-%d}",
                f"{one.starts:%H:%M}-{one.ends:%H:%M}",
                one.place.get(language) or one.place.get("zh", ""),
                one.officer,
                one.name,
            ]
            for one in found
        ],
    )


def add_publish(group: click.Group, kind: str) -> None:
    """`publish`."""

    @group.command(help=_("Publish the draft: from then on it is what everybody was told."))
    @campaign_option
    @json_option
    @click.pass_obj
    def publish(session: Session, campaign: str, as_json: bool) -> None:
        from outreach.services import rotas
        from outreach.services.rota_state import RotaKind

        with session.office() as office:
            found = rotas.publish(office, campaign, RotaKind(kind))
        if as_json:
            show_json(found)
            return
        say(_("published; {count} changes", count=len(found.changes)))
        show_changes(found.changes)
        warn_away(found.away)


def add_cells(group: click.Group, kind: str) -> None:
    """`set`, `lock`, `unlock`."""

    def edit(session: Session, campaign: str, shift: str, officer: str, as_json: bool, **change: Any) -> None:
        from outreach.services import rotas
        from outreach.services.rota_state import RotaKind

        with session.office() as office:
            cell = rotas.edit_cell(office, campaign, RotaKind(kind), shift, officer, **change)
        if as_json:
            show_json(cell)
            return
        facts = {"name": cell.name, "shift": cell.shift}
        said = _("{name} is on {shift}", **facts) if cell.on else _("{name} is not on {shift}", **facts)
        state = _("locked") if cell.locked else _("not locked")
        say(_("{what}, {state}; plan again to fill what is open", what=said, state=state))

    @group.command("set", help=_("Put an officer on a shift, or take them off with --off, and lock it so."))
    @click.argument("shift")
    @click.argument("officer")
    @click.option("--off", is_flag=True, help=_("keep the officer off this shift"))
    @campaign_option
    @json_option
    @click.pass_obj
    def set_(session: Session, shift: str, officer: str, off: bool, campaign: str, as_json: bool) -> None:
        edit(session, campaign, shift, officer, as_json, on=not off)

    @group.command(help=_("Keep an officer on or off a shift as it is now, whatever is planned."))
    @click.argument("shift")
    @click.argument("officer")
    @campaign_option
    @json_option
    @click.pass_obj
    def lock(session: Session, shift: str, officer: str, campaign: str, as_json: bool) -> None:
        edit(session, campaign, shift, officer, as_json)

    @group.command(help=_("Let planning decide again whether an officer takes a shift."))
    @click.argument("shift")
    @click.argument("officer")
    @campaign_option
    @json_option
    @click.pass_obj
    def unlock(session: Session, shift: str, officer: str, campaign: str, as_json: bool) -> None:
        edit(session, campaign, shift, officer, as_json, locked=False)


def add_files(group: click.Group, kind: str) -> None:
    """`calendar`, `export`."""

    @group.command(help=_("Write .ics calendars of what was published: everything, each officer, each station."))
    @campaign_option
    @click.option(
        "--out", "folder", type=click.Path(path_type=Path), default=None, help=_("folder; in out/calendar if not named")
    )
    @click.option("--language", type=click.Choice(["zh", "en"]), default=None, help=_("language of the entries"))
    @json_option
    @click.pass_obj
    def calendar(session: Session, campaign: str, folder: Path | None, language: str | None, as_json: bool) -> None:
        from outreach.services.rota_calendars import write_rota_calendars
        from outreach.services.rota_state import RotaKind

        with session.office() as office:
            written = write_rota_calendars(office, campaign, RotaKind(kind), folder, language or "")
        if as_json:
            show_json(written)
            return
        show_facts(
            [
                (_("Everything"), f"{written.everything} ({written.entries})"),
                (_("Officers with shifts"), len(written.officers)),
                (_("Stations"), len(written.stations)),
                (_("Entries changed"), written.changed),
                (_("Entries cancelled"), written.cancelled),
                (_("Files of updates"), len(written.updates)),
            ]
        )
        warn_away(written.away)

    @group.command(help=_("Write the rota for the wall (.xlsx), to write in (.docx) or as a plain table (.csv)."))
    @click.argument("file", type=click.Path(path_type=Path))
    @campaign_option
    @first_option
    @last_option
    @click.option("--published", "told", is_flag=True, help=_("only what was published, no draft"))
    @click.option("--paper", type=click.Choice(["A4", "A3"]), default="A4", show_default=True, help=_("the sheet"))
    @json_option
    @click.pass_obj
    def export(session: Session, /, file: Path, campaign: str, paper: str, as_json: bool, **chosen: Any) -> None:
        from outreach.services.rota_files import write_rota
        from outreach.services.rota_state import RotaKind

        with session.office() as office:
            written = write_rota(
                office,
                campaign,
                RotaKind(kind),
                file,
                first=day_of(chosen["first"]),
                last=day_of(chosen["last"]),
                told=chosen["told"],
                paper=cast('Literal["A4", "A3"]', paper),
            )
        if as_json:
            show_json(written)
        else:
            say(
                _(
                    "{file}: {shifts} shifts, {officers} officers",
                    file=file,
                    shifts=written.shifts,
                    officers=written.officers,
                )
            )


def add_commands(group: click.Group, kind: str, *, flights: bool) -> None:
    """Every command of a rota."""
    add_plan(group, kind, flights=flights)
    add_show(group, kind)
    add_publish(group, kind)
    add_cells(group, kind)
    add_files(group, kind)
