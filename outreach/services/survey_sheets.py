"""The sheets of a coverage survey: .xlsx to fill in and take in again, .docx to print and sign."""

from __future__ import annotations

from pathlib import Path

from outreach.channels import channels
from outreach.domain.directory import masked_phone, phone_printed
from outreach.domain.people import Household
from outreach.domain.survey import Answer, Lot
from outreach.intake.headings import Kind, accepted
from outreach.messages import _
from outreach.render.book import Cell, SheetTable, make_workbook
from outreach.render.document import Block, Grid, Heading, Paragraph, make_document
from outreach.services.campaigns import load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole
from outreach.services.surveys import load_survey, reserve_from
from outreach.store.surveys import Drawn, Survey

SHEET_ENDINGS = (".xlsx", ".docx")
"""The sheet to fill in and take in again, and the one to print and sign."""


def write_sheet(office: Office, number: int, target: Path | None, language: str, *, unmask: bool = False) -> Path:
    """Write a survey's sheet as .xlsx, or as .docx by the name of `target`; returns where.

    target: `out/survey-NUMBER.xlsx` where None. Phones are masked unless unmasked. Raises NotFound, and BadInput for
    another kind of file.
    """
    target = target or office.workspace.out / f"survey-{number}.xlsx"
    refuse_other_endings(target, *SHEET_ENDINGS)
    drawn, _answers = load_survey(office, number)
    office.told.update(one.household for one in drawn.lines)
    make = _document if target.suffix.lower() == ".docx" else _workbook
    write_whole(target, make(office, number, language, unmask))
    return target


def _workbook(office: Office, number: int, language: str, unmask: bool) -> bytes:
    survey, answers = load_survey(office, number)
    homes = _homes(office)
    words = (accepted(Kind.ANSWERS, name) for name in ("draw", "line", "household_code", "at", "by", "answer", "note"))
    draw, place, code, at, by, answer, note = (
        next(word for word in one if word.isascii() != (language == "zh")) for one in words
    )
    told = [_("lot"), _("reserve"), _("address"), _("names"), _("phones"), _("the record says")]
    rows: list[list[Cell]] = []
    for line, (drawn, reserve) in enumerate(zip(survey.lines, reserve_from(survey), strict=True), start=1):
        one = answers.get(line)
        rows.append(
            [
                number, line, drawn.household, survey.lots[drawn.lot].name, _("reserve") if reserve else "",
                *_of(homes.get(drawn.household), language, unmask), _record(drawn, language),
                one.at if one else None, one.by if one else "", one.answer.label(language) if one else "",
                one.note if one else "", "",
            ]
        )  # fmt: skip
    sheets = [
        SheetTable(_("survey"), [draw, place, code, *told, at, by, answer, note, _("signature")], rows),
        SheetTable(_("answers"), [_("answers")], [[one.label(language)] for one in Answer]),
    ]
    return make_workbook(sheets)


def _document(office: Office, number: int, language: str, unmask: bool) -> bytes:
    survey, _answers = load_survey(office, number)
    homes = _homes(office)
    reserve = reserve_from(survey)
    blocks: list[Block] = [
        Paragraph(
            _(
                "Ask each household whether what the record says is so, in its own words; do not read the record out "
                "before it has spoken. Whoever made the visit does not ask. Answers: {answers}.",
                answers=" / ".join(one.label(language) for one in Answer),
            )
        )
    ]
    for rank, lot in enumerate(survey.lots):
        rows = [
            [
                str(line) + ("*" if reserve[line - 1] else ""), drawn.household,
                *_of(homes.get(drawn.household), language, unmask), _record(drawn, language), "", "", "",
            ]
            for line, drawn in enumerate(survey.lines, start=1)
            if drawn.lot == rank
        ]  # fmt: skip
        head = [
            _("No."), _("Code"), _("Address"), _("Names"), _("Phones"), _("The record says"), _("Answer"),
            _("When and by whom"), _("Signature"),
        ]  # fmt: skip
        blocks += [
            Heading(lot.name),
            Paragraph(rule_sentence(survey, lot), small=True),
            Grid(head, rows, (14, 26, 50, 26, 33, 36, 24, 25, 27)),
        ]
    blocks.append(
        Paragraph(
            _("* A reserve: asked only in place of a household above it that could not be asked, in this order."),
            small=True,
        )
    )
    campaign = load_campaign(office.workspace, survey.campaign)
    texts = campaign.texts.get(language) or campaign.texts[campaign.languages[0]]
    title = _("{campaign}: coverage survey {number}", number=number, campaign=texts.title)
    return make_document(title, blocks, lying=True)


def rule_sentence(survey: Survey, lot: Lot) -> str:
    """The decision rule of a lot with both its risks, in words."""
    return _(
        "{size} of {households} households are asked; the lot passes from {passes} confirmed on. Where {good} confirm "
        "it fails all the same with a risk of {fail_good}; where only {poor} do it passes with a risk of {pass_poor}.",
        size=lot.size,
        households=lot.households,
        passes=lot.pass_from,
        good=f"{survey.rules['good']:.0%}",
        poor=f"{survey.rules['poor']:.0%}",
        fail_good=f"{lot.fail_good:.1%}",
        pass_poor=f"{lot.pass_poor:.1%}",
    )


def _homes(office: Office) -> dict[str, Household]:
    with office.store.read() as unit:
        return unit.rosters.households()


def _of(home: Household | None, language: str, unmask: bool) -> tuple[str, str, str]:
    """Address, names and phones; empty where the household is no longer in the roster."""
    if home is None:
        return ("", "", "")
    phones = [person.mobile for person in home.persons if person.mobile]
    return (
        home.address.line(language),
        "、".join(person.name for person in home.persons),
        "、".join(phone_printed(one) if unmask else masked_phone(one) for one in phones),
    )


def _record(drawn: Drawn, language: str) -> str:
    day, channel, officer = drawn.told
    if not day:
        return ""
    label = channels()[channel].label(language) if channel in channels() else channel
    return " ".join(part for part in (day, label, officer) if part)
