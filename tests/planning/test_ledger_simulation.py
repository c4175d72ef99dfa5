"""An invented month of the ledger: it adds up to the steps it was made from, with slips that are known."""

import dataclasses
import datetime as dt

import pytest

from outreach.domain.contact import Milestone, MilestoneKind
from outreach.domain.ids import resident_id_check_sign
from outreach.domain.people import Address, Household, Person
from outreach.planning.ledger_simulation import PAID, REGISTERED, TAKEN_BACK, invent_ledger

COUNT = 3000


def person(number, serial):
    first17 = f"99019919{50 + serial % 40}03{1 + serial % 28:02d}{serial % 1000:03d}"
    name = f"{'王陈'[number - 1]}{'安和宁'[serial % 3]}{'一二三四'[serial % 4]}"
    return Person(number, name, id_number=first17 + resident_id_check_sign(first17), mobile=f"1210555{serial:04d}")


@pytest.fixture(scope="module")
def homes():
    address = Address("城东社区", "槐荫小区", "3", "", "2", "501")
    return {
        f"H{serial:05d}": Household(f"H{serial:05d}", address, (person(1, serial), person(2, serial + COUNT)))
        for serial in range(COUNT)
    }


@pytest.fixture(scope="module")
def steps(homes):
    day = dt.date(2005, 10, 1)
    return [
        Milestone("", code, kind, day + dt.timedelta(days=rank % 31), 1, fen)
        for rank, code in enumerate(homes)
        for kind, fen in ((MilestoneKind.REGISTERED, 0), (MilestoneKind.PAID, 120_000 + rank))
    ]


@pytest.fixture(scope="module")
def lines(homes, steps):
    return invent_ledger(steps, homes, "2005-10", "seed")


def own(lines):
    return [line for line in lines if not line.account.startswith("08")]


def test_the_month_adds_up_but_for_lines_that_stand_twice(lines, steps):
    ours = own(lines)
    twice = len(ours) - len(set(ours))
    once = set(ours)
    total = sum(line.amount_fen * (-1 if line.kind == TAKEN_BACK else 1) for line in once)
    assert twice == 2
    assert total == sum(step.amount_fen for step in steps)
    assert sum(line.kind == REGISTERED for line in once) == COUNT
    assert sum(line.kind == TAKEN_BACK for line in once) == 2


def test_most_people_stand_there_with_their_own_number_and_some_with_every_slip(lines, homes):
    known = {one.id_number: one for home in homes.values() for one in home.persons}
    ours = [line for line in own(lines) if line.kind == PAID]
    right = [line for line in ours if line.id_number in known and known[line.id_number].name == line.name]
    assert 0.93 < len(right) / len(ours) < 0.97
    short = [line for line in ours if len(line.id_number) == 15]
    spouse = [line for line in ours if line.id_number in known and known[line.id_number].name != line.name]
    none = [line for line in ours if not line.id_number]
    wrong = [line for line in ours if len(line.id_number) == 18 and line.id_number not in known]
    assert all((short, spouse, none, wrong))
    assert all(resident_id_check_sign(line.id_number[:17]) != line.id_number[17] for line in wrong)


def test_one_line_in_sixteen_is_a_strangers(lines):
    strangers = [line for line in lines if line.account.startswith("08")]
    assert len(strangers) == len(own(lines)) // 16
    assert {line.insurance for line in strangers} > {"企业职工基本养老保险"}


def test_the_same_seed_gives_the_same_and_a_person_looks_alike_in_every_month(lines, homes, steps):
    assert invent_ledger(steps, homes, "2005-10", "seed") == lines
    later = [dataclasses.replace(step, on=step.on + dt.timedelta(days=31)) for step in steps]

    def people(found):
        return {(one.name, one.id_number, one.account, one.mobile, one.address) for one in own(found)}

    assert people(invent_ledger(later, homes, "2005-11", "seed")) == people(lines)
    assert invent_ledger(steps, homes, "2005-10", "other") != lines


def test_lines_are_in_order_of_their_days(lines):
    assert [line.on for line in lines] == sorted(line.on for line in lines)
