"""What the scripts that draw the shipped Word layouts share."""

from __future__ import annotations

import io
import zipfile
from typing import Any


def fixed_bytes(document: Any) -> bytes:
    """The python-docx `document` as a file whose zip has one order and one time, so that drawing repeats."""
    whole, tidy = io.BytesIO(), io.BytesIO()
    document.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tidy, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 0, 0
            target.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED, 9)
    return tidy.getvalue()
