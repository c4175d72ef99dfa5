"""What a station says it ran, against what it was paid for."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.exc import DatabaseError

from outreach.domain.airing import PlacementState
from outreach.errors import BadInput, Conflict, NotFound, StoreFault
from outreach.services.air_check import check_air
from outreach.services.air_files import write_makegoods
from outreach.services.airings import import_airings, record_airing
from outreach.services.makegoods import plan_makegoods

CARD = """\
媒体,渠道,时段,刊播时间,秒数,刊例价,受众比例
小镇电视台,字幕,黄金时段,19:35 21:10,60,100,20%
小镇电视台,字幕,午间,12:10,60,40,8%
"""
# 7 to 13 March at 19:35 and 21:10: the 9th's second is missing, the 10th's first too short, the 12th's first too late.
LOG = """\
播出日期,播出时间,频道,时长
2005-03-07,19:35:20,小镇电视台,60
2005-03-07,21:11:05,小镇电视台,60
2005-03-08,19:34:50,小镇电视台,60
2005-03-08,21:10:00,小镇电视台,60
2005-03-09,19:36:00,小镇电视台,60
2005-03-10,19:35:00,小镇电视台,30
2005-03-10,21:10:00,小镇电视台,60
2005-03-11,19:35:00,小镇电视台,60
2005-03-11,21:10:00,小镇电视台,60
2005-03-12,20:20:00,小镇电视台,60
2005-03-12,21:10:00,小镇电视台,60
2005-03-13,19:35:00,小镇电视台,60
2005-03-13,21:10:00,小镇电视台,60
"""


ALL_THE_TIME = 'channel = "card"\nstarts = 2005-03-01\nends = 2005-06-30\n'


@pytest.fixture
def aired(town):
    """The town with a rate card; `log(text)` writes a station's log."""
    town.campaign_file.with_name("rates.csv").write_text(CARD, "utf-8")

    def log(text=LOG, name="log.csv", encoding="utf-8"):
        path = town.root / name
        path.write_bytes(text.encode(encoding))
        return path

    # Some flight says the crawl's message all the time, so that it stays true after the crawl has ended.
    town.edit_campaign((ALL_THE_TIME, f'{ALL_THE_TIME}message = "renew"\n'))
    town.log = log
    return town


def states(town):
    return {one.placement: one.state for one in check_air(town.office, "").placements}


def of(town, key):
    return next(one for one in check_air(town.office, "").placements if one.placement == key)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_log_proves_misses_and_shows_what_was_short(aired, encoding):
    report = import_airings(aired.office, "", aired.log(encoding=encoding))
    assert (report.rows, report.new, report.aired, report.short, report.unplanned) == (13, 13, 11, 1, 1)
    check = check_air(aired.office, "")
    bad = {one.placement: one.state for one in check.placements if one.state in ("missed", "short")}
    assert bad == {
        "crawl-spring-20050309-2": PlacementState.MISSED,
        "crawl-spring-20050310-1": PlacementState.SHORT,
        "crawl-spring-20050312-1": PlacementState.MISSED,
    }
    (besides,) = check.unplanned
    assert besides.at.hour == 20
    # Two of 20 rating points, and half of one.
    assert check.lost_points == pytest.approx(50)
    assert check.lost_fen == 25_000


def test_evidence_names_the_log_and_the_days_it_tells_of(aired):
    import_airings(aired.office, "", aired.log())
    assert "log.csv tells of 2005-03-07 to 2005-03-13" in of(aired, "crawl-spring-20050309-2").evidence
    assert of(aired, "crawl-spring-20050310-1").evidence == "log.csv, 2005-03-10 19:35:00, 30 s"


def test_read_twice_a_log_adds_nothing(aired):
    import_airings(aired.office, "", aired.log())
    before = check_air(aired.office, "")
    again = import_airings(aired.office, "", aired.log(name="copy.csv"))
    assert (again.new, again.known) == (0, 13)
    assert check_air(aired.office, "") == before


def test_a_day_no_log_tells_of_is_not_missed(aired):
    import_airings(aired.office, "", aired.log("\n".join(LOG.splitlines()[:5])))
    found = states(aired)
    assert found["crawl-spring-20050309-2"] is PlacementState.OPEN
    assert PlacementState.MISSED not in found.values()


