"""The Q&A file: every fault at once, answers filled in from the campaign, versions that follow what is printed."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from outreach.errors import BadInput, CannotPrint, NotFound
from outreach.render.manifest import load_kind
from outreach.resources import shipped
from outreach.services import qa_file
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import load_campaign, new_campaign
from outreach.services.content import CONTENT_NAMES, content_for, content_values, find_answer, load_answers
from outreach.services.materials import make_material

QA = """\
format = 1

[[topics]]
id = "contact"
zh = "找谁"
en = "Whom to ask"

[[items]]
id = "phones"
topic = "contact"
[items.zh]
question = "几点有人接电话？"
answer = "{{ bureau.hours }}，打 {{ bureau.hotline }}。"
[items.zh.quiz]
choices = ["白天", "{{ bureau.hours }}"]
right = 2
why = "天天如此。"
[items.en]
question = "When are the phones answered?"
answer = "{{ bureau.hours }}, ring {{ bureau.hotline }}."
[items.en.quiz]
choices = ["By day", "{{ bureau.hours }}"]
right = 2
why = "Every day."

[[items]]
id = "booths"
topic = "contact"
[items.zh]
question = "车站能问吗？"
answer = "能：{% for booth in booths %}{{ booth.when }}，{{ booth.place }}{% endfor %}。"
example = "下车就问。"
[items.en]
question = "Can I ask at the station?"
answer = "Yes: {% for booth in booths %}{{ booth.when }}, {{ booth.place }}{% endfor %}."
example = "Ask as you get off."

[[conduct]]
[conduct.zh]
title = "见面"
lines = ["先问好"]
[conduct.en]
title = "Meeting"
lines = ["Greet first"]
"""


def write_qa(town: Any, *changes: tuple[str, str]) -> Path:
    text = QA
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the Q&A file"
        text = text.replace(old, new)
    path: Path = town.campaign_file.with_name("qa.toml")
    path.write_text(text, "utf-8")
    return path


def faults_of(town: Any, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    """Where and what, the file's name taken off."""
    path = write_qa(town, *changes)
    with pytest.raises(BadInput) as caught:
        check_campaign(town.workspace, "town")
    assert all(fault.where.startswith(f"{path}, ") and fault.mend for fault in caught.value.faults)
    return [(fault.where.removeprefix(f"{path}, "), fault.what) for fault in caught.value.faults]


def test_a_campaign_needs_no_questions(bare_town: Any) -> None:
    assert load_answers(bare_town.workspace, "town") == []
    assert check_campaign(bare_town.workspace, "town").name == "town"


def test_answers_are_filled_in_from_the_campaign(bare_town: Any) -> None:
    write_qa(bare_town)
    phones, booths = load_answers(bare_town.workspace, "town", "en")
    assert phones.answer == "08:00-22:00, ring 0700-5550100."
    assert phones.quiz is not None
    assert phones.quiz.choices == ("By day", "08:00-22:00")
    assert booths.answer == "Yes: 1–3 May 08:00–12:00, 13:00–17:00, long-distance bus station."
    assert (booths.topic, booths.example, booths.quiz) == ("Whom to ask", "Ask as you get off.", None)
    assert find_answer(bare_town.workspace, "town", "booths").question == "车站能问吗？"


def test_another_phone_in_campaign_toml_is_another_version_of_the_answers_that_print_it(bare_town: Any) -> None:
    write_qa(bare_town)
    before = {answer.id: answer.version for answer in load_answers(bare_town.workspace, "town")}
    bare_town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550155"'))
    after = {answer.id: answer.version for answer in load_answers(bare_town.workspace, "town")}
    assert {name for name in before if before[name] != after[name]} == {"phones"}


