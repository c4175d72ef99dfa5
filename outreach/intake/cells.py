"""One cell -> one value. Every function takes what a spreadsheet holds and raises CellFault saying what is wrong.

Cells arrive as people leave them: numbers as text, text as numbers, full-width digits, blanks inside names.
Phone and ID numbers are masked in what the faults say.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from outreach.domain.directory import masked_id, masked_phone, phone_digits, without_its_zero
from outreach.domain.ids import resident_id_fault
from outreach.domain.numerals import NUMERALS, numeral
from outreach.intake.csvfile import standard_signs
from outreach.intake.stand_ins import DITTO, is_nothing, what_hinders_a_name
from outreach.intake.workbook import Cell
from outreach.messages import _

UNSAVED_FORMULA = "#UNSAVED-FORMULA"
"""What stands in the cell of a formula that was never reckoned; workbook_child.py puts it there."""
NAME_LIMIT = 60
TEXT_LIMIT = 100
NOTE_LIMIT = 500
MONTHS_LIMIT = 600
_SHORTEST_PHONE = 7
_EARLIEST = dt.date(1900, 1, 1)

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xD7: 0x58}
_ZERO_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_LOST = "\ufffd"
_WHITE = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")
_ERROR_TEXT = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
# Seven digits or more, perhaps in groups, that are no date.
_LONG_NUMBER = re.compile(r"(?<!\d)(?!\d{4}[-.]\d{1,2}[-.]\d{1,2}(?!\d))\d(?:[ .-]?\d){6,}[Xx]?")
_NUMERALS = re.compile(f"[{NUMERALS}]+")
_DEGREES = re.compile(r"\d{1,3}\.\d{1,6}")
# What our own .csv files put an apostrophe in front of, so that no spreadsheet takes it for a formula.
_RISKY = tuple("=+-@＝＋－＠|%")
_BETWEEN_NUMBERS = re.compile(r"[/、,;|\s]+|或|和")
_BETWEEN_NAMES = re.compile(r"[、，;；/／\n]|,(?=.*[^\x00-\x7f])|(?<=[^\x00-\x7f]),")
_CJK_AND_BLANKS = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff ·•]+")

Value = TypeVar("Value")


class CellFault(Exception):
    """What is wrong with a cell and how to mend it; the reader adds the place."""

    def __init__(self, what: str, mend: str) -> None:
        self.what = without_numbers(what)
        self.mend = mend
        super().__init__(self.what)


def without_numbers(text: str) -> str:
    """`text` with the middle of every phone or ID number in it hidden, whatever column it was typed in."""
    return _LONG_NUMBER.sub(_hidden, text)


def _hidden(match: re.Match[str]) -> str:
    if _DEGREES.fullmatch(match[0]):
        return match[0]
    digits = re.sub(r"[ .-]", "", match[0])
    if len(digits) >= 15:
        return masked_id(digits)
    return masked_phone(digits) if len(digits) >= 11 else f"{digits[:3]}****{digits[-2:]}"


def clean_text(cell: Cell, limit: int = TEXT_LIMIT) -> str:
    """The cell as one line of NFC text without blanks at its ends; '' for an empty cell.

    Numbers become their digits. Zero-width signs go, inner line ends become blanks. Faults: a control sign, a sign
    that turns the reading direction, a private-use sign, more than `limit` signs, a date, an error value.
    """
    if isinstance(cell, str):
        text = cell if cell.isprintable() and cell.isascii() else _line(cell)
        text = text.strip()
        if text[:1] in "#=" and text:
            text = _not_a_formula(text)
        elif text[:1] == "'" and text[1:2] in _RISKY:
            text = text[1:]
        if text in DITTO and limit != NOTE_LIMIT:
            raise CellFault(_("'{value}' stands for the cell above", value=text), _("write it out in every row"))
        if len(text) > limit:
            what = _("the text has {count} signs, more than {limit}", count=len(text), limit=limit)
            raise CellFault(what, _("shorten it"))
        return text
    if cell is None:
        return ""
    if isinstance(cell, dt.date):  # a datetime is one too
        what = _("the spreadsheet made a date ({value}) of the text", value=cell.isoformat())
        raise CellFault(what, _("format the column as text and type the value again"))
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return _digits(cell)


def _line(text: str) -> str:
    """`text` in NFC with only printable signs and plain blanks."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _LOST in text:
        what = _("'{value}' has lost a character where '{sign}' stands", value=text.strip()[:TEXT_LIMIT], sign=_LOST)
        raise CellFault(what, _("type the text again, or fetch the file anew in its own encoding"))
    if text.isprintable():
        return text
    kept = []
    for sign in standard_signs(text):
        category = unicodedata.category(sign)
        if sign in _WHITE or category == "Zs":
            kept.append(" ")
        elif sign in _ZERO_WIDTH:
            continue
        # A plane 2 or 3 sign that this Python does not know yet is a Chinese character of a newer Unicode.
        elif category in ("Cc", "Cf", "Co", "Cs") or (category == "Cn" and not 0x20000 <= ord(sign) < 0x3FFFE):
            what = _("the text holds a sign that cannot be printed (U+{code})", code=f"{ord(sign):04X}")
            raise CellFault(what, _("type the text again; write a rare character with an input method that knows it"))
        else:
            kept.append(sign)
    return "".join(kept)


