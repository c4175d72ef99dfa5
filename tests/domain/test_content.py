"""Which wording of an answer is on paper, and which questions a quiz asks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.content import Answer, Content, QAItem, QAWords, Quiz, QuizQuestion, Topic, draw_quiz

ANSWER = Answer("phones", "找谁", "几点有人接？", "八点到十点，0700-5550100。", "星期天也一样。")


def quizzed(count: int) -> list[Answer]:
    quiz = Quiz(("对", "错", "不知道"), 0, "因为。")
    return [Answer(f"q{number}", "题", f"问题{number}？", "答。", quiz=quiz) for number in range(count)]


def test_a_version_is_eight_hexadecimal_digits_of_the_printed_words() -> None:
    assert ANSWER.version == "9c1bf1cb"
    assert replace(ANSWER, topic="另一章", quiz=Quiz(("是", "否"), 0, "")).version == ANSWER.version


@pytest.mark.parametrize(
    "change",
    [
        {"question": "几点有人接?"},
        {"answer": "八点到十点，0700-5550101。"},
        {"example": ""},
        {"answer": "八点到十点，0700-5550100。星期天也一样。", "example": ""},
    ],
)
def test_any_other_word_is_another_version(change: dict[str, str]) -> None:
    assert replace(ANSWER, **change).version != ANSWER.version  # type: ignore[arg-type]


def test_items_stand_by_topic_and_within_a_topic_as_written() -> None:
    words = {"zh": QAWords("问", "答")}
    content = Content(
        (Topic("renew", {"zh": "续保"}), Topic("money", {"zh": "钱"})),
        (QAItem("a", "money", words), QAItem("b", "renew", words), QAItem("c", "money", words)),
    )
    assert [item.id for item in content.in_order()] == ["b", "a", "c"]


def test_a_campaign_always_draws_the_same_quiz_and_another_campaign_another() -> None:
    drawn = draw_quiz(quizzed(16), "yingcheng")
    assert [question.item for question in drawn] == [question.item for question in draw_quiz(quizzed(16), "yingcheng")]
    assert len(drawn) == 10
    assert [question.item for question in drawn] != [question.item for question in draw_quiz(quizzed(16), "hechuan")]


@given(st.integers(0, 30), st.text(max_size=12), st.integers(1, 20))
def test_shuffling_never_loses_the_right_choice(count: int, seed: str, most: int) -> None:
    drawn = draw_quiz(quizzed(count), seed, most=most)
    assert len(drawn) == min(count, most)
    assert len({question.item for question in drawn}) == len(drawn)
    for question in drawn:
        assert question.choices[question.right] == "对"
        assert sorted(question.choices) == sorted(("对", "错", "不知道"))


def test_the_right_choice_is_not_always_at_the_same_place() -> None:
    assert {question.right for question in draw_quiz(quizzed(30), "yingcheng", most=30)} == {0, 1, 2}


def test_a_new_question_leaves_the_order_of_the_others() -> None:
    before = [question.item for question in draw_quiz(quizzed(8), "yingcheng", most=30)]
    after = [question.item for question in draw_quiz(quizzed(12), "yingcheng", most=30)]
    assert [item for item in after if item in before] == before


def test_the_quiz_asks_its_own_question_where_it_has_one() -> None:
    quiz = Quiz(("对", "错"), 0, "因为。", "来电人这样问，怎么答？")
    (question,) = draw_quiz([replace(ANSWER, quiz=quiz), Answer("untested", "题", "问？", "答。")], "x")
    assert isinstance(question, QuizQuestion)
    assert (question.item, question.question) == ("phones", "来电人这样问，怎么答？")
