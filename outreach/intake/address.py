"""Parts of an address: told apart in one free line, and written one way wherever they come from."""

from __future__ import annotations

import re
from typing import NamedTuple

from outreach.domain.numerals import NUMERALS, numeral
from outreach.intake.cells import half_width
from outreach.intake.stand_ins import NO_ADDRESSES, NOTHING

_NUMBER = rf"(?:[A-Za-z]?[0-9]+[A-Za-z]?|[A-Za-z](?![A-Za-z])|[{NUMERALS}]+)"
_LABEL = rf"(?:{_NUMBER}(?:-{_NUMBER})?|[甲乙丙丁戊己东南西北中][0-9]*)"

# One line is taken apart from its end. (field, pattern), tried once each in this order.
_FROM_THE_END = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        ("room", rf"({_LABEL})(?:室|号房|房|户)$"),
        ("room", r"(?<=[栋幢座楼层门元号#])([A-Za-z]?[0-9]{1,4}[A-Za-z]?)号?$"),
        ("floor", rf"(?<=[栋幢座楼门元号#])({_NUMBER})(?:楼|层)$"),
        ("floor", rf"({_NUMBER})层$"),
        ("unit", rf"({_LABEL}单元)$"),
        ("entrance", rf"(?<=[栋幢座楼元号#])({_LABEL}(?:号门|门栋|门洞|门))$"),
        ("building", rf"({_LABEL}(?:栋|幢|座|号楼|号院|#楼|#|楼))$"),
        ("building", r"(?<=[区院村里舍苑园城庭湾路号])([^0-9]{1,6}楼)$"),
    )
)
_DASHES = re.compile(
    r"(?<![0-9A-Za-z-])([A-Za-z]?[0-9]{1,3}(?:#楼?-?|(?:号楼|栋|幢|座)-?|-))"
    r"(?:([0-9]{1,2})(?:单元)?-)?(?:([0-9]{1,2})-)?([0-9]{2,4})(?:室|号|房)?$"
)
_STREET_NUMBER = re.compile(r"(?<=[路街巷道弄])([0-9]{1,4}-[0-9]{1,3}号)$")
_HOUSE_NUMBER = re.compile(r"(?<=[区院村里组队舍苑园])([0-9]+(?:-[0-9]+)?号)$")
_COMMUNITY = re.compile(r"社区(?:居委会|居民委员会)?|居委会|居民委员会|村委会|村(?=[0-9一二三四五六七八九十]+[组队])")
_STREET_OFFICE = re.compile(r".{2,}街道(?!口)(?:办事处|办)?")
# What may stand before a community or compound, from the top; a name of at least two signs before the level's sign.
# 市场, 县城, 新区, 市花园 ... are parts of names; where it is not sure that a level is meant, the name stays whole.
_CITY = r"(?!场|区|花园|家园|广场|之|民|政|府|委)"
_ABOVE = tuple(
    re.compile(pattern)
    for pattern in (
        r"[^路街巷]{2,7}?(?:省|自治区)",
        rf"[^路街巷]{{2,5}}?(?:市|自治州|地区|盟){_CITY}",
        rf"[^路街巷]{{2,6}}?(?:县(?!城)|自治旗|[左右前后]旗|市|(?<![社小园片校厂矿景宅活新老库林营业居])区){_CITY}",
        rf"[^路街巷]{{2,6}}?(?:镇|乡){_CITY}",
    )
)
_ENGLISH = re.compile(
    r"(room|flat|apt|apartment|floor|unit|entrance|building|block)\.? *(?:no\.? *)?(.+)", re.IGNORECASE
)
_ENGLISH_FIELD = {"flat": "room", "apt": "room", "apartment": "room", "block": "building"}
_NOTE = re.compile(r"[(（][^)）]*[)）]$")
_NOTHING = NOTHING | NO_ADDRESSES | frozenset("待查 待核 外地 外省 unknown".split())
_BLANKS = re.compile(r"[\s,，、;；]+")
# A blank or comma between two labels parts them: 小区5 2栋 is not 小区52栋.
_APART = "\0"
_BETWEEN_LABELS = re.compile(r"(?<=[0-9])[\s,，、;；]+(?=[0-9A-Za-z])|(?<=[A-Za-z])[\s,，、;；]+(?=[0-9])")
_FIGURES_APART = re.compile(rf"[0-9]{_APART}[0-9]")
# A single letter may be the compound's last sign or the building's first: 阳光城A 3栋.
_LOOSE_LETTER = re.compile(rf"(?<![0-9A-Za-z])[A-Za-z]{_APART}[0-9]")
_DOOR_LEFT_OVER = re.compile(r"[0-9A-Za-z](?:-|#|号楼|[栋幢座单室层])")

_TAKEN_OFF = {
    "building": ("栋", "#"),
    "entrance": ("号门", "门"),
    "unit": ("单元",),
    "room": ("室",),
    "floor": ("层", "楼", "F", "f"),
}
_NUMERAL_LABEL = re.compile(rf"([{NUMERALS}]+)(.*)")


class Parts(NamedTuple):
    """The parts of an address as text; '' where not told."""

    community: str = ""
    compound: str = ""
    building: str = ""
    entrance: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""


