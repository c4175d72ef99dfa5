"""How much to pay: on the letter, at the telephone, and refused where it cannot be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from outreach.errors import BadInput, CannotPrint, Conflict, NotFound
from outreach.render.manifest import Variable
from outreach.services.accounts import import_accounts
from outreach.services.campaigns import load_campaign
from outreach.services.gathering import gather
from outreach.services.materials import find_kind, make_material
from outreach.services.payments import show_payment
from outreach.services.pieces import PieceSpec
from outreach.services.rosters import import_households
from outreach.services.rounds import Choice
from outreach.services.runs import show_run

DAY = dt.date(2005, 1, 10)
PAYMENT = """\
[payment]
source_zh = "小镇劳动局公布"
source_en = "as the bureau published"

[[payment.years]]
from = "2002-07"
base_yuan = 571.40
rate_percent = 20

[[payment.years]]
from = "2003-07"
base_yuan = 612.00
rate_percent = 20

[[payment.years]]
from = "2004-07"
base_yuan = 688
rate_percent = 20

"""


@pytest.fixture
def paying(town: Any) -> Any:
    """The town with [payment] in its campaign file; H001 is a couple, 10 and 5 months lapsed."""
    town.edit_campaign(("[[messages]]\n", PAYMENT + "[[messages]]\n"))
    return town


def pieces(town: Any, *names: str, language: str = "zh", day: dt.date = DAY, code: str = "H001") -> list[PieceSpec]:
    kind = find_kind(town.workspace, "letter")
    others = {name: one for name, one in kind.variables.items() if name not in ("statements", "payment", "paragraphs")}
    wanted = {name: Variable(zh="x", en="x", sample=[], optional=True) for name in names}
    kind = kind.model_copy(update={"variables": others | wanted})
    campaign = load_campaign(town.workspace, "")
    return gather(town.office, campaign, kind, "docx", language, day, Choice(households=(code,)))


def test_a_letter_carries_the_answer_with_its_working_and_source(paying: Any) -> None:
    (piece,) = pieces(paying, "payment")
    assert piece.values["payment"] == {
        "persons": [
            {
                "name": "王晨",
                "lines": [
                    {"span": "2004年3月—2004年6月", "base": "612.00", "rate": "20%", "months": "4", "amount": "489.60"},
                    {
                        "span": "2004年7月—2004年12月",
                        "base": "688.00",
                        "rate": "20%",
                        "months": "6",
                        "amount": "825.60",
                    },
                ],
                "months": "10",
                "total": "1,315.20",
            },
            {
                "name": "林晨",
                "lines": [
                    {"span": "2004年8月—2004年12月", "base": "688.00", "rate": "20%", "months": "5", "amount": "688.00"}
                ],
                "months": "5",
                "total": "688.00",
            },
        ],
        "total": "2,003.20",
        "as_of": "2005年1月10日",
        "source": "小镇劳动局公布",
        "note": "每月应缴＝缴费基数×费率，四舍五入到分，再乘以月数。断缴月数以我局花名册为准。",
    }


def test_the_same_answer_in_english(paying: Any) -> None:
    (piece,) = pieces(paying, "payment", language="en")
    payment = piece.values["payment"]
    assert payment["persons"][0]["lines"][0]["span"] == "Mar 2004 – Jun 2004"
    assert (payment["as_of"], payment["source"]) == ("10 January 2005", "as the bureau published")
    assert payment["note"].startswith("A month is base × rate, rounded to the fen")


def test_one_month_is_no_span_and_level_and_unit_stand_in_the_note(paying: Any) -> None:
    paying.edit_campaign(('source_en = "as', 'level_percent = 60\nround_to = "jiao"\nsource_en = "as'))
    (piece,) = pieces(paying, "payment", day=dt.date(2004, 8, 1), code="H002")
    line = piece.values["payment"]["persons"][0]["lines"][-1]
    # 688.00 x 60 % = 412.80; x 20 % = 82.56, to the jiao 82.60
    assert line == {"span": "2004年7月", "base": "412.80", "rate": "20%", "months": "1", "amount": "82.60"}
    assert "四舍五入到角" in piece.values["payment"]["note"]
    assert "按60%的档次" in piece.values["payment"]["note"]


def test_the_letters_own_words_may_name_the_sum(paying: Any) -> None:
    paying.edit_campaign(
        ("请找{{ officer.name }}", "{% if payment %}共 {{ payment.total }} 元。{% endif %}请找{{ officer.name }}")
    )
    (piece,) = pieces(paying, "paragraphs")
    assert piece.values["paragraphs"][1].startswith("共 2,003.20 元。请找")


def test_a_campaign_without_rules_and_a_kind_that_asks_for_nothing_say_nothing_of_money(town: Any) -> None:
    (piece,) = pieces(town, "payment", "statements")
    assert (piece.values["payment"], piece.values["statements"]) == ({}, [])
    (bare,) = pieces(town)
    assert {"payment", "statements"}.isdisjoint(bare.values)


def test_who_owes_nothing_is_not_listed_and_whose_months_nobody_knows_is_named(paying: Any) -> None:
    months = {"王晨": "", "林晨": "5"}
    rows = [one | {"断保月数": months.get(one["姓名"], one["断保月数"])} for one in paying.household_rows()]
    import_households(paying.office, paying.table(rows, "again.csv"))
    (piece,) = pieces(paying, "payment")
    assert [one["name"] for one in piece.values["payment"]["persons"]] == ["林晨"]
    assert piece.values["payment"]["total"] == "688.00"
    assert "王晨的断缴月数还没有查清" in piece.values["payment"]["note"]
    view = show_payment(paying.office, "", "H001", day=DAY)
    assert [person.name for person in view.payment.unknown] == ["王晨"]
    paying.edit_household("H001", 断保月数="")
    (piece,) = pieces(paying, "payment")
    assert piece.values["payment"] == {}
    assert show_payment(paying.office, "", "H001", day=DAY).payment.amount_fen is None
    paying.edit_household("H001", 断保月数="0")
    assert show_payment(paying.office, "", "H001", day=DAY).payment.amount_fen == 0
    (piece,) = pieces(paying, "payment")
    assert piece.values["payment"] == {}


def test_statements_are_printed_with_their_sums(paying: Any) -> None:
    head = {"户号": "H001", "人员序号": "2", "缴费月数": "12", "缴费基数": "480"}
    years = [
        head | {"年度": "1999", "缴费金额": "1382.4", "账户余额": "1520.05"},
        head | {"年度": "1998", "缴费金额": "600", "账户余额": "330", "缴费月数": "6"},
    ]
    import_accounts(paying.office, paying.table(years))
    (piece,) = pieces(paying, "statements")
    assert piece.values["statements"] == [
        {
            "name": "林晨",
            "rows": [
                {"year": "1998", "months": "6", "base": "480.00", "paid": "600.00", "balance": "330.00"},
                {"year": "1999", "months": "12", "base": "480.00", "paid": "1,382.40", "balance": "1,520.05"},
            ],
            "months": "18",
            "paid": "1,982.40",
            "balance": "1,520.05",
        }
    ]


def test_the_sum_is_a_fact_of_the_piece(paying: Any) -> None:
    made = make_material(paying.office, "", "letter", day=DAY, choice=Choice(households=("H001",)))
    facts = show_run(paying.office, made.run.number).facts
    assert [(held.fact.kind, held.fact.value) for held in facts if held.fact.subject.startswith("H001 payment")] == [
        ("amount", "2,003.20")
    ]


def test_months_without_a_base_stop_the_letters_naming_person_and_month(paying: Any) -> None:
    with pytest.raises(CannotPrint) as caught:
        pieces(paying, "payment", code="H022", day=DAY)
    (fault,) = caught.value.faults
    assert fault.where.startswith("household H022, ")
    assert "no base for 2002-06" in fault.what


def test_a_roster_that_contradicts_itself_is_refused(paying: Any) -> None:
    rows = [one | {"最后缴费": "2004-12"} for one in paying.household_rows() if one["户号"] == "H002"]
    import_households(paying.office, paying.table(rows, "again.csv"))
    with pytest.raises(BadInput, match="last paid 2004-12 and 11 months lapsed reach to 2005-11, past 2005-01-10"):
        show_payment(paying.office, "", "H002", day=DAY)


def test_an_officer_gets_the_answer_for_today_and_at_another_level(paying: Any) -> None:
    paying.clock.present = paying.clock.present.replace(year=2005, month=1, day=10)
    usual, lower = show_payment(paying.office, "", "H001"), show_payment(paying.office, "", "H001", level=60)
    assert usual.sums.as_of == DAY
    assert usual.payment.amount_fen == 200320
    assert lower.payment.amount_fen == 120192
    assert (usual.sums.level, lower.sums.level) == (100, 60)


def test_what_cannot_be_answered_is_said(town: Any) -> None:
    with pytest.raises(NotFound, match="H099"):
        show_payment(town.office, "", "H099")
    with pytest.raises(Conflict, match=r"add \[payment\]"):
        show_payment(town.office, "", "H001")


def test_equal_lapses_are_not_mixed_up_between_persons_whose_last_payments_differ(paying: Any) -> None:
    from outreach.services.payments import Sums

    rules = load_campaign(paying.workspace, "").payment
    assert rules is not None
    with paying.office.store.read() as unit:
        home = unit.rosters.households(["H001"])["H001"]
    persons = (
        replace(home.persons[0], months_lapsed=3, last_paid=dt.date(2003, 3, 1)),
        replace(home.persons[1], months_lapsed=3, last_paid=dt.date(2004, 3, 1)),
    )
    found, faults = Sums(rules, DAY).of(replace(home, persons=persons))
    assert faults == []
    assert [one.amount_fen for one in found.persons] == [34284, 36720]
