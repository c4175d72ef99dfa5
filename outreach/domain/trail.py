"""What can be wrong with an audit trail: entries changed, taken out, cut off at the end, or chained anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from outreach.messages import _


@dataclass(frozen=True, slots=True)
class Head:
    """How a trail ends: its number of entries and the last one's digest, or the beginning of it."""

    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and the entries it concerns.

    kind: 'changed' (an entry does not say what was signed), 'missing' (entries were taken out), 'unlinked' (an entry
    does not follow the one before it), 'cut' (the end is gone), 'rechained' (another trail stands in its place),
    'no head' (nothing outside the store says how it ends), 'paper cut' and 'paper other' (as 'cut' and 'rechained',
    by what somebody wrote down).
    """

    kind: str
    first: int
    last: int

    def sentence(self) -> str:
        """The finding for people."""
        facts = {"first": self.first, "last": self.last}
        sentences = {
            "changed": _("entry {first} was changed after it was written", **facts),
            "missing": _("entries {first} to {last} were taken out", **facts),
            "unlinked": _("entry {first} does not follow the one before it: entries were put in or replaced", **facts),
            "cut": _("entries {first} to {last} were cut off at the end", **facts),
            "rechained": _("entry {first} is not the one that was noted beside the key", **facts),
            "no head": _("the file beside the key that says how the trail ends is not there, or says nothing"),
            "paper cut": _("entries {first} to {last} are gone, by what was noted on paper", **facts),
            "paper other": _("entry {first} is not the one that was noted on paper", **facts),
        }
        return sentences[self.kind]


def check_head(digests: Sequence[str], head: Head | None) -> list[Finding]:
    """What the head noted beside the key says of the entries' digests (in order, '' where one is missing)."""
    if head is None:
        return [Finding("no head", 0, 0)] if digests else []
    if head.length > len(digests):
        return [Finding("cut", len(digests) + 1, head.length)]
    if not head.length or digests[head.length - 1] != head.digest:
        return [Finding("rechained", head.length, head.length)]
    return []


def check_noted(digests: Sequence[str], noted: Head) -> list[Finding]:
    """As `check_head`, for what somebody wrote on paper: the digest's first signs are enough."""
    if noted.length > len(digests):
        return [Finding("paper cut", len(digests) + 1, noted.length)]
    if not noted.length or not digests[noted.length - 1].startswith(noted.digest.lower()):
        return [Finding("paper other", noted.length, noted.length)]
    return []
