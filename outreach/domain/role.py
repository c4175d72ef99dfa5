"""Roles of the people who work in one workspace, and the users who have them."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from outreach.messages import _


class Role(enum.StrEnum):
    """What somebody is to the bureau; what each may do stands in services/permissions.py."""

    PUBLICITY = "publicity"
    PLANNER = "planner"
    OFFICER = "officer"
    MANAGER = "manager"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The role in the language of the messages."""
        labels = {
            Role.PUBLICITY: _("publicity"),
            Role.PLANNER: _("planner"),
            Role.OFFICER: _("officer"),
            Role.MANAGER: _("manager"),
            Role.AUDITOR: _("auditor"),
        }
        return labels[self]


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may use the workspace, by the login they come with.

    officer: the code of the officer they are, '' for others. secret: the digest of their passphrase, '' for those the
    operating system vouches for. starts, ends: from when to when they may (ends None: still).
    """

    login: str
    name: str
    role: Role
    starts: dt.datetime
    officer: str = ""
    secret: str = ""
    ends: dt.datetime | None = None
