"""A re-plan counted: one officer on long leave, a transfer, forty new households; who moves, and who is told."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from typing import Any

import openpyxl
import pypdfium2
import pytest
from docx import Document

from outreach.domain.contact import Disposition
from outreach.errors import BadInput, Conflict, NotFound
from outreach.services.absences import add_leave
from outreach.services.contacts import record_attempt
from outreach.services.explanations import explain_assignment
from outreach.services.handover import find_handover, open_promise
from outreach.services.handover_paper import make_handover, write_handover
from outreach.services.history import household_history, list_plans, post_history
from outreach.services.materials import make_material
from outreach.services.recall import Wanted, recall
from outreach.services.rosters import import_households, import_officers
from outreach.services.rounds import Choice
from outreach.services.runs import show_run
from outreach.services.territories import Wish, assign_households, present_posts, show_household

DAY = dt.timedelta(days=1)


def new_households(town: Any) -> list[dict[str, str]]:
    """Forty more, ten at each corner of the town, so that nobody has to make room for them."""
    first = town.household_rows()[1]
    corners = [(113.53, 30.90), (113.50, 30.90), (113.53, 30.93), (113.50, 30.93)]
    return [
        first
        | {
            "户号": f"N{n:03d}", "姓名": f"新户{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'子丑寅卯'[n // 10]}", "手机": "",
            "小区": f"新村{n // 10}", "楼栋": str(n % 10 + 1), "房号": "101",
            "经度": f"{corners[n // 10][0]:.4f}", "纬度": f"{corners[n // 10][1]:.4f}",
        }
        for n in range(40)
    ]  # fmt: skip


@pytest.fixture
def replanned(town: Any) -> Any:
    """G01's officer away for two months, G02 passed to a new officer, forty households more; planned the day after."""
    town.before = present_posts(town.office, "")
    town.clock.present += DAY
    rows = town.officer_rows()
    newcomer = rows[1] | {"工号": "Y09", "姓名": "钱𬭎", "手机": "12105550009"}
    import_officers(town.office, town.table([rows[0], newcomer, *rows[2:]]))
    import_households(town.office, town.table(new_households(town), "new.csv"))
    today = town.clock.present.date()
    add_leave(town.office, "Y01", today, today + 59 * DAY, "产假")
    town.clock.present += DAY
    town.report = assign_households(town.office, "", wish=Wish(reason="梁若舟产假，新增四十户"))
    return town


def moved_posts(town: Any) -> set[str]:
    after = present_posts(town.office, "")
    return {code for code, post in town.before.items() if after[code] != post}


def test_the_counted_moves_are_what_the_plan_said_and_no_plan_has_fewer(replanned: Any) -> None:
    figures = replanned.report.figures
    moved = moved_posts(replanned)
    assert figures["moves"] == len(moved) == figures["moves_least"]
    assert figures["moves_gone"] == sum(post == "G01" for post in replanned.before.values())
    assert replanned.report.moved == len(moved) + 40
    assert replanned.report.away == ("Y01",)
    after = Counter(present_posts(replanned.office, "").values())
    assert "G01" not in after
    assert sorted(after.values()) == [23, 23, 24]


def test_whoever_got_a_farther_officer_for_the_sake_of_fewest_moves_is_told_the_rule(replanned: Any) -> None:
    told = {}
    for code in present_posts(replanned.office, ""):
        view = show_household(replanned.office, "", code)
        assert view.assigned is not None
        why = view.assigned.why
        expected = why["rank"] > 1 and not why["kept_m"] and why["nearer_kept"] > 0
        assert ("(moves = fewest)" in explain_assignment(view)) == expected
        told[code] = expected
    assert any(said for code, said in told.items() if code.startswith("N"))


def test_the_table_of_posts_adds_up(replanned: Any) -> None:
    for post in replanned.report.posts:
        assert post.before - post.lost + post.gained == post.after
    (absent,) = [post for post in replanned.report.posts if post.post == "G01"]
    assert (absent.share, absent.after, absent.lost) == (0, 0, absent.before)


