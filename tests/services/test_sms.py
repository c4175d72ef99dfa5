"""Text messages: one to each person and phone for a placement, and a reason for everybody who gets none."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import BadInput, CannotPrint, Conflict, NotFound
from outreach.services.campaign_check import check_campaign
from outreach.services.contacts import record_attempt
from outreach.services.materials import copy_kind, make_material
from outreach.services.rosters import import_households, list_households
from outreach.services.rounds import Choice
from outreach.services.runs import resume_run, show_run
from outreach.services.sms import show_sending, write_skipped
from outreach.services.suppressions import lift, suppress
from outreach.services.words import measure_texts

KEY = "sms-march-20050310-1"
PRICED = ('opt_out_en = "Reply STOP"', 'opt_out_en = "Reply STOP"\npart_cost_fen = 4.5')


def send(town: Any, placement: str = KEY, **more: Any) -> Any:
    choice = Choice(placement=placement, posts=more.pop("posts", ()))
    return make_material(town.office, "", "sms", file_format="csv", choice=choice, **more)


def rows(made: Any, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    (file,) = made.files
    text = (made.folder / file.name).read_bytes().decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def edit_layout(town: Any, name: str, *changes: tuple[str, str]) -> Path:
    folder = town.root / "templates" / "sms"
    if not folder.is_dir():
        copy_kind(town.workspace, "sms")
    path = folder / name
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return path


def test_everybody_with_a_mobile_gets_one_signed_message_with_the_way_to_stop(town: Any) -> None:
    made = send(town)
    found = rows(made)
    assert list(found[0]) == ["phone", "text", "household", "person", "placement", "parts", "code"]
    assert {(row["household"], row["person"]) for row in found} == {(f"H{n:03d}", "1") for n in range(1, 31)}
    assert len({row["phone"] for row in found}) == 30
    assert {row["text"] for row in found} == {"【小镇续保】养老保险断了能续上。回TD退订"}
    assert {row["parts"] for row in found} == {"1"}
    assert {row["placement"] for row in found} == {KEY}


def test_each_row_carries_the_code_under_which_the_register_knows_it(town: Any) -> None:
    made = send(town)
    pieces = show_run(town.office, made.run.number).pieces
    by_code = {piece.code: (piece.household, str(piece.person), piece.placement) for piece in pieces}
    assert len(by_code) == 30
    assert {row["code"]: (row["household"], row["person"], KEY) for row in rows(made)} == by_code


def test_the_run_says_its_parts_its_cost_and_whom_it_left_out(town: Any) -> None:
    town.edit_campaign(PRICED)
    suppress(town.office, "H003", reason="asked", channel="sms")
    made = send(town)
    assert made.run.said == {"parts": 29, "cost_fen": 131, "no mobile": 10, "suppressed": 1}


def test_a_second_making_sends_nothing_twice(town: Any) -> None:
    send(town)
    with pytest.raises(Conflict, match="nobody is left"):
        send(town)
    assert show_sending(town.office, "", KEY).reasons() == {"sent": 30, "no mobile": 10}


def test_a_second_making_sends_only_to_those_who_have_none_yet(town: Any) -> None:
    first = send(town, posts=("G01",))
    town.edit_household("H030", 手机="12105559999")
    second = send(town)
    phones = [row["phone"] for row in rows(first) + rows(second)]
    assert len(phones) == len(set(phones)) == 30
    assert "12105559999" in phones
    assert second.run.said["sent"] == first.run.pieces


def test_two_makings_at_once_are_held_apart_by_the_register(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from outreach.services import gathering

    ours = gathering.sms_pieces

    def late(*arguments: Any) -> Any:
        pieces = ours(*arguments)
        monkeypatch.setattr(gathering, "sms_pieces", ours)
        send(town)
        return pieces

    monkeypatch.setattr(gathering, "sms_pieces", late)
    with pytest.raises(Conflict, match="30 persons have got theirs in print run 1"):
        send(town)
    with town.office.store.read() as unit:
        assert len(unit.runs.all(dt.UTC)) == 1


def test_another_placement_is_another_message(town: Any) -> None:
    town.edit_campaign(('ends = 2005-03-10\ntimes = ["10:00"]', 'ends = 2005-03-11\ntimes = ["10:00"]'))
    send(town)
    assert len(rows(send(town, "sms-march-20050311-1"))) == 30


def test_persons_who_share_a_phone_get_one_message_between_them(town: Any) -> None:
    people = town.household_rows()
    for row in people:
        if row["户号"] in ("H001", "H004"):
            row["手机"] = "12105558888"
    import_households(town.office, town.table(people))
    found = rows(send(town))
    assert [row["phone"] for row in found].count("12105558888") == 1
    holder = next(f"{row['household']}/{row['person']}" for row in found if row["phone"] == "12105558888")
    left_out = {one.key: one.detail for one in show_sending(town.office, "", KEY).persons if one.reason == "same phone"}
    assert len(left_out) == 3
    assert set(left_out.values()) == {holder}


def test_a_phone_whose_holder_wants_no_messages_gets_none_through_somebody_else(town: Any) -> None:
    people = town.household_rows()
    for row in people:
        if row["户号"] == "H001":
            row["手机"] = "12105558888"
    import_households(town.office, town.table(people))
    suppress(town.office, "H001", person=1, reason="replied TD", channel="sms")
    sending = show_sending(town.office, "", KEY)
    assert {one.reason for one in sending.persons if one.household == "H001"} == {"suppressed"}
    assert "12105558888" not in {message.recipient.phone for message in sending.messages}


def test_who_has_died_gets_no_message_and_is_greeted_in_no_other(town: Any) -> None:
    record_attempt(town.office, "", "H002", channel="visit", disposition="died")
    record_attempt(town.office, "", "H001", channel="visit", disposition="died", person=2)
    edit_layout(town, "sms.zh.txt.j2", ("】{{ message", "】{{ greeting }}{{ message"))
    sending = show_sending(town.office, "", KEY, language="zh")
    assert {one.reason for one in sending.persons if one.household == "H002"} == {"died"}
    texts = {one.recipient.household: one.text for one in sending.messages}
    (first, second) = (one.name for one in list_households(town.office)[0].persons)
    assert first in texts["H001"]
    assert second not in texts["H001"]
    assert send(town).run.said["died"] == 2


def test_a_suppression_of_another_channel_or_time_or_taken_back_stops_nothing(town: Any) -> None:
    suppress(town.office, "H002", reason="asked", channel="visit", starts=dt.date(2005, 1, 1))
    suppress(town.office, "H003", reason="asked", starts=dt.date(2005, 1, 1), until=dt.date(2005, 3, 9))
    lift(town.office, suppress(town.office, "H005", reason="asked", starts=dt.date(2005, 1, 1)).id)
    assert len(rows(send(town))) == 30


def test_a_number_that_is_no_mobile_is_listed_and_not_sent(town: Any) -> None:
    town.edit_household("H002", 手机="0700-5550199")
    sending = show_sending(town.office, "", KEY)
    (one,) = [one for one in sending.persons if one.household == "H002"]
    assert (one.reason, one.detail) == ("not a mobile", "07005550199")


def test_the_list_of_those_left_out_is_written_with_reasons_and_masked(town: Any, tmp_path: Path) -> None:
    suppress(town.office, "H002", reason="=asked", starts=dt.date(2005, 1, 1))
    sending = show_sending(town.office, "", KEY)
    assert write_skipped(sending, tmp_path / "skipped.csv") == 11
    written = list(csv.reader(io.StringIO((tmp_path / "skipped.csv").read_text("utf-8-sig"))))
    assert ["H002", "1", "李悦", "121****0101", "suppressed", "'=asked"] in written
    assert "12105550101" not in (tmp_path / "skipped.csv").read_text("utf-8-sig")
    write_skipped(sending, tmp_path / "skipped.csv", unmask=True)
    assert "12105550101" in (tmp_path / "skipped.csv").read_text("utf-8-sig")


def test_a_message_may_name_the_person_and_their_officer(town: Any) -> None:
    town.edit_campaign(
        ('zh = "养老保险断了能续上。"', 'zh = "{{ person.name }}您好，请找{{ officer.name }} {{ officer.mobile }}。"'),
        ('starts = 2005-03-07\nends = 2005-03-13\ntimes = ["19:35", "21:10"]\nmessage = "renew"',
         'starts = 2005-03-07\nends = 2005-03-13\ntimes = ["19:35", "21:10"]\nmessage = "plain"'),
        ('times = ["08:00-12:00", "13:00-17:00"]\nmessage = "renew"',
         'times = ["08:00-12:00", "13:00-17:00"]\nmessage = "plain"'),
        ("[[flights]]\nid = \"letter-first\"",
         "[[messages]]\nid = \"plain\"\nzh = \"续保\"\nen = \"Renew\"\n\n[[flights]]\nid = \"letter-first\""),
    )  # fmt: skip
    check_campaign(town.workspace, "")
    (specimen,) = measure_texts(town.workspace, "", "sms")
    assert specimen.text == "【小镇续保】样本一您好，请找示范三 121 0555 0103。回TD退订"
    found = {row["household"]: row["text"] for row in rows(send(town))}
    assert found["H002"].startswith("【小镇续保】李悦您好，请找")
    assert "{{" not in "".join(found.values())


def test_parts_are_counted_for_each_person_and_too_many_name_the_person(town: Any) -> None:
    # 64 signs are the same for all; a couple is greeted with nine signs, one person with four; a part holds 70.
    edit_layout(town, "sms.zh.txt.j2", ("{{ message", "{{ greeting }}" + "续" * 43 + "{{ message"))
    (specimen,) = measure_texts(town.workspace, "", "sms")
    assert "样本一先生" in specimen.text
    parts = {one.recipient.household: one.parts for one in show_sending(town.office, "", KEY).messages}
    assert (parts["H001"], parts["H002"]) == (2, 1)
    town.edit_campaign(('opt_out_zh = "回TD退订"', 'opt_out_zh = "回TD退订"\nmost_parts = 1'))
    with pytest.raises(CannotPrint, match="2 SMS parts, more than 1") as caught:
        send(town)
    assert len(caught.value.faults) == 10
    assert {fault.where for fault in caught.value.faults} >= {"household H001, 王晨"}


def test_a_layout_without_signature_or_opt_out_is_refused(town: Any) -> None:
    edit_layout(town, "sms.zh.txt.j2", ("{{ opt_out|one_line }}", ""))
    with pytest.raises(CannotPrint, match="lacks '回TD退订'") as caught:
        send(town)
    assert len(caught.value.faults) == 30
    with town.office.store.read() as unit:
        assert unit.runs.all(dt.UTC) == []


def test_a_language_without_its_opt_out_line_is_refused(town: Any) -> None:
    town.edit_campaign(('opt_out_en = "Reply STOP"\n', ""))
    with pytest.raises(CannotPrint, match="opt_out_en: is missing"):
        send(town, language="en")


def test_the_gateways_columns_and_encoding_are_the_layouts(town: Any) -> None:
    edit_layout(
        town, "gateway.toml", ('"utf-8-bom"\n', '"gb18030"\n'), ('phone = "{{ phone }}"', '"手机号" = "{{ phone }}"')
    )
    found = rows(send(town), "gb18030")
    assert next(iter(found[0])) == "手机号"
    assert found[0]["text"].startswith("【小镇续保】")


def test_the_next_placement_is_taken_unless_one_is_named(town: Any) -> None:
    with pytest.raises(Conflict, match=f"no placement is left from 2005-06-15 on.*{KEY}"):
        show_sending(town.office, "", "")
    assert show_sending(town.office, "", "", day=dt.date(2005, 3, 1)).placement == KEY
    assert show_sending(town.office, "", "sms-march", day=dt.date(2005, 3, 10)).placement == KEY
    with pytest.raises(NotFound, match=f"choose one of {KEY}"):
        show_sending(town.office, "", "sms-april")


def test_two_flights_due_on_one_day_must_be_told_apart(town: Any) -> None:
    text = town.campaign_file.read_text("utf-8")
    flight = text[text.index('[[flights]]\nid = "sms-march"') : text.index('[[flights]]\nid = "booth-mayday"')]
    town.campaign_file.write_text(text + "\n" + flight.replace('"sms-march"', '"sms-twin"'), "utf-8")
    with pytest.raises(Conflict, match=r"two flights are next.*sms-twin-20050310-1"):
        show_sending(town.office, "", "", day=dt.date(2005, 3, 1))


def test_a_flight_without_times_is_one_placement(town: Any) -> None:
    town.edit_campaign(('ends = 2005-03-10\ntimes = ["10:00"]', "ends = 2005-03-20"))
    assert show_sending(town.office, "", "", day=dt.date(2005, 3, 15)).placement == "sms-march"
    assert len(rows(send(town, "sms-march"))) == 30


def test_a_run_that_was_killed_counts_as_sent_and_is_finished_not_made_again(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr("outreach.services.runs._finish", stop)
        with pytest.raises(KeyboardInterrupt):
            send(town)
    with pytest.raises(Conflict, match="already sent 30"):
        send(town)
    assert len(rows(resume_run(town.office, 1))) == 30


def test_a_placement_is_refused_for_what_is_not_made_for_one(town: Any) -> None:
    with pytest.raises(BadInput, match="'letter' is not made for one placement"):
        make_material(town.office, "", "letter", choice=Choice(placement=KEY))
