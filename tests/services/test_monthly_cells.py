"""Every figure of a month's report against the facts under it: no figure without them, none of them missing.

The months are made by chance from a seed: tries, corrections, payments, follow-ups and what closes them.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from typing import Any

import pytest

from outreach.domain.conduct import MEETINGS, Must
from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind
from outreach.domain.follow_up import FollowUp, FollowUpKind
from outreach.domain.hold_out import Arm, HoldOut, Home
from outreach.domain.monthly import AIMS, CONDUCT, CONTENT, DUE, PROGRESS, RESULTS, SPANS, TARGET
from outreach.domain.pieces import PieceState
from outreach.errors import BadInput
from outreach.services.materials import make_material
from outreach.services.monthly import MonthBook, open_month
from outreach.services.monthly_cells import DAY, KINDS, MonthReport, cell_name, parse_cell, parse_month
from outreach.services.piece_states import Change, record_state

SHANGHAI = dt.timezone(dt.timedelta(hours=8))
FIRST = dt.date(2005, 3, 1)
TARGETS = "format = 1\n[targets]\ncards = 25\nreached_share = 0.9\nregistered = 7\npaid_share = 0.35\nyuan = 9999\n" + (
    "[targets.weights]\nhard = 0.7\neasy = 1.3\n[[targets.steps]]\nmonth = '2005-04'\npaid_share = 0.1\nyuan = 1001\n"
)


def invent(town: Any, seed: int) -> None:
    """Some four hundred facts of spring 2005, corrections, follow-ups, notices put up and a hold-out among them."""
    chance = random.Random(seed)
    tries: list[Attempt] = []
    steps: list[Milestone] = []
    owed: list[FollowUp] = []

    def moment() -> dt.datetime:
        day = FIRST + dt.timedelta(days=chance.randrange(106))
        return dt.datetime.combine(day, dt.time(chance.randrange(8, 22), chance.randrange(60)), SHANGHAI)

    for number in range(60):
        code = f"H{chance.randrange(1, 30):03d}"
        kind = chance.choice([FollowUpKind.PROMISE, FollowUpKind.COMPLAINT, FollowUpKind.APPOINTMENT])
        opened = moment()
        officer = chance.choice(["", "Y01", "Y02"])
        due = opened.date() + dt.timedelta(days=chance.randrange(40))
        owed.append(FollowUp(f"f{number:03d}", kind, code, due, opened, about="x", officer=officer))
    for number in range(300):
        earlier = chance.choice(tries).id if tries and chance.random() < 0.08 else ""
        code = next((one.household for one in tries if one.id == earlier), f"H{chance.randrange(1, 30):03d}")
        closes = tuple(one.id for one in owed if one.household == code and chance.random() < 0.1)
        channel = chance.choice(["visit", "visit", "call", "letter", "sms", "booth", "hall"])
        musts = tuple(must.value for must in Must if channel in MEETINGS and (number % 3 or chance.random() < 0.8))
        tries.append(
            Attempt(
                id=f"a{number:03d}",
                household=code,
                channel=channel,
                officer=chance.choice(["Y01", "Y02", "Y03", "Y04", ""]),
                at=moment(),
                disposition=chance.choice(list(Disposition)),
                left=chance.choice([(), (), ("card",), ("notice", "letter")]),
                forms=chance.choice([(), (), ("registration", "declaration")]),
                corrects=earlier,
                closes=closes,
                musts=musts,
            )
        )
    # Somebody is out of scope whatever chance brings.
    tries.append(Attempt("a999", "H030", "visit", "Y01", moment().replace(month=3), Disposition.MOVED))
    for number in range(60):
        kind = chance.choice(list(MilestoneKind))
        fen = chance.randrange(1, 10**6) if kind is MilestoneKind.PAID else 0
        steps.append(Milestone(f"m{number:03d}", f"H{chance.randrange(1, 25):03d}", kind, moment().date(), 1, fen))
    with town.office.store.write() as unit:
        ids, now = unit.rosters.household_ids(), town.office.now()
        unit.follow_ups.append("town", [(one, None) for one in owed], ids, now)
        unit.facts.append_attempts("town", [(one, None) for one in tries], ids, now)
        unit.facts.append_milestones("town", [(one, None) for one in steps], ids, now)
        began, ends = FIRST + dt.timedelta(days=20), FIRST + dt.timedelta(days=120)
        drawn = HoldOut("h1", "town", "spring", "spring", began, ends, moment().replace(month=3), "household", 40)
        arms = [Arm.HELD if number % 5 < 2 else Arm.OPEN for number in range(30)]
        homes = [Home(code, code, "", arm) for code, arm in zip(sorted(ids), arms, strict=True)]
        unit.hold_outs.add(drawn, homes, ids)
    present, town.clock.present = town.clock.present, dt.datetime(2005, 3, 1, 8, tzinfo=SHANGHAI)
    notices = make_material(town.office, "", "notice").run
    town.clock.present = present
    for number in range(1, notices.pieces + 1):
        first = dt.datetime(2005, 3 + number % 4, number, 9, tzinfo=SHANGHAI)
        for state, days in ((PieceState.POSTED, 0), (PieceState.MISSING, 3), (PieceState.POSTED, 4)):
            at = first + dt.timedelta(days=days)
            record_state(town.office, notices.number, [(number, number)], Change(state, at=at))
    (town.root / "campaigns" / "town" / "plan.toml").write_text(TARGETS, "utf-8")


def cells(book: MonthBook, report: MonthReport) -> Any:
    for group in report.groups:
        for name, figure in group.figures.items():
            yield group, figure, book.explain(parse_cell(cell_name(report, group, name)))


@pytest.mark.parametrize("seed", [1, 2005])
@pytest.mark.parametrize("month", ["2005-04", "2005-06"])
def test_every_figure_is_what_the_facts_under_it_come_to(town: Any, month: str, seed: int) -> None:
    invent(town, seed)
    book = open_month(town.office, "", parse_month(month))
    report = book.report()
    with town.office.store.read() as unit:
        log = {one["id"]: one for one in unit.facts.log("town")}
        owed = {one.id: one for one in unit.follow_ups.of("town", SHANGHAI)}
    told, seen = 0, defaultdict(int)
    for group, figure, found in cells(book, report):
        measure, span = found.cell.split("/")[3:]
        assert found.figure == figure
        if span not in (TARGET, DUE):
            assert sum(line.amount for line in found.facts) == figure, found.cell
        if measure not in ("yuan", "notices", "materials", "forms") and span not in (TARGET, DUE):
            assert len(found.facts) == figure, found.cell
        seen[measure] += figure
        for line in found.facts:
            told += 1
            assert line.what
            if line.fact in log:
                assert log[line.fact]["household"] == line.household
                assert not any(one["corrects"] == line.fact for one in log.values() if line.fact[0] == "a")
            else:
                # The household itself, a follow-up, a notice, or a return visit that follows from an attempt.
                assert not line.fact or line.fact in owed or measure in ("overdue", "posted"), found.cell
            if span == "month":
                assert str(line.day).startswith(month)
            if group.kind == "officer" and span not in (TARGET, DUE):
                assert (line.officer or "-") == group.key
            if group.kind == DAY:
                assert str(line.day) == group.key
    assert told > 3000
    # The months were rich enough to try every figure but the tries elsewhere, which no channel here is.
    assert {one for one in (*CONTENT, *CONDUCT, *RESULTS, *PROGRESS) if not seen[one]} <= {"elsewhere"}


def test_every_group_has_every_figure_its_kind_can_have(town: Any) -> None:
    invent(town, 7)
    report = open_month(town.office, "", parse_month("2005-05")).report()
    every = [f"{measure}/{span}" for span, measures in SPANS.items() for measure in measures if span != DUE]
    every += ["paid/due", "yuan/due"]
    assert {group.kind for group in report.groups} == set(KINDS)
    for group in report.groups:
        months = [name for name in every if name.endswith("/month")]
        assert list(group.figures) == (months if group.kind == DAY else every)
    assert report.aims == AIMS


def test_a_figure_that_is_nought_has_no_facts(town: Any) -> None:
    book = open_month(town.office, "", parse_month("2005-04"))
    report = book.report()
    assert report.facts == 0
    assert all(found.figure == figure for _group, figure, found in cells(book, report))
    with pytest.raises(BadInput, match="no target is set"):
        book.explain(parse_cell("2005-04/town/all/paid/target"))
