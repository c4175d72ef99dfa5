"""Recall: paper that has become untrue is found with everybody who holds it, replaced, and found no more."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.pieces import PieceState
from outreach.errors import Conflict, NotFound
from outreach.services.materials import make_material
from outreach.services.piece_states import Change, record_state
from outreach.services.recall import Recall, Wanted, recall
from outreach.services.rosters import import_households, import_officers
from outreach.services.rounds import Choice
from outreach.services.runs import find_run, list_runs, resume_run, show_run
from outreach.services.territories import present_posts
from outreach.services.verify import verify_run

ALL = Wanted()


def look(town: Any, wanted: Wanted = ALL, *, make: bool = False) -> Recall:
    return recall(town.office, "", wanted, make=make)


def change_officer(town: Any, code: str, **values: str) -> None:
    rows = [row | values if row["工号"] == code else row for row in town.officer_rows()]
    import_officers(town.office, town.table(rows, "officers.csv"))


def everything(town: Any) -> None:
    for kind in ("letter", "card", "notice", "poster"):
        make_material(town.office, "", kind)


def test_fresh_paper_is_not_stale_and_a_month_alone_makes_it_not_so(town: Any) -> None:
    everything(town)
    assert look(town).stale == ()
    town.clock.present += dt.timedelta(days=40)
    assert look(town).stale == ()
    assert look(town, make=True).made == ()


def test_a_new_mobile_recalls_just_that_officers_paper_and_the_replacements_end_it(town: Any) -> None:
    everything(town)
    change_officer(town, "Y02", 手机="12105559999")
    found = look(town)
    posts = present_posts(town.office, "")
    own = {code for code, post in posts.items() if post == "G02"}
    letters = [piece for piece in found.stale if piece.kind == "letter"]
    cards = [piece for piece in found.stale if piece.kind == "card"]
    assert {piece.household for piece in letters} == own == {piece.household for piece in cards}
    persons = [row for row in town.household_rows() if row["户号"] in own]
    assert (len(letters), len(cards)) == (len(own), len(persons))
    assert {(one.fact.subject, one.fact.value, one.present) for piece in letters for one in piece.facts} == {
        ("Y02 mobile", "121 0555 0002", "121 0555 9999")
    }
    doors = [piece for piece in found.stale if piece.kind == "notice"]
    assert doors
    assert all(piece.entrance and not piece.household for piece in doors)
    assert not [piece for piece in found.stale if piece.kind == "poster"]

    done = look(town, make=True)
    assert [(one.run.kind, one.run.replaces) for one in done.made] == [
        ("card", (2,)),
        ("letter", (1,)),
        ("notice", (3,)),
    ]
    made = {one.run.kind: show_run(town.office, one.run.number).pieces for one in done.made}
    assert [(p.household, p.person) for p in made["letter"]] == [(p.household, p.person) for p in letters]
    # A card made again keeps its number.
    assert [(p.number, p.household, p.person) for p in made["card"]] == [
        (p.number, p.household, p.person) for p in cards
    ]
    assert {p.entrance for p in made["notice"]} == {p.entrance for p in doors}
    assert look(town).stale == ()
    assert [verify_run(town.office, one.run.number).flaws for one in done.made] == [(), (), ()]


def test_an_officer_who_is_replaced_makes_paper_with_the_old_name_stale(town: Any) -> None:
    make_material(town.office, "", "card")
    rows = town.officer_rows()
    rows[0] |= {"岗位": ""}
    new = rows[1] | {"工号": "Y09", "姓名": "新来的", "岗位": "G01", "手机": "12105550909"}
    import_officers(town.office, town.table([*rows, new], "officers.csv"))
    found = look(town)
    posts = present_posts(town.office, "")
    assert {posts[piece.household] for piece in found.stale} == {"G01"}
    assert {piece.officer for piece in found.stale} == {"Y09"}
    assert {piece.printed_officer for piece in found.stale} == {"Y01"}
    facts = {one.fact.subject: one for one in found.stale[0].facts}
    assert (facts["Y01 name"].fact.value, facts["Y01 name"].present) == ("梁若舟", "新来的")
    assert facts["Y01 mobile"].present == "121 0555 0909"
    look(town, make=True)
    assert look(town).stale == ()


def test_a_post_that_nobody_holds_is_listed_and_named_when_replacing(town: Any) -> None:
    make_material(town.office, "", "letter")
    make_material(town.office, "", "notice")
    rows = town.officer_rows()
    rows[2] |= {"岗位": ""}
    import_officers(town.office, town.table(rows, "officers.csv"))
    posts = present_posts(town.office, "")
    letters = [piece for piece in look(town).stale if piece.kind == "letter"]
    assert {posts[piece.household] for piece in letters} == {"G03"}
    assert {piece.officer for piece in letters} == {""}
    doors = [piece for piece in look(town).stale if piece.kind == "notice"]
    assert {one.fact.subject.split()[0] for piece in doors for one in piece.facts} == {"Y03"}
    with pytest.raises(Conflict, match="G03"):
        look(town, make=True)
    assert len(list_runs(town.office)) == 2


def test_a_new_hotline_recalls_everything_that_prints_it(town: Any) -> None:
    everything(town)
    make_material(town.office, "", "letter", language="en", file_format="pdf")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))
    found = look(town)
    assert {piece.run for piece in found.stale} == {1, 2, 3, 4, 5}
    done = look(town, make=True)
    assert {(one.run.kind, one.run.format, one.run.language) for one in done.made} == {
        ("letter", "docx", "zh"),
        ("letter", "pdf", "en"),
        ("card", "pdf", "zh"),
        ("notice", "pdf", "zh"),
        ("poster", "pdf", "zh"),
    }
    assert look(town).stale == ()


def test_a_booth_that_opens_at_other_hours_recalls_the_poster(town: Any) -> None:
    everything(town)
    town.edit_campaign(('times = ["08:00-12:00", "13:00-17:00"]', 'times = ["09:00-12:00"]'))
    (piece,) = look(town).stale
    assert (piece.kind, piece.facts[0].fact.kind, piece.facts[0].present) == (
        "poster",
        "booth",
        "5月1日至3日 09:00–12:00",
    )


MAYDAY = """[[flights]]
id = "booth-mayday"
channel = "booth"
starts = 2005-05-01
ends = 2005-05-03
times = ["08:00-12:00", "13:00-17:00"]
"""


def booth(name: str, place: str, staff: str, **changed: str) -> str:
    said = {"starts": "2005-05-01", "ends": "2005-05-03", "times": '["08:00-12:00", "13:00-17:00"]'} | changed
    return f"""[[flights]]