def _not_a_formula(text: str) -> str:
    if text == UNSAVED_FORMULA:
        what = _("the formula has no value yet")
        raise CellFault(what, _("open the file in Excel or WPS and save it, or type the value"))
    if _ERROR_TEXT.fullmatch(text):
        raise CellFault(_("the cell shows the error {value}", value=text), _("mend the formula, or type the value"))
    if match := _KEPT_AS_TEXT.fullmatch(text):  # ="0012" is how exports keep a number as text
        return match[1].strip()
    return text


def _digits(cell: int | float) -> str:
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        return f"{cell:.15g}"
    return str(cell)


def half_width(text: str) -> str:
    """`text` with full-width letters, digits and signs made half-width."""
    return text if text.isascii() else text.translate(_WIDE)


def close_up(text: str) -> str:
    """Blanks inside a Chinese text go; in other text they become one."""
    if " " in text:
        return text.replace(" ", "") if _CJK_AND_BLANKS.fullmatch(text) else " ".join(text.split())
    return text


def numerals_as_digits(text: str) -> str:
    """'三组' as '3组', to compare what two people wrote."""
    return _NUMERALS.sub(lambda match: numeral(match[0]), half_width(text))


def name(cell: Cell) -> str:
    """A person's name: '张　三' is 张三, 'Mary  Ann' is Mary Ann."""
    return close_up(clean_text(cell, NAME_LIMIT))


def one_name(cell: Cell) -> str:
    """As `name`; two names in one cell are a fault."""
    text = name(cell)
    if _BETWEEN_NAMES.search(text):
        what = _("'{value}' is more than one name", value=text)
        raise CellFault(what, _("keep one; give the others rows of their own"))
    return text


def person_name(cell: Cell) -> str:
    """As `one_name`, of somebody to be visited: no lost sign, note, figure or second name. '' for 无 and '/'."""
    text = half_width(clean_text(cell, NAME_LIMIT))
    if not text or is_nothing(text.replace(" ", "")):
        return ""
    if hindered := what_hinders_a_name(text):
        raise CellFault(*hindered)
    return one_name(cell)


def code(cell: Cell) -> str:
    """A code or number that names something: half-width, no blanks."""
    text = half_width(clean_text(cell, 40)).replace(" ", "")
    if _SCIENTIFIC.fullmatch(text) and "+" in text:
        raise _digits_lost(text)
    return text


