"""Which pairs of very many records score high enough to be looked at, found by columns of numbers.

The same blocks, levels and weights as matching.py, for whole arrays of pairs at once: equality is compared as numbers,
and what costs more (one wrong sign, names of compounds that are alike) is asked only of pairs that could still score
enough if the answer were yes. What comes out is scored again by matching.py, record by record, so that the two cannot
say different things of a pair; this file only decides which pairs are worth that.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from outreach.domain.people import Sex
from outreach.planning.likeness import Features, compounds_alike, is_misprint
from outreach.planning.name_columns import NONE, Flags, Indexes, Names, Numbers, misprints, table_of

_AT_ONCE = 150_000
"""Pairs weighed together; each takes some 300 bytes meanwhile."""

_SLACK = 1e-6
"""Sums in another order differ in the last bits; matching.py has the last word."""


def likely_pairs(
    everybody: Sequence[Features],
    kinds: Iterable[Iterable[Iterable[str]]],
    weigh: Callable[[str, str, Features], float],
    *,
    prior: float,
    least: float,
    most: int,
    split: int | None,
) -> list[tuple[int, int]]:
    """The pairs of records that share a key and score `least` or nearly, or more, by their places, in order.

    kinds: for each kind of keys those of every record. weigh: log2(m / u) of a feature's level, given the second.
    split, most: see `Blocks`; without a split, records of one home are not paired.
    """
    if not everybody:
        return []
    columns = Columns(everybody, weigh)
    count = len(everybody)
    found = np.zeros(0, np.int64)
    for keys in kinds:
        for looking, others in Blocks(keys, most, split).pairs():
            pairs = looking, others
            if split is None:
                pairs = columns.of_two_homes(*pairs)
            first, second = columns.scored(*pairs, prior, least)
            found = np.union1d(found, first * count + second)
    return list(zip((found // count).tolist(), (found % count).tolist(), strict=True))


class Columns:
    """Features as columns of numbers; equal texts have equal numbers, what is not told is -1."""

    def __init__(self, all_features: Sequence[Features], weigh: Callable[[str, str, Features], float]) -> None:
        self.features = all_features
        self._weigh = weigh
        self.home = _codes(one.record.home for one in all_features)
        self.name = _codes(one.name for one in all_features)
        self._names = Names(self.name, all_features, weigh)
        self.id = _codes(one.id_number for one in all_features)
        self.sound = np.array([one.id_sound for one in all_features], bool)
        self.birth = _codes(one.id_number[6:14] for one in all_features)
        codes: dict[str, int] = {}
        self.phones = table_of([[codes.setdefault(one, len(codes)) for one in of.record.phones] for of in all_features])
        every = [(*of.record.phones, *of.record.home_phones) for of in all_features]
        self.family = table_of([[codes.setdefault(one, len(codes)) for one in phones] for phones in every])
        self.has_phone = np.array([bool(phones) for phones in every], bool)
        told = [one.record.address is not None for one in all_features]
        self.compound = _codes(
            one.door.compound if there else "" for one, there in zip(all_features, told, strict=True)
        )
        self.building = _codes(one.door.building for one in all_features)
        self.room = _codes(one.door.room for one in all_features)
        self.unit = _codes(one.door.unit for one in all_features)
        self.entrance = _codes(one.door.entrance for one in all_features)
        self.born = np.array([one.born.toordinal() if one.born else NONE for one in all_features], np.int64)
        self.year = np.array([one.born.year if one.born else NONE for one in all_features], np.int64)
        self.sex = np.array([_SEXES[one.sex] for one in all_features], np.int64)
        self._places = {
            level: _by_text(all_features, place, partial(weigh, "address", level)) for level, place in _PLACES.items()
        }
        self._alike: dict[int, bool] = {}

    def of_two_homes(self, first: Indexes, second: Indexes) -> tuple[Indexes, Indexes]:
        """The pairs without those of one home."""
        apart = (self.home[first] != self.home[second]) | (self.home[first] == NONE)
        return first[apart], second[apart]

    def scored(self, first: Indexes, second: Indexes, prior: float, least: float) -> tuple[Indexes, Indexes]:
        """Those of the pairs that score `least` or more, or nearly; the weights are those of `second`."""
        w = self._weigh
        door, building = self._nearness(first, second)
        both_sound = self.sound[first] & self.sound[second]
        phone, phone_open = self._phone(first, second)
        ids, ids_open = self._ids(first, second, both_sound)
        born, born_open = self._born(first, second, both_sound)
        same_compound = self.compound[first] == self.compound[second]
        told = (self.compound[first] != NONE) & (self.compound[second] != NONE)
        place = np.where(
            door,
            self._places["door"][second],
            np.where(building, self._places["building"][second], self._places["compound"][second]),
        )
        apart = w("address", "other", self.features[0])
        best_place = np.where(told, np.where(same_compound, place, np.maximum(place, apart)), 0.0)
        name_best = self._names.best(self.name[first], self.name[second])
        rest = prior + phone + ids + born + self._sex(first, second, both_sound)
        needed = least - _SLACK - rest - best_place
        kept = np.flatnonzero(name_best >= needed)
        names = self._names.weights(self.name[first[kept]], self.name[second[kept]], needed[kept])
        kept, names = _where(names >= needed[kept], kept, names)
        first, second, score = first[kept], second[kept], rest[kept] + names
        open_place = told[kept] & ~same_compound[kept]
        place, score = place[kept], score + np.where(open_place, 0.0, best_place[kept])
        alike = self._compounds_alike(first[open_place], second[open_place])
        score[open_place] += np.where(alike, place[open_place], apart)
        # What may be one wrong digit, dearest first; each time only the pairs that still score enough.
        phone_open, ids_open, born_open = phone_open[kept], ids_open[kept], born_open[kept]
        for is_open, disappointed in (
            (phone_open, self._other_phone),
            (born_open, self._other_birth),
            (ids_open, self._other_id),
        ):
            asked = np.flatnonzero(is_open & (score >= least - _SLACK))
            score[asked] -= disappointed(first[asked], second[asked])
        good = score >= least - _SLACK
        return first[good], second[good]

    def _nearness(self, first: Indexes, second: Indexes) -> tuple[Flags, Flags]:
        """(whether the doors agree, whether the buildings do), were the compounds one."""
        building = (self.building[first] != NONE) & (self.building[first] == self.building[second])
        door = building & (self.room[first] != NONE) & (self.room[first] == self.room[second])
        for part in (self.unit, self.entrance):
            door &= (part[first] == NONE) | (part[second] == NONE) | (part[first] == part[second])
        return door, building

    def _phone(self, first: Indexes, second: Indexes) -> tuple[Numbers, Flags]:
        """(the weight of the phones at best, whether one digit may be other)."""
        w = self._weigh
        same = _share(self.phones, first, second)
        home = _share(self.family, first, second) & ~same
        both = self.has_phone[first] & self.has_phone[second]
        may = both & ~same & ~home & (self.phones[first, 0] != NONE) & (self.phones[second, 0] != NONE)
        one = self.features[0]
        weight = np.where(both, w("phone", "other", one), 0.0)
        weight[may] = w("phone", "digit", one)
        weight[home] = w("phone", "home", one)
        weight[same] = w("phone", "same", one)
        return weight, may

    def _ids(self, first: Indexes, second: Indexes, both_sound: Flags) -> tuple[Numbers, Flags]:
        """(the weight of the ID numbers at best, whether one digit may be other)."""
        w, one = self._weigh, self.features[0]
        both = (self.id[first] != NONE) & (self.id[second] != NONE)
        same = both & (self.id[first] == self.id[second])
        may = both & ~same & ~both_sound
        weight = np.where(both, w("id", "other", one), 0.0)
        weight[both & both_sound & (self.birth[first] == self.birth[second])] = w("id", "birth", one)
        weight[may] = w("id", "digit", one)
        weight[same] = w("id", "same", one)
        return weight, may

    def _born(self, first: Indexes, second: Indexes, both_sound: Flags) -> tuple[Numbers, Flags]:
        """(the weight of the days of birth at best, whether one digit may be other)."""
        w, one = self._weigh, self.features[0]
        both = ~both_sound & (self.born[first] != NONE) & (self.born[second] != NONE)
        same = both & (self.born[first] == self.born[second])
        may = both & ~same
        weight = np.zeros(len(first))
        weight[may] = w("born", "misprint", one)
        weight[same] = w("born", "same", one)
        return weight, may

    def _sex(self, first: Indexes, second: Indexes, both_sound: Flags) -> Numbers:
        w, one = self._weigh, self.features[0]
        both: Flags = ~both_sound & (self.sex[first] != NONE) & (self.sex[second] != NONE)
        agree: Flags = self.sex[first] == self.sex[second]
        weight: Numbers = np.where(agree, w("sex", "same", one), w("sex", "other", one))
        weight[~both] = 0.0
        return weight

    def _compounds_alike(self, first: Indexes, second: Indexes) -> Flags:
        """Whether compounds of other names may be one; asked once for each two names."""
        codes = self.compound[first] * len(self.features) + self.compound[second]
        unique, where, back = np.unique(codes, return_index=True, return_inverse=True)
        known = self._alike
        answers = np.zeros(len(unique), bool)
        for rank, (code, at) in enumerate(zip(unique.tolist(), where.tolist(), strict=True)):
            if code not in known:
                mine, yours = self.features[first[at]].door.compound, self.features[second[at]].door.compound
                known[code] = compounds_alike(mine, yours)
            answers[rank] = known[code]
        return answers[back]

    def _other_phone(self, first: Indexes, second: Indexes) -> Numbers:
        """What is to be taken off where two phones differ in more than a digit."""
        less = self._gap("phone", "digit", "other")
        mine, yours = (([one.record.phones for one in self._of(pairs)]) for pairs in (first, second))
        near = [any(is_misprint(a, b) for a in ours for b in theirs) for ours, theirs in zip(mine, yours, strict=True)]
        return np.where(np.array(near, bool), 0.0, less)

    def _other_id(self, first: Indexes, second: Indexes) -> Numbers:
        """What is to be taken off where two ID numbers differ in more than a sign."""
        less = self._gap("id", "digit", "doubtful")
        texts = (([one.id_number for one in self._of(pairs)]) for pairs in (first, second))
        return np.where(misprints(*texts), 0.0, less)

    def _other_birth(self, first: Indexes, second: Indexes) -> Numbers:
        """What is to be taken off where two days of birth differ in more than a digit."""
        year, other = self._gap("born", "misprint", "year"), self._gap("born", "misprint", "other")
        texts = (([f"{one.born:%Y%m%d}" for one in self._of(pairs)]) for pairs in (first, second))
        return np.where(misprints(*texts), 0.0, np.where(self.year[first] == self.year[second], year, other))

    def _of(self, places: Indexes) -> list[Features]:
        return [self.features[place] for place in places.tolist()]

    def _gap(self, feature: str, hoped: str, level: str) -> float:
        one = self.features[0]
        return self._weigh(feature, hoped, one) - self._weigh(feature, level, one)


_SEXES = {Sex.UNKNOWN: NONE, Sex.MALE: 0, Sex.FEMALE: 1}
_PLACES: Mapping[str, Callable[[Features], object]] = {
    "door": lambda one: (one.door.compound, one.door.building, one.door.unit, one.door.room),
    "building": lambda one: (one.door.compound, one.door.building),
    "compound": lambda one: one.door.compound,
}


class Blocks:
    """The pairs of records that share a key of one kind, piece by piece.

    keys: of every record. split: records from there on are looked for among those before, and those before are not
    paired with each other; None pairs all with all. most: a key of more records (before the split) pairs nobody.
    """

    def __init__(self, keys: Iterable[Iterable[str]], most: int, split: int | None) -> None:
        known: dict[str, int] = {}
        records, codes = array("q"), array("q")
        for record, mine in enumerate(keys):
            for key in mine:
                records.append(record)
                codes.append(known.setdefault(key, len(known)))
        count = max(records, default=0) + 1
        both = np.unique(np.frombuffer(codes, np.int64) * count + np.frombuffer(records, np.int64))
        code, record_of = both // count, both % count
        among = np.ones(len(both), bool) if split is None else record_of < split
        self._members, member_codes = record_of[among], code[among]
        lookers = np.arange(len(both)) if split is None else np.flatnonzero(~among)
        self._looking = record_of[lookers]
        low = np.searchsorted(member_codes, code[lookers], "left")
        high = np.searchsorted(member_codes, code[lookers], "right")
        crowded = high - low > most
        # Sorted by key and record, so those behind a record in its block come after it.
        self._low = low if split is not None else lookers + 1
        self._lengths = np.where(crowded, 0, high - self._low)

    def pairs(self) -> Iterator[tuple[Indexes, Indexes]]:
        """(looking, found) in arrays of bounded length."""
        ends = np.cumsum(self._lengths)
        start = done = 0
        while start < len(ends):
            stop = max(int(np.searchsorted(ends, done + _AT_ONCE, "right")), start + 1)
            lengths = self._lengths[start:stop]
            total = int(ends[stop - 1]) - done
            if total:
                before = np.repeat(np.cumsum(lengths) - lengths, lengths)
                places = np.arange(total) - before + np.repeat(self._low[start:stop], lengths)
                yield np.repeat(self._looking[start:stop], lengths), self._members[places]
            start, done = stop, int(ends[stop - 1])


def _codes(texts: Any) -> Indexes:
    """Equal texts as equal numbers, '' as -1."""
    known: dict[str, int] = {"": NONE}
    return np.array([known.setdefault(text, len(known) - 1) for text in texts], np.int64)


def _by_text(
    all_features: Sequence[Features], key: Callable[[Features], object], value: Callable[[Features], float]
) -> Numbers:
    """A value for each record that hangs on its key alone, computed once for each key."""
    known: dict[object, float] = {}
    found = []
    for one in all_features:
        text = key(one)
        if text not in known:
            known[text] = value(one)
        found.append(known[text])
    return np.array(found)


def _where(kept: Flags, *columns: Any) -> tuple[Any, ...]:
    return tuple(column[kept] for column in columns)


def _share(table: Indexes, first: Indexes, second: Indexes) -> Flags:
    """Whether the rows of each pair have a number in common."""
    shared = np.zeros(len(first), bool)
    for one in range(table.shape[1]):
        mine = np.flatnonzero(table[first, one] != NONE)
        if not len(mine):
            break
        values, partners = table[first[mine], one], second[mine]
        for other in range(table.shape[1]):
            shared[mine] |= table[partners, other] == values
    return shared
