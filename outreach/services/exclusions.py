"""Households that an officer is not to have: kin, quarrels, former bosses. Recorded, taken back, listed."""

from __future__ import annotations

from dataclasses import replace

from outreach.errors import BadInput, Conflict, NotFound
from outreach.messages import _
from outreach.services.absences import officer_code
from outreach.services.household_codes import not_listed
from outreach.services.office import Office
from outreach.store.exclusions import Exclusion
from outreach.store.unit import Unit


def exclude(office: Office, household: str, officer: str, *, reason: str) -> Exclusion:
    """Record that an officer (by staff number or post) is not to have a household; the next assignment keeps to it.

    Raises NotFound for an unknown household or officer, BadInput without a reason, Conflict where it is recorded
    already or where no officer with a post would be left for the household. Nothing is written then.
    """
    now = office.now()
    if not reason.strip():
        raise BadInput.at("--reason", _("is empty"), _("say why the officer is not to have the household"))
    with office.store.write() as unit:
        ids = unit.rosters.household_ids()
        officer = _known(unit, ids, household, officer)
        barred = {one.officer for one in unit.exclusions.all(office.workspace.zone) if one.household == household}
        if officer in barred:
            raise Conflict.at(
                household,
                _("officer {officer} is excluded already", officer=officer),
                _("see 'outreach household exclusions'"),
            )
        serving = {one.code for one in unit.rosters.officers().values() if one.share > 0}
        if officer in serving and not serving - barred - {officer}:
            raise Conflict.at(
                household,
                _("no officer would be left for it"),
                _("lift another exclusion first, see 'outreach household exclusions'"),
            )
        one = Exclusion(office.new_id(), household, officer, reason.strip(), now)
        unit.exclusions.add(one, ids[household])
    return one


def lift_exclusion(office: Office, household: str, officer: str) -> Exclusion:
    """Take an exclusion back; its row stays, with the time. Raises NotFound where there is none in force."""
    now = office.now()
    with office.store.write() as unit:
        officer = _known(unit, unit.rosters.household_ids(), household, officer)
        found = [
            one
            for one in unit.exclusions.all(office.workspace.zone)
            if (one.household, one.officer) == (household, officer)
        ]
        if not found:
            raise NotFound.at(
                household,
                _("officer {officer} is not excluded from it", officer=officer),
                _("see 'outreach household exclusions'"),
            )
        unit.exclusions.lift(found[0].id, now)
    return replace(found[0], lifted=now)


def list_exclusions(office: Office, *, lifted: bool = False) -> list[Exclusion]:
    """Every exclusion in force, in the order they were recorded; lifted: those taken back as well."""
    with office.store.read() as unit:
        return unit.exclusions.all(office.workspace.zone, lifted=lifted)


def _known(unit: Unit, ids: dict[str, int], household: str, officer: str) -> str:
    """The staff code of an officer named by it or by the post held; raises NotFound, for the household too."""
    if household not in ids:
        raise not_listed(unit, household)
    return officer_code(unit, officer)