def test_a_worked_example_follows_the_payment_rules(bare_town: Any) -> None:
    rules = """
[payment]
source_zh = "示例"
source_en = "example"
years = [{ year = 2003, base_yuan = 600, rate_percent = 20 }, { year = 2004, base_yuan = 700, rate_percent = 20 }]

[[messages]]
"""
    example = (
        '{% if rates %}{{ rates.owed["24"].total }}；{{ rates.years[1].span }} {{ rates.years[1].month }}{% endif %}'
    )
    write_qa(bare_town, ('example = "下车就问。"', f"example = '{example}'"))
    assert load_answers(bare_town.workspace, "town")[1].example == ""
    bare_town.edit_campaign(("\n[[messages]]\n", rules))
    bare_town.edit_campaign(
        ("starts = 2005-03-01\nends = 2005-06-30\ntime", "starts = 2005-01-01\nends = 2005-06-30\ntime")
    )
    assert load_answers(bare_town.workspace, "town")[1].example == "3,120.00；2004年 140.00"


def test_every_fault_of_the_file_is_told_at_once_with_item_and_key(bare_town: Any) -> None:
    found = faults_of(
        bare_town,
        ("format = 1", "format = 2"),
        ('en = "Whom to ask"\n', ""),
        ('question = "When are the phones answered?"\n', ""),
        ('example = "Ask as you get off."', 'exampel = "Ask as you get off."'),
        ('lines = ["Greet first"]', "lines = []"),
    )
    assert found == [
        ("format", "2 is not accepted"),
        ("topics[0] 'contact', en", "is missing"),
        ("items[0] 'phones', en.question", "is missing"),
        ("items[1] 'booths', en.exampel", "unknown key"),
        ("conduct[0], en.lines", "[] is not accepted"),
    ]


def test_a_figure_typed_into_an_example_is_a_fault_with_file_question_and_what_to_do(bare_town: Any) -> None:
    found = faults_of(bare_town, ("下车就问。", "缴 12 个月，共 3302.40 元。"))
    assert found == [("items[1] 'booths', zh.example", "12, 3302.40 is typed, but an example is computed")]
    computed = "example = \"缴 {{ set.months }} 个月，共 {{ set.month * set.months }} 元，从 {{ '2005' }} 年起。\""
    parameters = ("format = 1", "format = 1\n[parameters]\nmonths = 12\nmonth = 275.20")
    write_qa(bare_town, ('example = "下车就问。"', computed), parameters)
    assert load_answers(bare_town.workspace, "town")[1].example == "缴 12 个月，共 3302.40 元，从 2005 年起。"


def test_parameters_that_make_two_choices_of_a_quiz_alike_are_a_fault(bare_town: Any) -> None:
    choices = ('choices = ["By day", "{{ bureau.hours }}"]', 'choices = ["{{ set.a }}", "{{ set.b }}"]')
    ((where, what),) = faults_of(bare_town, choices, ("format = 1", "format = 1\n[parameters]\na = 7\nb = 7"))
    assert where == "phones, en.quiz.choices"
    assert "(7, 7)" in what


def test_a_missing_language_names_file_item_and_language(bare_town: Any) -> None:
    half = QA[QA.index('[items.en]\nquestion = "Can') : QA.index("[[conduct]]")]
    assert faults_of(bare_town, (half, "")) == [("items[1] 'booths', en", "the words in this language are missing")]


def test_an_id_used_twice_and_an_unknown_topic_are_faults(bare_town: Any) -> None:
    second = 'id = "booths"\ntopic = "contact"'
    assert faults_of(bare_town, (second, 'id = "phones"\ntopic = "money"')) == [
        ("items[1] 'phones'", "'phones' is used twice"),
        ("items[1] 'phones', topic", "there is no topic 'money'"),
    ]


def test_the_right_choice_is_one_of_the_choices_and_the_same_in_both_languages(bare_town: Any) -> None:
    english = 'right = 2\nwhy = "Every day."'
    assert faults_of(bare_town, (english, 'right = 1\nwhy = "Every day."')) == [
        ("items[0] 'phones', en.quiz", "does not match the quiz in 'zh'")
    ]
    ((where, _what),) = faults_of(bare_town, (english, 'right = 3\nwhy = "Every day."'))
    assert where == "items[0] 'phones', en.quiz"


