"""What letters in one Word file must not share: list numbers and bookmarks.

A list of the second letter would count on from the first, and two bookmarks of one name are a fault. So a
numbered list gets a copy per letter that starts again, and bookmarks get ids and names of their own.
Source: ECMA-376 part 1, 17.9 (numbering) and 17.13.6 (bookmarks).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from outreach.render.docx_layout import MARK

_NAMESPACES = re.compile(r'\s+xmlns:\w+="[^"]*"')
_LIST_NUMBER = re.compile(r'<w:numId w:val="(\d+)"/>')
_MARK = re.compile(r'<w:bookmark(Start|End)\b[^>]*>|w:anchor="([^"]*)"|(?<=<w:instrText)[^<]*')
_MARK_ID = re.compile(r'w:id="([^"]*)"')
_MARK_NAME = re.compile(r'(<w:bookmarkStart\b[^>]*w:name=")([^"]*)"')


class Lists:
    """The numbered lists of a layout, and copies of them that count from the start again."""

    def __init__(self, numbering: Any, styles: Any, body: Any) -> None:
        self._root = numbering
        self._nums: dict[int, Any] = {}
        self._abstract: dict[str, Any] = {}
        if numbering is not None:
            self._nums = {int(num.get(qn("w:numId"))): num for num in numbering.findall(qn("w:num"))}
            self._abstract = {item.get(qn("w:abstractNumId")): item for item in numbering.findall(qn("w:abstractNum"))}
        self._styles: dict[str, Any] = {}
        if styles is not None:
            self._styles = {item.get(qn("w:styleId")): item for item in styles.findall(qn("w:style"))}
        levels: dict[int, set[int]] = {}
        for _paragraph, number, level in self._uses(body):
            levels.setdefault(number, set()).add(level)
        self.restarting = tuple(
            number for number in sorted(levels) if number in self._nums and self._counts(number, levels[number])
        )
        self._marks = [(number, _mark(number).encode()) for number in self.restarting]
        self._highest = max(self._nums, default=0)
        self._copies = {number: self._copy_of(number, sorted(levels[number])) for number in self.restarting}

    def numbered_by_letter(self, source: str) -> str:
        """The merged source, with the numbers of lists that start again marked."""

        def mend(found: re.Match[str]) -> str:
            number = int(found[1])
            return f'<w:numId w:val="{_mark(number)}"/>' if number in self.restarting else found[0]

        return _LIST_NUMBER.sub(mend, source)

    def numbered(self, letter: bytes, index: int) -> bytes:
        """A piece of a letter with its marked lists numbered; the first letter keeps the layout's own numbers."""
        for place, (number, mark) in enumerate(self._marks):
            letter = letter.replace(mark, b"%d" % (self._number(index, place) if index else number))
        return letter

    def part(self, letters: int) -> bytes | None:
        """The numbering part for a file of `letters` letters, or None where it stays as it was."""
        if not self.restarting:
            return None
        root = copy.deepcopy(self._root)
        root.findall(qn("w:num"))[-1].addnext(etree.Comment("letters"))
        head, tail = etree.tostring(root, encoding="UTF-8", standalone=True).split(b"<!--letters-->")
        copies = "".join(
            self._copies[number] % self._number(letter, place)
            for letter in range(1, letters)
            for place, number in enumerate(self.restarting)
        )
        return bytes(head) + copies.encode() + bytes(tail)

    def write_out(self, body: Any) -> None:
        """Give every paragraph that is in a list by its style the list number of its own."""
        for paragraph, number, level in self._uses(body):
            properties = paragraph.get_or_add_pPr().get_or_add_numPr()
            if properties.numId is None:
                properties.get_or_add_ilvl().val = level
                properties.get_or_add_numId().val = number

    def _number(self, letter: int, place: int) -> int:
        return self._highest + (letter - 1) * len(self.restarting) + place + 1

    def _uses(self, body: Any) -> Iterator[tuple[Any, int, int]]:
        """Paragraphs in lists, with list number and level."""
        for paragraph in body.iter(qn("w:p")):
            properties = paragraph.find(qn("w:pPr"))
            if properties is None:
                continue
            number, level = _list_of(properties)
            if number is None:
                style = properties.find(qn("w:pStyle"))
                number, level = self._list_of_style(None if style is None else style.get(qn("w:val")))
            if number:
                yield paragraph, number, level or 0

    def _list_of_style(self, name: str | None) -> tuple[int | None, int | None]:
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            style = self._styles[name]
            properties = style.find(qn("w:pPr"))
            if properties is not None:
                number, level = _list_of(properties)
                if number is not None:
                    return number, self._level_of_style(number, name) if level is None else level
            base = style.find(qn("w:basedOn"))
            name = None if base is None else base.get(qn("w:val"))
        return None, None

    def _level_of_style(self, number: int, style: str) -> int:
        """The level a list ties to `style`, where the style itself does not say."""
        for level in self._levels(number).values():
            tied = level.find(qn("w:pStyle"))
            if tied is not None and tied.get(qn("w:val")) == style:
                return int(level.get(qn("w:ilvl")))
        return 0

    def _levels(self, number: int) -> dict[int, Any]:
        num = self._nums.get(number)
        if num is None:
            return {}
        abstract = self._abstract.get(num.find(qn("w:abstractNumId")).get(qn("w:val")))
        if abstract is None:
            return {}
        return {int(level.get(qn("w:ilvl"))): level for level in abstract.findall(qn("w:lvl"))}

    def _counts(self, number: int, used: set[int]) -> bool:
        """Whether any level in use is numbered; bullets have nothing to start again."""
        defined = self._levels(number)
        return any(_value(defined.get(level), "w:numFmt", "decimal") not in ("bullet", "none") for level in used)

    def _copy_of(self, number: int, used: list[int]) -> str:
        """A w:num as text that counts the used levels from their start, its own number left as %d."""
        num = copy.deepcopy(self._nums[number])
        overrides = {int(item.get(qn("w:ilvl"))): item for item in num.findall(qn("w:lvlOverride"))}
        for level in used:
            override = overrides.get(level)
            if override is None:
                override = etree.SubElement(num, qn("w:lvlOverride"), {qn("w:ilvl"): str(level)})
            if override.find(qn("w:startOverride")) is None:
                own = override.find(qn("w:lvl"))
                start = _value(own if own is not None else self._levels(number).get(level), "w:start", "1")
                override.insert(0, etree.Element(qn("w:startOverride"), {qn("w:val"): start}))
        num.set(qn("w:numId"), "0")
        num.tail = None
        text = _NAMESPACES.sub("", str(etree.tostring(num, encoding="unicode"))).replace("%", "%%")
        return re.sub(r'w:numId="0"', 'w:numId="%d"', text, count=1)