def test_a_log_said_to_tell_of_more_days_proves_their_silence(aired):
    path = aired.log("\n".join(LOG.splitlines()[:5]))
    import_airings(aired.office, "", path, last=dt.date(2005, 3, 9))
    found = states(aired)
    assert found["crawl-spring-20050309-1"] is found["crawl-spring-20050309-2"] is PlacementState.MISSED
    assert found["crawl-spring-20050310-1"] is PlacementState.OPEN


def test_two_logs_of_two_weeks_say_what_one_says(aired):
    lines = LOG.splitlines()
    import_airings(aired.office, "", aired.log("\n".join([lines[0], *lines[6:]]), "late.csv"))
    import_airings(aired.office, "", aired.log("\n".join(lines[:6]), "early.csv"), last=dt.date(2005, 3, 9))
    apart = states(aired)
    assert apart["crawl-spring-20050309-2"] is PlacementState.MISSED
    assert sum(state is PlacementState.AIRED for state in apart.values()) == 11


def test_the_planning_file_sets_tolerance_and_what_is_short(aired):
    rules = "[air]\ntolerance_minutes = 60\nshort_percent = 40\n"
    aired.campaign_file.with_name("plan.toml").write_text(rules, "utf-8")
    import_airings(aired.office, "", aired.log())
    found = states(aired)
    assert found["crawl-spring-20050312-1"] is found["crawl-spring-20050310-1"] is PlacementState.AIRED


def test_a_line_may_name_the_flight_instead_of_the_station(aired):
    text = "日期,时间,投放编号\n2005-03-07,19:35,crawl-spring\n2005-03-10,,sms-march\n"
    import_airings(aired.office, "", aired.log(text))
    found = states(aired)
    assert found["crawl-spring-20050307-1"] is found["sms-march-20050310-1"] is PlacementState.AIRED


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("2005-03-07,19:35,,crawl-autumn,", "there is no flight 'crawl-autumn'"),
        ("2005-03-07,19:35,,booth-mayday,", "there is no flight 'booth-mayday'"),
        ("2005-03-07,19:35,,crawl-spring,广播节目", "flight 'crawl-spring' runs on 'crawl'"),
        ("2005-02-28,19:35,小镇电视台,,", "2005-02-28 is outside the campaign (2005-03-01 to 2005-06-30)"),
        ("2005-09-07,19:35,小镇电视台,,", "is not between 1900 and 2005-06-15"),
    ],
)
def test_one_wrong_line_and_nothing_is_written(aired, line, says):
    good = "2005-03-07,21:10,小镇电视台,,"
    with pytest.raises(BadInput) as caught:
        import_airings(aired.office, "", aired.log(f"日期,时间,频道,投放编号,渠道\n{good}\n{line}\n"))
    (fault,) = caught.value.faults
    assert "row 3" in fault.where
    assert says in fault.what
    assert set(states(aired).values()) == {PlacementState.OPEN}


def test_a_station_of_the_rate_card_nobody_booked_is_in_no_plan(aired):
    aired.campaign_file.with_name("rates.csv").write_text(f"{CARD}邻县电视台,字幕,午间,12:10,60,40,8%\n", "utf-8")
    report = import_airings(aired.office, "", aired.log("日期,时间,频道\n2005-03-07,19:35,邻县电视台\n"))
    assert (report.unplanned, report.covered) == (1, ())


def test_a_gateways_name_on_the_rate_card_stands_for_its_text_messages(aired):
    aired.campaign_file.with_name("rates.csv").write_text(f"{CARD}移动,短信,群发,10:00,,200,25%\n", "utf-8")
    import_airings(aired.office, "", aired.log("日期,时间,频道\n2005-03-10,10:00,移动\n"))
    assert states(aired)["sms-march-20050310-1"] is PlacementState.AIRED


def test_a_slip_in_a_stations_name_is_a_fault_that_offers_the_nearest(aired):
    with pytest.raises(BadInput) as caught:
        import_airings(aired.office, "", aired.log("日期,时间,频道\n2005-03-07,19:35,小镇电视抬\n"))
    (fault,) = caught.value.faults
    assert "row 2" in fault.where
    assert "'小镇电视抬'" in fault.what
    assert "小镇电视台" in fault.mend
    assert check_air(aired.office, "").unplanned == ()


