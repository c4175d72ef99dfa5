"""The personal columns of a workspace's store sealed with its key, and opened again; both stand on the audit trail."""

from __future__ import annotations

from outreach.errors import Conflict
from outreach.keys import make_key
from outreach.messages import _
from outreach.services.office import Office
from outreach.services.trail import record


def seal_workspace(office: Office) -> dict[str, int]:
    """Seal every personal value of the store; the values sealed, by 'table.column'.

    The key is made where there is none. Raises Conflict where the store is sealed already.
    """
    if office.store.sealed:
        raise Conflict.at(_("the store"), _("is sealed already"), _("open it with 'outreach store unseal' first"))
    key = make_key(office.workspace.key_path)
    record(office, "store seal", {})
    return office.store.seal(key)


def unseal_workspace(office: Office) -> dict[str, int]:
    """Write every sealed value plainly again; the values opened, by 'table.column'.

    Raises Conflict where the store is not sealed.
    """
    if not office.store.sealed:
        raise Conflict.at(_("the store"), _("is not sealed"), _("seal it with 'outreach store seal'"))
    record(office, "store unseal", {})
    return office.store.unseal()
