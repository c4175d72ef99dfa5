"""How a letter addresses a household: both spouses of a couple, or the one person."""

from __future__ import annotations

from outreach.domain.people import Household, Person, Relation, Sex

_HONOURED_ZH = {Sex.MALE: "先生", Sex.FEMALE: "女士", Sex.UNKNOWN: "同志"}
_HONOURED_EN = {Sex.MALE: "Mr ", Sex.FEMALE: "Ms ", Sex.UNKNOWN: ""}

# Children and parents in the household are not written to; their own letters go to their own households.
_ADDRESSED = (Relation.SELF, Relation.SPOUSE, Relation.OTHER)


def honoured(person: Person, language: str) -> str:
    """The name with its form of address: '方晨先生' or 'Mr 方晨'; 同志 where the sex is unknown."""
    if language == "zh":
        return person.name + _HONOURED_ZH[person.sex]
    return _HONOURED_EN[person.sex] + person.name


def greeting(household: Household, language: str) -> str:
    """'方晨先生、林悦女士' for a couple, '方晨先生' for one person; English joins with 'and'.

    A household of whom nobody is addressed by rule (only children, say) is addressed by its first person.
    """
    addressed = [person for person in household.persons if person.relation in _ADDRESSED] or household.persons[:1]
    names = [honoured(person, language) for person in addressed]
    if language == "zh":
        return "、".join(names)
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
