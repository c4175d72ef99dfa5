"""Posting lists: every entrance on one list, in walking order, with how many notices to print."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pypdfium2

from outreach.services.campaigns import load_campaign
from outreach.services.gathering import gather
from outreach.services.materials import find_kind, make_material
from outreach.services.rounds import EVERYTHING, Choice
from outreach.services.runs import show_run

DAY = dt.date(2005, 3, 7)


def pieces(town: Any, kind: str, choice: Choice = EVERYTHING) -> list[Any]:
    campaign = load_campaign(town.workspace, "town")
    return gather(town.office, campaign, find_kind(town.workspace, kind), "pdf", "zh", DAY, choice)


def test_every_entrance_is_on_one_list_under_the_number_of_its_notice(town: Any) -> None:
    notices = {str(piece.number): piece.values["entrance"]["address"] for piece in pieces(town, "notice")}
    listed = [(door["number"], door["address"]) for piece in pieces(town, "posting") for door in piece.values["doors"]]
    assert dict(listed) == notices
    assert len(listed) == len(notices)


def test_each_list_runs_in_walking_order_and_names_the_officer_with_most_homes_there(town: Any) -> None:
    first = {str(piece.number): piece.values["officers"][0]["name"] for piece in pieces(town, "notice")}
    for piece in pieces(town, "posting"):
        numbers = [int(door["number"]) for door in piece.values["doors"]]
        assert numbers == sorted(numbers)
        assert {first[str(number)] for number in numbers} == {piece.values["officer"]["name"]}


def test_the_quantity_counts_copies_and_rounds_the_spare_ones_up(town: Any) -> None:
    town.edit_campaign(("remove_by = 2005-04-30", "remove_by = 2005-04-30\ncopies = 3\nspare_percent = 10"))
    for piece in pieces(town, "posting"):
        doors, sums = len(piece.values["doors"]), piece.values["totals"]
        assert (sums["doors"], sums["copies"]) == (str(doors), str(3 * doors))
        assert int(sums["print"]) == 3 * doors + -(-3 * doors // 10)


def test_a_notice_made_for_one_post_keeps_its_number(town: Any) -> None:
    whole = {piece.entrance: piece.number for piece in pieces(town, "notice")}
    some = pieces(town, "notice", Choice(posts=("G03",)))
    assert 0 < len(some) < len(whole)
    assert all(whole[piece.entrance] == piece.number for piece in some)


def test_the_list_and_the_record_sheet_both_print_every_door(town: Any) -> None:
    made = make_material(town.office, "town", "posting", day=DAY)
    details = show_run(town.office, made.run.number)
    wanted = {piece.officer: piece.values["doors"] for piece in pieces(town, "posting")}
    for row in details.pieces:
        document = pypdfium2.PdfDocument(made.folder / row.file)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        for title in ("门栋告示张贴清单", "张贴、缺失、撤下登记表", "2005 年 4 月 30 日"):
            assert title.replace(" ", "") in text.replace(" ", "")
        squeezed = "".join(text.split())
        for door in wanted[row.officer]:
            assert squeezed.count("".join(door["address"].split())) >= 2
