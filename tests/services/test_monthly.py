"""The month's report over the small town: what counts when and for whom, and that old reports can be made again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.monthly import CONTENT, RESULTS
from outreach.errors import BadInput
from outreach.messages import use_language
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.monthly import explain_cell, open_month, report_month
from outreach.services.monthly_cells import Group, MonthReport, cell_name, parse_cell, parse_month
from outreach.services.rosters import import_households, import_officers
from outreach.services.territories import assign_households

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def tried(town: Any, code: str, when: str, channel: str = "visit", disposition: str = "informed", **more: Any) -> Any:
    return record_attempt(town.office, "", code, at=at(when), channel=channel, disposition=disposition, **more)


def paid(town: Any, code: str, day: str, fen: int) -> None:
    record_milestone(town.office, "", code, kind="paid", on=dt.date.fromisoformat(day), amount_fen=fen)


def row(report: MonthReport, kind: str, key: str) -> Group:
    (found,) = [group for group in report.of(kind) if group.key == key]
    return found


def holder(town: Any, code: str) -> str:
    with town.office.store.read() as unit:
        post = unit.territories.of("town", code).post
        return str(unit.rosters.officers()[post].code)


def plan(town: Any, text: str) -> None:
    (town.root / "campaigns" / "town" / "plan.toml").write_text(f"format = 1\n{text}", "utf-8")


def test_a_month_begins_and_ends_by_the_campaigns_own_clock(town: Any) -> None:
    # 16:00 in UTC is midnight in Shanghai.
    for code, moment in (("H001", "2005-03-31T15:59:59"), ("H002", "2005-03-31T16:00:00")):
        when = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
        record_attempt(town.office, "", code, at=when, channel="visit", disposition="informed", officer="Y01")
    march, april = (row(report_month(town.office, "", month), "town", "all") for month in ("2005-03", "2005-04"))
    assert (march.figures["visits/month"], march.figures["visits/total"]) == (1, 1)
    assert (april.figures["visits/month"], april.figures["visits/total"]) == (1, 2)
    assert [line.household for line in explain_cell(town.office, "", "2005-03/town/all/visits/month").facts] == ["H001"]


def test_a_reach_is_whose_it_was_and_a_payment_the_holders_at_the_end_of_its_month(town: Any) -> None:
    mine = holder(town, "H001")
    other = next(code for code in ("Y01", "Y02", "Y03", "Y04") if code != mine)
    tried(town, "H001", "2005-04-05 19:00", officer=other)
    paid(town, "H001", "2005-04-20", 100_000)
    report = report_month(town.office, "", "2005-04")
    assert row(report, "officer", other).figures["reached/month"] == 1
    assert row(report, "officer", mine).figures["reached/month"] == 0
    assert row(report, "officer", mine).figures["yuan/month"] == 100_000
    # Where the households stand that an officer has: whoever reached them.
    assert row(report, "officer", mine).figures["reached/end"] == 1
    assert row(report, "officer", other).figures["reached/end"] == 0


def test_after_a_handover_the_past_stays_with_whoever_did_it_and_the_households_go_on(town: Any) -> None:
    old = holder(town, "H001")
    with town.office.store.read() as unit:
        post = unit.territories.of("town", "H001").post
    paid(town, "H001", "2005-05-20", 100_000)
    town.clock.present = at("2005-06-20 08:00")
    successor = {**town.officer_rows()[0], "工号": "Y09", "姓名": "上官宛若", "岗位": post, "科室": "稽核科"}
    import_officers(town.office, town.table([successor], "successor.csv"))
    town.clock.present = at("2005-06-30 20:00")
    paid(town, "H001", "2005-06-10", 20_000)
    may, june = report_month(town.office, "", "2005-05"), report_month(town.office, "", "2005-06")
    assert row(may, "officer", old).figures["yuan/month"] == 100_000
    assert row(june, "officer", old).figures["yuan/month"] == 0
    assert row(june, "officer", old).figures["yuan/total"] == 100_000
    # Paid ten days before the handover, but the month ended with the successor.
    assert row(june, "officer", "Y09").figures["yuan/month"] == 20_000
    assert row(june, "officer", "Y09").figures["yuan/end"] == 120_000
    assert row(june, "officer", "Y09").figures["homes/end"] == row(may, "officer", old).figures["homes/end"]
    assert row(june, "section", "稽核科").figures["yuan/month"] == 20_000
    assert row(june, "officer", old).figures["homes/end"] == 0


def test_a_report_can_be_made_again_as_it_was(town: Any) -> None:
    """Late facts, corrections, new households and handovers change today's report, and not the one of that day."""
    plan(town, "[targets]\npaid_share = 0.5\n")
    town.clock.present = at("2005-06-16 09:00")
    wrong = tried(town, "H001", "2005-05-10 19:00", left=("card",))
    tried(town, "H002", "2005-05-11 19:00", disposition="moved")
    paid(town, "H003", "2005-05-12", 50_000)
    town.clock.present = made = at("2005-06-17 17:30")
    then = report_month(town.office, "", "2005-05")
    named = explain_cell(town.office, "", "2005-05/town/all/reached/month")

    town.clock.present = at("2005-06-20 09:00")
    tried(town, "H001", "2005-05-10 19:00", disposition="nobody_home", corrects=wrong.id)
    tried(town, "H004", "2005-05-13 19:00")
    paid(town, "H005", "2005-05-14", 70_000)
    newcomer = {**town.household_rows()[0], "户号": "H099", "姓名": "诸葛新来"}
    import_households(town.office, town.table([newcomer], "newcomer.csv"))
    import_officers(
        town.office, town.table([{**town.officer_rows()[0], "工号": "Y09", "姓名": "上官宛若"}], "successor.csv")
    )
    assign_households(town.office, "")

    now = report_month(town.office, "", "2005-05")
    assert now.fingerprint != then.fingerprint
    assert now.town.figures["homes/end"] == then.town.figures["homes/end"] + 1 == 31
    assert [line.household for line in explain_cell(town.office, "", "2005-05/town/all/reached/month").facts] == [
        "H004"
    ]
    assert report_month(town.office, "", "2005-05", made) == then
    assert explain_cell(town.office, "", "2005-05/town/all/reached/month", made) == named
    # A moment without a zone is the workspace's own, as it is typed.
    assert report_month(town.office, "", "2005-05", made.replace(tzinfo=None)).fingerprint == then.fingerprint


