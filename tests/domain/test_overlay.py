"""A county's answers lie over its province's and the nation's, and are looked at again when those change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from outreach.domain.content import Content, QAItem, QAWords, Quiz, Topic
from outreach.domain.overlay import (
    Broken,
    BrokenLayer,
    Layer,
    Parameter,
    Read,
    WordsChange,
    drift,
    drift_of_settings,
    item_mark,
    printed,
    resolve,
)

MONEY, PAPERS = Topic("money", {"en": "Money"}), Topic("papers", {"en": "Papers"})


def item(name: str, answer: str, topic: str = "money") -> QAItem:
    return QAItem(name, topic, {"en": QAWords(f"{name}?", answer, f"{name} for example")})


def base(**answers: str) -> Layer:
    answers = answers or {"fee": "100 yuan", "where": "at the hall", "when": "by day"}
    return Layer(
        "national", Content((MONEY, PAPERS), tuple(item(*one) for one in answers.items())), parameters={"d": 15}
    )


def county(**changes: object) -> Layer:
    return replace(Layer("county", Content()), **changes)  # type: ignore[arg-type]


def answers(layers: list[Layer]) -> Mapping[str, str]:
    return {one.id: one.words["en"].answer for one in resolve(layers).content.items}


def test_a_layer_adds_refines_and_removes() -> None:
    over = county(
        content=Content(items=(item("bus", "at the station", "papers"),)),
        refined={"where": {"en": WordsChange(answer="at 99 Yunhe Road")}},
        removed={"when": "we open at night"},
        settings={"d": 10},
    )
    found = resolve([base(), over])
    assert answers([base(), over]) == {"fee": "100 yuan", "where": "at 99 Yunhe Road", "bus": "at the station"}
    assert found.parameters == {"d": 10}
    assert found.worded == {"fee": "national", "where": "county", "bus": "county"}
    assert [(one.item, one.why) for one in found.changes] == [("when", "we open at night"), ("where", "")]


def test_a_refinement_leaves_what_it_does_not_name() -> None:
    quiz = Quiz(("a", "b"), 1, "because")
    over = county(refined={"fee": {"en": WordsChange(quiz=quiz, example="")}})
    words = next(one for one in resolve([base(), over]).content.items if one.id == "fee").words["en"]
    assert words == QAWords("fee?", "100 yuan", "", quiz)


def test_a_question_removed_and_added_anew_is_the_layers_that_added_it() -> None:
    province = replace(county(removed={"fee": "not here"}), name="province")
    over = county(content=Content(items=(item("fee", "80 yuan"),)))
    assert resolve([base(), province, over]).worded["fee"] == "county"


def test_the_highest_layer_has_the_last_word() -> None:
    province = replace(county(refined={"fee": {"en": WordsChange(answer="90 yuan")}}), name="province")
    over = county(refined={"fee": {"en": WordsChange(answer="80 yuan")}})
    assert answers([base(), province, over])["fee"] == "80 yuan"
    assert resolve([base(), province, over]).changes[-1].beneath.words["en"].answer == "90 yuan"


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"refined": {"fees": {}}}, "fees", Broken.ITEM_MISSING),
        ({"removed": {"fees": "x"}}, "fees", Broken.ITEM_MISSING),
        ({"removed": {"fee": "x"}, "refined": {"fee": {}}}, "fee", Broken.ITEM_MISSING),
        ({"content": Content(items=(item("fee", "x"),))}, "fee", Broken.ITEM_THERE),
        ({"content": Content(items=(item("new", "x", "elsewhere"),))}, "elsewhere", Broken.TOPIC_MISSING),
        ({"parameters": {"d": 1}}, "d", Broken.PARAMETER_THERE),
        ({"settings": {"e": 1}}, "e", Broken.PARAMETER_MISSING),
        ({"settings": {"d": "15"}}, "d", Broken.PARAMETER_KIND),
        ({"parameters": {"e": 1}, "settings": {"e": 2}}, "e", Broken.PARAMETER_MISSING),
    ],
)
def test_a_layer_that_does_not_fit_is_refused_by_name(changes: dict[str, object], name: str, reason: Broken) -> None:
    with pytest.raises(BrokenLayer) as caught:
        resolve([base(), county(**changes)])
    assert (caught.value.layer, caught.value.item, caught.value.reason) == ("county", name, reason)


def test_an_answer_is_to_be_looked_at_when_the_text_beneath_changed_and_only_then() -> None:
    over = county(refined={"fee": {"en": WordsChange(answer="80 yuan")}}, removed={"when": "no"})
    first = resolve([base(), over])
    assert [one.was for one in drift(first, Read())] == [None, None]  # nobody ever read them
    read = Read({(one.layer, one.item): one.beneath for one in first.changes})
    assert drift(first, read) == []
    assert drift(resolve([base(fee="100 yuan", when="by day", where="elsewhere"), over]), read) == []
    (found,) = drift(resolve([base(fee="120 yuan", when="by day"), over]), read)
    three = (found.was, found.change.beneath, found.change.ours)
    assert [one and one.words["en"].answer for one in three] == ["100 yuan", "120 yuan", "80 yuan"]


def test_a_parameter_set_is_to_be_looked_at_when_its_value_beneath_changed_and_only_then() -> None:
    province, over = replace(county(settings={"d": 12}), name="province"), county(settings={"d": 10})
    found = resolve([base(), province, over])
    assert [(one.setting.layer, one.was) for one in drift_of_settings(found, Read())] == [
        ("province", None),
        ("county", None),
    ]
    read = Read(parameters={(one.layer, one.name): printed(one.beneath) for one in found.settings})
    assert drift_of_settings(found, read) == []
    (moved,) = drift_of_settings(resolve([replace(base(), parameters={"d": 20}), province, over]), read)
    assert (moved.setting.layer, moved.was, moved.setting.beneath, moved.setting.ours) == ("province", "15", 20, 12)


@pytest.mark.parametrize(
    ("value", "shown"), [(15, "15"), (Decimal("137.60"), "137.60"), (Decimal("1E+2"), "100"), ("3 号窗口", "3 号窗口")]
)
def test_a_parameter_is_shown_as_it_was_written(value: Parameter, shown: str) -> None:
    assert printed(value) == shown


def test_a_mark_hangs_on_every_word_of_every_language() -> None:
    words = QAWords("q", "a", "e", Quiz(("x", "y"), 0, "w", "qq"))
    one = QAItem("fee", "money", {"en": words})
    others = [
        replace(one, topic="papers"),
        replace(one, words={"zh": words}),
        *(replace(one, words={"en": replace(words, **{name: "other"})}) for name in ("question", "answer", "example")),
        replace(one, words={"en": replace(words, quiz=Quiz(("x", "y"), 1, "w", "qq"))}),
        replace(one, words={"en": replace(words, quiz=None)}),
    ]
    assert len({item_mark(each) for each in (one, *others)}) == len(others) + 1
