"""The channel tables of docs/campaign.md, written from the registry so that they cannot fall behind it.

python -m outreach.channels.reference                    prints them
python -m outreach.channels.reference docs/campaign.md   puts them between that file's two marks
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from outreach.channels import channels
from outreach.channels.base import Channel, FlightFields

STARTS = "<!-- channels: written by python -m outreach.channels.reference docs/campaign.md -->\n"
ENDS = "<!-- end of channels -->\n"

_TYPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "minLength": "not empty",
    "minItems": "not empty",
    "pattern": "`{}`",
}


def channel_tables() -> str:
    """Markdown: what every flight may say, then each channel with its own fields, limits and an example."""
    return "\n".join([*_common(), *(line for channel in channels().values() for line in _channel(channel))]) + "\n"


def put_between(text: str, tables: str) -> str:
    """`text` with `tables` between its two marks; raises ValueError where a mark is missing."""
    before, rest = text.split(STARTS)
    _old, after = rest.split(ENDS)
    return f"{before}{STARTS}\n{tables}\n{ENDS}{after}"


def _common() -> Iterator[str]:
    yield from ("### What every flight may say", "")
    yield from _table(FlightFields.model_json_schema(), set(FlightFields.model_fields))


def _channel(channel: Channel) -> Iterator[str]:
    yield from ("", f"### `{channel.key}` — {channel.zh}, {channel.en}", "")
    needs = [f"`{name}`" for name, needed in _needs(channel) if needed]
    facts = [
        f"Reach is {'counted household by household' if channel.counted else 'estimated, never counted'}.",
        f"Prints {', '.join(f'`{kind}`' for kind in channel.materials)}." if channel.materials else "Prints nothing.",
    ]
    yield " ".join([*facts, f"Needs {' and '.join(needs)}."] if needs else facts)
    own = set(channel.fields.model_fields) - set(FlightFields.model_fields)
    if own:
        yield from ("", " ".join((channel.fields.__doc__ or "").split()), "")
        yield from _table(channel.fields.model_json_schema(), own)
    yield from ("", "```toml", *_example(channel), "```")


def _needs(channel: Channel) -> Iterator[tuple[str, bool]]:
    yield "message", channel.needs_message
    yield "times", channel.needs_times


def _table(schema: Mapping[str, Any], names: set[str]) -> Iterator[str]:
    yield from ("| key | type | if left out | limits |", "|---|---|---|---|")
    for name, field in schema["properties"].items():
        if name in names:
            left_out = "must be there" if name in schema["required"] else _default(field["default"])
            limits = "; ".join(text.format(field[limit]) for limit, text in _LIMITS.items() if limit in field)
            yield f"| `{name}` | {_type(field)} | {left_out} | {limits} |"


def _type(field: Mapping[str, Any]) -> str:
    if field["type"] == "array":
        choice = field["items"].get("enum")
        return "list of " + (", ".join(f"`{name}`" for name in choice) if choice else "texts")
    return "day" if field.get("format") == "date" else _TYPES[field["type"]]


def _default(value: object) -> str:
    if value in ("", [], ()):
        return "empty"
    if isinstance(value, (list, tuple)):
        return "all of them"
    return f"`{_toml(value)}`"


def _example(channel: Channel) -> Iterator[str]:
    flight: dict[str, object] = {
        "id": f"{channel.key}-1",
        "channel": channel.key,
        "starts": dt.date(2005, 4, 1),
        "ends": dt.date(2005, 4, 7),
    }
    flight |= {"times": ["19:35"]} if channel.needs_times else {}
    flight |= {"message": "renew"} if channel.needs_message else {}
    yield "[[flights]]"
    yield from (f"{name} = {_toml(value)}" for name, value in (flight | dict(channel.sample)).items())


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def main(arguments: list[str]) -> None:
    """Print the tables, or put them into the file named."""
    if arguments:
        path = Path(arguments[0])
        path.write_text(put_between(path.read_text("utf-8"), channel_tables()), "utf-8")
    else:
        sys.stdout.write(channel_tables())


if __name__ == "__main__":
    main(sys.argv[1:])
