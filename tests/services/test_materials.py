"""Materials as print runs: what is made, what is refused, and that a run which was cut short is finished the same."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from outreach.errors import BadInput, CannotPrint, Conflict, NotFound, StoreFault
from outreach.services import press, runs
from outreach.services.materials import (
    copy_kind,
    find_kind,
    list_kinds,
    make_material,
)
from outreach.services.previews import Wish, preview_material
from outreach.services.rosters import import_households, import_officers
from outreach.services.rounds import Choice
from outreach.services.runs import find_run, list_runs, resume_run, show_run
from outreach.services.territories import assign_households, present_posts
from outreach.services.verify import verify_run


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a finished run but its manifest, which carries the time."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def text_of(path: Path) -> str:
    """All text of a Word file, tables included, each run of it once."""
    paragraphs = [node for node in docx.Document(str(path)).element.body.iter() if node.tag.endswith("}p")]
    return "\n".join(
        "".join(n.text or "" for n in paragraph.iter() if n.tag.endswith("}t")) for paragraph in paragraphs
    )


def out(town: Any) -> list[str]:
    return sorted(path.name for path in (town.root / "out").iterdir() if path.name != ".locks")


def test_letters_carry_every_name_once_beside_the_right_officers_phone(town: Any) -> None:
    made = make_material(town.office, "", "letter")
    assert [file.name for file in made.files] == [f"letter-G0{n}.docx" for n in (1, 2, 3, 4)]
    posts = present_posts(town.office, "")
    texts = {file.name: text_of(made.folder / file.name) for file in made.files}
    for row in town.household_rows():
        name, code = row["姓名"], row["户号"]
        own = f"letter-{posts[code]}.docx"
        assert [file for file, text in texts.items() if code in text] == [own]
        assert name in texts[own]
    for number, text in enumerate(texts.values(), start=1):
        assert f"121 0555 000{number}" in text
        assert not any(f"121 0555 000{other}" in text for other in (1, 2, 3, 4) if other != number)
    assert "王晨先生、林晨女士" in "".join(texts.values())
    assert made.run.pieces == 30
    assert sum(file.pieces for file in made.files) == 30


def test_letters_of_one_file_stand_in_walking_order(town: Any) -> None:
    made = make_material(town.office, "", "letter", choice=Choice(posts=("G01",)))
    details = show_run(town.office, 1)
    text = text_of(made.folder / "letter-G01.docx")
    places = [text.index(piece.household) for piece in details.pieces]
    assert places == sorted(places)
    assert [piece.number for piece in details.pieces] == list(range(1, len(places) + 1))


def test_the_register_and_the_manifest_tell_the_truth_about_the_files(town: Any) -> None:
    made = make_material(town.office, "", "letter")
    details = show_run(town.office, made.run.number)
    assert details.run.state == "whole"
    assert details.files == made.files
    for file in details.files:
        content = (details.folder / file.name).read_bytes()
        assert (file.sha256, file.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    facts = {(held.fact.kind, held.fact.subject): held.fact.value for held in details.facts}
    assert facts["phone", "Y02 mobile"] == "121 0555 0002"
    assert facts["phone", "bureau hotline"] == "0700-5550100"
    assert {piece.household for piece in details.pieces} == {f"H{n:03d}" for n in range(1, 31)}
    posts = present_posts(town.office, "")
    assert all(piece.officer == "Y" + posts[piece.household][1:] for piece in details.pieces)
    manifest = json.loads((details.folder / "manifest.json").read_text("utf-8"))
    assert manifest["data_as_of"] == "2005-06-15T10:00:00+08:00"
    assert [file["sha256"] for file in manifest["files"]] == [file.sha256 for file in details.files]
    assert out(town) == ["0001-letter-docx"]


def same_codes(run: int, run_id: str, number: int) -> str:
    """Codes that two runs share, so that all else in their files can be compared."""
    return f"1-{number}-AAAA"


@pytest.fixture
def coded_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run's pieces bear the codes of the first."""
    monkeypatch.setattr(runs, "piece_code", same_codes)


