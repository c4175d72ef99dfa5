"""The campaign over the calendar and its pictures, drawn from a small town and read back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from pypdf import PdfReader

from outreach.errors import BadInput, CannotPrint, Conflict, NotFound
from outreach.messages import use_language
from outreach.services.overview import holidays_met, plan_overview, runs_of
from outreach.services.picture_files import Picture, make_picture
from outreach.services.rosters import import_households, import_officers
from outreach.services.rota_state import RotaKind
from outreach.services.town_pictures import draw_rota
from outreach.store.rotas import RotaCell, RotaShift, StoredRota
from tests.render.test_chart import words

HALL = """
[[flights]]
id = "hall"
channel = "hall"
starts = 2005-03-01
ends = 2005-06-30
weekdays = ["mon", "tue", "wed", "thu", "fri"]
times = ["08:00-12:00"]
counters = 2
"""


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def _drawn(town: Any, picture: Picture, **choices: Any) -> str:
    target = town.root / f"{picture}.svg"
    make_picture(town.office, "town", picture, target, **choices)
    text = target.read_text("utf-8")
    ElementTree.fromstring(text)
    return words(text)


def test_the_overview_counts_placements_apart_and_meets_the_holidays(town: Any) -> None:
    plan = plan_overview(town.workspace, "town")
    assert [one.starts for one in plan.flights] == sorted(one.starts for one in plan.flights)
    booth = next(one for one in plan.flights if one.id == "booth-mayday")
    assert (booth.days, booth.placements, booth.days_off, booth.counted, booth.made_up) == (3, 6, 3, True, None)
    assert plan.estimated_placements == sum(one.placements for one in plan.flights if not one.counted)
    assert plan.counted_placements + plan.estimated_placements == sum(one.placements for one in plan.flights)
    assert [(one.en, str(one.first), str(one.last)) for one in plan.holidays] == [
        ("May Day", "2005-05-01", "2005-05-07")
    ]
    # 88 Mondays to Fridays from 1 March to 30 June, less 2-6 May, and 30 April and 8 May worked.
    assert plan.working_days == 88 - 5 + 2


def test_office_hours_on_days_off_and_idle_make_up_days_are_remarked(town: Any) -> None:
    town.edit_campaign(('[[flights]]\nid = "letter-first"', HALL + '\n[[flights]]\nid = "letter-first"'))
    plan = plan_overview(town.workspace, "town")
    hall = next(one for one in plan.flights if one.id == "hall")
    assert (hall.days_off, hall.made_up) == (5, 2)
    assert plan.notes == (
        "hall: 5 of its days are days off, the first 2005-05-02",
        "hall: nothing on 2 weekend days worked to make up, the first 2005-04-30",
    )


def test_a_campaign_of_an_unpublished_year_is_provisional_and_one_beyond_says_so(town: Any) -> None:
    text = town.campaign_file.read_text("utf-8")
    town.campaign_file.write_text(text.replace("2005-", "2028-"), "utf-8")
    plan = plan_overview(town.workspace, "town")
    assert all(one.provisional for one in plan.holidays)
    assert plan.notes[-1] == "2028: provisional, the notice is not out; make-up days are not known"
    assert "provisional" in _drawn(town, Picture.GANTT)
    assert "off?" in _drawn(town, Picture.MONTH, month="2028-05")
    town.campaign_file.write_text(text.replace("2005-", "2060-"), "utf-8")
    beyond = plan_overview(town.workspace, "town")
    assert (beyond.working_days, beyond.holidays) == (None, ())
    assert "holidays are known from 2004 to" in beyond.notes[0]
    assert "The holidays of 2060 are not known." in _drawn(town, Picture.MONTH, month="2060-05")


def test_holidays_are_cut_at_the_ends_and_named_once_over_a_turn_of_the_year() -> None:
    (found,) = holidays_met(dt.date(2007, 12, 31), dt.date(2008, 1, 20))
    assert (found.zh, str(found.first), str(found.last)) == ("元旦", "2007-12-31", "2008-01-01")


def test_runs_are_unbroken_stretches() -> None:
    days = [dt.date(2005, 3, day) for day in (1, 2, 3, 7, 9, 10)]
    assert [(one.day, two.day) for one, two in runs_of(days)] == [(1, 3), (7, 7), (9, 10)]
    assert runs_of([]) == []


def test_a_gantt_names_every_flights_message_in_both_languages(town: Any) -> None:
    assert "A lapsed pension can be renewed." in _drawn(town, Picture.GANTT, today=dt.date(2005, 4, 1)).replace(
        "\n", " "
    )
    use_language("zh")
    said = _drawn(town, Picture.GANTT)
    assert "养老保险断了能续上。" in said
    assert "长途汽车站" in said
    assert "劳动节" in said


def test_a_month_shows_rare_things_in_its_days_and_daily_ones_below(town: Any) -> None:
    said = _drawn(town, Picture.MONTH, month="2005-05")
    assert said.count("8–12, 13–17") == 3
    assert "Every day: service card" in said
    assert said.split("\n").count("off") == 8
    assert "May 2005" in said
    assert "March 2005" in _drawn(town, Picture.MONTH)


@pytest.mark.parametrize("month", ["2005-13", "may", "2005", "2005-02", "2005-07"])
def test_what_is_no_month_of_the_campaign_is_refused(town: Any, month: str) -> None:
    with pytest.raises(BadInput, match=r"is no month|is not in the campaign"):
        make_picture(town.office, "town", Picture.MONTH, town.root / "month.svg", month=month)
    assert not (town.root / "month.svg").exists()


def test_a_map_names_every_officer_with_what_they_have(town: Any) -> None:
    said = _drawn(town, Picture.MAP)
    assert all(row["姓名"] in said for row in town.officer_rows())
    assert "30 households" in said


def test_households_without_coordinates_are_counted_in_a_note(bare_town: Any) -> None:
    rows = bare_town.household_rows()
    somewhere = {row["户号"] for row in rows if row["社区"] == "城西社区"}
    for row in rows:
        if row["户号"] in somewhere:
            row["经度"] = row["纬度"] = ""
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows(), "officers.csv"))
    import_households(bare_town.office, bare_town.table(rows))
    said = _drawn(bare_town, Picture.MAP).replace("\n", " ")
    assert f"{len(somewhere)} households in buildings without coordinates are not drawn" in said
    assert "no officer yet" in said
    import_households(bare_town.office, bare_town.table([row | {"经度": "", "纬度": ""} for row in rows], "again.csv"))
    with pytest.raises(Conflict, match="no household has coordinates"):
        make_picture(bare_town.office, "town", Picture.MAP, bare_town.root / "map.svg")


def _rota(town: Any, *, published: bool) -> StoredRota:
    at = dt.datetime(2005, 5, 1, 8, tzinfo=town.workspace.zone)
    place = {"zh": "长途汽车站", "en": "long-distance bus station"}
    shifts = [
        RotaShift(f"booth-mayday-200505{1 + n // 2:02d}-{n % 2 + 1}", place, begin, begin + dt.timedelta(hours=4), 2)
        for n in range(4)
        for begin in [at + dt.timedelta(days=n // 2, hours=5 * (n % 2))]
    ]
    cells = tuple(RotaCell(shift.key, code, True) for shift in shifts for code in ("Y01", "Y02"))
    now = town.office.now()
    return StoredRota(
        town.office.new_id(), "town", "booth", dt.date(2005, 5, 1), dt.date(2005, 5, 2), now,
        now if published else None, {}, {}, tuple(shifts), cells[:-1],
    )  # fmt: skip


def test_a_rota_is_a_wall_table_with_who_is_missing_and_drafts_say_so(town: Any) -> None:
    with pytest.raises(NotFound, match="there is no such rota"):
        draw_rota(town.office, "town", RotaKind.BOOTH)
    with town.office.store.write() as unit:
        unit.rotas.add(_rota(town, published=False))
    said = _drawn(town, Picture.BOOTHS)
    assert said.count("梁若舟　欧阳青禾") == 3
    assert "1 missing" in said
    assert "draft, not published" in said
    assert "1–2 May 2005" in said
    assert "May Day" in said
    with pytest.raises(NotFound, match="2005-06"):
        draw_rota(town.office, "town", RotaKind.BOOTH, "2005-06")


def test_a_published_rota_is_no_draft(town: Any) -> None:
    with town.office.store.write() as unit:
        unit.rotas.add(_rota(town, published=True))
    assert "draft" not in _drawn(town, Picture.BOOTHS, month="2005-05")


def test_a_picture_prints_as_one_page_with_its_words_in_it(town: Any) -> None:
    target = town.root / "month.pdf"
    make_picture(town.office, "town", Picture.MONTH, target, month="2005-05")
    (page,) = PdfReader(target).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 596)  # A4 across
    text = page.extract_text()
    assert "May 2005" in text
    assert "8–12, 13–17" in text
    first = target.read_bytes()
    make_picture(town.office, "town", Picture.MONTH, target, month="2005-05")
    assert target.read_bytes() == first


def test_the_print_uses_the_usual_weight_of_the_font_not_its_thinnest(town: Any) -> None:
    make_picture(town.office, "town", Picture.GANTT, town.root / "gantt.png")
    with Image.open(town.root / "gantt.png") as image:
        grey = image.convert("L").crop((2 * 24, 2 * 90, image.width // 4, image.height))
        dark = sum(grey.histogram()[:100]) / (grey.width * grey.height)
    assert dark > 0.015  # 0.0176; 0.0120 with the thinnest face


def test_another_ending_and_a_sign_without_a_font_are_refused_with_nothing_written(town: Any) -> None:
    with pytest.raises(BadInput, match=r"is no \.svg, \.pdf or \.png file"):
        make_picture(town.office, "town", Picture.GANTT, town.root / "gantt.docx")
    officers = town.officer_rows()
    officers[0]["姓名"] = "梁\U000323af舟"
    import_officers(town.office, town.table(officers, "officers.csv"))
    with pytest.raises(CannotPrint, match="no font has the sign"):
        make_picture(town.office, "town", Picture.MAP, town.root / "map.pdf")
    assert not list(Path(town.root).glob("map*"))


def test_a_month_of_which_the_campaign_has_few_days_shows_them_one_by_one(town: Any) -> None:
    town.edit_campaign(
        ("starts = 2005-03-01\nends = 2005-06-30\ntimezone", "starts = 2005-02-27\nends = 2005-06-30\ntimezone")
    )
    said = _drawn(town, Picture.MONTH)
    assert "February 2005" in said
    assert "Every day" not in said
    assert "Every Monday to Friday" not in said
