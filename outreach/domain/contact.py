"""Attempts, their outcomes, and what *attempted*, *contacted*, *reached*, *registered* and *paid* mean.

This is the one place those words are defined; the store's projection and every report use `standing`.

attempted   somebody tried, by a channel whose reach is counted household by household.
contacted   a member of the household answered: spoke, opened, came to the counter, wrote back.
reached     the message is known to have arrived with a member of the household: it was explained, a card
            was put into their hand, or they signed for the letter. Posting, leaving and sending reach nobody.
registered  the ledger shows a new registration. paid: the ledger shows payments, in fen, that were not taken back.

Outcome codes map to those of AAPOR, so that rates can be compared. Source: American Association for Public Opinion
Research, Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys; the final disposition
codes of in-person household surveys and, for calls, of telephone surveys. What came back by post has the code of mail
surveys for what could not be delivered (3.30, of unknown eligibility); in person it cannot happen.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

PHONE = frozenset({"call"})
"""Channels whose outcomes have AAPOR's telephone codes."""


@dataclass(frozen=True, slots=True)
class _Meaning:
    """on: the channels it can happen on. at_door, by_phone: AAPOR's codes, '' where it cannot happen that way."""

    contact: bool
    reached: bool
    at_door: str
    by_phone: str
    on: frozenset[str]
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
    BROKEN_OFF = "broken_off"
    LANGUAGE = "language"
    UNABLE = "unable"
    DIED = "died"
    CALL_BACK = "call_back"
    HUNG_UP = "hung_up"
    NOBODY_HOME = "nobody_home"
    AWAY = "away"
    NO_ENTRY = "no_entry"
    LEFT_AT_DOOR = "left_at_door"
    NEIGHBOUR_TOLD = "neighbour_told"
    UNSAFE = "unsafe"
    ADDRESS_NOT_FOUND = "address_not_found"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    BUSY = "busy"
    MESSAGE_LEFT = "message_left"
    VOICEMAIL = "voicemail"
    SWITCHED_OFF = "switched_off"
    BARRED = "barred"
    OUT_OF_SERVICE = "out_of_service"
    SUSPENDED = "suspended"
    FAX = "fax"
    OTHER_LINE = "other_line"
    SENT = "sent"
    RETURNED = "returned"
    MOVED = "moved"
    NOT_ELIGIBLE = "not_eligible"
    VACANT = "vacant"
    NOT_A_DWELLING = "not_a_dwelling"
    DEMOLISHED = "demolished"
    WITHDRAWN = "withdrawn"

    # An enumeration hashes the name, in Python; what is asked of millions of attempts looks outcomes up by this.
    __hash__ = str.__hash__

    @property
    def contact(self) -> bool:
        """Whether a member of the household answered."""
        return _MEANINGS[self].contact

    @property
    def reached(self) -> bool:
        """Whether the message is known to have arrived."""
        return _MEANINGS[self].reached

    @property
    def gone(self) -> bool:
        """Whether nobody to be reached lives there: what AAPOR counts as not eligible of a dwelling."""
        return _MEANINGS[self].at_door.startswith("4")

    @property
    def refusal(self) -> bool:
        """Whether they did not want to hear it."""
        return self in (Disposition.REFUSED, Disposition.HUNG_UP)

    @property
    def dead_line(self) -> bool:
        """Whether calling that number again finds nobody of the household."""
        return self in _DEAD_LINES

    @property
    def timeless(self) -> bool:
        """Whether the hour decided nothing: nobody could have been found at any other either."""
        return self.gone or self.dead_line or self in _TIMELESS

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels it can happen on, in order of their keys."""
        return tuple(sorted(_MEANINGS[self].on))

    def happens_on(self, channel: str) -> bool:
        """Whether it can happen there; a channel this page does not know takes every outcome but a withdrawal."""
        return self is not Disposition.WITHDRAWN and (channel in _MEANINGS[self].on or channel not in _KNOWN_CHANNELS)

    @property
    def aapor(self) -> str:
        """Its AAPOR in-person code, '' where it cannot happen in person."""
        return _MEANINGS[self].at_door if _MEANINGS[self].on & _FACE_TO_FACE else ""

    def aapor_on(self, channel: str) -> str:
        """Its AAPOR code: the telephone one on a call, the in-person one elsewhere, the other where it has only that.

        A withdrawal has none: ''.
        """
        meaning = _MEANINGS[self]
        first, second = meaning.at_door, meaning.by_phone
        return (second or first) if channel in PHONE else (first or second)

    def label(self, language: str) -> str:
        """The outcome in words, language 'zh' or 'en'."""
        meaning = _MEANINGS[self]
        return meaning.zh if language == "zh" else meaning.en


def outcomes_on(channel: str) -> tuple[Disposition, ...]:
    """The outcomes that can happen on a channel, in the order of the vocabulary."""
    return tuple(one for one in Disposition if one.happens_on(channel))


_DOOR = "card visit"
_MET = f"{_DOOR} booth call hall"
_FACE_TO_FACE = frozenset("card visit booth hall".split())
_LINE = "call"
_POST = "letter sms"


def _means(reach: str, at_door: str, by_phone: str, on: str, zh: str, en: str) -> _Meaning:
    """reach: 'reached', 'contact' or ''."""
    return _Meaning(reach != "", reach == "reached", at_door, by_phone, frozenset(on.split()), zh, en)


_D = Disposition
_MEANINGS: dict[Disposition, _Meaning] = {
    _D.INFORMED: _means("reached", "1.1", "1.1", _MET, "已当面讲清", "explained in full"),
    _D.CARD_HANDED: _means("reached", "1.2", "", f"{_DOOR} booth hall", "服务卡已交本人", "card put into their hand"),
    _D.SIGNED_FOR: _means("reached", "1.2", "", f"{_DOOR} booth hall letter", "已签收", "signed for"),
    _D.ASKED_BACK: _means("reached", "1.2", "1.2", f"{_MET} {_POST}", "来电来信询问", "called or wrote to ask"),
    _D.APPOINTMENT: _means("contact", "2.3", "2.3", f"{_MET} {_POST}", "另约时间", "asked for another time"),
    _D.REFUSED: _means("contact", "2.11", "2.11", f"{_MET} {_POST}", "谢绝", "refused"),
    _D.RELATIVE_TOLD: _means("contact", "2.25", "2.21", f"{_MET} letter", "家人代转", "left with a relative"),
    _D.BROKEN_OFF: _means("contact", "2.12", "2.12", _MET, "听了一半就走", "broken off half way"),
    _D.LANGUAGE: _means("contact", "2.33", "2.33", _MET, "语言不通", "no language in common"),
    _D.UNABLE: _means("contact", "2.32", "2.32", _MET, "有病或不便", "ill or not able to"),
    _D.DIED: _means("contact", "2.31", "2.31", f"{_MET} letter", "家人说已去世", "has died, the family said"),
    _D.CALL_BACK: _means("contact", "", "2.21", _LINE, "家人接听，请再打", "somebody else answered, call again"),
    _D.HUNG_UP: _means("contact", "", "2.11", _LINE, "没听就挂断", "hung up without listening"),
    _D.NOBODY_HOME: _means("", "2.24", "", _DOOR, "无人在家", "nobody home"),
    _D.AWAY: _means("", "2.25", "2.21", f"{_MET} letter", "外出务工", "working away"),
    _D.NO_ENTRY: _means("", "2.23", "", f"{_DOOR} letter", "未能进门栋", "could not enter"),
    _D.LEFT_AT_DOOR: _means("", "2.24", "", f"{_DOOR} letter", "材料留置", "left at the door"),
    _D.NEIGHBOUR_TOLD: _means("", "2.24", "", _DOOR, "邻居代转", "left with a neighbour"),
    _D.UNSAFE: _means("", "3.17", "", f"{_DOOR} letter", "路不通或不安全", "no safe way there"),
    _D.ADDRESS_NOT_FOUND: _means("", "3.18", "", f"{_DOOR} letter", "地址找不到", "address not found"),
    _D.NO_ANSWER: _means("", "2.2", "3.13", _LINE, "无人接听", "no answer"),
    _D.WRONG_NUMBER: _means("", "3.2", "3.2", "call sms", "号码错误", "wrong number"),
    _D.BUSY: _means("", "", "3.12", _LINE, "占线", "busy"),
    _D.MESSAGE_LEFT: _means("", "", "2.221", _LINE, "已留言", "message left on the machine"),
    _D.VOICEMAIL: _means("", "", "3.14", _LINE, "语音信箱，未留言", "answering machine, no message left"),
    _D.SWITCHED_OFF: _means("", "", "3.16", _LINE, "关机或无信号", "switched off or out of range"),
    _D.BARRED: _means("", "", "3.15", "call sms", "呼叫被拦截", "call barred"),
    _D.OUT_OF_SERVICE: _means("", "", "4.32", "call sms", "号码不存在", "number not in use"),
    _D.SUSPENDED: _means("", "", "4.33", "call sms", "停机", "line suspended"),
    _D.FAX: _means("", "", "4.2", _LINE, "传真机", "fax machine"),
    _D.OTHER_LINE: _means("", "", "4.51", _LINE, "单位或总机电话", "an office's or switchboard's line"),
    _D.SENT: _means("", "2.2", "", _POST, "已寄发", "sent"),
    _D.RETURNED: _means("", "3.3", "", _POST, "退回", "returned"),
    _D.MOVED: _means("", "4.1", "4.1", f"{_MET} {_POST}", "已迁走", "moved away"),
    _D.NOT_ELIGIBLE: _means("", "4.7", "4.7", f"{_MET} {_POST}", "不属对象", "not in scope"),
    _D.VACANT: _means("", "4.61", "", f"{_DOOR} letter", "空置房", "vacant home"),
    _D.NOT_A_DWELLING: _means("", "4.5", "", f"{_DOOR} letter", "不是住房", "not a dwelling"),
    _D.DEMOLISHED: _means("", "4.5", "", f"{_DOOR} letter", "已拆除", "demolished"),
    _D.WITHDRAWN: _means("", "", "", "", "已撤销", "withdrawn"),
}
_KNOWN_CHANNELS = frozenset().union(*(meaning.on for meaning in _MEANINGS.values()))
_DEAD_LINES = frozenset({_D.WRONG_NUMBER, _D.OUT_OF_SERVICE, _D.FAX, _D.OTHER_LINE})
_TIMELESS = frozenset({_D.AWAY, _D.SENT, _D.RETURNED, _D.ADDRESS_NOT_FOUND, _D.BARRED, _D.SUSPENDED})


class MilestoneKind(enum.StrEnum):
    """What the ledger reports of a person; WITHDRAWN takes an earlier report back."""

    REGISTERED = "registered"
    PAID = "paid"
    WITHDRAWN = "withdrawn"

    def label(self, language: str) -> str:
        """The milestone in words, language 'zh' or 'en'."""
        zh = {"registered": "登记", "paid": "缴费", "withdrawn": "已撤销"}
        return zh[self.value] if language == "zh" else self.value


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

    @property
    def withdraws(self) -> bool:
        """Whether it only takes back the attempt it corrects; it counts as nothing itself."""
        return self.disposition is Disposition.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step the ledger shows; a fact, never changed.

    amount_fen: fen paid, 0 for a registration; negative where the ledger takes a payment back (冲销).
    """

    id: str
    household: str
    kind: MilestoneKind
    on: dt.date
    person: int = 0
    amount_fen: int = 0
    note: str = ""
    corrects: str = ""

    @property
    def withdraws(self) -> bool:
        """Whether it only takes back the milestone it corrects; it counts as nothing itself."""
        return self.kind is MilestoneKind.WITHDRAWN


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