def phone(cell: Cell) -> str:
    """The dialled digits of a phone number, '' for an empty cell."""
    text = half_width(clean_text(cell)).lstrip("'")
    if not text or is_nothing(text.replace(" ", "")):
        return ""
    if "*" in text:
        raise _masked(text)
    if _SCIENTIFIC.fullmatch(text):
        raise _digits_lost(masked_phone(text))
    if without_its_zero(text):
        what = _("the area code of '{value}' has lost its leading 0", value=masked_phone(text))
        raise CellFault(what, _("format the column as text, then type the number again with the 0"))
    if digits := phone_digits(text):
        return digits
    pieces = [phone_digits(piece) for piece in _BETWEEN_NUMBERS.split(text)]
    if sum(len(piece) >= _SHORTEST_PHONE for piece in pieces) > 1:
        raise CellFault(_("there are two numbers in one cell"), _("keep one"))
    raise CellFault(
        _("'{value}' is no phone number", value=masked_phone(text) if len(re.findall(r"\d", text)) > 4 else text),
        _("write one number a cell: 11 digits, or area code and number; format the column as text"),
    )


def mobile(cell: Cell) -> str:
    """The dialled digits of somebody's own number: a mobile or a landline, not 110 or another service; '' if empty."""
    digits = phone(cell)
    if digits and len(digits) < _SHORTEST_PHONE:
        what = _("'{value}' is too short for a person's number", value=digits)
        raise CellFault(what, _("write a mobile number, or area code and number"))
    return digits


def _masked(text: str) -> CellFault:
    return CellFault(
        _("the number is masked ({value})", value=text),
        _("import a file with the whole numbers, such as an export with --unmask"),
    )


def resident_id(cell: Cell) -> str:
    """A valid 18-sign resident ID, '' for an empty cell."""
    text = half_width(clean_text(cell)).replace(" ", "").lstrip("'").upper()
    if not text or is_nothing(text):
        return ""
    if "*" in text:
        raise _masked(text)
    if _SCIENTIFIC.fullmatch(text) or (isinstance(cell, int | float) and abs(cell) >= 1e15):
        raise _digits_lost(masked_id(text))
    kind = resident_id_fault(text)
    if not kind:
        return text
    if text.isdigit() and len(text) == 18 and text.endswith("000"):
        raise _digits_lost(masked_id(text))
    what = {
        "form": _("'{value}' has {count} signs, not the 18 of a resident ID", value=masked_id(text), count=len(text))
        if len(text) != 18
        else _("'{value}' holds signs that no resident ID has", value=masked_id(text)),
        "date": _("'{value}' holds a date of birth that no calendar has", value=masked_id(text)),
        "checksum": _("'{value}' does not agree with its last sign", value=masked_id(text)),
    }[kind]
    raise CellFault(what, _("compare it with the card and type it again as text"))


def _digits_lost(shown: str) -> CellFault:
    return CellFault(
        _("the spreadsheet has kept only the first digits of the number ({value})", value=shown),
        _("format the column as text, then type or paste the whole number again"),
    )


