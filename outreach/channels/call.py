"""A call to the household by its officer."""

from __future__ import annotations

from typing import Any, ClassVar

from outreach.channels.base import Channel


class Call(Channel):
    """Counted household by household."""

    key = "call"
    zh = "电话"
    en = "phone call"
    counted = True
    materials = ()
    sample: ClassVar[dict[str, Any]] = {}
