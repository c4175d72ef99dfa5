"""Corrected addresses: what came back from a door, and where its people are said to live now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from outreach.domain.people import Address
from outreach.domain.pieces import ReturnReason

ADDRESS_REASONS = frozenset({ReturnReason.MOVED, ReturnReason.UNKNOWN, ReturnReason.VACANT})
"""Why a piece comes back when its address may be wrong."""


@dataclass(frozen=True, slots=True)
class AddressProposal:
    """One question about an address; it is open while `decision` is ''.

    old: the address when it was asked. line: the new one as it was written, '' where nobody knows it; new: its parts,
    None where none can be told. source: the code of the piece that came back. decision: '', 'accepted' or 'refused'.
    """

    id: str
    household: str
    old: Address
    line: str
    new: Address | None
    source: str
    note: str
    proposed: dt.datetime
    proposed_by: str = ""
    decision: str = ""
    decided: dt.datetime | None = None
    decided_by: str = ""
