"""One produced file against the truth: whether each piece says what is its own and nothing of anybody else's.

Cards lie where the frozen geometry put them; of other files `services.whose` tells whose each part is.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from outreach.render.readback import Box, Code, Part, Pdf, read_docx, read_picture, read_table, read_text
from outreach.services.findings import (
    CODE,
    FOREIGN,
    MISSING,
    PAGES,
    STRANGE,
    TWICE,
    VALUE,
    Everyone,
    FileReading,
    Finding,
)
from outreach.services.printed import phones_in
from outreach.services.whose import WORD, Finder, Truth, assigned, ends, joined, squeezed, telling

READABLE = ("docx", "pdf", "png", "txt", "csv")

_NUMBER = re.compile(r"\d[\d,.:]*")
_GIVEN_UP_AFTER = 5  # pieces on which a code was looked for in vain
_NEVER = "\0"  # no code says this: everything on the page is looked at


def read_file(
    content: bytes,
    file_format: str,
    pieces: Sequence[Mapping[str, Any]],
    geometry: Mapping[str, Any],
    pages: int,
    names: Collection[str],
    code_names: Collection[str],
    everyone: Everyone,
    *,
    closely: bool = False,
) -> FileReading:
    """Compare one file with its pieces' values.

    pages: how many it was made with, 0 where that says nothing. names: of the values that the kind declares;
    code_names: of those that are drawn as QR codes. closely: also note how often each value stands on each piece.
    Raises Unreadable.
    """
    truths = [Truth.of(values, names, code_names) for values in pieces]
    reading = FileReading(pieces=len(pieces))
    if file_format == "pdf":
        with Pdf(content) as pdf:
            if geometry:
                found = _on_sheets(pdf, truths, geometry, pages, reading, closely=closely)
            else:
                found = _on_pages(pdf, truths, pages, reading, closely=closely)
    else:
        parts = _parts(content, file_format, len(pieces))
        owned = assigned(parts, truths, reading, single=file_format != "docx")
        found = [joined([parts[rank] for rank in ranks]) if ranks else None for ranks in owned]
    for truth, part in zip(truths, found, strict=True):
        if part is None:
            reading.findings.append(Finding(truth.number, MISSING))
        elif file_format == "png":
            _compare_codes(truth, part, reading, everyone)
        else:
            _compare(truth, part, reading, everyone, closely=closely)
    return reading


def _parts(content: bytes, file_format: str, count: int) -> list[Part]:
    if file_format == "docx":
        return read_docx(content)
    if file_format == "csv":
        rows = read_table(content)
        # The first line names the columns.
        return rows[1:] if len(rows) > count or len(rows) == 1 else rows
    return [read_picture(content) if file_format == "png" else read_text(content)]


def _on_pages(
    pdf: Pdf, truths: Sequence[Truth], pages: int, reading: FileReading, *, closely: bool
) -> list[Part | None]:
    """The pieces of a file whose pages are theirs alone.

    A code that is no picture is looked for on the drawn page: of an untouched file only where one is lacking.
    """
    if len(pdf) != pages:
        reading.findings.append(Finding(0, PAGES, expected=str(pages), found=str(len(pdf))))
    parts = []
    for number in range(len(pdf)):
        (text,), codes = pdf.page(number)
        drawn = pdf.search(number, (_NEVER,)) if closely else []
        parts.append(Part(text, tuple(dict.fromkeys(one.text for one in (*codes, *drawn)))))
    owned = assigned(parts, truths, reading, single=len(truths) == pages)
    search = _Search(pdf)
    found: list[Part | None] = []
    for truth, ranks in zip(truths, owned, strict=True):
        if not ranks:
            found.append(None)
            continue
        part = joined([parts[rank] for rank in ranks])
        for rank in ranks:
            if lacking := search.lacking(truth, part.codes):
                codes = search.on(rank, lacking)
                part = Part(part.text, tuple(dict.fromkeys((*part.codes, *(one.text for one in codes)))))
        search.learn(truth, part.codes)
        found.append(part)
    return found


class _Search:
    """Looks for lacking codes on drawn pages, and gives up those that the layout does not draw."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._vain: Counter[str] = Counter()

    def lacking(self, truth: Truth, read: Collection[str]) -> dict[str, str]:
        """The codes of a piece that were not read and are worth looking for: payload to name."""
        have = {ends(code) for code in read}
        return {
            payload: name
            for name, payload in truth.codes
            if ends(payload) not in have and self._vain[name] < _GIVEN_UP_AFTER
        }

    def on(self, page: int, lacking: Collection[str]) -> list[Code]:
        """The codes seen on a drawn page."""
        return self._pdf.search(page, lacking)

    def learn(self, truth: Truth, read: Collection[str]) -> None:
        """Remember which codes were looked for in vain; one that was found is never given up."""
        have = {ends(code) for code in read}
        for name, payload in truth.codes:
            if ends(payload) in have:
                self._vain[name] = -len(truth.codes) * 1_000_000
            else:
                self._vain[name] += 1


