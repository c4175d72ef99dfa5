"""Walk lists taken along: paper read back, calendars and routes opened with other programs' libraries."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gpxpy
import icalendar
import pypdfium2
import pytest
from docx import Document

from outreach.errors import CannotPrint, Conflict
from outreach.planning.holidays import work_calendar
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.manifest import load_kind
from outreach.render.page import make_pages
from outreach.services import press, walk_planning
from outreach.services.contacts import record_attempt
from outreach.services.rosters import import_households, import_officers
from outreach.services.runs import list_runs
from outreach.services.territories import assign_households
from outreach.services.verify import verify_run
from outreach.services.walk_files import WalkExport, WalkWish, export_walks
from outreach.services.walks import list_walks, show_walk, withdraw_walk
from outreach.store.facts import Facts

WALK = Path(__file__).parents[2] / "templates" / "walk"


@pytest.fixture
def walked(town: Any) -> Any:
    """The town with a list for each officer, each of one evening."""
    walk_planning.plan_walks(town.office, "", everybody=True, days=1)
    return town


def written(town: Any, file_format: str, *numbers: int, **wish: Any) -> WalkExport:
    return export_walks(town.office, "", file_format, town.root / "taken", WalkWish(numbers, **wish))


def pdf_text(path: Path) -> str:
    """All pages' text without blanks."""
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(path))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_paper_holds_every_door_in_order_and_is_a_print_run_that_verifies(walked: Any) -> None:
    done = written(walked, "pdf")
    assert [path.name for path in done.files] == [f"walk-000{n}-G0{n}.pdf" for n in (1, 2, 3, 4)]
    for number, path in enumerate(done.files, start=1):
        sheet, text = show_walk(walked.office, "", number), pdf_text(path)
        places = [text.index(squeezed(line.household.address.line("zh"))) for line in sheet.lines]
        assert places == sorted(places)
        assert all(person.name in text for line in sheet.lines for person in line.household.persons)
        assert "2005年6月15日周三" in text
        assert "有效期至2005年6月22日" in text
        assert read_qr(page_png(path.read_bytes(), width_px=1654))[:1] == [f"walk/town/{number}"]
    assert verify_run(walked.office, done.run).flaws == ()


def test_phones_are_masked_on_paper_unless_asked_for(walked: Any) -> None:
    phone = "1210555" + show_walk(walked.office, "", 1).lines[0].household.persons[0].mobile[7:]
    masked = pdf_text(written(walked, "pdf", 1).files[0])
    assert phone not in masked
    assert f"121****{phone[-4:]}" in masked
    assert phone in pdf_text(written(walked, "pdf", 1, phones=True).files[0])


@pytest.mark.parametrize("file_format", ["pdf", "docx"])
def test_the_paper_has_everybodys_phone_once(walked: Any, file_format: str) -> None:
    rows = [row | ({"手机": "12105550199"} if row["关系"] == "配偶" else {}) for row in walked.household_rows()]
    import_households(walked.office, walked.table(rows, "phones.csv"))
    couples = [
        (sheet.list.number, line.line.line, line.household.persons)
        for sheet in list_walks(walked.office, "")
        for line in sheet.lines
        if len(line.household.persons) > 1
    ]
    number, rank, persons = couples[0]
    for phones in (False, True):
        (path,) = written(walked, file_format, number, phones=phones).files
        if file_format == "pdf":
            text = pdf_text(path)
        else:
            text = squeezed(Document(str(path)).tables[1].rows[rank].cells[1].text)
        shown = [one.mobile if phones else f"{one.mobile[:3]}****{one.mobile[-4:]}" for one in persons]
        assert "、".join(shown) in text


def test_a_last_try_of_another_year_is_printed_with_its_year(town: Any) -> None:
    town.clock.present = dt.datetime(2006, 1, 11, 10, tzinfo=town.office.workspace.zone)
    walk_planning.plan_walks(town.office, "", everybody=True, days=1, posts=("G01",))
    one, two = (line.household.code for line in show_walk(town.office, "", 1).lines[:2])
    for home, year, month in ((one, 2005, 12), (two, 2006, 1)):
        at = dt.datetime(year, month, 9, 18, tzinfo=town.office.workspace.zone)
        record_attempt(town.office, "", home, channel="call", disposition="no_answer", at=at)
    text = pdf_text(written(town, "pdf", 1).files[0])
    assert "2005年12月9日无人接听" in text
    assert "1月9日无人接听" in text
    assert "2006年1月9日" not in text


