"""Who does not want to be contacted gets no paper, and the making says how many that are."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import Any

import pytest
from docx import Document

from outreach.errors import Conflict
from outreach.services.contacts import record_attempt
from outreach.services.materials import make_material
from outreach.services.rosters import list_households
from outreach.services.rounds import Choice
from outreach.services.suppressions import lift, suppress


def made_for(town: Any, kind: str, file_format: str, **options: Any) -> tuple[set[tuple[str, int]], dict[str, int]]:
    made = make_material(town.office, "town", kind, file_format=file_format, **options)
    with town.office.store.read() as unit:
        pieces = unit.runs.pieces(made.run.id)
    return {(piece.household, piece.person) for piece in pieces}, dict(made.run.said)


def homes(found: set[tuple[str, int]]) -> set[str]:
    return {code for code, _person in found}


@pytest.mark.parametrize(("kind", "file_format"), [("letter", "docx"), ("envelope", "pdf"), ("label", "pdf")])
def test_a_household_that_wants_no_letters_gets_none_and_no_envelope_and_label(
    town: Any, kind: str, file_format: str
) -> None:
    everybody, _said = made_for(town, kind, file_format)
    wish = suppress(town.office, "H002", reason="asked", channel="letter")
    left, said = made_for(town, kind, file_format)
    assert homes(everybody) - homes(left) == {"H002"}
    assert said["suppressed"] == 1
    lift(town.office, wish.id)
    assert made_for(town, kind, file_format)[0] == everybody


def test_a_wish_against_letters_leaves_the_card_and_one_person_leaves_the_others(town: Any) -> None:
    everybody, _said = made_for(town, "card", "pdf")
    suppress(town.office, "H002", reason="asked", channel="letter")
    assert made_for(town, "card", "pdf")[0] == everybody
    suppress(town.office, "H001", reason="ill", person=2)
    assert everybody - made_for(town, "card", "pdf")[0] == {("H001", 2)}
    assert "H001" in homes(made_for(town, "letter", "docx")[0])  # the letter is for the household


def test_a_wish_counts_on_the_printed_day_only(town: Any) -> None:
    suppress(town.office, "H002", reason="away", starts=dt.date(2005, 7, 1), until=dt.date(2005, 7, 31))
    for day, gets in ((dt.date(2005, 6, 30), True), (dt.date(2005, 7, 31), False), (dt.date(2005, 8, 1), True)):
        assert ("H002" in homes(made_for(town, "letter", "docx", day=day)[0])) == gets


def test_notices_on_doors_are_made_all_the_same(town: Any) -> None:
    for code in ("H001", "H002"):
        suppress(town.office, code, reason="asked")
    assert "suppressed" not in made_for(town, "notice", "pdf")[1]


def test_where_nobody_is_left_nothing_is_made(town: Any) -> None:
    suppress(town.office, "H002", reason="asked")
    with pytest.raises(Conflict, match="everybody chosen is not to be contacted"):
        make_material(town.office, "town", "letter", choice=Choice(households=("H002",)))
    with town.office.store.read() as unit:
        assert unit.runs.all(town.office.workspace.zone) == []


def test_a_making_tells_which_households_another_campaign_was_at(town: Any) -> None:
    other = town.root / "campaigns" / "other"
    shutil.copytree(town.root / "campaigns" / "town", other)
    file = other / "campaign.toml"
    file.write_text(file.read_text("utf-8").replace('name = "town"', 'name = "other"', 1), "utf-8")
    now = town.clock.present
    for code, days in (("H001", 13), ("H002", 15)):
        record_attempt(
            town.office, "other", code, channel="visit", disposition="nobody_home", at=now - dt.timedelta(days=days)
        )
    record_attempt(town.office, "town", "H003", channel="visit", disposition="nobody_home")
    assert made_for(town, "letter", "docx")[1]["touched"] == 1
    assert make_material(town.office, "town", "letter").touched == ("H001",)
    settings = town.root / "outreach.toml"
    text = settings.read_text("utf-8")
    assert "touch_days = 14" in text
    settings.write_text(text.replace("touch_days = 14", "touch_days = 0"), "utf-8")
    town.office = town.reopen()
    assert "touched" not in made_for(town, "letter", "docx")[1]


def words_of(made: Any) -> str:
    """All the words of a run's Word files."""
    paragraphs = []
    for file in made.files:
        document = Document(made.folder / file.name)
        paragraphs += [one.text for one in document.paragraphs]
        paragraphs += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(paragraphs)


def of_home(town: Any, kind: str, code: str) -> Any:
    return make_material(town.office, "town", kind, language="zh", choice=Choice(households=(code,)))


@pytest.mark.parametrize("kind", ["letter", "envelope", "label", "slip"])
def test_a_household_whose_persons_all_asked_for_none_gets_no_piece(town: Any, kind: str) -> None:
    for code, persons in (("H002", 1), ("H001", 2)):
        for person in range(1, persons + 1):
            suppress(town.office, code, person=person, reason="asked", channel="letter")
    made = make_material(town.office, "town", kind)
    with town.office.store.read() as unit:
        assert {"H001", "H002"}.isdisjoint(piece.household for piece in unit.runs.pieces(made.run.id))
    assert made.run.said["suppressed"] == 2
    with pytest.raises(Conflict, match="everybody chosen is not to be contacted"):
        of_home(town, kind, "H001")


def test_where_one_of_two_asked_for_none_the_letter_goes_to_the_other_alone(town: Any) -> None:
    (first, second) = (one.name for one in list_households(town.office)[0].persons)
    both = words_of(of_home(town, "letter", "H001"))
    assert first in both
    assert second in both
    suppress(town.office, "H001", person=2, reason="asked", channel="letter")
    made = of_home(town, "letter", "H001")
    assert first in words_of(made)
    assert second not in words_of(made)
    assert made.run.said["without"] == 1


def test_who_has_died_is_written_to_no_more_and_a_household_of_the_dead_gets_nothing(town: Any) -> None:
    (_first, second) = (one.name for one in list_households(town.office)[0].persons)
    record_attempt(town.office, "town", "H001", channel="visit", disposition="died", person=2)
    lone = record_attempt(town.office, "town", "H002", channel="visit", disposition="died")
    assert second not in words_of(of_home(town, "letter", "H001"))
    left, said = made_for(town, "letter", "docx")
    assert "H002" not in homes(left)
    assert (said["died"], said["without"]) == (1, 1)
    assert {("H001", 2), ("H002", 1)}.isdisjoint(made_for(town, "card", "pdf")[0])
    with pytest.raises(Conflict, match="everybody chosen has died"):
        of_home(town, "envelope", "H002")
    # It was another household: what is corrected counts no more.
    record_attempt(town.office, "town", "H002", channel="visit", disposition="nobody_home", corrects=lone.id)
    assert "H002" in homes(made_for(town, "letter", "docx")[0])


def test_a_death_and_a_wish_together_leave_nobody_to_write_to(town: Any) -> None:
    record_attempt(town.office, "town", "H001", channel="visit", disposition="died", person=1)
    suppress(town.office, "H001", person=2, reason="asked")
    left, said = made_for(town, "letter", "docx")
    assert "H001" not in homes(left)
    assert said["suppressed"] == 1
