"""How letters address a household."""

from __future__ import annotations

import pytest

from outreach.domain.greeting import greeting, honoured
from outreach.domain.people import Address, Household, Person, Relation, Sex

HUSBAND = Person(1, "方晨", Relation.SELF, Sex.MALE)
WIFE = Person(2, "林悦", Relation.SPOUSE, Sex.FEMALE)
CHILD = Person(3, "方小川", Relation.CHILD, Sex.MALE)
PARENT = Person(4, "方老", Relation.PARENT, Sex.MALE)
LODGER = Person(5, "古丽", Relation.OTHER, Sex.UNKNOWN)


def home(*persons: Person) -> Household:
    return Household("H1", Address("社区", "小区", "1"), persons)


@pytest.mark.parametrize(
    ("persons", "zh", "en"),
    [
        ((HUSBAND,), "方晨先生", "Mr 方晨"),
        ((WIFE,), "林悦女士", "Ms 林悦"),
        ((HUSBAND, WIFE), "方晨先生、林悦女士", "Mr 方晨 and Ms 林悦"),
        ((HUSBAND, WIFE, CHILD, PARENT), "方晨先生、林悦女士", "Mr 方晨 and Ms 林悦"),
        ((HUSBAND, WIFE, LODGER), "方晨先生、林悦女士、古丽同志", "Mr 方晨, Ms 林悦 and 古丽"),
        ((CHILD,), "方小川先生", "Mr 方小川"),
        ((PARENT, CHILD), "方老先生", "Mr 方老"),
    ],
)
def test_a_letter_greets_those_it_is_for(persons: tuple[Person, ...], zh: str, en: str) -> None:
    assert greeting(home(*persons), "zh") == zh
    assert greeting(home(*persons), "en") == en


def test_somebody_whose_sex_is_unknown_is_no_sir_and_no_madam() -> None:
    assert honoured(LODGER, "zh") == "古丽同志"
    assert honoured(LODGER, "en") == "古丽"
