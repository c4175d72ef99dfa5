"""outreach contact enter LIST: a walk list's paper typed in."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from outreach.cli.moments import DAY
from outreach.cli.roster_views import listed, names_of
from outreach.cli.session import Session, campaign_option, json_option, say, show_facts, show_json, show_table
from outreach.domain.walk_list import PAPER_CODES, ListState
from outreach.errors import BadInput, Conflict
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.domain.people import Household
    from outreach.services.contact_entry import Entered, EntrySheet, Reply
    from outreach.services.entry_session import EntrySession, Heard


@click.command(
    help=_("Type in a walk list from paper: '7 31' line and code, '31' the next line, u undo, q write; ? tells more.")
)
@click.argument("number", type=int, metavar="LIST")
@click.option(
    "--on", type=DAY, default=None, metavar="DAY", help=_("the day it was walked; the list's own if not named")
)
@click.option("--officer", default="", help=_("who walked it, by code; who it was made for if not named"))
@click.option(
    "--total", "totals", multiple=True, metavar="CODE=N", help=_("a total at the foot of the paper; may be repeated")
)
@click.option("--fresh", is_flag=True, help=_("forget what was typed before and not written"))
@campaign_option
@json_option
@click.pass_obj
def enter(
    session: Session,
    /,
    number: int,
    on: dt.datetime | None,
    officer: str,
    totals: tuple[str, ...],
    fresh: bool,
    campaign: str,
    as_json: bool,
) -> None:
    """Type a list in."""
    from outreach.services.contact_entry import open_sheet, sheet_result, write_sheet
    from outreach.services.entry_journal import hold_journal
    from outreach.services.entry_lines import read_totals
    from outreach.services.entry_session import EntrySession

    with session.office() as office:
        sheet = open_sheet(office, campaign, number, on=on.date() if on else None, officer=officer)
        with hold_journal(office, sheet.walk, sheet.day, fresh=fresh) as journal:
            typing = EntrySession(sheet, journal)
            resumed = typing.resume()
            sheet.paper |= read_totals(totals)
            _say_what_is_known(sheet, resumed, typing)
            if _typed_to_the_end(typing):
                done = write_sheet(office, sheet)
                journal.end()
            else:
                done = sheet_result(sheet)
                say(
                    _(
                        "nothing was written; what was typed is kept for the next 'outreach contact enter {list}'",
                        list=number,
                    )
                )
    if as_json:
        show_json(done)
    else:
        _show_result(done)


def _say_what_is_known(sheet: EntrySheet, resumed: int, typing: EntrySession) -> None:
    say(
        _(
            "list {number}, {day}, officer {officer}: lines {first} to {last}; ? for help",
            number=sheet.walk.number,
            day=sheet.day,
            officer=sheet.officer,
            first=min(sheet.doors),
            last=max(sheet.doors),
        )
    )
    if sheet.state is ListState.EXPIRED:
        say(_("the list expired on {day}; what happened is entered all the same", day=sheet.walk.expires))
    elif sheet.state is ListState.WITHDRAWN:
        say(_("the list was withdrawn; what happened is entered all the same"))
    if resumed:
        say(_("{count} lines typed before and not written are here again", count=resumed))
    for error in typing.refused:
        say(error.faults[0].sentence())
    typing.refused.clear()
    if known := [str(line) for line in sorted(sheet.doors) if sheet.doors[line].stored is not None]:
        say(_("recorded already: {lines}; what is typed of them corrects it", lines=listed(known)))


def _typed_to_the_end(typing: EntrySession) -> bool:
    """Hear every line; True where all is to be written, False where the person leaves. Raises on a pipe's faults."""
    from outreach.services.entry_lines import Verb

    person = sys.stdin.isatty()
    asked = False
    while True:
        text = _next_text(_prompt(typing.sheet) if person else "")
        if text is None:
            _refuse(typing.refused if not person else [])
            raise Conflict.at(
                _("the input"),
                _("ended without q, so nothing was written"),
                _("what was typed is kept; type q to write it"),
            )
        heard = typing.hear(text)
        if person or heard.refused is None:
            _answer(typing.sheet, heard)
        if heard.verb is Verb.LEAVE:
            return False
        if heard.verb not in (Verb.WRITE, Verb.WRITE_ANYHOW):
            continue
        _refuse(typing.refused if not person else [])
        if person and not typing.sheet.paper and not asked and heard.verb is Verb.WRITE:
            asked = True
            if not _ask_totals(typing):
                continue
        if heard.verb is Verb.WRITE_ANYHOW or not typing.sheet.differences:
            return True
        _say_differences(typing.sheet)
        if not person:
            raise Conflict.at(
                _("the totals"),
                _("differ from what was typed; nothing was written"),
                _("mend the lines, or a mistyped total with t 31=5; or end with q!"),
            )
        say(_("mend the lines, or a mistyped total with t 31=5; or type q! to write all the same"))


def _ask_totals(typing: EntrySession) -> bool:
    """Ask for the totals of the paper; False where what was typed is none."""
    text = _next_text(_("totals at the foot of the paper, such as 31=12 12=3; Enter for none: "))
    if not text or not text.strip():
        return True
    heard = typing.hear(f"t {text}")
    if heard.refused is not None:
        say(heard.refused.faults[0].sentence())
    return heard.refused is None


