"""outreach run state, scan, states."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import click

from outreach.cli.moments import MOMENT
from outreach.cli.session import Session, json_option, say, show_json, show_table
from outreach.domain.pieces import PieceState, ReturnReason
from outreach.messages import _, current_language

_Command = TypeVar("_Command", bound=Callable[..., Any])

_STATE = click.argument("state", type=click.Choice([str(one) for one in PieceState]), metavar="STATE")


def _change_options(command: _Command) -> _Command:
    """What `run state` and `run scan` say alike of the change."""
    options = (
        click.option("--by", default="", help=_("the officer concerned, by code or post")),
        click.option(
            "--at",
            type=MOMENT,
            default=None,
            help=_("when; now if not named"),
        ),
        click.option(
            "--reason",
            type=click.Choice([str(one) for one in ReturnReason]),
            default=None,
            help=_("why it came back, for 'returned'"),
        ),
        click.option("--note", default="", help=_("a note")),
        click.option("--correct", is_flag=True, help=_("take the place of what was recorded last")),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(
    help=_("Record what became of pieces of a run: handed_over, delivered, posted, returned, removed, missing.")
)
@click.argument("number", type=int)
@_STATE
@click.option("--pieces", default="", metavar="NUMBERS", help=_("their numbers, such as 120-180,200; all if not named"))
@_change_options
@json_option
@click.pass_obj
def state(
    session: Session,
    /,
    number: int,
    state: str,
    pieces: str,
    by: str,
    at: dt.datetime | None,
    reason: str | None,
    note: str,
    correct: bool,
    as_json: bool,
) -> None:
    """Record a state."""
    from outreach.services.piece_states import Change, parse_spans, printed_spans, record_state

    spans = parse_spans(pieces) if pieces else []
    change = Change(PieceState(state), by, at, reason or "", note, correct)
    with session.office() as office:
        done = record_state(office, number, spans, change)
    if as_json:
        show_json(done)
        return
    label = done.state.label(current_language())
    if done.changed:
        spans_now = printed_spans(done.changed)
        click.echo(_("pieces now {state}: {count} ({spans})", count=done.pieces, state=label, spans=spans_now))
    if done.already:
        say(_("already {state}: {spans}", state=label, spans=printed_spans(done.already)))


@click.command(help=_("Record a state for each code read line by line from a scanner or FILE ('-' is standard input)."))
@_STATE
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), default="-")
@click.option("--run", "number", type=int, default=0, help=_("the run, for codes of households"))
@_change_options
@json_option
@click.pass_obj
def scan(
    session: Session,
    /,
    state: str,
    file: Path,
    number: int,
    by: str,
    at: dt.datetime | None,
    reason: str | None,
    note: str,
    correct: bool,
    as_json: bool,
) -> int:
    """Scan codes."""
    from outreach.services.piece_states import Change, scan_codes, scanned_lines

    change = Change(PieceState(state), by, at, reason or "", note, correct)
    label = change.state.label(current_language())
    codes = typed_lines() if str(file) == "-" else scanned_lines(file)
    lines = []
    with session.office() as office:
        for line in scan_codes(office, codes, change, run=number):
            lines.append(line)
            text = shown_code(line.text)
            if line.refused:
                say(_("line {line}, {text}: {why}", line=line.line, text=text, why=line.refused))
            else:
                piece = _("run {run}, piece {number}", run=line.run, number=line.number)
                words = _("was {state} before", state=label) if line.already else label
                what = " ".join(filter(None, [piece, line.household, words]))
                say(_("{code}: {what}", code=text, what=what))
    refused = sum(bool(line.refused) for line in lines)
    if as_json:
        show_json(lines)
    else:
        accepted = len(lines) - refused
        click.echo(_("{count} read, {refused} refused", count=accepted, refused=refused))
    return 3 if refused else 0


_MOST_ECHOED = 40  # signs; no code is longer


def typed_lines() -> Iterator[str]:
    """Standard input line by line as it comes, in UTF-8 or GB18030 whatever the locale."""
    from outreach.services.piece_states import scanned_line

    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:
        yield from sys.stdin
        return
    for line in raw:
        yield scanned_line(line)


def shown_code(text: str) -> str:
    """What was scanned, cut short, without signs that steer a terminal."""
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:_MOST_ECHOED])
    return plain if len(text) <= _MOST_ECHOED else plain[:-1] + "…"


@click.command(
    help=_("Show where the pieces of a run are: counts by officer, or with an option the pieces themselves.")
)
@click.argument("number", type=int)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(one) for one in PieceState]),
    help=_("list the pieces in this state; may be repeated"),
)
@click.option("--officer", default="", help=_("only this officer's, by code"))
@click.option(
    "--csv", "target", type=click.Path(path_type=Path), default=None, help=_("write the list to a .csv or .xlsx file")
)
@json_option
@click.pass_obj
def states(
    session: Session, /, number: int, states: tuple[str, ...], officer: str, target: Path | None, as_json: bool
) -> None:
    """Show states."""
    from outreach.services.piece_lists import count_states, state_list, write_list
    from outreach.services.piece_states import whereabouts

    with session.office() as office:
        found = [one for one in whereabouts(office, number) if not officer or one.piece.officer == officer]
    counts = count_states(found)
    chosen = [one for one in found if not states or one.state.value in states]
    if target is not None:
        write_list(target, state_list(chosen))
        say(_("written to {file}", file=target))
    if as_json:
        show_json({"run": number, "counts": counts, "pieces": chosen})
        return
    if states:
        table = state_list(chosen)
        show_table(table.headings, table.rows)
        return
    language = current_language()
    show_table(
        [_("Officer"), *(one.label(language) for one in PieceState)],
        [[row.officer or _("all"), *(row.counts.get(one.value) for one in PieceState)] for row in counts],
    )
