"""outreach phone ..."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from outreach.cli.moments import DAY, MOMENT
from outreach.cli.session import (
    Session,
    campaign_option,
    json_option,
    say,
    show_facts,
    show_json,
    show_table,
    unmask_option,
)
from outreach.domain.directory import masked_phone, phone_printed
from outreach.domain.hotline import CheckResult, PhoneKind
from outreach.messages import _, current_language

_KINDS = click.Choice([kind.value for kind in PhoneKind])
_RESULTS = click.Choice([result.value for result in CheckResult])


@click.group(help=_("The directory of phones: import, list, set, draw, check, rank, export."))
def phone() -> None:
    """Hold the commands."""


@phone.command("import", help=_("Take in agencies with their phones (.xlsx, .xls, .csv), all or nothing."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", default="", help=_("who gives the numbers"))
@json_option
@click.pass_obj
def import_(session: Session, file: Path, by: str, as_json: bool) -> None:
    """Import agencies."""
    from outreach.services.directory import import_agencies

    with session.office() as office:
        report = import_agencies(office, file, by=by)
    if as_json:
        names = ("file", "rows", "added", "changed", "unchanged", "absent", "changes")
        told = {name: getattr(report, name) for name in names}
        show_json(told | {"papers": _papers(report.papers), "tell": report.tell})
        return
    facts = {"rows": report.rows, "added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    click.echo(_("{rows} agencies read: {added} added, {changed} changed, {unchanged} unchanged", **facts))
    click.echo(_("{count} numbers added, changed or given up", count=len(report.changes)))
    if replaced := [one for one in report.changes if one.old]:
        _show_changes([_change(one, unmask=False) for one in replaced])
    _show_news(report.papers, report.tell)


@phone.command("list", help=_("List the directory: numbers, when each was verified, and which are due for review."))
@click.argument("owner", default="", metavar="[OWNER]")
@click.option("--due", "due_only", is_flag=True, help=_("only those due for review"))
@click.option(
    "--days", type=click.IntRange(1), default=90, show_default=True, help=_("after how many days a number is due")
)
@json_option
@unmask_option
@click.pass_obj
def list_(session: Session, owner: str, due_only: bool, days: int, as_json: bool, unmask: bool) -> None:
    """List the directory."""
    from outreach.services.directory import list_phones

    with session.office() as office:
        rows = [_row(one, unmask) for one in list_phones(office, owner=owner, days=days, due_only=due_only)]
    if as_json:
        show_json(rows)
        return
    language = current_language()
    show_table(
        [
            _("Whose"), _("Name"), _("Area or section"), _("Kind"), _("Number"), _("Verified on"), _("Last result"),
            _("Due"),
        ],
        [
            [
                row["owner"], row["name"], row["area"], PhoneKind(row["kind"]).label(language),
                _printed(row["number"]),
                str(row["verified_at"].date()) if row["verified_at"] else "",
                CheckResult(row["last"]).label(language) if row["last"] else "",
                "*" if row["due"] else "",
            ]
            for row in rows
        ],
    )  # fmt: skip


def _row(one: Any, unmask: bool) -> dict[str, Any]:
    phone, standing = one.phone, one.standing
    # An officer's own number is personal; what an agency publishes is not.
    own = phone.kind in (PhoneKind.MOBILE, PhoneKind.HOME)
    return {
        "owner": phone.owner,
        "name": phone.owner_name,
        "area": phone.area,
        "kind": phone.kind.value,
        "number": masked_phone(phone.number) if own and not unmask else phone.number,
        "hours": phone.hours,
        "published": phone.published,
        "verified_at": standing.verified_at,
        "verified_by": standing.by,
        "last": standing.last.value if standing.last else "",
        "missed": standing.missed,
        "due": one.due,
    }


@phone.command("set", help=_("Record that a number is another now; lists the paper with the old one and whom to tell."))
@click.argument("owner")
@click.argument("kind", type=_KINDS)
@click.argument("number", default="")
@click.option("--old", default="", help=_("which number it replaces, where there are several of the kind"))
@click.option("--none", "give_up", is_flag=True, help=_("give the number up without a new one"))
@click.option("--by", required=True, help=_("who says so"))
@click.option("--note", default="", help=_("a note"))
@campaign_option
@json_option
@click.pass_obj
def set_(
    session: Session, owner: str, kind: str, number: str, old: str, give_up: bool, by: str, note: str, campaign: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Set a number."""
    from outreach.services.directory import set_phone

    if bool(number) == give_up:
        raise click.UsageError(_("write the new number, or --none"))
    with session.office() as office:
        done = set_phone(office, campaign, owner, PhoneKind(kind), number, old=old, by=by, note=note)
    if as_json:
        papers = _papers(done.papers)
        show_json({"change": _change(done.change, unmask=False), "papers": papers, "tell": done.tell})
        return
    say(_("recorded: {owner} {kind}", owner=done.change.owner, kind=PhoneKind(kind).label(current_language())))
    _show_news(done.papers, done.tell)


