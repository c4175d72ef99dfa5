"""What is said of a household's code that nobody is listed under: that there is none, or what it was merged into."""

from __future__ import annotations

from outreach.errors import Fault, NotFound
from outreach.messages import _
from outreach.store.unit import Unit


def unlisted(unit: Unit, code: str) -> Fault:
    """Why no household is listed under `code`, and which code to use."""
    into = unit.merges.kept_codes().get(code)
    if into:
        return Fault(code, _("is merged into {kept}", kept=into), _("use {kept}", kept=into))
    return Fault(code, _("there is no such household"), _("see 'outreach household list'"))


def not_listed(unit: Unit, code: str) -> NotFound:
    """The same, to be raised."""
    return NotFound(unlisted(unit, code))
