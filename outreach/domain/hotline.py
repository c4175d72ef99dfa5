"""The directory of phones and the calls that check it: what a check says, when a number is verified, who answers.

A check that could not tell (the caller hung up, the line broke) is *unverified*. It is counted apart: it neither
verifies a number nor makes it wrong, and no ranking takes it for a fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.interval import Interval, wilson


class PhoneKind(StrEnum):
    """What a number is for."""

    HOTLINE = "hotline"
    COMPLAINT = "complaint"
    DUTY = "duty"
    OFFICE = "office"
    MOBILE = "mobile"
    HOME = "home"
    FAX = "fax"

    def label(self, language: str) -> str:
        """The kind in words, language 'zh' or 'en'."""
        return _KINDS_ZH[self] if language == "zh" else self.value


_KINDS_ZH = {
    PhoneKind.HOTLINE: "咨询电话",
    PhoneKind.COMPLAINT: "投诉电话",
    PhoneKind.DUTY: "值班电话",
    PhoneKind.OFFICE: "办公电话",
    PhoneKind.MOBILE: "手机",
    PhoneKind.HOME: "宅电",
    PhoneKind.FAX: "传真",
}

OFFICER_KINDS = (PhoneKind.MOBILE, PhoneKind.HOME, PhoneKind.OFFICE)
"""The numbers an officer has; they stand on the officer's card."""


class CheckResult(StrEnum):
    """How a check call went."""

    GOOD = "good"
    UNANSWERED = "unanswered"
    WRONG_NUMBER = "wrong_number"
    IMPATIENT = "impatient"
    POLICY_WRONG = "policy_wrong"
    UNVERIFIED = "unverified"

    def label(self, language: str) -> str:
        """The result in words, language 'zh' or 'en'."""
        return _RESULTS[self][0 if language == "zh" else 1]

    @property
    def conclusive(self) -> bool:
        """Whether it says anything of the number or of who answered."""
        return self is not CheckResult.UNVERIFIED

    @property
    def verifies(self) -> bool:
        """Whether the number was found to be right: somebody of the agency answered, well or badly."""
        return self in (CheckResult.GOOD, CheckResult.IMPATIENT, CheckResult.POLICY_WRONG)


_RESULTS = {
    CheckResult.GOOD: ("接听且答对", "answered well"),
    CheckResult.UNANSWERED: ("无人接听", "not answered"),
    CheckResult.WRONG_NUMBER: ("号码错误", "wrong number"),
    CheckResult.IMPATIENT: ("态度不耐烦", "answered impatiently"),
    CheckResult.POLICY_WRONG: ("政策答错", "policy told wrongly"),
    CheckResult.UNVERIFIED: ("未能核实", "could not be verified"),
}


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency (经办机构). area: what draws are stratified by. hours: when its phones are answered."""

    code: str
    name: str
    area: str = ""
    address: str = ""
    hours: str = ""
    published: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ListedPhone:
    """One number of the directory. owner: an agency's or an officer's code. number: dialled digits."""

    owner: str
    owner_name: str
    area: str
    kind: PhoneKind
    number: str
    hours: str = ""
    published: dt.date | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What a check is about: whose number of which kind, and the number itself."""
        return (self.owner, self.kind.value, self.number)


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """One check call; a fact, never changed. draw, line: of the call sheet, 0 where it was made without one."""

    id: str
    owner: str
    kind: PhoneKind
    number: str
    at: dt.datetime
    by: str
    result: CheckResult
    draw: int = 0
    line: int = 0
    note: str = ""
    corrects: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """The number it is about, as `ListedPhone.key`."""
        return (self.owner, self.kind.value, self.number)


@dataclass(frozen=True, slots=True)
class PhoneStanding:
    """What the checks say of one number. verified_at, by: the last call that found it right, None where none did.

    last: the result of the last call that told anything. missed: calls in a row, up to the last, that nobody answered.
    """

    verified_at: dt.datetime | None = None
    by: str = ""
    last: CheckResult | None = None
    missed: int = 0

    def due(self, today: dt.date, days: int) -> bool:
        """Whether the number should be looked at: never verified, longer ago than `days`, or found wrong since."""
        if self.verified_at is None or self.last is CheckResult.WRONG_NUMBER:
            return True
        return (today - self.verified_at.date()).days > days


def phone_standing(checks: Iterable[PhoneCheck]) -> PhoneStanding:
    """Fold the checks of one number, in any order and with repeats. One that another corrects counts no longer."""
    told = [check for check in in_force(checks) if check.result.conclusive]
    told.sort(key=lambda check: (check.at, check.id))
    verifying = [check for check in told if check.result.verifies]
    answered = max((rank for rank, check in enumerate(told) if check.result is not CheckResult.UNANSWERED), default=-1)
    return PhoneStanding(
        verifying[-1].at if verifying else None,
        verifying[-1].by if verifying else "",
        told[-1].result if told else None,
        len(told) - 1 - answered,
    )


def in_force(checks: Iterable[PhoneCheck]) -> list[PhoneCheck]:
    """The checks no other corrects, each once."""
    known = {check.id: check for check in checks}
    corrected = {check.corrects for check in known.values()}
    return [check for key, check in known.items() if key not in corrected]


@dataclass(frozen=True, slots=True)
class Ranked:
    """How the phones of one group answered. share: good ones among those that told anything, None where none did.

    rank: 1 for the best; groups whose shares are equal hold the same rank. counts: by result, all six.
    """

    name: str
    counts: dict[CheckResult, int]
    share: Interval | None
    rank: int

    @property
    def conclusive(self) -> int:
        """How many calls told anything."""
        return sum(count for result, count in self.counts.items() if result.conclusive)


def rank_checks(groups: dict[str, Sequence[PhoneCheck]]) -> list[Ranked]:
    """Groups by their share of good calls, the best first; those without a conclusive call last, unranked (rank 0).

    Where shares are equal the one checked more often comes first, then by name. A few calls say little: the
    interval (Wilson, 95 per cent) is part of the ranking wherever it is shown.
    """
    found = []
    for name, checks in groups.items():
        results = [check.result for check in in_force(checks)]
        counts = {result: results.count(result) for result in CheckResult}
        told = sum(result.conclusive for result in results)
        found.append(Ranked(name, counts, wilson(counts[CheckResult.GOOD], told), 0))
    found.sort(key=lambda one: (-(one.share.value if one.share else -1), -one.conclusive, one.name))
    ranked: list[Ranked] = []
    for place, one in enumerate(found, start=1):
        if one.share is None:
            ranked.append(one)
            continue
        before = ranked[-1] if ranked else None
        level = before is not None and before.share is not None and before.share.value == one.share.value
        rank = before.rank if level and before else place
        ranked.append(Ranked(one.name, one.counts, one.share, rank))
    return ranked
