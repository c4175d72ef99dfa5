"""Whether a JPEG file is whole, as far as its own markers tell. Source: ITU-T T.81, B.1 and B.2.

Decoders fill what they cannot read with grey and do not say so; the markers in the packed pixels do.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

_MARKER = re.compile(rb"\xff+([^\x00\xff])")  # within packed pixels FF 00 stands for FF
_SOS, _EOI, _DRI = 0xDA, 0xD9, 0xDD
_RESTARTS = range(0xD0, 0xD8)
_SEGMENTS = {0xC4, _SOS, 0xDB, 0xDC, _DRI, 0xFE, *range(0xE0, 0xF0)}  # what may follow a scan, other than its end
_FILLED = (128, 128, 128)
_LEAST_ROWS = 8  # pixels of a block, at whatever scale it is decoded


def markers_agree(content: bytes) -> bool:
    """Whether every marker of the JPEG `content` stands where one may stand, up to the end of its picture."""
    place, restarts = 2, False
    while True:
        found = _MARKER.match(content, place)
        if found is None:
            return False
        code, place = found[1][0], found.end()
        if code == _EOI:
            return True
        length = int.from_bytes(content[place : place + 2])
        if code in _RESTARTS or length < 2 or place + length > len(content):
            return False
        if code == _DRI:
            restarts = content[place + 2 : place + 4] != b"\0\0"
        place += length
        if code == _SOS:
            end = _scan_end(content, place, restarts=restarts)
            if end is None:
                return False
            place = end


def _scan_end(content: bytes, start: int, *, restarts: bool) -> int | None:
    """Where the packed pixels from `start` end; None where a marker among them cannot be theirs."""
    due = itertools.cycle(_RESTARTS)
    for found in _MARKER.finditer(content, start):
        code = found[1][0]
        if code not in _RESTARTS:
            return found.start() if code == _EOI or code in _SEGMENTS else None
        if not restarts or code != next(due):
            return None
    return None


def ends_in_filling(picture: Image.Image) -> bool:
    """Whether the last rows are the grey that decoders put for pixels that are not there, and others are not."""
    import numpy as np

    if picture.mode not in ("RGB", "L"):
        return False
    grey = np.asarray(picture) == (_FILLED if picture.mode == "RGB" else _FILLED[0])
    rows = grey.reshape(picture.height, -1).all(axis=1)
    return bool(rows[-_LEAST_ROWS:].all()) and not bool(rows.all())