id = "{name}"
channel = "booth"
starts = {said["starts"]}
ends = {said["ends"]}
times = {said["times"]}
message = "renew"
place_zh = "{place}"
place_en = "{name}"
heads = 1
staff = ["{staff}"]

"""


def test_a_booth_on_a_shared_line_is_paired_with_its_own_new_hours(town: Any) -> None:
    spring = {"starts": "2005-03-05", "ends": "2005-03-06"}
    february = booth("spring-city", "短途汽车站", "G01", **spring)
    others = booth("spring-long", "长途汽车站", "G02", **spring)
    town.edit_campaign((MAYDAY, others + february + booth("mayday-city", "短途汽车站", "G03") + MAYDAY))
    town.edit_campaign(('staff = ["G01", "G02", "G03", "G04"]', 'staff = ["G01", "G02", "G04"]'))
    make_material(town.office, "", "poster")
    changed = booth("spring-city", "短途汽车站", "G01", **spring, times='["08:00-12:00", "14:00-18:00"]')
    town.edit_campaign((february, changed))
    (piece,) = look(town).stale
    (stale,) = piece.facts
    assert stale.fact.subject == "长途汽车站、短途汽车站"
    assert stale.fact.value == "3月5日至6日 08:00–12:00, 13:00–17:00"
    assert stale.present == (
        "长途汽车站 3月5日至6日 08:00–12:00, 13:00–17:00; 短途汽车站 3月5日至6日 08:00–12:00, 14:00–18:00"
    )
    town.edit_campaign((others, ""))
    town.edit_campaign((changed, booth("spring-city", "短途汽车站", "G01", **spring)))
    (piece,) = look(town).stale
    assert piece.facts[0].present == "短途汽车站 3月5日至6日 08:00–12:00, 13:00–17:00"


def test_what_came_back_was_removed_or_lost_does_not_count(town: Any) -> None:
    make_material(town.office, "", "letter")
    make_material(town.office, "", "notice")
    record_state(town.office, 1, [], Change(PieceState.HANDED_OVER))
    record_state(town.office, 1, [(1, 20)], Change(PieceState.RETURNED, reason="moved"))
    record_state(town.office, 2, [], Change(PieceState.POSTED))
    record_state(town.office, 2, [(1, 3)], Change(PieceState.REMOVED))
    record_state(town.office, 2, [(4, 5)], Change(PieceState.MISSING))
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))
    found = look(town)
    assert [piece.number for piece in found.stale if piece.run == 1] == list(range(21, 31))
    assert [piece.number for piece in found.stale if piece.run == 2] == [6, 7, 8]
    assert {piece.state for piece in found.stale} == {PieceState.HANDED_OVER, PieceState.POSTED}


def test_an_older_letter_counts_again_where_the_newer_one_came_back(town: Any) -> None:
    make_material(town.office, "", "letter")
    change_officer(town, "Y01", 手机="12105550901")
    make_material(town.office, "", "letter", choice=Choice(posts=("G01",)))
    assert look(town).stale == ()
    record_state(town.office, 2, [], Change(PieceState.HANDED_OVER))
    record_state(town.office, 2, [(1, 1)], Change(PieceState.RETURNED, reason="refused"))
    (piece,) = look(town).stale
    assert (piece.run, piece.number) == (1, 1)


def test_a_recall_is_narrowed_by_fact_kind_and_post(town: Any) -> None:
    everything(town)
    change_officer(town, "Y01", 手机="12105550901", 办公电话="0700-5550921")
    town.edit_campaign(('hours = "08:00-22:00"', 'hours = "09:00-21:00"'))

    def facts(wanted: Wanted) -> set[str]:
        return {one.fact.subject for piece in look(town, wanted).stale for one in piece.facts}

    assert facts(ALL) == {"Y01 mobile", "Y01 office_phone", "bureau hours"}
    for words in ("G01 mobile", "Y01 mobile", "121 0555 0001", "12105550001"):
        assert facts(Wanted(facts=(words,))) == {"Y01 mobile"}, words
    assert facts(Wanted(facts=("bureau hours",), kinds=("letter",))) == {"bureau hours"}
    assert {piece.kind for piece in look(town, Wanted(kinds=("letter",))).stale} == {"letter"}
    posts = present_posts(town.office, "")
    narrowed = look(town, Wanted(kinds=("letter",), posts=("G02",))).stale
    assert {posts[piece.household] for piece in narrowed} == {"G02"}
    doors = look(town, Wanted(kinds=("notice",), posts=("G01",), facts=("Y01 mobile",))).stale
    assert {piece.officer for piece in doors} == {"Y01"}
    for unknown in (Wanted(kinds=("banner",)), Wanted(posts=("G99",))):
        with pytest.raises(NotFound):
            look(town, unknown)
    done = look(town, Wanted(facts=("G01 mobile",), kinds=("card",)), make=True)
    assert [one.run.kind for one in done.made] == ["card"]
    # The new cards are right in everything.
    assert "card" not in {piece.kind for piece in look(town, Wanted(facts=("Y01",))).stale}


def test_a_text_that_still_says_the_old_number_stops_the_replacement(town: Any) -> None:
    town.edit_campaign(
        ("养老保险断了能续上。", "断了能续上，请拨 0700-5550100。"), ("ends = 2005-03-13", "ends = 2005-06-30")
    )
    make_material(town.office, "", "crawl")
    make_material(town.office, "", "letter")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))
    assert {piece.kind for piece in look(town).stale} == {"crawl", "letter"}
    with pytest.raises(Conflict, match="still says 0700-5550100") as caught:
        look(town, make=True)
    assert "crawl-spring" in str(caught.value)
    assert len(list_runs(town.office)) == 2
    town.edit_campaign(("请拨 0700-5550100", "请拨 0700-5550199"))
    assert len(look(town, make=True).made) == 2
    assert look(town).stale == ()


def test_what_was_aired_and_is_over_cannot_be_called_back(town: Any) -> None:
    make_material(town.office, "", "crawl")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))
    assert look(town).stale == ()  # the flight ended in March
    town.clock.present = dt.datetime(2005, 3, 8, 9, tzinfo=town.clock.present.tzinfo)
    assert [piece.kind for piece in look(town).stale] == ["crawl"]


def test_a_household_that_moved_gets_a_letter_with_its_new_address(town: Any) -> None:
    make_material(town.office, "", "letter")
    rows = [row | {"房号": "999"} if row["户号"] == "H004" else row for row in town.household_rows()]
    import_households(town.office, town.table(rows, "moved.csv"))
    (piece,) = look(town).stale
    assert piece.household == "H004"
    assert "999室" in piece.facts[0].present
    look(town, make=True)
    assert look(town).stale == ()


class CutShort(BaseException):
    """The plug is pulled."""


def test_a_recall_killed_between_two_runs_goes_on_where_it_was(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    make_material(town.office, "", "letter")
    make_material(town.office, "", "card")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))
    calls: list[str] = []

    def once(*arguments: Any, **options: Any) -> Any:
        if calls:
            raise CutShort
        calls.append("made")
        return make_material(*arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr("outreach.services.recall.make_material", once)
        with pytest.raises(CutShort):
            look(town, make=True)
    assert {piece.kind for piece in look(town).stale} == {"letter"}
    assert [one.run.kind for one in look(town, make=True).made] == ["letter"]
    assert look(town).stale == ()


def test_a_recall_killed_in_the_middle_of_a_run_is_resumed_before_the_next(town: Any) -> None:
    make_material(town.office, "", "letter", separate=True)
    make_material(town.office, "", "card")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))

    def cut(done: int, _total: int) -> None:
        if done > 45:  # in the letters, behind the 40 cards
            raise CutShort

    with pytest.raises(CutShort):
        recall(town.office, "", ALL, make=True, progress=cut)
    assert [run.state for run in list_runs(town.office)] == ["whole", "whole", "whole", "open"]
    assert find_run(town.office, 4).replaces == (1,)
    for make in (False, True):
        with pytest.raises(Conflict, match="run resume 4"):
            look(town, make=make)
    resume_run(town.office, 4)
    assert look(town).stale == ()
    assert verify_run(town.office, 4).flaws == ()
    assert len(show_run(town.office, 4).files) == 30


def test_a_corrected_answer_recalls_the_booklet_that_prints_the_old_one(town: Any) -> None:
    qa = town.campaign_file.parent / "qa.toml"
    shipped = Path(__file__).parents[2] / "campaigns" / "yingcheng" / "qa.toml"
    qa.write_text(shipped.read_text("utf-8"), "utf-8")
    make_material(town.office, "", "booklet")
    assert look(town).stale == ()
    text = qa.read_text("utf-8")
    place = text.index("。", text.index('answer = "'))
    qa.write_text(text[:place] + "（已更正）" + text[place:], "utf-8")
    (piece,) = look(town).stale
    (stale,) = piece.facts
    assert (piece.kind, stale.fact.kind, len(stale.present)) == ("booklet", "answer", 8)
    assert stale.fact.value != stale.present
    look(town, make=True)
    assert look(town).stale == ()
