"""What every command shares: the workspace, the language, and how results and progress are shown."""

from __future__ import annotations

import datetime as dt
import enum
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from outreach.messages import _, language_of, use_language

if TYPE_CHECKING:
    from outreach.config import Workspace
    from outreach.services.office import Office

Cell = str | int | float | Decimal | None
_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass
class Session:
    """One call of the command line: what was said before the command."""

    folder: Path | None = None
    language: str = ""
    told: set[str] = field(default_factory=set)
    """Codes of the households whose personal data the command shows in full or writes out."""
    admitted: bool = False
    """Whether somebody was found to be at the keyboard who may run this command."""
    passphrase: str | None = None

    def workspace(self) -> Workspace:
        """The workspace named, or the one around the current folder; messages take its language.

        Raises NotAllowed where whoever is at the keyboard may not run this command.
        """
        from outreach.cli.keyboard import admit

        found = self._found()
        admit(self, found)
        return found

    def _found(self) -> Workspace:
        from outreach.config import find_workspace, load_workspace

        found = load_workspace(self.folder) if self.folder else find_workspace(Path.cwd())
        if not self.language:
            use_language(language_of(found.settings.locale))
        return found

    def workspace_or_none(self) -> Workspace | None:
        """As `workspace`, but None outside of any, for commands that work without one."""
        from outreach.errors import NotFound

        try:
            return self.workspace()
        except NotFound:
            return None

    @contextmanager
    def office(self) -> Iterator[Office]:
        """The workspace with its store open, as whoever is at the keyboard may use it."""
        from outreach.cli.keyboard import enter

        office = enter(self, self._found())
        try:
            yield office
        finally:
            office.close()


def campaign_option(command: _Command) -> _Command:
    """`--campaign NAME`; the settings name the usual one."""
    return click.option(
        "-c", "--campaign", default="", metavar="NAME", help=_("the campaign; outreach.toml names the usual one")
    )(command)


def json_option(command: _Command) -> _Command:
    """`--json`: the stable form for programs."""
    return click.option("--json", "as_json", is_flag=True, help=_("print JSON for programs"))(command)


def unmask_option(command: _Command) -> _Command:
    """`--unmask`: phones and ID numbers in full."""
    return click.option("--unmask", is_flag=True, help=_("show phones and ID numbers in full"))(command)


def show_json(content: object) -> None:
    """Print `content` as JSON on standard output."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(type(value).__name__)


def show_table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table for people; Chinese signs count two columns, whole numbers and amounts (Decimal) are grouped."""
    from tabulate import tabulate

    kept = [list(row) for row in rows]
    shown = [[_grouped(cell) for cell in row] for row in kept]
    numeric = [all(isinstance(row[i], int | float | Decimal | None) for row in kept) for i in range(len(headings))]
    aligned = ["right" if right else "left" for right in numeric] if kept else None
    click.echo(tabulate(shown, headers=list(headings), tablefmt="simple", colalign=aligned, disable_numparse=True))


def _grouped(cell: Cell) -> str | float:
    if isinstance(cell, int | Decimal):
        return f"{cell:,}"
    return "" if cell is None else cell


def show_facts(facts: Iterable[tuple[str, Cell]]) -> None:
    """Print names and values, one a line, aligned."""
    from wcwidth import wcswidth

    kept = [
        (name, "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)) for name, value in facts
    ]
    width = max((wcswidth(name) for name, _value in kept), default=0)
    for name, value in kept:
        click.echo(f"{name}{' ' * (width - wcswidth(name))}  {value}")


def say(text: str) -> None:
    """A message to the person at the keyboard, on standard error."""
    click.echo(text, err=True)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar with the time left on standard error; gives the function that moves it (done, total).

    Only a person watches it: where standard error is a file or a pipe, nothing is written.
    """
    bar: Any = None  # click has no public name for the type
    shown = 0

    def move(done: int, total: int) -> None:
        nonlocal bar, shown
        if bar is None:
            hidden = not sys.stderr.isatty()
            bar = click.progressbar(length=total, label=label, show_pos=True, file=sys.stderr, hidden=hidden)
            bar.__enter__()
        bar.update(done - shown)
        shown = done

    try:
        yield move
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)
