"""Phone numbers: what one is, and how it is shown, printed and hidden.

The rule is one of form, not of assignment: a bureau prints numbers that national numbering tables may not
list yet. Sources of the forms: China's numbering plan (11-digit mobiles beginning with 1; area codes of
3 or 4 digits with the leading 0, then 7 or 8 digits; 3-6 digit service numbers; 400/800 numbers), and
E.164 for numbers written with a plus sign (at most 15 digits).
"""

from __future__ import annotations

import re
import unicodedata

_MOBILE = re.compile(r"1\d{10}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})(?:x(\d{1,6}))?")
_SERVICE = re.compile(r"(?:1\d{2,5}|9\d{4,5})")
_TOLL_FREE = re.compile(r"([48]00)(\d{3})(\d{4})")
_INTERNATIONAL = re.compile(r"\+[1-9]\d{6,14}")
_EXAMPLE = re.compile(r"(?:1?\d{3})?5550[01]\d{2}")


def phone_digits(text: str) -> str:
    """The dialled digits of `text`, or '' when it is no phone number.

    Full-width digits, spaces, dots, dashes and brackets are taken off; an extension follows an 'x'.
    """
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    folded = re.sub(r"(?:转|分机|ext\.?|#)", "x", folded)
    digits = re.sub(r"[\s().\-‐–—]", "", folded)
    if digits.startswith("+86"):
        digits = digits[3:]
        # Abroad an area code is written without its leading 0; mobiles and 400 numbers never had one.
        if not (_MOBILE.fullmatch(digits) or _TOLL_FREE.fullmatch(digits)) and _LANDLINE.fullmatch("0" + digits):
            digits = "0" + digits
    forms = (_MOBILE, _LANDLINE, _SERVICE, _TOLL_FREE, _INTERNATIONAL, _EXAMPLE)
    return digits if any(form.fullmatch(digits) for form in forms) else ""


def without_its_zero(text: str) -> bool:
    """Whether `text` is an area code and number but for the leading 0, as spreadsheets keep '07005550101'."""
    digits = re.sub(r"[\s().\-‐–—]", "", text)
    if not digits.isdecimal() or digits.startswith("0"):
        return False
    if _MOBILE.fullmatch(digits) or _TOLL_FREE.fullmatch(digits) or len(digits) < 9:
        return False
    return _LANDLINE.fullmatch("0" + digits) is not None


def mobile_digits(text: str) -> str:
    """The eleven digits of a mobile, the only numbers a text message goes to, or '' for any other text."""
    digits = phone_digits(text)
    return digits if _MOBILE.fullmatch(digits) else ""


def phone_printed(text: str) -> str:
    """The number grouped for reading: '121 0555 0123', '0700-5550101', '400-555-0101'.

    Raises ValueError when `text` is no phone number.
    """
    digits = phone_digits(text)
    if not digits:
        raise ValueError(text)
    if _MOBILE.fullmatch(digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if match := _LANDLINE.fullmatch(digits):
        area, number, extension = match.groups()
        return f"{area}-{number}" + (f"-{extension}" if extension else "")
    if match := _TOLL_FREE.fullmatch(digits):
        return "-".join(match.groups())
    return digits


def masked_phone(text: str) -> str:
    """The number with its middle hidden: '121****0123'; a short one is hidden whole."""
    return text[:3] + "****" + text[-4:] if len(text) >= 11 else "****"


def masked_id(text: str) -> str:
    """A resident ID with everything but the first three and last two signs hidden."""
    return text[:3] + "*" * (len(text) - 5) + text[-2:] if len(text) >= 8 else "****"
