"""Words on air: how many characters a crawl runs, how long a text takes to read, how many SMS parts it costs.

Sources: 3GPP TS 23.038 (the GSM 7 bit default alphabet, its extension table, and UCS-2), TS 23.040 9.2.3.24.1
(a part of a joined message gives up 6 octets: 153 signs of 7 bits, or 67 of 16). A presenter's pace is
the field's rule of thumb and an argument.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from outreach.messages import _

Encoding = Literal["GSM-7", "UCS-2"]

_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
_ONE_PART = {"GSM-7": 160, "UCS-2": 70}
_JOINED_PART = {"GSM-7": 153, "UCS-2": 67}


@dataclass(frozen=True, slots=True)
class CrawlPace:
    """How a crawl runs.

    chars_per_second: Chinese signs a second that cross a point of the screen. gap_s: seconds of empty band between
    two loops. signs_across: Chinese signs that stand side by side on the screen, which is how large they are.
    """

    chars_per_second: float = 4.0
    loops: int = 1
    gap_s: float = 1.0
    signs_across: int = 32

    def __post_init__(self) -> None:
        if self.chars_per_second <= 0 or self.loops < 1 or self.gap_s < 0 or self.signs_across < 1:
            raise ValueError("a crawl moves, and runs at least once")


@dataclass(frozen=True, slots=True)
class Counts:
    """A crawl text: characters seen once, how wide they are, and the seconds all its loops take.

    width: in Chinese signs; Latin letters, digits and ASCII signs are half as wide.
    seconds: from when the first sign of the first loop enters at one edge of the screen until the last sign of
    the last loop has left at the other.
    """

    characters: int
    width: float
    seconds: float


@dataclass(frozen=True, slots=True)
class SmsCount:
    """A text message as networks bill it. units: 7-bit or 16-bit signs; parts: messages paid for."""

    encoding: Encoding
    units: int
    parts: int


def crawl_line(text: str) -> str:
    """The text as it is aired: one line, every line end and run of ASCII blanks one blank, none at the ends."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()


def count_crawl(text: str, pace: CrawlPace) -> Counts:
    """The characters of a crawl and the seconds it runs at `pace`."""
    signs = [sign for sign in crawl_line(text) if not unicodedata.combining(sign)]
    widths = [unicodedata.east_asian_width(sign) for sign in signs]
    # Signs such as ◆ “ — are as wide as their company: a whole sign in Chinese, half a sign in Latin.
    wide = "WFA" if set(widths) & set("WF") else "WF"
    width = sum(1.0 if one in wide else 0.5 for one in widths)
    crossing = (pace.signs_across + width * pace.loops) / pace.chars_per_second
    return Counts(len(signs), width, crossing + pace.gap_s * (pace.loops - 1))


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


def tag_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with a finished text in which a tag of a template still stands, None where there is none."""
    found = re.search(r"\{[{%#].*?[}%#]\}", text)
    if found is None:
        return None
    return (
        _("the tag {tag} would be aired as it stands", tag=found[0]),
        _("only text messages to persons fill in names; write a message without tags for this flight"),
    )
