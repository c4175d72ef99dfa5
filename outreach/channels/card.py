"""A service card put into each person's hand."""

from __future__ import annotations

from typing import Any, ClassVar

from outreach.channels.base import Channel


class Card(Channel):
    """Counted household by household."""

    key = "card"
    zh = "服务卡"
    en = "service card"
    counted = True
    materials = ("card",)
    sample: ClassVar[dict[str, Any]] = {}
