"""Characters, seconds and parts, against cases counted by hand and known from the standards."""

import pytest

from outreach.channels.counting import (
    Counts,
    CrawlPace,
    SmsCount,
    count_crawl,
    crawl_line,
    reading_time,
    sms_parts,
    tag_fault,
)


def test_a_crawl_lasts_from_the_first_sign_entering_to_the_last_sign_leaving() -> None:
    # 32 signs of screen and 8 of text pass one point at 4 a second.
    assert count_crawl("养老保险可以续交", CrawlPace(4, 1, 0, 32)) == Counts(characters=8, width=8, seconds=10.0)


def test_every_loop_adds_its_text_and_the_gap_before_it() -> None:
    once = count_crawl("养老保险可以续交", CrawlPace(4, 1, 1.5, 32)).seconds
    assert count_crawl("养老保险可以续交", CrawlPace(4, 3, 1.5, 32)).seconds == once + 2 * (8 / 4 + 1.5)


def test_larger_signs_cross_a_narrower_screen() -> None:
    small, large = (count_crawl("续保", CrawlPace(4, 1, 0, across)).seconds for across in (32, 16))
    assert small - large == 16 / 4


def test_latin_letters_and_digits_are_half_as_wide_as_chinese_signs() -> None:
    assert count_crawl("电话0700", CrawlPace(1)).width == 4.0


def test_signs_of_either_script_are_as_wide_as_their_company() -> None:
    assert count_crawl("续保◆“咨询”", CrawlPace(1)).width == 7
    assert count_crawl("renew • “now”", CrawlPace(1)).width == 6.5


def test_line_ends_in_a_crawl_are_aired_as_one_space_and_ends_are_trimmed() -> None:
    assert crawl_line("  续保\r\n\t咨询  ") == "续保 咨询"
    assert count_crawl("  续保\r\n\t咨询  ", CrawlPace(1)).characters == 5


def test_the_wide_blanks_around_a_separator_are_aired_and_counted() -> None:
    assert crawl_line("续保　◆　咨询") == "续保　◆　咨询"
    assert count_crawl("续保　咨询", CrawlPace(1)).width == 5


@pytest.mark.parametrize("wrong", [{"chars_per_second": 0}, {"chars_per_second": -1}, {"loops": 0}, {"gap_s": -1}])
def test_a_crawl_that_does_not_move_or_run_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="crawl"):
        CrawlPace(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["您好{{ person.name }}", "{% if x %}x{% endif %}", "{# note #}"])
def test_a_tag_left_in_a_finished_text_is_a_fault(text: str) -> None:
    found = tag_fault(text)
    assert found is not None
    assert "{" in found[0]
    assert tag_fault("花括号 {一} 不是标记") is None


def test_240_chinese_signs_take_a_minute_and_punctuation_takes_none() -> None:
    assert reading_time("续，" * 240, "zh") == pytest.approx(60)


def test_150_english_words_take_a_minute_and_an_apostrophe_parts_none() -> None:
    assert reading_time("don't " * 150, "en") == pytest.approx(60)


def test_a_phone_number_is_read_sign_by_sign() -> None:
    assert reading_time("0700-5550100", "zh") == pytest.approx(11 / 4)
    assert reading_time("0700-5550100", "en") == pytest.approx(11 / 2.5)


def test_full_width_digits_are_read_like_half_width_ones() -> None:
    assert reading_time("０７００", "zh") == reading_time("0700", "zh")


def test_a_mixed_text_adds_the_pace_of_each_script() -> None:
    assert reading_time("请用 Pension App 查询", "zh") == pytest.approx(4 / 4 + 2 / 2.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SmsCount("GSM-7", 0, 1)),
        ("a" * 160, SmsCount("GSM-7", 160, 1)),
        ("a" * 161, SmsCount("GSM-7", 161, 2)),
        ("a" * 306, SmsCount("GSM-7", 306, 2)),
        ("a" * 307, SmsCount("GSM-7", 307, 3)),
        ("€" * 80, SmsCount("GSM-7", 160, 1)),
        ("€" * 80 + "a", SmsCount("GSM-7", 161, 2)),
        ("续" * 70, SmsCount("UCS-2", 70, 1)),
        ("续" * 71, SmsCount("UCS-2", 71, 2)),
        ("续" * 134, SmsCount("UCS-2", 134, 2)),
        ("续" * 135, SmsCount("UCS-2", 135, 3)),
        ("a" * 69 + "续", SmsCount("UCS-2", 70, 1)),
        ("\U0002cc56" * 35, SmsCount("UCS-2", 70, 1)),
        ("\U0002cc56" * 36, SmsCount("UCS-2", 72, 2)),
    ],
)
def test_parts_follow_the_limits_of_the_standard(text: str, expected: SmsCount) -> None:
    assert sms_parts(text) == expected


def test_an_escape_pair_is_never_cut_across_two_parts() -> None:
    # 152 letters leave one unit in the first part: the euro sign (2 units) moves on and takes its place with it.
    assert sms_parts("a" * 152 + "€" + "a" * 152) == SmsCount("GSM-7", 306, 3)


def test_a_surrogate_pair_is_never_cut_across_two_parts() -> None:
    assert sms_parts("续" * 66 + "\U0002cc56" + "续" * 66) == SmsCount("UCS-2", 134, 3)


@pytest.mark.parametrize("sign", "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r")
def test_every_sign_of_the_default_alphabet_takes_one_unit(sign: str) -> None:
    assert sms_parts(sign) == SmsCount("GSM-7", 1, 1)


@pytest.mark.parametrize("sign", "\f^{}\\[~]|€")
def test_every_sign_of_the_extension_table_takes_two_units(sign: str) -> None:
    assert sms_parts(sign) == SmsCount("GSM-7", 2, 1)


@pytest.mark.parametrize("sign", "ç`，【“–á\t")
def test_a_sign_outside_the_alphabet_turns_the_message_to_ucs2(sign: str) -> None:
    assert sms_parts(sign).encoding == "UCS-2"