def test_a_correction_takes_the_place_of_the_fact_it_names_and_both_stay(aired):
    import_airings(aired.office, "", aired.log())
    wrong = of(aired, "crawl-spring-20050310-1")
    with pytest.raises(Conflict, match="name it with --corrects"):
        record_airing(aired.office, "", wrong.placement, state="aired")
    record_airing(aired.office, "", wrong.placement, state="aired", by="台里来函", corrects=wrong.fact)
    assert of(aired, wrong.placement).state is PlacementState.AIRED
    with pytest.raises(BadInput, match="has been corrected already"):
        record_airing(aired.office, "", wrong.placement, state="missed", corrects=wrong.fact)
    with aired.office.store.read() as unit:
        facts = unit.airings.of("town", dt.UTC)
    assert {wrong.fact} < {fact.id for fact in facts}


def test_a_late_line_can_be_given_to_the_placement_it_stands_for(aired):
    import_airings(aired.office, "", aired.log())
    (late,) = check_air(aired.office, "").unplanned
    record_airing(
        aired.office, "", "crawl-spring-20050312-1", state="aired", at=late.at, seconds=60, corrects=late.fact
    )
    check = check_air(aired.office, "")
    assert check.unplanned == ()
    assert check.count(PlacementState.MISSED) == 1


def test_an_unknown_placement_or_state_is_refused(aired):
    with pytest.raises(NotFound, match="there is no such placement"):
        record_airing(aired.office, "", "crawl-spring-20050401-1", state="aired")
    with pytest.raises(BadInput, match="'lost' is none"):
        record_airing(aired.office, "", "crawl-spring-20050307-1", state="lost")
    with pytest.raises(BadInput, match="has no fact 'x'"):
        record_airing(aired.office, "", "crawl-spring-20050307-1", state="aired", corrects="x")


@pytest.mark.parametrize("change", ["UPDATE as_run SET state = 'aired'", "DELETE FROM as_run"])
def test_the_store_refuses_to_change_what_was_recorded(aired, change):
    from sqlalchemy import text

    import_airings(aired.office, "", aired.log())
    with pytest.raises((DatabaseError, StoreFault)), aired.office.store.write() as unit:
        unit.airings._connection.execute(text(change))
    assert check_air(aired.office, "").count(PlacementState.AIRED) == 11


def test_make_goods_are_free_slots_worth_as_much_within_the_campaign(aired):
    import_airings(aired.office, "", aired.log())
    found = plan_makegoods(aired.office, "", first=dt.date(2005, 3, 13))
    assert [good.lost.placement for good in found.goods] == [
        "crawl-spring-20050309-2", "crawl-spring-20050310-1", "crawl-spring-20050312-1",
    ]  # fmt: skip
    spots = [spot for good in found.goods for spot in good.spots]
    assert len({(spot.day, spot.time) for spot in spots}) == len(spots) == 3
    # 13 March still has its own two crawls.
    assert [spot.day for spot in spots] == [dt.date(2005, 3, 14), dt.date(2005, 3, 14), dt.date(2005, 3, 15)]
    for good in found.goods:
        assert sum(spot.points for spot in good.spots) >= good.points


def test_where_the_daypart_is_full_smaller_ones_make_up_the_points(aired):
    whole, crawl = "starts = 2005-03-01\nends = 2005-06-30\n", "starts = 2005-03-07\nends = 2005-03-13"
    shorter = "starts = 2005-03-01\nends = 2005-05-03\n"
    aired.edit_campaign(
        (f"{whole}timezone", f"{shorter}timezone"),
        (f"{whole}message", f"{shorter}message"),
        (crawl, "starts = 2005-03-07\nends = 2005-05-03"),
    )
    import_airings(aired.office, "", aired.log())
    good, half, _third = plan_makegoods(aired.office, "", first=dt.date(2005, 3, 14)).goods
    assert {spot.label for spot in good.spots} == {"小镇电视台 午间 60″"}
    assert len(good.spots) == 3
    assert len(half.spots) == 2


