"""The endings of files to be written: what stands behind the dot says what the file is, and is never let lie."""

from __future__ import annotations

from pathlib import Path

from outreach.errors import BadInput
from outreach.messages import _


def refuse_other_endings(target: Path, *endings: str) -> None:
    """Raise BadInput where `target` does not end in one of `endings`, written as '.xlsx', capitals or not.

    A pipe or a terminal has no ending, and needs none where only one kind is written. To be called before anything is
    recorded or written.
    """
    stream = len(endings) == 1 and (target.is_fifo() or target.is_char_device())
    if target.suffix.lower() not in endings and not stream:
        mend = _("name it with this ending") if len(endings) == 1 else _("name it with one of them")
        what = _("the file's name does not end in {endings}", endings=" / ".join(endings))
        raise BadInput.at(str(target), what, mend)
