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

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from outreach.planning.likeness import Features, Likeness, Record, features, likenesses
from outreach.planning.sounds import hubei, spellings

POSSIBLE = -7.0
"""Scores from here on are worth a look: about 1 in 100."""
LIKELY = 0.0
"""Scores from here on are more likely one person's than two people's."""
MOST_IN_BLOCK = 500
"""A key shared by more records than this tells too little to pair them by; other keys do."""

LEVELS: dict[str, dict[str, tuple[float, float]]] = {
    # (m, u). Clerks type names well, mostly by sound; u of the first three is counted where a register is known.
    "name": {
        "same": (0.93, 1 / 400),
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

    most: no key of more records than this pairs anybody. Deterministic: answers hang on the records alone.
    """

    def __init__(self, records: Iterable[Record], most: int = MOST_IN_BLOCK) -> None:
        self._all = [features(record) for record in records]
        self._blocks: dict[str, list[int]] = defaultdict(list)
        self._counts: Counter[str] = Counter()
        self._most = most
        for index, one in enumerate(self._all):
            for key in block_keys(one):
                self._blocks[key].append(index)
            self._counts.update(_counted(one))
        self._prior = math.log2(1 / max(len(self._all), 2))

    def matches(self, record: Record, least: float = POSSIBLE, most: int = 5) -> tuple[Match, ...]:
        """The register's records that may be `record`'s person, best first, from the score `least` on."""
        one = features(record)
        near = {index for key in block_keys(one) for index in self._members(key)}
        found = (self._match(one, self._all[index]) for index in sorted(near))
        likely = [match for match in found if match.score >= least]
        return tuple(sorted(likely, key=lambda match: (-match.score, match.theirs.key))[:most])

    def beside(self, record: Record, keys: Iterable[str]) -> tuple[Match, ...]:
        """`record` beside the register's records of those keys, whatever the score; keys not there are passed over."""
        one = features(record)
        by_key = {other.record.key: other for other in self._all}
        return tuple(self._match(one, by_key[key]) for key in keys if key in by_key)

    def pairs(self, least: float = POSSIBLE) -> Iterator[Match]:
        """Pairs of the register's own records that may be one person's, of different homes, in the register's order."""
        for index, one in enumerate(self._all):
            near = {other for key in block_keys(one) for other in self._members(key) if other > index}
            for other in sorted(near):
                theirs = self._all[other]
                if not (one.record.home and one.record.home == theirs.record.home):
                    match = self._match(one, theirs)
                    if match.score >= least:
                        yield match

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
            Evidence(*item, 0.0 if told and item.feature == "phone" else self._weight(item, other)) for item in alike
        )
        return Match(one.record, other.record, self._prior + sum(item.weight for item in evidence), evidence)

    def _weight(self, likeness: Likeness, theirs: Features) -> float:
        m, u = LEVELS[likeness.feature][likeness.level]
        key = _count_key(likeness, theirs)
        if key:
            # Never rarer than once: who is the only 欧阳 here is not the only one in the country.
            u = max(self._counts[key], 1) / max(len(self._all), 2)
        return math.log2(m / u)


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


def block_keys(one: Features) -> frozenset[str]:
    """The keys under which a record is looked for. One wrong digit, sign or sound leaves at least one key alone.

    An ID number is cut where its birth ends, a phone in two, its digits also sorted (two changed round); a name goes
    by its Hubei sounds, whole and with one syllable left out, alone or with something that makes the key narrow.
    """
    keys = set()
    door, number = one.door, one.id_number
    if number:
        keys |= {f"id {number}", f"idb {number[6:14]}", f"ide {number[14:]}"}
    for phone in (*one.record.phones, *one.record.home_phones):
        keys |= {f"ph {phone}", f"phs {''.join(sorted(phone))}", f"pha {phone[:6]}", f"phz {phone[-6:]}"}
    place = f"{door.building}/{door.room}" if door.building and door.room else ""
    if place:
        keys.add(f"door {door.compound}/{place}")
    for syllables in spellings(one.name, hubei):
        sound = " ".join(syllables)
        keys.add(f"na {sound}")
        if one.born:
            keys.add(f"nab {sound} {one.born.year}")
        if door.compound:
            keys.add(f"nac {sound} {door.compound}")
        shorter = {" ".join(syllables[:left] + syllables[left + 1 :]) for left in range(len(syllables))}
        for less in shorter if len(syllables) > 1 else ():
            if one.born:
                keys.add(f"nlb {less} {one.born.isoformat()}")
            if place:
                keys.add(f"nlp {less} {place}")
            keys |= {f"nlh {less} {phone[-4:]}" for phone in one.record.phones}
    return frozenset(keys)


def _counted(one: Features) -> Iterator[str]:
    """The keys under which the register counts how common a record's values are."""
    door = one.door
    if one.name:
        yield f"same {one.name}"
        yield from {f"sound {' '.join(syllables)}" for syllables in spellings(one.name, hubei)}
    if door.compound:
        yield f"compound {door.compound}"
        yield f"building {door.compound}/{door.building}"
        yield f"door {door.compound}/{door.building}/{door.unit}/{door.room}"


def _count_key(likeness: Likeness, theirs: Features) -> str:
    """What the register has counted for this level, '' where the written u holds."""
    door = theirs.door
    match likeness.feature, likeness.level:
        case "name", "same":
            return f"same {theirs.name}"
        case "name", "sound" | "near":
            return f"sound {' '.join(spellings(theirs.name, hubei)[0])}"
        case "address", "compound":
            return f"compound {door.compound}"
        case "address", "building":
            return f"building {door.compound}/{door.building}"
        case "address", "door":
            return f"door {door.compound}/{door.building}/{door.unit}/{door.room}"
        case _:
            return ""
