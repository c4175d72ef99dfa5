"""The shipped text kinds make sound texts from their own samples."""

from pathlib import Path

import pytest

from outreach.channels.counting import reading_time, sms_parts
from outreach.errors import CannotPrint
from outreach.render.manifest import load_kind
from outreach.render.text import compile_text

KINDS = Path(__file__).parents[2] / "templates"


def made(kind_name: str, language: str, **changes: object) -> str:
    kind = load_kind(KINDS / kind_name)
    values = kind.sample_values(language) | changes
    return compile_text(kind.layout("txt", language).read_text("utf-8"), name=kind_name).render(values, where="sample")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_crawl_is_one_line_even_when_its_message_is_not(language: str) -> None:
    text = made("crawl", language, message="first。\n\tsecond。\n")
    assert "\n" not in text
    assert "first。 second" in text
    assert "second。" not in text


def test_a_crawl_does_not_say_the_phone_twice() -> None:
    assert made("crawl", "zh", message="请拨0700-5550100").count("0700-5550100") == 1
    assert made("crawl", "zh", message="请来电").count("0700-5550100") == 1


def test_the_sample_messages_fit_one_part_each() -> None:
    assert sms_parts(made("sms", "zh")).parts == 1
    english = sms_parts(made("sms", "en"))
    assert (english.encoding, english.parts) == ("GSM-7", 1)


def test_the_chinese_message_is_signed_in_front_and_says_how_to_stop_at_the_end() -> None:
    text = made("sms", "zh")
    assert text.startswith("【示例县劳动保险局】")
    assert text.endswith("拒收请回复R")


def test_an_english_message_without_a_signature_or_opt_out_has_no_loose_punctuation() -> None:
    assert made("sms", "en", sign="", opt_out="", message="Call us") == "Call us."


@pytest.mark.parametrize(
    ("language", "spoken"), [("zh", "五五五零幺零零"), ("en", "five five five zero one zero zero")]
)
def test_the_radio_script_reads_the_phone_out_twice_and_asks_three_questions(language: str, spoken: str) -> None:
    text = made("radio", language)
    assert text.count(spoken) == 2
    questions = [line for line in text.splitlines() if "个问题" in line or line.startswith("PRESENTER: Question")]
    assert len(questions) == 3
    assert 120 < reading_time(text, language) < 240


def test_every_point_of_policy_and_every_paper_is_said() -> None:
    campaign = load_kind(KINDS / "radio").sample_values("zh")["campaign"]
    text = made("radio", "zh")
    for words in (*campaign["policy"], *campaign["papers"], *campaign["promise"]):
        assert words in text


def test_a_script_without_a_hotline_is_not_made() -> None:
    with pytest.raises(CannotPrint, match="bureau"):
        made("radio", "zh", bureau={"name": "x", "hours": "x", "address": "x"})
