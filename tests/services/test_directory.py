"""The directory: agencies taken in, a number changed, the paper that carries the old one, check calls and rankings."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import vobject
from docx import Document

from outreach.domain.hotline import CheckResult, PhoneKind
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.bulletin import write_bulletin
from outreach.services.campaigns import load_campaign
from outreach.services.directory import import_agencies, list_changes, list_phones, set_phone
from outreach.services.directory_files import write_directory
from outreach.services.erasure import erase_household
from outreach.services.household_merges import merge_households
from outreach.services.materials import make_material
from outreach.services.phone_checks import (
    Calls,
    draw_phones,
    import_checks,
    rank_phones,
    record_check,
    show_draw,
    write_call_sheet,
)

AGENCIES = """\
机构编号,机构名称,地区,接听时间,咨询电话,投诉电话,传真
A01,东办,东城,8:00-22:00,0700-5550100、0700-5550101,0700-5550112,
A02,西办,西城,,0700-5550120,,0700-5550121
A03,南办,东城,,0700-5550130,,
"""
R = CheckResult


@pytest.fixture
def listed(town: Any) -> Any:
    """The town's office with three agencies."""
    import_agencies(town.office, file_of(town, AGENCIES))
    return town


def file_of(town: Any, text: str, name: str = "agencies.csv") -> Path:
    path: Path = town.root / name
    path.write_text(text, "utf-8")
    return path


def numbers(town: Any, owner: str) -> list[tuple[str, str]]:
    return [(row.phone.kind.value, row.phone.number) for row in list_phones(town.office, owner=owner)]


