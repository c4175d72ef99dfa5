"""Which records may be of one person, and how strongly what they say speaks for it.

The model is Fellegi and Sunter's (A Theory for Record Linkage, JASA 64 (1969) 1183-1210): each level of each feature
weighs log2(m / u), m how often records of one person show it, u how often records of two people do. The weights are
added to log2 of the chance that two records drawn blindly are one person's, 1 in the size of the register. So a score
of 0 is even odds, 10 is a thousand to one. m is written down below with its reason, because a month's file is too
short to learn it from and the same pair must weigh the same tomorrow; u of names and addresses, where it matters, is
counted in the register itself: a rare name says more than 王伟. Features are taken as independent, which people are
not; docs/ledger.md has what that costs, measured. A score is an order for people to look in, never a decision.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from outreach.planning.latin_names import in_latin
from outreach.planning.likeness import Features, Record, features, likenesses
from outreach.planning.sounds import hubei, spellings

POSSIBLE = -7.0
"""Scores from here on are worth a look: about 1 in 100."""
LIKELY = 0.0
"""Scores from here on are more likely one person's than two people's."""
MOST_IN_BLOCK = 500
"""A key shared by more records than this tells too little to pair them by; other keys do."""

LEVELS: dict[str, dict[str, tuple[float, float]]] = {
    # (m, u). Clerks type names well, mostly by sound; u of the first four is counted where a register is known.
    # Whether a name is typed in Latin letters hangs on the clerk, not on whose it is: of pairs of which one is, m of
    # "pinyin" is as high as that of "same".
    "name": {
        "same": (0.93, 1 / 400),
        "pinyin": (0.93, 1 / 300),
        "sound": (0.03, 1 / 300),
        "near": (0.01, 1 / 200),
        "sign": (0.02, 1 / 100),
        "surname": (0.005, 0.05),
        "other": (0.005, 0.93),
    },
    # A number is copied or read by machine; two people never share one, twins share the day of birth.
    "id": {
        "same": (0.96, 1e-7),
        "digit": (0.02, 1e-6),
        "birth": (0.001, 6e-5),
        "doubtful": (0.01, 0.02),
        "other": (0.003, 0.97),
    },
    # People change numbers and give a relative's; mobiles of a town share their first digits.
    "phone": {"same": (0.55, 2e-5), "home": (0.12, 1e-4), "digit": (0.03, 1e-3), "other": (0.3, 1.0)},
    # The pension system keeps the door of years ago; u of door, building and compound is counted.
    "address": {"door": (0.5, 2e-4), "building": (0.1, 5e-3), "compound": (0.1, 0.05), "other": (0.3, 0.94)},
    "born": {"same": (0.93, 1 / 12000), "misprint": (0.04, 2e-3), "year": (0.01, 0.03), "other": (0.02, 0.97)},
    "sex": {"same": (0.99, 0.5), "other": (0.01, 0.5)},
}

ROSTER_LEVELS = LEVELS | {
    # Of two people drawn blindly 4 to 6 in 10,000 have names that differ in one sign but do not sound alike (counted in
    # two invented towns); the pension system cuts names short, so its file has the larger u above.
    "name": LEVELS["name"] | {"sign": (0.015, 6e-4)},
    # Two entries of one roster are of about the same time, so fewer have moved between them.
    "address": {"door": (0.6, 2e-4), "building": (0.1, 5e-3), "compound": (0.1, 0.05), "other": (0.2, 0.94)},
}
"""For a roster beside itself."""


class Evidence(NamedTuple):
    """What one feature says: its level, both values (unmasked) and its weight in bits, above 0 for one person."""

    feature: str
    level: str
    ours: str
    theirs: str
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one person's. score: log2 of the odds; evidence in the order of LEVELS."""

    ours: Record
    theirs: Record
    score: float
    evidence: tuple[Evidence, ...]


class HomeMatch(NamedTuple):
    """Two households that may be one: the pairs of their persons, best first; the address counts once."""

    ours: str
    theirs: str
    score: float
    persons: tuple[Match, ...]


