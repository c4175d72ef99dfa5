"""Every channel of the registry keeps the promises of a channel; each one's own limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from outreach.channels import channels
from outreach.channels.base import Channel
from outreach.channels.radio import count_spot, spot_lengths
from outreach.channels.sms import cost_fen
from outreach.domain.campaign import Flight
from outreach.render.manifest import load_kind
from outreach.resources import shipped

COMMON = {"id": "sample", "starts": dt.date(2005, 3, 1), "ends": dt.date(2005, 3, 7)}

every_channel = pytest.mark.parametrize("channel", channels().values(), ids=channels().keys())


def fields(key: str, **more: Any) -> Any:
    channel = channels()[key]
    given = {**COMMON, "channel": key, **channel.sample}
    if channel.needs_message:
        given["message"] = "renew"
    if channel.needs_times:
        given.setdefault("times", ("08:00",))
    return channel.fields(**(given | more))


def faults(key: str, **more: Any) -> list[str]:
    return [fault.where for fault in channels()[key].faults(fields(key, **more), "flights[0]")]


def flight(key: str, **more: Any) -> Flight:
    return channels()[key].flight(fields(key, **more))


@every_channel
def test_a_channel_is_known_by_its_key_and_named_in_both_languages(channel: Channel) -> None:
    assert channels()[channel.key] is channel
    assert channel.label("zh")
    assert channel.label("en")
    assert channel.label("zh") != channel.label("en")
    assert channel.label("en").isascii()


def test_no_two_channels_share_a_name() -> None:
    for language in ("zh", "en"):
        names = [channel.label(language) for channel in channels().values()]
        assert len(set(names)) == len(names)


@every_channel
def test_a_channels_sample_is_a_flight_without_faults(channel: Channel) -> None:
    assert faults(channel.key) == []
    made = flight(channel.key)
    assert (made.id, made.channel, made.starts) == ("sample", channel.key, COMMON["starts"])
    own = set(channel.fields.model_fields) - set(Flight.__slots__)
    assert set(made.fields) <= own


@every_channel
def test_what_a_channel_prints_is_a_material_kind(channel: Channel) -> None:
    for name in channel.materials:
        folders = [root / name for root in shipped("templates") if (root / name / "material.toml").is_file()]
        assert folders, f"channel '{channel.key}' prints '{name}', which is no folder of templates/"
        assert load_kind(folders[0]).kind == name


@every_channel
def test_a_channel_measures_any_text(channel: Channel) -> None:
    count = channel.count("养老保险断了能续上。", "zh", flight(channel.key))
    assert count.characters > 0
    assert count.seconds > 0
    assert count.fault is None


@every_channel
def test_a_channel_refuses_unknown_keys_and_bad_names(channel: Channel) -> None:
    with pytest.raises(ValidationError, match="budget"):
        fields(channel.key, budget=5)
    with pytest.raises(ValidationError, match="id"):
        fields(channel.key, id="Crawl One")


@pytest.mark.parametrize("time", ["25:00", "8:00", "19.35", "08:00-07:00", "08:00-08:00", "08:00-24:00", "abends"])
def test_a_time_of_day_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(ValidationError, match=time.replace(".", r"\.")):
        fields("visit", times=("08:00", time))


def test_times_become_slots_with_and_without_an_end() -> None:
    made = flight("visit", times=("08:00", "13:30-17:00"), weekdays=("mon", "sun"))
    assert [(slot.starts, slot.ends) for slot in made.slots] == [
        (dt.time(8), None),
        (dt.time(13, 30), dt.time(17)),
    ]
    assert made.weekdays == {0, 6}


@pytest.mark.parametrize("key", ["crawl", "radio", "sms"])
def test_a_channel_that_speaks_needs_a_message(key: str) -> None:
    assert "flights[0].message" in faults(key, message="")


@pytest.mark.parametrize("key", ["crawl", "radio", "booth"])
def test_a_channel_bound_to_the_clock_needs_times(key: str) -> None:
    assert "flights[0].times" in faults(key, times=())


def test_a_booth_needs_a_place() -> None:
    assert faults("booth", place_zh="", place_en="") == ["flights[0].place_zh"]
    assert faults("booth", place_zh="", place_en="bus station") == []


def test_a_booths_shift_needs_an_end() -> None:
    assert faults("booth", times=("08:00", "13:00")) == ["flights[0].times", "flights[0].times"]


def test_a_booth_needs_as_many_different_posts_as_heads() -> None:
    assert faults("booth", heads=3) == ["flights[0].staff"]
    assert faults("booth", heads=2, staff=("G01", "G01")) == ["flights[0].staff", "flights[0].staff"]
    assert faults("booth", heads=1, staff=("G01",)) == []


def test_a_booths_heads_and_staff_reach_the_flight() -> None:
    made = flight("booth")
    assert (made.heads, made.staff) == (2, ("G01", "G02"))
    assert made.place == {"zh": "长途汽车站", "en": "long-distance bus station"}


def test_a_notice_is_not_taken_down_before_it_is_put_up() -> None:
    assert faults("notice", remove_by=dt.date(2005, 2, 28)) == ["flights[0].remove_by"]
    assert faults("notice", remove_by=COMMON["starts"]) == []


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("crawl", {"seconds": 0}),
        ("crawl", {"loops": 0}),
        ("crawl", {"chars_per_second": 0}),
        ("crawl", {"station": ""}),
        ("crawl", {"gap_seconds": -1}),
        ("crawl", {"signs_across": 8}),
        ("radio", {"spots": (20,)}),
        ("radio", {"zh_per_minute": 20}),
        ("sms", {"part_cost_fen": -1}),
        ("radio", {"minutes": 0}),
        ("radio", {"programme_zh": ""}),
        ("press", {"height_mm": 0}),
        ("press", {"columns": 13}),
        ("board", {"panels": 0}),
        ("booth", {"heads": 0}),
        ("sms", {"sign_zh": ""}),
        ("sms", {"most_parts": 11}),
        ("hall", {"counters": 0}),
        ("notice", {"remove_by": "soon"}),
    ],
)
def test_a_field_beyond_its_bounds_is_refused(key: str, wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(ValidationError, match=name):
        fields(key, **wrong)


def test_a_crawl_lasts_its_slot_and_a_radio_segment_its_minutes() -> None:
    assert flight("crawl", seconds=45).duration == dt.timedelta(seconds=45)
    assert flight("radio", minutes=12).duration == dt.timedelta(minutes=12)


def test_a_crawl_that_does_not_fit_its_slot_says_how_long_it_takes() -> None:
    # 45 s at 4 signs a second are 180 signs: 32 of screen, 4 of gap, and twice 72 of text.
    fits = channels()["crawl"].count("续" * 72, "zh", flight("crawl", seconds=45, loops=2))
    assert (fits.seconds, fits.limit_s, fits.fault) == (45, 45, None)
    over = channels()["crawl"].count("续" * 74, "zh", flight("crawl", seconds=45, loops=2))
    assert over.fault is not None
    assert "needs 46.0 s" in over.fault[0]
    assert "the slot has 45 s" in over.fault[0]
    assert "by 2 signs" in over.fault[1]


@pytest.mark.parametrize("key", ["crawl", "radio"])
def test_a_tag_meant_for_text_messages_is_never_aired(key: str) -> None:
    found = channels()[key].count("您好，{{ person.name }}", "zh", flight(key))
    assert found.fault is not None
    assert "{{ person.name }}" in found.fault[0]


def test_a_radio_script_longer_than_its_segment_is_a_fault() -> None:
    fits = channels()["radio"].count("续" * 240, "zh", flight("radio", minutes=1))
    assert fits.fault is None
    over = channels()["radio"].count("续" * 241 * 1, "zh", flight("radio", minutes=1))
    assert over.fault is not None
    assert "the segment has 60 s" in over.fault[0]
    assert "1 signs" in over.fault[1]


def test_each_station_reads_at_its_own_pace() -> None:
    slow, quick = (
        channels()["radio"].count("续" * 240, "zh", flight("radio", zh_per_minute=pace)).seconds for pace in (200, 300)
    )
    assert (slow, quick) == (72, 48)


def test_a_spot_too_long_says_by_how_many_seconds_and_signs() -> None:
    made = flight("radio")
    assert count_spot("续" * 60, "zh", made, 15).fault is None
    over = count_spot("续" * 69, "zh", made, 15).fault
    assert over is not None
    assert "takes 17.2 s" in over[0]
    assert "by 2.2 s, about 9 signs" in over[1]
    english = count_spot("word " * 50, "en", made, 15).fault
    assert english is not None
    assert "about 12 words" in english[1]


def test_the_spots_of_a_flight_come_shortest_first_and_each_once() -> None:
    assert spot_lengths(flight("radio", spots=(60, 15))) == (15, 60)
    assert spot_lengths(flight("letter")) == ()
    with pytest.raises(ValidationError, match="named twice"):
        fields("radio", spots=(15, 15))


def test_a_message_costs_its_parts_at_the_gateways_price_to_the_nearest_fen() -> None:
    assert cost_fen(flight("sms", part_cost_fen=4.5), 7750) == 34875
    assert cost_fen(flight("sms", part_cost_fen=4.5), 1) == 5
    assert cost_fen(flight("sms", part_cost_fen=0), 100) is None


def test_an_sms_of_more_parts_than_are_paid_for_is_a_fault() -> None:
    two = flight("sms", most_parts=2)
    fits, over = channels()["sms"].count("续" * 134, "zh", two), channels()["sms"].count("续" * 135, "zh", two)
    assert fits.fault is None
    assert over.sms is not None
    assert over.sms.parts == 3
    assert over.fault is not None
    assert "3 SMS parts, more than 2" in over.fault[0]