def test_history_tells_every_stretch_with_its_officer_and_why(replanned: Any) -> None:
    code = next(iter(sorted(moved_posts(replanned))))
    first, last = household_history(replanned.office, "", code)[0], household_history(replanned.office, "", code)[-1]
    assert (first.post, first.plan) == (replanned.before[code], 1)
    assert (last.plan, last.reason, last.ends) == (2, "梁若舟产假，新增四十户", None)
    assert first.ends is not None
    assert first.ends <= last.starts


def test_an_officer_who_left_the_post_is_part_of_the_households_history(replanned: Any) -> None:
    stays = [code for code, post in replanned.before.items() if post == "G02" and code not in moved_posts(replanned)]
    held = household_history(replanned.office, "", stays[0])
    assert [(one.post, one.officer) for one in held] == [("G02", "Y02"), ("G02", "Y09")]
    assert (held[0].plan, held[1].plan) == (1, 0)
    assert held[0].ends == held[1].starts


def test_a_posts_history_counts_what_it_got_and_gave(replanned: Any) -> None:
    events = post_history(replanned.office, "", "G01")
    before = sum(post == "G01" for post in replanned.before.values())
    assert [(one.what, one.gained, one.lost, one.households) for one in events if one.what == "plan"] == [
        ("plan", before, 0, before),
        ("plan", 0, before, 0),
    ]
    passed = [(one.what, one.officer) for one in post_history(replanned.office, "", "G02") if one.what != "plan"]
    assert passed == [("took", "Y02"), ("left", "Y02"), ("took", "Y09")]
    assert [plan.number for plan in list_plans(replanned.office, "")] == [1, 2]


def test_the_newest_plans_handover_names_exactly_the_moved(replanned: Any) -> None:
    found = find_handover(replanned.office, "")
    assert set(found.households) == moved_posts(replanned)
    assert len(found.added) == 40
    for pair in found.pairs:
        assert all(replanned.before[row.household.code] == pair.before.post for row in pair.rows)


def test_since_a_day_before_the_transfer_the_newcomers_households_are_in_it_too(replanned: Any) -> None:
    day = replanned.clock.present.date() - DAY
    found = find_handover(replanned.office, "", since=day)
    passed = {code for code, post in replanned.before.items() if post == "G02"}
    assert set(found.households) == moved_posts(replanned) | passed
    ours = find_handover(replanned.office, "", since=day, post="G02")
    assert all("G02" in (pair.before.post, pair.after.post) for pair in ours.pairs)
    assert set(ours.households) >= passed


def test_a_plan_that_changed_nothing_hands_nothing_over(town: Any) -> None:
    town.clock.present += DAY
    assign_households(town.office, "")
    assert find_handover(town.office, "").households == ()
    with pytest.raises(Conflict, match="no household has changed its officer"):
        make_handover(town.office, "", find_handover(town.office, ""))
    assert find_handover(town.office, "", plan=1).added == tuple(sorted(present_posts(town.office, "")))
    with pytest.raises(NotFound, match="no such plan"):
        find_handover(town.office, "", plan=3)


def test_lists_letters_and_cards_are_made_for_exactly_those_concerned(replanned: Any) -> None:
    make_material(replanned.office, "town", "card")
    found = find_handover(replanned.office, "")
    codes = moved_posts(replanned)
    lists, letters, cards = make_handover(replanned.office, "", found, language="zh")
    assert (lists.run.kind, letters.run.kind, cards.run.kind) == ("handover", "handover_letter", "card")
    assert lists.run.pieces == len(found.pairs)
    for made in (letters, cards):
        assert {piece.household for piece in show_run(replanned.office, made.run.number).pieces} == codes
    with replanned.office.store.read() as unit:
        (run,) = [run for run in unit.runs.all(replanned.workspace.zone) if run.number == cards.run.number]
    assert run.replaces == (1,) or list(run.replaces) == [1]


