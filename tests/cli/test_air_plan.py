"""outreach air ..., as a user types it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

CARD = """\
媒体,渠道,时段,刊播时间,星期,秒数,刊例价,受众比例
小镇电视台,字幕,黄金时段,19:35 21:10,每天,60,100,20%
小镇电视台,字幕,午间,12:10,每天,60,100,8%
移动,短信,群发,10:00,工作日,,200,25%
"""
LOG = "播出日期,播出时间,频道,时长\n2005-03-07,19:35:20,小镇电视台,60\n2005-03-08,21:10:02,小镇电视台,60\n"


@pytest.fixture
def sold(town: Any) -> Any:
    town.campaign_file.with_name("rates.csv").write_text(CARD, "utf-8")
    return town


def test_estimated_and_counted_are_two_lines_that_say_which_they_are(call: Any, sold: Any) -> None:
    call("contact", "record", "H001", "informed", "--at", "2005-03-08", at=sold.root)
    lines = call("air", "show", at=sold.root).out.splitlines()
    estimated = [line for line in lines if line.startswith("Estimated: reached once")]
    counted = [line for line in lines if line.startswith("Counted: households reached")]
    assert len(estimated) == len(counted) == 1
    assert "%" in estimated[0]
    assert "however audiences overlap" in estimated[0]
    assert "1 of 30; never added" in counted[0]


def test_the_coverage_report_shows_the_estimate_below_and_adds_it_to_nothing(call: Any, sold: Any) -> None:
    with_card = call("report", "coverage", at=sold.root).out
    card = sold.campaign_file.with_name("rates.csv")
    card.unlink()
    without = call("report", "coverage", at=sold.root).out
    assert with_card.startswith(without)
    assert "Estimated: reached once" in with_card.removeprefix(without)
    assert "Counted: households reached" in with_card.removeprefix(without)
    card.write_text(CARD.replace("100,20%", "-1,20%"), "utf-8")
    wrong = call("report", "coverage", at=sold.root)
    assert (wrong.code, wrong.out) == (0, without)
    assert "-1 is no amount" in wrong.err


@pytest.mark.parametrize("budget", ["0", "-3", "99"])
def test_a_budget_that_buys_nothing_ends_with_one_sentence_and_writes_nothing(
    call: Any, sold: Any, tmp_path: Path, budget: str
) -> None:
    target = tmp_path / "flights.toml"
    answer = call("air", "plan", f"--budget={budget}", "--write", target, at=sold.root)
    assert answer.code == 3
    assert len(answer.sentences) == 1
    assert "buy nothing" in answer.err
    assert not target.exists()


def test_a_budget_that_is_no_amount_is_wrong_use(call: Any, sold: Any) -> None:
    answer = call("air", "plan", "--budget", "plenty", at=sold.root)
    assert (answer.code, len(answer.sentences)) == (2, 1)
    assert "'plenty' is no amount of yuan" in answer.err


def test_an_empty_rate_card_is_one_sentence(call: Any, sold: Any) -> None:
    sold.campaign_file.with_name("rates.csv").write_text(CARD.splitlines()[0], "utf-8")
    answer = call("air", "rates", at=sold.root)
    assert (answer.code, len(answer.sentences)) == (3, 1)
    assert "the rate card has no lines" in answer.err


def test_a_plan_says_what_it_proved_and_the_file_holds_its_flights(call: Any, sold: Any, tmp_path: Path) -> None:
    target = tmp_path / "flights.toml"
    plan = call("air", "plan", "--budget", "1500", "--aim", "reach3", "--write", target, at=sold.root)
    assert plan.code == 0
    assert "proven best" in plan.out
    assert "[[flights]]" in target.read_text("utf-8")
    shown = call("air", "plan", "--budget", "1500", "--json", at=sold.root).json
    assert shown["value"] <= shown["bound"]
    assert shown["text"] == ""
    assert all(spot["day"] >= "2005-03-01" for spot in shown["spots"])


def test_a_plan_of_several_dayparts_has_the_careful_figure_below_its_estimate(call: Any, sold: Any) -> None:
    shown = call("air", "plan", "--budget", "20000", at=sold.root).out
    total = call("air", "plan", "--budget", "20000", "--json", at=sold.root).json["estimate"]["total"]
    (line,) = (line for line in shown.splitlines() if "dayparts share their viewers" in line)
    assert line.endswith(f"{total['pooled']:.1%}")
    assert total["pooled"] < total["reach"]["once"]


def test_a_chinese_reader_is_told_channels_headings_and_evidence_in_chinese(call: Any, sold: Any) -> None:
    log = sold.root / "log.csv"
    log.write_text(LOG.replace(",60\n", ",32\n") + "2005-03-09,03:00:05,小镇电视台,60\n", "utf-8")
    call("air", "import", log, at=sold.root)
    checked = call("air", "check", at=sold.root, lang="zh")
    assert "log.csv，2005-03-07 19:35:20，32 秒" in checked.out
    assert "2005-03-09 03:00:05（" in checked.err
    assert "+08:00" not in checked.err
    by_line, by_channel = call("air", "show", at=sold.root, lang="zh").out.split("\n\n")[:2]
    assert by_line.startswith("刊例")
    assert by_channel.startswith("渠道")
    assert "估计到达" in by_channel
    assert "已送达" not in by_line + by_channel
    sold.campaign_file.with_name("rates.csv").write_text(CARD.replace("短信", "气球"), "utf-8")
    refused = call("air", "rates", at=sold.root, lang="zh").err
    assert "电视滚动字幕" in refused
    assert "sms" in refused


def test_a_log_is_taken_in_checked_corrected_and_made_good(call: Any, sold: Any, tmp_path: Path) -> None:
    log = sold.root / "log.csv"
    log.write_bytes(LOG.encode("gb18030"))
    taken = call("air", "import", log, "--json", at=sold.root).json
    assert (taken["new"], taken["aired"], taken["unplanned"]) == (2, 2, 0)
    assert call("air", "import", log, "--json", at=sold.root).json["new"] == 0
    check = call("air", "check", "--json", at=sold.root).json
    assert check["counts"] == {"aired": 2, "short": 0, "missed": 2, "open": 11}
    missed = check["placements"][0]["placement"]
    assert call("air", "record", missed, "--state", "aired", "--by", "the station", at=sold.root).code == 0
    assert call("air", "check", "--json", at=sold.root).json["counts"]["missed"] == 1
    letter = tmp_path / "letter.txt"
    made = call("air", "makegood", "--from", "2005-03-14", "--write", letter, at=sold.root)
    # The message is said again by the booth flight of 1 to 3 May.
    assert "2005-05-01 Sun 19:35" in made.out
    assert "小镇电视台" in letter.read_text("utf-8")


def test_a_log_with_a_wrong_row_ends_with_that_row_and_nothing_is_kept(call: Any, sold: Any) -> None:
    log = sold.root / "log.csv"
    log.write_text(LOG + "2005-03-32,19:35,小镇电视台,60\n", "utf-8")
    answer = call("air", "import", log, at=sold.root)
    assert answer.code == 3
    assert "row 4" in answer.err
    assert call("air", "check", "--json", at=sold.root).json["counts"]["aired"] == 0
