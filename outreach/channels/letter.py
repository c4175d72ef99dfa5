"""A letter to each household. Posting it is an attempt; only a signature reaches."""

from __future__ import annotations

from typing import Any, ClassVar

from outreach.channels.base import Channel


class Letter(Channel):
    """Counted household by household."""

    key = "letter"
    zh = "信函"
    en = "letter"
    counted = True
    materials = ("letter",)
    sample: ClassVar[dict[str, Any]] = {}