def part(text: str, field: str) -> str:
    """One part in the one way it is kept: '３栋', '三栋' and '3' are the building '3'; '3号楼' stays '3号楼'.

    Only the word that `Address.line` prints again is taken off.
    """
    text = half_width(text)
    if text.isascii() and (match := _ENGLISH.fullmatch(text)):
        text = match[2]  # 'Building 3' in the column of buildings
    text = " ".join(text.split()) if text.isascii() else text.replace(" ", "")
    for word in _TAKEN_OFF[field]:
        bare = text.removesuffix(word)
        if bare != text and re.fullmatch(_LABEL, bare):
            return numeral(bare)
    if match := _NUMERAL_LABEL.fullmatch(text):  # '三号楼' -> '3号楼', but not '一枝花楼'
        digits, rest = match.groups()
        if rest in ("", "幢", "座", "号楼", "号院", "号"):
            return numeral(digits) + rest
    return text


def floor_of(room: str) -> int:
    """The floor a room number tells: '501' -> 5, '1203' -> 12; 0 where it tells none."""
    match = re.fullmatch(r"(\d{1,2})\d{2}[A-Za-z]?", room)
    return int(match[1]) if match else 0


def parse(line: str) -> Parts:
    """A free address line as parts; all '' where not even the compound can be told.

    '城东街道槐荫社区棉纺小区3栋2单元501室' -> 槐荫社区, 棉纺小区, 3, '', 2, '', 501. Where a community is named, the
    province, city, county, town and street office before it are left out. English lines are told apart at commas.
    """
    line = _NOTE.sub("", half_width(line).replace("—", "-").strip())
    if line.replace(" ", "").lower() in _NOTHING:
        return Parts()
    if line.isascii() or any(_ENGLISH.match(piece.strip()) for piece in line.split(",")):
        return _parse_english(line)
    door = _door(line)
    if door is None:
        return Parts()
    rest, found = door
    community = ""
    if match := _COMMUNITY.search(rest):
        shortest = 1 if match[0] == "村" else 2
        community, rest = _without_what_is_above(rest[: match.end()], len(match[0]), shortest), rest[match.end() :]
    elif (match := _STREET_OFFICE.match(rest)) and match.end() <= len(rest) - 2:
        rest = rest[match.end() :]
    if not rest and community and found:
        return Parts(community=community, **found)
    return Parts(community=community, compound=rest, **found) if rest else Parts()


def figures_are_clear(line: str) -> bool:
    """Whether it is sure what the figures of a line mean: in 城关小区5 3 2 501 nobody knows which is the building."""
    line = half_width(line).replace("—", "-")
    return line.isascii() or _door(_NOTE.sub("", line.strip())) is not None


def _door(line: str) -> tuple[str, dict[str, str]] | None:
    """As `_split_door`, of a line with blanks and commas; None where it is not sure what figures apart mean.

    What parts two labels is kept while the door is taken off; figures alone, '3 2 501', are read as '3-2-501'.
    """
    text = _BLANKS.sub("", _BETWEEN_LABELS.sub(_APART, line))
    if _APART not in text:
        return _split_door(text)
    if _LOOSE_LETTER.search(text):
        return None
    rest, found = _split_door(text)
    if found and not found.get("unit") and re.search(rf"[0-9]{_APART}[0-9-]+$", text):
        return None  # 水岸新村12 2-301 may be 12-2-301 as well; three figures are a whole door
    if not _is_sure(rest, found):
        rest, found = _split_door(text.replace(_APART, "-"))
        if not found or "floor" in found or not _is_sure(rest, found):
            return None
    return rest.replace(_APART, ""), found


def _is_sure(rest: str, found: dict[str, str]) -> bool:
    """Whether what stands before the door holds nothing of it."""
    rest = rest.rstrip(_APART)
    return not _FIGURES_APART.search(rest) and not (found and _DOOR_LEFT_OVER.search(rest))


def _split_door(text: str) -> tuple[str, dict[str, str]]:
    """(what stands before the building, the parts from the building to the room)."""
    if match := _STREET_NUMBER.search(text):
        return text[: match.start()], {"room": match[1]}
    if match := _DASHES.search(text):
        found = {"building": part(match[1].rstrip("-"), "building"), "unit": match[2] or "", "room": match[4]}
        return text[: match.start()], found | ({"floor": match[3]} if match[3] else {})
    found = {}
    for field, pattern in _FROM_THE_END:
        if field not in found and (match := pattern.search(text)):
            found[field] = part(match[1], field)
            text = text[: match.start()]
    if "floor" in found and "room" in found and not re.search(r"\d", found["room"]):
        found["room"] = f"{found['floor']}楼{found['room']}户"  # 东户 is on every floor
    if not found and (match := _HOUSE_NUMBER.search(text)):
        found["room"] = match[1]
        text = text[: match.start()]
    return text, found


def _without_what_is_above(text: str, word: int, shortest: int) -> str:
    """A community's name without its province, city, county, town; `word` signs at its end say what it is.

    What is left has at least `shortest` signs before them: 红旗路社区 and 老县城社区 are whole names.
    """
    for pattern in (_STREET_OFFICE, *_ABOVE):
        if (match := pattern.match(text)) and match.end() <= len(text) - word - shortest:
            text = text[match.end() :]
    return text


def _parse_english(line: str) -> Parts:
    found: dict[str, str] = {}
    names = []
    for piece in filter(None, (piece.strip() for piece in line.split(","))):
        if match := _ENGLISH.fullmatch(piece):
            word = match[1].lower()
            found[_ENGLISH_FIELD.get(word, word)] = match[2]
        else:
            names.append(piece)
    if not names or not found:
        return Parts(compound=names[0]) if len(names) == 1 else Parts()
    return Parts(compound=names[0], community=names[1] if len(names) > 1 else "", **found)
