"""The Q&A file: `campaigns/NAME/qa.toml` as staff write it, or one it is laid over; checked whole and loaded.

The file is optional. Every fault is found in one pass; what is right is kept, so that other checks can go on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from outreach.config import model_faults
from outreach.domain.content import Content, QAItem, QAWords, Quiz, Rules, Topic
from outreach.domain.overlay import Layer, Parameter, WordsChange
from outreach.errors import BadInput, Fault
from outreach.messages import _
from outreach.services.qa_figures import checked_parameters, example_fault

QA_NAME = "qa.toml"

_ID = r"^[a-z][a-z0-9-]{0,40}$"
_LINE = Field(min_length=1, max_length=200)
_TEXT = Field(min_length=1, max_length=3000)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _QuizFile(_Model):
    question: str = Field(default="", max_length=300)
    choices: tuple[str, ...] = Field(min_length=2, max_length=6)
    right: int = Field(ge=1)
    why: str = _TEXT

    @field_validator("choices")
    @classmethod
    def _differ(cls, choices: tuple[str, ...]) -> tuple[str, ...]:
        if not all(choice.strip() for choice in choices) or len(set(choices)) < len(choices):
            raise ValueError(_("every choice is written, and no two are alike"))
        return choices

    @model_validator(mode="after")
    def _right_is_a_choice(self) -> _QuizFile:
        if self.right > len(self.choices):
            raise ValueError(_("right counts the choices from 1 and names one of the {count}", count=len(self.choices)))
        return self


class _WordsFile(_Model):
    question: str = _LINE
    answer: str = _TEXT
    example: str = Field(default="", max_length=3000)
    quiz: _QuizFile | None = None


class _ItemFile(_Model):
    id: str = Field(pattern=_ID)
    topic: str
    zh: _WordsFile | None = None
    en: _WordsFile | None = None


class _TopicFile(_Model):
    id: str = Field(pattern=_ID)
    zh: str = Field(default="", max_length=60)
    en: str = Field(default="", max_length=60)


class _RulesFile(_Model):
    title: str = _LINE
    lines: tuple[str, ...] = Field(min_length=1)


class _ConductFile(_Model):
    zh: _RulesFile | None = None
    en: _RulesFile | None = None


class _WordsChangeFile(_Model):
    question: str | None = Field(default=None, min_length=1, max_length=200)
    answer: str | None = Field(default=None, min_length=1, max_length=3000)
    example: str | None = Field(default=None, max_length=3000)
    quiz: _QuizFile | None = None


class _RefineFile(_Model):
    id: str = Field(pattern=_ID)
    zh: _WordsChangeFile = _WordsChangeFile()
    en: _WordsChangeFile = _WordsChangeFile()


class _RemoveFile(_Model):
    id: str = Field(pattern=_ID)
    why: str = _LINE


class _Head(_Model):
    format: int = Field(ge=1, le=1)
    over: str = Field(default="", max_length=300)
    parameters: dict[str, Any] = {}
    set: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class ExaminedLayer:
    """One Q&A file with all its faults, and whatever of it is right. over: the file it is laid over, as written."""

    layer: Layer
    over: str
    faults: tuple[Fault, ...]


def examine_layer(path: Path, languages: tuple[str, ...]) -> ExaminedLayer:
    """Check one Q&A file without stopping.

    languages: the campaign's; every text must be there in each. Raises FileNotFoundError where it is not there, and
    BadInput where it is no TOML.
    """
    try:
        text = path.read_text("utf-8-sig")
        raw = tomllib.loads(text)
        # A parameter is reckoned with as it is written: 137.60 has two places and no binary remainder.
        exact = tomllib.loads(text, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise BadInput.at(str(path), _("is not UTF-8"), _("save it again as UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput.at(str(path), _("is not valid TOML: {error}", error=error), _("mend that line")) from error
    numbers = {key: exact[key] for key in ("parameters", "set") if key in exact}
    return _Reading(path, raw | numbers, languages).examined()


_M = TypeVar("_M", bound=BaseModel)


class _Reading:
    """One reading of one file: collects faults while it turns tables into the domain's types."""

    def __init__(self, path: Path, raw: Mapping[str, Any], languages: tuple[str, ...]) -> None:
        self._file = str(path)
        self._raw = raw
        self._languages = languages
        self._faults: list[Fault] = []

    def examined(self) -> ExaminedLayer:
        tables = {"topics", "items", "conduct", "refine", "remove"}
        head = self._model(_Head, {key: value for key, value in self._raw.items() if key not in tables}, "")
        written = self._raw.get("over", "")
        over = head.over if head else written if isinstance(written, str) else ""
        laid_over = bool(over) or not isinstance(written, str)
        topics = self._topics()
        items = self._items(topics, laid_over=laid_over)
        content = Content(tuple(topics.values()), tuple(items), tuple(self._conduct()))
        refined, removed = self._refined(), self._removed()
        layer = Layer(self._file, content, refined, removed, *map(self._parameters, ("parameters", "set")))
        if not laid_over:
            for key in ("refine", "remove", "set"):
                if self._raw.get(key):
                    self._fault(key, _("there is nothing beneath to change"), _("name the file beneath with 'over'"))
        return ExaminedLayer(layer, over, tuple(self._faults))

    def _parameters(self, table: str) -> dict[str, Parameter]:
        rows = self._raw.get(table, {})
        right, faults = checked_parameters(rows if isinstance(rows, dict) else {}, f"{self._file}, {table}")
        self._faults += faults
        return right

    def _example(self, text: str | None, place: str) -> None:
        self._faults += example_fault(text or "", f"{self._file}, {place}.example")

    def _refined(self) -> dict[str, dict[str, WordsChange]]:
        found: dict[str, dict[str, WordsChange]] = {}
        for place, row in self._rows("refine"):
            model = self._model(_RefineFile, row, place)
            if model is None:
                continue
            self._once(model.id, place, found)
            changes = {language: getattr(model, language) for language in self._languages}
            for language, change in changes.items():
                self._example(change.example, f"{place}, {language}")
            quizzes = {language: change.quiz for language, change in changes.items() if change.quiz}
            if quizzes and len(quizzes) < len(changes):
                self._fault(place, _("has a quiz in one language only"), _("write it in every language"))
            self._same_quiz(quizzes, place)
            found[model.id] = {
                language: WordsChange(one.question, one.answer, one.example, _quiz(one.quiz))
                for language, one in changes.items()
            }
        return found

    def _removed(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for place, row in self._rows("remove"):
            model = self._model(_RemoveFile, row, place)
            if model is not None:
                self._once(model.id, place, found)
                found[model.id] = model.why
        return found

    def _fault(self, place: str, what: str, mend: str) -> None:
        self._faults.append(Fault(f"{self._file}, {place}", what, mend))

    def _rows(self, name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """The tables of a list, each with the place faults name: its rank from 0 and its id."""
        rows = self._raw.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._fault(name, _("is not a list of tables"), _("write each as [[{name}]]", name=name))
            return
        for rank, row in enumerate(rows):
            named = f" '{row['id']}'" if isinstance(row.get("id"), str) else ""
            yield f"{name}[{rank}]{named}", row

    def _model(self, model: type[_M], raw: Mapping[str, Any], place: str) -> _M | None:
        try:
            return model(**raw)
        except ValidationError as error:
            for fault in model_faults("", error):
                inner = fault.where.removeprefix(", ")
                self._fault(", ".join(filter(None, (place, inner))), fault.what, fault.mend)
            return None

    def _once(self, name: str, place: str, seen: Iterable[str]) -> None:
        if name in seen:
            self._fault(place, _("'{name}' is used twice", name=name), _("give each its own id"))

    def _topics(self) -> dict[str, Topic]:
        found: dict[str, Topic] = {}
        for place, row in self._rows("topics"):
            model = self._model(_TopicFile, row, place)
            if model is None:
                continue
            self._once(model.id, place, found)
            words = {language: str(getattr(model, language)) for language in self._languages}
            for language, title in words.items():
                if not title:
                    self._fault(f"{place}, {language}", _("is missing"), _("add it"))
            found[model.id] = Topic(model.id, words)
        return found

    def _items(self, topics: Mapping[str, Topic], *, laid_over: bool) -> list[QAItem]:
        found: dict[str, QAItem] = {}
        named = {row.get("id") for row in self._raw.get("topics", ()) if isinstance(row, dict)}
        for place, row in self._rows("items"):
            model = self._model(_ItemFile, row, place)
            if model is None:
                continue
            self._once(model.id, place, found)
            if model.topic not in named and not laid_over:  # the topic may be one of a layer beneath
                self._fault(
                    f"{place}, topic",
                    _("there is no topic '{name}'", name=model.topic),
                    _("choose one of {names}", names=", ".join(topics) or "-"),
                )
            words = self._in_every_language(model, place)
            for language, one in words.items():
                self._example(one.example, f"{place}, {language}")
            self._same_quiz({language: one.quiz for language, one in words.items()}, place)
            if len(words) == len(self._languages) and (model.topic in topics or laid_over):
                kept = {language: _words(one) for language, one in words.items()}
                found.setdefault(model.id, QAItem(model.id, model.topic, kept))
        return list(found.values())

    def _conduct(self) -> Iterable[Mapping[str, Rules]]:
        for place, row in self._rows("conduct"):
            model = self._model(_ConductFile, row, place)
            if model is None:
                continue
            words = self._in_every_language(model, place)
            if len(words) == len(self._languages):
                yield {language: Rules(one.title, one.lines) for language, one in words.items()}

    def _in_every_language(self, model: Any, place: str) -> dict[str, Any]:
        found = {}
        for language in self._languages:
            words = getattr(model, language)
            if words is None:
                self._fault(
                    f"{place}, {language}",
                    _("the words in this language are missing"),
                    _("add a table '{language}', or take the language out of the campaign", language=language),
                )
            else:
                found[language] = words
        return found

    def _same_quiz(self, quizzes: Mapping[str, _QuizFile | None], place: str) -> None:
        """A quiz sheet and its translation must have one answer key."""
        if not quizzes:
            return
        (first, one), *others = quizzes.items()
        for language, other in others:
            facts = [(quiz.right, len(quiz.choices)) if quiz else None for quiz in (one, other)]
            if facts[0] != facts[1]:
                self._fault(
                    f"{place}, {language}.quiz",
                    _("does not match the quiz in '{language}'", language=first),
                    _("give both as many choices and the same right one"),
                )


def _words(file: _WordsFile) -> QAWords:
    return QAWords(file.question, file.answer, file.example, _quiz(file.quiz))


def _quiz(file: _QuizFile | None) -> Quiz | None:
    return Quiz(file.choices, file.right - 1, file.why, file.question) if file else None
