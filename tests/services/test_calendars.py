"""Calendars read back by the icalendar library: the plan, and each officer's own shifts."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import icalendar

from outreach.services.calendars import write_calendars
from outreach.services.campaigns import load_campaign
from outreach.services.rosters import import_officers


def events(path: Path) -> list[Any]:
    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_the_calendar_holds_every_placement_at_its_time(town: Any) -> None:
    written = write_calendars(town.office, "")
    assert written.everything == town.root / "out" / "calendar" / "town.ics"
    found = events(written.everything)
    placements = load_campaign(town.workspace, "").placements()
    assert written.placements == len(found) == len(placements) == 24
    spans = {(e.decoded("dtstart"), e.decoded("dtend")) for e in found}
    timed = {span for span in spans if isinstance(span[0], dt.datetime)}
    assert timed == {(p.starts, p.ends) for p in placements if not p.whole_days}
    assert spans - timed == {
        (dt.date(2005, 3, 7), dt.date(2005, 3, 12)),
        (dt.date(2005, 3, 1), dt.date(2005, 7, 1)),
        (dt.date(2005, 3, 14), dt.date(2005, 3, 19)),
    }
    assert len({str(e["uid"]) for e in found}) == 24


def test_each_officer_gets_exactly_their_own_shifts(town: Any) -> None:
    written = write_calendars(town.office, "")
    assert [path.name for path in written.officers] == ["G01.ics", "G02.ics", "G03.ics", "G04.ics"]
    booths = [p for p in load_campaign(town.workspace, "").placements() if p.channel == "booth"]
    assert written.shifts == 12
    for path in written.officers:
        mine = {p.starts for p in booths if path.stem in p.staff}
        assert {e.decoded("dtstart") for e in events(path)} == mine
        assert all("长途汽车站" in str(e["location"]) for e in events(path))


def test_identifiers_and_bytes_are_the_same_at_every_writing(town: Any, tmp_path: Path) -> None:
    one = write_calendars(town.office, "", tmp_path / "one")
    town.clock.present += dt.timedelta(days=3)
    two = write_calendars(town.office, "", tmp_path / "two")
    assert one.everything.read_bytes() == two.everything.read_bytes()
    for mine, again in zip(one.officers, two.officers, strict=True):
        assert mine.read_bytes() == again.read_bytes()


def test_a_moved_time_updates_the_same_entry_and_only_that_one(town: Any, tmp_path: Path) -> None:
    before = events(write_calendars(town.office, "", tmp_path / "one").everything)
    edited = town.edit_campaign(('times = ["10:00"]', 'times = ["11:00"]'))
    os.utime(edited, (2_000_000_000, 2_000_000_000))
    after = events(write_calendars(town.office, "", tmp_path / "two").everything)
    assert [str(e["uid"]) for e in before] == [str(e["uid"]) for e in after]
    moved = [(a, b) for a, b in zip(before, after, strict=True) if a["dtstart"].dt != b["dtstart"].dt]
    assert [(a["dtstart"].dt.hour, b["dtstart"].dt.hour) for a, b in moved] == [(10, 11)]
    assert [(a["sequence"], b["sequence"]) for a, b in moved] == [(0, 1)]
    assert moved[0][0]["dtstamp"].dt < moved[0][1]["dtstamp"].dt
    kept = [(a, b) for a, b in zip(before, after, strict=True) if a["dtstart"].dt == b["dtstart"].dt]
    assert all(a.to_ical() == b.to_ical() for a, b in kept)


def test_the_english_calendar_is_english(town: Any, tmp_path: Path) -> None:
    found = events(write_calendars(town.office, "", tmp_path, "en").everything)
    booth = next(e for e in found if "location" in e)
    assert str(booth["summary"]) == "station booth · long-distance bus station"
    assert "A lapsed pension can be renewed." in str(booth["description"])
    assert "G01 梁若舟" in str(booth["description"])


def test_a_post_whose_name_is_a_path_stays_in_the_folder(town: Any) -> None:
    rows = town.officer_rows()
    rows[0]["岗位"], rows[1]["岗位"] = "../../../G", "G/1"
    import_officers(town.office, town.table(rows))
    town.edit_campaign(('"G01", "G02", "G03", "G04"]', '"../../../G", "G/1", "G03", "G04"]'))
    written = write_calendars(town.office, "")
    assert {path.parent for path in written.officers} == {town.root / "out" / "calendar" / "officers"}
    assert len({path.name for path in written.officers}) == 4
    assert all(path.is_file() for path in written.officers)


def test_posts_on_duty_that_nobody_holds_are_named(town: Any) -> None:
    town.edit_campaign(('"G03", "G04"]', '"G03", "G77"]'))
    written = write_calendars(town.office, "")
    assert written.unknown == ("G77",)
    assert "G77.ics" not in [path.name for path in written.officers]
