"""Choices on the command line that may be typed as people write them in tables: 无人在家 for nobody_home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click


class WordChoice(click.Choice[str]):
    """One of `choices`, or a word for one; words: by word without blanks and case, asked for when something is typed.

    Refusals, help and completion name the choices alone.
    """

    def __init__(self, choices: Sequence[str], words: Callable[[], Mapping[str, str]]) -> None:
        super().__init__(choices)
        self._words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from outreach.intake.cells import half_width

        key = half_width(str(value)).replace(" ", "").casefold()
        known = value if value in self.choices else str(self._words().get(key, value))
        return super().convert(known if known in self.choices else value, param, ctx)


def channel_words() -> Mapping[str, str]:
    """The channels by the words tables have for them."""
    from outreach.intake.contacts import channel_words as known

    return known()


def fact_words() -> Mapping[str, str]:
    """Outcomes of contacts and steps of the ledger by the words tables have for them."""
    from outreach.intake.words import DISPOSITIONS, MILESTONES

    return {**DISPOSITIONS, **MILESTONES}
