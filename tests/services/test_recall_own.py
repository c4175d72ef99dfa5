"""Recall of what somebody may see of: an officer's own paper alone, and of walk lists those still to be walked."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from outreach.domain.role import Role
from outreach.services.materials import make_material
from outreach.services.recall import StalePiece, Wanted, recall
from outreach.services.rosters import import_officers
from outreach.services.rounds import Choice
from outreach.services.runs import show_run
from outreach.services.territories import present_posts
from outreach.services.walk_planning import plan_walks
from outreach.services.walks import list_walks, withdraw_walk
from outreach.store.scope import Scope


def stale_to(town: Any, officer: str, role: Role = Role.OFFICER) -> tuple[StalePiece, ...]:
    """What a recall by that officer, or somebody else of that role, shows."""
    with closing(town.office.store.limited(Scope(role, "somebody", officer))) as store:
        return recall(replace(town.office, store=store, whole_store=town.office.store), "", Wanted()).stale


def stale(town: Any) -> tuple[StalePiece, ...]:
    return recall(town.office, "", Wanted()).stale


def change_officer(town: Any, code: str, **values: str) -> None:
    rows = [row | values if row["工号"] == code else row for row in town.officer_rows()]
    import_officers(town.office, town.table(rows, "officers.csv"))


def said(pieces: tuple[StalePiece, ...]) -> set[tuple[str, str, str]]:
    return {(piece.kind, one.fact.subject, one.present) for piece in pieces for one in piece.facts}


def share_an_entrance(town: Any) -> None:
    """A household of G01's moves to a door where G02 is in charge, and stays with G01."""
    posts = present_posts(town.office, "")
    moved = min(code for code, post in posts.items() if post == "G01")
    door = next(row for row in town.household_rows() if posts[row["户号"]] == "G02")
    place = {name: door[name] for name in ("社区", "小区", "楼栋", "门栋", "单元", "楼层")}
    town.edit_household(moved, **place, 房号="998")


def everything(town: Any) -> None:
    share_an_entrance(town)
    plan_walks(town.office, "", everybody=True, days=14)
    for kind in ("posting", "walk", "notice", "poster", "letter", "card"):
        make_material(town.office, "", kind)
    make_material(town.office, "", "label", choice=Choice(posts=("G02",)))


def test_to_an_officer_paper_that_is_true_is_not_stale_because_colleagues_are_hidden(town: Any) -> None:
    everything(town)
    assert stale(town) == ()
    for officer in ("Y01", "Y02", "Y03", "Y04"):
        assert stale_to(town, officer) == (), officer
    for role in (Role.PLANNER, Role.PUBLICITY):
        assert stale_to(town, "", role) == (), role
    # Nor to somebody who holds no post and sees no household at all.
    assert stale_to(town, "Y99") == ()


def test_an_officer_finds_their_own_lists_with_their_old_mobile_and_no_colleagues(town: Any) -> None:
    everything(town)
    change_officer(town, "Y02", 手机="12105559999")
    own = stale_to(town, "Y02")
    assert said(own) == {(kind, "Y02 mobile", "121 0555 9999") for kind in ("posting", "walk", "notice")}
    assert {piece.placement.rpartition("-")[2] for piece in own if piece.kind != "notice"} == {"G02"}
    everywhere = {(piece.run, piece.number) for piece in stale(town)}
    assert {(piece.run, piece.number) for piece in own} <= everywhere
    others = [piece for officer in ("Y01", "Y03", "Y04") for piece in stale_to(town, officer)]
    # Colleagues of the same entrance share its notice, and nothing else.
    assert {piece.kind for piece in others} == {"notice"}
    assert {(piece.run, piece.number) for piece in others} <= everywhere


def test_an_officer_finds_the_stale_letters_of_a_run_that_is_theirs_alone(town: Any) -> None:
    make_material(town.office, "", "letter", choice=Choice(posts=("G02",)))
    make_material(town.office, "", "letter", choice=Choice(posts=("G01",)))
    change_officer(town, "Y02", 手机="12105559999")
    own = {code for code, post in present_posts(town.office, "").items() if post == "G02"}
    assert {piece.household for piece in stale_to(town, "Y02")} == own
    assert said(stale_to(town, "Y02")) == {("letter", "Y02 mobile", "121 0555 9999")}
    assert stale_to(town, "Y01") == ()


