"""The command line's entry: the groups of commands, each loaded when it is called, and the way errors end."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from outreach.cli.language import choose_language, in_english, own_words, translate_help, usage_fault
from outreach.cli.session import Session
from outreach.messages import _

INTERRUPTED = 130
UNEXPECTED = 70
"""Exit code of a fault in outreach itself (EX_SOFTWARE of sysexits.h)."""


def _commands() -> dict[str, tuple[str, str]]:
    """Every command of the top level: its module and what it is for."""
    return {
        "init": ("workspace", _("make a workspace in a folder")),
        "demo": ("workspace", _("run the main job on 7,000 invented households")),
        "check": ("workspace", _("check the workspace: settings, fonts, campaign, store")),
        "completion": ("workspace", _("print the completion script for a shell")),
        "campaign": ("campaign", _("plan: start, show, check, calendar, pictures")),
        "household": ("household", _("households: import, list, show, assign, walk, export")),
        "walk": ("walk", _("walk lists: plan, list, show, withdraw, export")),
        "officer": ("officer", _("officers: import, list")),
        "qa": ("qa", _("questions and answers: list, show, search, drift")),
        "material": ("material", _("posters, letters, cards, texts: list, preview, make")),
        "sms": ("sms", _("text messages: who gets one and who does not")),
        "run": ("run", _("print runs: list, show, resume, verify, recall, states")),
        "account": ("account", _("pension accounts: import, show, what is due")),
        "contact": ("contact", _("what happened and whom to try next: record, import, due, merge, audit")),
        "followup": ("followup", _("what is still to be done: open, list, overdue, move, withdraw")),
        "case": ("case", _("transfer cases and their three 15 days: import, list, step")),
        "mail": ("mail", _("mail that came back: returned, proposals, accept, refuse")),
        "notice": ("notice", _("posted notices: list, photo, due")),
        "leave": ("leave", _("officers' leave: import, add, list, lift")),
        "booth": ("booth", _("the booths' rota: plan, show, publish, calendar, export")),
        "duty": ("duty", _("the phone's rota: plan, show, publish, calendar, export")),
        "days": ("days", _("working days: a year, a day, deadlines, the three 15 days")),
        "air": ("air", _("air time and space: rate card, reach, plan, proof of airing, make-goods")),
        "phone": ("phone", _("the directory of phones: import, list, set, draw, check, rank, export")),
        "ledger": ("ledger", _("registered and paid from the pension system: import, review, match, cohorts")),
        "holdout": ("holdout", _("households left alone by lot, to compare: draw, list, end, result")),
        "report": ("report", _("who was reached: coverage, funnel, outcomes; times, staffing")),
        "survey": ("survey", _("a coverage survey: draw, sheet, enter, result")),
        "user": ("user", _("users and their roles: add, list, end, whoami")),
        "trail": ("trail", _("the audit trail: show, verify")),
        "store": ("store", _("the store: check, backup, restore, copy to another database, seal")),
    }


class _Lazy(click.Group):
    """A group that imports a command's module only when the command is used, so that help stays quick."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        translate_help(self, ctx)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _commands():
            return None
        name = f"outreach.cli.{_commands()[cmd_name][0]}"
        command = getattr(in_english(lambda: importlib.import_module(name)), cmd_name)
        assert isinstance(command, click.Command)
        translate_help(command, ctx)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, text) for name, (_module, text) in _commands().items()])


def _cli() -> click.Group:
    @click.group(
        cls=_Lazy,
        help=_(
            "Plan a publicity campaign over many channels, print what it needs, and know which households it reached."
        ),
        epilog=_(
            "Exit codes: 0 done, 2 wrong use, 3 bad input, 4 not found, 5 cannot print, 6 conflict, 7 store, "
            "8 not as made, 9 not allowed."
        ),
    )
    @click.option("-w", "--workspace", "folder", type=click.Path(path_type=Path), help=_("the workspace's folder"))
    @click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default=None,
        is_eager=True,
        callback=_speak,
        help=_("language of the messages"),
    )
    @click.version_option(package_name="outreach", message="%(prog)s %(version)s", help=_("show the version"))
    @click.pass_context
    def cli(ctx: click.Context, folder: Path | None, lang: str | None) -> None:
        ctx.obj = Session(folder, lang or os.environ.get("OUTREACH_LANG", ""))

    return cli


def _speak(ctx: click.Context, _option: click.Parameter, lang: str | None) -> str | None:
    # Eager: the help after '--lang zh --help' is Chinese already.
    if lang:
        choose_language(lang)
    translate_help(ctx.command, ctx)
    return lang


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Results go to standard output, everything else to standard error."""
    from outreach.errors import OutreachError

    with own_words():
        choose_language("")
        try:
            result: Any = in_english(_cli).main(arguments, prog_name="outreach", standalone_mode=False)
            return result if isinstance(result, int) else 0
        except OutreachError as error:
            _show_faults(error)
            return error.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return error.exit_code
        except click.UsageError as error:
            click.echo(usage_fault(error).sentence(), err=True)
            return error.exit_code
        except (KeyboardInterrupt, click.Abort) as stop:
            # click raises Abort from what stopped the work; on a question that was declined it raises it from nothing.
            asked = isinstance(stop, click.Abort) and stop.__cause__ is None
            work = _("stopped; a print run that was begun goes on with 'outreach run resume'")
            click.echo(_("stopped at the question; nothing was done") if asked else work, err=True)
            return INTERRUPTED
        except BrokenPipeError:
            # The reader (head, less) has seen enough; Python would complain once more when it closes the stream.
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
            return 0
        except OSError as error:
            from outreach.services.office import disk_fault

            refused = disk_fault(Path(str(error.filename or ".")), error)
            _show_faults(refused)
            return refused.exit_code
        except Exception as error:
            if os.environ.get("OUTREACH_DEBUG"):
                traceback.print_exc()
            click.echo(
                _(
                    "outreach: an error nobody foresaw ({kind}: {error}); "
                    "run it again with OUTREACH_DEBUG=1 and report what it prints",
                    kind=type(error).__name__,
                    error=error,
                ),
                err=True,
            )
            return UNEXPECTED


_MOST_SHOWN = 50


def _show_faults(error: Any) -> None:
    for fault in error.faults[:_MOST_SHOWN]:
        click.echo(fault.sentence(), err=True)
    if len(error.faults) > _MOST_SHOWN:
        click.echo(_("... and {count} more", count=len(error.faults) - _MOST_SHOWN), err=True)
    if len(error.faults) > 1:
        click.echo(_("{count} faults; nothing was written", count=len(error.faults)), err=True)


def main() -> None:
    """The console script."""
    sys.exit(run())
