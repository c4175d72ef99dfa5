"""Wishes not to be contacted: recorded, taken back, listed. Whoever gathers pieces asks for those in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from outreach.channels import channels
from outreach.domain.suppression import Suppression
from outreach.errors import BadInput, Conflict, Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.render.manifest import MaterialKind
from outreach.services.addressees import addressees
from outreach.services.household_codes import not_listed
from outreach.services.office import Office
from outreach.services.pieces import PieceSpec
from outreach.store.unit import Unit


def suppress(
    office: Office,
    household: str,
    *,
    reason: str,
    person: int = 0,
    channel: str = "",
    starts: dt.date | None = None,
    until: dt.date | None = None,
) -> Suppression:
    """Record that a household (person 0) or one person is not to be contacted; returns it.

    channel: '' is every channel. starts: today where None. until: the last day, None for good. A wish that stands
    already for the same reason is not recorded again. Raises NotFound for an unknown household, BadInput for an unknown
    person or channel, no reason, or days in the wrong order.
    """
    now = office.now()
    starts = starts or now.date()
    with office.store.write() as unit:
        ids = unit.rosters.household_ids()
        if household not in ids:
            raise not_listed(unit, household)
        home = unit.rosters.households([household])[household]
        faults = []
        if person and person not in {one.number for one in home.persons}:
            faults.append(
                Fault(
                    household,
                    _("has no person number {number}", number=person),
                    _("see 'outreach household show {code}'", code=household),
                )
            )
        if channel and channel not in channels():
            faults.append(
                Fault(channel, _("there is no such channel"), _("choose one of {names}", names=", ".join(channels())))
            )
        if not reason.strip():
            faults.append(Fault("--reason", _("is empty"), _("say who asked for it and why")))
        if until is not None and until < starts:
            faults.append(
                Fault(
                    "--until",
                    _("{ends} is before the start {starts}", ends=until, starts=starts),
                    _("write a later day"),
                )
            )
        refuse_if_any(faults, BadInput)
        one = Suppression(office.new_id(), household, person, channel, starts, until, reason.strip(), now)
        for other in unit.suppressions.all(office.workspace.zone, of=[household]):
            if other.starts <= starts and replace(other, id=one.id, starts=starts, recorded=now) == one:
                return other
        unit.suppressions.add(one, ids[household])
    return one


def lift(office: Office, suppression_id: str) -> Suppression:
    """Take a suppression back; its row stays, with the time.

    Raises NotFound, and Conflict where it is lifted already.
    """
    now = office.now()
    with office.store.write() as unit:
        known = {one.id: one for one in unit.suppressions.all(office.workspace.zone, lifted=True)}
        if suppression_id not in known:
            raise NotFound.at(
                suppression_id, _("there is no such suppression"), _("see 'outreach household suppressions'")
            )
        if not unit.suppressions.lift(suppression_id, now):
            raise Conflict.at(suppression_id, _("is lifted already"), _("record a new one if it is wanted again"))
    return replace(known[suppression_id], lifted=now)


def still_standing(office: Office, household: str) -> list[Suppression]:
    """The wishes of a household, or of anybody in it, that are in force today or will be, in order of recording."""
    today = office.now().date()
    with office.store.read() as unit:
        found = unit.suppressions.all(office.workspace.zone, of=[household])
    return [one for one in found if one.until is None or today <= one.until]


def list_suppressions(office: Office, *, lifted: bool = False) -> list[Suppression]:
    """Every suppression that stands, in the order they were recorded; lifted: those taken back as well."""
    with office.store.read() as unit:
        return unit.suppressions.all(office.workspace.zone, lifted=lifted)


@dataclass(frozen=True, slots=True)
class Wished:
    """The pieces that may be made, and how many were left out: for a wish not to be contacted, for a hold-out, and
    because whoever they were for has died. others: persons left out of pieces that go to the others of the household.
    """

    pieces: list[PieceSpec]
    suppressed: int
    held: int = 0
    died: int = 0
    others: int = 0


def leave_out(office: Office, campaign: str, kind: MaterialKind, pieces: list[PieceSpec], day: dt.date) -> Wished:
    """The pieces but those for households and persons who do not want the kind's channel on `day`.

    A piece for a household is left out where the household, or everybody in it, does not want it or has died (whoever
    is left has it for themselves: `gathering`), one for a person where that person does not; so are households and
    whole doors of a hold-out of the campaign. What is for nobody in particular, a door's notice or a station's script,
    is made else; what lists left out by themselves is counted.
    """
    asked = addressees(office, kind.channel or kind.kind, day)
    with office.store.read() as unit:
        concerned = asked.homes & {piece.household for piece in pieces}
        homes = unit.rosters.households(concerned) if concerned else {}
        why = [
            asked.why_not(homes[piece.household], piece.person) if piece.household in homes else "" for piece in pieces
        ]
        kept = [piece for piece, reason in zip(pieces, why, strict=True) if not reason]
        others = sum(
            len(asked.silent(homes[piece.household])) for piece in kept if piece.household in homes and not piece.person
        )
        held = unit.hold_outs.held_on(campaign, day)
        doors = _held_doors(unit, held) if held else frozenset()
    open_ = [piece for piece in kept if piece.household not in held and piece.entrance not in doors]
    doors_left_out = sum(piece.held for piece in open_)
    return Wished(
        open_, why.count("suppressed"), len(kept) - len(open_) + doors_left_out, died=why.count("died"), others=others
    )


def _held_doors(unit: Unit, held: frozenset[str]) -> frozenset[str]:
    """The doors behind which everybody is held, by the name pieces give them."""
    doors: dict[str, bool] = {}
    for home in unit.rosters.households().values():
        name = " ".join(filter(None, home.address.entrance_key))
        doors[name] = doors.get(name, True) and home.code in held
    return frozenset(name for name, whole in doors.items() if whole)
