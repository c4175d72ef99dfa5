"""Every name of a register once, as numbers: its signs, how they sound, and what two names weigh at their level."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from outreach.planning.likeness import Features, name_level
from outreach.planning.sounds import hubei, readings, standard

Indexes = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

NONE = -1
"""The number of what is not told."""
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")


class Names:
    """Every name once: its signs, how they sound, what it weighs at each level."""

    def __init__(
        self, codes: Indexes, all_features: Sequence[Features], weigh: Callable[[str, str, Features], float]
    ) -> None:
        told = codes != NONE
        _unique, where = np.unique(codes[told], return_index=True)
        some = [all_features[index] for index in np.flatnonzero(told)[where].tolist()]
        self._names = [one.name for one in some]
        blank = next(iter(some), None)
        weights = {level: weigh("name", level, blank) if blank else 0.0 for level in ("sign", "surname", "other")}
        self._sign, self._surname, self._other = weights["sign"], weights["surname"], weights["other"]
        self._by_level = {
            level: np.array([weigh("name", level, one) for one in some] or [0.0])
            for level in ("same", "pinyin", "sound", "near")
        }
        self._length = np.array([len(name) for name in self._names] or [0])
        self._latin = np.array([not _LATIN.isdisjoint(name) for name in self._names] or [False])
        signs: dict[str, int] = {}
        # Names with Latin letters are compared one by one below; as rows of signs they would make the table wide.
        self._signs = table_of(
            [
                [] if latin else [signs.setdefault(sign, len(signs)) for sign in name]
                for name, latin in zip(self._names, self._latin.tolist(), strict=False)
            ]
        )
        heard = [readings(sign)[0] for sign in signs]
        self._standard = _matrix([frozenset(map(standard, reading)) for reading in heard])
        self._hubei = _matrix([frozenset(map(hubei, reading)) for reading in heard])

    def best(self, mine: Indexes, yours: Indexes) -> Numbers:
        """The most each two names can weigh."""
        weight: Numbers = np.maximum(
            np.maximum(self._by_level["sound"][yours], self._by_level["near"][yours]), self._sign
        )
        # Signs that sound alike are as many; a name in Latin letters is of who knows how many.
        latin = self._latin[mine] | self._latin[yours]
        weight[latin] = np.maximum(weight, self._by_level["pinyin"][yours])[latin]
        chinese = ~latin
        more = np.abs(self._length[mine] - self._length[yours])
        weight[chinese & (more > 0)] = self._sign
        weight[chinese & (more > 1)] = max(self._surname, self._other)
        same = mine == yours
        weight[same] = self._by_level["same"][yours[same]]
        weight[(mine == NONE) | (yours == NONE)] = 0.0
        return weight

    def weights(self, mine: Indexes, yours: Indexes, needed: Numbers) -> Numbers:
        """What each two names weigh; where less than `needed`, perhaps less than that."""
        told = (mine != NONE) & (yours != NONE)
        same = told & (mine == yours)
        weight = np.where(told, self._other, 0.0)
        weight[same] = self._by_level["same"][yours[same]]
        open_pairs = np.flatnonzero(told & ~same)
        one, other = mine[open_pairs], yours[open_pairs]
        signs, others = self._signs[one], self._signs[other]
        blank = (signs == NONE) & (others == NONE)
        sound = (self._standard[signs, others] | blank).all(axis=1)
        near = (self._hubei[signs, others] | blank).all(axis=1)
        surname = self._standard[signs[:, 0], others[:, 0]]
        found = np.where(surname, self._surname, self._other)
        longest = np.maximum(self._length[one], self._length[other])
        may = ~near & ~sound & (longest > 2) & (np.abs(self._length[one] - self._length[other]) < 2)
        asked = np.flatnonzero(may & (needed[open_pairs] <= self._sign))
        texts = ([self._names[code] for code in codes[asked].tolist()] for codes in (one, other))
        found[asked[misprints(*texts)]] = self._sign
        found = np.where(near, self._by_level["near"][other], found)
        found = np.where(sound, self._by_level["sound"][other], found)
        by_hand = np.flatnonzero(self._latin[one] | self._latin[other])
        found[by_hand] = self._one_by_one(one[by_hand], other[by_hand])
        weight[open_pairs] = found
        return weight

    def _one_by_one(self, mine: Indexes, yours: Indexes) -> Numbers:
        """What each two names weigh, asked once for each two."""
        flat = {"sign": self._sign, "surname": self._surname, "other": self._other}
        count = len(self._names)
        unique, back = np.unique(mine * count + yours, return_inverse=True)
        found = np.zeros(len(unique))
        for at, code in enumerate(unique.tolist()):
            one, other = divmod(code, count)
            level = name_level(self._names[one], self._names[other])
            found[at] = flat[level] if level in flat else self._by_level[level][other]
        return found[back]


def _matrix(heard: Sequence[frozenset[str]]) -> Flags:
    """Whether any two signs have a reading in common; the last row and column, of no sign (-1), have none."""
    matrix = np.zeros((len(heard) + 1, len(heard) + 1), bool)
    by_reading: dict[str, list[int]] = {}
    for sign, spoken in enumerate(heard):
        for reading in spoken:
            by_reading.setdefault(reading, []).append(sign)
    for members in by_reading.values():
        matrix[np.ix_(members, members)] = True
    return matrix


def table_of(rows: Sequence[Sequence[int]]) -> Indexes:
    """Rows of unequal length as one table, filled up with -1; at least one column."""
    width = max((len(row) for row in rows), default=0) or 1
    table = np.full((max(len(rows), 1), width), NONE, np.int64)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    return table


def misprints(mine: Sequence[str], yours: Sequence[str]) -> Flags:
    """Whether one sign more, less, other, or two changed round, makes each of the texts its partner."""
    if not mine:
        return np.zeros(0, bool)
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    near: Flags = cpdist(mine, yours, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8) <= 1
    return near