def test_agencies_are_taken_in_with_all_their_numbers_and_a_second_time_nothing_changes(listed: Any) -> None:
    assert numbers(listed, "A01") == [
        ("hotline", "07005550100"), ("hotline", "07005550101"), ("complaint", "07005550112"),
    ]  # fmt: skip
    again = import_agencies(listed.office, listed.root / "agencies.csv")
    assert (again.added, again.changed, again.unchanged, again.changes) == (0, 0, 3, ())
    changed = import_agencies(listed.office, file_of(listed, AGENCIES.replace("5550120", "5550129")))
    assert [(one.owner, one.old, one.new) for one in changed.changes] == [("A02", "07005550120", "07005550129")]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("0700-5550130", "12ab"), "row 4, column '咨询电话': '12ab' is no phone number"),
        (("A03", "A01"), "row 4, column '机构编号': the agency 'A01' stands in agencies.csv, row 2 too"),
        (("8:00-22:00", "22:00-8:00"), "row 2, column '接听时间': '22:00-08:00' are no hours"),
        (("0700-5550130", ""), "row 4: the agency 'A03' has no phone"),
        (("南办", ""), "row 4, column '机构名称': the cell is empty"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(town: Any, wrong: tuple[str, str], told: str) -> None:
    with pytest.raises(BadInput) as caught:
        import_agencies(town.office, file_of(town, AGENCIES.replace(*wrong)))
    assert any(told in fault.sentence() for fault in caught.value.faults), caught.value
    with pytest.raises(NotFound):
        list_phones(town.office, owner="A02")


def test_an_officers_new_number_names_every_piece_with_the_old_one_and_who_must_know(listed: Any) -> None:
    old = listed.office.store
    with old.read() as unit:
        officer = unit.rosters.officers()["G01"]
    run = make_material(listed.office, "town", "card")
    done = set_phone(listed.office, "town", "G01", PhoneKind.MOBILE, "121-0555-9999", by="本人")
    with old.read() as unit:
        mine = list(unit.runs.pieces(unit.runs.all(listed.office.workspace.zone)[0].id))
        assert unit.rosters.officers()["G01"].mobile == "12105559999"
    (paper,) = done.papers
    assert (paper.run, paper.kind, paper.officers) == (run.run.number, "card", (officer.code,))
    assert paper.pieces == sum(piece.officer == officer.code for piece in mine)
    assert f"{paper.households} households" in [told.who for told in done.tell]
    (change,) = [one for one in list_changes(listed.office) if one.owner == officer.code]
    assert (change.old, change.new, change.by) == (officer.mobile, "12105559999", "本人")


def test_households_that_hold_paper_of_several_runs_are_counted_once(listed: Any) -> None:
    for _run in range(3):
        make_material(listed.office, "town", "card")
    papers = set_phone(listed.office, "town", "G01", PhoneKind.MOBILE, "121-0555-9999", by="本人").tell
    with listed.office.store.read() as unit:
        mine = [one for one in unit.territories.present("town").values() if one.post == "G01"]
    assert papers[0].who == f"{len(mine)} households"


def test_a_merged_household_is_told_once_and_an_erased_one_not_at_all(listed: Any) -> None:
    make_material(listed.office, "town", "card")
    with listed.office.store.read() as unit:
        first, second, third, *others = sorted(
            code for code, one in unit.territories.present("town").items() if one.post == "G01"
        )
    merge_households(listed.office, first, second, reason="同一户")
    erase_household(listed.office, third, reason="本人要求")
    told = set_phone(listed.office, "town", "G01", PhoneKind.MOBILE, "121-0555-9999", by="本人").tell
    assert told[0].who == f"{1 + len(others)} households"


def test_an_agency_has_short_numbers_and_an_officers_office_too(listed: Any) -> None:
    set_phone(listed.office, "town", "A03", PhoneKind.COMPLAINT, "12333", by="南办")
    set_phone(listed.office, "town", "G01", PhoneKind.OFFICE, "12333", by="南办")
    assert ("complaint", "12333") in numbers(listed, "A03")


def test_a_number_for_no_campaign_is_not_recorded(listed: Any) -> None:
    before = len(list_changes(listed.office))
    with pytest.raises(NotFound, match="there is no such campaign"):
        set_phone(listed.office, "nowhere", "A03", PhoneKind.HOTLINE, "0700-5550139", by="南办")
    assert len(list_changes(listed.office)) == before


def test_a_directory_with_another_number_names_the_paper_and_who_must_know(listed: Any) -> None:
    hotline = load_campaign(listed.office.workspace, "town").bureaus["zh"].hotline
    text = f"机构编号,机构名称,咨询电话,投诉电话\nB,局,{hotline},0700-5550166\n"
    first = import_agencies(listed.office, file_of(listed, text, "b.csv"))
    assert (first.papers, first.tell) == ((), ())
    run = make_material(listed.office, "town", "card")
    text = text.replace(hotline, "0700-5550177").replace("0700-5550166", "0700-5550167")
    again = import_agencies(listed.office, file_of(listed, text, "b.csv"))
    (paper,) = again.papers
    assert (paper.run, paper.households) == (run.run.number, 30)
    told = {one.who: one.why for one in again.tell}
    assert "outreach run recall" in told["30 households"]
    assert "campaign.toml, bureau.hotline names the old number" in told["whoever keeps the campaign file"]
    assert len(again.tell) == len(set(again.tell))


def test_an_agencys_new_number_is_told_to_its_area_and_every_officer(listed: Any) -> None:
    done = set_phone(listed.office, "town", "A03", PhoneKind.HOTLINE, "0700-5550139", by="南办")
    assert numbers(listed, "A03") == [("hotline", "07005550139")]
    assert [told.who for told in done.tell][:2] == ["东办", "whoever publishes the directory"]
    given_up = set_phone(listed.office, "town", "A02", PhoneKind.FAX, "", by="西办")
    assert (given_up.change.new, numbers(listed, "A02")) == ("", [("hotline", "07005550120")])


def test_a_bureaus_number_that_the_campaign_file_still_names_is_said(listed: Any) -> None:
    hotline = load_campaign(listed.office.workspace, "town").bureaus["zh"].hotline
    import_agencies(listed.office, file_of(listed, f"机构编号,机构名称,咨询电话\nB,局,{hotline}\n", "b.csv"))
    done = set_phone(listed.office, "town", "B", PhoneKind.HOTLINE, "0700-5550177", by="局")
    assert "campaign.toml, bureau.hotline names the old number" in [told.why for told in done.tell]


@pytest.mark.parametrize(
    ("arguments", "options", "error", "told"),
    [
        (("A01", PhoneKind.HOTLINE, "0700-5550199"), {}, Conflict, "A01: has 2 numbers of this kind; say with --old"),
        (
            ("A01", PhoneKind.HOTLINE, "0700-5550199"),
            {"old": "0700-5550155"},
            NotFound,
            "has no hotline number like this to replace",
        ),
        (("A09", PhoneKind.HOTLINE, "0700-5550199"), {}, NotFound, "no agency, officer or post of this name"),
        (
            ("G01", PhoneKind.HOTLINE, "0700-5550199"),
            {},
            BadInput,
            "officers have no such number; choose one of mobile",
        ),
        (("A02", PhoneKind.HOTLINE, "12"), {}, BadInput, "this is no phone number"),
        (("G01", PhoneKind.MOBILE, "110"), {}, BadInput, "'110' is too short for a person's number; write it with its"),
        (("Y01", PhoneKind.MOBILE, "１２３"), {}, BadInput, "'123' is too short for a person's number"),
        (("A02", PhoneKind.HOTLINE, "7005550120"), {}, BadInput, "has lost its leading 0"),
        (("A02", PhoneKind.HOTLINE, "0700-5550199"), {"old": "12"}, BadInput, "this is no phone number"),
        (("A02", PhoneKind.HOTLINE, "0700-5550120"), {}, Conflict, "this is the number already"),
        (("A03", PhoneKind.HOTLINE, ""), {}, Conflict, "this is its last number"),
    ],
)
def test_a_change_that_is_not_clear_is_refused_and_not_recorded(
    listed: Any, arguments: Any, options: dict[str, str], error: type[Exception], told: str
) -> None:
    before = len(list_changes(listed.office))
    with pytest.raises(error, match=told):
        set_phone(listed.office, "town", *arguments, by="x", **options)
    assert len(list_changes(listed.office)) == before


def test_a_call_sheet_goes_out_comes_back_and_verifies(listed: Any) -> None:
    draw = draw_phones(listed.office, 4, agencies_only=True)
    assert {line[0] for line in draw.lines} == {"A01", "A02", "A03"} or {"A01", "A02"} <= {one[0] for one in draw.lines}
    sheet = write_call_sheet(listed.office, draw.number, None, "zh")
    book = openpyxl.load_workbook(sheet)
    table = book.worksheets[0]
    headings = [cell.value for cell in table[1]]
    for row, result in zip(range(2, 5), ("接听且答对", "无人接听", "未能核实"), strict=True):
        table.cell(row, headings.index("结果") + 1, result)
        table.cell(row, headings.index("拨打时间") + 1, "2005-06-14 09:30")
        table.cell(row, headings.index("拨打人") + 1, "甲")
    book.save(sheet)
    done = import_checks(listed.office, sheet)
    assert (done.recorded, done.corrected, done.open) == (3, 0, len(draw.lines) - 3)
    assert import_checks(listed.office, sheet).unchanged == 3
    _draw, lines = show_draw(listed.office, draw.number)
    assert [line.check and line.check.result for line in lines][:3] == [R.GOOD, R.UNANSWERED, R.UNVERIFIED]
    due = {row.phone.key: row.due for row in list_phones(listed.office)}
    assert [due[line.owner, line.kind.value, line.number] for line in lines][:3] == [False, True, True]
    table.cell(3, headings.index("结果") + 1, "接听且答对")
    book.save(sheet)
    assert import_checks(listed.office, sheet).corrected == 1
    assert sum(one.counts[R.UNANSWERED] for one in rank_phones(listed.office, "area")) == 0


def test_a_wrong_line_of_a_call_sheet_is_named_and_nothing_is_recorded(listed: Any) -> None:
    draw_phones(listed.office, 3)
    nine = "2005-01-04 09:00"
    rows = f"批次,序号,拨打时间,结果\n1,1,{nine},正常\n1,99,{nine},错号\n2,1,{nine},错号\n1,1,,正常\n"
    with pytest.raises(BadInput) as caught:
        import_checks(listed.office, file_of(listed, rows, "calls.csv"))
    assert "calls.csv, row 5, column '拨打时间': the line has a result and no time" in str(caught.value)
    with pytest.raises(BadInput) as caught:
        import_checks(listed.office, file_of(listed, rows.replace("1,1,,正常\n", ""), "calls.csv"))
    assert "row 3: draw 1 has no line 99" in str(caught.value)
    assert "row 4: there is no such draw" in str(caught.value)
    assert rank_phones(listed.office, "agency") == []


def test_a_call_to_come_is_refused_typed_or_on_a_sheet(listed: Any) -> None:
    draw_phones(listed.office, 3)
    now = listed.office.now()
    later = now + dt.timedelta(minutes=10)
    with pytest.raises(BadInput, match=r"1-1: .* is in the future; write when it happened"):
        record_check(listed.office, 1, 1, R.GOOD, by="甲", at=later)
    text = f"批次,序号,拨打时间,结果\n1,1,{now:%Y-%m-%d %H:%M},正常\n1,2,{later:%Y-%m-%d %H:%M},正常\n"
    with pytest.raises(BadInput, match=r"calls.csv, row 3: .* is in the future"):
        import_checks(listed.office, file_of(listed, text, "calls.csv"))
    assert rank_phones(listed.office, "agency") == []


def test_the_same_seed_draws_the_same_numbers(listed: Any) -> None:
    assert draw_phones(listed.office, 5, seed="a").lines == draw_phones(listed.office, 5, seed="a").lines


def test_the_bulletin_prints_the_ranking_with_its_intervals(listed: Any) -> None:
    draw = draw_phones(listed.office, 6, agencies_only=True)
    for line in range(1, len(draw.lines) + 1):
        record_check(listed.office, draw.number, line, R.GOOD if line > 1 else R.UNVERIFIED, by="甲")
    path = write_bulletin(listed.office, "town", "area", Calls(), listed.root / "b.docx", "zh")
    document = Document(str(path))
    table = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    ranked = rank_phones(listed.office, "area")
    assert [row[1] for row in table] == ["Area or section", *(one.name for one in ranked)]
    assert all(f"{one.share.low:.0%} – " in row[4] for one, row in zip(ranked, table[1:], strict=True) if one.share)
    assert "1 calls could not be verified" in "\n".join(one.text for one in document.paragraphs)
    again = write_bulletin(listed.office, "town", "area", Calls(), listed.root / "c.docx", "zh")
    assert path.read_bytes() == again.read_bytes()


def test_the_bulletin_names_its_bureau_and_areas_whose_calls_told_nothing(listed: Any) -> None:
    draw = draw_phones(listed.office, 6, agencies_only=True)
    _draw, lines = show_draw(listed.office, draw.number)
    for one in lines:
        result = R.UNVERIFIED if one.phone and one.phone.area == "西城" else R.GOOD
        record_check(listed.office, draw.number, one.line, result, by="甲")
    document = Document(str(write_bulletin(listed.office, "town", "area", Calls(), listed.root / "b.docx", "zh")))
    bureau = load_campaign(listed.office.workspace, "town").bureaus["zh"].name
    assert f"Issued by {bureau} on {listed.office.now().date()}." in [one.text for one in document.paragraphs]
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    west = str(sum(one.phone is not None and one.phone.area == "西城" for one in lines))
    assert rows[-1] == ["–", "西城", "0", "–", "–", "0", "0", "0", "0", west]


def test_calls_of_other_days_and_draws_are_left_out(listed: Any) -> None:
    zone = listed.office.workspace.zone
    for number, day in ((1, 1), (2, 5)):
        draw_phones(listed.office, 3)
        record_check(listed.office, number, 1, R.GOOD, by="甲", at=dt.datetime(2005, 1, day, 9, tzinfo=zone))

    def calls(chosen: Calls) -> int:
        return sum(one.conclusive for one in rank_phones(listed.office, "kind", chosen))

    assert [calls(Calls()), calls(Calls(draw=1)), calls(Calls(since=dt.date(2005, 1, 2)))] == [2, 1, 1]
    assert calls(Calls(until=dt.date(2005, 1, 5), since=dt.date(2005, 1, 5))) == 1


def test_exports_are_read_by_others_and_keep_officers_own_numbers_back(listed: Any) -> None:
    cards = listed.root / "d.vcf"
    count = write_directory(listed.office, cards)
    found = list(vobject.readComponents(cards.read_bytes().decode()))
    telephones = [line.value for card in found for line in card.contents["tel"]]
    assert len(telephones) == count
    assert {"tel:+867005550100", "tel:+867005550101"} <= set(telephones)
    assert all(len(line.encode()) <= 75 for line in cards.read_text("utf-8").split("\n"))
    assert not any(tel.startswith("tel:+86121") for tel in telephones)
    assert write_directory(listed.office, cards, private=True) > count
    write_directory(listed.office, listed.root / "d.json")
    services = json.loads((listed.root / "d.json").read_text("utf-8"))
    assert {"id", "name", "description", "services", "phones"} <= set(services[0])
    write_directory(listed.office, listed.root / "hsds")
    rows = (listed.root / "hsds" / "phones.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == count + 1
    assert {row.split(",")[1] for row in rows[1:]} <= {one["id"] for one in services}


def test_two_numbers_with_a_blank_between_are_two_and_a_number_in_groups_is_one(town: Any) -> None:
    text = AGENCIES.replace("0700-5550100、0700-5550101", "0700-5550100 0700-5550101").replace(
        "0700-5550120", "0700 5550120"
    )
    import_agencies(town.office, file_of(town, text))
    assert [number for _kind, number in numbers(town, "A01")][:2] == ["07005550100", "07005550101"]
    assert [number for _kind, number in numbers(town, "A02")][:1] == ["07005550120"]
