"""Every rule asks about an invented cheat and leaves honest visits mostly alone."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from outreach.domain.audit import Audit, Finding, Limits, Rule, Visit, audit
from outreach.domain.contact import Disposition
from outreach.domain.people import Difficulty
from outreach.planning.simulate import HomeFacts, simulate_year

ZONE = ZoneInfo("Asia/Shanghai")
NOBODY, HANDED = Disposition.NOBODY_HOME, Disposition.CARD_HANDED


@pytest.fixture(scope="module")
def year() -> list[Visit]:
    """The visits of the demo's year: 3,000 households, 26 officers, each entrance with twelve doors, 25 m apart."""
    levels = [Difficulty.HARD, Difficulty.NORMAL, Difficulty.NORMAL, Difficulty.EASY]
    homes = {
        f"H{n:05d}": HomeFacts(f"H{n:05d}", 1, levels[n % 4], n % 20 < 9, n % 8 != 0, 3 + n * 37 % 60)
        for n in range(3000)
    }
    officers = {code: f"Y{number // 117:02d}" for number, code in enumerate(homes)}
    played = simulate_year(list(homes.values()), officers, dt.date(2005, 1, 4), dt.date(2005, 12, 31), ZONE, "audit")
    visits = []
    for one in played.attempts:
        if one.channel == "visit":
            entrance = int(one.household[1:]) // 12
            visits.append(
                Visit(
                    one.id, one.household, one.officer, one.at, one.at + dt.timedelta(hours=2), one.disposition,
                    one.note, (str(entrance),), (entrance % 16 * 25.0, entrance // 16 * 25.0),
                    (homes[one.household].difficulty.value, str(homes[one.household].migrant)),
                )
            )  # fmt: skip
    return visits


def made(count: int, start: str = "2005-03-08 18:30", step: float = 0.0, **values: Any) -> list[Visit]:
    """Visits of the officer Y00, `step` minutes apart, each behind another entrance unless said otherwise."""
    first = dt.datetime.fromisoformat(start).replace(tzinfo=ZONE)
    found = []
    for n in range(count):
        at = first + dt.timedelta(minutes=int(n * step))
        one = Visit(
            f"made-{start}-{n}", f"M{n}", "Y00", at, at + dt.timedelta(hours=2), NOBODY, "", (f"made {n}",),
            (10.0 * n, 0.0), ("normal", "False"),
        )  # fmt: skip
        found.append(replace(one, **values))
    return found


def asked(found: Audit, rule: Rule) -> list[Finding]:
    return [one for one in found.findings if one.rule is rule]


def about(visits: Iterable[Visit], rule: Rule, limits: Limits | None = None) -> list[list[str]]:
    """The ids of each group the rule asks the officer Y00 about."""
    (finding,) = [one for one in asked(audit(visits, limits), rule) if one.officer == "Y00"] or [None]
    return [[visit.id for visit in group.visits] for group in finding.groups] if finding else []


def test_an_honest_year_is_left_mostly_alone(year: list[Visit]) -> None:
    found = audit(year)
    assert (found.officers, found.rules, found.compared) == (26, 9, 78)
    assert len(found.findings) <= 1  # the played year knows no distances, so an evening may run by chance
    assert all(one.compared.chance > 0.01 for one in found.findings)


def test_a_run_no_walk_allows_is_asked_about_and_one_it_allows_is_not(year: list[Visit]) -> None:
    quick, slow = made(14, step=1.5), made(14, start="2005-03-09 18:00", step=2.5)
    assert about([*year, *quick, *slow], Rule.PACE) == [[visit.id for visit in quick]]


def test_the_way_between_entrances_counts() -> None:
    near = made(5, step=5)
    far = [replace(visit, place=(n * 1500.0, 0.0)) for n, visit in enumerate(near)]
    assert about(near, Rule.PACE) == []
    assert about(far, Rule.PACE) == [[visit.id for visit in near]]
    assert about(far, Rule.PACE, Limits(metres_a_minute=1000)) == []


def test_a_whole_entrance_entered_at_once_is_not_taken_for_a_run() -> None:
    one, other = made(12, entrance=("A",)), made(12, start="2005-03-08 18:38", entrance=("B",))
    assert audit([*one, *other]).findings == ()


def test_visits_all_over_in_one_minute_are_asked_about(year: list[Visit]) -> None:
    many = made(6, start="2005-03-08 09:12")
    assert about([*year, *many], Rule.SAME_MINUTE) == [[visit.id for visit in many]]
    assert about([*year, *many[:3]], Rule.SAME_MINUTE) == []


def test_conversations_one_upon_the_other_are_asked_about_but_not_closed_doors(year: list[Visit]) -> None:
    talks = made(8, step=0.5, entrance=("A",), disposition=HANDED)
    assert about([*year, *talks], Rule.TALKS) == [[visit.id for visit in talks]]
    assert about([*year, *made(8, step=0.5, entrance=("A",))], Rule.TALKS) == []
    assert about([*year, *made(8, step=2, entrance=("A",), disposition=HANDED)], Rule.TALKS) == []


def test_closed_hours_are_asked_about_and_a_day_without_a_time_is_not(year: list[Visit]) -> None:
    night, unknown = made(3, start="2005-03-08 23:10", step=9), made(9, start="2005-03-09 00:00")
    found = audit([*year, *night, *unknown])
    assert found.untimed == 9
    assert [[visit.id for visit in one.groups[0].visits] for one in asked(found, Rule.CLOSED)] == [
        [visit.id for visit in night]
    ]
    assert asked(found, Rule.SAME_MINUTE) == []


def test_visits_recorded_before_they_happened_are_asked_about(year: list[Visit]) -> None:
    early = made(1, recorded=dt.datetime(2005, 3, 8, 12, tzinfo=ZONE))
    assert about([*year, *early], Rule.EARLY) == [[early[0].id]]


def test_a_note_copied_from_door_to_door_is_asked_about_but_not_the_offices_own_words(year: list[Visit]) -> None:
    copied = made(6, step=10, note="女主人说等丈夫回来再商量,记下电话")
    short = made(6, start="2005-03-09 18:00", step=10, note="等丈夫回来")
    assert about([*year, *copied, *short], Rule.COPIED) == [[visit.id for visit in copied]]
    everybodys = [replace(copied[0], id=f"o{n}", officer=f"Y{n:02d}") for n in range(1, 4)]
    assert about([*year, *copied, *everybodys], Rule.COPIED) == []


def mine(year: list[Visit], change: Any) -> list[Visit]:
    """The year with some of Y00's visits changed."""
    source = random.Random("cheat")
    return [change(one, source) if one.officer == "Y00" else one for one in year]


def test_times_heaped_on_the_half_hours_are_asked_about(year: list[Visit]) -> None:
    def to_half(one: Visit, source: random.Random) -> Visit:
        return replace(one, at=one.at.replace(minute=30)) if source.random() < 0.25 else one

    (finding,) = asked(audit(mine(year, to_half)), Rule.ROUND)
    assert finding.officer == "Y00"
    assert finding.compared.hits > 3 * finding.compared.expected


def test_nobody_home_said_too_often_is_asked_about(year: list[Visit]) -> None:
    def not_gone(one: Visit, source: random.Random) -> Visit:
        return replace(one, disposition=NOBODY) if source.random() < 0.5 else one

    (finding,) = asked(audit(mine(year, not_gone)), Rule.NOBODY)
    assert finding.officer == "Y00"
    assert finding.compared.chance < 1e-6


def test_who_goes_in_office_hours_only_is_compared_with_office_hours(year: list[Visit]) -> None:
    kept = [one for one in year if one.officer != "Y00" or 8 <= one.at.hour < 17]
    by_day = [one for one in year if one.officer in ("Y01", "Y02") and 8 <= one.at.hour < 17]
    moved = [replace(one, id=f"{one.id}-", officer="Y00") for one in by_day]
    (share, others) = (
        sum(one.disposition is NOBODY for one in group) / len(group)
        for group in ([one for one in [*kept, *moved] if one.officer == "Y00"], year)
    )
    assert share > 1.2 * others
    assert asked(audit([*kept, *moved]), Rule.NOBODY) == []


def test_sheets_entered_late_are_asked_about_only_where_the_others_are_not_late(year: list[Visit]) -> None:
    def late(one: Visit, source: random.Random) -> Visit:
        return replace(one, recorded=one.at + dt.timedelta(days=20)) if source.random() < 0.5 else one

    (finding,) = asked(audit(mine(year, late)), Rule.LATE)
    assert finding.officer == "Y00"
    everybody = [replace(one, recorded=one.at + dt.timedelta(days=20)) for one in year]
    assert asked(audit(everybody), Rule.LATE) == []


def test_the_order_of_visits_changes_nothing_and_the_least_likely_comes_first(year: list[Visit]) -> None:
    visits = [*year, *made(14, step=1.5), *made(6, start="2005-03-09 18:00", step=10, note="记" * 12)]
    found = audit(visits)
    assert audit(visits[::-1]) == found
    chances = [one.compared.chance for one in found.findings]
    assert chances == sorted(chances)
    assert len(chances) >= 2


def test_no_visits_ask_nothing() -> None:
    assert audit([]).findings == ()
