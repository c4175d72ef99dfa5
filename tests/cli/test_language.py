"""Which language a call speaks: --lang, then OUTREACH_LANG, then the workspace, then the environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

HAN = re.compile(r"[\u4e00-\u9fff]")


def _speaks(answer: Any) -> str:
    assert answer.code == 4
    return "zh" if "没有这一户" in answer.err else "en"


def test_the_workspace_locale_decides_where_nobody_says(call: Any, town: Any) -> None:
    assert _speaks(call("household", "show", "H999", at=town.root, lang="")) == "zh"
    settings = town.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace('"zh_CN"', '"en"'), "utf-8")
    assert _speaks(call("household", "show", "H999", at=town.root, lang="")) == "en"


def test_the_option_beats_the_workspace(call: Any, town: Any) -> None:
    assert _speaks(call("household", "show", "H999", at=town.root, lang="en")) == "en"


def test_outreach_lang_beats_the_workspace(call: Any, town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_LANG", "en")
    assert _speaks(call("household", "show", "H999", at=town.root, lang="")) == "en"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("OUTREACH_LANG", "zh", "不在 outreach 工作区内"),
        ("LANG", "zh_CN.UTF-8", "不在 outreach 工作区内"),
        ("LC_ALL", "zh_CN.GB18030", "不在 outreach 工作区内"),
        ("LANG", "C.UTF-8", "not in an outreach workspace"),
        ("LANG", "de_DE.UTF-8", "not in an outreach workspace"),
    ],
)
def test_the_environment_decides_outside_a_workspace(
    call: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str, word: str
) -> None:
    monkeypatch.setenv(name, value)
    assert word in call("household", "list", lang="").err


def test_lc_all_beats_lang(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("LC_ALL", "C")
    assert "not in an outreach workspace" in call("household", "list", lang="").err


def test_wrong_use_is_said_in_chinese_too(call: Any) -> None:
    answer = call("household", "list", "--nix", lang="zh")
    assert answer.code == 2
    assert answer.sentences == ["outreach household list：没有选项 '--nix'；参见“outreach household list --help”"]


def test_tables_speak_chinese_down_to_the_codes(call: Any, town: Any) -> None:
    call("contact", "record", "H001", "informed", "--at", "2005-03-08 10:00", at=town.root)
    call("contact", "record", "H001", "paid", "--amount", "100", "--at", "2005-03-09", at=town.root)
    said = call("household", "show", "H001", at=town.root, lang="zh").out
    for word in ("责任人", "难", "本人", "配偶", "上门走访", "已当面讲清", "缴费"):
        assert word in said
    for word in ("hard", "self", "spouse", "visit", "informed", "paid"):
        assert word not in said


def test_a_new_workspace_takes_the_language_it_was_made_in(call: Any, tmp_path: Path) -> None:
    call("init", tmp_path / "a", lang="zh")
    call("init", tmp_path / "b", lang="en")
    assert 'locale = "zh_CN"' in (tmp_path / "a" / "outreach.toml").read_text("utf-8")
    assert 'locale = "en"' in (tmp_path / "b" / "outreach.toml").read_text("utf-8")


ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")
"""Three English words in a row."""


@pytest.mark.parametrize(
    "command",
    [
        "household list", "household show H001", "household walk G01", "household assign", "officer list",
        "campaign show", "campaign check", "campaign calendar", "material list", "material list letter",
        "material make letter", "material make sms", "run list", "run show 1", "report coverage", "report funnel",
        "report coverage --by channel", "check", "household show H999", "material make nix", "contact record H001 paid",
        "contact record H001 informed --at 2999-01-01", "run resume 9", "household list --nix", "report nix",
        "campaign new UPPER", "household import nix.csv", "household export nix.doc",
    ],
)  # fmt: skip
def test_no_english_sentence_leaks_into_chinese(call: Any, town: Any, command: str) -> None:
    if command.startswith("run show"):
        call("material", "make", "letter", at=town.root)
    answer = call(*command.split(), at=town.root, lang="zh")
    assert answer.code != 70
    said = re.sub(r"“outreach [^”]*”|outreach [a-z ]+：", "", answer.out + answer.err)
    assert HAN.search(said)
    assert not ENGLISH.search(said), ENGLISH.search(said)


def test_the_faults_of_a_campaign_file_are_chinese(call: Any, town: Any) -> None:
    town.edit_campaign(
        ("households = 30", "households = 0"),
        ("seconds = 60", 'seconds = "sixty"'),
        ("ends = 2005-03-11", 'ends = "soon"'),
        ('aims = ["家家知道"]', "aims = []"),
        ('id = "renew"', 'id = "Renew Now"'),
        ("heads = 2", "heads = 2.5"),
        ("loops = 2", "loop = 2"),
    )
    answer = call("campaign", "check", at=town.root, lang="zh")
    assert answer.code == 3
    assert len(answer.sentences) >= 7
    for sentence in answer.sentences:
        assert HAN.search(sentence.partition("campaign.toml")[2] or sentence)
        assert not ENGLISH.search(sentence.replace("'Renew Now'", "")), sentence
