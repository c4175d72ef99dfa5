"""How a name sounds: its syllables in pinyin without tones, all readings, and what a dialect does not tell apart.

Readings come from pypinyin, every one a sign has (曾 is zeng and ceng), because a clerk types what was said. A
traditional sign sounds as its simplified one, so 劉 and 刘 are found to sound the same.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable

Fold = Callable[[str], str]
"""Makes syllables that a dialect does not tell apart the same."""

_MOST_SPELLINGS = 6
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "fu"))
_FINALS = (("ing", "in"), ("eng", "en"))
_LATIN = re.compile(r"[a-z]+")
_PARTS = re.compile(r"[a-z]+|.")


def standard(syllable: str) -> str:
    """The syllable as the standard language has it."""
    return syllable


@functools.cache
def hubei(syllable: str) -> str:
    """The syllable with the sounds made one that people of Hubei often do not tell apart.

    n and l (宁 林), zh and z, ch and c, sh and s, ing and in, eng and en, hu and fu (胡 符): 'zheng' -> 'zen',
    'ning' -> 'lin', 'huang' -> 'fang'. Source: the south-western Mandarin of the region, as its textbooks describe it.
    """
    for spoken, folded in _INITIALS:
        if syllable.startswith(spoken):
            syllable = folded + syllable.removeprefix(spoken)
            break
    if syllable.startswith("fua"):  # 黄 huang -> fang, 花 hua -> fa
        syllable = "fa" + syllable.removeprefix("fua")
    for spoken, folded in _FINALS:
        if syllable.endswith(spoken):
            return syllable.removesuffix(spoken) + folded
    return syllable


def plain_name(name: str) -> str:
    """The name's signs alone: NFKC, no blanks, dots or case, so that 'Mary  Ann' is 'maryann'."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    # The text itself where nothing is to be done to it: a large register has no memory for two of each name.
    return name if folded == name and name.isalnum() else "".join(sign for sign in folded if sign.isalnum())


@functools.lru_cache(maxsize=65536)
def readings(name: str) -> tuple[frozenset[str], ...]:
    """What each part of a plain name may be read as; Latin letters in a row are one part that is read as written."""
    return tuple(map(_heard, _PARTS.findall(name)))


@functools.lru_cache(maxsize=65536)
def _heard(part: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    if _LATIN.fullmatch(part):
        return frozenset((part,))
    return frozenset(pinyin(part, style=Style.NORMAL, heteronym=True)[0])


def same_sound(one: str, other: str, fold: Fold = standard) -> bool:
    """Whether two plain names can be read alike, sign by sign, once `fold` has made sounds one."""
    ours, theirs = readings(one), readings(other)
    return len(ours) == len(theirs) > 0 and all(
        not {fold(reading) for reading in mine}.isdisjoint(fold(reading) for reading in yours)
        for mine, yours in zip(ours, theirs, strict=True)
    )


def spellings(name: str, fold: Fold = standard) -> tuple[tuple[str, ...], ...]:
    """The ways a plain name may be read, syllables each, six at most, in a fixed order."""
    choices = [sorted({fold(reading) for reading in part}) for part in readings(name)]
    return tuple(itertools.islice(itertools.product(*choices), _MOST_SPELLINGS)) if choices else ()
