"""outreach qa ..."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from outreach.cli.session import Session, campaign_option, json_option, show_facts, show_json, show_table
from outreach.messages import _

if TYPE_CHECKING:
    from outreach.domain.content import Answer
    from outreach.services.qa_review import Review

_language_option = click.option(
    "--language", type=click.Choice(["zh", "en"]), default=None, help=_("language; the campaign's first if not named")
)


@click.group(help=_("Questions and answers: list, show, search; local answers beside the base's: drift, accept."))
def qa() -> None:
    """Hold the commands."""


@qa.command("list", help=_("List a campaign's questions, each with the version of its answer."))
@campaign_option
@_language_option
@json_option
@click.pass_obj
def list_(session: Session, campaign: str, language: str | None, as_json: bool) -> None:
    """List the questions."""
    from outreach.services.content import load_answers
    from outreach.services.qa_review import layers_of

    answers = load_answers(session.workspace(), campaign, language or "")
    _show_answers(answers, layers_of(session.workspace(), campaign), as_json=as_json)


@qa.command(help=_("Find the answers that hold every one of these words."))
@click.argument("words", nargs=-1, required=True)
@campaign_option
@_language_option
@json_option
@click.pass_obj
def search(session: Session, words: tuple[str, ...], campaign: str, language: str | None, as_json: bool) -> None:
    """Find answers."""
    from outreach.services.qa_review import layers_of, search_answers

    found = search_answers(session.workspace(), campaign, " ".join(words), language or "")
    _show_answers(found, layers_of(session.workspace(), campaign), as_json=as_json)


def _show_answers(answers: Sequence[Answer], layers: Mapping[str, str], *, as_json: bool) -> None:
    rows = [
        {"id": one.id, "topic": one.topic, "question": one.question, "version": one.version, "layer": layers[one.id]}
        for one in answers
    ]
    if as_json:
        show_json(rows)
        return
    headings = [_("Id"), _("Topic"), _("Question"), _("Version"), _("File")]
    show_table(headings, [list(row.values()) for row in rows])


@qa.command(help=_("List the local answers and values whose base was changed since somebody read it, with all three."))
@click.argument("item", metavar="[ID]", default="")
@campaign_option
@_language_option
@json_option
@click.pass_obj
def drift(session: Session, item: str, campaign: str, language: str | None, as_json: bool) -> None:
    """List what has to be read again."""
    from dataclasses import asdict

    from outreach.services.qa_review import list_reviews

    waiting = [one for one in list_reviews(session.workspace(), campaign, language or "") if item in ("", one.item)]
    if as_json:
        show_json([asdict(one) for one in waiting])
        return
    if not item:
        states = {"changed": _("the base was changed"), "unread": _("never read")}
        show_table(
            [_("Id"), _("File"), _("State"), _("Here")],
            [[one.item, one.layer, states[one.state], _here(one)] for one in waiting],
        )
        return
    for one in waiting:
        show_facts(
            [
                (_("Id"), f"{one.item} ({one.layer})"),
                (_("Base as it was read"), _text(one.was)),
                (_("Base now"), _text(one.now)),
                (_("Here"), _text(one.ours) if one.ours else _("removed: {why}", why=one.why)),
            ]
        )


def _here(one: Review) -> str:
    if one.item.startswith("set."):
        return _("set to {value}", value=_text(one.ours))
    return _("refined") if one.ours else _("removed")


def _text(said: tuple[str, ...] | None) -> str:
    return "\n".join(filter(None, said)) if said else "-"


@qa.command(help=_("Say of local answers that they fit their base as it is now; of all that wait if none is named."))
@click.argument("items", metavar="[ID]...", nargs=-1)
@campaign_option
@click.pass_obj
def accept(session: Session, items: tuple[str, ...], campaign: str) -> None:
    """Accept local answers."""
    from outreach.services.qa_review import accept_reviews

    count = accept_reviews(session.workspace(), campaign, items)
    click.echo(_("{count} local answers read and kept", count=count))


@qa.command(help=_("Show one question with its answer, example and quiz, as they are printed."))
@click.argument("item", metavar="ID")
@campaign_option
@_language_option
@json_option
@click.pass_obj
def show(session: Session, item: str, campaign: str, language: str | None, as_json: bool) -> None:
    """Show one question."""
    from dataclasses import asdict

    from outreach.services.content import find_answer

    answer = find_answer(session.workspace(), campaign, item, language or "")
    quiz = answer.quiz
    if as_json:
        shown = asdict(answer) | {"version": answer.version}
        if quiz:
            shown["quiz"]["right"] = quiz.right + 1
        show_json(shown)
        return
    show_facts(
        [
            (_("Id"), answer.id),
            (_("Topic"), answer.topic),
            (_("Version"), answer.version),
            (_("Question"), answer.question),
            (_("Answer"), answer.answer),
            *([(_("Example"), answer.example)] if answer.example else []),
        ]
    )
    if quiz:
        click.echo()
        show_facts(
            [
                (_("Quiz"), quiz.question or answer.question),
                *(
                    (f"{number}{' *' if quiz.right == number - 1 else ''}", choice)
                    for number, choice in enumerate(quiz.choices, start=1)
                ),
                (_("Why"), quiz.why),
            ]
        )