class Register:
    """Records to find others among: features made once, blocks by what a slip of the pen leaves alone.

    most: no key of more records than this pairs anybody. levels: as LEVELS. Deterministic: answers hang on the records
    alone.
    """

    def __init__(
        self,
        records: Iterable[Record],
        most: int = MOST_IN_BLOCK,
        levels: Mapping[str, Mapping[str, tuple[float, float]]] = LEVELS,
    ) -> None:
        self._all = [features(record) for record in records]
        self._counts: Counter[str] = Counter()
        self._most = most
        self._levels = levels
        for one in self._all:
            self._counts.update(_counted(one))
        self._prior = math.log2(1 / max(len(self._all), 2))

    @functools.cached_property
    def _blocks(self) -> dict[str, list[int]]:
        blocks: dict[str, list[int]] = defaultdict(list)
        for index, one in enumerate(self._all):
            for key in block_keys(one):
                blocks[key].append(index)
        return blocks

    def matches(self, record: Record, least: float = POSSIBLE, most: int = 5) -> tuple[Match, ...]:
        """The register's records that may be `record`'s person, best first, from the score `least` on."""
        one = features(record)
        near = {index for key in block_keys(one) for index in self._members(key)}
        found = (self._match(one, self._all[index]) for index in sorted(near))
        return _best((match for match in found if match.score >= least), most)

    def matches_of(
        self, records: Sequence[Record], least: float = POSSIBLE, most: int = 5
    ) -> tuple[tuple[Match, ...], ...]:
        """The `matches` of each of many records, much sooner."""
        asked = [features(record) for record in records]
        keys = _keys_of(asked)
        wanted = [{key for mine in of_kind for key in mine} for of_kind in keys]
        known, known_keys = _sharing(self._all, wanted)
        split = len(known)
        both = [[*theirs, *mine] for theirs, mine in zip(known_keys, keys, strict=True)]
        found: dict[int, list[Match]] = defaultdict(list)
        for first, second in self._likely([*known, *asked], both, least, split):
            match = self._match(asked[first - split], known[second])
            if match.score >= least:
                found[first - split].append(match)
        return tuple(_best(found.get(index, ()), most) for index in range(len(asked)))

    def match(self, one: Record, other: Record) -> Match:
        """Two records beside each other, both of the register."""
        return self._match(features(one), features(other))

    def beside(self, record: Record, keys: Iterable[str]) -> tuple[Match, ...]:
        """`record` beside the register's records of those keys, whatever the score; keys not there are passed over."""
        one = features(record)
        by_key = {other.record.key: other for other in self._all}
        return tuple(self._match(one, by_key[key]) for key in keys if key in by_key)

    def pairs(self, least: float = POSSIBLE) -> Iterator[Match]:
        """Pairs of the register's own records that may be one person's, of different homes, in the register's order."""
        names = _spelled(self._all)
        keys = ((of_kind(one, names[one.name]) for one in self._all) for of_kind in KEYS.values())
        for first, second in self._likely(self._all, keys, least, None):
            match = self._match(self._all[first], self._all[second])
            if match.score >= least:
                yield match

    def _likely(
        self, everybody: Sequence[Features], keys: Iterable[Iterable[Iterable[str]]], least: float, split: int | None
    ) -> Iterable[tuple[int, int]]:
        """The pairs that share a key and score about `least` or more, by their places; see pairing.Blocks."""
        from outreach.planning.pairing import likely_pairs

        return likely_pairs(everybody, keys, self._weigh, prior=self._prior, least=least, most=self._most, split=split)

    def crowded(self) -> tuple[str, ...]:
        """Keys that pair nobody because too many share them, sorted."""
        return tuple(sorted(key for key, members in self._blocks.items() if len(members) > self._most))

    def _members(self, key: str) -> Sequence[int]:
        members = self._blocks.get(key, ())
        return members if len(members) <= self._most else ()

    def _match(self, one: Features, other: Features) -> Match:
        alike = likenesses(one, other)
        # A family's phone behind a family's door says 'this family' twice, and nothing of which of them.
        told = {(item.feature, item.level) for item in alike} >= {("address", "door"), ("phone", "home")}
        evidence = tuple(
            Evidence(*item, 0.0 if told and item.feature == "phone" else self._weigh(item.feature, item.level, other))
            for item in alike
        )
        return Match(one.record, other.record, self._prior + sum(item.weight for item in evidence), evidence)

    def _weigh(self, feature: str, level: str, theirs: Features) -> float:
        m, u = self._levels[feature][level]
        keys = _count_keys(feature, level, theirs)
        if keys:
            # Never rarer than once: who is the only 欧阳 here is not the only one in the country.
            u = max(1, *(self._counts[key] for key in keys)) / max(len(self._all), 2)
        return math.log2(m / u)


def _best(found: Iterable[Match], most: int) -> tuple[Match, ...]:
    return tuple(sorted(found, key=lambda match: (-match.score, match.theirs.key))[:most])


def home_matches(matches: Iterable[Match], least: float = LIKELY) -> tuple[HomeMatch, ...]:
    """Pairs of households out of pairs of persons, best first: each person once, what they share counted once.

    The address, a phone of the household and the odds of drawing blindly are told by the best pair of persons; every
    further pair adds only what its names, IDs and births say.
    """
    homes: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for match in matches:
        if match.ours.home and match.theirs.home:
            homes[match.ours.home, match.theirs.home].append(match)
    found = []
    for (ours, theirs), pairs in homes.items():
        taken: set[str] = set()
        kept: list[Match] = []
        for match in sorted(pairs, key=lambda match: (-match.score, match.ours.key, match.theirs.key)):
            if match.ours.key not in taken and match.theirs.key not in taken:
                taken |= {match.ours.key, match.theirs.key}
                kept.append(match)
        score = kept[0].score + sum(
            max(sum(item.weight for item in match.evidence if item.feature in ("name", "id", "born", "sex")), 0)
            for match in kept[1:]
        )
        if score >= least:
            found.append(HomeMatch(ours, theirs, score, tuple(kept)))
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.ours, pair.theirs)))


Spelled = tuple[tuple[str, ...], ...]
Keys = Callable[[Features, Spelled], Iterable[str]]


