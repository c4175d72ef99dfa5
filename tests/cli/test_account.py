"""`outreach account`: statements in and out, and the sum read out on the phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PAYMENT = """\
[payment]
source_zh = "小镇劳动局公布"
source_en = "as the bureau published"
years = [{ year = 2003, base_yuan = 612, rate_percent = 20 }, { year = 2004, base_yuan = 688, rate_percent = 20 }]

"""


@pytest.fixture
def paying(town: Any) -> Any:
    town.edit_campaign(("[[messages]]\n", PAYMENT + "[[messages]]\n"))
    return town


def table(town: Any, balance: str = "1150.00") -> Path:
    head = {"户号": "H001", "人员序号": "1", "缴费月数": "12", "缴费基数": "480", "缴费金额": "1152"}
    years = [head | {"年度": "1998", "账户余额": "1150.00"}, head | {"年度": "1999", "账户余额": balance}]
    path: Path = town.table(years, "statements.csv")
    return path


def test_a_statement_is_shown_year_by_year_with_its_sums(call: Any, town: Any) -> None:
    done = call("account", "import", table(town, "2400.5"), at=town.root)
    assert (done.code, done.out.split("\n")[:2]) == (
        0,
        ["Rows read                      2", "Added                          2"],
    )
    lines = [line.split() for line in call("account", "show", "H001", at=town.root).out.splitlines()]
    assert ["1999", "12", "480.00", "1,152.00", "2,400.50"] in lines
    assert ["Together", "24", "2,304.00", "2,400.50"] in lines
    assert ["no", "statement", "is", "known"] in lines


def test_what_an_import_changed_is_listed_and_a_falling_balance_is_told(call: Any, town: Any) -> None:
    call("account", "import", table(town, "2400.5"), at=town.root)
    done = call("account", "import", table(town, "900"), at=town.root)
    assert ["H001", "1", "1999", "Balance", "2,400.50", "900.00"] in [line.split() for line in done.out.splitlines()]
    assert done.sentences == ["household H001, person 1: the balance falls in 1999, 1,150.00 to 900.00"]


def test_a_bad_row_ends_in_one_sentence_and_nothing_is_kept(call: Any, town: Any) -> None:
    done = call("account", "import", table(town, "-1"), at=town.root)
    assert done.code == 3
    (sentence,) = done.sentences
    assert sentence.startswith("statements.csv, row 3, column '账户余额': -1 is no amount")
    assert "no statement is known" in call("account", "show", "H001", at=town.root).out


def test_the_sum_is_read_out_with_its_working(call: Any, paying: Any) -> None:
    done = call("account", "due", "H001", "--date", "2005-01-10", at=paying.root)
    lines = [line.split() for line in done.out.splitlines()]
    assert ["2004-03", "–", "2004-12", "688.00", "20%", "137.60", "10", "1,376.00"] in lines
    assert ["To", "pay", "2,064.00"] in lines
    assert ["Source", "as", "the", "bureau", "published"] in lines
    lower = call("account", "due", "H001", "--date", "2005-01-10", "--level", 60, at=paying.root)
    assert ["To", "pay", "1,238.40"] in [line.split() for line in lower.out.splitlines()]


def test_the_sum_speaks_the_language_asked_for(call: Any, paying: Any) -> None:
    found = {
        lang: call("account", "due", "H001", "--date", "2005-01-10", "--json", at=paying.root, lang=lang).json
        for lang in ("zh", "en")
    }
    assert [found[lang].pop("source") for lang in ("zh", "en")] == ["小镇劳动局公布", "as the bureau published"]
    assert [found[lang].pop("note")[:4] for lang in ("zh", "en")] == ["每月应缴", "A mo"]
    assert found["zh"] == found["en"]
    assert found["en"]["fen"] == 206400
    assert found["en"]["persons"][0]["lines"][0] == {
        "from": "2004-03", "to": "2004-12", "months": 10, "base_fen": 68800, "rate_percent": 20.0,
        "month_fen": 13760, "fen": 137600,
    }  # fmt: skip


@pytest.mark.parametrize("level", ["39", "301", "x"])
def test_a_level_nobody_may_choose_is_refused(call: Any, paying: Any, level: str) -> None:
    done = call("account", "due", "H001", "--level", level, at=paying.root)
    assert done.code == 2
    assert len(done.sentences) == 1


def test_a_campaign_that_names_no_base_says_what_to_add(call: Any, town: Any) -> None:
    done = call("account", "due", "H001", at=town.root)
    assert done.code == 6
    assert done.sentences == [
        "town, campaign.toml: says nothing of bases and rates; add [payment]; see docs/campaign.md"
    ]