def _papers(papers: Any) -> list[dict[str, Any]]:
    names = ("run", "campaign", "kind", "spans", "pieces", "households", "officers")
    return [{name: getattr(one, name) for name in names} for one in papers]


def _show_news(papers: Any, tell: Any) -> None:
    """Which paper carries an old number, and who must be told."""
    if papers:
        show_table(
            [_("Run"), _("Campaign"), _("Kind"), _("Pieces"), _("Numbers"), _("Households")],
            [[one.run, one.campaign, one.kind, one.pieces, one.spans, one.households] for one in papers],
        )
    for told in tell:
        click.echo(f"{told.who}: {told.why}")


def _change(one: Any, *, unmask: bool) -> dict[str, Any]:
    row = asdict(one)
    for name in ("old", "new"):
        if row[name] and one.kind in (PhoneKind.MOBILE, PhoneKind.HOME) and not unmask:
            row[name] = masked_phone(row[name])
    return row


@phone.command(help=_("List what was changed of the directory."))
@click.option("--since", type=DAY, default=None, help=_("from this day on"))
@json_option
@unmask_option
@click.pass_obj
def changes(session: Session, since: dt.datetime | None, as_json: bool, unmask: bool) -> None:
    """List changes."""
    from outreach.services.directory import list_changes

    with session.office() as office:
        found = [_change(one, unmask=unmask) for one in list_changes(office, since.date() if since else None)]
    if as_json:
        show_json(found)
        return
    _show_changes(found)


def _show_changes(rows: list[dict[str, Any]]) -> None:
    show_table(
        [_("Day"), _("Whose"), _("Kind"), _("Old"), _("New"), _("By"), _("Note")],
        [
            [
                str(row["at"].date()), row["owner"], row["kind"].label(current_language()), _printed(row["old"]),
                _printed(row["new"]), row["by"], row["note"],
            ]
            for row in rows
        ],
    )  # fmt: skip


def _printed(number: str) -> str:
    """A number grouped for reading; one that is masked, or none, as it is."""
    return number if "*" in number or not number else phone_printed(number)


@phone.command(help=_("Draw numbers by chance for check calls, in proportion to the areas, and write the call sheet."))
@click.argument("size", type=click.IntRange(1))
@click.option("--seed", default="", help=_("what the draw hangs on; its number if not named"))
@click.option("--kind", "kinds", type=_KINDS, multiple=True, help=_("only numbers of this kind; may be repeated"))
@click.option("--agencies-only", is_flag=True, help=_("leave officers' numbers out"))
@click.option("--to", "target", type=click.Path(path_type=Path), default=None, help=_("the call sheet (.xlsx)"))
@json_option
@click.pass_obj
def draw(
    session: Session,
    size: int,
    seed: str,
    kinds: tuple[str, ...],
    agencies_only: bool,
    target: Path | None,
    as_json: bool,
) -> None:
    """Draw numbers."""
    from outreach.services.endings import refuse_other_endings
    from outreach.services.phone_checks import CHECKED_KINDS, draw_phones, write_call_sheet

    if target:  # before anything is drawn
        refuse_other_endings(target, ".xlsx")
    with session.office() as office:
        chosen = [PhoneKind(kind) for kind in kinds] or CHECKED_KINDS
        found = draw_phones(office, size, seed=seed, kinds=chosen, agencies_only=agencies_only)
        path = write_call_sheet(office, found.number, target, current_language())
    if as_json:
        show_json({"draw": found.number, "seed": found.seed, "lines": len(found.lines), "sheet": str(path)})
        return
    show_facts(
        [
            (_("Draw"), found.number),
            (_("Seed"), found.seed),
            (_("Numbers"), len(found.lines)),
            (_("Call sheet"), str(path)),
        ]
    )