def test_the_list_read_back_has_each_household_with_what_stands_open(replanned: Any) -> None:
    code = min(moved_posts(replanned))
    record_attempt(replanned.office, "", code, channel="visit", disposition="card_handed")
    replanned.clock.present += DAY
    record_attempt(replanned.office, "", code, channel="call", disposition="appointment", note="周六晚七点")
    found = find_handover(replanned.office, "")
    lists = make_handover(replanned.office, "", found, language="zh")[0]
    rows = {}
    for file in lists.files:
        table = Document(str(lists.folder / file.name)).tables[1]
        rows |= {row.cells[1].text: [cell.text for cell in row.cells] for row in table.rows[1:]}
    assert set(rows) == moved_posts(replanned)
    assert "周六晚七点" in rows[code][7]
    assert "另约时间（第2次）" in rows[code][6]
    assert rows[code][8] == "有"
    assert all(row[8] == "无" for other, row in rows.items() if other != code)


def test_the_letter_read_back_names_the_officer_before_and_now_and_no_remark(replanned: Any) -> None:
    code = min(moved_posts(replanned))
    record_attempt(replanned.office, "", code, channel="visit", disposition="appointment", note="脾气急")
    found = find_handover(replanned.office, "")
    letters = make_handover(replanned.office, "", found, language="zh")[1]
    (row,) = [row for pair in found.pairs for row in pair.rows if row.household.code == code]
    (piece,) = [one for one in show_run(replanned.office, letters.run.number).pieces if one.household == code]
    document = pypdfium2.PdfDocument(letters.folder / piece.file)
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    (text,) = [page for page in pages if code in page]
    assert f"由{row.before.name}换成{row.after.name}" in text
    assert "另约时间" in text
    assert "脾气急" not in text


def test_a_phone_that_changes_after_the_letter_makes_it_stale_and_a_later_plan_does_not_lose_it(replanned: Any) -> None:
    letters = make_handover(replanned.office, "", find_handover(replanned.office, ""), language="zh")[1]
    assert recall(replanned.office, "", Wanted(kinds=("handover_letter",))).stale == ()
    replanned.clock.present += DAY
    assign_households(replanned.office, "")
    assert recall(replanned.office, "", Wanted(kinds=("handover", "handover_letter", "card"))).stale == ()
    rows = replanned.officer_rows()
    import_officers(replanned.office, replanned.table([rows[2] | {"手机": "12105557777"}]))
    stale = recall(replanned.office, "", Wanted(kinds=("handover_letter",))).stale
    after = present_posts(replanned.office, "")
    assert {piece.household for piece in stale} == {c for c in moved_posts(replanned) if after[c] == "G03"}
    assert {piece.run for piece in stale} == {letters.run.number}


def test_the_workbook_has_a_sheet_for_each_pair_and_a_row_for_each_household(replanned: Any) -> None:
    found = find_handover(replanned.office, "")
    target = replanned.root / "handover.xlsx"
    assert write_handover(found, target) == len(moved_posts(replanned))
    book = openpyxl.load_workbook(io.BytesIO(target.read_bytes()))
    assert len(book.worksheets) == len(found.pairs)
    assert {row[1].value for sheet in book for row in sheet.iter_rows(min_row=2)} == moved_posts(replanned)
    with pytest.raises(BadInput, match=r"no \.xlsx file"):
        write_handover(found, replanned.root / "handover.pdf")


def letter_of(town: Any, code: str, language: str) -> str:
    letters = make_handover(town.office, "", find_handover(town.office, ""), language=language, again=True)[1]
    (piece,) = [one for one in show_run(town.office, letters.run.number).pieces if one.household == code]
    document = pypdfium2.PdfDocument(letters.folder / piece.file)
    pages = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    (text,) = [page for page in pages if code in page]
    return text


@pytest.mark.parametrize(("language", "words"), [("zh", "作废"), ("en", "nolongervalid")])
def test_only_a_household_that_was_given_a_card_is_told_that_it_is_void(
    replanned: Any, language: str, words: str
) -> None:
    carded, other, new = sorted(moved_posts(replanned))[:3]
    before = replanned.clock.present - DAY
    record_attempt(replanned.office, "", carded, channel="visit", disposition="card_handed", at=before)
    replanned.clock.present += DAY
    record_attempt(replanned.office, "", new, channel="visit", disposition="card_handed")
    assert words in letter_of(replanned, carded, language)
    assert words not in letter_of(replanned, other, language)
    assert words not in letter_of(replanned, new, language)


