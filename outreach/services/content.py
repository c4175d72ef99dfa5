"""A campaign's questions and answers, filled in with the campaign's own values.

Answers, examples and quizzes are templates, so that a phone, a booth or a rate is written once, in campaign.toml,
and read from there.
"""

from __future__ import annotations

from pathlib import Path

from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.domain.content import Answer, Quiz, draw_quiz
from outreach.domain.overlay import Resolved
from outreach.errors import BadInput, Fault, NotFound, OutreachError, refuse_if_any
from outreach.messages import _
from outreach.render.fonts import check_texts, coverage
from outreach.render.manifest import MaterialKind
from outreach.render.text import compile_text
from outreach.services.campaigns import campaign_folder, language_of, load_campaign
from outreach.services.plain_words import has_tag
from outreach.services.qa_file import QA_NAME
from outreach.services.qa_layers import examine_content
from outreach.services.rates import rate_values
from outreach.services.values import Values, base_values, poster_values

CONTENT_NAMES = frozenset(("qa", "messages", "conduct", "quiz", "rates"))
"""The values a layout may print of a campaign's content."""


def qa_file(workspace: Workspace, campaign_name: str) -> Path:
    """Where a campaign's questions and answers stand, or would stand; raises NotFound for an unknown campaign."""
    return campaign_folder(workspace, campaign_name) / QA_NAME


def load_content(workspace: Workspace, campaign: Campaign) -> Resolved:
    """The campaign's questions as written, its layers laid over each other; empty where it has no Q&A file.

    Raises BadInput with every fault.
    """
    found = examine_content(qa_file(workspace, campaign.name), campaign.languages)
    refuse_if_any(found.faults)
    return found.resolved


def load_answers(workspace: Workspace, campaign_name: str, language: str = "") -> list[Answer]:
    """The campaign's answers as printed in `language`, its first where empty, by topic.

    Raises BadInput with every fault of the files, NotFound for a language the campaign has not, CannotPrint where
    an answer asks for a value there is not.
    """
    campaign = load_campaign(workspace, campaign_name)
    language = language_of(campaign, language)
    return fill_answers(load_content(workspace, campaign), campaign, language, str(qa_file(workspace, campaign.name)))


def find_answer(workspace: Workspace, campaign_name: str, item: str, language: str = "") -> Answer:
    """One answer by its id; raises NotFound naming those there are."""
    answers = load_answers(workspace, campaign_name, language)
    for answer in answers:
        if answer.id == item:
            return answer
    known = ", ".join(answer.id for answer in answers)
    raise NotFound.at(item, _("there is no such question"), _("choose one of {names}", names=known or "-"))


def fill_answers(content: Resolved, campaign: Campaign, language: str, file: str) -> list[Answer]:
    """Every item's words in `language` with the campaign's values and the layers' parameters put in, by topic.

    file: what faults call the Q&A file. Raises the first fault's class with the faults of all items.
    """
    answers, errors = _filled(content, campaign, language, file)
    if errors:
        raise type(errors[0])(*(fault for error in errors for fault in error.faults))
    return answers


def content_values(workspace: Workspace, campaign: Campaign, language: str) -> Values:
    """What a layout may print of the campaign's content: the lists `qa`, `messages`, `conduct` and `quiz`, and `rates`.

    Each is empty where the campaign has none. A quiz question's `right` is a letter.
    """
    content = load_content(workspace, campaign)
    answers = fill_answers(content, campaign, language, str(qa_file(workspace, campaign.name)))
    return {
        "qa": [
            {
                "id": answer.id,
                "topic": answer.topic,
                "question": answer.question,
                "answer": answer.answer,
                "example": answer.example,
                "version": answer.version,
            }
            for answer in answers
        ],
        # What is sent to one person, with tags for their name, is nothing to show everybody.
        "messages": [
            message.words[language] for message in campaign.messages.values() if not has_tag(message.words[language])
        ],
        "conduct": [
            {"title": rules[language].title, "lines": list(rules[language].lines)} for rules in content.content.conduct
        ],
        "quiz": [
            {
                "id": question.item,
                "question": question.question,
                "choices": list(question.choices),
                "right": "ABCDEF"[question.right],
                "why": question.why,
            }
            for question in draw_quiz(answers, campaign.name)
        ],
        "rates": rate_values(campaign, language),
    }


