"""Logs of several machines become one, whatever the order in which they meet."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule

from outreach.config import load_workspace
from outreach.errors import BadInput
from outreach.services.cases import import_cases
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import import_attempts, import_milestones, record_attempt, record_milestone
from outreach.services.office import Office, open_office
from outreach.services.territories import show_household

DAY = dt.datetime(2005, 3, 8, 18, 30)  # noqa: DTZ001 - in the workspace's zone


def facts(office: Office) -> list[dict[str, Any]]:
    with office.store.read() as unit:
        return sorted((dict(one) for one in unit.facts.log("town")), key=lambda one: one["id"])


def standings(office: Office) -> dict[str, Any]:
    with office.store.read() as unit:
        return dict(unit.facts.standings("town", office.workspace.zone))


def cases(office: Office) -> list[Any]:
    """Every case with all that was ever said of its steps."""
    with office.store.read() as unit:
        steps = unit.cases.steps("town")
        # Which machine named a case first is all the same: it is known by its number.
        return [
            (replace(one, id=""), [replace(step, case="") for step in steps[one.id]]) for one in unit.cases.all("town")
        ]


def machine(town: Any, name: str) -> Office:
    """Another machine with the same roster."""
    return open_office(load_workspace(town.beside(name)), clock=town.clock)


@pytest.fixture
def other(town: Any) -> Any:
    office = machine(town, "other")
    yield office
    office.close()


def test_two_logs_become_one_and_a_second_time_nothing_is_new(town: Any, other: Office, tmp_path: Path) -> None:
    record_attempt(town.office, "town", "H001", channel="visit", disposition="informed", at=DAY)
    record_milestone(other, "town", "H002", kind="paid", amount_fen=1250, on=DAY.date())
    log, back = tmp_path / "a.log", tmp_path / "b.log"
    export_log(other, "town", log)
    first = merge_log(town.office, "town", log)
    assert (first.facts, first.new, first.known) == (1, 1, 0)
    assert merge_log(town.office, "town", log).new == 0
    export_log(town.office, "town", back)
    assert merge_log(other, "town", back).new == 1
    assert facts(town.office) == facts(other)
    assert standings(town.office) == standings(other)
    assert show_household(town.office, "town", "H002").standing.paid_fen == 1250


def test_the_same_sheet_read_on_two_machines_is_one_set_of_facts(town: Any, other: Office, tmp_path: Path) -> None:
    rows = [{"户号": "H003", "渠道": "上门", "时间": "2005-03-08 18:30", "结果": "已讲清"}] * 2
    paid = [{"户号": "H003", "事项": "缴费", "日期": "2005-03-09", "金额": "12.50"}]
    for office in (town.office, other):
        import_attempts(office, "town", town.table(rows, "sheet.csv"))
        import_milestones(office, "town", town.table(paid, "ledger.csv"))
    export_log(other, "town", tmp_path / "log")
    done = merge_log(town.office, "town", tmp_path / "log")
    assert (done.new, done.known, done.differing) == (0, 3, ())
    assert show_household(town.office, "town", "H003").standing.paid_fen == 1250


def test_a_correction_may_arrive_before_what_it_corrects(town: Any, other: Office, tmp_path: Path) -> None:
    wrong = record_attempt(town.office, "town", "H001", channel="visit", disposition="informed", at=DAY)
    export_log(town.office, "town", tmp_path / "wrong")
    third = machine(town, "third")
    merge_log(third, "town", tmp_path / "wrong")
    record_attempt(third, "town", "H001", channel="visit", disposition="nobody_home", at=DAY, corrects=wrong.id)
    export_log(third, "town", tmp_path / "both")
    only_right = [
        line
        for line in (tmp_path / "both").read_text("utf-8").splitlines()[1:]
        if wrong.id in json.loads(line)["corrects"]
    ]
    rewrite(tmp_path / "right", "town", only_right)
    merge_log(other, "town", tmp_path / "right")
    merge_log(other, "town", tmp_path / "wrong")
    assert show_household(other, "town", "H001").standing.first_reached_at is None
    assert standings(other) == standings(third)
    third.close()


def rewrite(path: Path, campaign: str, lines: list[str]) -> None:
    import hashlib

    body = "".join(f"{line}\n" for line in lines)
    head = {"format": "outreach contact log 1", "campaign": campaign, "facts": len(lines)}
    path.write_text(json.dumps(head | {"sha256": hashlib.sha256(body.encode()).hexdigest()}) + "\n" + body, "utf-8")


def test_a_clock_that_was_wrong_is_said(town: Any, other: Office, tmp_path: Path) -> None:
    record_attempt(other, "town", "H001", channel="visit", disposition="informed", at=DAY)
    export_log(other, "town", tmp_path / "log")
    line = json.loads((tmp_path / "log").read_text("utf-8").splitlines()[1])
    now = round(town.clock.present.timestamp() * 1000)
    for name, values in {
        "before": {"recorded_ms": line["at_ms"] - 3_600_000},
        "ahead": {"recorded_ms": now + 3_600_000},
        "future": {"at_ms": now + 3_600_000, "recorded_ms": now + 3_600_000},
    }.items():
        rewrite(tmp_path / name, "town", [json.dumps(line | values)])
        assert [one.why for one in merge_log(town.office, "town", tmp_path / name).skewed] == [name]


def test_a_fact_that_says_otherwise_under_the_same_identifier_is_named_and_ours_stays(
    town: Any, other: Office, tmp_path: Path
) -> None:
    made = record_attempt(town.office, "town", "H001", channel="visit", disposition="informed", at=DAY)
    export_log(town.office, "town", tmp_path / "log")
    line = json.loads((tmp_path / "log").read_text("utf-8").splitlines()[1])
    rewrite(tmp_path / "forged", "town", [json.dumps(line | {"note": "other"})])
    assert merge_log(town.office, "town", tmp_path / "forged").differing == (made.id,)
    assert facts(town.office)[0]["note"] == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text[:-20], "was cut short or changed on its way"),
        (lambda text: text.replace("informed", "card_handed"), "was cut short or changed on its way"),
        (lambda text: text.replace('"campaign": "town"', '"campaign": "city"'), "is a log of the campaign 'city'"),
        (lambda text: "nonsense", "is no contact log"),
        (lambda text: "[]\n", "is no contact log"),
    ],
)
def test_a_log_that_is_not_whole_is_refused(town: Any, other: Office, tmp_path: Path, change: Any, told: str) -> None:
    record_attempt(other, "town", "H001", channel="visit", disposition="informed", at=DAY)
    export_log(other, "town", tmp_path / "log")
    (tmp_path / "log").write_text(change((tmp_path / "log").read_text("utf-8")), "utf-8")
    with pytest.raises(BadInput, match=told):
        merge_log(town.office, "town", tmp_path / "log")
    assert facts(town.office) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"household": "H999"}, "there is no household 'H999' here"),
        ({"disposition": "eaten"}, "line 2, .*disposition: 'eaten' is not accepted"),
        ({"fact": "rumour"}, "line 2: is no fact"),
        ({"channel": "pigeon"}, "line 2: there is no channel 'pigeon'"),
        ({"id": "1"}, "line 2, .*id: '1' is not accepted"),
        ({"more": 1}, "line 2, .*more: unknown key"),
    ],
)
def test_a_wrong_fact_is_named_and_nothing_is_taken_in(
    town: Any, other: Office, tmp_path: Path, values: dict[str, Any], told: str
) -> None:
    record_attempt(other, "town", "H001", channel="visit", disposition="informed", at=DAY)
    record_attempt(other, "town", "H002", channel="visit", disposition="informed", at=DAY)
    export_log(other, "town", tmp_path / "log")
    first, second = (json.loads(line) for line in (tmp_path / "log").read_text("utf-8").splitlines()[1:])
    rewrite(tmp_path / "log", "town", [json.dumps(first | values), json.dumps(second)])
    with pytest.raises(BadInput, match=told):
        merge_log(town.office, "town", tmp_path / "log")
    assert facts(town.office) == []


def test_any_exchange_of_logs_ends_in_the_same_facts_and_standings(town: Any) -> None:
    """Three machines record, correct, import and exchange as they like; when all have met, all agree."""
    names = ("one", "two", "three")

    class Exchange(RuleBasedStateMachine):
        made = Bundle("made")

        @initialize()
        def begin(self) -> None:
            self.folder = Path(tempfile.mkdtemp(dir=town.root.parent))
            self.offices = {
                name: open_office(load_workspace(town.beside(f"{self.folder.name}/{name}")), clock=town.clock)
                for name in names
            }

        @rule(
            target=made,
            name=st.sampled_from(names),
            home=st.sampled_from(("H001", "H002")),
            outcome=st.sampled_from(("informed", "nobody_home", "refused")),
            minutes=st.integers(0, 3),
        )
        def record(self, name: str, home: str, outcome: str, minutes: int) -> tuple[str, str]:
            at = DAY + dt.timedelta(minutes=minutes)
            office = self.offices[name]
            return home, record_attempt(office, "town", home, channel="visit", disposition=outcome, at=at).id

        @rule(name=st.sampled_from(names), fact=made)
        def correct(self, name: str, fact: tuple[str, str]) -> None:
            home, known = fact
            office = self.offices[name]
            log = facts(office)
            if known in {one["id"] for one in log} - {one["corrects"] for one in log}:
                record_attempt(office, "town", home, channel="visit", disposition="moved", at=DAY, corrects=known)

        @rule(name=st.sampled_from(names))
        def read_the_sheet(self, name: str) -> None:
            rows = [{"户号": "H001", "渠道": "上门", "时间": "2005-03-08 19:30", "结果": "已讲清"}]
            import_attempts(self.offices[name], "town", town.table(rows, "sheet.csv"))

        @rule(
            name=st.sampled_from(names),
            number=st.sampled_from(("A1", "A2")),
            home=st.sampled_from(("", "H001", "H002")),
            officer=st.sampled_from(("", "Y01", "Y02")),
            reviewed=st.sampled_from(("", "2005-03-04", "2005-03-07")),
        )
        def read_cases(self, name: str, number: str, home: str, officer: str, reviewed: str) -> None:
            row = {"业务号": number, "申请日期": "2005-03-01", "审核日期": reviewed, "户号": home, "工号": officer}
            import_cases(self.offices[name], "town", town.table([row], "cases.csv"))

        @rule(giver=st.sampled_from(names), taker=st.sampled_from(names))
        def give(self, giver: str, taker: str) -> None:
            export_log(self.offices[giver], "town", self.folder / "log")
            merge_log(self.offices[taker], "town", self.folder / "log")

        def teardown(self) -> None:
            if not hasattr(self, "offices"):
                return
            for giver, taker in (("one", "two"), ("two", "three"), ("three", "one"), ("three", "two")):
                self.give(giver, taker)
            agreed = [
                (
                    [{k: v for k, v in one.items() if k != "recorded_ms"} for one in facts(office)],
                    standings(office),
                    cases(office),
                )
                for office in self.offices.values()
            ]
            for office in self.offices.values():
                office.close()
            shutil.rmtree(self.folder)
            assert agreed[0] == agreed[1] == agreed[2]

    hypothesis.stateful.run_state_machine_as_test(
        Exchange,
        # Three databases on a server are made for each example.
        settings=hypothesis.settings(
            max_examples=15 if town.server is None else 5, stateful_step_count=12, deadline=None
        ),
    )
