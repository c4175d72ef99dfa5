"""Phone numbers: which texts are one, how they are printed, and that masks keep their secret."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.directory import masked_id, masked_phone, mobile_digits, phone_digits, phone_printed


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("12105550123", "12105550123"),
        ("121 0555 0123", "12105550123"),
        ("+86 121-0555-0123", "12105550123"),
        ("１２１０５５５０１２３", "12105550123"),
        ("0700-5550101", "07005550101"),
        ("（０７００）５５５０１０１", "07005550101"),
        ("010-6555 0101", "01065550101"),
        ("+86 10 6555 0101", "01065550101"),
        ("+86 700 5550101", "07005550101"),
        ("+86 0700 5550101", "07005550101"),
        ("0700-5550101转812", "07005550101x812"),
        ("0700-5550101 ext. 812", "07005550101x812"),
        ("0700-5550101分机812", "07005550101x812"),
        ("400-555-0101", "4005550101"),
        ("+86 400 555 0101", "4005550101"),
        ("12333", "12333"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)
def test_a_number_is_known_however_it_is_written(text: str, digits: str) -> None:
    assert phone_digits(text) == digits


@pytest.mark.parametrize(
    "text",
    ["", "电话", "1210555012", "121055501234", "0700-555", "22105550123", "0700-5550101转", "121 0555 0123/4", "+86"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert phone_digits(text) == ""
    with pytest.raises(ValueError, match="^" + re.escape(text) + "$"):
        phone_printed(text)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("+8612105550123", "121 0555 0123"),
        ("07005550101", "0700-5550101"),
        ("01065550101", "010-65550101"),
        ("02165550101", "021-65550101"),
        ("07005550101转8", "0700-5550101-8"),
        ("4005550101", "400-555-0101"),
        ("12333", "12333"),
        ("+442079460958", "+442079460958"),
    ],
)
def test_a_number_is_printed_in_the_groups_people_read(text: str, printed: str) -> None:
    assert phone_printed(text) == printed


@given(st.sampled_from(["121", "0700", "010", "400"]), st.text("0123456789", min_size=8, max_size=8))
def test_what_is_printed_can_be_read_again(front: str, rest: str) -> None:
    digits = front + (rest if front in ("121", "010") else rest[1:])
    assert phone_digits(phone_printed(digits)) == phone_digits(digits) == digits


@given(st.text("0123456789x+", max_size=20))
def test_a_masked_phone_never_shows_four_signs_of_its_middle(text: str) -> None:
    masked = masked_phone(text)
    assert "****" in masked
    shown = masked.replace("*", "")
    assert len(shown) <= max(0, len(text) - 4)
    assert masked in ("****", f"{text[:3]}****{text[-4:]}")


def test_a_masked_mobile_keeps_its_ends() -> None:
    assert masked_phone("12105550123") == "121****0123"
    assert masked_phone("12333") == "****"


@given(st.text("0123456789X", max_size=20))
def test_a_masked_id_number_never_shows_birthday_or_order(text: str) -> None:
    masked = masked_id(text)
    assert len(masked.replace("*", "")) <= 5
    assert len(text) < 8 or (len(masked) == len(text) and set(masked[3:-2]) == {"*"})


def test_a_masked_id_number_keeps_its_length() -> None:
    assert masked_id("990199196203050018") == "990*************18"


@pytest.mark.parametrize("text", ["12105550123", "121 0555 0123", "+86 121-0555-0123", "１２１０５５５０１２３"])
def test_a_text_message_goes_to_a_mobile_however_it_is_written(text: str) -> None:
    assert mobile_digits(text) == "12105550123"


@pytest.mark.parametrize("text", ["0700-5550101", "400-555-0101", "12333", "1210555012", "+1 202 555 0101", "无", ""])
def test_a_text_message_goes_to_no_other_number(text: str) -> None:
    assert mobile_digits(text) == ""
