"""What makes two records look like one person's, in words: a short phrase a feature, phones and ID numbers masked."""

from __future__ import annotations

from collections.abc import Iterable

from outreach.domain.directory import masked_id, masked_phone
from outreach.messages import _
from outreach.planning.matching import Evidence


def evidence_words(evidence: Iterable[Evidence], *, unmask: bool = False) -> tuple[str, ...]:
    """A phrase for each feature, in the order given; values of phones and IDs masked unless `unmask`."""
    return tuple(_phrase(one, unmask) for one in evidence)


def _phrase(one: Evidence, unmask: bool) -> str:
    ours, theirs = one.ours, one.theirs
    if not unmask and one.feature in ("id", "phone"):
        mask = masked_id if one.feature == "id" else masked_phone
        ours, theirs = (mask(value) if value else "" for value in (ours, theirs))
    facts = {"ours": ours, "theirs": theirs}
    match one.feature, one.level:
        case "name", "same":
            if ours == theirs:
                return _("the same name {ours}", ours=ours)
            return _("the same name, written otherwise: {ours}, {theirs}", **facts)
        case "name", "pinyin":
            return _("names read alike in Latin letters: {ours}, {theirs}", **facts)
        case "name", "sound":
            return _("names read alike: {ours}, {theirs}", **facts)
        case "name", "near":
            return _("names sound alike in Hubei: {ours}, {theirs}", **facts)
        case "name", "sign":
            return _("names differ in one sign: {ours}, {theirs}", **facts)
        case "name", "surname":
            return _("only the surname is alike: {ours}, {theirs}", **facts)
        case "name", _other:
            return _("other names: {ours}, {theirs}", **facts)
        case "id", "same":
            return _("the same ID number {ours}", ours=ours)
        case "id", "digit":
            return _("ID numbers differ in one sign, and one of them is wrong: {ours}, {theirs}", **facts)
        case "id", "doubtful":
            return _("other ID numbers, at least one of them wrong: {ours}, {theirs}", **facts)
        case "id", "birth":
            return _("two ID numbers of one day of birth: {ours}, {theirs}", **facts)
        case "id", _other:
            return _("other ID numbers: {ours}, {theirs}", **facts)
        case "phone", "same":
            return _("the same phone {ours}", ours=ours)
        case "phone", "home":
            return _("a phone of the same household {ours}", ours=ours)
        case "phone", "digit":
            return _("phones differ in one digit: {ours}, {theirs}", **facts)
        case "phone", _other:
            return _("other phones: {ours}, {theirs}", **facts)
        case "address", "door":
            return _("the same door: {ours}", ours=ours) if ours == theirs else _("one door: {ours}, {theirs}", **facts)
        case "address", "building":
            return _("the same building: {ours}, {theirs}", **facts)
        case "address", "compound":
            return _("the same compound: {ours}, {theirs}", **facts)
        case "address", _other:
            return _("other addresses: {ours}, {theirs}", **facts)
        case "born", "same":
            return _("born on the same day {ours}", ours=ours)
        case "born", "misprint":
            return _("days of birth differ in one digit: {ours}, {theirs}", **facts)
        case "born", "year":
            return _("born in the same year: {ours}, {theirs}", **facts)
        case "born", _other:
            return _("other days of birth: {ours}, {theirs}", **facts)
        case "sex", "same":
            return _("the same sex")
        case _:
            return _("the other sex")