@pytest.mark.usefixtures("coded_alike")
def test_the_same_making_twice_gives_the_same_bytes_in_two_runs(town: Any) -> None:
    one, two = make_material(town.office, "", "letter"), make_material(town.office, "", "letter")
    assert (one.run.number, two.run.number) == (1, 2)
    assert files_in(one.folder) == files_in(two.folder)
    assert [run.number for run in list_runs(town.office)] == [1, 2]
    assert one.run.template_sha256 == two.run.template_sha256


def test_separate_letters_are_one_file_a_household(town: Any) -> None:
    made = make_material(town.office, "", "letter", separate=True)
    assert len(made.files) == 30
    assert all(file.pieces == 1 for file in made.files)
    by_file = {piece.file: piece.household for piece in show_run(town.office, 1).pieces}
    for file in made.files:
        assert by_file[file.name] in file.name
        text = text_of(made.folder / file.name)
        assert [code for code in by_file.values() if code in text] == [by_file[file.name]]


def test_a_choice_of_post_and_of_household_makes_just_those(town: Any) -> None:
    posts = present_posts(town.office, "")
    make_material(town.office, "", "letter", choice=Choice(posts=("G03",)))
    make_material(town.office, "", "letter", choice=Choice(households=("H004", "H009")))
    one, two = (show_run(town.office, number) for number in (1, 2))
    assert {piece.household for piece in one.pieces} == {code for code, post in posts.items() if post == "G03"}
    assert {piece.household for piece in two.pieces} == {"H004", "H009"}


def test_a_choice_that_is_nobody_is_refused_and_leaves_nothing(town: Any) -> None:
    for choice in (Choice(posts=("G99",)), Choice(households=("H999",))):
        with pytest.raises(NotFound):
            make_material(town.office, "", "letter", choice=choice)
    own = present_posts(town.office, "")["H001"]
    nobody = Choice(posts=("G01" if own != "G01" else "G02",), households=("H001",))
    with pytest.raises(Conflict, match="nothing to make"):
        make_material(town.office, "", "letter", choice=nobody)
    assert (out(town), list_runs(town.office)) == ([], [])


def test_posts_and_households_cannot_be_chosen_of_what_is_the_same_for_everybody(town: Any) -> None:
    for choice in (Choice(posts=("G01",)), Choice(households=("H001",))):
        with pytest.raises(BadInput, match="the same for everybody"):
            make_material(town.office, "", "poster", choice=choice)
    assert (out(town), list_runs(town.office)) == ([], [])


def test_an_english_letter_is_english(town: Any) -> None:
    made = make_material(town.office, "", "letter", language="en", choice=Choice(households=("H001",)))
    text = text_of(made.folder / made.files[0].name)
    assert "Payments stopped 10 months ago." in text
    assert "Mr 王晨 and Ms 林晨" in text


def test_texts_on_air_are_one_file_a_flight(town: Any) -> None:
    made = make_material(town.office, "", "crawl")
    (file,) = made.files
    text = (made.folder / file.name).read_text("utf-8")
    assert "养老保险断了能续上" in text
    assert "0700-5550100" in text


def test_a_text_too_long_for_its_slot_is_refused(town: Any) -> None:
    town.edit_campaign(("seconds = 60\nloops = 2", "seconds = 5\nloops = 2"))
    with pytest.raises(CannotPrint, match="crawl-spring"):
        make_material(town.office, "", "crawl")
    assert (out(town), list_runs(town.office)) == ([], [])


def test_missing_months_are_named_household_by_household_and_leave_nothing(town: Any) -> None:
    rows = [row | {"断保月数": ""} if row["户号"] in ("H002", "H005") else row for row in town.household_rows()]
    import_households(town.office, town.table(rows, "both.csv"))
    with pytest.raises(CannotPrint) as caught:
        make_material(town.office, "", "letter")
    sentences = [fault.sentence() for fault in caught.value.faults]
    assert {code for code in ("H002", "H005") if any(code in text for text in sentences)} == {"H002", "H005"}
    assert all("months_lapsed" in text for text in sentences)
    assert (out(town), list_runs(town.office)) == ([], [])


def test_a_sign_no_font_has_is_named_with_household_and_field(town: Any) -> None:
    town.edit_household("H002", 原单位="厂\U00020001")
    with pytest.raises(CannotPrint) as caught:
        make_material(town.office, "", "letter")
    (fault,) = caught.value.faults
    assert "H002" in fault.where
    assert "persons[1].employer" in fault.where
    assert "U+20001" in fault.what
    assert (out(town), list_runs(town.office)) == ([], [])


