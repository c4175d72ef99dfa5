"""A coverage survey: drawn, printed, asked, taken in, and what it says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from sqlalchemy import text

from outreach.domain.survey import Answer, Verdict
from outreach.errors import BadInput, Conflict, NotFound, StoreFault
from outreach.planning.sample import design
from outreach.services.campaigns import load_campaign
from outreach.services.contacts import record_attempt
from outreach.services.erasure import erase_household
from outreach.services.household_merges import merge_households
from outreach.services.suppressions import suppress
from outreach.services.survey_sheets import write_sheet
from outreach.services.surveys import (
    Demands,
    draw_survey,
    import_answers,
    list_surveys,
    record_answer,
    report_survey,
    reserve_from,
)


@pytest.fixture
def reached(town: Any) -> Any:
    """The town with 24 of its 30 households recorded as reached by two officers."""
    zone = town.office.workspace.zone
    for n in range(24):
        at = dt.datetime(2005, 3, 8 + n // 4, 18 + n % 4, 7, tzinfo=zone)
        record_attempt(
            town.office, "", f"H{n + 1:03d}", channel="visit", disposition="card_handed", officer=f"Y0{n % 2 + 1}",
            at=at,
        )  # fmt: skip
    return town


def test_lots_are_those_who_recorded_the_visits_and_risks_are_the_designs(reached: Any) -> None:
    survey = draw_survey(reached.office, "")
    plan = design(12, good=0.95, poor=0.75, fail_good=0.1, pass_poor=0.1)
    assert [lot.name for lot in survey.lots] == ["G01 梁若舟", "G02 欧阳青禾"]
    for lot in survey.lots:
        assert (lot.households, lot.size, lot.pass_from) == (12, plan.size, plan.pass_from)
        assert (lot.fail_good, lot.pass_poor) == (plan.fail_good, plan.pass_poor)
        assert lot.fail_good <= 0.1
        assert lot.pass_poor <= 0.1
    assert {line.told[1:] for line in survey.lines} == {("visit", "Y01"), ("visit", "Y02")}
    codes = [line.household for line in survey.lines]
    assert len(set(codes)) == len(codes)
    assert set(codes) <= {f"H{n + 1:03d}" for n in range(24)}


def test_the_same_seed_draws_the_same_households_and_another_does_not(reached: Any) -> None:
    loose = Demands(poor=0.4, fail_good=0.3, pass_poor=0.3)
    first, again, other = (draw_survey(reached.office, "", demands=loose, seed=seed) for seed in ("a", "a", "b"))
    assert first.lines == again.lines
    assert first.lines != other.lines
    assert [one.number for one in list_surveys(reached.reopen())] == [1, 2, 3]
    assert list_surveys(reached.reopen())[0] == first


def test_who_asked_not_to_be_contacted_is_not_drawn(reached: Any) -> None:
    suppress(reached.office, "H001", reason="asked")
    suppress(reached.office, "H003", reason="asked", channel="sms")
    survey = draw_survey(reached.office, "", by="community", every=True)
    assert sum(lot.households for lot in survey.lots) == 29
    assert "H001" not in {line.household for line in survey.lines}


def test_clusters_draw_some_lots_in_place_of_all(reached: Any) -> None:
    survey = draw_survey(reached.office, "", clusters=3, seed="x")
    assert sum(lot.times for lot in survey.lots) == 3
    for line in range(1, len(survey.lines) + 1):
        record_answer(reached.office, 1, line, Answer.CONFIRMED, by="丙")
    found = report_survey(reached.office, 1)
    assert found.estimate is not None
    assert found.estimate.share.low < 1.0  # other lots were not asked


def test_there_must_be_somebody_to_ask_and_demands_that_can_be(town: Any) -> None:
    with pytest.raises(Conflict, match="no household to ask again"):
        draw_survey(town.office, "")
    with pytest.raises(BadInput, match="the poor share must lie below"):
        draw_survey(town.office, "", every=True, demands=Demands(good=0.7, poor=0.8))
    with pytest.raises(BadInput, match="--fail-good: a risk lies between"):
        draw_survey(town.office, "", every=True, demands=Demands(fail_good=0))
    with pytest.raises(BadInput, match="--pass-poor: a risk lies between"):
        draw_survey(town.office, "", every=True, demands=Demands(pass_poor=1))
    with pytest.raises(NotFound, match="there is no such survey"):
        report_survey(town.office, 1)


def filled(path: Path, answers: dict[int, str], language: str = "zh", *, by: str = "丙") -> Path:
    """The sheet with answers written into some of its lines."""
    book = openpyxl.load_workbook(path)
    table = book.worksheets[0]
    headings = [cell.value for cell in table[1]]
    names = ("序号", "答复", "复核时间", "复核人") if language == "zh" else ("line", "answer", "asked at", "asked by")
    line, answer, at, asker = (headings.index(name) + 1 for name in names)
    for row in range(2, table.max_row + 1):
        if word := answers.get(table.cell(row, line).value):
            table.cell(row, answer, word)
            table.cell(row, at, "2005-06-14 19:30")
            table.cell(row, asker, by)
    book.save(path)
    return path


@pytest.mark.parametrize(("language", "yes", "no", "out"), [
    ("zh", "属实", "不属实", "未联系上"), ("en", "confirmed", "not so", "not met"),
])  # fmt: skip
def test_a_sheet_goes_out_comes_back_and_decides(reached: Any, language: str, yes: str, no: str, out: str) -> None:
    survey = draw_survey(reached.office, "")
    first, second = ([n for n, line in enumerate(survey.lines, 1) if line.lot == rank] for rank in (0, 1))
    size = survey.lots[0].size
    sheet = write_sheet(reached.office, 1, None, language)
    answers = dict.fromkeys(first, yes) | dict.fromkeys(second[:6], no)
    done = import_answers(reached.office, filled(sheet, answers, language))
    assert (done.recorded, done.corrected, done.open) == (len(first) + 6, 0, len(second) - 6)
    assert import_answers(reached.office, sheet).unchanged == len(first) + 6
    passed, failed = report_survey(reached.reopen(), 1).lots
    assert (passed.verdict, passed.asked, passed.confirmed) == (Verdict.PASSES, size, size)
    assert (failed.verdict, failed.asked, failed.confirmed) == (Verdict.DOES_NOT, 6, 0)
    done = import_answers(reached.office, filled(sheet, {first[0]: out}, language))
    assert (done.recorded, done.corrected) == (0, 1)
    assert report_survey(reached.office, 1).lots[0].unasked == 1


def test_a_wrong_row_is_named_and_nothing_is_recorded(reached: Any) -> None:
    survey = draw_survey(reached.office, "")
    other = next(line.household for line in survey.lines[1:])
    path = reached.root / "s.csv"
    path.write_text(
        f"复核批次,序号,户号,复核时间,答复\n1,1,{other},2005-06-14 09:00,属实\n1,2,,,属实\n"
        "1,99,,2005-06-14 09:00,也许\n",
        "utf-8",
    )
    with pytest.raises(BadInput) as caught:
        import_answers(reached.office, path)
    told = str(caught.value)
    assert "row 3, column '复核时间': the line has an answer and does not say when" in told
    assert "'也许' is not known here" in told
    path.write_text(f"复核批次,序号,户号,复核时间,答复\n1,1,{other},2005-06-14 09:00,属实\n", "utf-8")
    with pytest.raises(BadInput, match=f"line 1 of survey 1 is household {survey.lines[0].household}"):
        import_answers(reached.office, path)
    with pytest.raises(BadInput, match="draw 1 has no line 99"):
        record_answer(reached.office, 1, 99, Answer.DENIED, by="丙")
    assert report_survey(reached.office, 1).estimate is None


@pytest.mark.parametrize("by", ["Y01", "y01", "Ｙ０１", "梁若舟", "G01", "Y01 梁若舟"])
def test_nobody_asks_about_their_own_visits(reached: Any, by: str) -> None:
    survey = draw_survey(reached.office, "")
    mine = [n for n, one in enumerate(survey.lines, 1) if survey.lots[one.lot].name == "G01 梁若舟"]
    theirs = next(n for n in range(1, len(survey.lines)) if n not in mine)
    with pytest.raises(BadInput, match=rf"1-{mine[0]}: {by} made the visits that are asked about here"):
        record_answer(reached.office, 1, mine[0], Answer.CONFIRMED, by=by)
    record_answer(reached.office, 1, theirs, Answer.CONFIRMED, by=by)
    sheet = filled(write_sheet(reached.office, 1, None, "zh"), dict.fromkeys(mine[:2], "属实"), by=by)
    with pytest.raises(BadInput, match=rf"row {mine[0] + 1}: {by} made the visits"):
        import_answers(reached.office, sheet)
    assert sum(one.asked for one in report_survey(reached.office, 1).lots) == 1


def test_where_lots_are_communities_nobody_asks_about_the_household_they_reached(reached: Any) -> None:
    survey = draw_survey(reached.office, "", by="community")
    by_officer = {one.told[2]: n for n, one in enumerate(survey.lines, 1)}
    with pytest.raises(BadInput, match="Y01 made the visits"):
        record_answer(reached.office, 1, by_officer["Y01"], Answer.CONFIRMED, by="Y01")
    record_answer(reached.office, 1, by_officer["Y02"], Answer.CONFIRMED, by="Y01")


def test_an_answer_to_come_is_refused_typed_or_on_a_sheet(reached: Any) -> None:
    draw_survey(reached.office, "")
    later = reached.office.now() + dt.timedelta(minutes=10)
    with pytest.raises(BadInput, match=r"1-1: .* is in the future; write when it happened"):
        record_answer(reached.office, 1, 1, Answer.CONFIRMED, by="丙", at=later)
    path = reached.root / "s.csv"
    path.write_text(f"复核批次,序号,复核时间,答复\n1,1,{later:%Y-%m-%d %H:%M},属实\n", "utf-8")
    with pytest.raises(BadInput, match=r"s.csv, row 2: .* is in the future"):
        import_answers(reached.office, path)
    assert report_survey(reached.office, 1).estimate is None


def test_a_sheet_written_before_an_erasure_is_taken_in_without_the_erased_household(reached: Any) -> None:
    survey = draw_survey(reached.office, "")
    sheet = filled(write_sheet(reached.office, 1, None, "zh"), {1: "属实", 2: "属实", 4: "不属实"})
    gone, merged = survey.lines[1].household, survey.lines[3].household
    erase_household(reached.office, gone, reason="本人要求")
    merge_households(reached.office, "H030", merged, reason="同一户")
    done = import_answers(reached.office, sheet)
    assert (done.recorded, done.unchanged, done.erased) == (2, 0, ((1, 2),))
    assert done.open == len(survey.lines) - 3
    again = import_answers(reached.office, sheet)
    assert (again.recorded, again.corrected, again.unchanged, again.erased) == (0, 0, 2, ((1, 2),))
    with reached.office.store.read() as unit:
        assert {one.line for one in unit.surveys.answers([1], reached.office.workspace.zone)} == {1, 4}
    with pytest.raises(Conflict, match="1-2: this household is erased; ask the next reserve"):
        record_answer(reached.office, 1, 2, Answer.CONFIRMED, by="丙")


def test_columns_sorted_apart_are_refused_on_an_erased_households_line_too(reached: Any) -> None:
    survey = draw_survey(reached.office, "")
    erase_household(reached.office, survey.lines[1].household, reason="本人要求")
    path = reached.root / "s.csv"
    other = survey.lines[0].household
    path.write_text(f"复核批次,序号,户号,复核时间,答复\n1,2,{other},2005-06-14 09:00,属实\n", "utf-8")
    with pytest.raises(BadInput, match="line 2 of survey 1 is household erased-"):
        import_answers(reached.office, path)


def test_answers_are_appended_and_never_changed(reached: Any) -> None:
    draw_survey(reached.office, "")
    first = record_answer(reached.office, 1, 1, Answer.NOT_MET, by="丙")
    second = record_answer(reached.office, 1, 1, Answer.CONFIRMED, by="丙")
    assert second.corrects == first.id
    with reached.office.store.read() as unit:
        kept = unit.surveys.answers([1], reached.office.workspace.zone)
        assert sorted(kept, key=lambda one: one.corrects) == [first, second]
    for statement in ("UPDATE survey_answers SET answer = 'denied'", "DELETE FROM survey_answers"):
        with pytest.raises(StoreFault), reached.office.store.write() as unit:
            unit.surveys._connection.execute(text(statement))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_sheet_has_every_line_reserves_marked_and_phones_masked(reached: Any, language: str) -> None:
    survey = draw_survey(reached.office, "", by="community")
    path = write_sheet(reached.office, 1, reached.root / "s.docx", language)
    document = Document(str(path))
    said = [one.text for one in document.paragraphs]
    texts = load_campaign(reached.office.workspace, "town").texts[language]
    assert said[0] == f"{texts.title}: coverage survey 1"
    for lot in survey.lots:
        rule = next(text for text in said if text.startswith(f"{lot.size} of {lot.households} households are asked"))
        assert f"passes from {lot.pass_from} confirmed" in rule
        assert f"95% confirm it fails all the same with a risk of {lot.fail_good:.1%}" in rule
        assert f"only 75% do it passes with a risk of {lot.pass_poor:.1%}" in rule
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows[1:]]
    assert [row[1] for row in rows] == [line.household for line in survey.lines]
    assert [row[0].endswith("*") for row in rows] == list(reserve_from(survey))
    assert all("****" in row[4] for row in rows)
    shown = write_sheet(reached.office, 1, reached.root / "t.docx", language, unmask=True)
    assert "****" not in "".join(cell.text for table in Document(str(shown)).tables for cell in table.columns[4].cells)
    with pytest.raises(BadInput, match=r"does not end in .xlsx / .docx"):
        write_sheet(reached.office, 1, reached.root / "s.pdf", language)
