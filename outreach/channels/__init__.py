"""The registry of channels: the built-in ones, then those that other packages add.

A third party adds a channel through the entry-point group `outreach.channels`; each entry names a subclass
of `Channel`.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from outreach.channels.base import Channel
from outreach.channels.board import Board
from outreach.channels.booth import Booth
from outreach.channels.call import Call
from outreach.channels.card import Card
from outreach.channels.crawl import Crawl
from outreach.channels.hall import Hall
from outreach.channels.letter import Letter
from outreach.channels.notice import Notice
from outreach.channels.press import Press
from outreach.channels.radio import Radio
from outreach.channels.sms import Sms
from outreach.channels.visit import Visit

_BUILT_IN: tuple[type[Channel], ...] = (
    Crawl,
    Radio,
    Press,
    Board,
    Booth,
    Notice,
    Letter,
    Sms,
    Card,
    Visit,
    Call,
    Hall,
)


@cache
def channels() -> dict[str, Channel]:
    """Every channel by its key, the built-in ones first."""
    registry = {kind.key: kind() for kind in _BUILT_IN}
    for entry in sorted(entry_points(group="outreach.channels")):
        kind: type[Channel] = entry.load()
        registry.setdefault(kind.key, kind())
    return registry