def _prompt(sheet: EntrySheet) -> str:
    try:
        return f"{sheet.next_line()}> "
    except BadInput:
        return "q> "


def _next_text(prompt: str) -> str | None:
    """One typed line whatever its bytes are, None at the end."""
    if prompt:
        click.echo(prompt, nl=False, err=True)
    raw: bytes = sys.stdin.buffer.readline()
    if not raw:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).rstrip("\r\n")
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace").rstrip("\r\n")


def _refuse(errors: list[BadInput]) -> None:
    if errors:
        raise BadInput(*(fault for error in errors for fault in error.faults))


def _answer(sheet: EntrySheet, heard: Heard) -> None:
    from outreach.services.entry_lines import Verb

    if heard.refused is not None:
        for fault in heard.refused.faults:
            say(fault.sentence())
    for reply in heard.replies:
        say(_reply_words(reply))
    if heard.undone is not None:
        lines = listed(str(line) for line in heard.undone)
        say(_("taken back: {lines}", lines=lines) if heard.undone else _("nothing is left to undo"))
    if heard.verb is Verb.TOTALS:
        _show_totals(sheet)
    elif heard.verb is Verb.SHOW:
        _show_sheet(sheet)
    elif heard.verb is Verb.HELP:
        _show_help()


def _reply_words(reply: Reply) -> str:
    """'7  301  王晨、林晨  31 nobody home', and what it was before."""
    door, language = reply.door, current_language()
    label = PAPER_CODES[reply.code].label(language)
    words = f"{door.line.line:>4}  {_door_words(door.home)}  {names_of(door.home)}  {reply.code} {label}"
    if reply.same:
        words += "  " + _("(as before)")
    elif reply.before:
        words += "  " + _("(was {code})", code=f"{reply.before} {PAPER_CODES[reply.before].label(language)}")
    if door.other is not None and not reply.before:
        at = f"{door.other.at.astimezone(door.line.at.tzinfo):%Y-%m-%d %H:%M}"
        words += "  " + _("(a visit is recorded at {at} already; if it is this one, undo)", at=at)
    return words


def _door_words(home: Household) -> str:
    """The building and the room: enough to tell the doors of one list apart, and to see a line misread."""
    address = replace(home.address, community="", compound="")
    return address.line(current_language()) or home.code


def _show_totals(sheet: EntrySheet) -> None:
    language = current_language()
    for code, count in sheet.totals.items():
        paper = sheet.paper.get(code)
        words = f"{code} {PAPER_CODES[code].label(language)}: {count}"
        say(words + ("" if paper is None else "  " + _("(paper: {count})", count=paper)))
    say(_("{entered} of {all} lines have a code", entered=len(sheet.doors) - len(sheet.missing), all=len(sheet.doors)))
    _say_differences(sheet)


def _say_differences(sheet: EntrySheet) -> None:
    for one in sheet.differences:
        label = PAPER_CODES[one.code].label(current_language())
        say(
            _(
                "{code} {label}: the paper says {paper}, typed are {typed}",
                code=one.code,
                label=label,
                paper=one.paper,
                typed=one.typed,
            )
        )


def _show_sheet(sheet: EntrySheet) -> None:
    language = current_language()
    for line, door in sorted(sheet.doors.items()):
        code = sheet.code(line)
        label = PAPER_CODES[code].label(language) if code else ""
        kept = "" if line in sheet.entered or not code else "  " + _("(recorded)")
        say(f"{line:>4}  {_door_words(door.home)}  {names_of(door.home)}  {code} {label}{kept}")


def _show_help() -> None:
    from outreach.services.contact_codes import list_codes
    from outreach.services.entry_lines import letters_in_words
    from outreach.services.walk_due import CHANNEL

    language = current_language()
    say(_("7 31 line and code; 31 the next line; 9-12 31 and 3,5 31 several lines"))
    say(
        _(
            "behind the code: 1930 the hour, .2 the person, @0620 a promise by that day, #... a note; "
            "letters: {letters}",
            letters=letters_in_words(),
        )
    )
    say(
        _(
            "u undo, s show, t totals, t 31=12 the paper's totals, q write and end, "
            "q! write although totals differ, x leave"
        )
    )
    say(listed(f"{one.code} {one.zh if language == 'zh' else one.en}" for one in list_codes(CHANNEL)))


def _show_result(done: Entered) -> None:
    show_facts(
        [
            (_("List"), done.list),
            (_("Written"), _("yes") if done.written else _("no")),
            (_("New"), done.new),
            (_("Corrected"), done.corrected),
            (_("As before"), done.same),
            (_("At the hour planned"), done.untimed),
            (_("Lines not entered"), ", ".join(map(str, done.missing)) or "0"),
        ]
    )
    if done.totals:
        language = current_language()
        click.echo()
        show_table(
            [_("Outcome code"), _("Meaning"), _("Lines")],
            [[code, PAPER_CODES[code].label(language), count] for code, count in done.totals.items()],
        )
