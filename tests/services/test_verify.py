"""Verifying a run: an untouched one is proved piece by piece, a doctored one is caught and its piece is named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from outreach.errors import Conflict, NotFound
from outreach.services.materials import make_material
from outreach.services.runs import MadeRun, show_run
from outreach.services.verify import Flaw, Verified, faults_of, verify_all, verify_run


def made(town: Any, kind: str, **options: Any) -> MadeRun:
    return make_material(town.office, "", kind, **options)


def flaws(town: Any, number: int = 1) -> list[Flaw]:
    return list(verify_run(town.office, number).flaws)


def told(found: list[Flaw]) -> set[tuple[str, int]]:
    return {(flaw.sort, flaw.number) for flaw in found}


def pieces_in(town: Any, file: str, number: int = 1) -> list[Any]:
    return [piece for piece in show_run(town.office, number).pieces if piece.file == file]


@pytest.mark.parametrize(
    ("kind", "options", "codes"),
    [
        ("letter", {}, 30),
        ("letter", {"separate": True, "language": "en"}, 30),
        ("letter", {"file_format": "pdf"}, 30),
        ("letter", {"file_format": "pdf", "separate": True}, 30),
        ("card", {}, 80),
        ("card", {"separate": True}, 80),
        ("notice", {}, 17),
        ("poster", {}, 1),
        ("crawl", {}, 0),
        ("sms", {}, 0),
    ],
)
def test_what_was_made_is_proved_piece_by_piece_with_its_codes(
    town: Any, kind: str, options: dict[str, Any], codes: int
) -> None:
    run = made(town, kind, **options).run
    found = verify_run(town.office, run.number)
    assert found.flaws == ()
    assert (found.pieces, found.read) == (run.pieces, run.pieces)
    assert found.codes >= codes
    assert found.by_digest == 0


def test_messages_of_a_gateway_file_are_proved_line_by_line(town: Any) -> None:
    from outreach.services.rounds import Choice

    run = made(town, "sms", file_format="csv", choice=Choice(placement="sms-march-20050310-1"))
    found = verify_run(town.office, 1)
    assert (found.flaws, found.read) == ((), run.run.pieces)
    (name,) = [file.name for file in run.files]
    path = run.folder / name
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([*lines[:2], lines[2], lines[2], *lines[4:]]))
    assert {("twice", 2), ("missing", 3)} <= told(flaws(town))


def test_every_run_of_the_register_is_proved_at_once(town: Any) -> None:
    made(town, "letter")
    made(town, "notice")
    assert [(one.run, one.flaws) for one in verify_all(town.office)] == [(1, ()), (2, ())]


def test_one_digit_of_a_phone_in_one_letter_names_the_letter_and_both_numbers(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    doctor.replace_in_docx(folder / "letter-G02.docx", "0700-5550022", "0700-5550028")
    found = flaws(town)
    first = pieces_in(town, "letter-G02.docx")[0]
    assert told(found) == {("changed", 0), ("value", first.number), ("strange", first.number)}
    assert {flaw.household for flaw in found if flaw.number} == {first.household}
    value = next(flaw for flaw in found if flaw.sort == "value")
    assert (value.name, value.expected) == ("officer.office_phone", "0700-5550022")
    sentences = [fault.sentence() for fault in faults_of([verify_run(town.office, 1)], unmask=True)]
    assert any("letter-G02.docx" in one and first.household in one and "0700-5550022" in one for one in sentences)


def test_a_value_that_stands_twice_and_is_changed_once_is_caught_by_the_number_that_is_nobodys(
    town: Any, doctor: Any
) -> None:
    folder = made(town, "letter").folder
    # The officer's mobile stands in a paragraph and in the box; only the first is changed.
    doctor.replace_in_docx(folder / "letter-G03.docx", "121 0555 0003", "121 0555 0803")
    found = flaws(town)
    first = pieces_in(town, "letter-G03.docx")[0]
    assert ("strange", first.number) in told(found)
    assert "0803" in {flaw.found for flaw in found}


def test_another_officers_mobile_in_a_letter_is_anothers_fact(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    doctor.replace_in_docx(folder / "letter-G03.docx", "121 0555 0003", "121 0555 0001")
    first = pieces_in(town, "letter-G03.docx")[0]
    (foreign,) = [flaw for flaw in flaws(town) if flaw.sort == "foreign"]
    assert (foreign.number, foreign.found) == (first.number, "12105550001")


def test_a_changed_name_is_named(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    second = pieces_in(town, "letter-G01.docx")[1]
    name = next(row["姓名"] for row in town.household_rows() if row["户号"] == second.household)
    # In the table of persons; in the greeting it stands with a title.
    doctor.replace_in_docx(folder / "letter-G01.docx", f">{name}<", ">冯晨悦<")
    found = [flaw for flaw in flaws(town) if flaw.sort == "fewer"]
    assert {(flaw.number, flaw.household, flaw.expected) for flaw in found} == {(second.number, second.household, name)}


def test_a_name_that_stands_where_word_does_not_show_it_is_lacking(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    second = pieces_in(town, "letter-G01.docx")[1]
    name = next(row["姓名"] for row in town.household_rows() if row["户号"] == second.household)
    doctor.edit_docx(
        folder / "letter-G01.docx",
        lambda content: re.sub(rf"(<w:t(?: [^>]*)?>)({name})(</w:t>)".encode(), rb"\1\3\2", content),
    )
    found = [flaw for flaw in flaws(town) if flaw.number == second.number]
    assert name in {flaw.expected for flaw in found}


def test_two_letters_that_changed_places_are_named_both(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    doctor.rearrange_letters(folder / "letter-G01.docx", lambda letters: [letters[1], letters[0], *letters[2:]])
    assert told(flaws(town)) == {("changed", 0), ("order", 1), ("order", 2)}


def test_a_letter_left_out_and_one_put_in_twice_are_named(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    doctor.rearrange_letters(folder / "letter-G01.docx", lambda letters: [*letters[:2], *letters[3:]])
    doctor.rearrange_letters(folder / "letter-G02.docx", lambda letters: [letters[0], letters[0], *letters[1:]])
    first = pieces_in(town, "letter-G02.docx")[0]
    assert told(flaws(town)) == {("changed", 0), ("missing", 3), ("twice", first.number)}


def test_a_picture_of_another_households_code_is_anothers_fact(town: Any, doctor: Any) -> None:
    folder = made(town, "letter").folder
    one, two = pieces_in(town, "letter-G01.docx")[:2]

    def swap(content: bytes) -> bytes:
        first, second = b'Target="media/', None
        parts = content.split(first)
        assert len(parts) > 2
        names = [part.split(b'"')[0] for part in parts[1:]]
        second = names[1]
        return content.replace(first + names[0] + b'"', first + second + b'"')

    doctor.edit_docx(folder / "letter-G01.docx", swap, "word/_rels/document.xml.rels")
    found = flaws(town)
    assert ("foreign", one.number) in told(found)
    assert next(flaw.found for flaw in found if flaw.sort == "foreign") == two.household
    assert ("code", one.number) in told(found)


def test_a_digit_redrawn_in_a_pdf_names_the_letter(town: Any, doctor: Any) -> None:
    folder = made(town, "letter", file_format="pdf").folder

    def change(pdf: pikepdf.Pdf) -> None:
        assert doctor.redraw(pdf, pdf.pages[2], "0700-5550021", "0700-5550027")

    doctor.edit_pdf(folder / "letter-G01.pdf", change)
    found = flaws(town)
    third = pieces_in(town, "letter-G01.pdf")[2]
    assert told(found) == {("changed", 0), ("value", 3), ("strange", 3)}
    assert {flaw.household for flaw in found if flaw.number} == {third.household}


def test_pages_left_out_put_in_twice_or_changed_about_are_named(town: Any, doctor: Any) -> None:
    folder = made(town, "letter", file_format="pdf").folder

    def leave_out(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[1]

    def put_in_twice(pdf: pikepdf.Pdf) -> None:
        pdf.pages.insert(1, pdf.pages[0])

    def change_about(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        pdf.pages.append(page)
        del pdf.pages[0]

    for number, change in (("1", leave_out), ("2", put_in_twice), ("3", change_about)):
        doctor.edit_pdf(folder / f"letter-G0{number}.pdf", change)
    found = flaws(town)
    files = {file: {flaw.sort for flaw in found if flaw.file == file} for file in {flaw.file for flaw in found}}
    assert files == {
        "letter-G01.pdf": {"changed", "pages", "missing"},
        "letter-G02.pdf": {"changed", "pages", "twice"},
        "letter-G03.pdf": {"changed", "order"},
    }
    assert ("missing", 2) in told(found)
    assert ("twice", pieces_in(town, "letter-G02.pdf")[0].number) in told(found)


def test_a_page_whose_code_was_replaced_is_named(town: Any, doctor: Any) -> None:
    folder = made(town, "letter", file_format="pdf").folder

    def change(pdf: pikepdf.Pdf) -> None:
        one, two = (pdf.pages[number].obj.Resources.XObject for number in (0, 1))
        names = [next(name for name, form in own.items() if form.Subtype == "/Image") for own in (one, two)]
        one[names[0]] = two[names[1]]

    doctor.edit_pdf(folder / "letter-G01.pdf", change)
    found = flaws(town)
    one, two = pieces_in(town, "letter-G01.pdf")[:2]
    assert ("foreign", one.number) in told(found)
    assert two.household in {flaw.found for flaw in found}


def test_cards_are_read_where_they_lie_and_a_turned_sheet_is_caught(town: Any, doctor: Any) -> None:
    folder = made(town, "card").folder

    def other_backs(pdf: pikepdf.Pdf) -> None:
        # The backs of the two sheets change places: every card has another's code behind it.
        assert len(pdf.pages) == 4
        back = pdf.pages[1]
        pdf.pages[1] = pdf.pages[3]
        pdf.pages[3] = back

    doctor.edit_pdf(folder / "card-G01.pdf", other_backs)
    found = flaws(town)
    assert ("foreign", 1) in told(found)
    assert ("foreign", 11) in told(found) or ("value", 11) in told(found)


def test_a_sheet_of_cards_without_its_backs_is_named_card_by_card(town: Any, doctor: Any) -> None:
    folder = made(town, "card").folder

    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[3]

    doctor.edit_pdf(folder / "card-G01.pdf", change)
    assert told(flaws(town)) == {("changed", 0), ("pages", 0), ("missing", 11)}


def test_a_card_with_one_digit_redrawn_is_named_among_its_sheet(town: Any, doctor: Any) -> None:
    folder = made(town, "card").folder

    def change(pdf: pikepdf.Pdf) -> None:
        assert doctor.redraw(pdf, pdf.pages[1], "000003", "000008") == 1

    doctor.edit_pdf(folder / "card-G01.pdf", change)
    found = [flaw for flaw in flaws(town) if flaw.number]
    assert {flaw.number for flaw in found} == {3}
    assert {("number", "000003")} == {(flaw.name, flaw.expected) for flaw in found if flaw.sort == "value"}


def test_a_digit_in_a_run_of_one_piece_is_caught_too(town: Any, doctor: Any) -> None:
    folder = made(town, "poster").folder

    def change(pdf: pikepdf.Pdf) -> None:
        assert sum(doctor.redraw(pdf, page, "0700-5550100", "0700-5550105") for page in pdf.pages)

    doctor.edit_pdf(folder / "poster.pdf", change)
    assert {("changed", 0), ("value", 1)} <= told(flaws(town))


def test_a_file_that_is_gone_damaged_or_copied_is_named(town: Any) -> None:
    folder = made(town, "letter").folder
    (folder / "letter-G01.docx").unlink()
    (folder / "letter-G02.docx").write_bytes((folder / "letter-G02.docx").read_bytes()[:-300])
    shutil.copy(folder / "letter-G03.docx", folder / "letter-G03 (2).docx")
    found = {(flaw.file, flaw.sort) for flaw in flaws(town)}
    assert found == {
        ("letter-G01.docx", "no_file"),
        ("letter-G02.docx", "unreadable"),
        ("letter-G03 (2).docx", "stray"),
    }


def test_letters_under_each_others_names_are_caught_though_nothing_in_them_was_changed(town: Any) -> None:
    run = made(town, "letter", separate=True)
    one, two = (run.folder / file.name for file in run.files[:2])
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    pieces = show_run(town.office, 1).pieces
    found = [flaw for flaw in flaws(town) if flaw.sort == "foreign"]
    assert {(flaw.number, flaw.found) for flaw in found} >= {(1, pieces[1].household), (2, pieces[0].household)}


def test_a_manifest_that_was_made_to_fit_the_doctored_file_does_not_help(town: Any, doctor: Any) -> None:
    import hashlib
    import json

    folder = made(town, "letter").folder
    path = folder / "letter-G01.docx"
    doctor.replace_in_docx(path, "0700-5550112", "0700-5550119")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        if file["name"] == path.name:
            file["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert {("letter-G01.docx", "changed"), ("manifest.json", "changed")} <= {
        (flaw.file, flaw.sort) for flaw in flaws(town)
    }


def test_neither_a_new_roster_nor_a_new_layout_makes_old_paper_wrong(town: Any) -> None:
    made(town, "letter")
    made(town, "card")
    town.edit_household("H001", 姓名="改名了", 断保月数="77")
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550109"'))
    found: list[Verified] = list(verify_all(town.office))
    assert [one.flaws for one in found] == [(), ()]


def test_a_run_that_is_open_or_unknown_is_refused(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_anything: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("outreach.services.runs._finish", stop)
        with pytest.raises(KeyboardInterrupt):
            made(town, "crawl")
    with pytest.raises(Conflict, match="not finished"):
        verify_run(town.office, 1)
    with pytest.raises(NotFound):
        verify_run(town.office, 9)


def test_several_processes_come_to_the_same(town: Any, doctor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(town, "letter").folder
    doctor.replace_in_docx(folder / "letter-G02.docx", "0700-5550022", "0700-5550028")
    alone = verify_run(town.office, 1)
    settings = town.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace("workers = 1", "workers = 2"), "utf-8")
    monkeypatch.setattr("outreach.services.verify._WORTH_A_POOL", 1)
    assert verify_run(town.reopen(), 1) == alone


def test_a_run_of_before_the_register_kept_its_values_is_compared_by_digest(town: Any) -> None:
    folder = made(town, "letter").folder
    run = show_run(town.office, 1).run
    with town.office.store.write() as unit:
        unit.runs.keep_truths(run.id, [])
    found = verify_run(town.office, 1)
    assert (found.flaws, found.read, found.by_digest) == ((), 0, 4)
    Path(folder / "letter-G01.docx").write_bytes(b"other")
    assert told(flaws(town)) == {("changed", 0)}
