"""Invent a month's file of the pension system: the steps of a played year as that system would write them, with slips.

For demonstrations and tests; nothing here describes real people. Pure and seeded: what a person's lines look like
depends on the seed, the household's code and the person, so that every month's file writes them alike.

Assumptions, none of them from a source: of 1,000 persons 952 stand there with their own ID number, 20 with one of 15
digits, 18 without a number but with a mobile or a door; 2 with their spouse's number, 4 with one digit wrong and
nothing else, 4 without a number and one sign of the name wrong. Two payments a month are booked wrong, taken back and
booked again, two lines stand there twice, and one line in 16 is somebody's whom the campaign does not know, one of four
of these of another insurance.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from outreach.domain.contact import Milestone, MilestoneKind
from outreach.domain.ids import resident_id_check_sign
from outreach.domain.people import Household, Person

REGISTERED, PAID, TAKEN_BACK = "登记", "缴费", "冲销"

_PENSION, _OTHERS = "企业职工基本养老保险", ("工伤保险", "失业保险")
_SIGNS = "云岚若禾青松霁川"
_SURNAMES, _GIVEN = "戴邵汤龚卜甄", ("敬棠", "雨佳", "望舒", "一白", "乐之", "南星", "启航", "知微")
_STRANGERS, _WRONG_BOOKINGS, _TWICE = 16, 2, 2


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of the file. kind: one of REGISTERED, PAID, TAKEN_BACK. amount_fen: never below zero."""

    name: str
    id_number: str
    account: str
    on: dt.date
    kind: str
    amount_fen: int
    insurance: str = _PENSION
    mobile: str = ""
    address: str = ""


def invent_ledger(
    steps: Iterable[Milestone], homes: Mapping[str, Household], month: str, seed: str
) -> list[LedgerEntry]:
    """The lines of a month by day; steps: that month's, all of them of `homes`."""
    lines = [_entry(step, homes[step.household], seed) for step in steps]
    rng = random.Random(f"{seed}/ledger/{month}")
    paid = [line for line in lines if line.kind == PAID]
    lines += [line for wrong in rng.sample(paid, min(_WRONG_BOOKINGS, len(paid))) for line in _booked_wrong(wrong)]
    lines += rng.sample(lines, min(_TWICE, len(lines)))
    days = sorted({line.on for line in lines})
    lines += _strangers(rng, days, len(lines) // _STRANGERS)
    return sorted(lines, key=lambda line: (line.on, line.name, line.account, line.kind, line.amount_fen))


def _entry(step: Milestone, home: Household, seed: str) -> LedgerEntry:
    person = next(one for one in home.persons if one.number == max(step.person, 1))
    kind = PAID if step.kind is MilestoneKind.PAID else REGISTERED
    rng = random.Random(f"{seed}/ledger/{home.code}/{person.number}")
    account = f"07{rng.randrange(10**8):08d}"
    whole = LedgerEntry(person.name, person.id_number, account, step.on, kind, step.amount_fen)
    told = replace(whole, mobile=person.mobile, address=home.address.line("zh"))
    return _slipped(rng.randrange(1000), rng, whole, told, home, person)


def _slipped(
    roll: int, rng: random.Random, whole: LedgerEntry, told: LedgerEntry, home: Household, person: Person
) -> LedgerEntry:
    number = whole.id_number
    if roll < 2:
        spouse = next((one.id_number for one in home.persons if one.number != person.number), number)
        return replace(told, id_number=spouse)
    if roll < 6 and number:
        digit = 6 + rng.randrange(10)
        return replace(
            whole, account="", id_number=f"{number[:digit]}{(int(number[digit]) + 1) % 10}{number[digit + 1 :]}"
        )
    if roll < 10:
        sign = rng.choice([one for one in _SIGNS if one != person.name[-1]])
        return replace(told, account="", id_number="", name=person.name[:-1] + sign)
    if roll < 28:
        return replace(told, id_number="")
    if roll < 48 and len(number) == 18:
        return replace(whole, id_number=number[:6] + number[8:17])
    return whole if roll < 500 else told


def _booked_wrong(line: LedgerEntry) -> Iterator[LedgerEntry]:
    """What stands in the file beside the right line: a greater payment, and that it was taken back."""
    yield replace(line, amount_fen=line.amount_fen + 90_000)
    yield replace(line, amount_fen=line.amount_fen + 90_000, kind=TAKEN_BACK)


def _strangers(rng: random.Random, days: list[dt.date], count: int) -> Iterator[LedgerEntry]:
    for _turn in range(count):
        first17 = f"990199{1950 + rng.randrange(35)}{1 + rng.randrange(12):02d}{1 + rng.randrange(28):02d}"
        first17 += f"{900 + rng.randrange(100)}"
        yield LedgerEntry(
            rng.choice(_SURNAMES) + rng.choice(_GIVEN),
            first17 + resident_id_check_sign(first17),
            f"08{rng.randrange(10**8):08d}",
            rng.choice(days),
            PAID,
            100 * (1200 + rng.randrange(2400)),
            rng.choice(_OTHERS) if rng.randrange(4) == 0 else _PENSION,
        )
