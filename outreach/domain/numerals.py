"""Chinese numerals as people write them in addresses."""

from __future__ import annotations

NUMERALS = "〇零○一二三四五六七八九十百两"
"""The signs a numeral of an address is written with."""

_DIGIT = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}


def numeral(text: str) -> str:
    """Chinese numerals as Arabic digits: '三' -> '3', '二十一' -> '21', '五〇一' -> '501'; other text as it is."""
    if not text or any(sign not in NUMERALS for sign in text):
        return text
    if "十" not in text and "百" not in text:
        return "".join(str(_DIGIT[sign]) for sign in text)
    total, current = 0, 0
    for sign in text:
        if sign == "百":
            total, current = total + (current or 1) * 100, 0
        elif sign == "十":
            total, current = total + (current or 1) * 10, 0
        else:
            current = _DIGIT[sign]
    return str(total + current)
