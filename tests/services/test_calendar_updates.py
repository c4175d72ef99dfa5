"""Calendars sent twice: a client that follows RFC 5546 ends with what is planned now, and nothing else.

The client here is ours, the reading is by icalendar and vobject. RFC 5546 2.1.5: of two entries with one UID the higher
SEQUENCE holds, and of equal ones the later DTSTAMP; 3.2.1 and 3.2.5: STATUS CANCELLED takes the entry away.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject

from outreach.errors import Conflict
from outreach.services.absences import add_leave
from outreach.services.calendars import write_calendars
from outreach.services.rosters import import_officers
from outreach.services.rota_calendars import write_rota_calendars
from outreach.services.rota_state import RotaKind
from outreach.services.rota_views import show_rota
from outreach.services.rotas import plan

BOOTH = RotaKind.BOOTH


class Client:
    """A calendar that files are loaded into, as a phone does it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, dt.datetime, Any]] = {}

    def load(self, path: Path) -> Client:
        for entry in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            uid, rank = str(entry["uid"]), (int(entry["sequence"]), entry.decoded("dtstamp"))
            if uid not in self._known or rank > self._known[uid][:2]:
                self._known[uid] = (*rank, entry)
        return self

    def shown(self) -> set[tuple[dt.datetime, dt.datetime, str]]:
        return {
            (entry.decoded("dtstart"), entry.decoded("dtend"), str(entry.get("description", "")))
            for _sequence, _stamp, entry in self._known.values()
            if entry["status"] != "CANCELLED"
        }


def by_vobject(path: Path) -> dict[str, tuple[int, str]]:
    read = vobject.readOne(path.read_text("utf-8"))
    return {event.uid.value: (int(event.sequence.value), event.status.value) for event in read.vevent_list}


@pytest.fixture
def office(bare_town: Any) -> Any:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    (bare_town.campaign_file.with_name("plan.toml")).write_text("format = 1\n[booths]\nmost_a_day = 2\n", "utf-8")
    bare_town.clock.present = dt.datetime(2005, 3, 1, 9, tzinfo=dt.UTC)
    plan(bare_town.office, "", BOOTH, publish_it=True)
    return bare_town.office


def replan_without_first_officer(town: Any) -> None:
    town.clock.present += dt.timedelta(days=1)
    add_leave(town.office, "Y01", dt.date(2005, 5, 1), dt.date(2005, 5, 3), "病假")
    plan(town.office, "", BOOTH, publish_it=True)


def test_a_lost_shift_leaves_the_officers_calendar_and_comes_into_anothers(bare_town: Any, office: Any) -> None:
    first = write_rota_calendars(office, "", BOOTH)
    assert (first.entries, len(first.officers), len(first.stations), first.updates) == (6, 4, 1, ())
    clients = {path.name: Client().load(path) for path in first.officers}
    assert clients["G01.ics"].shown()
    replan_without_first_officer(bare_town)
    second = write_rota_calendars(office, "", BOOTH)
    assert clients["G01.ics"].load(next(p for p in second.officers if p.name == "G01.ics")).shown() == set()
    told = show_rota(office, "", BOOTH, told=True)
    for path in second.officers:
        mine = {s.starts for s in told.shifts if path.stem in [one.post for one in s.officers]}
        assert {shown[0] for shown in clients[path.name].load(path).shown()} == mine


def test_the_files_of_updates_alone_bring_a_client_up_to_date(bare_town: Any, office: Any) -> None:
    first = write_rota_calendars(office, "", BOOTH)
    clients = {path.name: Client().load(path) for path in first.officers}
    replan_without_first_officer(bare_town)
    second = write_rota_calendars(office, "", BOOTH)
    assert second.updates
    for path in second.officers:
        update = path.parent.parent / "updates" / path.name
        if update.is_file():
            assert update in second.updates
            assert clients[path.name].load(update).shown() == Client().load(path).shown()
        else:
            assert path.name == "G01.ics" or clients[path.name].load(path).shown() == Client().load(path).shown()


