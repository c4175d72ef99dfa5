"""A Word file whose bytes were changed on the way is refused in a sentence, whatever bytes they were."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from outreach.errors import BadInput
from outreach.render.docx_package import read_package
from outreach.render.readback import Unreadable, read_docx
from outreach.resources import shipped

LAYOUT = (shipped("templates")[0] / "letter" / "letter.zh.docx").read_bytes()


def damaged(seed: int, times: int) -> Iterator[bytes]:
    """The layout with a few bytes changed, most of them in the directory at its end, or cut short."""
    chance = random.Random(seed)
    for _time in range(times):
        changed = bytearray(LAYOUT)
        for _byte in range(chance.randint(1, 6)):
            at = chance.randrange(len(changed)) if chance.random() < 0.5 else -chance.randrange(1, 1500)
            changed[at] = chance.randrange(256)
        yield bytes(changed[: chance.randrange(len(changed))] if chance.random() < 0.2 else changed)


def test_a_damaged_layout_is_whole_or_refused() -> None:
    refused = 0
    for content in damaged(seed=1, times=3000):
        try:
            read_package(content, Path("letter.docx"))
        except BadInput:
            refused += 1
    assert refused > 1000


def test_a_damaged_letter_is_read_back_or_said_to_be_unreadable() -> None:
    for content in damaged(seed=2, times=1500):
        with suppress(Unreadable):
            read_docx(content)


def test_the_undamaged_layout_is_read() -> None:
    assert read_package(LAYOUT, Path("letter.docx"))
    assert read_docx(LAYOUT)
    with pytest.raises(Unreadable):
        read_docx(LAYOUT[:-30])
