"""Questions and answers in layers: a national base, a province's overlay, a county's over that.

A layer adds questions, refines or removes those beneath it, and sets the parameters their texts are computed from.
What a layer changed it once read; when the text beneath changes afterwards, the change has to be looked at again. That
is drift, and it is told with all three texts: as it was when it was read, as it is now, and one's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from outreach.domain.content import Content, QAItem, QAWords, Quiz, Rules, Topic

Parameter = str | int | Decimal
"""A text or a finite number; Decimal where it was written with a point, so that 137.60 is reckoned with exactly."""


class BrokenLayer(ValueError):
    """A layer that cannot be laid over the ones beneath. item: what it names; reason: one of `Broken`."""

    def __init__(self, layer: str, item: str, reason: Broken) -> None:
        super().__init__(f"{layer}: {item}: {reason}")
        self.layer, self.item, self.reason = layer, item, reason


class Broken(StrEnum):
    """Why a layer does not fit."""

    ITEM_THERE = "the question is there already"
    ITEM_MISSING = "there is no such question beneath"
    TOPIC_MISSING = "there is no such topic"
    PARAMETER_THERE = "the parameter is there already"
    PARAMETER_MISSING = "there is no such parameter beneath"
    PARAMETER_KIND = "the parameter is a text beneath and a number here, or the other way round"


@dataclass(frozen=True, slots=True)
class WordsChange:
    """What a refinement says otherwise in one language; None leaves the text beneath as it is."""

    question: str | None = None
    answer: str | None = None
    example: str | None = None
    quiz: Quiz | None = None

    def on(self, words: QAWords) -> QAWords:
        """The words beneath with the change made."""
        changes = {
            name: value
            for name in ("question", "answer", "example", "quiz")
            if (value := getattr(self, name)) is not None
        }
        return replace(words, **changes)


@dataclass(frozen=True, slots=True)
class Layer:
    """One file of questions. refined: changes by question and language. removed: questions taken out, with the reason.

    parameters: new ones with their values. settings: other values for parameters of a layer beneath.
    """

    name: str
    content: Content
    refined: Mapping[str, Mapping[str, WordsChange]] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    settings: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """What one layer did to one question. ours: None where it was removed. beneath: as the layer found it."""

    layer: str
    item: str
    beneath: QAItem
    ours: QAItem | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Another value that one layer gave a parameter. beneath: the value as the layer found it."""

    layer: str
    name: str
    beneath: Parameter
    ours: Parameter


@dataclass(frozen=True, slots=True)
class Resolved:
    """All layers laid over each other. worded: the layer that has the last word on each question.

    changes, settings: what layers changed of those beneath them, from the base upwards.
    """

    content: Content
    parameters: Mapping[str, Parameter]
    worded: Mapping[str, str]
    changes: tuple[Change, ...]
    settings: tuple[Setting, ...] = ()


def resolve(layers: Sequence[Layer]) -> Resolved:
    """Lay `layers` over each other, the base first; raises BrokenLayer for the first thing that does not fit.

    Questions keep the order of the layer that brought them, topics and rules of conduct likewise; a layer may name a
    topic again to give it another title. A question that was removed may be added anew, for then it is the layer's own.
    """
    topics: dict[str, Topic] = {}
    items: dict[str, QAItem] = {}
    worded: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    settings: list[Setting] = []
    conduct: list[Mapping[str, Rules]] = []
    changes: list[Change] = []
    for layer in layers:
        topics |= {topic.id: topic for topic in layer.content.topics}
        for name, value in layer.parameters.items():
            if name in parameters:
                raise BrokenLayer(layer.name, name, Broken.PARAMETER_THERE)
            parameters[name] = value
        for name, value in layer.settings.items():
            if name not in parameters or name in layer.parameters:
                raise BrokenLayer(layer.name, name, Broken.PARAMETER_MISSING)
            if isinstance(value, str) != isinstance(parameters[name], str):
                raise BrokenLayer(layer.name, name, Broken.PARAMETER_KIND)
            settings.append(Setting(layer.name, name, parameters[name], value))
            parameters[name] = value
        for name, why in layer.removed.items():
            beneath = _beneath(items, layer, name)
            changes.append(Change(layer.name, name, beneath, None, why))
            del items[name]
        for name, words in layer.refined.items():
            beneath = _beneath(items, layer, name)
            ours = {key: words[key].on(text) if key in words else text for key, text in beneath.words.items()}
            items[name] = replace(beneath, words=ours)
            worded[name] = layer.name
            changes.append(Change(layer.name, name, beneath, items[name]))
        for item in layer.content.items:
            if item.id in items:
                raise BrokenLayer(layer.name, item.id, Broken.ITEM_THERE)
            if item.topic not in topics:
                raise BrokenLayer(layer.name, item.topic, Broken.TOPIC_MISSING)
            items[item.id] = item
            worded[item.id] = layer.name
        conduct += layer.content.conduct
    content = Content(tuple(topics.values()), tuple(items.values()), tuple(conduct))
    return Resolved(content, parameters, {key: worded[key] for key in items}, tuple(changes), tuple(settings))


def _beneath(items: Mapping[str, QAItem], layer: Layer, name: str) -> QAItem:
    if name not in items:
        raise BrokenLayer(layer.name, name, Broken.ITEM_MISSING)
    return items[name]


@dataclass(frozen=True, slots=True)
class Read:
    """What lay beneath local changes when somebody last said that they fit: by layer, and question or parameter.

    parameters: the values as printed.
    """

    items: Mapping[tuple[str, str], QAItem] = field(default_factory=dict)
    parameters: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drift:
    """A local change to look at again. was: the text beneath when it was read last, None where nobody ever did."""

    change: Change
    was: QAItem | None


@dataclass(frozen=True, slots=True)
class SettingDrift:
    """A parameter's local value to look at again. was: the value beneath when it was read last, as printed, or None."""

    setting: Setting
    was: str | None


def drift(resolved: Resolved, read: Read) -> list[Drift]:
    """The changes whose text beneath is not the one that was read."""
    return [
        Drift(change, was)
        for change in resolved.changes
        if (was := read.items.get((change.layer, change.item))) is None or item_mark(was) != item_mark(change.beneath)
    ]


def drift_of_settings(resolved: Resolved, read: Read) -> list[SettingDrift]:
    """The parameters set whose value beneath is not the one that was read."""
    return [
        SettingDrift(setting, was)
        for setting in resolved.settings
        if (was := read.parameters.get((setting.layer, setting.name))) != printed(setting.beneath)
    ]


def printed(value: Parameter) -> str:
    """A parameter as answers print it: a number without an exponent, with the places it was written with."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def item_mark(item: QAItem) -> str:
    """Names a question as written, in all its languages: 8 hexadecimal digits of a SHA-256."""
    return hashlib.sha256("\x1f".join(_parts(item)).encode()).hexdigest()[:8]


def _parts(item: QAItem) -> Iterable[str]:
    yield item.topic
    for language, words in sorted(item.words.items()):
        yield from (language, words.question, words.answer, words.example)
        if words.quiz:
            yield from (*words.quiz.choices, str(words.quiz.right), words.quiz.why, words.quiz.question)
