"""Local answers kept in step with the ones they are laid over: what changed beneath, read again and said to fit."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.config import Workspace
from outreach.domain.content import Answer, QAItem
from outreach.domain.overlay import Drift, Read, Resolved, SettingDrift, drift, drift_of_settings, printed
from outreach.errors import Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.services.campaigns import language_of, load_campaign
from outreach.services.content import load_answers, load_content, qa_file
from outreach.services.qa_layers import keep_read, load_read


@dataclass(frozen=True, slots=True)
class Review:
    """One local change whose base is not as it was read. state: 'unread', 'changed'.

    item: a question's id, or a parameter that is set as templates write it, 'set.days'. layer: the file that changed
    it, as seen from the campaign's folder. was, now, ours: question, answer and example in the language asked for, as
    written; of a parameter its value alone; None for what there is not: never read, or removed here.
    """

    item: str
    layer: str
    state: str
    was: tuple[str, ...] | None
    now: tuple[str, ...]
    ours: tuple[str, ...] | None
    why: str


def list_reviews(workspace: Workspace, campaign_name: str, language: str = "") -> list[Review]:
    """The local changes to look at again, parameters before questions, the base's first of each.

    Raises BadInput with every fault of the files.
    """
    campaign = load_campaign(workspace, campaign_name)
    language = language_of(campaign, language)
    path = qa_file(workspace, campaign.name)
    found = _named_from(path, load_content(workspace, campaign))
    read = load_read(path)
    settings = [_setting_review(one) for one in drift_of_settings(found, read)]
    return settings + [_review(one, language) for one in drift(found, read)]


def _setting_review(one: SettingDrift) -> Review:
    setting = one.setting
    return Review(
        item=_parameter(setting.name),
        layer=setting.layer,
        state="unread" if one.was is None else "changed",
        was=None if one.was is None else (one.was,),
        now=(printed(setting.beneath),),
        ours=(printed(setting.ours),),
        why="",
    )


def _parameter(name: str) -> str:
    return f"set.{name}"


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
    """Say of the changes to `items`, all that wait where empty, that they fit what lies beneath as it is now.

    items: as reviews name them. Returns how many were said to; what no longer changes anything is forgotten. Raises
    NotFound for one that waits for nothing.
    """
    campaign = load_campaign(workspace, campaign_name)
    path = qa_file(workspace, campaign.name)
    found = _named_from(path, load_content(workspace, campaign))
    read = load_read(path)
    waiting = [one.change for one in drift(found, read)]
    set_here = [one.setting for one in drift_of_settings(found, read)]
    names = {change.item for change in waiting} | {_parameter(setting.name) for setting in set_here}
    refuse_if_any((_not_waiting(item, names) for item in items if item not in names), NotFound)
    accepted = [change for change in waiting if not items or change.item in items]
    accepted_settings = [one for one in set_here if not items or _parameter(one.name) in items]
    alive = {(change.layer, change.item) for change in found.changes}
    alive_settings = {(setting.layer, setting.name) for setting in found.settings}
    kept = Read(
        {key: item for key, item in read.items.items() if key in alive}
        | {(change.layer, change.item): change.beneath for change in accepted},
        {key: value for key, value in read.parameters.items() if key in alive_settings}
        | {(setting.layer, setting.name): printed(setting.beneath) for setting in accepted_settings},
    )
    if kept != read:
        keep_read(path, kept)
    return len(accepted) + len(accepted_settings)


def _not_waiting(item: str, names: Iterable[str]) -> Fault:
    return Fault(
        item,
        _("no local change of this waits to be read"),
        _("choose one of {names}", names=", ".join(sorted(names)) or "-"),
    )


def _named_from(path: Path, found: Resolved) -> Resolved:
    """With layers named as seen from the campaign's folder, so that a workspace can be moved."""

    def named(layer: str) -> str:
        return Path(os.path.relpath(layer, path.parent)).as_posix()

    return replace(
        found,
        worded={item: named(layer) for item, layer in found.worded.items()},
        changes=tuple(replace(change, layer=named(change.layer)) for change in found.changes),
        settings=tuple(replace(setting, layer=named(setting.layer)) for setting in found.settings),
    )


def layers_of(workspace: Workspace, campaign_name: str) -> dict[str, str]:
    """The file that has the last word on each question, as seen from the campaign's folder."""
    campaign = load_campaign(workspace, campaign_name)
    return dict(_named_from(qa_file(workspace, campaign.name), load_content(workspace, campaign)).worded)


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