def test_only_what_changed_gets_a_number_and_cancelled_entries_say_so(bare_town: Any, office: Any) -> None:
    before = by_vobject(write_rota_calendars(office, "", BOOTH).everything)
    assert set(before.values()) == {(0, "CONFIRMED")}
    was = {shift.key: {one.code for one in shift.officers} for shift in show_rota(office, "", BOOTH).shifts}
    replan_without_first_officer(bare_town)
    now = {shift.key: {one.code for one in shift.officers} for shift in show_rota(office, "", BOOTH).shifts}
    second = write_rota_calendars(office, "", BOOTH)
    after = by_vobject(second.everything)
    changed = {key for key in was if was[key] != now[key]}
    assert second.changed == len(changed) == 3
    assert {uid.partition(".booth@")[0] for uid, state in after.items() if state == (1, "CONFIRMED")} == changed
    gone = by_vobject(second.everything.parent / "officers" / "G01.ics")
    assert set(gone.values()) == {(1, "CANCELLED")}


def test_nothing_changed_is_the_same_bytes_whatever_the_clock_says(bare_town: Any, office: Any) -> None:
    one = {p: p.read_bytes() for p in sorted(write_rota_calendars(office, "", BOOTH).everything.parent.rglob("*.ics"))}
    bare_town.clock.present += dt.timedelta(days=40)
    write_rota_calendars(office, "", BOOTH)
    assert {path: path.read_bytes() for path in one} == one


def test_a_flight_taken_out_of_the_campaign_is_cancelled_and_comes_back_with_a_higher_number(
    bare_town: Any, office: Any, tmp_path: Path
) -> None:
    first = write_calendars(office, "", tmp_path)
    client = Client().load(first.everything)
    everything = client.shown()
    text = bare_town.campaign_file.read_text("utf-8")
    head, sms = text.split('[[flights]]\nid = "sms-march"')
    bare_town.campaign_file.write_text(f"{head}[[flights]]{sms.split('[[flights]]', 1)[1]}", "utf-8")
    second = write_calendars(office, "", tmp_path)
    assert (second.placements, second.cancelled) == (first.placements - 1, 1)
    assert len(client.load(second.everything).shown()) == len(everything) - 1
    bare_town.campaign_file.write_text(text, "utf-8")
    third = write_calendars(office, "", tmp_path)
    assert client.load(third.everything).shown() == everything
    assert max(sequence for sequence, _status in by_vobject(third.everything).values()) == 2


def test_the_campaigns_calendar_names_those_of_the_published_rota(bare_town: Any, office: Any) -> None:
    write_calendars(office, "")
    replan_without_first_officer(bare_town)
    written = write_calendars(office, "")
    booths = [text for _starts, _ends, text in Client().load(written.everything).shown() if "值班" in text]
    assert len(booths) == 6
    assert not [text for text in booths if "梁若舟" in text]
    assert set(by_vobject(next(p for p in written.officers if p.name == "G01.ics")).values()) == {(1, "CANCELLED")}


def test_a_message_written_for_each_person_does_not_stand_in_a_calendar_with_its_tags(
    bare_town: Any, office: Any
) -> None:
    old = 'id = "renew"\nzh = "养老保险断了能续上。"\nen = "A lapsed pension can be renewed."\n'
    own = '\n[[messages]]\nid = "own"\nzh = "{{ person.name }}，您好。"\nen = "Dear {{ person.name }}."\n'
    text = bare_town.campaign_file.read_text("utf-8")
    before, sms = text.split('id = "sms-march"')
    sms = sms.replace('message = "renew"', 'message = "own"', 1)
    bare_town.campaign_file.write_text(f'{before.replace(old, old + own)}id = "sms-march"{sms}', "utf-8")
    written = write_calendars(office, "")
    content = written.everything.read_text("utf-8")
    assert "{{" not in content
    assert "sms-march-20050310-1" in content


def test_drafts_are_sent_to_nobody(bare_town: Any) -> None:
    import_officers(bare_town.office, bare_town.table(bare_town.officer_rows()))
    plan(bare_town.office, "", BOOTH)
    with pytest.raises(Conflict, match="publish the draft with 'outreach booth publish'"):
        write_rota_calendars(bare_town.office, "", BOOTH)
