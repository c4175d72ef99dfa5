"""The personal columns of a workspace's store sealed with its key, and opened again; both stand on the audit trail."""

from __future__ import annotations

from collections.abc import Callable

from outreach.errors import Conflict
from outreach.keys import make_key
from outreach.messages import _
from outreach.services.office import Office
from outreach.services.trail import append, note_head
from outreach.store.trail import Entry
from outreach.store.unit import Unit


def seal_workspace(office: Office) -> dict[str, int]:
    """Seal every personal value of the store; the values sealed, by 'table.column'.

    The key is made where there is none. A sealing that was stopped before the file was written anew is finished: then
    no value was left to seal. Raises Conflict where the store is sealed already, StoreFault where the disk is full.
    """
    if office.store.sealed:
        if office.store.sweep():
            return {}
        raise Conflict.at(_("the store"), _("is sealed already"), _("open it with 'outreach store unseal' first"))
    key = make_key(office.workspace.key_path)
    return _on_the_trail(office, "store seal", lambda also: office.store.seal(key, also))


def unseal_workspace(office: Office) -> dict[str, int]:
    """Write every sealed value plainly again; the values opened, by 'table.column'.

    Raises Conflict where the store is not sealed.
    """
    if not office.store.sealed:
        raise Conflict.at(_("the store"), _("is not sealed"), _("seal it with 'outreach store seal'"))
    return _on_the_trail(office, "store unseal", office.store.unseal)


def _on_the_trail(
    office: Office, action: str, rewrite: Callable[[Callable[[Unit], None]], dict[str, int]]
) -> dict[str, int]:
    """Rewrite the store and append to its trail in one transaction."""
    entries: list[Entry] = []
    try:
        return rewrite(lambda unit: entries.append(append(office, unit, action, {})))
    finally:
        # Where the rewriting failed the entry is not in the store, and the head must not be ahead of it.
        if entries and office.store.sealed == (action == "store seal"):
            note_head(office, entries[0])