@phone.command(help=_("Record a check call by its draw and line, or take in a call sheet with --file."))
@click.argument("draw", type=int, required=False)
@click.argument("line", type=int, required=False)
@click.argument("result", type=_RESULTS, required=False)
@click.option("--by", default="", help=_("who called"))
@click.option("--at", type=MOMENT, default=None, help=_("when; now if not named"))
@click.option("--note", default="", help=_("a note"))
@click.option(
    "--file", "file", type=click.Path(path_type=Path), default=None, help=_("a call sheet that was filled in")
)
@json_option
@click.pass_obj
def check(
    session: Session, draw: int | None, line: int | None, result: str | None, by: str, at: dt.datetime | None,
    note: str, file: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Record a check."""
    from outreach.services.phone_checks import import_checks, record_check

    if (draw is None or line is None or result is None) == (file is None):
        raise click.UsageError(_("write draw, line and result, or --file"))
    with session.office() as office:
        if file is not None:
            report = import_checks(office, file)
            if as_json:
                show_json(report)
                return
            counts = {name: getattr(report, name) for name in ("recorded", "corrected", "unchanged", "open")}
            text = _(
                "{recorded} results recorded, {corrected} corrected, {unchanged} known already; {open} lines to call",
                **counts,
            )
            click.echo(text)
            return
        assert draw is not None
        assert line is not None
        assert result is not None
        when = at.replace(tzinfo=office.workspace.zone) if at else None
        made = record_check(office, draw, line, CheckResult(result), by=by, at=when, note=note)
    if as_json:
        show_json(made)
    else:
        click.echo(made.id)


@phone.command(help=_("Rank how phones answered, with intervals; could not be verified is counted apart."))
@click.option(
    "--by", type=click.Choice(["agency", "area", "kind"]), default="agency", show_default=True, help=_("grouped by")
)
@click.option("--draw", type=int, default=0, help=_("only calls of this draw"))
@click.option("--since", type=DAY, default=None, help=_("from this day on"))
@click.option("--until", type=DAY, default=None, help=_("the last day"))
@click.option("--bulletin", type=click.Path(path_type=Path), default=None, help=_("write the public bulletin (.docx)"))
@campaign_option
@json_option
@click.pass_obj
def rank(
    session: Session, by: str, draw: int, since: dt.datetime | None, until: dt.datetime | None, bulletin: Path | None,
    campaign: str, as_json: bool,
) -> None:  # fmt: skip
    """Rank phones."""
    from outreach.services.bulletin import group_label, write_bulletin
    from outreach.services.phone_checks import Calls, rank_phones

    calls = Calls(since.date() if since else None, until.date() if until else None, draw)
    with session.office() as office:
        found = rank_phones(office, by, calls)
        if bulletin:
            write_bulletin(office, campaign, by, calls, bulletin, current_language())
    if as_json:
        show_json(
            [
                {"rank": one.rank, "name": one.name, "share": one.share and asdict(one.share)}
                | {result.value: count for result, count in one.counts.items()}
                for one in found
            ]
        )
        return
    language = current_language()
    show_table(
        [
            _("Rank"),
            group_label(by),
            _("Answered well"),
            _("95 per cent sure"),
            *(one.label(language) for one in CheckResult),
        ],
        [
            [
                one.rank or "",
                PhoneKind(one.name).label(language) if by == "kind" else one.name or "-",
                f"{one.share.value:.0%}" if one.share else "",
                f"{one.share.low:.0%} – {one.share.high:.0%}" if one.share else "",
                *one.counts.values(),
            ]
            for one in found
        ],
    )


@phone.command(help=_("Write the directory: .vcf (vCard 4), .json or a folder of .csv (HSDS), .xlsx."))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--private", is_flag=True, help=_("officers' own mobile and home numbers too"))
@click.pass_obj
def export(session: Session, target: Path, private: bool) -> None:
    """Export the directory."""
    from outreach.services.directory_files import write_directory

    with session.office() as office:
        count = write_directory(office, target, private=private)
    click.echo(_("{count} numbers: {path}", count=count, path=target))
