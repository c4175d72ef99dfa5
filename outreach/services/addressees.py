"""To whom what goes to a household is addressed: everybody in it but the dead, and those who wish for none of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from outreach.domain.people import Household
from outreach.domain.suppression import Suppression, barred_persons, nobody_left
from outreach.services.follow_ups import by_household
from outreach.services.office import Office
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Addressees:
    """What stands against addressing anybody by one channel on one day.

    wishes: those not to be contacted, by household. died: who has died, by household, 0 where nobody was named.
    """

    channel: str
    day: dt.date
    wishes: Mapping[str, Sequence[Suppression]]
    died: Mapping[str, frozenset[int]]

    @property
    def homes(self) -> set[str]:
        """The codes of the households against which anything stands."""
        return {*self.wishes, *self.died}

    def dead(self, home: Household) -> frozenset[int]:
        """The numbers of those who have died. Where nobody was named, it is the only person there is."""
        told = self.died.get(home.code, frozenset())
        nameless = 0 in told and len(home.persons) == 1
        return frozenset(one.number for one in home.persons if nameless or one.number in told)

    def silent(self, home: Household) -> frozenset[int]:
        """The numbers of those who are left out: the dead, and those who wish for none of it."""
        numbers = [one.number for one in home.persons]
        return self.dead(home) | barred_persons(self.wishes.get(home.code, ()), home.code, numbers, *self._when)

    def why_not(self, home: Household, person: int = 0) -> str:
        """Why nothing goes to a person, or to the household (0): 'died', 'suppressed', or '' where it does."""
        dead, wishes = self.dead(home), self.wishes.get(home.code, ())
        if person:
            left_out = bool(barred_persons(wishes, home.code, [person], *self._when))
            return "died" if person in dead else "suppressed" if left_out else ""
        living = [one.number for one in home.persons if one.number not in dead]
        if home.persons and not living:
            return "died"
        return "suppressed" if nobody_left(wishes, home.code, living, *self._when) else ""

    def of(self, home: Household) -> Household:
        """The household with those only who are addressed; as it is where nobody would be left."""
        if home.code not in self.wishes and home.code not in self.died:
            return home
        silent = self.silent(home)
        kept = tuple(one for one in home.persons if one.number not in silent)
        return replace(home, persons=kept) if kept and silent else home

    @property
    def _when(self) -> tuple[str, dt.date]:
        return self.channel, self.day


def addressees(office: Office, channel: str, day: dt.date) -> Addressees:
    """What stands against anybody in the store."""
    with office.store.read() as unit:
        return addressees_of(unit, channel, day, unit.suppressions.all(office.workspace.zone))


def addressees_of(unit: Unit, channel: str, day: dt.date, wishes: Iterable[Suppression]) -> Addressees:
    """The same of an open unit, and of `wishes` that were read."""
    died: dict[str, set[int]] = defaultdict(set)
    for code, person in unit.facts.died():
        died[code].add(person)
    return Addressees(channel, day, by_household(wishes), {code: frozenset(numbers) for code, numbers in died.items()})
