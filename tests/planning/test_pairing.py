"""Pairs found by columns of numbers are those found record by record, with the same evidence, whatever was typed."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from outreach.domain.people import Address, Sex
from outreach.planning.likeness import Record
from outreach.planning.matching import LEVELS, POSSIBLE, ROSTER_LEVELS, Match, Register
from tests.planning.slips import SLIPS, Clerk, town

TOWN = town()[:700]


def with_twins(count: int, seed: str) -> list[Record]:
    """Some of the town, with as many entered again with two slips each."""
    clerk, chance = Clerk(TOWN, seed), random.Random(seed)
    twins = [
        replace(clerk.copy(one, *chance.sample(SLIPS, 2)), key=f"again {one.key}", home=f"Z{one.home}")
        for one in chance.sample(TOWN, count)
    ]
    return [*TOWN, *twins]


def odd_records(seed: int, count: int = 120) -> list[Record]:
    """Records that are alike in odd ways: Latin letters, several phones, half addresses, wrong and old numbers."""
    chance = random.Random(seed)
    names = [
        "王伟",
        "汪薇",
        "王大伟",
        "王伟大",
        "Mary Ann",
        "maryann",
        "Wang Wei",
        "Wei WANG",
        "Dawei Wang",
        "汪偉",
        "Ceng Jing",
        "Na Ou-yang",
        "wang",
        "曾静",
        "增静",
        "欧阳娜",
        "阳娜",
        "",
        "李",
    ]
    phones = ["12105550123", "12105550132", "12105550124", "07005550101", "12105559999"]
    numbers = ["", "990199196401221234", "990199196401221235", "990199640122123", "99019919640122123X", "12"]
    doors = ["", "3", "三号楼", "03", "3栋", "12"]
    found = []
    for number in range(count):
        own = tuple(chance.sample(phones, chance.choice([0, 1, 1, 2])))
        place = Address(
            "城东社区", chance.choice(["棉纺小区", "棉纺二小区", "棉纺2小区", "绿洲花园", ""]), chance.choice(doors),
            chance.choice(["", "东"]), chance.choice(["", "1", "2单元"]), 0, chance.choice(["", "501", "0501", "502"]),
        )  # fmt: skip
        found.append(
            Record(
                key=f"k{number}",
                name=chance.choice(names),
                home=chance.choice(["", f"H{number // 2}", f"H{number}"]),
                id_number=chance.choice(numbers),
                phones=own,
                home_phones=tuple(
                    phone for phone in chance.sample(phones, chance.choice([0, 0, 1, 2])) if phone not in own
                ),
                address=chance.choice([place, place, None]),
                born=chance.choice([None, dt.date(1964, 1, 22), dt.date(1964, 1, 12), dt.date(1970, 5, 5)]),
                sex=chance.choice(list(Sex)),
            )
        )
    return found


def one_by_one(register: Register, records: list[Record], least: float) -> dict[tuple[str, str], Match]:
    """The pairs as every record's matches give them, those of two homes, each in the register's order."""
    rank = {record.key: at for at, record in enumerate(records)}
    return {
        (record.key, match.theirs.key): match
        for record in records
        for match in register.matches(record, least, most=len(records))
        if rank[record.key] < rank[match.theirs.key] and not (record.home and record.home == match.theirs.home)
    }


@pytest.mark.parametrize("levels", [LEVELS, ROSTER_LEVELS])
@pytest.mark.parametrize("least", [POSSIBLE, -25.0])
def test_pairs_of_a_town_are_those_found_record_by_record(
    least: float, levels: dict[str, dict[str, tuple[float, float]]]
) -> None:
    records = with_twins(60, "pairs")
    register = Register(records, levels=levels)
    found = {(match.ours.key, match.theirs.key): match for match in register.pairs(least)}
    assert found == one_by_one(register, records, least)
    assert sum(f"again {ours}" == theirs for ours, theirs in found) >= 55


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("least", [-99.0, -12.0, 0.0])
def test_pairs_of_odd_records_are_those_found_record_by_record(seed: int, least: float) -> None:
    records = odd_records(seed)
    register = Register(records)
    found = {(match.ours.key, match.theirs.key): match for match in register.pairs(least)}
    assert found == one_by_one(register, records, least)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("most", [4, 500])
def test_many_asked_at_once_are_answered_as_one_by_one(seed: int, most: int) -> None:
    records = odd_records(seed)
    register, asked = Register(records[:80], most=most), records[80:]
    assert register.matches_of(asked, -99.0) == tuple(register.matches(one, -99.0) for one in asked)


def test_nobody_asked_and_nobody_known_is_nothing_found() -> None:
    assert Register([]).matches_of([]) == ()
    assert list(Register([]).pairs()) == []
    assert Register([]).matches_of([Record("a", "王伟")]) == ((),)


def test_what_is_weighed_at_once_is_bounded_and_cut_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    records = odd_records(99)
    register = Register(records)
    whole = list(register.pairs(-99.0))
    monkeypatch.setattr("outreach.planning.pairing._AT_ONCE", 7)
    assert list(register.pairs(-99.0)) == whole
