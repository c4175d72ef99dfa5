"""Characters, seconds and parts, against cases counted by hand and known from the standards."""

import pytest

from outreach.channels.counting import Counts, SmsCount, count_crawl, reading_time, sms_parts


def test_chinese_signs_cross_the_screen_at_the_given_pace_in_every_loop() -> None:
    assert count_crawl("养老保险可以续交", chars_per_second=4, loops=3) == Counts(characters=8, seconds=6.0)


def test_latin_letters_and_digits_are_half_as_wide_as_chinese_signs() -> None:
    assert count_crawl("电话0700", chars_per_second=1, loops=1) == Counts(characters=6, seconds=4.0)


def test_line_ends_in_a_crawl_are_aired_as_one_space_and_ends_are_trimmed() -> None:
    assert count_crawl("  续保\r\n\t咨询  ", 1, 1) == Counts(characters=5, seconds=4.5)


@pytest.mark.parametrize(("pace", "loops"), [(0, 1), (-1, 1), (4, 0)])
def test_a_crawl_that_does_not_move_or_run_is_refused(pace: float, loops: int) -> None:
    with pytest.raises(ValueError, match="crawl"):
        count_crawl("续保", pace, loops)


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
