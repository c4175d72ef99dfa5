"""Words on air: how many characters a crawl runs, how long a text takes to read, how many SMS parts it costs.

Sources: 3GPP TS 23.038 (the GSM 7 bit default alphabet, its extension table, and UCS-2), TS 23.040 9.2.3.24.1
(a part of a joined message gives up 6 octets: 153 signs of 7 bits, or 67 of 16). A presenter's pace is
the field's rule of thumb and an argument.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
_ONE_PART = {"GSM-7": 160, "UCS-2": 70}
_JOINED_PART = {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True, slots=True)
class Counts:
    """A crawl text: characters seen once, and the seconds all its loops take."""

    characters: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SmsCount:
    """A text message as networks bill it. units: 7-bit or 16-bit signs; parts: messages paid for."""

    encoding: Encoding
    units: int
    parts: int


def count_crawl(text: str, chars_per_second: float, loops: int = 1) -> Counts:
    """The characters of a crawl and the seconds it runs.

    chars_per_second: Chinese signs a second that cross a point of the screen. Latin letters, digits and
    ASCII signs are half as wide and cross in half the time. White space at the ends is not aired and every
    line end is aired as one space.
    """
    if chars_per_second <= 0 or loops < 1:
        raise ValueError("a crawl moves, and runs at least once")
    line = " ".join(text.split())
    signs = [sign for sign in line if not unicodedata.combining(sign)]
    width = sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.5 for sign in signs)
    return Counts(characters=len(signs), seconds=width / chars_per_second * loops)


def reading_time(text: str, language: str, zh_per_minute: float = 240, en_per_minute: float = 150) -> float:
    """Seconds a presenter needs for `text`.

    zh_per_minute: Chinese signs a minute; en_per_minute: words a minute. Both paces apply in one text, each
    to its own script. Digits are read sign by sign, each as one sign or word of `language` ('zh' or 'en').
    Punctuation is the pause the paces already hold.
    """
    if zh_per_minute <= 0 or en_per_minute <= 0:
        raise ValueError("a pace is above zero")
    chinese = words = digits = 0
    inside = False
    for sign in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(sign)
        if category == "Nd":
            digits += 1
            inside = False
        elif category[0] != "L" and category[0] != "M":
            inside = inside and sign in "'’-"
        elif unicodedata.east_asian_width(sign) in "WF":
            chinese += 1
            inside = False
        else:
            words += not inside
            inside = True
    if language == "zh":
        chinese += digits
    else:
        words += digits
    return chinese * 60 / zh_per_minute + words * 60 / en_per_minute


def sms_parts(text: str) -> SmsCount:
    """What `text` costs as a text message: its encoding, its units, and the parts it is sent in.

    One sign outside the GSM alphabet turns the whole message to UCS-2. A sign of two units (extension
    table, surrogate pair) never stands across two parts. An empty text is one part.
    """
    gsm = all(sign in _GSM_BASIC or sign in _GSM_EXTENSION for sign in text)
    encoding: Encoding = "GSM-7" if gsm else "UCS-2"
    if gsm:
        sizes = [2 if sign in _GSM_EXTENSION else 1 for sign in text]
    else:
        sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    units = sum(sizes)
    if units <= _ONE_PART[encoding]:
        return SmsCount(encoding, units, 1)
    room = _JOINED_PART[encoding]
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    assert parts >= math.ceil(units / room)
    return SmsCount(encoding, units, parts)
