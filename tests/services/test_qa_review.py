"""A county's answers over its province's: laid over each other in files, printed, and read again when those change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outreach.config import Workspace
from outreach.errors import BadInput, NotFound
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import campaign_digest, new_campaign
from outreach.services.content import load_answers
from outreach.services.office import init_workspace
from outreach.services.qa_layers import READ_NAME
from outreach.services.qa_review import Review, accept_reviews, layers_of, list_reviews, search_answers

BASE = """\
format = 1
[parameters]
days = 15
[[topics]]
id = "how"
zh = "怎么办"
en = "How"
"""


def asked(name: str, zh: str, en: str, table: str = "items", topic: str = 'topic = "how"\n') -> str:
    questions = [f"question = '{name}{mark}'\n" if table == "items" else "" for mark in "？?"]
    words = "".join(
        f"[{table}.{language}]\n{question}answer = '{answer}'\n"
        for language, question, answer in zip(("zh", "en"), questions, (zh, en), strict=True)
    )
    return f'[[{table}]]\nid = "{name}"\n{topic}{words}'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A county's campaign whose questions lie over ../nation/qa.toml."""
    made = init_workspace(tmp_path / "office", locale="en", campaign="county")
    new_campaign(made, "county", like="yingcheng")
    nation = made.root / "campaigns" / "nation"
    nation.mkdir()
    fee = asked("fee", "全国 {{ set.days * 2 }} 天", "{{ set.days * 2 }} days in all")
    write(made, BASE + fee + asked("where", "大厅", "hall"), "nation")
    write(
        made,
        'format = 1\nover = "../nation/qa.toml"\n[set]\ndays = 10\n'
        + asked("where", "云鹤路", "Yunhe Road", "refine", ""),
    )
    return made


def write(workspace: Workspace, text: str, name: str = "county") -> None:
    (workspace.root / "campaigns" / name / "qa.toml").write_text(text, "utf-8")


def read(workspace: Workspace, name: str = "county") -> str:
    return (workspace.root / "campaigns" / name / "qa.toml").read_text("utf-8")


def answers(workspace: Workspace, language: str = "en") -> dict[str, str]:
    return {one.id: one.answer for one in load_answers(workspace, "county", language)}


def by_item(workspace: Workspace) -> dict[str, Review]:
    return {one.item: one for one in list_reviews(workspace, "county", "en")}


def test_what_is_printed_is_the_base_with_the_countys_changes_and_its_parameters(workspace: Workspace) -> None:
    assert answers(workspace) == {"fee": "20 days in all", "where": "Yunhe Road"}
    assert answers(workspace, "zh") == {"fee": "全国 20 天", "where": "云鹤路"}
    assert layers_of(workspace, "county") == {"fee": "../nation/qa.toml", "where": "qa.toml"}
    check_campaign(workspace, "county")


def test_a_removed_question_is_not_printed(workspace: Workspace) -> None:
    write(workspace, read(workspace) + '[[remove]]\nid = "fee"\nwhy = "not here"\n')
    assert list(answers(workspace)) == ["where"]


def test_a_change_of_the_base_makes_a_new_digest(workspace: Workspace) -> None:
    before = campaign_digest(workspace, "county")
    write(workspace, read(workspace, "nation").replace("hall", "lobby"), "nation")
    assert campaign_digest(workspace, "county") != before


def test_an_answer_waits_until_it_is_read_and_again_when_its_base_changes(workspace: Workspace) -> None:
    first = by_item(workspace)["where"]
    assert (first.layer, first.state, first.was) == ("qa.toml", "unread", None)
    assert accept_reviews(workspace, "county", ()) == 2
    assert list_reviews(workspace, "county") == []
    write(workspace, read(workspace, "nation").replace("hall", "lobby"), "nation")
    (again,) = list_reviews(workspace, "county", "en")
    assert again.state == "changed"
    assert again.was is not None
    assert again.ours is not None
    assert (again.was[1], again.now[1], again.ours[1]) == ("hall", "lobby", "Yunhe Road")
    assert answers(workspace)["where"] == "Yunhe Road"  # until somebody decides, the county's word holds
    assert accept_reviews(workspace, "county", ["where"]) == 1
    assert accept_reviews(workspace, "county", ()) == 0


def test_accepting_what_does_not_wait_is_refused_and_nothing_is_kept(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match=r"fee: no local change.*where"):
        accept_reviews(workspace, "county", ["where", "fee"])
    assert set(by_item(workspace)) == {"where", "set.days"}