def test_a_value_that_is_missing_and_a_sign_no_font_has_are_found_by_the_campaign_check(bare_town: Any) -> None:
    found = faults_of(
        bare_town, ("打 {{ bureau.hotline }}。", "打 {{ bureau.fax }}。"), ("下车就问。", "下车\U0001f68d就问。")
    )
    assert [where for where, _what in found] == ["phones, zh.answer", "booths, zh.example"]
    assert "'bureau.fax'" in found[0][1]
    assert "U+1F68D" in found[1][1]


def test_a_file_that_is_no_toml_is_one_sentence(bare_town: Any) -> None:
    path = bare_town.campaign_file.with_name("qa.toml")
    path.write_text("items = [", "utf-8")
    with pytest.raises(BadInput, match="is not valid TOML"):
        check_campaign(bare_town.workspace, "town")


def test_an_answer_that_cannot_be_filled_in_stops_the_print(bare_town: Any) -> None:
    write_qa(bare_town, ("打 {{ bureau.hotline }}。", "打 {{ bureau.fax }}。"))
    with pytest.raises(CannotPrint, match=r"phones, zh\.answer.*bureau\.fax"):
        load_answers(bare_town.workspace, "town")


def test_an_unknown_question_or_language_is_named_with_the_choices(bare_town: Any) -> None:
    write_qa(bare_town)
    with pytest.raises(NotFound, match="nobody: there is no such question; choose one of phones, booths"):
        find_answer(bare_town.workspace, "town", "nobody")
    bare_town.edit_campaign(('languages = ["zh", "en"]', 'languages = ["zh"]'))
    with pytest.raises((NotFound, BadInput), match="en"):
        load_answers(bare_town.workspace, "town", "en")


def test_a_kind_gets_the_content_it_declares_and_no_other(bare_town: Any) -> None:
    write_qa(bare_town)
    campaign = load_campaign(bare_town.workspace, "town")
    (templates,) = shipped("templates")[:1]
    board, poster = (load_kind(templates / name) for name in ("board", "poster"))
    assert set(content_for(bare_town.workspace, campaign, board, "zh")) == {"qa", "messages"}
    assert "qa" not in content_for(bare_town.workspace, campaign, poster, "zh")
    values = content_values(bare_town.workspace, campaign, "en")
    assert [item["id"] for item in values["qa"]] == ["phones", "booths"]
    assert values["messages"] == ["A lapsed pension can be renewed."]
    assert values["conduct"] == [{"title": "Meeting", "lines": ["Greet first"]}]
    (question,) = values["quiz"]
    assert question["choices"]["AB".index(question["right"])] == "08:00-22:00"


def test_without_questions_a_booklet_is_refused_with_the_file_to_write(town: Any) -> None:
    with pytest.raises(NotFound, match=r"qa\.toml: there are no questions and answers to print"):
        make_material(town.office, "town", "booklet")


def test_a_booklet_made_holds_its_answers_versions_as_facts(town: Any) -> None:
    write_qa(town)
    made = make_material(town.office, "town", "booklet", day=dt.date(2005, 3, 1))
    versions = {answer.id: answer.version for answer in load_answers(town.workspace, "town")}
    with town.office.store.read() as unit:
        facts = [held.fact for held in unit.runs.facts(made.run.id)]
    answers = {fact.subject: fact.value for fact in facts if fact.kind == "answer"}
    assert answers == {f"qa {name}": version for name, version in versions.items()}
    (file,) = made.folder.glob("*.pdf")
    text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert all(version in text for version in versions.values())


