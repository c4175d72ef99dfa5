"""The facts the register keeps: phones, names, addresses, hours, dates, booths, and the pieces that carry them."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.services.campaigns import campaign_digest
from outreach.services.materials import copy_kind, make_material
from outreach.services.printed import phones_in, ranges
from outreach.services.rosters import import_officers
from outreach.services.runs import show_run
from outreach.services.territories import present_posts


def held(town: Any, number: int = 1) -> dict[tuple[str, str], tuple[str, tuple[tuple[int, int], ...]]]:
    return {
        (one.fact.kind, one.fact.subject): (one.fact.value, one.ranges) for one in show_run(town.office, number).facts
    }


def numbers(spans: tuple[tuple[int, int], ...]) -> set[int]:
    return {number for first, last in spans for number in range(first, last + 1)}


def test_each_officers_phones_and_name_are_held_by_just_the_pieces_of_that_officer(town: Any) -> None:
    make_material(town.office, "", "card")
    facts = held(town)
    pieces = show_run(town.office, 1).pieces
    for code in ("Y01", "Y02", "Y03", "Y04"):
        own = {piece.number for piece in pieces if piece.officer == code}
        for kind, leaf in (
            ("phone", "mobile"),
            ("phone", "home_phone"),
            ("phone", "office_phone"),
            ("officer", "name"),
        ):
            assert numbers(facts[kind, f"{code} {leaf}"][1]) == own
    assert numbers(facts["phone", "bureau hotline"][1]) == {piece.number for piece in pieces}


def test_a_letter_holds_its_households_address_and_its_date(town: Any) -> None:
    make_material(town.office, "", "letter")
    facts = held(town)
    for piece in show_run(town.office, 1).pieces:
        assert facts["address", f"{piece.household} address"][1] == ((piece.number, piece.number),)
    assert facts["address", "bureau address"][0] == "小镇云鹤路 9 号"
    if ("date", "date") in facts:
        assert facts["date", "date"][0] == "2005年6月15日"


@pytest.mark.parametrize(
    "written", ["0700-5550112", "0700 555 0112", "07005550112", "（0700）5550112", "０７００－５５５０１１２"]
)
def test_a_phone_typed_into_a_message_is_a_fact_however_it_is_grouped(town: Any, written: str) -> None:
    town.edit_campaign(("养老保险断了能续上。", f"断了能续上，{written}。"))
    make_material(town.office, "", "crawl")
    assert held(town)["phone", "bureau complaint_phone"] == ("0700-5550112", ((1, 1),))


def test_an_officers_phone_typed_into_a_paragraph_is_held_by_every_letter(town: Any) -> None:
    town.edit_campaign(("请找{{ officer.name }}，{{ officer.mobile }}。", "总值班 121 0555 0004。"))
    make_material(town.office, "", "letter")
    assert held(town)["phone", "Y04 mobile"][1] == ((1, 30),)


def test_a_phone_of_two_officers_is_that_of_the_one_the_piece_names(town: Any) -> None:
    rows = [row | {"办公电话": "0700-5550021"} for row in town.officer_rows()]
    import_officers(town.office, town.table(rows))
    make_material(town.office, "", "notice")
    details = show_run(town.office, 1)
    facts = held(town)
    shared = {subject: numbers(spans) for (_kind, subject), (value, spans) in facts.items() if value == "0700-5550021"}
    mobiles = {subject: numbers(spans) for (_kind, subject), (_value, spans) in facts.items() if "mobile" in subject}
    assert {subject.replace("mobile", "office_phone"): held_by for subject, held_by in mobiles.items()} == shared
    assert set.union(*shared.values()) == {piece.number for piece in details.pieces}


def test_a_poster_holds_its_booths_and_a_notice_its_day_of_removal(town: Any) -> None:
    make_material(town.office, "", "poster")
    make_material(town.office, "", "notice")
    assert held(town)["booth", "长途汽车站"][0] == "5月1日至3日 08:00–12:00, 13:00–17:00"
    assert held(town, 2)["date", "remove_by"][0] == "2005年4月30日"


def test_a_kind_holds_just_the_facts_it_declares(town: Any) -> None:
    manifest = copy_kind(town.workspace, "notice") / "material.toml"
    make_material(town.office, "", "notice")
    assert ("phone", "bureau hotline") in held(town)
    # The layout goes on printing what the officers' codes carry, and no longer the hotline.
    layout = manifest.with_name("notice.typ")
    layout.write_text(layout.read_text("utf-8").replace("values.bureau.hotline", '"-"'), "utf-8")
    text = manifest.read_text("utf-8")
    start = text.index('[variables."bureau.hotline"]')
    manifest.write_text(text[:start] + text[text.index("[variables", start + 5) :], "utf-8")
    make_material(town.office, "", "notice")
    facts = held(town, 2)
    assert ("phone", "bureau hotline") not in facts
    assert ("phone", "Y01 mobile") in facts


def test_what_is_of_one_household_stays_out_of_the_manifest_that_goes_to_the_printer(town: Any) -> None:
    made = make_material(town.office, "", "letter")
    manifest = (made.folder / "manifest.json").read_text("utf-8")
    assert "bureau hotline" in manifest
    assert not any(f"{code} address" in manifest for code in present_posts(town.office, ""))


def test_the_campaigns_digest_follows_its_questions_and_pictures_too(town: Any) -> None:
    folder = town.campaign_file.parent
    seen = {campaign_digest(town.workspace, "town")}
    (folder / "qa.toml").write_text("# nothing yet\n", "utf-8")
    seen.add(campaign_digest(town.workspace, "town"))
    (folder / "pictures").mkdir()
    (folder / "pictures" / "hall.jpg").write_bytes(b"one")
    seen.add(campaign_digest(town.workspace, "town"))
    (folder / "pictures" / "hall.jpg").write_bytes(b"two")
    seen.add(campaign_digest(town.workspace, "town"))
    assert len(seen) == 4
    (folder / "notes.txt").write_text("not printed", "utf-8")
    assert campaign_digest(town.workspace, "town") in seen


def test_phones_are_found_whole_and_not_within_other_numbers() -> None:
    known = {"12333", "07005550100", "12105550001"}
    assert phones_in("拨 12333 或 0700-5550100。", known) == {"12333", "07005550100"}
    assert phones_in("+86 121 0555 0001", known) == {"12105550001"}
    assert phones_in("编号 1233300 与 912333 及 2005 1233", known) == set()
    assert phones_in("没有号码", known) == set()


def test_numbers_become_ranges() -> None:
    assert list(ranges([1, 2, 3, 7, 9, 10])) == [(1, 3), (7, 7), (9, 10)]
    assert list(ranges([])) == []
