"""Chinese names in Latin letters: the syllables they may be made of, surname first or last.

WANG JIANGUO, Wang Jian-guo, Jianguo Wang and wangjianguo are 王建国 four times. The syllables are those pypinyin knows.
"""

from __future__ import annotations

import functools
import unicodedata

_LONGEST = 30
"""Letters; no Chinese name is longer, and a long text may be cut in very many ways."""
_MOST_CUTS = 8
_COMPOUND_SURNAMES = frozenset(
    "ou yang,shang guan,si ma,si tu,zhu ge,dong fang,xia hou,huang fu,wei chi,yu chi,gong sun,ling hu,mu rong,nan gong,"
    "duan mu,zhang sun,yu wen,zhong li,xuan yuan,du gu,hu yan,xi men,shen tu,tan tai,he lian,wan qi,mo qi".split(",")
)


def in_latin(name: str) -> bool:
    """Whether a plain name is of Latin letters alone."""
    return name.isascii() and name.isalpha()


def bare_letters(text: str) -> str:
    """The text without the marks on its letters: á as a; but ü as v, as it is typed and as pypinyin has it."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text).replace("u\u0308", "v")
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if not unicodedata.combining(sign)))


@functools.lru_cache(maxsize=65536)
def latin_ways(name: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read a plain name of Latin letters, surname first, syllables each; none where it is no pinyin.

    First those as it stands, the fewest syllables first ('xian' before 'xi an'), then those with the surname at the
    end: one syllable, or two that are a compound surname.
    """
    if not 0 < len(name) <= _LONGEST:
        return ()
    cuts: list[list[tuple[str, ...]]] = [[()]]  # the ways to cut what is left from each place on, from the end
    for start in range(len(name) - 1, -1, -1):
        found = [
            (syllable, *rest)
            for stop in range(start + 1, min(start + _longest_syllable(), len(name)) + 1)
            for syllable in _syllables().get(name[start:stop], ())
            for rest in cuts[len(name) - stop]
        ]
        cuts.append(sorted(found, key=lambda way: (len(way), way))[:_MOST_CUTS])
    written = cuts[-1]
    turned = [(*way[-last:], *way[:-last]) for way in written for last in (1, 2) if _may_end(way, last)]
    return tuple(dict.fromkeys((*written, *turned)))


def _may_end(way: tuple[str, ...], last: int) -> bool:
    """Whether the last syllables may be the surname of a name of two to four signs."""
    return last < len(way) <= 4 and (last == 1 or " ".join(way[-last:]) in _COMPOUND_SURNAMES)


@functools.cache
def _longest_syllable() -> int:
    return max(map(len, _syllables()))


@functools.cache
def _syllables() -> dict[str, tuple[str, ...]]:
    """How each syllable may be written, with what it may then be: ü as v, as u, or as in passports (吕: LV, LU, LYU).

    After j, q, x and y, where u is always ü, v is read so too (徐: XV).
    """
    from pypinyin.constants import PINYIN_DICT

    known = {bare_letters(reading) for readings in PINYIN_DICT.values() for reading in readings.split(",")}
    written: dict[str, set[str]] = {}
    for syllable in sorted(known):
        if syllable == "o" or not any(letter in "aeiouv" for letter in syllable):
            continue  # o, hm, ng: what people call out, no names
        forms = {syllable}
        if "v" in syllable:
            forms |= {syllable.replace("v", "u"), syllable.replace("v", "yu")}
        elif syllable[0] in "jqxy" and syllable[1] == "u":
            forms.add(f"{syllable[0]}v{syllable[2:]}")
        for form in forms:
            written.setdefault(form, set()).add(syllable)
    return {form: tuple(sorted(syllables)) for form, syllables in written.items()}
