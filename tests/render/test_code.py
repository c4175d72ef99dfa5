"""QR codes: what is drawn is what is read."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from outreach.errors import CannotPrint
from outreach.render.code import qr_matrix, qr_png, read_qr, vcard

OFFICER = {
    "name": "罗𬱖川",
    "organisation": "禾川县劳动保险局",
    "title": "续保专员",
    "mobile": "121 0555 0123",
    "office_phone": "0700-5550121",
    "home_phone": "0700-5550147",
}


@pytest.mark.parametrize("payload", ["HC-000421", "1", "户编号 000421；䶮", vcard(**OFFICER), "x" * 900])
@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_a_drawn_code_reads_back_as_its_payload(payload: str, level: str) -> None:
    assert read_qr(qr_png(payload, level=level)) == [payload]


def test_a_code_is_square_with_the_three_finders_and_no_border() -> None:
    rows = qr_matrix("HC-000421")
    side = len(rows)
    assert side == 21
    assert all(len(row) == side for row in rows)
    corner = [bytes(row[:7]) for row in rows[:7]]
    assert corner[0] == b"\1" * 7
    assert [bytes(row[-7:]) for row in rows[:7]] == corner
    assert [bytes(row[:7]) for row in rows[-7:]] == corner[::-1]


@pytest.mark.parametrize(("scale", "border"), [(1, 0), (3, 4), (8, 2), (5, 1)])
def test_the_png_has_the_asked_size_and_one_bit_a_pixel(scale: int, border: int) -> None:
    picture = Image.open(io.BytesIO(qr_png("HC-000421", scale=scale, border=border)))
    assert picture.mode == "1"
    assert picture.size == ((21 + 2 * border) * scale,) * 2
    centre = [
        bytes(
            int(picture.getpixel(((column + border) * scale, (row + border) * scale)) == 0)  # dark is black
            for column in range(21)
        )
        for row in range(21)
    ]
    assert tuple(centre) == qr_matrix("HC-000421")


def test_equal_payloads_give_equal_bytes() -> None:
    first = qr_png("HC-000421")
    qr_matrix.cache_clear()
    assert qr_png("HC-000421") == first


@pytest.mark.parametrize("payload", ["", "长" * 3000])
def test_a_payload_no_code_can_hold_is_refused(payload: str) -> None:
    with pytest.raises(CannotPrint) as caught:
        qr_matrix(payload)
    assert caught.value.faults[0].where == "QR"


def test_a_vcard_names_each_phone_by_its_kind() -> None:
    assert vcard(**OFFICER).split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:罗𬱖川;;;;",
        "FN:罗𬱖川",
        "ORG:禾川县劳动保险局",
        "TITLE:续保专员",
        "TEL;TYPE=CELL:12105550123",
        "TEL;TYPE=WORK:07005550121",
        "TEL;TYPE=HOME:07005550147",
        "END:VCARD",
    ]


def test_a_vcard_leaves_out_what_is_not_known() -> None:
    assert vcard("Bureau").split("\r\n") == ["BEGIN:VCARD", "VERSION:3.0", "N:Bureau;;;;", "FN:Bureau", "END:VCARD"]


def test_signs_with_a_meaning_in_a_vcard_are_escaped() -> None:
    text = vcard("A;B, C\\D", address="1 Road\nTown", office_phone="0700-5550121转12")
    assert "FN:A\\;B\\, C\\\\D" in text
    assert "ADR:;;1 Road\\nTown;;;;" in text
    assert "TEL;TYPE=WORK:07005550121\\,12" in text


def test_several_codes_in_a_picture_are_read_from_the_top() -> None:
    sheet = Image.new("L", (400, 800), 255)
    for rank, payload in enumerate(("first", "second")):
        sheet.paste(Image.open(io.BytesIO(qr_png(payload, border=4))).convert("L"), (20, 20 + 400 * rank))
    assert read_qr(sheet) == ["first", "second"]
