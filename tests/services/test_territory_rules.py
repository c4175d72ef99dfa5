"""The rules of an assignment as an office sets them: shares, caps, leave, exclusions, convenience, given ways."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.people import Address, Household, Officer, Person
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.absences import add_leave
from outreach.services.exclusions import exclude, lift_exclusion, list_exclusions
from outreach.services.explanations import explain_assignment
from outreach.services.history import list_plans
from outreach.services.plan_file import load_plan
from outreach.services.plan_territory import Convenience, TerritorySection
from outreach.services.rosters import import_households, import_officers
from outreach.services.territories import Wish, assign_households, present_posts, show_household
from outreach.services.territory_rules import long_leave, pulls_of, travel_of
from outreach.store.absences import Absence

TODAY = dt.date(2005, 6, 15)


def planned_by(town: Any, text: str) -> None:
    """Write the rules; whatever is planned by them is planned a day later."""
    town.clock.present += dt.timedelta(days=1)
    (town.root / "campaigns" / "town" / "plan.toml").write_text(f"format = 1\n[territory]\n{text}\n", "utf-8")


def officers_with(town: Any, **terms: dict[str, str]) -> list[dict[str, str]]:
    headings = {heading for given in terms.values() for heading in given}
    blank = dict.fromkeys(sorted(headings), "")
    return [row | blank | terms.get(row["工号"], {}) for row in town.officer_rows()]


def counts(town: Any) -> dict[str, int]:
    return dict(Counter(present_posts(town.office, "").values()))


def test_half_a_post_gets_half_as_many_households(town: Any) -> None:
    import_officers(town.office, town.table(officers_with(town, Y01={"工作量": "半职"})))
    report = assign_households(town.office, "")
    found = counts(town)
    assert found["G01"] in (4, 5)
    assert {found[post] for post in ("G02", "G03", "G04")} <= {8, 9}
    assert report.figures["moves"] == report.figures["moves_least"] > 0


def test_a_cap_is_kept_and_the_others_take_the_rest(town: Any) -> None:
    import_officers(town.office, town.table(officers_with(town, Y02={"最多户数": "3"})))
    assign_households(town.office, "")
    assert counts(town)["G02"] == 3
    assert sum(counts(town).values()) == 30


def test_caps_that_leave_households_over_are_refused_and_nothing_is_written(town: Any) -> None:
    before = present_posts(town.office, "")
    import_officers(town.office, town.table(officers_with(town, **{f"Y0{n}": {"最多户数": "5"} for n in range(1, 5)})))
    with pytest.raises(BadInput) as caught:
        assign_households(town.office, "")
    assert len(caught.value.faults) == 1
    assert present_posts(town.office, "") == before
    assert len(list_plans(town.office, "")) == 1


def test_no_capacity_at_all_is_one_sentence(town: Any) -> None:
    import_officers(town.office, town.table(officers_with(town, **{f"Y0{n}": {"工作量": "0%"} for n in range(1, 5)})))
    with pytest.raises(BadInput) as caught:
        assign_households(town.office, "")
    assert len(caught.value.faults) == 1
    assert len(list_plans(town.office, "")) == 1


def test_some_officers_without_coordinates_are_named_rather_than_all_set_aside(bare_town: Any) -> None:
    rows = [row | ({"经度": "", "纬度": ""} if row["工号"] == "Y02" else {}) for row in bare_town.officer_rows()]
    import_officers(bare_town.office, bare_town.table(rows))
    import_households(bare_town.office, bare_town.table(bare_town.household_rows()))
    with pytest.raises(BadInput, match="officer Y02: has no coordinates") as caught:
        assign_households(bare_town.office, "")
    assert len(caught.value.faults) == 1
    assert list_plans(bare_town.office, "") == []


def test_a_household_at_nought_nought_is_refused_at_the_roster(bare_town: Any) -> None:
    rows = [row | ({"经度": "0", "纬度": "0"} if row["户号"] == "H002" else {}) for row in bare_town.household_rows()]
    with pytest.raises(BadInput, match="lies in the sea"):
        import_households(bare_town.office, bare_town.table(rows))


def test_long_leave_takes_all_households_and_a_short_one_none(town: Any) -> None:
    add_leave(town.office, "Y03", TODAY, TODAY + dt.timedelta(days=9), "病假")
    assert assign_households(town.office, "").moved == 0
    planned_by(town, "long_leave_days = 5")
    report = assign_households(town.office, "")
    assert report.away == ("Y03",)
    assert "G03" not in counts(town)


def test_leaves_that_follow_on_each_other_count_as_one() -> None:
    day = dt.timedelta(days=1)
    first = Absence("1", "Y01", TODAY - day, TODAY + 3 * day, "")
    second = Absence("2", "Y01", TODAY + 4 * day, TODAY + 40 * day, "")
    later = Absence("3", "Y02", TODAY + day, TODAY + 90 * day, "")
    assert long_leave([second, first, later], TODAY, 30) == {"Y01"}
    assert long_leave([first], TODAY, 30) == frozenset()
    assert long_leave([first, second], TODAY, 0) == frozenset()


def test_somebody_may_be_named_as_away_and_nobody_unknown(town: Any) -> None:
    assert assign_households(town.office, "", wish=Wish(away=("G02",))).away == ("Y02",)
    with pytest.raises(NotFound, match="no such officer"):
        assign_households(town.office, "", wish=Wish(away=("Y77",)))


def test_a_dry_run_changes_nothing_and_shows_moves_against_metres(town: Any) -> None:
    before = present_posts(town.office, "")
    report = assign_households(town.office, "", wish=Wish(away=("Y01",), dry_run=True, reason="x"))
    assert present_posts(town.office, "") == before
    assert len(list_plans(town.office, "")) == 1
    moves, means = [row.moves for row in report.trade], [row.mean_m for row in report.trade]
    assert moves == sorted(moves)
    assert means == sorted(means, reverse=True)
    assert moves[0] == report.figures["moves"] == report.figures["moves_least"]


def test_an_excluded_officer_loses_the_household_and_it_says_so(town: Any) -> None:
    code, post = next(iter(present_posts(town.office, "").items()))
    officer = f"Y{post[1:]}"
    exclude(town.office, code, officer, reason="亲属")
    report = assign_households(town.office, "")
    assert present_posts(town.office, "")[code] != post
    assert report.figures["moves_gone"] == 1
    text = explain_assignment(show_household(town.office, "", code))
    assert f"Post {post}" in text
    assert "cannot keep it" in text
    lift_exclusion(town.office, code, post)
    assert list_exclusions(town.office) == []
    assert [one.reason for one in list_exclusions(town.office, lifted=True)] == ["亲属"]


def test_exclusions_that_would_leave_nobody_are_refused(town: Any) -> None:
    for officer in ("Y01", "Y02", "G03"):
        exclude(town.office, "H001", officer, reason="亲属")
    with pytest.raises(Conflict, match="no officer would be left"):
        exclude(town.office, "H001", "Y04", reason="亲属")
    with pytest.raises(Conflict, match="excluded already"):
        exclude(town.office, "H001", "G01", reason="亲属")
    assert len(list_exclusions(town.office)) == 3


def test_a_household_whose_last_open_officer_goes_away_is_refused_by_name(town: Any) -> None:
    for officer in ("Y01", "Y02", "Y03"):
        exclude(town.office, "H001", officer, reason="亲属")
    with pytest.raises(BadInput, match="H001"):
        assign_households(town.office, "", wish=Wish(away=("Y04",)))
    assert len(list_plans(town.office, "")) == 1


@pytest.mark.parametrize(
    ("household", "officer", "reason", "words"),
    [("H999", "Y01", "x", "no such household"), ("H001", "Y99", "x", "no such officer"), ("H001", "Y01", " ", "empty")],
)
def test_an_exclusion_of_nobody_or_for_nothing_is_refused(
    town: Any, household: str, officer: str, reason: str, words: str
) -> None:
    with pytest.raises((NotFound, BadInput), match=words):
        exclude(town.office, household, officer, reason=reason)
    assert list_exclusions(town.office, lifted=True) == []


def home_of(code: str, *, compound: str = "槐荫小区", employer: str = "", language: str = "") -> Household:
    return Household(
        code, Address("城东社区", compound, "1"), (Person(1, "张三", employer=employer),), language=language
    )


def test_each_convenience_draws_and_the_compound_counts_instead_of_the_neighbourhood() -> None:
    officers = {
        "A": Officer("a", "甲", "A", languages=("普通话", "四川话"), community="城东社区", compound="槐荫小区"),
        "B": Officer("b", "乙", "B", languages=("普通话",), employer="棉纺厂", community="城东社区"),
        "C": Officer("c", "丙", "C", languages=("普通话",)),
    }
    homes = [home_of("H1"), home_of("H2", compound="别苑", employer="棉纺厂"), home_of("H3", language="普通话、四川话")]
    pulls = pulls_of(homes, officers, Convenience(compound=300, neighbourhood=100, employer=50, language=20))
    assert (pulls["H1", "A"].metres, pulls["H1", "A"].why) == (300, "compound")
    assert (pulls["H2", "A"].metres, pulls["H2", "B"].metres) == (100, 150)
    assert pulls["H2", "B"].why == "neighbourhood,employer"
    assert pulls["H3", "A"].why == "compound,language"
    assert not any(post == "C" for _home, post in pulls)
    assert pulls_of(homes, officers, Convenience()) == {}


def test_a_convenience_of_the_planning_file_moves_a_household_and_is_the_reason_told(town: Any) -> None:
    import_officers(town.office, town.table(officers_with(town, Y04={"原工作单位": "丝绸厂"})))
    far = next(code for code, post in present_posts(town.office, "").items() if post == "G01")
    town.edit_household(far, 原单位="丝绸厂")
    planned_by(town, 'moves = "free"\nconvenience.employer = 20000')
    assign_households(town.office, "")
    assert present_posts(town.office, "")[far] == "G04"
    assert "worked for the same employer" in explain_assignment(show_household(town.office, "", far))


def travel(town: Any, rows: list[list[str]], name: str = "travel.csv") -> Path:
    path: Path = town.root / name
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    return path


WAYS = [
    ["社区", "小区", "G01", "Y02", "G03", "G04"],
    ["城东社区", "槐荫小区", "5", "20", "30", "40"],
    ["城东社区", "棉纺宿舍", "20", "5", "30", "40"],
    ["城西社区", "槐荫小区", "20", "30", "5", "40"],
    ["城西社区", "棉纺宿舍", "20", "30", "40", "无"],
]


def test_given_ways_go_before_straight_lines_and_a_missing_way_is_kept_to(town: Any) -> None:
    planned_by(town, 'travel_unit = "minutes"\nslack = 20')
    report = assign_households(town.office, "", wish=Wish(travel=travel(town, WAYS), moves="free"))
    assert report.unit == "min"
    posts = present_posts(town.office, "")
    with town.office.store.read() as unit:
        homes = unit.rosters.households()
    cut_off = [code for code, home in homes.items() if home.address.building_key[:2] == ("城西社区", "棉纺宿舍")]
    assert cut_off
    assert all(posts[code] != "G04" for code in cut_off)
    assert "min away" in explain_assignment(show_household(town.office, "", "H001"))
    assert list_plans(town.office, "")[-1].rules["travel"] == "travel.csv"


def test_the_planning_file_may_name_the_table_beside_it(town: Any) -> None:
    planned_by(town, 'travel = "ways.csv"\ntravel_unit = "minutes"\nslack = 20')
    travel(town, WAYS, "campaigns/town/ways.csv")
    assert assign_households(town.office, "").unit == "min"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: [[*rows[0], "G09"], *([*row, "1"] for row in rows[1:])], "neither a post nor the staff number"),
        (lambda rows: [row[:-1] for row in rows], "has no column for officer Y04"),
        (
            lambda rows: [[*rows[0], "G09"], *([*row, "1"] for row in rows[1:])],
            r"travel\.csv, column 'G09': is neither",
        ),
        (
            lambda rows: [*rows[:-1], ["城西社区", "棉纺宿舍", "无", "9", "-", "×"]],
            r"travel\.csv, row 5: there is no way from 城西社区 棉纺宿舍 to any officer who takes households; write",
        ),
        (lambda rows: [rows[0], [*rows[1][:-1], "1e99"], *rows[2:]], "row 2, column 'G04': 1E[+]99 is more than"),
        (lambda rows: rows[:-1], "has no row for 城西社区棉纺宿舍"),
        (lambda rows: [*rows, rows[1]], "the row repeats"),
        (lambda rows: [rows[0], [*rows[1][:-1], "-4"], *rows[2:]], "less than nothing"),
        (lambda rows: [rows[0], [*rows[1][:-1], ""], *rows[2:]], "the cell is empty"),
        (lambda rows: [rows[0], [*rows[1][:-1], "远"], *rows[2:]], "is no number"),
        (lambda rows: [row[:2] for row in rows], "no column for an officer"),
    ],
)
def test_a_table_of_ways_that_is_wrong_is_refused_in_a_sentence_and_nothing_changes(
    town: Any, change: Any, words: str
) -> None:
    before = present_posts(town.office, "")
    with pytest.raises(BadInput, match=words) as caught:
        assign_households(town.office, "", wish=Wish(travel=travel(town, change(WAYS)), away=("Y02",)))
    assert len(caught.value.faults) == 1
    assert present_posts(town.office, "") == before


def test_a_compound_whose_only_officer_goes_away_is_one_sentence_at_its_row(town: Any) -> None:
    cut = [*WAYS[:-1], ["城西社区", "棉纺宿舍", "无", "无", "无", "7"]]
    with pytest.raises(BadInput, match=r"row 5: there is no way from 城西社区 棉纺宿舍") as caught:
        assign_households(town.office, "", wish=Wish(travel=travel(town, cut), away=("Y04",)))
    assert len(caught.value.faults) == 1


def test_a_row_for_one_building_goes_before_that_of_its_compound(town: Any) -> None:
    rows = [[*WAYS[0][:2], "楼栋", *WAYS[0][2:]], *([*row[:2], "", *row[2:]] for row in WAYS[1:])]
    rows.append(["城东社区", "槐荫小区", "10栋", "1", "2", "3", "4"])
    with town.office.store.read() as unit:
        found = travel_of(travel(town, rows), list(unit.rosters.households().values()), unit.rosters.officers())
    assert found["城东社区", "槐荫小区", "10"] == {"G01": 1, "G02": 2, "G03": 3, "G04": 4}
    assert found["城东社区", "槐荫小区", "2"]["G01"] == 5


def test_shares_can_be_equal_in_minutes_of_visits(town: Any) -> None:
    planned_by(town, 'balance = "minutes"\nmix = false\n[territory.minutes]\nhard = 200\nnormal = 40')
    report = assign_households(town.office, "")
    minutes = [post.minutes for post in report.posts]
    assert max(minutes) - min(minutes) < 2 * 230


@pytest.mark.parametrize(
    "line", ['moves = "many"', "moves = -1", "slack = 200", 'balance = "heads"', "minutes.hard = -5", "speed = 3"]
)
def test_a_rule_that_is_none_is_refused_with_its_place(town: Any, line: str) -> None:
    planned_by(town, line)
    with pytest.raises(BadInput, match="territory"):
        load_plan(town.workspace, "town")


def test_defaults_are_the_old_rules_and_fewest_moves() -> None:
    section = TerritorySection()
    assert (section.balance, section.mix, section.slack, section.moves) == ("households", True, 0, "fewest")
    assert not any(section.convenience.model_dump().values())