class _Told(Protocol):
    """What was said of a person, or with 0 of the whole household."""

    @property
    def disposition(self) -> Disposition: ...

    @property
    def person(self) -> int: ...


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
    paid = paid_by(payments)
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
        paid_on=paid.on if paid else None,
        paid_fen=sum(m.amount_fen for m in payments),
    )


def paid_by(steps: Iterable[Milestone]) -> Milestone | None:
    """The first payment from which on more was paid than taken back (冲销 has a negative amount), None where it is not.

    steps: one household's, in force.
    """
    since, total = None, 0
    payments = (one for one in steps if one.kind is MilestoneKind.PAID)
    for payment in sorted(payments, key=lambda one: (one.on, one.amount_fen < 0, one.id)):
        total += payment.amount_fen
        since = (since or payment) if total > 0 else None
    return since


def holds_of_all(said: Iterable[tuple[int, bool]], persons: int) -> bool:
    """Whether something holds of a whole household by what was last said of it.

    said: in order of time, of whom (a person's number, 0 for all) and whether it holds. persons: of how many it must be
    said one by one, 0 where their number is not known. What is said of one person decides nothing for the others;
    what was said of all stands until something else is said of any of them.
    """
    whole, those = False, set[int]()
    for person, holds in said:
        if holds:
            if person:
                those.add(person)
            whole = whole or not person or 0 < persons <= len(those)
            continue
        if person:
            those.discard(person)
        elif whole:
            those.clear()
        whole = False
    return whole


def everybody_gone(tries: Iterable[_Told], persons: int) -> bool:
    """Whether nobody to be reached lives there: the last word of the household, or of each of its `persons`, says so.

    tries: those in force, in order of time; what was only sent is nobody's word.
    """
    told = ((one.person, one.disposition.gone) for one in tries if one.disposition is not Disposition.SENT)
    return holds_of_all(told, persons)


def in_force(facts: Iterable[_Fact]) -> list[_Fact]:
    """The facts that count, each once, whatever their order and repeats: none another corrects, and no withdrawal."""
    # Airings and others are corrected by the same rule and know no withdrawal.
    return [fact for fact in newest(facts) if not getattr(fact, "withdraws", False)]


def newest(facts: Iterable[_Fact]) -> list[_Fact]:
    """The facts no other corrects, withdrawals among them: those a correction may name."""
    known = {fact.id: fact for fact in facts}
    corrected = {fact.corrects for fact in known.values() if fact.corrects}
    return [fact for key, fact in known.items() if key not in corrected]