def _mark(number: int) -> str:
    return f"{MARK}list{number}{MARK}"


def _list_of(properties: Any) -> tuple[int | None, int | None]:
    """The list number and level paragraph properties give, each None where they do not."""
    numbering = properties.find(qn("w:numPr"))
    if numbering is None:
        return None, None
    number = _value(numbering, "w:numId", "")
    level = _value(numbering, "w:ilvl", "")
    return int(number) if number else None, int(level) if level else None


def _value(element: Any, child: str, otherwise: str) -> str:
    found = None if element is None else element.find(qn(child))
    return otherwise if found is None else str(found.get(qn("w:val"), otherwise))


class Bookmarks:
    """Gives the bookmarks of each letter ids and names of their own, and links inside the letter with them."""

    def __init__(self) -> None:
        self._next = 0
        self._names: set[str] = set()

    def renumbered(self, xml: str, letter: int) -> str:
        """`xml` of the letter with this index, with its bookmarks renumbered."""
        open_marks: dict[str, int] = {}
        names = {found[2] for found in _MARK_NAME.finditer(xml)}

        def mend(found: re.Match[str]) -> str:
            text = found[0]
            old = _MARK_ID.search(text)
            old_id = old[1] if old else ""
            if found[1] == "Start":
                number = open_marks[old_id] = self._next
                self._next += 1
                text = _MARK_NAME.sub(lambda name: f'{name[1]}{self._unused(name[2], letter)}"', text)
                return _MARK_ID.sub(f'w:id="{number}"', text)
            if found[1] == "End":
                closed = open_marks.pop(old_id, None)
                return "" if closed is None else _MARK_ID.sub(f'w:id="{closed}"', text)
            if found[2] is not None:
                return f'w:anchor="{_numbered(found[2], letter)}"' if found[2] in names else text
            return " ".join(_numbered(word, letter) if word in names else word for word in text.split(" "))

        return _MARK.sub(mend, xml)

    def _unused(self, name: str, letter: int) -> str:
        """The first of a name in a letter is what links lead to; the next (of a loop) get a count more."""
        made = _numbered(name, letter)
        if made in self._names:
            made = f"{made}_{self._next}"
        self._names.add(made)
        return made


def _numbered(name: str, letter: int) -> str:
    return f"{name[:24]}_{letter + 1}"  # Word allows 40 characters


def drop_last_place(body: Any) -> None:
    """Remove Word's own bookmark of where it was edited last."""
    for start in body.findall(f".//{qn('w:bookmarkStart')}"):
        if start.get(qn("w:name")) == "_GoBack":
            for end in body.findall(f".//{qn('w:bookmarkEnd')}"):
                if end.get(qn("w:id")) == start.get(qn("w:id")):
                    end.getparent().remove(end)
            start.getparent().remove(start)
