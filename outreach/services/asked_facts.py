"""The facts a recall is asked for: by sort, by whose they are, by name or by value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches

from outreach.domain.directory import phone_digits
from outreach.errors import Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.store.runs import PrintedFact

_MOST_NAMED = 5
_LIKENESS = 0.5  # of a name to the mistyped one, 1 being the same (difflib)


class AskedFacts:
    """Words such as 'G01 mobile', 'bureau hotline', 'booth' or a number; no words ask for every fact."""

    def __init__(self, words: Sequence[str], posts: Mapping[str, str]) -> None:
        """posts: the post each officer holds, by code."""
        self._posts = posts
        self._words = {phone_digits(word) or word.casefold(): word for word in words}

    def include(self, fact: PrintedFact) -> bool:
        """Whether the fact is asked for."""
        return not self._words or not self._words.keys().isdisjoint(self._names(fact))

    def refuse_unknown(self, present: Iterable[PrintedFact], printed: Iterable[Collection[PrintedFact]]) -> None:
        """Raise NotFound for words that name neither a fact of today nor one that any paper ever carried.

        printed: the facts of each run; read only as far as needed.
        """
        facts = set(present)
        unknown = self._words.keys() - {name for fact in facts for name in self._names(fact)}
        if not unknown:
            return
        for own in printed:
            facts.update(own)
            unknown -= {name for fact in own for name in self._names(fact)}
            if not unknown:
                return
        subjects = sorted({self._subject(fact) for fact in facts})
        refuse_if_any(
            (
                Fault(
                    word,
                    _("no paper carries a fact of this name"),
                    _("write one such as {names}", names=", ".join(_alike(word, subjects))),
                )
                for folded, word in self._words.items()
                if folded in unknown
            ),
            NotFound,
        )

    def _names(self, fact: PrintedFact) -> set[str]:
        """All words by which the fact is asked for, folded."""
        whose, _blank, what = fact.subject.partition(" ")
        names = {fact.kind, fact.subject, fact.value, whose}
        if post := self._posts.get(whose):
            names |= {post, f"{post} {what}"}
        return {name.casefold() for name in names} | ({phone_digits(fact.value)} - {""})

    def _subject(self, fact: PrintedFact) -> str:
        """As people ask for it: by post rather than by the code of whoever holds it."""
        whose, _blank, what = fact.subject.partition(" ")
        return f"{self._posts.get(whose, whose)} {what}".strip()


def _alike(word: str, names: list[str]) -> list[str]:
    """The few names that come nearest to a mistyped one, or the first of all."""
    folded = {name.casefold(): name for name in names}
    near = get_close_matches(word.casefold(), list(folded), _MOST_NAMED, _LIKENESS)
    return [folded[name] for name in near] or names[:_MOST_NAMED]
