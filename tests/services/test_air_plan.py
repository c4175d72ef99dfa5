"""Air time under a budget: the campaign's own flights judged, a plan that unfolds into flights, and what is refused."""

from __future__ import annotations

import datetime as dt
import tomllib

import pytest

from outreach.domain.contact import Disposition
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.air_files import write_curves, write_plan
from outreach.services.air_plan import plan_air
from outreach.services.air_reach import show_air
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import load_campaign
from outreach.services.contacts import record_attempt
from outreach.services.erasure import erase_household
from outreach.services.reports import report_coverage

CARD = """\
媒体,渠道,时段,刊播时间,星期,秒数,刊例价,受众比例,两次累计
小镇电视台,字幕,黄金时段,19:35 21:10,每天,60,100,20%,32%
小镇电视台,字幕,午间,12:10,每天,60,40,6%,9%
小镇电视台,字幕,午间,12:10,每天,30,30,6%,9%
小镇日报,报纸,专版,07:00,周五,,500,15%,
移动,短信,群发,10:00,工作日,,200,25%,30%
"""


@pytest.fixture
def sold(town):
    """The town with a rate card; `plan(text)` writes its planning file."""
    town.campaign_file.with_name("rates.csv").write_text(CARD, "utf-8")
    town.plan = lambda text: town.campaign_file.with_name("plan.toml").write_text(f"format = 1\n{text}", "utf-8")
    return town


def spots(plan, word):
    return [spot for spot in plan.spots if word in spot.label]


def test_the_campaigns_own_flights_are_judged_by_hand_computed_figures(sold):
    found = show_air(sold.office, "")
    crawl, sms = found.lines
    # 14 crawls of 20 rating points at 100 yuan; one message at 25 points.
    assert (crawl.reach.insertions, crawl.reach.grp, crawl.cost_fen) == (14, pytest.approx(280), 140_000)
    assert (sms.reach.insertions, sms.cost_fen) == (1, 20_000)
    assert crawl.cpp_fen == pytest.approx(500)
    assert crawl.cpm_fen == pytest.approx(140_000 / (2.8 * 30 / 1000))
    assert crawl.reach.frequency == pytest.approx(2.8 / crawl.reach.once)
    assert found.total.reach.once == pytest.approx(1 - (1 - crawl.reach.once) * 0.75)
    assert found.total.reach.once_bounds.low == pytest.approx(crawl.reach.once)
    assert found.total.reach.once_bounds.high == pytest.approx(min(1, crawl.reach.once + 0.25))
    assert found.unpriced == ()


def test_what_is_counted_stands_apart_and_changes_no_estimate(sold):
    before = show_air(sold.office, "")
    record_attempt(sold.office, "", "H001", channel="visit", disposition=Disposition.INFORMED)
    after = show_air(sold.office, "")
    assert (after.counted.reached, after.counted.households) == (before.counted.reached + 1, 30)
    assert after.total == before.total


def test_an_erased_household_that_was_reached_is_counted_among_all_as_coverage_does(sold):
    record_attempt(sold.office, "", "H001", channel="visit", disposition=Disposition.INFORMED)
    erase_household(sold.office, "H001", reason="asked")
    counted = show_air(sold.office, "").counted
    assert (counted.reached, counted.households) == (1, 30)
    everybody = report_coverage(sold.office, "", "community").total
    assert (everybody.reached, everybody.households) == (1, 30)


def test_flights_that_no_line_prices_are_named_and_in_no_figure(sold):
    sold.edit_campaign(('times = ["19:35", "21:10"]', 'times = ["19:35", "23:50"]'))
    found = show_air(sold.office, "")
    (one,) = found.unpriced
    assert (one.flight, one.placements) == ("crawl-spring", 7)
    assert found.lines[0].reach.insertions == 7


def test_a_text_longer_than_the_lines_sold_is_not_priced_by_them(sold):
    sold.edit_campaign(("seconds = 60", "seconds = 90"))
    assert show_air(sold.office, "").unpriced[0].placements == 14


def test_a_repeat_the_card_does_not_tell_is_named_as_a_guess(sold):
    card = sold.campaign_file.with_name("rates.csv")
    card.write_text(CARD.replace("25%,30%", "25%,"), "utf-8")
    assert show_air(sold.office, "").guessed == ("移动 群发",)


