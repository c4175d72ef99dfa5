"""Who had which household at a moment: assignments give a household a post, tenures give the post an officer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """`who` (a post, or an officer) from `starts` until before `ends` (None: still)."""

    who: str
    starts: dt.datetime
    ends: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """posts: of each household, in order of time; officers: of each post, in order of time.

    Before the first that is known, the first holds: a roster is often taken in after the work has begun.
    """

    posts: Mapping[str, Sequence[Hold]]
    officers: Mapping[str, Sequence[Hold]]

    def officer(self, household: str, at: dt.datetime) -> str:
        """The officer who had the household at that moment; '' where it had no post, or the post no officer."""
        post = _held(self.posts.get(household, ()), at)
        return _held(self.officers.get(post, ()), at) if post else ""

    def seated(self, at: dt.datetime) -> frozenset[str]:
        """Every officer who held a post at that moment."""
        return frozenset(_held(holds, at) for holds in self.officers.values()) - {""}


def _held(holds: Sequence[Hold], at: dt.datetime) -> str:
    found = next((hold for hold in reversed(holds) if hold.starts <= at), holds[0] if holds else None)
    return found.who if found and (found.ends is None or at < found.ends) else ""