def test_a_report_of_the_present_month_says_how_far_it_goes(town: Any) -> None:
    report = report_month(town.office, "", "2005-06")
    assert report.ends == dt.date(2005, 6, 15)
    assert report_month(town.office, "", "2005-05").ends == dt.date(2005, 5, 31)


def test_households_out_of_scope_are_named_with_the_reason_and_in_no_denominator(town: Any) -> None:
    gone = tried(town, "H001", "2005-04-01 19:00", disposition="moved")
    tried(town, "H002", "2005-04-02 19:00", disposition="not_eligible")
    tried(town, "H003", "2005-04-03 19:00", disposition="moved")
    tried(town, "H003", "2005-04-09 19:00", disposition="informed")
    report = report_month(town.office, "", "2005-04")
    assert [(one.household, one.reason, one.on.isoformat()) for one in report.left_out] == [
        ("H001", "moved", "2005-04-01"), ("H002", "not_eligible", "2005-04-02"),
    ]  # fmt: skip
    assert report.left_out[0].fact == gone.id
    town_row = report.town.figures
    assert (town_row["homes/end"], town_row["out_of_scope/end"], town_row["in_scope/end"]) == (30, 2, 28)
    found = explain_cell(town.office, "", "2005-04/town/all/out_of_scope/end")
    assert [line.fact for line in found.facts] == [one.fact for one in report.left_out]
    # Before it was known they were in scope.
    assert report_month(town.office, "", "2005-03").town.figures["in_scope/end"] == 30


