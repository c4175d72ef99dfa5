"""Fields of rosters and their values in the words people use for them."""

from __future__ import annotations

import re

from outreach.domain.people import Difficulty, Relation, Sex, skill_label
from outreach.intake.headings import Kind, accepted
from outreach.messages import _

SEXES = {"zh": {Sex.MALE: "男", Sex.FEMALE: "女"}, "en": {Sex.MALE: "male", Sex.FEMALE: "female"}}
YES_OR_NO = {"zh": ("否", "是"), "en": ("no", "yes")}

_PERSON = re.compile(r"persons\[(\d+)\]\.(\w+)")
_PLAIN = {"most": "most households", "share": "share of a post"}  # in English the first heading says too little


def heading_of(kind: Kind, field: str, language: str) -> str:
    """The first heading the importer knows for a field, in `language`; the field's own name where it knows none."""
    try:
        headings = accepted(kind, field)
    except KeyError:
        return field
    if language == "zh":
        return headings[0]
    first = next(heading for heading in headings if heading.isascii())
    return first[0].upper() + first[1:].replace("id ", "ID ")


def field_words(roster: str, path: str, language: str) -> str:
    """The field of a change, such as 'share', 'address.room' or 'persons[2].mobile', as a heading.

    roster: 'households' or 'officers'.
    """
    kind = Kind(roster)
    if person := _PERSON.fullmatch(path):
        number, field = person[1], heading_of(kind, person[2], language)
        return _("person {number}: {field}", number=number, field=field)
    field = path.removeprefix("address.")
    if language == "en" and field in _PLAIN:
        return _PLAIN[field].capitalize()
    return heading_of(kind, field, language)


def value_words(path: str, value: str, language: str) -> str:
    """A value of a change, as the store has it, in the words of a roster."""
    field = path.rpartition(".")[2]
    if not value:
        return ""
    if field == "difficulty":
        return Difficulty(value).label(language)
    if field == "relation":
        return Relation(value).label(language)
    if field == "sex":
        return SEXES[language].get(Sex(value), "")
    if field in ("migrant", "works"):
        return YES_OR_NO[language][value == "True"]
    if field == "share":
        return f"{value} %"
    if field in ("skills", "languages"):
        words = [skill_label(word, language) if field == "skills" else word for word in value.split("、")]
        return ("、" if language == "zh" else ", ").join(words)
    return value
