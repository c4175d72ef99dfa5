"""Whose a part of a produced file is: a page, letter or line is known by what stands on it alone.

That is the code of the piece or of the household, its QR codes, its address or name. Parts that follow and name nobody
belong to the piece before.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outreach.render.readback import Part
from outreach.services.findings import ORDER, STRAY, TWICE, FileReading, Finding
from outreach.services.values import NO_PHONE

WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*")
_NO_SIGNS = re.compile(r"[\s\-‐‑–—\u00ad\u200b-\u200f\u2060\ufeff\ufffe\uffff\x00-\x1f]+")
_IDENTITY = ("piece.code", "household.code", "number", "entrance.address", "household.address", "person.name")
_NEVER_READ = ("piece.run", "piece.qr")
_FEW = 4  # pieces out of place, all of which are named
_SHORT = 40  # signs of a page that may be alike on two pages of one piece
_LONG_NUMBER = 8  # digits from which a number alone tells a household


@dataclass(frozen=True, slots=True)
class Truth:
    """One piece's values: texts and payloads of codes by name, as far as its kind declares them.

    others: texts it has beside them. identity: what tells it from the others.
    """

    number: int
    texts: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    identity: Mapping[str, str]

    @classmethod
    def of(cls, values: Mapping[str, Any], names: Collection[str], code_names: Collection[str]) -> Truth:
        texts: list[tuple[str, str]] = []
        codes: list[tuple[str, str]] = []
        others: list[str] = []
        known = {"piece.code": str(values["piece"]["code"])}
        for name, text in _leaves(values):
            plain = name.replace("[]", "")
            last = plain.rpartition(".")[2]
            if plain in code_names or (
                plain.partition(".")[0] in code_names and (last == "qr" or last.endswith("_qr"))
            ):
                codes.append((name, text))
                continue
            known[name] = text
            if name not in _NEVER_READ and not _declared(plain).isdisjoint(names):
                texts.append((name, text))
            else:
                others.append(text)
        identity = {name: known[name] for name in _IDENTITY if known.get(name)}
        number = int(values["piece"]["number"])
        return cls(number, tuple(dict.fromkeys(texts)), tuple(codes), tuple(others), identity)


@lru_cache(maxsize=4096)
def _declared(name: str) -> frozenset[str]:
    """The names under which a manifest may declare a value: its own and those it is part of."""
    steps = name.split(".")
    return frozenset(".".join(steps[: count + 1]) for count in range(len(steps)))


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text or number of plain nested data with its name, lists as 'persons[].name'."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key != "said" or name:
                yield from _leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner, f"{name}[]")
    elif isinstance(value, str) and value.strip() and value != NO_PHONE:
        yield name, value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, str(value)


def joined(parts: Sequence[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    return Part("\n".join(part.text for part in parts), tuple(code for part in parts for code in part.codes))


def assigned(parts: Sequence[Part], truths: Sequence[Truth], reading: FileReading, *, single: bool) -> list[list[int]]:
    """The ranks of each piece's parts, and findings where pieces stand twice, in another order, or nobody is named.

    single: each piece has one part.
    """
    if len(truths) == 1:
        return [list(range(len(parts)))]
    finder = Finder(truths)
    owners: list[int | None] = []
    for rank, part in enumerate(parts):
        named = finder.owner(part, expected=_after(owners))
        if named is None and single and len(parts) == len(truths):
            named = rank  # nothing on the paper tells whose it is but its place
        owners.append(named)
    chunks: list[tuple[int, list[int]]] = []
    for rank, owner in enumerate(owners):
        if owner is None and not chunks:
            reading.findings.append(Finding(0, STRAY, found=_excerpt(parts[rank])))
        elif chunks and owner in (None, chunks[-1][0]) and not (single and owner is not None):
            chunks[-1][1].append(rank)
        elif owner is not None:
            chunks.append((owner, [rank]))
    held: dict[int, list[int]] = {}
    for owner, own in chunks:
        number = truths[owner].number
        texts = [parts[rank].text for rank in own if len(parts[rank].text) > _SHORT]
        if owner in held or len(set(texts)) < len(texts):
            reading.findings.append(Finding(number, TWICE))
        if len(own) > len(held.get(owner, ())):
            held[owner] = own  # a page put in twice is shorter than the piece it was taken from
    places = {own[0]: owner for owner, own in held.items()}
    _find_disorder([places[place] for place in sorted(places)], truths, reading)
    return [held.get(rank, []) for rank in range(len(truths))]


def _after(owners: Sequence[int | None]) -> int:
    """The piece that should come next."""
    last = next((owner for owner in reversed(owners) if owner is not None), -1)
    return last + 1


def _find_disorder(ranks: Sequence[int], truths: Sequence[Truth], reading: FileReading) -> None:
    wrong = [(rank, right) for rank, right in zip(ranks, sorted(ranks), strict=True) if rank != right]
    if len(wrong) > _FEW:
        # One piece put elsewhere moves all between; those that still follow each other are not at fault.
        kept = set(_longest_rising(ranks))
        wrong = [(rank, right) for rank, right in wrong if rank not in kept]
    for rank, right in wrong:
        reading.findings.append(Finding(truths[rank].number, ORDER, expected=str(truths[right].number)))


def _longest_rising(ranks: Sequence[int]) -> list[int]:
    """The longest part of `ranks`, gaps allowed, in which each is higher than the one before."""
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for rank in ranks:
        place = bisect.bisect_left(ends, rank)
        before[rank] = tails[place - 1] if place else None
        tails[place:], ends[place:] = [rank, *tails[place + 1 :]], [rank, *ends[place + 1 :]]
    found: list[int] = []
    last: int | None = tails[-1] if tails else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


class Finder:
    """Finds whose a part is by what stands on it."""

    def __init__(self, truths: Sequence[Truth]) -> None:
        self._truths = truths
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_text: dict[str, list[int]] = defaultdict(list)
        self._by_code: dict[str, list[int]] = defaultdict(list)
        for rank, truth in enumerate(truths):
            for name, text in truth.identity.items():
                if name in ("piece.code", "household.code"):
                    self._by_word[text].append(rank)
                elif name != "number":
                    self._by_text[squeezed(text)].append(rank)
            for _name, payload in truth.codes:
                self._by_code[payload].append(rank)
            self._by_code[truth.identity["piece.code"]].append(rank)
        # A code that many share, such as an officer's, tells nobody.
        self._by_code = {key: ranks for key, ranks in self._by_code.items() if len(set(ranks)) == 1}

    def named(self, part: Part) -> Counter[int]:
        """The pieces a part names, by how many of their marks stand on it."""
        votes: Counter[int] = Counter()
        for word in set(WORD.findall(part.text)):
            if telling(word):
                votes.update(self._by_word.get(word, ()))
        for code in part.codes:
            votes.update(self._by_code.get(code, ()))
        if not votes:
            plain = squeezed(part.text)
            for text, ranks in self._by_text.items():
                if len(text) > 1 and text in plain:
                    votes.update(ranks)
        return votes

    def owner(self, part: Part, *, expected: int) -> int | None:
        """The piece named most; among equals the expected one, then the one whose other marks stand on it too."""
        votes = self.named(part)
        if not votes:
            return None
        most = max(votes.values())
        best = [rank for rank, count in votes.items() if count == most]
        if len(best) == 1:
            return best[0]
        plain = squeezed(part.text)
        marks = {rank: sum(squeezed(text) in plain for text in self._truths[rank].identity.values()) for rank in best}
        return min(best, key=lambda rank: (-marks[rank], rank != expected, rank))


def telling(word: str) -> bool:
    """Whether a word is a code and no figure of the text."""
    return not word.isdigit() or len(word) >= _LONG_NUMBER


def ends(code: str) -> str:
    return code.replace("\r\n", "\n")


@lru_cache(maxsize=65536)
def squeezed(text: str) -> str:
    """A text without blanks, line ends and dashes, full-width signs as common ones: how it is compared."""
    return _NO_SIGNS.sub("", unicodedata.normalize("NFKC", text))


def _excerpt(part: Part) -> str:
    return " ".join(part.text.split())[:40]