def number(cell: Cell) -> Decimal | None:
    """The number in a cell exactly as the spreadsheet shows it, None for an empty cell."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(_digits(cell))
    text = half_width(clean_text(cell)).replace(",", "").replace(" ", "").lstrip("'")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise CellFault(_("'{value}' is no number", value=text), _("write digits only"))
    return value


def whole(lowest: int, highest: int, units: str = "") -> Callable[[Cell], int | None]:
    """A converter for whole numbers from `lowest` to `highest`; `units` (a pattern) may follow the digits."""
    ending = re.compile(rf"\s*(?:{units})$", re.IGNORECASE) if units else None

    def convert(cell: Cell) -> int | None:
        if ending and isinstance(cell, str):
            cell = ending.sub("", clean_text(cell))
        value = number(cell)
        if value is None:
            return None
        if value != value.to_integral_value() or not lowest <= value <= highest:
            facts = {"value": value, "lowest": lowest, "highest": highest}
            what = _("'{value}' is no whole number from {lowest} to {highest}", **facts)
            raise CellFault(what, _("write the number in digits"))
        return int(value)

    return convert


months = whole(0, MONTHS_LIMIT, "个月|月|months?")


def share(cell: Cell) -> int | None:
    """Per cent of a full post, 0-100; None for an empty cell.

    '50%' and 50 are half a post, and so is 0.5: a spreadsheet keeps its per cent cells as parts of one. 1 is therefore
    a whole post, not a hundredth; see `bare_figure` for columns in which that may be meant otherwise.
    """
    text = half_width(clean_text(cell)).replace(" ", "").casefold()
    if not text:
        return None
    if text in _SHARES:
        return _SHARES[text]
    figure = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text)
    value = Decimal(figure[1]) if figure else Decimal(-1)
    if figure and not figure[2] and value <= 1:
        value *= 100
    if not 0 <= value <= 100 or value != value.to_integral_value():
        what = _("'{value}' is no share of a post from 0 to 100 per cent", value=text)
        raise CellFault(what, _("write a share such as 100%, 50%, or 半职 for half a post"))
    return int(value)


def bare_figure(cell: Cell) -> Decimal | None:
    """The figure of a cell that holds nothing else, no per cent sign either; None for any other."""
    try:
        text = half_width(clean_text(cell)).replace(" ", "")
    except CellFault:
        return None
    return Decimal(text) if re.fullmatch(r"\d+(?:\.\d+)?", text) else None


_SHARES = {"全职": 100, "专职": 100, "半职": 50, "一半": 50, "full": 100, "fulltime": 100, "full-time": 100, "half": 50}


def household_cap(cell: Cell) -> int | None:
    """The most households somebody may have, 1 or more; None for an empty cell: no cap."""
    value = number(re.sub("户$", "", clean_text(cell)) if isinstance(cell, str) else cell)
    if value is None:
        return None
    if value < 1 or value != value.to_integral_value() or value > 1_000_000:
        what = _("'{value}' is no greatest number of households", value=value)
        raise CellFault(what, _("write 1 or more, or leave it empty; who takes none has the share 0%"))
    return int(value)


def words_apart(cell: Cell) -> tuple[str, ...]:
    """The words of a cell that lists some, each once, in their order; commas, semicolons and strokes part them.

    So do blanks between Chinese words; '政 策' is one word set wide.
    """
    words: list[str] = []
    for piece in re.split("[、,;/]", half_width(clean_text(cell, NOTE_LIMIT))):
        apart = piece.split()
        several = not piece.isascii() and all(len(word) > 1 for word in apart)
        words += apart if several else [close_up(piece.strip())]
    return tuple(dict.fromkeys(filter(None, words)))


def degrees(limit: int) -> Callable[[Cell], float | None]:
    """A converter for a longitude (limit 180) or latitude (limit 90) in degrees."""

    def convert(cell: Cell) -> float | None:
        value = number(cell)
        if value is None:
            return None
        if not -limit <= value <= limit:
            what = _("{value} is not between -{limit} and {limit} degrees", value=value, limit=limit)
            raise CellFault(what, _("check the number, and that longitude and latitude are not exchanged"))
        return float(value)

    return convert


def one_of(words: Mapping[str, Value], names: str) -> Callable[[Cell], Value]:
    """A converter for a cell that holds one of `words`, compared without case, width or blanks.

    names: the usual words, for the mend.
    """

    def convert(cell: Cell) -> Value:
        text = clean_text(cell)
        key = half_width(text).replace(" ", "").casefold()
        if key in words:
            return words[key]
        raise CellFault(_("'{value}' is not known here", value=text), _("write one of: {names}", names=names))

    return convert


def fen(cell: Cell) -> int | None:
    """An amount of yuan in fen, exactly; None for an empty cell."""
    if isinstance(cell, str):
        cell = re.sub(r"^[¥￥]|(?:元|yuan)$", "", clean_text(cell).replace(" ", ""))
    value = number(cell)
    if value is None:
        return None
    if value < 0 or value * 100 != (value * 100).to_integral_value() or value > 100_000_000:
        what = _("{value} is no amount in yuan and fen", value=value)
        raise CellFault(what, _("write yuan with at most two places behind the point"))
    return int(value * 100)
