"""Questions and answers: what people ask, what the campaign answers, and which wording of an answer is on paper.

A campaign writes its answers as templates, so that a phone or a rate stands in one place. What is printed is an
`Answer`: the words with everything filled in. Its version is a mark of those words, so that an answer whose phone
or rate has changed can be told from the one already on paper.

Content is kept as written (`QAItem`) until the last step. What a county adds to or refines in its province's
questions can therefore be laid over the items before any of them is filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

VERSION_DIGITS = 8
QUIZ_LENGTH = 10

# Between the parts of a text that is hashed; no text may hold it, since it is a control character.
_PART = "\x1f"


@dataclass(frozen=True, slots=True)
class Quiz:
    """How an officer's knowledge of an answer is tested.

    question: as a caller would put it; '' is the item's own. right: which of `choices` is right, from 0.
    why: what the answer key says about it.
    """

    choices: tuple[str, ...]
    right: int
    why: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class QAWords:
    """One question and its answer in one language, as written: answer, example and quiz may hold templates."""

    question: str
    answer: str
    example: str = ""
    quiz: Quiz | None = None


@dataclass(frozen=True, slots=True)
class QAItem:
    """One question of the campaign in each of its languages. topic: the id of a `Topic`."""

    id: str
    topic: str
    words: Mapping[str, QAWords]


@dataclass(frozen=True, slots=True)
class Topic:
    """A chapter of the questions, with its title in each language."""

    id: str
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules of conduct in one language: a title and its lines."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a campaign's Q&A file says, in its order. conduct: groups of rules, each in each language."""

    topics: tuple[Topic, ...] = ()
    items: tuple[QAItem, ...] = ()
    conduct: tuple[Mapping[str, Rules], ...] = ()

    def in_order(self) -> tuple[QAItem, ...]:
        """The items by topic, in the order of the topics; within a topic as they were written."""
        ranks = {topic.id: rank for rank, topic in enumerate(self.topics)}
        return tuple(sorted(self.items, key=lambda item: ranks[item.topic]))


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer as printed in one language, everything filled in. topic: its printed title."""

    id: str
    topic: str
    question: str
    answer: str
    example: str = ""
    quiz: Quiz | None = None

    @property
    def version(self) -> str:
        """Names the wording on paper: 8 hexadecimal digits of the SHA-256 of question, answer and example."""
        return _mark(self.question, self.answer, self.example)[:VERSION_DIGITS]


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """One question of a quiz sheet, its choices shuffled. right: from 0. item: the answer it was drawn from."""

    item: str
    question: str
    choices: tuple[str, ...]
    right: int
    why: str


def draw_quiz(answers: Iterable[Answer], seed: str, *, most: int = QUIZ_LENGTH) -> list[QuizQuestion]:
    """At most `most` questions in an order, and choices in an order, that hang on `seed` and ids alone.

    The order is that of hashes, so a campaign always prints the same quiz, in every language, and a new question
    leaves the order of the others as it was.
    """
    tested = [answer for answer in answers if answer.quiz]
    drawn = sorted(tested, key=lambda answer: _mark(seed, answer.id))[:most]
    return [_shuffled(answer, answer.quiz, seed) for answer in drawn if answer.quiz]


def _shuffled(answer: Answer, quiz: Quiz, seed: str) -> QuizQuestion:
    order = sorted(range(len(quiz.choices)), key=lambda rank: _mark(seed, answer.id, str(rank)))
    return QuizQuestion(
        item=answer.id,
        question=quiz.question or answer.question,
        choices=tuple(quiz.choices[rank] for rank in order),
        right=order.index(quiz.right),
        why=quiz.why,
    )


def _mark(*parts: str) -> str:
    return hashlib.sha256(_PART.join(parts).encode()).hexdigest()