def _on_sheets(
    pdf: Pdf,
    truths: Sequence[Truth],
    geometry: Mapping[str, Any],
    pages: int,
    reading: FileReading,
    *,
    closely: bool,
) -> list[Part | None]:
    """The cards of a file: fronts and backs where the geometry says, each back behind its front."""
    width, height = geometry["card"]
    fronts, backs = geometry["fronts"], geometry["backs"]
    sides = [fronts, backs] if pages == 2 * len(fronts) else [fronts]
    if len(pdf) != len(sides) * len(fronts):
        reading.findings.append(Finding(0, PAGES, expected=str(pages), found=str(len(pdf))))
        read = [pdf.page(number) for number in range(len(pdf))]
        parts = [Part("\n".join(text), tuple(one.text for one in codes)) for text, codes in read]
        return _by_sheet(parts, truths, fronts, len(sides), reading)
    found: dict[int, list[Part]] = defaultdict(list)
    search = _Search(pdf)
    for sheet in range(len(fronts)):
        spots = [one[sheet] for one in sides]
        seen = []
        for side, own in enumerate(spots):
            boxes: list[Box] = [(x, y, x + width, y + height) for _card, x, y in own]
            words, codes = pdf.page(sheet * len(sides) + side, boxes)
            seen.append((own, boxes, words, codes))
        every = {one.text for _own, _boxes, _words, codes in seen for one in codes}
        cards = sorted({int(card) for own in spots for card, _x, _y in own})
        lacking = {payload for card in cards for payload in search.lacking(truths[card], every)}
        for side, (own, boxes, words, codes) in enumerate(seen):
            drawn = search.on(sheet * len(sides) + side, (_NEVER,)) if lacking or closely else []
            for (card, _x, _y), box, text in zip(own, boxes, words, strict=True):
                inside = (one.text for one in (*codes, *drawn) if _within(one, box))
                found[int(card)].append(Part(text, tuple(dict.fromkeys(inside))))
        for card in cards:
            search.learn(truths[card], [code for part in found[card] for code in part.codes])
    return [joined(found[rank]) if rank in found else None for rank in range(len(truths))]


def _within(code: Code, box: Box) -> bool:
    return box[0] <= code.x <= box[2] and box[1] <= code.y <= box[3]