def _place(one: Features) -> str:
    door = one.door
    return f"{door.building}/{door.room}" if door.building and door.room else ""


def _phones(one: Features) -> tuple[str, ...]:
    return (*one.record.phones, *one.record.home_phones)


def _sounds(spelled: Spelled) -> set[str]:
    return {" ".join(syllables) for syllables in spelled}


def _shorter(spelled: Spelled) -> set[str]:
    """The names with one syllable left out."""
    return {
        " ".join(syllables[:left] + syllables[left + 1 :])
        for syllables in spelled
        if len(syllables) > 1
        for left in range(len(syllables))
    }


KEYS: dict[str, Keys] = {
    "id": lambda one, _spelled: (one.id_number,) if one.id_number else (),
    "idb": lambda one, _spelled: (one.id_number[6:14],) if one.id_number else (),
    "ide": lambda one, _spelled: (one.id_number[14:],) if one.id_number else (),
    "ph": lambda one, _spelled: _phones(one),
    "phs": lambda one, _spelled: {"".join(sorted(phone)) for phone in _phones(one)},
    "pha": lambda one, _spelled: {phone[:6] for phone in _phones(one)},
    "phz": lambda one, _spelled: {phone[-6:] for phone in _phones(one)},
    "door": lambda one, _spelled: (f"{one.door.compound}/{place}",) if (place := _place(one)) else (),
    "na": lambda one, spelled: _sounds(spelled),
    "nab": lambda one, spelled: {f"{sound} {one.born.year}" for sound in _sounds(spelled)} if one.born else (),
    "nac": lambda one, spelled: (
        {f"{sound} {one.door.compound}" for sound in _sounds(spelled)} if one.door.compound else ()
    ),
    "nlb": lambda one, spelled: {f"{less} {one.born}" for less in _shorter(spelled)} if one.born else (),
    "nlp": lambda one, spelled: {f"{less} {place}" for less in _shorter(spelled)} if (place := _place(one)) else (),
    "nlh": lambda one, spelled: {f"{less} {phone[-4:]}" for less in _shorter(spelled) for phone in one.record.phones},
}
"""The kinds of keys under which a record is looked for. One wrong digit, sign or sound leaves at least one key alone.

An ID number is cut where its birth ends, a phone in two, its digits also sorted (two changed round); a name goes by its
Hubei sounds, whole and with one syllable left out, alone or with something that makes the key narrow.
"""


def _spelled(everybody: Iterable[Features]) -> dict[str, Spelled]:
    return {one.name: spellings(one.name, hubei) for one in everybody}


def _keys_of(everybody: Sequence[Features]) -> list[list[Iterable[str]]]:
    """For each kind the keys of every record."""
    names = _spelled(everybody)
    return [[keys(one, names[one.name]) for one in everybody] for keys in KEYS.values()]


def _sharing(
    everybody: Sequence[Features], wanted: Sequence[Set[str]]
) -> tuple[list[Features], list[list[Iterable[str]]]]:
    """(the records that have any of the wanted keys, by kind, for each kind those keys of theirs)."""
    names = _spelled(everybody)
    shared: list[dict[int, list[str]]] = []
    for keys, some in zip(KEYS.values(), wanted, strict=True):
        found = {}
        for index, one in enumerate(everybody) if some else ():
            if mine := [key for key in keys(one, names[one.name]) if key in some]:
                found[index] = mine
        shared.append(found)
    involved = sorted(set().union(*shared))
    return [everybody[index] for index in involved], [[of.get(index, ()) for index in involved] for of in shared]


def block_keys(one: Features) -> frozenset[str]:
    """All the keys of a record, each with its kind before it."""
    spelled = spellings(one.name, hubei)
    return frozenset(f"{kind} {key}" for kind, keys in KEYS.items() for key in keys(one, spelled))


def _counted(one: Features) -> Iterator[str]:
    """The keys under which the register counts how common a record's values are."""
    door = one.door
    if one.name:
        yield f"same {one.name}"
        yield from _sound_keys(one.name)
    if door.compound:
        yield f"compound {door.compound}"
        yield f"building {door.compound}/{door.building}"
        yield f"door {door.compound}/{door.building}/{door.unit}/{door.room}"


def _count_keys(feature: str, level: str, theirs: Features) -> tuple[str, ...]:
    """What the register has counted for this level, of which the commonest holds; none where the written u does."""
    door = theirs.door
    match feature, level:
        case "name", "same" | "pinyin" | "sound" | "near":
            if in_latin(theirs.name):  # Wang Wei is as common as all that it may be
                return _sound_keys(theirs.name)
            return (f"same {theirs.name}",) if level == "same" else _sound_keys(theirs.name)[:1]
        case "address", "compound":
            return (f"compound {door.compound}",)
        case "address", "building":
            return (f"building {door.compound}/{door.building}",)
        case "address", "door":
            return (f"door {door.compound}/{door.building}/{door.unit}/{door.room}",)
        case _:
            return ()


def _sound_keys(name: str) -> tuple[str, ...]:
    return tuple(f"sound {' '.join(syllables)}" for syllables in spellings(name, hubei))
