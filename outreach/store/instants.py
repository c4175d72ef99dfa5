"""Instants in the store: whole milliseconds since 1970 in UTC."""

from __future__ import annotations

import datetime as dt


def to_ms(at: dt.datetime) -> int:
    """Milliseconds of a zoned time; a time without a zone raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("a stored instant needs a zone")
    return round(at.timestamp() * 1000)


def from_ms(ms: int, zone: dt.tzinfo) -> dt.datetime:
    """The zoned time of stored milliseconds."""
    return dt.datetime.fromtimestamp(ms / 1000, zone)


def from_ms_or_none(ms: int | None, zone: dt.tzinfo) -> dt.datetime | None:
    """As `from_ms`, None staying None."""
    return None if ms is None else from_ms(ms, zone)
