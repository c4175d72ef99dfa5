"""A second campaign is told which households another one was at: by a try, or by paper that went out and stayed out."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Any

import pytest

from outreach.domain.pieces import PieceState
from outreach.services.contacts import record_attempt
from outreach.services.materials import make_material
from outreach.services.piece_states import Change, record_state, whereabouts
from outreach.services.returned_mail import record_returned
from outreach.services.rounds import Choice
from outreach.services.sms import show_sending
from outreach.services.territories import assign_households
from outreach.services.touches import list_touched, touched_words
from outreach.services.walk_planning import plan_walks

DAY = dt.date(2005, 6, 15)
SOME = ("H001", "H002", "H003")


@pytest.fixture
def second(town: Any) -> Any:
    """The town with a second campaign, `other`, whose letters to three households were posted today."""
    other = town.root / "campaigns" / "other"
    shutil.copytree(town.root / "campaigns" / "town", other)
    file = other / "campaign.toml"
    file.write_text(file.read_text("utf-8").replace('name = "town"', 'name = "other"', 1), "utf-8")
    make_material(town.office, "town", "letter", choice=Choice(households=SOME))
    record_state(town.office, 1, [], Change(PieceState.POSTED))
    return town


def touched(town: Any, campaign: str = "other", day: dt.date = DAY) -> list[str]:
    return [one.household for one in list_touched(town.office, campaign, day)]


def test_letters_that_were_posted_count_and_those_that_came_back_do_not(second: Any) -> None:
    assert touched(second) == list(SOME)
    assert touched(second, "town") == []  # its own paper is no warning
    (code,) = (one.piece.code for one in whereabouts(second.office, 1) if one.piece.household == "H002")
    record_returned(second.office, code, "moved")
    assert touched(second) == ["H001", "H003"]
    (one, _two) = list_touched(second.office, "other", DAY)
    assert (one.campaign, one.by) == ("town", "letter")


def test_paper_counts_by_its_day_and_a_correction_takes_it_away(second: Any) -> None:
    assert touched(second, day=DAY + dt.timedelta(days=14)) == list(SOME)
    assert touched(second, day=DAY + dt.timedelta(days=15)) == []
    record_state(second.office, 1, [(1, 1)], Change(PieceState.PRINTED, correct=True))
    assert len(touched(second)) == 2


def test_paper_that_was_only_printed_or_got_lost_touches_nobody(second: Any) -> None:
    make_material(second.office, "town", "letter", choice=Choice(households=("H004",)))
    assert "H004" not in touched(second)
    record_state(second.office, 1, [], Change(PieceState.MISSING))
    assert touched(second) == []


def test_a_try_counts_but_not_one_that_says_the_letter_came_back(second: Any) -> None:
    record_attempt(second.office, "town", "H009", channel="letter", disposition="returned")
    record_attempt(second.office, "town", "H008", channel="visit", disposition="nobody_home")
    assert touched(second) == [*SOME, "H008"]


def test_the_warning_names_the_first_ten_and_where_the_others_are() -> None:
    many = [f"H{number:03d}" for number in range(1, 15)]
    words = touched_words(many, "other")
    assert "14 of these households" in words
    assert "H010 and 4 other households" in words
    assert "H011" not in words
    assert "outreach household touched -c other" in words
    assert touched_words((), "other") == ""


def test_materials_messages_and_walks_all_name_them(second: Any) -> None:
    assign_households(second.office, "other")
    made = make_material(second.office, "other", "letter")
    assert (made.touched, made.run.said["touched"]) == (SOME, 3)
    assert show_sending(second.office, "other", "sms-march-20050310-1").touched == SOME
    assert plan_walks(second.office, "other", everybody=True, days=14).touched == SOME