def test_an_officers_target_is_in_proportion_to_their_households_in_scope(town: Any) -> None:
    plan(town, "[targets]\ncards = 28\npaid_share = 0.7\nyuan = 28000\n")
    mine = holder(town, "H001")
    for code in ("H001", "H002"):
        tried(town, code, "2005-04-01 19:00", disposition="moved")
    report = report_month(town.office, "", "2005-04")
    for kind in ("officer", "section", "community"):
        for group in report.of(kind):
            # The town's 28 households in scope share 28 cards and 28,000 yuan: one and a thousand each.
            assert group.figures["carded/target"] == group.figures["in_scope/end"]
            assert group.figures["yuan/target"] == group.figures["in_scope/end"] * 100_000
        assert sum(group.figures["paid/target"] for group in report.of(kind)) == 20  # 0.7 of 28 is 19.6
    assert row(report, "officer", mine).figures["homes/end"] > row(report, "officer", mine).figures["carded/target"]


def test_hard_households_may_weigh_less_in_a_target(town: Any) -> None:
    plan(town, "[targets]\npaid = 260\n[targets.weights]\nhard = 0.5\n")
    report = report_month(town.office, "", "2005-04")
    book = open_month(town.office, "", parse_month("2005-04"))
    # 8 of the 30 are hard: 22 + 8 / 2 = 26 weights bear 260.
    for group in report.of("officer"):
        found = book.explain(parse_cell(cell_name(report, group, "paid/target")))
        weights = [line.weight for line in found.facts]
        assert len(weights) == group.figures["in_scope/end"]
        assert found.figure == group.figures["paid/target"] == sum(weights) * 10
        assert set(weights) == {0.5, 1.0}
        assert f"260 times the weight {sum(weights):g} of the households in scope here, of 26 in all" in found.working


def test_a_step_says_what_is_due_by_a_month(town: Any) -> None:
    plan(
        town,
        "[targets]\ncards = 30\n[[targets.steps]]\nmonth = '2005-04'\ncards = 10\n"
        "[[targets.steps]]\nmonth = '2005-06'\ncards = 25\n",
    )
    due = [report_month(town.office, "", f"2005-0{n}").town.figures.get("carded/due") for n in (3, 4, 5, 6)]
    assert due == [None, 10, 10, 25]
    with pytest.raises(BadInput, match="no target is set"):
        explain_cell(town.office, "", "2005-03/town/all/carded/due")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("cards = 5\ncards_share = 0.5", "'cards' stands as a number and as a share; write one of them"),
        ("paid_share = 70", "write a number ≤ 1"),
        ("weights = { hard = 0, normal = 0, easy = 0 }", "the weights are all 0"),
        ("cards = 9\nsteps = [{ month = '2005-13', cards = 1 }]", "'2005-13' is no month; write it as 2005-06"),
        ("paid = 9\nsteps = [{ month = '2005-05', cards = 1 }]", "the step of 2005-05 has a target"),
        (
            "cards = 9\nsteps = [{ month = '2005-05', cards = 1 }, { month = '2005-04', cards = 1 }]",
            "not in order of month",
        ),
        ("card = 9", "card"),
    ],
)
def test_a_wrong_target_is_refused_in_a_sentence(town: Any, text: str, fault: str) -> None:
    plan(town, f"[targets]\n{text}\n")
    with pytest.raises(BadInput, match=fault):
        report_month(town.office, "", "2005-04")


def test_months_add_up_to_the_total_and_groups_to_the_town(town: Any) -> None:
    for number in range(1, 20):
        day = f"2005-0{3 + number % 3}-{number:02d}"
        tried(town, f"H{number:03d}", f"{day} 19:00", officer=f"Y0{number % 4 + 1}", left=("card", "notice"))
        tried(town, f"H{number:03d}", f"{day} 20:00", "call", "refused")
        paid(town, f"H{number:03d}", day, 1000 * number)
    reports = [report_month(town.office, "", f"2005-0{month}") for month in (3, 4, 5)]
    for measure in (*CONTENT, *RESULTS):
        months = sum(report.town.figures[f"{measure}/month"] for report in reports)
        assert months == reports[-1].town.figures[f"{measure}/total"], measure
        assert [one.figures[measure] for one in reports[-1].history] == [
            report.town.figures[f"{measure}/month"] for report in reports
        ]
    for report in reports:
        for name, figure in report.town.figures.items():
            for kind in ("officer", "section", "community"):
                assert sum(group.figures[name] for group in report.of(kind)) == figure, (kind, name)
            if name.endswith("/month"):
                assert sum(group.figures[name] for group in report.of("day")) == figure, name


