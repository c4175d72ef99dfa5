"""The properties of a Word file: its title and author, and when it was made. Source: ECMA-376 part 2, 11."""

from __future__ import annotations

import datetime as dt

CORE = "docProps/core.xml"


def dated(core: bytes, timestamp: dt.datetime) -> bytes:
    """The core properties made and changed at `timestamp`."""
    from lxml import etree

    root = etree.fromstring(core)
    moment = timestamp.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for element in root.iter("{http://purl.org/dc/terms/}created", "{http://purl.org/dc/terms/}modified"):
        element.text = moment
    return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))


def agreed(cores: list[bytes]) -> bytes:
    """The properties of a file of many letters: what all of them say, and nothing where they differ."""
    from lxml import etree

    root = etree.fromstring(cores[0])
    for core in set(cores[1:]) - {cores[0]}:
        for element, other in zip(root, etree.fromstring(core), strict=True):
            if element.text != other.text:
                element.text = ""
    return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))