def test_households_that_have_their_letter_are_counted_and_left_out_until_asked_for_again(replanned: Any) -> None:
    first = min(moved_posts(replanned))
    make_material(replanned.office, "", "handover_letter", language="zh", choice=Choice(households=(first,)))
    found = find_handover(replanned.office, "")
    assert {row.household.code for pair in found.pairs for row in pair.rows if row.told} == {first}
    _lists, letters, cards = make_handover(replanned.office, "", found, language="zh")
    for made in (letters, cards):
        pieces = show_run(replanned.office, made.run.number).pieces
        assert {piece.household for piece in pieces} == moved_posts(replanned) - {first}
    with pytest.raises(Conflict, match=r"letters of all \d+ households are made already"):
        make_handover(replanned.office, "", find_handover(replanned.office, ""), language="zh")
    again = make_handover(replanned.office, "", find_handover(replanned.office, ""), language="zh", again=True)
    assert again[1].run.pieces == len(moved_posts(replanned))


def test_a_later_plan_does_not_hide_who_still_waits_for_a_letter(replanned: Any) -> None:
    since = replanned.clock.present.date() - DAY
    replanned.clock.present += DAY
    assign_households(replanned.office, "")
    found = find_handover(replanned.office, "")
    everybody = set(find_handover(replanned.office, "", since=since).households)
    assert found.households == ()
    assert set(found.waiting) == everybody >= moved_posts(replanned)
    assert set(find_handover(replanned.office, "", post="G02").waiting) < everybody
    make_handover(replanned.office, "", find_handover(replanned.office, "", since=since), language="zh")
    assert find_handover(replanned.office, "").waiting == ()


def test_a_promise_is_open_until_somebody_is_met_again(town: Any) -> None:
    made = [
        record_attempt(town.office, "", "H001", channel="visit", disposition=outcome)
        for outcome in ("appointment", "nobody_home", "informed")
    ]
    assert open_promise(made[:2]) is made[0]
    assert made[0].disposition is Disposition.APPOINTMENT
    assert open_promise(made) is None


def test_while_nobody_holds_a_post_its_households_had_nobody_and_are_handed_on_by_who_had_them_last(town: Any) -> None:
    code = next(code for code, post in present_posts(town.office, "").items() if post == "G02")
    town.clock.present += DAY
    import_officers(town.office, town.table([town.officer_rows()[1] | {"岗位": "G09"}]))
    assert [one.officer for one in household_history(town.office, "", code)] == ["Y02", ""]
    town.clock.present += DAY
    import_officers(town.office, town.table([town.officer_rows()[1] | {"工号": "Y08", "姓名": "钱𬭎"}]))
    held = household_history(town.office, "", code)
    assert [(one.officer, one.name) for one in held] == [("Y02", "欧阳青禾"), ("", ""), ("Y08", "钱𬭎")]
    assert [one.starts for one in held[1:]] == [one.ends for one in held[:-1]]
    (pair,) = find_handover(town.office, "").pairs
    assert (pair.before.officer, pair.after.officer) == ("Y02", "Y08")


def test_a_second_change_makes_the_letter_and_the_card_stale_but_no_list_between_officers(replanned: Any) -> None:
    make_handover(replanned.office, "", find_handover(replanned.office, ""), language="zh")
    first = {code: post for code, post in present_posts(replanned.office, "").items() if code in moved_posts(replanned)}
    replanned.clock.present += DAY
    assign_households(replanned.office, "", wish=Wish(away=("Y09",)))
    after = present_posts(replanned.office, "")
    again = {code for code, post in first.items() if after[code] != post}
    assert again
    stale = recall(replanned.office, "", Wanted(kinds=("handover", "handover_letter", "card"))).stale
    assert {(piece.kind, piece.household) for piece in stale} == {
        (kind, code) for kind in ("handover_letter", "card") for code in again
    }
