"""What a building gives to each base, dealt out so that entrances stay together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from outreach.planning.terms import Home

Shares = Mapping[int, int]
"""How many households of one group go to each base (column)."""


def deal(building: Sequence[tuple[Sequence[Home], Shares]]) -> dict[str, int]:
    """One building's homes to its bases, filling the shares of each group and keeping entrances whole where possible.

    building: the homes of each group with their shares. Whole entrances first, the largest first, each into the
    tightest share that holds it; what is left is divided in as large pieces as the shares allow. This is best-fit
    decreasing: quick and good, not proven least.
    """
    if all(len(shares) == 1 for _homes, shares in building):
        return {home.key: column for homes, shares in building for home in homes for column in shares}
    room: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(building))
    entrances: defaultdict[tuple[str, ...], list[list[Home]]] = defaultdict(lambda: [[] for _group in building])
    for kind, (homes, shares) in enumerate(building):
        for column, places in shares.items():
            room[column][kind] = places
        for home in homes:
            entrances[home.entrance][kind].append(home)
    room = defaultdict(list, sorted(room.items()))
    dealt: dict[str, int] = {}
    divided = []
    for _entrance, kinds in sorted(entrances.items(), key=lambda item: (-sum(map(len, item[1])), item[0])):
        queues = [[home.key for home in sorted(homes, key=lambda home: (home.door, home.key))] for homes in kinds]
        size = sum(map(len, queues))
        holding = [column for column in room if _overlap(queues, room[column]) == size]
        if holding:
            _take(queues, min(holding, key=lambda column: (sum(room[column]), column)), room, dealt)
        else:
            divided.append(queues)
    for queues in divided:
        while any(queues):
            _take(queues, max(room, key=lambda column: (_overlap(queues, room[column]), -column)), room, dealt)
    return dealt


def count_split(building: Iterable[Home], base_of: Mapping[str, str]) -> int:
    """How many entrances of a building have homes of more than one base."""
    bases_at: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for home in building:
        bases_at[home.entrance].add(base_of[home.key])
    return sum(len(bases) > 1 for bases in bases_at.values())


def _overlap(queues: Sequence[Sequence[str]], room: Sequence[int]) -> int:
    """How many of the waiting homes this share can take."""
    return sum(min(len(queue), places) for queue, places in zip(queues, room, strict=True))


def _take(queues: Sequence[list[str]], column: int, room: Mapping[int, list[int]], dealt: dict[str, int]) -> None:
    """Move as many homes as fit from the front of the queues into the share of `column`."""
    for kind, queue in enumerate(queues):
        taken = min(len(queue), room[column][kind])
        dealt |= dict.fromkeys(queue[:taken], column)
        del queue[:taken]
        room[column][kind] -= taken