def test_letters_wait_for_an_assignment_and_for_a_roster(bare_town: Any) -> None:
    with pytest.raises(Conflict, match="holds no households"):
        make_material(bare_town.office, "", "letter")
    import_households(bare_town.office, bare_town.table(bare_town.household_rows()))
    with pytest.raises(Conflict, match="30 households have no officer yet"):
        make_material(bare_town.office, "", "letter")


def test_a_kind_format_or_language_that_is_not_there_is_refused(town: Any) -> None:
    with pytest.raises(NotFound, match="letter"):
        make_material(town.office, "", "banner")
    with pytest.raises(BadInput, match="docx"):
        make_material(town.office, "", "letter", file_format="odt")
    with pytest.raises(NotFound, match="zh, en"):
        make_material(town.office, "", "letter", language="fr")
    assert (out(town), list_runs(town.office)) == ([], [])


def test_a_layout_that_fails_while_printing_leaves_nothing_and_the_mended_one_prints(town: Any) -> None:
    layout = copy_kind(town.workspace, "letter") / "letter.zh.docx"
    shipped = layout.read_bytes()
    for added in ("{{ persons[0].nickname }}", "加一句"):
        layout.write_bytes(shipped)
        document = docx.Document(str(layout))
        document.add_paragraph(added)
        document.save(str(layout))
        if "nickname" in added:
            with pytest.raises(CannotPrint, match="nickname") as caught:
                make_material(town.office, "", "letter")
            assert ".0001" not in str(caught.value), "the copy in the staging folder is gone"
            assert (out(town), list_runs(town.office)) == ([], [])
    made = make_material(town.office, "", "letter")
    # The number was given back, and nothing of the refused run's layout is remembered.
    assert made.run.number == 1
    assert "加一句" in text_of(made.folder / made.files[0].name)


def test_posts_whose_names_differ_only_in_signs_no_file_takes_get_files_of_their_own(town: Any) -> None:
    rows = town.officer_rows()
    for row, post in zip(rows, ("G/1", "G:1", "g:1", "../G"), strict=True):
        row["岗位"] = post
    import_officers(town.office, town.table(rows))
    assign_households(town.office, "")
    made = make_material(town.office, "", "letter")
    assert len({file.name.casefold() for file in made.files}) == 4
    assert all((made.folder / file.name).parent == made.folder for file in made.files)
    posts = present_posts(town.office, "")
    for piece in show_run(town.office, 1).pieces:
        officer = next(row["工号"] for row in rows if row["岗位"] == posts[piece.household])
        assert piece.officer == officer
        assert piece.household in text_of(made.folder / piece.file)


class CutShort(BaseException):  # no program gets to clean up after it
    """The plug is pulled."""


KILLED = """
import sys, time
from pathlib import Path
from outreach.config import load_workspace
from outreach.services.office import open_office
from outreach.services.materials import make_material

def progress(done, total):
    if done:
        print(done, flush=True)
        time.sleep(60)

make_material(open_office(load_workspace(Path(sys.argv[1]))), "", "letter", separate=True, progress=progress)
"""


def test_a_run_killed_by_the_system_is_locked_while_it_lives_and_resumes_when_it_is_dead(town: Any) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(town.root)], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert int(child.stdout.readline()) > 0
        with pytest.raises(Conflict, match="another process is making this run"):
            resume_run(town.office, 1)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(20)
    assert find_run(town.office, 1).state == "open"
    # A half-written file, as a kill in the middle of a write leaves it.
    (town.root / "out" / ".0001-letter-docx" / "files" / ".half.docx.7.part").write_bytes(b"half")
    resumed = resume_run(town.office, 1)
    assert len(resumed.files) == 30
    assert verify_run(town.office, 1).flaws == ()


