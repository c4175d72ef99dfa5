"""Units in headings and titles: 万元, 千元, 年 where yuan and months are read. What they would change is refused.

Only the office knows whether 0.12 under 缴费金额（万元） is 1,200 yuan, or was never turned into 万元: no guess.
"""

from __future__ import annotations

import re
import unicodedata

from outreach.messages import _

MONEY = frozenset(["amount", "whole", "own_part", "base", "paid", "balance", "price"])
_MONTHS = frozenset(["months", "months_lapsed"])

_IN_BRACKETS = re.compile(r"[(\[{【〔《<]([^)\]}】〕》>]*)[)\]}】〕》>]")
_SAID_ABOVE = re.compile(r"单位\s*[:：]?\s*(\S+)|\b(?:unit|in)s?\b\s*:?\s*([^\n()]+)")
_BETWEEN = re.compile(r"[\s,，、;；:：/]+")
_OTHER_MONEY = re.compile(
    r"(?:人民币|单位|以|按|金额)?(?:亿|[十百千仟万]+)元?(?:人民币|计|整)?|[角分]|美元|美金|港元|港币|欧元|日元"
)
_OTHER_MONEY_ENGLISH = re.compile(r"thousand|million|\b10,?000\b|\b1,?000\b|\bk\b|\b(?:fen|cents?|usd|dollars?|eur)\b")
_YUAN = re.compile(r"(?:人民币)?元|yuan|rmb|cny")
_A_YEAR = re.compile(r"每?年度?|按年|全年|年均|年平均|years?|yearly|annual")
_OTHER_TIME = re.compile(r"周?年|年数|季度?|周|[天日]|years?|quarters?|weeks?|days?")
_BEHIND = re.compile(r"(?:人民币)?[亿万千仟百]?元$")


def without_unit(heading: str) -> str:
    """A folded heading without a unit of money at its end: '缴费金额万元' is 缴费金额."""
    return _BEHIND.sub("", heading)


def other_unit(field: str, heading: str, above: str) -> tuple[str, str] | None:
    """What is wrong with a column whose heading, or the title above it, names another unit than is read, and the mend.

    above: the sheet's name and what stands over the headings, a line each. None where the unit is the usual one or
    none is named.
    """
    if field not in MONEY and field not in _MONTHS:
        return None
    text = unicodedata.normalize("NFKC", heading).casefold().strip()
    said = _pieces(" ".join(_IN_BRACKETS.findall(text)))
    if field in _MONTHS:
        unit = next((piece for piece in said if _OTHER_TIME.fullmatch(piece)), "")
        if not unit:
            return None
        what = _("the column is in '{unit}', and months are read", unit=unit)
        return what, _("turn the figures into months, and write （月） into the heading")
    if field == "base" and (unit := next((piece for piece in said if _A_YEAR.fullmatch(piece)), "")):
        what = _("the column is by the year ('{unit}'), and yuan a month are read", unit=unit)
        return what, _("divide the figures by 12, and write （元/月） into the heading")
    if behind := _BEHIND.search(_IN_BRACKETS.sub("", text)):
        said.append(behind[0])
    unit = _other_money(said, " ".join(_IN_BRACKETS.findall(text)))
    if not unit and not any(_YUAN.fullmatch(piece) for piece in said):
        unit = _told_above(unicodedata.normalize("NFKC", above).casefold())
    if not unit:
        return None
    what = _("the amounts are in '{unit}', and yuan are read", unit=unit)
    return what, _("turn the figures into yuan, and write （元） into the heading and the title")


def _pieces(text: str) -> list[str]:
    return [piece for piece in _BETWEEN.split(text) if piece]


def _other_money(pieces: list[str], text: str) -> str:
    found = next((piece for piece in pieces if _OTHER_MONEY.fullmatch(piece)), "")
    if not found and (english := _OTHER_MONEY_ENGLISH.search(text)):
        return english[0]
    return found


def _told_above(above: str) -> str:
    """The unit of money a title names, in brackets or behind 单位, where it is not the yuan."""
    for match in _SAID_ABOVE.finditer(above):
        text = match[1] or match[2]
        if unit := _other_money(_pieces(text.strip("()[]")), match[2] or ""):
            return unit
    for text in _IN_BRACKETS.findall(above):
        if unit := _other_money(_pieces(text), ""):
            return unit
    return ""
