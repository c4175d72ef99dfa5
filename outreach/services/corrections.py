"""Corrected addresses: proposed from what came back, looked at side by side, accepted or refused.

What stands on an envelope that came back was written by strangers: it is text, cleaned as every cell of a roster is,
and nothing of it reaches the roster before somebody has accepted it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from outreach.domain.correction import AddressProposal
from outreach.domain.people import Address, Household
from outreach.errors import BadInput, Conflict, NotFound
from outreach.intake.address import Parts, figures_are_clear, floor_of, parse
from outreach.intake.cells import CellFault, clean_text, half_width
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office
from outreach.store.unit import Unit

ACCEPTED, REFUSED = "accepted", "refused"
_LONGEST = 200
_FLOORS = range(-9, 201)
_NUMBERED = re.compile(r"[0-9]|[一二三四五六七八九十百]号")
_BLANKS = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A household at its new address, and what follows for its officer.

    post: who has it, '' where nobody does. near: how many households of each post live in the new entrance, building
    or community, the nearest where anybody lives. where: which of the three. placed: whether its place on the map is
    known. A new address without a community is a door elsewhere, in another street or out of town.
    """

    household: str
    old: Address
    new: Address
    community_changed: bool
    post: str
    where: str
    near: Mapping[str, int]
    placed: bool


def cleaned(field: str, text: str) -> str:
    """A text typed off an envelope, without signs that steer a screen; raises BadInput naming the field."""
    try:
        return clean_text(text, _LONGEST)
    except CellFault as fault:
        raise BadInput.at(field, fault.what, fault.mend) from fault


def address_of(line: str, homes: Iterable[Household], old: Address) -> Address | None:
    """The address a free line tells, None where it tells no door; a street with a number is one, as in a roster.

    Where it names no community, that of the households in the same compound is taken; None where there are several.
    A door elsewhere has none, as in a roster.
    """
    parts = parse(line)
    if not (parts.building or parts.room or _NUMBERED.search(parts.compound)) or not figures_are_clear(line):
        return None
    community = parts.community or _community(parts, homes, old)
    floor = int(parts.floor) if parts.floor.lstrip("-").isdecimal() else floor_of(parts.room)
    if community is None or not (community or parts.compound) or floor not in _FLOORS:
        return None
    return Address(
        community, parts.compound, parts.building, parts.entrance, parts.unit, floor, parts.room
    )  # fmt: skip


def _community(parts: Parts, homes: Iterable[Household], old: Address) -> str | None:
    """The community of the compound, '' where nobody of the roster lives there, None where it may be several."""
    if parts.compound == old.compound:
        return old.community
    found = {home.address.community for home in homes if home.address.compound == parts.compound}
    if len(found) > 1:
        return None
    return found.pop() if found else ""


def written_alike(one: str, other: str) -> bool:
    """Whether two lines are one address but for width, blanks and commas."""
    first, second = (_BLANKS.sub("", half_width(line)).casefold() for line in (one, other))
    return first == second


def list_proposals(office: Office, *, decided: bool = False) -> list[AddressProposal]:
    """Open proposals in the order they were made, without those whose household has another address by now.

    decided: those accepted, refused or overtaken as well.
    """
    with office.store.read() as unit:
        found = unit.corrections.all(office.workspace.zone, decided=decided)
        homes = unit.rosters.households({one.household for one in found})
    return [one for one in found if decided or _stands(one, homes)]


def _stands(one: AddressProposal, homes: Mapping[str, Household]) -> bool:
    home = homes.get(one.household)
    return home is not None and home.address == one.old


def count_returned(office: Office, households: Collection[str]) -> int:
    """From how many of these doors letters came back whose address nobody has corrected or confirmed since."""
    if not households:
        return 0
    with office.store.read() as unit:
        found = unit.corrections.all(office.workspace.zone, households=households)
        homes = unit.rosters.households({one.household for one in found})
    return len({one.household for one in found if _stands(one, homes)})


