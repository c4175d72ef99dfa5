"""A household's whole record on one page: every channel, every campaign, what was corrected struck out."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from outreach.domain.pieces import PieceState
from outreach.errors import BadInput, NotFound
from outreach.services.cases import import_cases
from outreach.services.contact_withdrawal import withdraw_fact
from outreach.services.contacts import record_attempt, record_milestone
from outreach.services.household_page import Event, events_of, heads_of, write_page
from outreach.services.household_record import household_record
from outreach.services.materials import make_material
from outreach.services.piece_states import Change, record_state
from outreach.services.suppressions import suppress


def visit(town: Any, day: int, disposition: str = "nobody_home", **more: Any) -> Any:
    at = dt.datetime(2005, 6, day, 19, 30)  # noqa: DTZ001 - a clock time of the workspace's zone
    return record_attempt(
        town.office, "", "H001", **({"channel": "visit", "disposition": disposition, "at": at} | more)
    )


def events(town: Any) -> list[Event]:
    return events_of(town.office, household_record(town.office, "H001"))


def told(town: Any) -> list[tuple[str, str, str, bool]]:
    return [(one.when, one.what, one.outcome, one.struck) for one in events(town)]


@pytest.fixture
def lived(town: Any) -> Any:
    """A household with something of everything."""
    wrong = visit(town, 1, "informed", left=("card",))
    visit(town, 1, corrects=wrong.id, note="nobody after all")
    mistaken = visit(town, 2, "refused")
    withdraw_fact(town.office, "", mistaken.id, reason="the house next door", to="H002")
    visit(town, 3, "busy", channel="call")
    promise = dt.date(2005, 6, 20)
    visit(town, 4, "card_handed", left=("card",), forms=("registration",), musts=("all",), promise=promise,
          promise_about="bring the statement")  # fmt: skip
    record_milestone(town.office, "", "H001", kind="paid", amount_fen=120_050, on=dt.date(2005, 6, 8))
    suppress(town.office, "H001", reason="works at night", channel="call", person=0)
    return town


def test_the_history_tells_everything_in_order_of_time(lived: Any) -> None:
    found = told(lived)
    assert [one[0] for one in found] == sorted(one[0] for one in found)
    assert ("2005-06-01 19:30", "home visit", "explained in full; left: Service card", True) in found
    assert ("2005-06-01 19:30", "home visit", "nobody home", False) in found
    assert ("2005-06-02 19:30", "home visit", "refused", True) in found
    assert ("2005-06-02 19:30", "home visit", "withdrawn", False) in found
    assert ("2005-06-03 19:30", "phone call", "busy", False) in found
    last = "card put into their hand; left: Service card; brought back: new-registration form; musts 6 of 6"
    assert ("2005-06-04 19:30", "home visit", last, False) in found
    assert ("2005-06-08", "paid", "1,200.50 yuan", False) in found
    assert any(one.what == "promise" and one.note == "bring the statement" for one in events(lived))
    assert any(one.what.startswith("Wish") and one.note == "works at night" for one in events(lived))
    assert any(one.what == "Assigned" for one in events(lived))


def test_what_was_struck_out_is_what_the_standing_does_not_count(lived: Any) -> None:
    (own,) = household_record(lived.office, "H001").campaigns
    counting = [one for one in own.attempts if one.id in own.counting]
    assert len(own.attempts) == 6
    assert len(counting) == own.standing.attempts == 3


def test_the_head_says_who_lives_there_where_they_stand_and_what_is_open(lived: Any) -> None:
    record = household_record(lived.office, "H001")
    head = dict(heads_of(record, unmask=False))
    assert "王晨" in head["Person 1"]
    assert "121****0100" in head["Person 1"]
    assert "12105550100" in dict(heads_of(record, unmask=True))["Person 1"]
    assert head["Standing (town)"].startswith("3 attempts, reached 2005-06-04, card 2005-06-04")
    assert "promise due 2005-06-20 bring the statement" in head["Open (town)"]


def test_what_was_printed_stands_there_with_where_it_is(town: Any) -> None:
    make_material(town.office, "", "letter", language="zh")
    (letter,) = household_record(town.office, "H001").pieces
    number = letter.printed.number
    assert (letter.state, letter.printed.run, letter.printed.kind) == (PieceState.PRINTED, 1, "letter")
    posted = Change(PieceState.POSTED, at=town.clock.present + dt.timedelta(minutes=1))
    record_state(town.office, 1, [(number, number)], posted)
    assert [one[2] for one in told(town) if f"run 1, no. {number}" in one[2]] == [
        f"run 1, no. {number}", f"posted (run 1, no. {number})",
    ]  # fmt: skip


def test_facts_of_two_campaigns_stand_on_one_page_under_their_names(lived: Any) -> None:
    text = lived.campaign_file.read_text("utf-8").replace('name = "town"', 'name = "autumn"')
    other = lived.root / "campaigns" / "autumn" / "campaign.toml"
    other.parent.mkdir()
    other.write_text(text, "utf-8")
    record_attempt(lived.office, "autumn", "H001", channel="hall", disposition="asked_back")
    whats = {one.what for one in events(lived)}
    assert {"autumn: hall counter", "town: home visit"} <= whats
    # The file of an old campaign may be gone; what it recorded is not.
    other.unlink()
    assert "autumn: hall counter" in {one.what for one in events(lived)}


def test_the_page_strikes_out_what_counts_no_longer(lived: Any, tmp_path: Path) -> None:
    target = tmp_path / "H001.docx"
    lines = write_page(lived.office, household_record(lived.office, "H001"), target, unmask=False)
    head, history = Document(str(target)).tables
    assert len(history.rows) == lines + 1
    struck = [
        row
        for row in history.rows
        if row.cells[2].paragraphs[0].runs and row.cells[2].paragraphs[0].runs[0].font.strike
    ]
    assert [row.cells[2].text for row in struck] == ["explained in full; left: Service card", "refused"]
    assert "121****0100" in "".join(cell.text for row in head.rows for cell in row.cells)
    first = target.read_bytes()
    write_page(lived.office, household_record(lived.office, "H001"), target, unmask=False)
    assert target.read_bytes() == first


def test_a_household_nobody_knows_and_a_file_of_another_kind_are_refused(town: Any, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no such household"):
        household_record(town.office, "H999")
    with pytest.raises(BadInput, match=r"is no \.docx file"):
        write_page(town.office, household_record(town.office, "H001"), tmp_path / "a.pdf", unmask=False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_usual_history_fits_one_sheet(
    lived: Any, tmp_path: Path, outside_program: Callable[..., str], language: str
) -> None:
    from pypdf import PdfReader

    from outreach.messages import use_language

    for day in range(5, 15):
        visit(lived, day, note="敲门无人应，邻居说晚上九点以后才回来")
    use_language(language)
    target = tmp_path / "H001.docx"
    assert write_page(lived.office, household_record(lived.office, "H001"), target, unmask=False) > 18
    office = outside_program("soffice", "libreoffice")
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(target)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert len(PdfReader(tmp_path / "H001.pdf").pages) == 1


def test_its_transfer_cases_stand_there_with_every_step_and_what_is_due_next(lived: Any) -> None:
    row = {"业务号": "A1", "申请日期": "2005-04-04", "审核日期": "2005-04-29", "户号": "H001", "姓名": "王晨"}
    import_cases(lived.office, "", lived.table([row, row | {"业务号": "A2", "户号": "H002"}], "cases.csv"))
    assert ("2005-04-04", "Case A1", "applied for", False) in told(lived)
    assert ("2005-04-29", "Case A1", "application reviewed, late, was due 2005-04-25", False) in told(lived)
    assert not any("A2" in one.what for one in events(lived))
    pending = dict(heads_of(household_record(lived.office, "H001"), unmask=False))["Open (town)"]
    assert "Case A1 transfer papers sent due 2005-05-25" in pending