def test_a_new_campaign_takes_the_questions_along(bare_town: Any) -> None:
    new_campaign(bare_town.workspace, "next", like="yingcheng")
    assert len(load_answers(bare_town.workspace, "next")) == len(load_answers(bare_town.workspace, "yingcheng"))
    check_campaign(bare_town.workspace, "next")
    # The shipped prices are invented and do not go along, so that no example can quote them.
    assert find_answer(bare_town.workspace, "next", "how-much").example == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_campaign_answers_what_people_ask(bare_town: Any, language: str) -> None:
    check_campaign(bare_town.workspace, "yingcheng")
    answers = {answer.id: answer for answer in load_answers(bare_town.workspace, "yingcheng", language)}
    assert len(answers) == 16
    assert sum(1 for answer in answers.values() if answer.quiz) >= 10
    assert "0700-5550100" in answers["how-much"].answer
    assert "3,160.80" in answers["how-much"].example  # 12 x 125.80 and 12 x 137.60, by the campaign's own rules
    assert {"1990", "1998", "8", "6", "7", "15"} == set(re.findall(r"\d+", answers["years-before"].example))
    assert "0700-5550112" in answers["complaint"].answer


def test_the_shipped_example_of_years_and_its_quiz_follow_the_parameters(bare_town: Any) -> None:
    new_campaign(bare_town.workspace, "next", like="yingcheng")
    path = bare_town.root / "campaigns" / "next" / "qa.toml"
    path.write_text(path.read_text("utf-8").replace("years_before = 8", "years_before = 9"), "utf-8")
    for language, sum_, right in (("zh", "加起来就是 16 年。", "16 年"), ("en", "Together that makes 16.", "16 years")):
        found = find_answer(bare_town.workspace, "next", "years-before", language)
        assert found.example.endswith(sum_)
        assert "1999" in found.example
        assert found.quiz is not None
        assert found.quiz.choices[found.quiz.right] == right
        assert "9" in found.quiz.question
        assert "9" in found.quiz.why


FLIGHTS = """

[[flights]]
id = "wall"
channel = "board"
starts = 2005-03-01
ends = 2005-06-30
message = "renew"
panels = 3

[[flights]]
id = "page"
channel = "press"
starts = 2005-03-04
ends = 2005-06-24
message = "renew"
paper = "小镇日报"
columns = 3
column_mm = 61.5
gutter_mm = 4.25
height_mm = 240
"""


def test_board_and_newspaper_page_are_made_in_the_measures_of_their_flights(bare_town: Any) -> None:
    write_qa(bare_town)
    text = bare_town.campaign_file.read_text("utf-8")
    bare_town.campaign_file.write_text(text + FLIGHTS, "utf-8")
    board, press = (make_material(bare_town.office, "town", kind, language="en") for kind in ("board", "press"))
    panels = PdfReader(board.folder / "board-wall.pdf").pages
    assert len(panels) == 3
    (page,) = PdfReader(press.folder / "press-page.pdf").pages
    size = [float(side) * 25.4 / 72 for side in page.trimbox[2:]]
    assert size == pytest.approx([3 * 61.5 + 2 * 4.25, 240], abs=0.01)
    assert all("0700-5550100" in made.extract_text() for made in (panels[1], panels[2], page))


def test_the_content_page_names_every_key_of_the_file() -> None:
    text = (Path(__file__).parents[2] / "docs" / "content.md").read_text("utf-8")
    models = (
        qa_file._Head,
        qa_file._RefineFile,
        qa_file._RemoveFile,
        qa_file._TopicFile,
        qa_file._ItemFile,
        qa_file._WordsFile,
        qa_file._QuizFile,
    )
    keys = {key for model in (*models, qa_file._ConductFile, qa_file._RulesFile) for key in model.model_fields}
    assert not [key for key in sorted(keys) if f"`{key}`" not in text and f"`[{key}]`" not in text]
    assert all(f"`{name}" in text for name in CONTENT_NAMES)
