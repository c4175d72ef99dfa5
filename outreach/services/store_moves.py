"""The workspace's store copied to another address, and the workspace told to use it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from outreach.config import SETTINGS_NAME, Workspace
from outreach.errors import Conflict
from outreach.messages import _
from outreach.services.office import Progress, no_progress, write_whole
from outreach.store.copying import TableSum
from outreach.store.moving import Copied, copy_store, file_of, move_store, shown_address

_URL_LINE = re.compile(r"""^[ \t]*url[ \t]*=[ \t]*("[^"\n]*"|'[^'\n]*')[ \t]*(#.*)?$""", re.MULTILINE)
_SECTION = re.compile(r"^\s*\[store\]\s*(?:#.*)?$", re.MULTILINE)
_ANY_SECTION = re.compile(r"^\s*\[", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Move:
    """A store that was copied. source, target: addresses without passwords. switched: the workspace uses it now.

    tables: the rows of each and their sum, the same on both sides.
    """

    source: str
    target: str
    switched: bool
    rows: int
    tables: tuple[TableSum, ...]


def copy_workspace_store(
    workspace: Workspace, target: str, *, switch: bool = False, progress: Progress = no_progress
) -> Move:
    """Copy the store to `target`, an empty database or a new file; a relative path counts from the workspace.

    switch: hold everybody else off, write the new address into outreach.toml, and let the old store open no more.
    Raises Conflict where the target holds something or somebody works in the store, StoreFault where a sum differs.
    """
    source, wanted = workspace.store_url, workspace.address_of(target)
    settings = _with_address(workspace, target) if switch else ""
    if switch:

        def taken(_copied: Copied) -> None:
            write_whole(workspace.root / SETTINGS_NAME, settings.encode())

        copied = move_store(source, wanted, taken, progress)
    else:
        copied = copy_store(source, wanted, progress)
    here = file_of(source)
    return Move(str(here or shown_address(source)), copied.address, switch, copied.rows, copied.sums)


def _with_address(workspace: Workspace, url: str) -> str:
    """The settings with another store.url and nothing else changed; raises Conflict where a person must do it."""
    path = workspace.root / SETTINGS_NAME
    old = path.read_text("utf-8-sig")
    line = f'url = "{_escaped(url)}"'
    section = _SECTION.search(old)
    if section is None:
        new = f"{old.rstrip()}\n\n[store]\n{line}\n"
    else:
        following = _ANY_SECTION.search(old, section.end())
        end = following.start() if following else len(old)
        body, count = _URL_LINE.subn(lambda _found: line, old[section.end() : end], count=1)
        new = old[: section.end()] + (body if count else f"\n{line}{body}") + old[end:]
    expected = tomllib.loads(old)
    expected["store"] = expected.get("store", {}) | {"url": url}
    try:
        same = tomllib.loads(new) == expected
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise Conflict.at(
            str(path),
            _("store.url is written in a way outreach does not change"),
            _('copy without --switch, then write url = "{url}" under [store] yourself', url=shown_address(url)),
        )
    return new


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
