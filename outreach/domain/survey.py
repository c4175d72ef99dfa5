"""A coverage survey: households asked again whether what the record says of them is so, and what follows of it.

Of each lot (an officer's or a community's households) a few are drawn; see planning/sample.py for the design. The first
`size` lines that could be asked decide, in the order drawn; lines behind them are a reserve for those nobody could ask.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.interval import CONFIDENCE, Interval, wilson_share


class Answer(StrEnum):
    """What a household said when it was asked again."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    NOT_MET = "not_met"
    REFUSED = "refused"

    def label(self, language: str) -> str:
        """The answer in words, language 'zh' or 'en'."""
        return _ANSWERS[self][0 if language == "zh" else 1]

    @property
    def conclusive(self) -> bool:
        """Whether it says anything of the record."""
        return self in (Answer.CONFIRMED, Answer.DENIED)


_ANSWERS = {
    Answer.CONFIRMED: ("属实", "confirmed"),
    Answer.DENIED: ("不属实", "not so"),
    Answer.NOT_MET: ("未联系上", "not met"),
    Answer.REFUSED: ("不愿答", "would not say"),
}


@dataclass(frozen=True, slots=True)
class SurveyAnswer:
    """One answer to one line of a survey; a fact, never changed. corrects: the answer it replaces, or ''."""

    id: str
    survey: int
    line: int
    at: dt.datetime
    by: str
    answer: Answer
    note: str = ""
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot of a survey and its decision rule.

    households: in the lot. size: to be asked. pass_from: confirmed answers at which it passes. fail_good, pass_poor:
    the two risks of the rule. times: how often a draw of clusters took it; 1 where every lot is in.
    """

    name: str
    households: int
    size: int
    pass_from: int
    fail_good: float
    pass_poor: float
    times: int = 1


class Verdict(StrEnum):
    """What the answers allow to be said of a lot."""

    PASSES = "passes"
    DOES_NOT = "does_not_pass"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class LotResult:
    """A lot's answers. asked: those that decide, at most `lot.size`; unasked: lines nobody could ask so far."""

    lot: Lot
    asked: int
    confirmed: int
    unasked: int
    verdict: Verdict
    share: Interval | None


def in_force(answers: Iterable[SurveyAnswer]) -> list[SurveyAnswer]:
    """The answers no other one corrects."""
    known = {one.id: one for one in answers}
    corrected = {one.corrects for one in known.values()}
    return [one for key, one in known.items() if key not in corrected]


def judge(lot: Lot, answers: Sequence[Answer | None]) -> LotResult:
    """What the answers say, in the order of the lot's lines, None where there is none yet.

    A lot passes as soon as enough have confirmed, and does not as soon as the lines still to be asked cannot make up
    for those who denied; before that it is open. Either way it is the verdict of the full sample.
    """
    told = [one for one in answers if one is not None and one.conclusive][: lot.size]
    confirmed = told.count(Answer.CONFIRMED)
    if confirmed >= lot.pass_from:
        verdict = Verdict.PASSES
    elif len(told) - confirmed > lot.size - lot.pass_from:
        verdict = Verdict.DOES_NOT
    else:
        verdict = Verdict.OPEN
    unasked = sum(one is not None and not one.conclusive for one in answers)
    spread = _unknown_part(len(told), lot.households) / len(told) if told else 0.0
    share = wilson_share(confirmed / len(told), _effective(spread)) if told else None
    return LotResult(lot, len(told), confirmed, unasked, verdict, share)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share that would confirm, over all lots with an answer.

    effective: answers of a plain draw that would tell as much. without: lots nobody has answered in yet; the share does
    not speak for them.
    """

    share: Interval
    asked: int
    effective: float
    without: tuple[str, ...]


def estimate(
    results: Iterable[LotResult], *, clusters: bool = False, confidence: float = CONFIDENCE
) -> Estimate | None:
    """The share over lots weighted by their households; None without an answer.

    clusters: the lots were drawn in proportion to their sizes, so each counts as often as it was drawn, and they speak
    for lots that were not. The interval is Wilson's with the effective number of answers (E. L. Korn and B. I.
    Graubard, Survey Methodology 24 (1998) 193-201): 1 over the sum of squared weights by answers (L. Kish, Survey
    Sampling, 1965, 11.7), less where the spread within lots, or between clusters, shows that the answers tell less. The
    part of a lot that was asked is known and has no spread.
    """
    every = list(results)
    told = [one for one in every if one.asked]
    if not told:
        return None
    total = sum(_weight(one.lot, clusters) for one in told)
    weights = [_weight(one.lot, clusters) / total for one in told]
    shares = [one.confirmed / one.asked for one in told]
    unknown = [1.0 if clusters else _unknown_part(one.asked, one.lot.households) for one in told]
    # Weights add up to 1 but for a rounding, which must not carry the share beyond it.
    share = min(1.0, sum(weight * of for weight, of in zip(weights, shares, strict=True)))
    spread = sum(weight**2 * part / one.asked for weight, part, one in zip(weights, unknown, told, strict=True))
    if 0 < share < 1:
        if clusters:
            seen = _between([one.lot.times for one in told], shares, share)
        else:
            seen = sum(
                weight**2 * part * of * (1 - of) / max(one.asked - 1, 1)
                for weight, part, of, one in zip(weights, unknown, shares, told, strict=True)
            )
        spread = max(spread, seen / (share * (1 - share)))
    return Estimate(
        wilson_share(share, _effective(spread), confidence),
        sum(one.asked for one in told),
        _effective(spread),
        tuple(one.lot.name for one in every if not one.asked),
    )


def _weight(lot: Lot, clusters: bool) -> int:
    return lot.times if clusters else lot.households


def _unknown_part(asked: int, households: int) -> float:
    """The finite population's correction: what of the lot was not asked."""
    return (households - asked) / (households - 1) if households > 1 else 0.0


def _effective(spread: float) -> float:
    return 1 / spread if spread > 0 else math.inf


def _between(times: Sequence[int], shares: Sequence[float], mean: float) -> float:
    """The variance of the mean of clusters drawn with replacement in proportion to size (Hansen and Hurwitz)."""
    drawn = sum(times)
    if drawn < 2:
        return 0.0
    squares = sum(time * (share - mean) ** 2 for time, share in zip(times, shares, strict=True))
    return squares / (drawn * (drawn - 1))