@pytest.mark.parametrize("aim", ["reach", "reach3"])
def test_a_plan_keeps_its_budget_is_proven_and_beats_the_same_money_on_one_line(sold, aim):
    sold.plan("[air]\nchannels = ['crawl', 'sms']\n")
    plan = plan_air(sold.office, "", budget_fen=160_000, aim=aim)
    assert plan.cost_fen <= 160_000
    assert plan.proven
    assert plan.value <= plan.bound <= plan.value + 1e-4
    reached = plan.estimate.total.reach
    assert plan.value == pytest.approx(reached.once if aim == "reach" else reached.often)
    present = plan.present.total.reach
    assert plan.value >= (present.once if aim == "reach" else present.often)
    assert all(line.last >= line.following - 1e-3 for line in plan.lines if line.insertions and aim == "reach")
    assert len(plan.spots) == sum(line.insertions for line in plan.lines)


def test_of_lines_that_differ_in_length_only_the_cheapest_long_enough_is_bought(sold):
    plan = plan_air(sold.office, "", budget_fen=100_000)
    assert not spots(plan, "30″")
    sold.plan("[air]\nseconds = { crawl = 30 }\n")
    assert not spots(plan_air(sold.office, "", budget_fen=100_000), "午间 60″")


def test_no_slot_is_taken_twice_and_blackout_days_and_limits_hold(sold):
    sold.plan(
        "[air]\nchannels = ['crawl']\nfirst = 2005-03-07\nlast = 2005-03-20\nblackout = [2005-03-12]\n"
        "[[air.limits]]\nvehicle = '小镇电视台'\nmost_a_day = 2\nmost_a_week = 9\nlead_days = 2\n"
    )
    plan = plan_air(sold.office, "", budget_fen=10_000_000)
    taken = [(spot.day, spot.time) for spot in plan.spots]
    assert len(set(taken)) == len(taken)
    days = {day: sum(one == day for one, _time in taken) for day, _time in taken}
    assert dt.date(2005, 3, 12) not in days
    assert min(days) == dt.date(2005, 3, 9)
    assert max(days.values()) == 2
    assert sum(count for day, count in days.items() if day >= dt.date(2005, 3, 14)) == 9


def test_the_launch_has_what_it_must_have(sold):
    sold.plan("[[air.presence]]\nfirst = 2005-03-01\nlast = 2005-03-03\nleast = 4\n")
    plan = plan_air(sold.office, "", budget_fen=100_000)
    assert sum(spot.day <= dt.date(2005, 3, 3) for spot in plan.spots) >= 4


def test_the_flights_written_unfold_into_the_plan_and_pass_the_campaigns_check(sold, tmp_path):
    sold.plan("[air]\nchannels = ['crawl', 'sms']\nfirst = 2005-04-01\nlast = 2005-04-30\n")
    plan = plan_air(sold.office, "", budget_fen=150_000, write=True)
    path = write_plan(tmp_path / "flights.toml", plan)
    tables = tomllib.loads(path.read_text("utf-8"))["flights"]
    with sold.campaign_file.open("a", encoding="utf-8") as file:
        file.write(path.read_text("utf-8"))
    campaign = load_campaign(sold.workspace, "")
    added = [flight for flight in campaign.flights if flight.id in {table["id"] for table in tables}]
    unfolded = [placement for flight in added for placement in flight.placements(campaign.zone)]
    assert sorted(one.starts.date() for one in unfolded) == [spot.day for spot in plan.spots]
    found = show_air(sold.office, "").total
    assert found.cost_fen == plan.cost_fen + plan.present.total.cost_fen


def test_the_flights_written_are_called_by_their_own_daypart_and_pass_the_check(sold, tmp_path):
    prime = 'station = "小镇电视台"\nplace_zh = "黄金时段"\nplace_en = "prime time"'
    radio = (
        '\n[[flights]]\nid = "radio-march"\nchannel = "radio"\nstarts = 2005-03-07\nends = 2005-03-11\n'
        'times = ["07:30"]\nmessage = "renew"\nstation = "小镇电台"\nprogramme_zh = "接线"\nprogramme_en = "The Line"\n'
        'place_zh = "早间节目"\nplace_en = "morning programme"\nminutes = 15\n'
    )
    sold.edit_campaign(('station = "小镇电视台"', prime))
    with sold.campaign_file.open("a", encoding="utf-8") as file:
        file.write(radio)
    card = CARD + "小镇电台,广播,晚间节目,18:10,每天,,20,4%,6%\n小镇电台,广播,早间节目,07:30,每天,,20,5%,7%\n"
    sold.campaign_file.with_name("rates.csv").write_text(card, "utf-8")
    sold.plan("[air]\nchannels = ['crawl', 'radio']\nfirst = 2005-04-01\nlast = 2005-04-10\n")
    path = write_plan(tmp_path / "flights.toml", plan_air(sold.office, "", budget_fen=10_000_000, write=True))
    tables = tomllib.loads(path.read_text("utf-8"))["flights"]
    places = {time: (one["place_zh"], one.get("place_en")) for one in tables for time in one["times"]}
    assert places == {
        "19:35": ("黄金时段", "prime time"), "21:10": ("黄金时段", "prime time"), "12:10": ("午间", None),
        "18:10": ("晚间节目", None), "07:30": ("早间节目", "morning programme"),
    }  # fmt: skip
    with sold.campaign_file.open("a", encoding="utf-8") as file:
        file.write(path.read_text("utf-8"))
    check_campaign(sold.workspace, "")


