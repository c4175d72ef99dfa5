"""Attempts, their outcomes, and what *attempted*, *contacted*, *reached*, *registered* and *paid* mean.

This is the one place those words are defined; the store's projection and every report use `standing`.

attempted   somebody tried, by a channel whose reach is counted household by household.
contacted   a member of the household answered: spoke, opened, came to the counter, wrote back.
reached     the message is known to have arrived with a member of the household: it was explained, a card
            was put into their hand, or they signed for the letter. Posting, leaving and sending reach nobody.
registered  the ledger shows a new registration. paid: the ledger shows a payment, in fen.

Outcome codes map to the AAPOR Standard Definitions (in-person households), so that rates can be compared.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class _Meaning:
    contact: bool
    reached: bool
    aapor: str
    zh: str
    en: str


class Disposition(enum.StrEnum):
    """The outcome of one attempt."""

    INFORMED = "informed"
    CARD_HANDED = "card_handed"
    SIGNED_FOR = "signed_for"
    ASKED_BACK = "asked_back"
    APPOINTMENT = "appointment"
    REFUSED = "refused"
    RELATIVE_TOLD = "relative_told"
    NOBODY_HOME = "nobody_home"
    AWAY = "away"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    NO_ENTRY = "no_entry"
    LEFT_AT_DOOR = "left_at_door"
    SENT = "sent"
    RETURNED = "returned"
    MOVED = "moved"
    NOT_ELIGIBLE = "not_eligible"

    @property
    def contact(self) -> bool:
        """Whether a member of the household answered."""
        return _MEANINGS[self].contact

    @property
    def reached(self) -> bool:
        """Whether the message is known to have arrived."""
        return _MEANINGS[self].reached

    @property
    def aapor(self) -> str:
        """The AAPOR in-person code it maps to."""
        return _MEANINGS[self].aapor

    def label(self, language: str) -> str:
        """The outcome in words, language 'zh' or 'en'."""
        meaning = _MEANINGS[self]
        return meaning.zh if language == "zh" else meaning.en


_MEANINGS: dict[Disposition, _Meaning] = {
    Disposition.INFORMED: _Meaning(True, True, "1.1", "已当面讲清", "explained in full"),
    Disposition.CARD_HANDED: _Meaning(True, True, "1.2", "服务卡已交本人", "card put into their hand"),
    Disposition.SIGNED_FOR: _Meaning(True, True, "1.2", "已签收", "signed for"),
    Disposition.ASKED_BACK: _Meaning(True, True, "1.2", "来电来信询问", "called or wrote to ask"),
    Disposition.APPOINTMENT: _Meaning(True, False, "2.3", "另约时间", "asked for another time"),
    Disposition.REFUSED: _Meaning(True, False, "2.11", "谢绝", "refused"),
    Disposition.RELATIVE_TOLD: _Meaning(True, False, "2.25", "家人代转", "left with a relative"),
    Disposition.NOBODY_HOME: _Meaning(False, False, "2.24", "无人在家", "nobody home"),
    Disposition.AWAY: _Meaning(False, False, "2.25", "外出务工", "working away"),
    Disposition.NO_ANSWER: _Meaning(False, False, "2.2", "无人接听", "no answer"),
    Disposition.WRONG_NUMBER: _Meaning(False, False, "3.2", "号码错误", "wrong number"),
    Disposition.NO_ENTRY: _Meaning(False, False, "2.21", "未能进门栋", "could not enter"),
    Disposition.LEFT_AT_DOOR: _Meaning(False, False, "2.24", "材料留置", "left at the door"),
    Disposition.SENT: _Meaning(False, False, "2.2", "已寄发", "sent"),
    Disposition.RETURNED: _Meaning(False, False, "3.17", "退回", "returned"),
    Disposition.MOVED: _Meaning(False, False, "4.1", "已迁走", "moved away"),
    Disposition.NOT_ELIGIBLE: _Meaning(False, False, "4.7", "不属对象", "not in scope"),
}


class MilestoneKind(enum.StrEnum):
    """What the ledger reports of a person."""

    REGISTERED = "registered"
    PAID = "paid"

    def label(self, language: str) -> str:
        """The milestone in words, language 'zh' or 'en'."""
        return {"registered": "登记", "paid": "缴费"}[self.value] if language == "zh" else self.value


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to contact a household; a fact, never changed.

    id: UUIDv7. at: zoned. person: number within the household, 0 for the household as a whole.
    left: codes of the materials left ('card', 'letter', 'notice'). corrects: the id of the attempt this
    one replaces, or ''. forms: the forms brought back signed. musts: of the six musts (六要), those kept; empty where
    the list was not filled in. closes: ids of the follow-ups this attempt closes.
    """

    id: str
    household: str
    channel: str
    officer: str
    at: dt.datetime
    disposition: Disposition
    person: int = 0
    left: tuple[str, ...] = ()
    note: str = ""
    corrects: str = ""
    forms: tuple[str, ...] = ()
    musts: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()

    @property
    def card(self) -> bool:
        """Whether a service card came to the household: left there or put into somebody's hand."""
        return "card" in self.left or self.disposition is Disposition.CARD_HANDED


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step the ledger shows; a fact, never changed. amount_fen: fen paid, 0 for a registration."""

    id: str
    household: str
    kind: MilestoneKind
    on: dt.date
    person: int = 0
    amount_fen: int = 0
    note: str = ""
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one household stands, derived from its facts alone."""

    attempts: int = 0
    first_attempt_at: dt.datetime | None = None
    first_contact_at: dt.datetime | None = None
    first_reached_at: dt.datetime | None = None
    reached_channel: str = ""
    reached_by: str = ""
    card_at: dt.datetime | None = None
    last_disposition: str = ""
    registered_on: dt.date | None = None
    paid_on: dt.date | None = None
    paid_fen: int = 0


class _Correctable(Protocol):
    """A fact that another can take the place of."""

    @property
    def id(self) -> str: ...

    @property
    def corrects(self) -> str: ...


_Fact = TypeVar("_Fact", bound=_Correctable)


def standing(attempts: Iterable[Attempt], milestones: Iterable[Milestone]) -> Standing:
    """Fold one household's facts, in any order and with repeats, into its standing.

    A fact that another corrects counts no longer. Facts of equal time are ordered by id, so that logs
    merged in any order give the same answer.
    """
    tries = in_force(attempts)
    tries.sort(key=lambda attempt: (attempt.at, attempt.id))
    contact = next((a for a in tries if a.disposition.contact), None)
    reach = next((a for a in tries if a.disposition.reached), None)
    card = next((a for a in tries if a.card), None)
    steps = in_force(milestones)
    registered = [m.on for m in steps if m.kind is MilestoneKind.REGISTERED]
    payments = [m for m in steps if m.kind is MilestoneKind.PAID]
    return Standing(
        attempts=len(tries),
        first_attempt_at=tries[0].at if tries else None,
        first_contact_at=contact.at if contact else None,
        first_reached_at=reach.at if reach else None,
        reached_channel=reach.channel if reach else "",
        reached_by=reach.officer if reach else "",
        card_at=card.at if card else None,
        last_disposition=tries[-1].disposition.value if tries else "",
        registered_on=min(registered, default=None),
        paid_on=min((m.on for m in payments), default=None),
        paid_fen=sum(m.amount_fen for m in payments),
    )


def in_force(facts: Iterable[_Fact]) -> list[_Fact]:
    """The facts no other fact corrects, each once, whatever their order and repeats."""
    known = {fact.id: fact for fact in facts}
    corrected = {fact.corrects for fact in known.values() if fact.corrects}
    return [fact for key, fact in known.items() if key not in corrected]