def test_no_make_good_comes_after_the_end(aired):
    import_airings(aired.office, "", aired.log())
    with pytest.raises(BadInput, match="2005-07-01 is after the campaign's end 2005-06-30"):
        plan_makegoods(aired.office, "", first=dt.date(2005, 7, 1))
    aired.campaign_file.with_name("plan.toml").write_text(
        "[[air.limits]]\nvehicle = '小镇电视台'\nmost_a_day = 0\n", "utf-8"
    )
    found = plan_makegoods(aired.office, "", first=dt.date(2005, 6, 29))
    assert [good.spots for good in found.goods] == [(), (), ()]
    letter = write_makegoods(aired.office, aired.root / "letter.txt", found).read_text("utf-8")
    assert "For 3 no slot is left in the days of their message; we ask for 250.00 yuan back (50.0 rating" in letter


def test_a_make_good_says_nothing_that_is_no_longer_true_but_money_is_asked_for(aired, tmp_path):
    # Now nothing says the message after the crawl's own days, which end on 13 March, but the booth's of 1 to 3 May.
    aired.edit_campaign((f'{ALL_THE_TIME}message = "renew"\n', ALL_THE_TIME))
    import_airings(aired.office, "", aired.log())
    may = plan_makegoods(aired.office, "", first=dt.date(2005, 3, 12)).goods
    days = [spot.day for good in may for spot in good.spots]
    assert min(days) == dt.date(2005, 5, 1)
    found = plan_makegoods(aired.office, "", first=dt.date(2005, 5, 4))
    assert [(good.spots, good.back_fen) for good in found.goods] == [((), 10_000), ((), 5_000), ((), 10_000)]
    told = {
        ending: write_makegoods(aired.office, tmp_path / f"back.{ending}", found).read_text("utf-8-sig")
        for ending in ("txt", "csv", "toml")
    }
    for ending in ("txt", "csv"):
        assert told[ending].count("ask for 100.00 yuan back (20.0 rating points)") == 2
        assert "ask for 50.00 yuan back (10.0 rating points)" in told[ending]
    assert "free of charge" not in told["txt"]
    assert "we ask for 250.00 yuan back (50.0 rating points)" in told["toml"]
    assert "[[flights]]" not in told["toml"]


def test_a_make_good_carries_the_message_that_was_lost_not_that_of_the_nearest_flight(aired, tmp_path):
    import tomllib

    other = (
        '[[messages]]\nid = "other"\nzh = "别的话。"\nen = "Other words."\n\n[[flights]]\nid = "crawl-other"\n'
        'channel = "crawl"\nstarts = 2005-03-15\nends = 2005-03-15\ntimes = ["19:35"]\nmessage = "other"\n'
        'station = "小镇电视台"\nseconds = 60\nloops = 2\n\n'
    )
    aired.edit_campaign(('[[flights]]\nid = "sms-march"', f'{other}[[flights]]\nid = "sms-march"'))
    import_airings(aired.office, "", aired.log())
    found = plan_makegoods(aired.office, "", first=dt.date(2005, 3, 16))
    text = write_makegoods(aired.office, tmp_path / "makegoods.toml", found).read_text("utf-8")
    assert {table["message"] for table in tomllib.loads(text)["flights"]} == {"renew"}


def test_the_letter_the_table_and_the_flights_say_the_same_slots(aired, tmp_path):
    import tomllib

    from openpyxl import load_workbook

    import_airings(aired.office, "", aired.log())
    found = plan_makegoods(aired.office, "", first=dt.date(2005, 3, 14))
    letter, table, flights = (
        write_makegoods(aired.office, tmp_path / f"makegoods.{ending}", found) for ending in ("txt", "xlsx", "toml")
    )
    assert letter.read_text("utf-8").count("黄金时段 60″") == 6
    assert len(list(load_workbook(table).active.values)) == 4
    (first, second) = tomllib.loads(flights.read_text("utf-8"))["flights"]
    assert (first["starts"], first["times"]) == (dt.date(2005, 3, 14), ["19:35", "21:10"])
    assert (second["starts"], second["times"], second["message"]) == (dt.date(2005, 3, 15), ["19:35"], "renew")