def test_a_parameter_set_here_waits_when_the_base_gives_it_another_value(workspace: Workspace) -> None:
    first = by_item(workspace)["set.days"]
    assert (first.state, first.was, first.now, first.ours) == ("unread", None, ("15",), ("10",))
    accept_reviews(workspace, "county", ())
    assert by_item(workspace) == {}
    write(workspace, read(workspace, "nation").replace("days = 15", "days = 20.50"), "nation")
    again = by_item(workspace)["set.days"]
    assert (again.layer, again.state, again.was, again.now, again.ours) == (
        "qa.toml",
        "changed",
        ("15",),
        ("20.50",),
        ("10",),
    )
    assert answers(workspace)["fee"] == "20 days in all"  # until somebody decides, the county's value holds
    assert accept_reviews(workspace, "county", ["set.days"]) == 1
    assert by_item(workspace) == {}


def test_a_question_removed_beneath_and_added_here_is_listed_as_ours(workspace: Workspace) -> None:
    province = workspace.root / "campaigns" / "province"
    province.mkdir()
    write(workspace, 'format = 1\nover = "../nation/qa.toml"\n[[remove]]\nid = "fee"\nwhy = "x"\n', "province")
    write(workspace, 'format = 1\nover = "../province/qa.toml"\n' + asked("fee", "本地", "ours"))
    assert layers_of(workspace, "county") == {"where": "../nation/qa.toml", "fee": "qa.toml"}


def test_a_parameter_with_a_point_is_reckoned_with_as_it_is_written(workspace: Workspace) -> None:
    write(workspace, read(workspace, "nation").replace("set.days * 2 }} days", "set.days * 24 }} yuan"), "nation")
    write(workspace, read(workspace).replace("days = 10", "days = 137.60"))
    assert answers(workspace)["fee"] == "3302.40 yuan in all"


def test_a_file_of_what_was_read_that_is_not_ours_is_refused(workspace: Workspace) -> None:
    accept_reviews(workspace, "county", ())
    (workspace.root / "campaigns" / "county" / READ_NAME).write_text('[{"item": 1}]', "utf-8")
    with pytest.raises(BadInput, match=r"qa\.read\.json: is not as outreach wrote it"):
        list_reviews(workspace, "county")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "nation",
            'over = "../county/qa.toml"\n' + BASE,
            r"over: is laid over itself \(county/qa.toml → nation/qa.toml → county/",
        ),
        ("county", 'format = 1\nover = "../province/qa.toml"\n', r"over: there is no file '.*province/qa.toml'"),
        ("county", 'format = 1\nover = "../nation"\n', r"qa\.toml, over: '.*/nation' is a folder; name the file"),
        ("county", 'format = 1\nover = "../nation/qa.toml/x"\n', r"qa\.toml, over: there is no file"),
        ("county", 'format = 1\nover = "../nation/qa.toml"\n[set]\ndayz = 1\n', r"no parameter 'dayz' beneath"),
        (
            "county",
            'format = 1\nover = "../nation/qa.toml"\n[set]\ndays = "15"\n',
            r"'days' is a number in one file and a text in the other",
        ),
        (
            "county",
            'format = 1\nover = "../nation/qa.toml"\n'
            + asked("where", "x", "x", "refine", "")
            + "example = '3,302.40 元'\n",
            r"county/qa\.toml, refine\[0\] 'where', en\.example: 3,302\.40 is typed.*\[parameters\]",
        ),
        ("county", 'format = 1\n[[remove]]\nid = "fee"\nwhy = "x"\n', r"remove: there is nothing beneath to change"),
        (
            "county",
            'format = 1\nover = "../nation/qa.toml"\n[[remove]]\nid = "fees"\nwhy = "x"\n',
            r"no question 'fees'",
        ),
    ],
)
def test_circular_and_broken_layers_are_refused_in_a_sentence(
    workspace: Workspace, name: str, text: str, told: str
) -> None:
    write(workspace, text, name)
    with pytest.raises(BadInput) as caught:
        load_answers(workspace, "county", "en")
    assert any(re.search(told, fault.sentence()) for fault in caught.value.faults)
    with pytest.raises(BadInput, match=told):
        check_campaign(workspace, "county")


def test_answers_are_found_by_their_words_the_question_first(workspace: Workspace) -> None:
    assert [one.id for one in search_answers(workspace, "county", "DAYS all", "en")] == ["fee"]
    assert [one.id for one in search_answers(workspace, "county", "云鹤", "zh")] == ["where"]
    assert [one.id for one in search_answers(workspace, "county", "e", "en")] == ["fee", "where"]
    assert search_answers(workspace, "county", "days nowhere", "en") == []