def test_a_walk_before_the_holiday_notice_is_tentative_in_calendars(town: Any) -> None:
    walk_planning.plan_walks(town.office, "", everybody=True, days=1, posts=("G01",))
    town.clock.present = town.clock.present.replace(year=work_calendar().last_year)
    walk_planning.plan_walks(town.office, "", everybody=True, days=9, posts=("G01",))
    (path,) = written(town, "ics").files
    events = icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    first, *later = sorted(events, key=lambda one: one.start)
    assert (first["STATUS"], "provisional" in first["SUMMARY"].lower()) == ("CONFIRMED", False)
    assert later
    assert {(one["STATUS"], str(one["SUMMARY"]).endswith("(provisional)")) for one in later} == {("TENTATIVE", True)}


def test_calendars_of_all_officers_read_the_lists_and_the_contacts_once(
    walked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    real = Facts.attempts_of

    def counted(facts: Facts, campaign: str, households: Iterable[str]) -> Any:
        read.append(campaign)
        return real(facts, campaign, households)

    monkeypatch.setattr(Facts, "attempts_of", counted)
    assert len(written(walked, "ics").files) == 4
    assert read == ["town"]


def test_a_door_that_was_opened_since_says_so_on_paper(walked: Any) -> None:
    home = show_walk(walked.office, "", 1).lines[0].household.code
    record_attempt(walked.office, "", home, channel="call", disposition="no_answer")
    assert "6月15日无人接听" in pdf_text(written(walked, "pdf", 1).files[0])
    record_attempt(walked.office, "", home, channel="hall", disposition="informed")
    assert pdf_text(written(walked, "pdf", 1).files[0]).count("已送达，不必再去") == 1


def test_the_word_file_has_one_row_a_door(walked: Any) -> None:
    (path,) = written(walked, "docx", 2, language="en").files
    sheet, document = show_walk(walked.office, "", 2), Document(str(path))
    rows = document.tables[1].rows[1:]
    assert [row.cells[0].paragraphs[0].text for row in rows] == [str(line.line.line) for line in sheet.lines]
    assert all(
        line.household.address.line("en") in row.cells[1].text for line, row in zip(sheet.lines, rows, strict=True)
    )
    assert "Wednesday" in document.tables[0].cell(0, 0).text
    codes, foot = document.sections[0].footer.paragraphs
    assert "31 nobody home" in codes.text
    assert foot.text.startswith(f"Walk list 2 {sheet.officer.name}")  # on every page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_forty_four_long_addresses_run_on_to_further_pages_and_none_is_lost(language: str) -> None:
    kind = load_kind(WALK)
    values = kind.sample_values(language)
    long = values["lines"][2]
    values["lines"] = [long | {"number": str(rank), "names": f"{long['names']} N{rank:02}N"} for rank in range(1, 45)]
    pdf = make_pages(kind, language, [values])
    pages = [squeezed(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]
    assert [sum(f"N{rank:02}N" in page for page in pages) for rank in range(1, 45)] == [1] * 44
    assert all(squeezed(one["meaning"]) in page for one in values["codes"] for page in pages)
    assert all(values["walk"]["number"] in page for page in pages)


def test_expired_and_withdrawn_lists_are_not_printed_and_nothing_is_written(walked: Any) -> None:
    withdraw_walk(walked.office, "", 1)
    with pytest.raises(CannotPrint, match="was withdrawn on 2005-06-15"):
        written(walked, "pdf", 1)
    walked.clock.present += dt.timedelta(days=8)
    for file_format in ("pdf", "docx", "geojson", "gpx"):
        with pytest.raises(CannotPrint, match="walk list 2: expired on 2005-06-22"):
            written(walked, file_format, 2)
    with pytest.raises(Conflict, match="there is no walk list to write"):
        written(walked, "pdf")
    assert not (walked.root / "taken").exists()
    assert list_runs(walked.office) == []
    assert len(written(walked, "gpx", expired=True).files) == 3
    with pytest.raises(CannotPrint, match="withdrawn"):
        written(walked, "gpx", 1, expired=True)


def test_a_list_of_somebody_who_gave_up_the_post_is_not_printed(walked: Any) -> None:
    rows = walked.officer_rows()
    rows[0] |= {"工号": "Y09", "姓名": "新来的"}
    import_officers(walked.office, walked.table(rows, "officers.csv"))
    with pytest.raises(CannotPrint, match="walk list 1: 梁若舟 no longer holds the post G01") as caught:
        written(walked, "pdf")
    assert len(caught.value.faults) == 1


def test_calendars_hold_a_walk_each_and_cancel_what_was_withdrawn(town: Any) -> None:
    plan_file = town.campaign_file.with_name("plan.toml")
    plan_file.write_text('[walks]\nevening_hours = ["18:30-19:00"]\n', "utf-8")
    plan = walk_planning.plan_walks(town.office, "", everybody=True, posts=("G01",), days=6)
    (path,) = written(town, "ics").files
    before = {one["UID"]: one for one in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
    assert len(before) == len(plan.lists) > 1
    event = before["walk-1@town.outreach.invalid"]
    assert (event.start, event.end) == (plan.lists[0].starts, plan.lists[0].ends)
    lines = str(event["DESCRIPTION"]).splitlines()
    assert [line.split(".")[0] for line in lines] == [str(line.line) for line in plan.lists[0].lines]
    first = path.read_bytes()
    assert written(town, "ics").files[0].read_bytes() == first
    withdraw_walk(town.office, "", 1)
    written(town, "ics")
    after = {one["UID"]: one for one in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")}
    assert [(int(one["SEQUENCE"]), one["STATUS"]) for one in after.values()] == [(1, "CANCELLED")] + [
        (0, "CONFIRMED")
    ] * (len(before) - 1)


@pytest.mark.parametrize("file_format", ["ics", "geojson", "gpx"])
def test_nobody_is_named_in_what_leaves_the_office_unless_asked_for(walked: Any, file_format: str) -> None:
    sheet = show_walk(walked.office, "", 1)
    private = {line.household.persons[0].name for line in sheet.lines}
    private |= {line.household.address.line("zh") for line in sheet.lines}
    (path,) = written(walked, file_format, 1).files
    plain = unfolded(path)
    assert not any(words in plain for words in private)
    assert f"{sheet.officer.lon:.4f}" not in plain
    written(walked, file_format, 1, names=True)
    named = unfolded(path)
    assert all(words in named for words in private)


def unfolded(path: Path) -> str:
    """A file's text; a calendar's long lines joined again."""
    return path.read_bytes().replace(b"\r\n ", b"").decode()


def test_the_geojson_is_one_way_and_one_point_a_door(walked: Any) -> None:
    sheet = show_walk(walked.office, "", 3)
    content = json.loads(written(walked, "geojson", 3, names=True).files[0].read_bytes())
    way, *points = content["features"]
    assert (content["type"], way["geometry"]["type"]) == ("FeatureCollection", "LineString")
    base = [sheet.officer.lon, sheet.officer.lat]
    assert way["geometry"]["coordinates"][0] == way["geometry"]["coordinates"][-1] == base
    assert all(113 < lon < 114 and 30 < lat < 31 for lon, lat in way["geometry"]["coordinates"])
    assert [one["properties"]["name"] for one in points] == [str(line.line.line) for line in sheet.lines]
    assert [one["geometry"]["coordinates"] for one in points] == [
        [line.household.lon, line.household.lat] for line in sheet.lines
    ]
    assert points[0]["properties"]["at"] == "2005-06-15T18:30:00+08:00"


def test_the_gpx_is_a_route_other_programs_read(walked: Any) -> None:
    sheet = show_walk(walked.office, "", 3)
    gpx = gpxpy.parse(written(walked, "gpx", 3).files[0].read_text("utf-8"))
    (route,) = gpx.routes
    assert (gpx.version, gpx.schema_locations) == ("1.1", [])
    assert [(point.name, point.time) for point in route.points] == [
        (str(line.line.line), line.line.at) for line in sheet.lines
    ]
    assert [(point.longitude, point.latitude) for point in route.points] == [
        (line.household.lon, line.household.lat) for line in sheet.lines
    ]


def test_doors_without_coordinates_are_counted_and_a_list_of_them_alone_has_no_route(bare_town: Any) -> None:
    town = bare_town
    bare = {"经度": "", "纬度": ""}
    rows = [row | (bare if row["户号"] != "H001" else {}) for row in town.household_rows()]
    import_officers(town.office, town.table(town.officer_rows()[:1]))
    import_households(town.office, town.table(rows))
    assign_households(town.office, "")
    walk_planning.plan_walks(town.office, "", everybody=True, days=10)
    sheets = list_walks(town.office, "")
    with_route = next(sheet for sheet in sheets if "H001" in {line.household.code for line in sheet.lines})
    done = written(town, "gpx", with_route.list.number)
    assert done.unplaced == len(with_route.lines) - 1
    other = next(sheet for sheet in sheets if sheet is not with_route)
    with pytest.raises(Conflict, match="none of its doors has coordinates"):
        written(town, "gpx", other.list.number)
    assert written(town, "pdf", other.list.number).files  # paper needs none


def test_two_lists_are_printed_without_waiting_for_other_processes(
    walked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = walked.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace("workers = 1", "workers = 2"), "utf-8")
    monkeypatch.setattr(press, "ProcessPoolExecutor", None)
    wish = WalkWish((1, 2))
    assert len(export_walks(walked.reopen(), "", "pdf", walked.root / "taken", wish).files) == 2
