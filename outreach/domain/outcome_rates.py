"""Rates of contact, cooperation and completion by their published definitions, so that campaigns can be compared.

Source: American Association for Public Opinion Research, Standard Definitions: final dispositions of in-person
household surveys and, for calls, of telephone surveys, and the rates RR1, RR2, COOP1, REF1 and CON1. A completed
interview is here a household to whom everything was explained (1.1); a partial one, a household reached with less
(1.2): a card put into their hand.

Of calls: a line that was busy or rang in vain (3.1) leaves open whether anybody eligible is behind it. A telephone
survey counts a fax or a dead number (4.2 to 4.6) as not eligible, since it draws numbers; here households were drawn,
and a dead number says nothing of them: their eligibility stays unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.contact import Attempt, holds_of_all, in_force


class Final(StrEnum):
    """The final outcome of a household, with the letters AAPOR has for it."""

    COMPLETE = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    OTHER = "O"
    NON_CONTACT = "NC"
    UNKNOWN = "U"
    NOT_ELIGIBLE = "NE"


_BY_CODE = (
    ("1.1", Final.COMPLETE), ("1", Final.PARTIAL), ("2.1", Final.REFUSAL), ("2.3", Final.OTHER),
    ("2", Final.NON_CONTACT), ("3", Final.UNKNOWN), ("4", Final.NOT_ELIGIBLE),
)  # fmt: skip


def outcome_of(attempt: Attempt) -> Final:
    """What one attempt alone would come to."""
    outcome = attempt.disposition
    code = outcome.aapor_on(attempt.channel)
    found = next(final for prefix, final in _BY_CODE if code.startswith(prefix))
    if found is Final.NOT_ELIGIBLE and not outcome.gone:
        return Final.UNKNOWN
    # 2.21 and 2.25 are non-contacts by their numbers, but a relative answered.
    return Final.OTHER if found is Final.NON_CONTACT and outcome.contact else found


def final_outcome(attempts: Iterable[Attempt], persons: int) -> Final:
    """The final outcome of one household, from its attempts in any order; a corrected one counts no longer.

    What was once complete or partial stays so. Else the household left scope if the last word says so, of all of it or
    of each of its `persons`; else a refusal, then any other contact, then a try that met nobody. A household nobody
    tried is of unknown eligibility.
    """
    tries = sorted(in_force(attempts), key=lambda one: (one.at, one.id))
    outcomes = [outcome_of(one) for one in tries]
    for final in (Final.COMPLETE, Final.PARTIAL):
        if final in outcomes:
            return final
    told = (
        (one.person, final is Final.NOT_ELIGIBLE)
        for one, final in zip(tries, outcomes, strict=True)
        if final is not Final.UNKNOWN
    )
    if Final.NOT_ELIGIBLE in outcomes and holds_of_all(told, persons):
        return Final.NOT_ELIGIBLE
    for final in (Final.REFUSAL, Final.OTHER, Final.NON_CONTACT):
        if final in outcomes:
            return final
    return Final.UNKNOWN


@dataclass(frozen=True, slots=True)
class OutcomeRates:
    """How many households came to each outcome, and the rates; None where nobody is under the line.

    response: RR2, complete and partial of all who may be eligible. completion: RR1, complete alone. cooperation: COOP1,
    complete of those who were met. contact: CON1, met of all who may be eligible. refusal: REF1. Households of unknown
    eligibility count as eligible (the lowest, most careful rates); those found out of scope leave every denominator.
    """

    counts: dict[Final, int]
    response: float | None
    completion: float | None
    cooperation: float | None
    contact: float | None
    refusal: float | None

    @property
    def eligible(self) -> int:
        """Households that are, or may be, in scope."""
        return sum(count for final, count in self.counts.items() if final is not Final.NOT_ELIGIBLE)


def outcome_rates(finals: Iterable[Final]) -> OutcomeRates:
    """The rates over many households' final outcomes."""
    counted = Counter(finals)
    counts = {final: counted[final] for final in Final}
    complete, partial, refused, other = (counts[final] for final in list(Final)[:4])
    met = complete + partial + refused + other
    every = met + counts[Final.NON_CONTACT] + counts[Final.UNKNOWN]

    def rate(part: int, whole: int) -> float | None:
        return part / whole if whole else None

    return OutcomeRates(
        counts,
        response=rate(complete + partial, every),
        completion=rate(complete, every),
        cooperation=rate(complete, met),
        contact=rate(met, every),
        refusal=rate(refused, every),
    )