def test_who_takes_over_a_post_finds_the_paper_that_names_who_had_it(town: Any) -> None:
    make_material(town.office, "", "posting")
    make_material(town.office, "", "notice")
    rows = town.officer_rows()
    rows[0] |= {"岗位": ""}
    new = rows[1] | {"工号": "Y09", "姓名": "新来的", "岗位": "G01", "手机": "12105550909"}
    import_officers(town.office, town.table([*rows, new], "officers.csv"))
    found = stale_to(town, "Y09")
    assert ("posting", "Y01 name", "新来的") in said(found)
    assert {piece.placement for piece in found if piece.kind == "posting"} == {"G01"}
    assert {subject.split()[0] for _kind, subject, _present in said(found)} == {"Y01"}
    assert {piece.number for piece in found if piece.kind == "notice"} <= {
        piece.number for piece in stale(town) if piece.kind == "notice"
    }


def test_walk_lists_that_expired_or_were_withdrawn_are_no_stale_paper(town: Any) -> None:
    plan_walks(town.office, "", everybody=True, days=14)
    make_material(town.office, "", "walk")
    gone = list_walks(town.office, "")[0].list
    withdraw_walk(town.office, "", gone.number)
    assert stale(town) == ()
    change_officer(town, gone.officer, 手机="12105559999")
    assert gone.number not in {piece.number for piece in stale(town)}
    town.clock.present += dt.timedelta(days=60)
    assert stale(town) == ()


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_live_walk_list_with_an_old_mobile_is_found_and_made_again(town: Any, *, withdrawn: bool) -> None:
    plan_walks(town.office, "", everybody=True, days=14)
    make_material(town.office, "", "walk")
    lists = list_walks(town.office, "")
    if withdrawn:
        withdraw_walk(town.office, "", next(one.list.number for one in lists if one.list.post == "G01"))
    change_officer(town, "Y02", 手机="12105559999")
    own = {one.list.number for one in lists if one.list.post == "G02"}
    assert {piece.number for piece in stale(town)} == own
    assert said(stale(town)) == {("walk", "Y02 mobile", "121 0555 9999")}
    (made,) = recall(town.office, "", Wanted(), make=True).made
    assert {piece.number for piece in show_run(town.office, made.run.number).pieces} == own
    assert stale(town) == ()


def test_a_live_list_whose_officer_left_names_the_new_one_and_keeps_no_other_from_being_made(town: Any) -> None:
    plan_walks(town.office, "", everybody=True, days=14)
    make_material(town.office, "", "walk")
    lists = list_walks(town.office, "")
    rows = town.officer_rows()
    rows[0] |= {"岗位": ""}
    rows[1] |= {"手机": "12105559999"}
    new = rows[1] | {"工号": "Y09", "姓名": "新来的", "岗位": "G01", "手机": "12105550909"}
    import_officers(town.office, town.table([*rows, new], "officers.csv"))
    found = stale(town)
    posts = {one.list.number: one.list.post for one in lists}
    assert {posts[piece.number] for piece in found} == {"G01", "G02"}
    assert said(tuple(piece for piece in found if posts[piece.number] == "G01")) == {
        ("walk", "Y01 name", "新来的"),
        ("walk", "Y01 mobile", "121 0555 0909"),
    }
    (made,) = recall(town.office, "", Wanted(), make=True).made
    assert {posts[piece.number] for piece in show_run(town.office, made.run.number).pieces} == {"G02"}
    # The list of whoever left is not replaced: it is to be taken back.
    assert {posts[piece.number] for piece in stale(town)} == {"G01"}
    for number in (number for number, post in posts.items() if post == "G01"):
        withdraw_walk(town.office, "", number)
    assert stale(town) == ()
