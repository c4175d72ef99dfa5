"""A radio script read as its items: what is aired, by whom, how long, and when."""

import pytest

from outreach.channels.script import Item, cues, script_items

SCRIPT = """\
本市电台　《连心桥》
嘉宾：某局工作人员
────────────────

【片头音乐，约 8 秒，渐弱】

主持人：听众朋友，您好。

嘉　宾：我归成两句话。
第一，可以续交。
第二，可以转移。

还有一句：夫妻一起办。

主持人：（慢读）零七零零。

【间奏】

────────────────
播音核对：咨询电话
"""


def items(text: str, language: str = "zh") -> list[Item]:
    return script_items(text, language, 240, 150)


def test_what_stands_outside_the_rules_is_not_aired() -> None:
    words = "".join(item.words for item in items(SCRIPT))
    assert "某局" not in words
    assert "播音核对" not in words


def test_each_speech_has_its_speaker_whatever_blanks_the_name_holds() -> None:
    assert [item.speaker for item in items(SCRIPT)] == ["", "主持人", "嘉宾", "嘉宾", "主持人", ""]


def test_a_colon_in_a_sentence_makes_no_speaker_but_a_name_used_twice_does() -> None:
    (one,) = items("Remember: bring your card.", "en")
    assert (one.speaker, one.words) == ("", "Remember: bring your card.")
    assert [item.speaker for item in items("老周：您好。\n\n主持人：好。\n\n老周：再见。")] == [
        "老周",
        "主持人",
        "老周",
    ]
    assert items("DR. ZHOU LI: Good day.", "en")[0].speaker == "DR. ZHOU LI"


def test_lines_that_follow_a_name_are_the_same_speech() -> None:
    assert items(SCRIPT)[2].words == "我归成两句话。\n第一，可以续交。\n第二，可以转移。"


def test_sound_lasts_what_its_brackets_say_and_nothing_where_they_do_not() -> None:
    assert [item.seconds for item in items(SCRIPT) if not item.speaker] == [8, 0]
    assert items("[STING, about 3.5 s]", "en")[0].seconds == 3.5
    assert items("[STING for 4 people]", "en")[0].seconds == 0


def test_speech_is_timed_without_names_and_remarks() -> None:
    assert items("主持人：（慢读）零七零零")[0].seconds == 1.0
    assert items("PRESENTER: (pause) one two three four five", "en")[0].seconds == 2.0


def test_a_paragraph_without_a_name_goes_on_with_the_last_speaker() -> None:
    assert [item.speaker for item in items("嘉宾：第一段。\n\n【间奏，3 秒】\n\n第二段没有名字。")] == [
        "嘉宾",
        "",
        "嘉宾",
    ]


def test_a_script_without_rules_or_names_is_speech() -> None:
    (only,) = items("续" * 240)
    assert (only.speaker, only.seconds) == ("", 60)


def test_clocks_run_forward_from_the_start_and_back_from_the_end() -> None:
    found = list(cues([Item("", "音乐", 8), Item("甲", "话", 20), Item("", "音乐", 2)], 60))
    assert [cue.number for cue in found] == [1, 2, 3]
    assert [cue.starts for cue in found] == [0, 8, 28]
    assert [cue.latest for cue in found] == [30, 38, 58]
    assert {cue.latest - cue.starts for cue in found} == {30}


def test_a_script_longer_than_its_segment_would_have_to_begin_before_it() -> None:
    (first,) = cues([Item("甲", "话", 70)], 60)
    assert first.latest == pytest.approx(-10)