def accept_proposal(office: Office, campaign_name: str, proposal_id: str, line: str = "") -> Accepted:
    """Give a household the address that was proposed, or the one in `line`; all in one commit.

    Raises NotFound, Conflict for a proposal that is decided or overtaken, BadInput where no door can be told.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.write() as unit:
        one = _open(office, unit, proposal_id)
        homes = unit.rosters.households()
        home = homes.get(one.household)
        if home is None or home.address != one.old:
            raise Conflict.at(
                proposal_id,
                _("household {code} has another address by now", code=one.household),
                _("refuse it; see 'outreach household show {code}'", code=one.household),
            )
        line = cleaned("--address", line)
        new = address_of(line, homes.values(), one.old) if line else one.new
        if new is None:
            raise BadInput.at(
                "--address",
                _("no door can be told from '{value}'", value=line or one.line)
                if line or one.line
                else _("nobody knows the new address"),
                _("write it as {example}, or as a street with its number", example="槐荫社区棉纺小区3栋2单元501室"),
            )
        if new == home.address:
            raise BadInput.at("--address", _("is the address it has already"), _("refuse the proposal instead"))
        others = [other for other in homes.values() if other.code != home.code]
        moved = _moved(home, new, others)
        unit.rosters.change_households([moved])
        unit.corrections.decide(one.id, ACCEPTED, one.note, office.now(), office.actor)
        present = {code: assigned.post for code, assigned in unit.territories.present(campaign.name).items()}
    where, near = _near(new, others, present)
    return Accepted(
        household=home.code,
        old=home.address,
        new=new,
        community_changed=new.community != home.address.community,
        post=present.get(home.code, ""),
        where=where,
        near=near,
        placed=moved.lon is not None,
    )


def _moved(home: Household, new: Address, others: Iterable[Household]) -> Household:
    """The household at its new door. Its place on the map is that of a neighbour there, or unknown."""
    if new.building_key == home.address.building_key:
        return replace(home, address=new)
    neighbour = next(
        (one for one in others if one.address.building_key == new.building_key and one.lon is not None), None
    )
    return replace(
        home, address=new, lon=neighbour.lon if neighbour else None, lat=neighbour.lat if neighbour else None
    )


def _near(new: Address, others: Iterable[Household], present: Mapping[str, str]) -> tuple[str, dict[str, int]]:
    """(which place, households there by post): the smallest place of the new address where anybody is assigned."""
    kept = [one for one in others if present.get(one.code)]
    for where, attribute in (("entrance", "entrance_key"), ("building", "building_key"), ("community", "community")):
        wanted = getattr(new, attribute)
        if not wanted:
            continue  # those without a community live anywhere
        counts = Counter(present[one.code] for one in kept if getattr(one.address, attribute) == wanted)
        if counts:
            return where, dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
    return "", {}


def refuse_proposal(office: Office, proposal_id: str, reason: str) -> AddressProposal:
    """Leave the address as it is; returns the proposal as decided. Raises NotFound, Conflict, BadInput."""
    reason = cleaned("--reason", reason)
    if not reason:
        raise BadInput.at("--reason", _("is empty"), _("say why the address stays"))
    with office.store.write() as unit:
        one = _open(office, unit, proposal_id)
        note = _("{first}; {second}", first=one.note, second=reason) if one.note else reason
        now = office.now()
        unit.corrections.decide(one.id, REFUSED, note, now, office.actor)
    return replace(one, decision=REFUSED, note=note, decided=now, decided_by=office.actor)


def _open(office: Office, unit: Unit, proposal_id: str) -> AddressProposal:
    found = {one.id: one for one in unit.corrections.all(office.workspace.zone, decided=True)}
    one = found.get(proposal_id)
    if one is None:
        raise NotFound.at(proposal_id, _("there is no such proposal"), _("see 'outreach mail proposals'"))
    if one.decision:
        raise Conflict.at(proposal_id, _("is decided already"), _("see 'outreach mail proposals --all'"))
    return one