def _by_sheet(
    pages: Sequence[Part],
    truths: Sequence[Truth],
    fronts: Sequence[Sequence[Sequence[float]]],
    sides: int,
    reading: FileReading,
) -> list[Part | None]:
    """Cards of a file whose pages are not all there: which sheets lack a side, or have one twice.

    Where the cards lie is not known then, so that they are not read one by one.
    """
    finder = Finder(truths)
    sheet_of = {int(spot[0]): sheet for sheet, spots in enumerate(fronts) for spot in spots}
    sheets: dict[int, list[Part]] = defaultdict(list)
    for page in pages:
        votes = Counter(sheet_of[rank] for rank in finder.named(page))
        if votes:
            sheets[votes.most_common(1)[0][0]].append(page)
    for sheet, spots in enumerate(fronts):
        if len(sheets[sheet]) != sides:
            sort = MISSING if len(sheets[sheet]) < sides else TWICE
            for card, _x, _y in spots:
                reading.findings.append(
                    Finding(truths[int(card)].number, sort, expected=str(sides), found=str(len(sheets[sheet])))
                )
    return [_SKIPPED] * len(truths)


_SKIPPED = Part("", ("not read",))  # of a card whose sheet is not whole


def _compare(truth: Truth, part: Part, reading: FileReading, everyone: Everyone, *, closely: bool) -> None:
    if part is _SKIPPED:
        return
    plain = squeezed(part.text)
    numbers = _numbers(part.text)
    words = set(WORD.findall(part.text))
    own_words: set[str] = set()
    own_numbers: set[str] = set()
    asked: dict[str, bool] = {}
    for name, text in truth.texts:
        own_numbers |= _numbers_of(text)
        own_words |= _words_of(text)
        times = int(text in numbers) if text.isdigit() else plain.count(squeezed(text))
        asked[name] = asked.get(name, True) and times > 0
        reading.times[name, times] += 1
        if closely and times:
            reading.counted.append((truth.number, name, text, times))
        if not times:
            reading.lose(Finding(truth.number, VALUE, name, text))
    reading.asked.update(asked.keys())
    reading.seen.update(name for name, there in asked.items() if there)
    for text in truth.others:
        own_numbers |= _numbers_of(text)
        own_words |= _words_of(text)
    for word in words - own_words:
        if telling(word) and (word in everyone.households or word in everyone.pieces):
            reading.findings.append(Finding(truth.number, FOREIGN, found=word))
    own_phones: set[str] | None = None
    for phone in phones_in(part.text, everyone.phones):
        if own_phones is None:
            every = (*(text for _name, text in (*truth.texts, *truth.codes)), *truth.others)
            own_phones = {one for text in every for one in _phones_of(text, everyone.phones)}
        if phone not in own_phones:
            reading.findings.append(Finding(truth.number, FOREIGN, name="phone", found=phone))
    for number in sorted(numbers - own_numbers):
        if len(number) > 1:
            reading.wonder(Finding(truth.number, STRANGE, found=number))
    _compare_codes(truth, part, reading, everyone)


def _compare_codes(truth: Truth, part: Part, reading: FileReading, everyone: Everyone) -> None:
    reading.codes += len(part.codes)
    read = {ends(code) for code in part.codes}
    own = {ends(payload): name for name, payload in truth.codes} | {truth.identity["piece.code"]: "piece.qr"}
    for name, payload in truth.codes:
        reading.asked[f"{name} (QR)"] += 1
        if ends(payload) in read:
            reading.seen[f"{name} (QR)"] += 1
        else:
            reading.lose(Finding(truth.number, CODE, f"{name} (QR)", payload))
    for code in sorted(read - own.keys()):
        sure = code in everyone.households or code in everyone.pieces
        if sure:
            reading.findings.append(Finding(truth.number, FOREIGN, name="QR", found=code))
        else:
            reading.wonder(Finding(truth.number, CODE, name="QR", found=code))


def _numbers(text: str) -> set[str]:
    return {one.rstrip(",.:") for one in _NUMBER.findall(unicodedata.normalize("NFKC", text))}


@lru_cache(maxsize=65536)
def _numbers_of(text: str) -> frozenset[str]:
    return frozenset(_numbers(text))


@lru_cache(maxsize=65536)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text))


@lru_cache(maxsize=65536)
def _phones_of(text: str, phones: frozenset[str]) -> frozenset[str]:
    return frozenset(phones_in(text, phones))