def test_the_campaign_file_is_never_written(sold):
    before = sold.campaign_file.read_bytes()
    plan = plan_air(sold.office, "", budget_fen=150_000, write=False)
    with pytest.raises(Conflict, match="was not written by this command"):
        write_plan(sold.campaign_file, plan)
    assert sold.campaign_file.read_bytes() == before


def test_a_channel_without_a_flight_to_copy_is_planned_but_not_written(sold):
    sold.plan("[air]\nchannels = ['press']\n")
    assert plan_air(sold.office, "", budget_fen=150_000).spots
    with pytest.raises(BadInput, match="the campaign has no flight on 'press'"):
        plan_air(sold.office, "", budget_fen=150_000, write=True)


@pytest.mark.parametrize(
    ("budget", "says"),
    [
        (0, "0 yuan buy nothing"),
        (-100, "-1 yuan buy nothing"),
        (3_999, "the cheapest insertion, 小镇电视台 午间 60″, costs 40"),
    ],
)
def test_a_budget_that_buys_nothing_is_one_sentence(sold, budget, says):
    with pytest.raises(BadInput) as caught:
        plan_air(sold.office, "", budget_fen=budget)
    (fault,) = caught.value.faults
    assert says in fault.what


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("[air]\nchannels = ['visit']\n", "'visit' is no channel"),
        ("[[air.limits]]\nvehicle = '邻县电视台'\n", "the rate card has no '邻县电视台'"),
        ("[[air.presence]]\nfirst = 2005-03-01\nlast = 2005-03-01\nleast = 90\n", "insertions can be had, not 90"),
        ("[[air.presence]]\nfirst = 2006-03-01\nlast = 2006-03-01\nleast = 1\n", "lies outside the plan"),
        ("[[air.presence]]\nfirst = 2005-03-01\nlast = 2005-03-31\nleast = 60\n", "leave no room for air.presence"),
        ("[air]\nfirst = 2005-05-01\nlast = 2005-04-01\n", "the last day is before the first"),
        ("[air]\npeople = 0\n", "0 is not accepted"),
        ("[air]\nseconds = { crawl = 90 }\nchannels = ['crawl']\n", "no line can be bought"),
    ],
)
def test_rules_that_cannot_be_kept_are_one_sentence_each(sold, section, says):
    sold.plan(section)
    with pytest.raises(BadInput) as caught:
        plan_air(sold.office, "", budget_fen=100_000)
    (fault,) = caught.value.faults
    assert says in f"{fault.what}; {fault.mend}"


def test_without_a_rate_card_it_says_where_one_belongs(town):
    with pytest.raises(NotFound, match="there is no rate card"):
        show_air(town.office, "")


def test_the_campaigns_check_reads_the_rate_card_too(sold):
    check_campaign(sold.workspace, "")
    card = sold.campaign_file.with_name("rates.csv")
    card.write_text(CARD.replace("100,20%", "100,120%"), "utf-8")
    with pytest.raises(BadInput, match="'120%' is no share above 0"):
        check_campaign(sold.workspace, "")


def test_more_people_than_there_are_is_refused(sold):
    card = sold.campaign_file.with_name("rates.csv")
    card.write_text("媒体,渠道,刊例价,受众人数\n小镇电视台,字幕,100,31\n", "utf-8")
    with pytest.raises(BadInput, match="31 people are more than the 30 the plan is for"):
        show_air(sold.office, "")


def test_the_curves_are_drawn(sold, tmp_path):
    text = write_curves(sold.office, "", tmp_path / "curves.svg").read_text("utf-8")
    assert text.startswith("<svg")
    assert "黄金时段" in text


def test_every_insertion_is_a_row_of_the_table(sold, tmp_path):
    from openpyxl import load_workbook

    plan = plan_air(sold.office, "", budget_fen=100_000)
    rows = list(load_workbook(write_plan(tmp_path / "plan.xlsx", plan)).active.values)
    assert len(rows) == 1 + len(plan.spots)
    with pytest.raises(BadInput, match="is no kind of file"):
        write_plan(tmp_path / "plan.pdf", plan)