def content_for(workspace: Workspace, campaign: Campaign, kind: MaterialKind, language: str) -> Values:
    """Those of the content's values that `kind` declares; nothing is read where it declares none.

    Raises NotFound where it needs questions and the campaign has no Q&A file.
    """
    wanted = CONTENT_NAMES & {name.partition(".")[0] for name in kind.variables}
    if not wanted:
        return {}
    values = content_values(workspace, campaign, language)
    if "qa" in wanted and not values["qa"] and not kind.variables["qa"].optional:
        raise NotFound.at(
            str(qa_file(workspace, campaign.name)),
            _("there are no questions and answers to print"),
            _("write them into this file; docs/content.md tells how"),
        )
    return {name: values[name] for name in sorted(wanted)}


def content_faults(workspace: Workspace, campaign: Campaign, path: Path) -> list[Fault]:
    """All faults of a Q&A file for `campaign check`: its tables, values its texts ask for in vain, missing signs."""
    try:
        found = examine_content(path, campaign.languages)
    except BadInput as error:
        return list(error.faults)
    faults = list(found.faults)
    known = coverage(workspace.font_folders)
    # A language whose texts are missing is a fault of campaign.toml; no answer can be filled in for it.
    for language in (language for language in campaign.languages if language in campaign.texts):
        answers, errors = _filled(found.resolved, campaign, language, str(path))
        faults += (fault for error in errors for fault in error.faults)
        for answer in answers:
            words = {name: getattr(answer, name) for name in ("question", "answer", "example")}
            if answer.quiz:
                words["quiz"] = {"choices": answer.quiz.choices, "why": answer.quiz.why}
            faults += check_texts({language: words}, known, where=f"{path}, {answer.id}")
        rules = [{"title": one[language].title, "lines": one[language].lines} for one in found.content.conduct]
        topics = [topic.words[language] for topic in found.content.topics]
        faults += check_texts({"topics": topics, "conduct": rules}, known, where=f"{path}, {language}")
    return faults


def _filled(found: Resolved, campaign: Campaign, language: str, file: str) -> tuple[list[Answer], list[OutreachError]]:
    values = answer_values(campaign, language) | {"set": dict(found.parameters)}
    content = found.content
    topics = {topic.id: topic.words[language] for topic in content.topics}
    answers: list[Answer] = []
    errors: list[OutreachError] = []
    for item in content.in_order():
        words = item.words[language]
        place = f"{file}, {item.id}, {language}"

        def filled(key: str, source: str, place: str = place) -> str:
            name = f"{place}.{key}"
            try:
                return compile_text(source, name=name).render(values, where=name).strip()
            except OutreachError as error:
                errors.append(error)
                return ""

        quiz = words.quiz and Quiz(
            tuple(filled(f"quiz.choices[{rank}]", text) for rank, text in enumerate(words.quiz.choices)),
            words.quiz.right,
            filled("quiz.why", words.quiz.why),
            filled("quiz.question", words.quiz.question),
        )
        if quiz and all(quiz.choices) and len(set(quiz.choices)) < len(quiz.choices):
            what = _("two choices are alike once the values are put in ({choices})", choices=", ".join(quiz.choices))
            errors.append(BadInput.at(f"{place}.quiz.choices", what, _("write another choice, or other parameters")))
        answers.append(
            Answer(
                item.id,
                topics[item.topic],
                filled("question", words.question),
                filled("answer", words.answer),
                filled("example", words.example),
                quiz,
            )
        )
    return answers, errors


def answer_values(campaign: Campaign, language: str) -> Values:
    """What an answer may say: `bureau`, `campaign`, `booths`, and of the payment rules `rates`.

    Nothing that changes from print to print is among them: the date would make every day's wording a new version.
    """
    made = poster_values(base_values(campaign, language, campaign.starts), campaign, language)
    return {name: made[name] for name in ("bureau", "campaign", "booths")} | {"rates": rate_values(campaign, language)}