def test_officers_who_did_nothing_and_officers_who_left_have_their_rows(town: Any) -> None:
    tried(town, "H001", "2005-04-05 19:00", officer="Y02")
    town.clock.present = at("2005-06-20 08:00")
    import_officers(
        town.office, town.table([{**town.officer_rows()[1], "工号": "Y09", "姓名": "上官宛若"}], "successor.csv")
    )
    report = report_month(town.office, "", "2005-06")
    assert [group.key for group in report.of("officer")] == ["Y01", "Y02", "Y03", "Y04", "Y09"]
    assert row(report, "officer", "Y02").figures["visits/total"] == 1
    assert row(report, "officer", "Y03").figures["visits/total"] == 0


def test_a_town_without_officers_counts_for_nobody_and_loses_nothing(bare_town: Any) -> None:
    import_households(bare_town.office, bare_town.table(bare_town.household_rows()))
    paid(bare_town, "H001", "2005-04-20", 100_000)
    report = report_month(bare_town.office, "", "2005-04")
    (nobody,) = report.of("officer")
    assert (nobody.key, nobody.label, nobody.figures["homes/end"]) == ("-", "no officer", 30)
    assert explain_cell(bare_town.office, "", "2005-04/officer/-/yuan/month").figure == 100_000


def test_the_fingerprint_is_the_same_in_every_language(town: Any) -> None:
    tried(town, "H001", "2005-04-05 19:00")
    english = report_month(town.office, "", "2005-04")
    use_language("zh")
    assert report_month(town.office, "", "2005-04").fingerprint == english.fingerprint


def test_no_report_tells_what_will_be_recorded_one_day(town: Any) -> None:
    with pytest.raises(BadInput, match="--as-of: 2031-01-01 00:00 is in the future"):
        report_month(town.office, "", "2005-05", at("2031-01-01T00:00"))


def test_what_was_left_and_brought_back_is_told_in_words(town: Any) -> None:
    tried(town, "H001", "2005-05-10 19:00", left=("card",), forms=("registration",))
    (line,) = explain_cell(town.office, "", "2005-05/town/all/tries/month").facts
    assert "left: Service card; forms: new-registration form" in line.what


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2005-7", "2005-7: is no month; write it as 2005-10"),
        ("2005-07", "2005-07: has not begun on 2005-06-15; choose a month up to 2005-06"),
        ("2005-02", "2005-02: lies before the campaign, which begins on 2005-03-01; choose 2005-03 or later"),
    ],
)
def test_a_month_without_a_report_is_refused(town: Any, month: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        report_month(town.office, "", month)
    assert refused.value.faults[0].sentence() == sentence


@pytest.mark.parametrize(
    "name",
    [
        "2005-04/officer/Y01/reached", "2005-04/officer/Y01/reached/end/x", "2005-04/village/Y01/reached/end",
        "2005-04/officer/Y01/visits/end", "2005-04/officer/Y01/homes/month", "2005-04/officer/Y99/reached/month",
        "2005-04/day/2005-04-01/reached/total", "2005-4/town/all/reached/month", "",
    ],
)  # fmt: skip
def test_a_name_of_no_figure_is_refused(town: Any, name: str) -> None:
    with pytest.raises(BadInput):
        explain_cell(town.office, "", name)


def test_a_place_with_a_slash_has_a_name_that_leads_back_to_it(bare_town: Any) -> None:
    rows = [{**one, "社区": "东/西 100%社区"} for one in bare_town.household_rows()]
    import_households(bare_town.office, bare_town.table(rows))
    report = report_month(bare_town.office, "", "2005-04")
    (place,) = report.of("community")
    name = cell_name(report, place, "homes/end")
    assert name == "2005-04/community/东%2F西 100%25社区/homes/end"
    assert parse_cell(name).key == place.key == "东/西 100%社区"
    assert explain_cell(bare_town.office, "", name).figure == 30
