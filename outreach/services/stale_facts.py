"""Which facts of a printed piece are no longer true, judged by the same piece of today or by who is in charge today."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from outreach.domain.campaign import Campaign
from outreach.domain.people import Officer
from outreach.services.booths import BoothLines
from outreach.services.pieces import PieceSpec
from outreach.services.printed import known_facts
from outreach.store.runs import PrintedFact


@dataclass(frozen=True, slots=True)
class StaleFact:
    """A printed fact that is no longer true. present: what would be printed today, '' where nothing would."""

    fact: PrintedFact
    present: str


@dataclass(frozen=True, slots=True)
class PresentPiece:
    """A piece as it would be today. dated: for the same date as the paper, so that dates and amounts compare."""

    piece: PieceSpec
    facts: frozenset[PrintedFact]
    dated: bool


def compared(held: Iterable[PrintedFact], now: PresentPiece | None) -> tuple[StaleFact, ...]:
    """What a piece carries that it would not carry today; everything where it would not be made at all."""
    if now is None:
        return tuple(StaleFact(fact, "") for fact in held)
    held = list(held)
    lost = [fact for fact in held if fact not in now.facts]
    if not lost:
        return ()
    booths = BoothLines(held, now.facts)
    values = {(fact.kind, fact.subject): fact.value for fact in now.facts}
    found = []
    for fact in lost:
        if fact.kind == "booth":
            if not booths.is_true(fact):
                found.append(StaleFact(fact, booths.present(fact)))
            continue
        present = values.get((fact.kind, fact.subject), "")
        if fact.kind == "amount" and (not present or not now.dated):
            # The months or years it speaks of are others now: it was right for its day.
            continue
        if fact.kind == "date" and not now.dated:
            continue
        found.append(StaleFact(fact, present or _successor(fact, now.facts)))
    return tuple(found)


def of_those_in_charge(
    held: Iterable[PrintedFact], campaign: Campaign, in_charge: Collection[Officer], language: str
) -> tuple[StaleFact, ...]:
    """The stale among the facts of officers and the bureau, where the piece itself cannot be made today.

    in_charge: the officers whose names and phones may be printed; where there is one, they stand in the place of
    whoever is none of them.
    """
    known = known_facts(campaign, in_charge, language)
    true = {fact for facts in known.phones.values() for fact in facts} | set(known.words.values())
    true |= {PrintedFact("officer", f"{one.code} name", one.name) for one in in_charge}
    values = {(fact.kind, fact.subject): fact.value for fact in true}
    return tuple(
        StaleFact(fact, values.get((fact.kind, fact.subject), "") or _successor(fact, true))
        for fact in held
        if (fact.kind in ("officer", "phone") or fact.subject.startswith("bureau ")) and fact not in true
    )


def for_one_of_several(
    held: Collection[PrintedFact],
    now: PresentPiece,
    campaign: Campaign,
    officers: Collection[Officer],
    language: str,
) -> tuple[StaleFact, ...]:
    """As `compared`, for an officer to whom the other officers of the same piece are hidden.

    Of officers a fact is stale where nobody who holds a post has it: whether a colleague is still named there cannot
    be seen.
    """
    own = tuple(one for one in compared(held, now) if not _is_of_officer(one.fact))
    return own + of_those_in_charge(filter(_is_of_officer, held), campaign, officers, language)


def _is_of_officer(fact: PrintedFact) -> bool:
    return fact.kind in ("phone", "officer") and not fact.subject.startswith("bureau ")


def _successor(fact: PrintedFact, facts: Collection[PrintedFact]) -> str:
    """What stands in the place of a fact of another officer: the same of the only one there is today."""
    if fact.kind not in ("phone", "officer"):
        return ""
    leaf = fact.subject.rpartition(" ")[2]
    same = [one for one in facts if one.kind == fact.kind and one.subject.rpartition(" ")[2] == leaf]
    return same[0].value if len(same) == 1 else ""
