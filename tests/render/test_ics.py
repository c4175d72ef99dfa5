"""Calendars read back by two readers, and their bytes checked by hand."""

import datetime as dt
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from outreach.errors import BadInput
from outreach.render.ics import Event, make_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
STAMP = dt.datetime(2026, 1, 5, 9, 30, tzinfo=SHANGHAI)
NASTY = "汽车站, 东门; 反\\斜\n第二行：" + "养老保险续保咨询" * 15


def shift(uid: str = "booth-1@outreach", day: int = 14, **changes: object) -> Event:
    facts: dict[str, object] = {
        "uid": uid,
        "starts": dt.datetime(2026, 2, day, 8, tzinfo=SHANGHAI),
        "ends": dt.datetime(2026, 2, day, 17, 30, tzinfo=SHANGHAI),
        "summary": "长途汽车站咨询台",
    }
    return Event(**(facts | changes))  # type: ignore[arg-type]


def made(*events: Event, zone: str = "Asia/Shanghai", name: str = "春节宣传") -> bytes:
    return make_calendar(name, events, zone=zone, stamp=STAMP)


def test_every_field_is_read_back_by_icalendar() -> None:
    event = shift(
        summary=NASTY, location=NASTY, description=NASTY, sequence=3, status="TENTATIVE", categories=("咨询台", "a,b")
    )
    content = made(event, name="计划, 一")
    assert "\r\nNAME:计划\\, 一\r\nX-WR-CALNAME:计划\\, 一\r\n".encode() in content
    calendar = icalendar.Calendar.from_ical(content)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert calendar["prodid"]
    (read,) = calendar.walk("VEVENT")
    assert (read["uid"], read["sequence"], read["status"]) == ("booth-1@outreach", 3, "TENTATIVE")
    assert [read[key] for key in ("summary", "location", "description")] == [NASTY] * 3
    assert read["categories"].cats == ["咨询台", "a,b"]
    assert read.decoded("dtstamp") == STAMP
    assert read.decoded("dtstart") == event.starts
    assert read.decoded("dtend") == event.ends
    assert read["dtstart"].params["TZID"] == "Asia/Shanghai"


def test_a_second_reader_understands_it_by_its_own_time_zone_table() -> None:
    read = vobject.readOne(made(shift(description=NASTY)).decode("utf-8"))
    assert read.vevent.summary.value == "长途汽车站咨询台"
    assert read.vevent.description.value == NASTY
    assert read.vevent.dtstart.value == dt.datetime(2026, 2, 14, 8, tzinfo=SHANGHAI)
    assert [part.name for part in read.vtimezone.getChildren() if part.name in {"STANDARD", "DAYLIGHT"}] == ["STANDARD"]


@pytest.mark.parametrize(
    "day", [dt.date(2026, 1, 1), dt.date(2026, 3, 28), dt.date(2026, 3, 30), dt.date(2026, 12, 31)]
)
def test_both_sides_of_a_summer_time_change_are_told_right_from_the_table_alone(day: dt.date) -> None:
    starts = dt.datetime.combine(day, dt.time(8), BERLIN)
    event = Event("a", starts, starts + dt.timedelta(hours=1), "x")
    # Under a name no reader knows, only the table written into the calendar can tell the offset.
    alone = made(event, zone="Europe/Berlin").decode("utf-8").replace("Europe/Berlin", "Nowhere/Known")
    assert vobject.readOne(alone).vevent.dtstart.value.utcoffset() == starts.utcoffset()


def test_changes_of_the_clock_are_dated_by_the_clock_before_them() -> None:
    starts = dt.datetime(2026, 7, 1, 8, tzinfo=BERLIN)
    (table,) = icalendar.Calendar.from_ical(
        made(Event("a", starts, starts + dt.timedelta(hours=1), "x"), zone="Europe/Berlin")
    ).walk("VTIMEZONE")
    onsets = [(part.name, part.decoded("dtstart")) for part in table.subcomponents]
    assert ("DAYLIGHT", dt.datetime(2026, 3, 29, 2)) in onsets  # noqa: DTZ001 - onsets are local
    assert ("STANDARD", dt.datetime(2026, 10, 25, 3)) in onsets  # noqa: DTZ001


def test_lines_end_in_crlf_and_fold_at_75_octets_without_cutting_a_sign() -> None:
    content = made(shift(summary=NASTY, description="\U0002cc56" * 200))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        line.decode("utf-8")  # a cut sign would fail here


def test_texts_are_escaped_and_cannot_add_lines_of_their_own() -> None:
    hostile = "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\rATTACH:file:///etc/passwd\x00\x07\x0b"
    content = made(shift(summary=hostile, location=hostile, uid="u\r\nATTACH:x"), name=hostile)
    assert content.count(b"BEGIN:VEVENT\r\n") == 1
    lines = content.split(b"\r\n")
    assert not [line for line in lines if line.startswith(b"ATTACH")]
    assert not set(content) & {0, 7, 11}


def test_the_same_entries_in_any_order_give_the_same_bytes() -> None:
    first, second = shift("a", 14), shift("b", 14)
    assert made(first, second) == made(second, first)


def test_times_given_in_another_zone_are_told_in_the_calendars() -> None:
    event = shift(starts=dt.datetime(2026, 2, 14, 0, tzinfo=dt.UTC))
    assert b"DTSTART;TZID=Asia/Shanghai:20260214T080000\r\n" in made(event)


@pytest.mark.parametrize(
    ("ends", "after"),
    [
        (dt.datetime(2026, 2, 21, tzinfo=SHANGHAI), dt.date(2026, 2, 21)),
        (dt.datetime(2026, 2, 20, 17, tzinfo=SHANGHAI), dt.date(2026, 2, 21)),
    ],
)
def test_an_entry_of_whole_days_ends_with_its_last_day_and_leaves_the_time_free(
    ends: dt.datetime, after: dt.date
) -> None:
    event = shift(starts=dt.datetime(2026, 2, 14, tzinfo=SHANGHAI), ends=ends, whole_days=True)
    read = vobject.readOne(made(event).decode("utf-8")).vevent
    assert (read.dtstart.value, read.dtend.value) == (dt.date(2026, 2, 14), after)
    assert read.transp.value == "TRANSPARENT"


def test_an_empty_calendar_is_still_a_calendar() -> None:
    assert vobject.readOne(made().decode("utf-8")).name == "VCALENDAR"


def test_an_unknown_zone_is_refused_by_name() -> None:
    for zone in ("Asia/Peking", "../etc/passwd", ""):
        with pytest.raises(BadInput):
            made(shift(), zone=zone)


def test_entries_that_clash_or_do_not_last_are_refused() -> None:
    with pytest.raises(ValueError, match="uid of its own"):
        made(shift(), shift())
    with pytest.raises(ValueError, match="ends before"):
        made(shift(ends=dt.datetime(2026, 2, 14, 8, tzinfo=SHANGHAI)))
    with pytest.raises(ValueError, match="zoned"):
        made(shift(starts=dt.datetime(2026, 2, 14, 8)))  # noqa: DTZ001 - what is refused
