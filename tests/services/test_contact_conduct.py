"""What belongs to a contact besides its outcome: forms, the six musts, promises, what it settles, its channel."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from outreach.domain.conduct import Must
from outreach.domain.contact import Disposition
from outreach.domain.follow_up import Matter
from outreach.errors import BadInput
from outreach.services.campaigns import load_campaign
from outreach.services.contact_codes import list_codes
from outreach.services.contacts import import_attempts, record_attempt
from outreach.services.follow_ups import every_matter
from outreach.services.territories import show_household


def visit(town: Any, code: str = "H001", **more: Any) -> Any:
    given = {"channel": "visit", "disposition": "informed"} | more
    return record_attempt(town.office, "", code, **given)


def promises(town: Any, code: str = "H001") -> list[Matter]:
    with town.office.store.read() as unit:
        found = every_matter(town.office, unit, load_campaign(town.workspace, ""), [code])
    return [one for one in found if one.follow_up.kind.value == "promise"]


def test_a_contact_keeps_the_forms_and_the_musts(town: Any) -> None:
    visit(town, forms=("registration", "declaration"), musts=("goodbye", "greet"))
    visit(town, "H002", musts=("all",))
    (first,) = show_household(town.office, "", "H001").attempts
    assert (first.forms, first.musts) == (("registration", "declaration"), ("greet", "goodbye"))
    (second,) = show_household(town.office, "", "H002").attempts
    assert second.musts == tuple(Must)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"forms": ("marriage",)}, "'marriage' is no form that is brought back signed; choose one of registration"),
        ({"musts": ("smile",)}, "'smile' is none of the six musts; choose one of greet, polite, papers"),
        ({"musts": ("greet",), "channel": "letter", "disposition": "sent"}, "nobody is met by the channel 'letter'"),
        ({"musts": ("greet",), "disposition": "nobody_home"}, "nobody was met ('nobody_home')"),
        ({"promise": dt.date(2005, 6, 14)}, "a promise given on 2005-06-15 cannot be due on 2005-06-14"),
        ({"promise_about": "papers"}, "a promise has no day"),
        ({"closes": ("01047db9-6900-7212-b6b5-3d56d6a4e8c5",)}, "has no follow-up"),
        (
            {"disposition": "busy"},
            "'busy' cannot come of the channel 'visit'; choose one of informed (11), card_handed",
        ),
        ({"channel": "call", "disposition": "vacant"}, "'vacant' cannot come of the channel 'call'"),
        ({"channel": "sms", "disposition": "signed_for"}, "'signed_for' cannot come of the channel 'sms'"),
        ({"disposition": "withdrawn"}, "'withdrawn' is none; choose one of informed (11)"),
        ({"disposition": "61"}, "'busy' cannot come of the channel 'visit'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(town: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        visit(town, **wrong)
    assert any(said in fault.sentence() for fault in caught.value.faults)
    assert show_household(town.office, "", "H001").attempts == ()
    assert promises(town) == []


def test_a_paper_code_is_as_good_as_the_name(town: Any) -> None:
    assert visit(town, disposition="31").disposition is Disposition.NOBODY_HOME
    assert visit(town, channel="call", disposition="61").disposition is Disposition.BUSY


def test_a_promise_is_open_until_an_attempt_closes_it(town: Any) -> None:
    made = visit(town, promise=dt.date(2005, 6, 20), promise_about="bring the statement")
    (one,) = promises(town)
    assert (one.follow_up.about, one.follow_up.source, one.follow_up.due) == (
        "bring the statement", made.id, dt.date(2005, 6, 20),
    )  # fmt: skip
    assert one.closed is None
    kept = visit(town, channel="call", closes=(one.follow_up.id,))
    (one,) = promises(town)
    assert one.closed is not None
    assert one.closed.by == kept.id
    with pytest.raises(BadInput, match="was closed on"):
        visit(town, closes=(one.follow_up.id,))


def test_a_correction_moves_the_promise_instead_of_doubling_it(town: Any) -> None:
    wrong = visit(town, promise=dt.date(2005, 6, 20), promise_about="call")
    visit(town, promise=dt.date(2005, 6, 25), promise_about="call", corrects=wrong.id)
    (one,) = promises(town)
    assert (one.follow_up.due, one.moved) == (dt.date(2005, 6, 25), 1)


ROW = {
    "户号": "H001", "渠道": "上门走访", "工号": "", "时间": "2005-06-01 19:30", "结果": "11", "留下材料": "服务卡",
    "带回表格": "登记表、缴费申报表", "六要": "全部", "承诺日期": "2005-06-20", "承诺事项": "带对账单", "办结事项": "",
}  # fmt: skip


def test_a_file_carries_forms_musts_promises_and_what_is_settled(town: Any) -> None:
    path = town.table([ROW], "week.csv")
    assert [import_attempts(town.office, "", path).new for _time in range(2)] == [1, 0]
    (made,) = show_household(town.office, "", "H001").attempts
    assert (made.forms, made.musts) == (("registration", "declaration"), tuple(Must))
    (one,) = promises(town)
    assert (one.follow_up.about, one.follow_up.due) == ("带对账单", dt.date(2005, 6, 20))
    settles = ROW | {"时间": "2005-06-14 10:00", "承诺日期": "", "承诺事项": "", "办结事项": one.follow_up.id}
    path = town.table([settles], "later.csv")
    # The second time the follow-up is closed already, by this very row.
    assert [import_attempts(town.office, "", path).new for _time in range(2)] == [1, 0]
    assert promises(town)[0].closed is not None


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("带回表格", "户口簿", "'户口簿' is not known here"),
        ("六要", "要微笑", "'要微笑' is not known here"),
        ("承诺日期", "2005-05-01", "cannot be due on 2005-05-01"),
        ("承诺日期", "", "a promise has no day"),
        ("办结事项", "12", "'12' is no identifier of a follow-up"),
        ("办结事项", "01047db9-6900-7212-b6b5-3d56d6a4e8c5", "has no follow-up"),
        ("结果", "61", "'busy' cannot come of the channel 'visit'"),
    ],
)
def test_a_wrong_cell_of_these_columns_is_named_with_its_row(town: Any, column: str, value: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        import_attempts(town.office, "", town.table([ROW | {column: value}], "week.csv"))
    assert any(
        "week.csv" in fault.where and "row 2" in fault.where and said in fault.what for fault in caught.value.faults
    )
    assert show_household(town.office, "", "H001").attempts == ()


def test_rows_without_the_new_columns_keep_their_identity(town: Any) -> None:
    """A file taken in before there were such columns adds nothing when it comes again with them, empty."""
    old = {name: ROW[name] for name in ("户号", "渠道", "工号", "时间", "结果", "留下材料")}
    empty = dict.fromkeys(("带回表格", "六要", "承诺日期", "承诺事项", "办结事项"), "")
    assert import_attempts(town.office, "", town.table([old], "old.csv")).new == 1
    assert import_attempts(town.office, "", town.table([old | empty], "new.csv")).new == 0


def test_the_codes_are_listed_by_channel_with_both_of_aapors() -> None:
    every = {one.code: one for one in list_codes()}
    assert len(every) == len(Disposition) - 1
    assert list(every) == sorted(every)
    assert (every["32"].in_person, every["32"].phone) == ("2.25", "2.21")
    assert (every["61"].in_person, every["61"].phone, every["61"].channels) == ("", "3.12", ("call",))
    assert (every["51"].outcome, every["51"].in_person) == ("sent", "")
    assert {one.outcome for one in list_codes("sms")} >= {"sent", "returned", "wrong_number"}
    assert all("booth" in one.channels for one in list_codes("booth"))
    with pytest.raises(BadInput, match="'crawl' is no channel whose reach is counted"):
        list_codes("crawl")