@pytest.mark.usefixtures("coded_alike")
def test_a_run_killed_after_its_last_rename_only_gets_its_entry(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = make_material(town.office, "", "crawl")

    def renamed_then_killed(staging: Path, final: Path, manifest: dict[str, Any]) -> None:
        (staging / "files" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        (staging / "files").rename(final)
        raise CutShort

    def cleared_then_killed(staging: Path, final: Path, manifest: dict[str, Any]) -> None:
        press_publish(staging, final, manifest)
        raise CutShort

    press_publish = press.publish
    for number, publish in ((2, renamed_then_killed), (3, cleared_then_killed)):
        with monkeypatch.context() as patched:
            patched.setattr(press, "publish", publish)
            with pytest.raises(CutShort):
                make_material(town.office, "", "crawl")
        resumed = resume_run(town.office, number)
        assert files_in(resumed.folder) == files_in(whole.folder)
        assert find_run(town.office, number).state == "whole"
    assert out(town) == ["0001-crawl-txt", "0002-crawl-txt", "0003-crawl-txt"]


def test_a_run_killed_before_its_inputs_were_set_down_is_forgotten(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_anything: Any) -> None:
        raise CutShort

    with monkeypatch.context() as patched:
        patched.setattr(press, "freeze", killed)
        with pytest.raises(CutShort):
            make_material(town.office, "", "crawl")
    with pytest.raises(Conflict, match="nothing was made"):
        resume_run(town.office, 1)
    assert (out(town), list_runs(town.office)) == ([], [])


@pytest.mark.parametrize(("name", "kept"), [("plan.json", []), ("manifest.json", [1])])
def test_a_disk_full_at_either_end_is_a_fault_in_words(
    town: Any, monkeypatch: pytest.MonkeyPatch, name: str, kept: list[int]
) -> None:
    def write(path: Path, content: bytes) -> None:
        if path.name == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    with monkeypatch.context() as patched:
        patched.setattr(press, "write_whole", write)
        with pytest.raises(StoreFault, match="the disk is full"):
            make_material(town.office, "", "crawl")
    assert [run.number for run in list_runs(town.office)] == kept
    for number in kept:
        assert resume_run(town.office, number).run.state == "whole"


def test_a_run_that_is_not_there_is_not_found(town: Any) -> None:
    for look in (find_run, show_run, resume_run):
        with pytest.raises(NotFound):
            look(town.office, 7)


def test_a_workspaces_own_kind_shadows_the_shipped_one(town: Any) -> None:
    folder = copy_kind(town.workspace, "letter")
    assert folder == town.root / "templates" / "letter"
    assert find_kind(town.workspace, "letter").folder == folder
    assert find_kind(None, "letter").folder != folder
    with pytest.raises(Conflict):
        copy_kind(town.workspace, "letter")
    names = [kind.kind for kind in list_kinds(town.workspace)]
    assert names == sorted(set(names))
    assert {"letter", "card", "poster", "notice", "crawl", "radio", "sms"} <= set(names)
    # Its own layout finds what the shipped ones share, and its digest follows every edit.
    before = make_material(town.office, "", "letter", choice=Choice(households=("H001",))).run.template_sha256
    (folder / "note.txt").write_text("edited", "utf-8")
    assert make_material(town.office, "", "letter", choice=Choice(households=("H001",))).run.template_sha256 != before


def test_a_preview_is_one_piece_of_the_samples_and_no_run(town: Any, tmp_path: Path) -> None:
    target = preview_material(town.workspace, None, Wish("letter", "", "zh"), tmp_path / "preview.docx")
    assert "SAMPLE-0042" in text_of(target)
    assert list_runs(town.office) == []


def test_a_notice_is_made_for_each_entrance_with_its_officers(town: Any) -> None:
    made = make_material(town.office, "", "notice")
    details = show_run(town.office, 1)
    doors = {(row["社区"], row["小区"], row["楼栋"]) for row in town.household_rows()}
    assert made.run.pieces == len(doors)
    assert [file.name for file in made.files] == ["notice-城东社区.pdf", "notice-城西社区.pdf"]
    assert any(held.fact.value == "2005年4月30日" for held in details.facts)


def test_a_card_is_made_for_each_person(town: Any) -> None:
    made = make_material(town.office, "", "card", choice=Choice(posts=("G01",)))
    posts = present_posts(town.office, "")
    persons = [row for row in town.household_rows() if posts[row["户号"]] == "G01"]
    assert made.run.pieces == len(persons)
    assert f"{made.run.as_of:%H:%M%z}" == "10:00+0800"
