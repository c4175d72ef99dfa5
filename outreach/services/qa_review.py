"""Local answers kept in step with the ones they are laid over: what changed beneath, read again and said to fit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.config import Workspace
from outreach.domain.content import Answer, QAItem
from outreach.domain.overlay import Drift, Resolved, drift
from outreach.errors import Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.services.campaigns import language_of, load_campaign
from outreach.services.content import load_answers, load_content, qa_file
from outreach.services.qa_layers import keep_read, load_read


@dataclass(frozen=True, slots=True)
class Review:
    """One local change whose base is not as it was read. state: 'unread', 'changed'.

    layer: the file that changed it, as seen from the campaign's folder. was, now, ours: question, answer and example
    in the language asked for, as written; None for a text there is not: never read, or removed here.
    """

    item: str
    layer: str
    state: str
    was: tuple[str, str, str] | None
    now: tuple[str, str, str]
    ours: tuple[str, str, str] | None
    why: str


def list_reviews(workspace: Workspace, campaign_name: str, language: str = "") -> list[Review]:
    """The local changes to look at again, the base's first; raises BadInput with every fault of the files."""
    campaign = load_campaign(workspace, campaign_name)
    language = language_of(campaign, language)
    path = qa_file(workspace, campaign.name)
    found = _named_from(path, load_content(workspace, campaign))
    return [_review(one, language) for one in drift(found, load_read(path))]


def _review(one: Drift, language: str) -> Review:
    change = one.change
    return Review(
        item=change.item,
        layer=change.layer,
        state="changed" if one.was else "unread",
        was=_said(one.was, language) if one.was else None,
        now=_said(change.beneath, language),
        ours=_said(change.ours, language) if change.ours else None,
        why=change.why,
    )


def _said(item: QAItem, language: str) -> tuple[str, str, str]:
    words = item.words.get(language)
    return (words.question, words.answer, words.example) if words else ("", "", "")


def accept_reviews(workspace: Workspace, campaign_name: str, items: Sequence[str]) -> int:
    """Say of the changes to `items`, all that wait where empty, that they fit the text beneath as it is now.

    Returns how many were said to; what no longer changes anything is forgotten. Raises NotFound for a question that
    waits for nothing.
    """
    campaign = load_campaign(workspace, campaign_name)
    path = qa_file(workspace, campaign.name)
    found = _named_from(path, load_content(workspace, campaign))
    read = load_read(path)
    waiting = [one.change for one in drift(found, read)]
    names = {change.item for change in waiting}
    refuse_if_any((_not_waiting(item, names) for item in items if item not in names), NotFound)
    accepted = [change for change in waiting if not items or change.item in items]
    alive = {(change.layer, change.item) for change in found.changes}
    kept = {key: item for key, item in read.items() if key in alive}
    kept |= {(change.layer, change.item): change.beneath for change in accepted}
    if accepted or len(kept) < len(read):
        keep_read(path, kept)
    return len(accepted)


def _not_waiting(item: str, names: Iterable[str]) -> Fault:
    return Fault(
        item,
        _("no local change of this question waits to be read"),
        _("choose one of {names}", names=", ".join(sorted(names)) or "-"),
    )


def _named_from(path: Path, found: Resolved) -> Resolved:
    """With layers named as seen from the campaign's folder, so that a workspace can be moved."""

    def named(layer: str) -> str:
        return Path(os.path.relpath(layer, path.parent)).as_posix()

    return replace(
        found,
        added={item: named(layer) for item, layer in found.added.items()},
        changes=tuple(replace(change, layer=named(change.layer)) for change in found.changes),
    )


def layers_of(workspace: Workspace, campaign_name: str) -> dict[str, str]:
    """The file that has the last word on each question, as seen from the campaign's folder."""
    campaign = load_campaign(workspace, campaign_name)
    found = _named_from(qa_file(workspace, campaign.name), load_content(workspace, campaign))
    return {**found.added, **{change.item: change.layer for change in found.changes if change.item in found.added}}


def search_answers(workspace: Workspace, campaign_name: str, words: str, language: str = "") -> list[Answer]:
    """The answers that hold every one of `words` (apart by blanks, case and width aside), the best first.

    Best is where a word stands in the question, then in the answer, then in the example; equal ones stay by topic.
    """
    wanted = [_folded(word) for word in words.split()]
    ranked = []
    for answer in load_answers(workspace, campaign_name, language):
        texts = [_folded(text) for text in (answer.question, answer.answer, answer.example)]
        places = [next((rank for rank, text in enumerate(texts) if word in text), len(texts)) for word in wanted]
        if all(place < len(texts) for place in places):
            ranked.append((sum(places), answer))
    return [answer for _rank, answer in sorted(ranked, key=lambda one: one[0])]


def _folded(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", text).casefold()
