"""outreach ledger ..."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.moments import MONTH
from outreach.cli.session import (
    Cell,
    Session,
    campaign_option,
    json_option,
    progress,
    say,
    show_facts,
    show_json,
    show_table,
    unmask_option,
)
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.domain.ledger import FileTally, Line
    from outreach.services.ledger_review import Beside, Waiting

_MONTH = click.option("--month", type=MONTH, default="", help=_("only this month, such as 2005-10"))


@click.group(help=_("The pension system's ledger: import, list, review, match, refuse, undo, unmatched, cohorts."))
def ledger() -> None:
    """Hold the commands."""


@ledger.command("import", help=_("Take in a month's file (.xlsx, .xls, .csv): matched by keys, the rest for review."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--month", type=MONTH, required=True, help=_("the month the file is of, such as 2005-10"))
@click.option("--corrects", type=click.IntRange(min=1), default=None, metavar="NUMBER",
              help=_("it takes the place of the file of this number; see 'outreach ledger list'"))  # fmt: skip
@click.option("--beside", is_flag=True, help=_("it stands beside the month's other files, as another hall's does"))
@click.option("--withdraw-missing", is_flag=True, help=_("lines that this file has no longer count no more"))
@campaign_option
@json_option
@click.pass_obj
def import_(
    session: Session, file: Path, month: str, corrects: int | None, beside: bool, withdraw_missing: bool,
    campaign: str, as_json: bool,
) -> None:  # fmt: skip
    """Import a file."""
    from outreach.services.ledger import import_ledger
    from outreach.services.ledger_words import change_words, state_words, yuan

    with session.office() as office, progress(_("Reading the ledger")) as bar:
        done = import_ledger(
            office, campaign, file, month, corrects=corrects or 0, beside=beside, withdraw_missing=withdraw_missing,
            progress=bar,
        )  # fmt: skip
    if as_json:
        states = {state.value: tally for state, tally in done.states.items()}
        keys = {key.value: count for key, count in done.keys.items()}
        names = ("known", "unchanged", "added", "withdrawn", "found", "ignored_columns", "remarks")
        changes = [_change_row(old, new) for old, new in done.changes]
        missing = [f"{one.place}" for one in done.missing]
        show_json(
            {"file": done.file, "states": states, "keys": keys, "missing": missing}
            | {"changed": len(changes), "changes": changes}
            | {name: getattr(done, name) for name in names}
        )
        return
    if done.known:
        click.echo(_("This file is known already; nothing new was written."))
    rows: list[list[Cell]] = [[state_words(state), one.lines, yuan(one.fen)] for state, one in done.states.items()]
    rows.append([_("the file"), done.file.rows, yuan(done.file.total_fen)])
    show_table([_("What became of it"), _("Lines"), _("Yuan")], rows)
    show_facts(
        [
            *((key_words(key.value), count) for key, count in sorted(done.keys.items())),
            (_("The same as before"), done.unchanged),
            (_("Corrected"), len(done.changes)),
            (_("New"), done.added),
            (_("Found now, after waiting"), done.found),
        ]
    )
    if done.file.corrects:
        say(_("It takes the place of file {number}.", number=done.file.corrects))
    for old, new in done.changes:
        say(_("corrected: {line}", line=change_words(old, new)))
    if done.missing:
        _show_missing(done.missing, withdrawn=done.withdrawn)
    if done.ignored_columns:
        say(_("not used: {names}", names=", ".join(done.ignored_columns)))
    for remark in done.remarks:
        say(remark)


def _change_row(old: Line, new: Line) -> dict[str, Any]:
    return {
        "place": new.place,
        "name": new.name,
        "was_on": old.on,
        "was_fen": old.amount_fen,
        "on": new.on,
        "fen": new.amount_fen,
    }


def _show_missing(missing: tuple[Line, ...], *, withdrawn: int) -> None:
    from outreach.domain.ledger import LineState
    from outreach.services.ledger_words import yuan

    counted = sum(one.state is LineState.MATCHED for one in missing)
    for one in missing:
        facts = {"place": one.place, "name": one.name, "yuan": f"{yuan(one.amount_fen):,}"}
        say(_("not in this file any more: {name}, {yuan} yuan ({place})", **facts))
    if withdrawn:
        say(_("{count} lines withdrawn; {counted} of them were matched and count no more",
              count=withdrawn, counted=counted))  # fmt: skip
    elif counted:
        say(_("{counted} of these {count} lines are matched and still count. If this file takes the place of theirs"
              " and the ledger took them back, import it again with --corrects and --withdraw-missing.",
              counted=counted, count=len(missing)))  # fmt: skip
    else:
        say(_("Of these lines ({count}) none was matched, so none counts.", count=len(missing)))


def key_words(key: str) -> str:
    """By what a line was matched, in words."""
    return {
        "id": _("Matched by ID number"),
        "account": _("Matched by personal number"),
        "mobile": _("Matched by name and mobile"),
        "address": _("Matched by name and address"),
        "decision": _("Matched by decision"),
    }[key]


@ledger.command("list", help=_("Every file with its lines and yuan by what became of them, checked against the file."))
@_MONTH
@campaign_option
@json_option
@click.pass_obj
def list_(session: Session, month: str, campaign: str, as_json: bool) -> None:
    """List the files."""
    from outreach.domain.ledger import LineState
    from outreach.services.ledger import list_ledger
    from outreach.services.ledger_words import state_words, yuan

    with session.office() as office:
        found = list_ledger(office, campaign, month)
    if as_json:
        show_json([_file_row(one) for one in found])
        return
    used = [state for state in LineState if any(state in one.states for one in found)]
    show_table(
        [_("Number"), _("Month"), _("File"), _("Takes the place of"), _("Lines"), _("Yuan"),
         *(state_words(state) for state in used),
         _("Taken back"), _("Adds up")],
        [
            [
                one.file.number, one.file.month, one.file.file, one.file.corrects or "", one.file.rows,
                yuan(one.file.total_fen),
                *(_counted(one, state) for state in used),
                f"{one.reversed.lines:,} / {yuan(one.reversed.fen):,}" if one.reversed.lines else "",
                _("yes") if one.adds_up else _("NO"),
            ]
            for one in found
        ],
    )  # fmt: skip
    for one in found:
        if not one.adds_up:
            say(_("file {number}: its lines do not add up to the file; restore the store from its backup",
                  number=one.file.number))  # fmt: skip


def _counted(one: FileTally, state: Any) -> str:
    from outreach.services.ledger_words import yuan

    found = one.states.get(state)
    return f"{found.lines:,} / {yuan(found.fen):,}" if found else ""


def _file_row(one: FileTally) -> dict[str, Any]:
    states = {state.value: tally for state, tally in one.states.items()}
    return {"file": one.file, "states": states, "reversed": one.reversed, "adds_up": one.adds_up}


@ledger.command(help=_("Lines that wait for a decision, each beside whom it may be about."))
@click.option("--next", "first_only", is_flag=True, help=_("only the first"))
@_MONTH
@campaign_option
@unmask_option
@json_option
@click.pass_obj
def review(session: Session, first_only: bool, month: str, campaign: str, unmask: bool, as_json: bool) -> None:
    """Show what waits."""
    from outreach.services.ledger_review import review_lines

    with session.office() as office:
        found = review_lines(office, campaign, month)
    shown = found[:1] if first_only else found
    if as_json:
        show_json({"waiting": len(found), "lines": [_waiting_row(one, unmask=unmask) for one in shown]})
        return
    for one in shown:
        _show_waiting(one, unmask=unmask)
    say(_("{count} lines wait for a decision", count=len(found)))


def _waiting_row(one: Waiting, *, unmask: bool) -> dict[str, Any]:
    from outreach.services.evidence_words import evidence_words

    return _line_row(one.line, one.reference, unmask=unmask) | {
        "candidates": [
            {
                "household": beside.household.code,
                "person": beside.person.number,
                "name": beside.person.name,
                "address": beside.household.address.line(current_language()),
                "score": round(beside.score, 1),
                "evidence": evidence_words(beside.evidence, unmask=unmask),
            }
            for beside in one.candidates
        ]
    }


def _line_row(line: Line, reference: str, *, unmask: bool) -> dict[str, Any]:
    from outreach.domain.directory import masked_id, masked_phone

    number, mobile = line.id_number, line.mobile
    return {
        "line": reference,
        "place": line.place,
        "state": line.state,
        "why": line.why,
        "key": line.key,
        "kind": line.kind,
        "on": line.on,
        "fen": line.amount_fen,
        "name": line.name,
        "id_number": number if unmask or not number else masked_id(number),
        "account": line.account,
        "mobile": mobile if unmask or not mobile else masked_phone(mobile),
        "address": line.address,
        "household": line.household,
        "person": line.person,
    }


def _why_words(why: str) -> str:
    return {
        "name": _("a key fits, but the name is another"),
        "several": _("a key fits several persons"),
        "repeated": _("the file says the same twice"),
        "alike": _("no key fits; these are alike"),
        "undone": _("a decision was taken back"),
    }[why]


def _show_waiting(one: Waiting, *, unmask: bool) -> None:
    from outreach.services.ledger_words import yuan

    row = _line_row(one.line, one.reference, unmask=unmask)
    click.echo(_("Line {line} ({place}): {why}", line=one.reference, place=row["place"],
                 why=_why_words(one.line.why or "alike")))  # fmt: skip
    show_facts(
        [
            (_("Name"), row["name"]),
            (_("ID number"), row["id_number"]),
            (_("Personal number"), row["account"]),
            (_("Mobile"), row["mobile"]),
            (_("Address"), row["address"]),
            (one.line.kind.label(current_language()), f"{one.line.on}  {yuan(one.line.amount_fen):,}"),
        ]
    )
    for beside in one.candidates:
        _show_beside(beside, unmask=unmask)
    click.echo()


def _show_beside(beside: Beside, *, unmask: bool) -> None:
    from outreach.services.evidence_words import evidence_words

    facts = {
        "who": f"{beside.household.code}:{beside.person.number}",
        "name": beside.person.name,
        "address": beside.household.address.line(current_language()),
        "score": f"{beside.score:.1f}",
    }
    click.echo("  " + _("{who} {name}, {address} (score {score})", **facts))
    for phrase in evidence_words(beside.evidence, unmask=unmask):
        click.echo(f"    {phrase}")


@ledger.command(help=_("Decide whose a line is: HOUSEHOLD, or HOUSEHOLD:PERSON where it has several."))
@click.argument("line")
@click.argument("household", metavar="HOUSEHOLD[:PERSON]")
@campaign_option
@json_option
@click.pass_obj
def match(session: Session, line: str, household: str, campaign: str, as_json: bool) -> None:
    """Match a line."""
    from outreach.services.ledger_review import match_line, person_of

    with session.office() as office:
        decided = match_line(office, campaign, line, household)
        name = person_of(office, decided)
    if as_json:
        show_json(_line_row(decided, line, unmask=False))
    else:
        say(
            _(
                "line {line} ({written}) is {household}'s, person {person} ({name})",
                line=line, written=decided.name, household=decided.household, person=decided.person, name=name,
            )
        )  # fmt: skip
        if name != decided.name:
            say(_("the names differ; 'outreach ledger undo {line}' takes the decision back", line=line))


@ledger.command(help=_("Decide that a line is nobody's of the roster."))
@click.argument("line")
@campaign_option
@json_option
@click.pass_obj
def refuse(session: Session, line: str, campaign: str, as_json: bool) -> None:
    """Refuse a line."""
    from outreach.services.ledger_review import refuse_line

    with session.office() as office:
        decided = refuse_line(office, campaign, line)
    if as_json:
        show_json(_line_row(decided, line, unmask=False))
    else:
        say(_("line {line} is nobody's of the roster", line=line))


@ledger.command(help=_("Take back what was decided of a line; it waits again and counts no more."))
@click.argument("line")
@campaign_option
@json_option
@click.pass_obj
def undo(session: Session, line: str, campaign: str, as_json: bool) -> None:
    """Undo a decision."""
    from outreach.services.ledger_review import undo_line

    with session.office() as office:
        undone = undo_line(office, campaign, line)
    if as_json:
        show_json(_line_row(undone, line, unmask=False))
    else:
        say(_("line {line} waits again", line=line))


@ledger.command(help=_("Lines that are nobody's of the roster, with their yuan."))
@click.option("--to", "target", type=click.Path(path_type=Path), default=None, help=_("write them to a .xlsx file"))
@_MONTH
@campaign_option
@unmask_option
@json_option
@click.pass_obj
def unmatched(session: Session, target: Path | None, month: str, campaign: str, unmask: bool, as_json: bool) -> None:
    """Show what is unmatched."""
    from outreach.services.ledger_files import write_open_lines
    from outreach.services.ledger_review import open_lines
    from outreach.services.ledger_words import state_words, yuan

    with session.office() as office:
        found = open_lines(office, campaign, month)
        if target:
            write_open_lines(found, target, current_language(), unmask=unmask)
    total = sum(one.line.amount_fen for one in found)
    if as_json:
        rows = [_line_row(one.line, one.reference, unmask=unmask) for one in found]
        show_json({"count": len(found), "fen": total, "file": target, "lines": rows})
        return
    if target:
        click.echo(str(target))
    else:
        show_table(
            [_("Line of the ledger"), _("Month"), _("Name"), _("Kind"), _("Day"), _("Yuan"), _("What became of it")],
            [
                [one.reference, one.file.month, one.line.name, one.line.kind.label(current_language()),
                 f"{one.line.on}", yuan(one.line.amount_fen), state_words(one.line.state)]
                for one in found
            ],
        )  # fmt: skip
    say(_("{count} lines, {yuan} yuan, are nobody's of the roster", count=len(found), yuan=f"{yuan(total):,}"))


@ledger.command(help=_("Households by the month they were first met, and how long after it the ledger has them."))
@click.option("--since", type=click.Choice(["contact", "card"]), default="contact", show_default=True,
              help=_("what counts as met"))  # fmt: skip
@click.option("--until", type=click.Choice(["paid", "registered"]), default="paid", show_default=True,
              help=_("which step of the ledger"))  # fmt: skip
@campaign_option
@json_option
@click.pass_obj
def cohorts(session: Session, since: str, until: str, campaign: str, as_json: bool) -> None:
    """Show the cohorts."""
    from outreach.services.cohorts import report_cohorts

    with session.office() as office:
        found = report_cohorts(office, campaign, since=since, until=until)
    if as_json:
        show_json(found)
        return
    width = max((len(one.later) for one in found.cohorts), default=0)
    show_table(
        [_("First met in"), _("Households"), _("Before it"), *(f"+{gap}" for gap in range(width)), _("Not yet")],
        [
            [one.month or _("not met"), one.households, one.before,
             *(*one.later, *([None] * (width - len(one.later)))), one.not_yet]
            for one in found.cohorts
        ],
    )  # fmt: skip
    if found.through:
        say(_("+0 is the month they were met, +1 the next; the ledger is known through {month}.", month=found.through))
    if found.gaps:
        say(_("The ledger does not tell of this step in {months}; cells of these months are empty unless somebody took"
              " it nevertheless.", months=", ".join(found.gaps)))  # fmt: skip
    say(_("This table shows what came after what, not what came of what: only a hold-out can tell that."))
