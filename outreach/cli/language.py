"""The language of the command line: help texts, click's own words, and wrong use said in one sentence."""

from __future__ import annotations

import contextvars
import gettext
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from outreach.errors import Fault
from outreach.messages import LOCALE_DIR, _, environment_locale, language_of, use_language

_T = TypeVar("_T")
_english: dict[object, str] = {}
"""The English help of every command and parameter met, the key to its translations."""


@contextmanager
def own_words() -> Iterator[None]:
    """Let click find its own words in our catalogue, for the length of one run."""
    # click asks gettext for the process's text domain in the language of $LANGUAGE; there is no other door.
    before, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain("click", str(LOCALE_DIR))
    gettext.textdomain("click")
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = before


def choose_language(option: str) -> None:
    """Speak the language of `option`, else of the environment."""
    language = language_of(option or environment_locale())
    os.environ["LANGUAGE"] = "zh_CN" if language == "zh" else "en"
    use_language(language)


def in_english(build: Callable[[], _T]) -> _T:
    """What `build` returns with every message in English: commands are built once and translated when used."""

    def work() -> _T:
        use_language("en")
        return build()

    return contextvars.copy_context().run(work)


def translate_help(command: click.Command, ctx: click.Context) -> None:
    """Put the help of a command built in English, of its parameters and of its own commands into the language now."""
    command.help = _said(command, command.help)
    if command.epilog:
        command.epilog = _said((command, "epilog"), command.epilog)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = _said(parameter, parameter.help)
    if (option := command.get_help_option(ctx)) is not None:
        option.help = _("show this help")
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            translate_help(inner, ctx)
            inner.short_help = inner.help  # whole: click would cut it off after 45 signs


def _said(holder: object, text: str | None) -> str | None:
    if not text:
        return text
    return _(_english.setdefault(holder, text))


def usage_fault(error: click.UsageError) -> Fault:
    """Wrong use of a command as a fault like any other: the command, what is wrong, where its help is."""
    command = error.ctx.command_path if error.ctx else "outreach"
    what = " ".join(error.format_message().split()).rstrip(".。")
    return Fault(command, what[:1].lower() + what[1:], _("see '{command} --help'", command=command))
