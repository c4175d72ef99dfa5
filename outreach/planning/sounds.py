"""How a name sounds: its syllables in pinyin without tones, all readings, and what a dialect does not tell apart.

Readings come from pypinyin, every one a sign has (曾 is zeng and ceng), because a clerk types what was said. A name
in Latin letters is read as the pinyin it may be (latin_names.py), so Wang Jianguo sounds as 王建国.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable

from outreach.planning.latin_names import bare_letters, in_latin, latin_ways
from outreach.planning.usual_signs import usual_signs

Fold = Callable[[str], str]
"""Makes syllables that a dialect does not tell apart the same."""

_MOST_SPELLINGS = 6
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("hu", "fu"))
_FINALS = (("ing", "in"), ("eng", "en"))
_MARKED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
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
    """The name's signs alone, each in its usual form: NFKC, no blanks, dots, marks or case, nothing traditional.

    'Mary  Ann' is 'maryann', '單玉蘭' is '单玉兰', 'Lü' is 'lv'.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().translate(usual_signs())
    if _MARKED.search(folded):
        folded = bare_letters(folded)
    # The text itself where nothing is to be done to it: a large register has no memory for two of each name.
    return name if folded == name and name.isalnum() else "".join(sign for sign in folded if sign.isalnum())


@functools.lru_cache(maxsize=65536)
def readings(name: str) -> tuple[frozenset[str], ...]:
    """What each part of a plain name may be read as; Latin letters in a row are one part that is read as written."""
    return tuple(map(_heard, _PARTS.findall(name)))


@functools.lru_cache(maxsize=65536)
def _heard(part: str) -> frozenset[str]:
    from pypinyin import Style, pinyin

    if in_latin(part):
        return frozenset((part,))
    return frozenset(pinyin(part, style=Style.NORMAL, heteronym=True)[0])


def same_sound(one: str, other: str, fold: Fold = standard) -> bool:
    """Whether two plain names can be read alike, syllable by syllable, once `fold` has made sounds one."""
    ours, theirs = _ways(one), _ways(other)
    return any(_alike(mine, yours, fold) for mine in ours for yours in theirs)


def same_surname(one: str, other: str) -> bool:
    """Whether the first syllables of two plain names can be read alike; of a name in Latin letters the last, too."""
    ours, theirs = _ways(one), _ways(other)
    return any(not mine[0].isdisjoint(yours[0]) for mine in ours for yours in theirs)


def _ways(name: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """The ways to cut a plain name into syllables, each with its readings: one, but for a name in Latin letters."""
    if in_latin(name) and (ways := _latin_heard(name)):
        return ways
    return (parts,) if (parts := readings(name)) else ()


@functools.lru_cache(maxsize=65536)
def _latin_heard(name: str) -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset((syllable,)) for syllable in way) for way in latin_ways(name))


def _alike(ours: tuple[frozenset[str], ...], theirs: tuple[frozenset[str], ...], fold: Fold) -> bool:
    return len(ours) == len(theirs) and all(
        not _folded(mine, fold).isdisjoint(_folded(yours, fold)) for mine, yours in zip(ours, theirs, strict=True)
    )


@functools.lru_cache(maxsize=8192)
def _folded(heard: frozenset[str], fold: Fold) -> frozenset[str]:
    return frozenset(map(fold, heard))


def spellings(name: str, fold: Fold = standard) -> tuple[tuple[str, ...], ...]:
    """The ways a plain name may be read, syllables each, in a fixed order: six at most, of one in Latin letters all."""
    if in_latin(name) and (ways := latin_ways(name)):
        return tuple(dict.fromkeys(tuple(map(fold, way)) for way in ways))
    choices = [sorted(_folded(part, fold)) for part in readings(name)]
    return tuple(itertools.islice(itertools.product(*choices), _MOST_SPELLINGS)) if choices else ()
