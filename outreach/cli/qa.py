"""outreach qa ..."""

from __future__ import annotations

import click

from outreach.cli.session import Session, campaign_option, json_option, show_facts, show_json, show_table
from outreach.messages import _

_language_option = click.option(
    "--language", type=click.Choice(["zh", "en"]), default=None, help=_("language; the campaign's first if not named")
)


@click.group(help=_("Questions and answers: list, show."))
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

    answers = load_answers(session.workspace(), campaign, language or "")
    rows = [
        {"id": answer.id, "topic": answer.topic, "question": answer.question, "version": answer.version}
        for answer in answers
    ]
    if as_json:
        show_json(rows)
        return
    headings = [_("Id"), _("Topic"), _("Question"), _("Version")]
    show_table(headings, [[row["id"], row["topic"], row["question"], row["version"]] for row in rows])


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
