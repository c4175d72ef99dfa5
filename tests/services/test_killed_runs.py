"""Runs that are killed, find the disk full, or are made by two programs at once: nothing half, nothing twice."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from outreach.config import load_workspace
from outreach.errors import Conflict, StoreFault
from outreach.services import press
from outreach.services.materials import make_material
from outreach.services.office import Office, open_office
from outreach.services.runs import list_runs, resume_run, show_run
from outreach.services.verify import verify_all, verify_run

RESUME = """
import sys
from pathlib import Path
from outreach.config import load_workspace
from outreach.services.office import open_office
from outreach.services.runs import resume_run

resume_run(open_office(load_workspace(Path(sys.argv[1]))), 1)
"""

MAKE = """
import sys
from pathlib import Path
from outreach.config import load_workspace
from outreach.services.office import open_office
from outreach.services.materials import make_material

office = open_office(load_workspace(Path(sys.argv[1])))
print("ready", flush=True)
sys.stdin.readline()
print(make_material(office, "", sys.argv[2], separate=True).run.number)
"""


class CutShort(BaseException):  # no program gets to clean up after it
    """The plug is pulled."""


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file of a finished run but its manifest, which carries the time."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def begun(town: Any, monkeypatch: pytest.MonkeyPatch, kind: str, **options: Any) -> Office:
    """The town with run 1 set down and nothing of it made, and a copy of the whole workspace beside it."""

    def cut(*_anything: Any) -> None:
        raise CutShort

    with monkeypatch.context() as patched:
        patched.setattr(press, "print_jobs", cut)
        with pytest.raises(CutShort):
            make_material(town.office, "", kind, **options)
    return open_office(load_workspace(town.beside("undisturbed")), clock=town.clock)


def kill_after(root: Path, files: int, suffix: str) -> int:
    """Resume run 1 in a program of its own and kill it once so many files are made; how many there were then."""
    staged = next((root / "out").glob(".0001-*")) / "files"
    child = subprocess.Popen([sys.executable, "-c", RESUME, str(root)])
    try:
        end = time.monotonic() + 60
        while len(list(staged.rglob(f"*.{suffix}"))) < files and child.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(20)
    return len(list(staged.rglob(f"*.{suffix}"))) if staged.is_dir() else 0


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("letter", {"separate": True}),
        ("letter", {"separate": True, "file_format": "pdf"}),
        ("card", {"separate": True}),
        ("card", {}),
        ("notice", {"file_format": "png"}),
    ],
)
def test_a_run_killed_in_the_middle_is_resumed_to_the_bytes_of_one_that_was_left_alone(
    town: Any, monkeypatch: pytest.MonkeyPatch, kind: str, options: dict[str, Any]
) -> None:
    other = begun(town, monkeypatch, kind, **options)
    whole = resume_run(other, 1)
    other.close()
    there = kill_after(town.root, 2, whole.run.format)
    assert 0 < there < len(whole.files), "it was killed in the middle"
    resumed = resume_run(town.office, 1)
    assert files_in(resumed.folder) == files_in(whole.folder)
    assert [(one.name, one.sha256) for one in resumed.files] == [(one.name, one.sha256) for one in whole.files]
    assert verify_run(town.office, 1).flaws == ()
    assert not list((town.root / "out").glob(".0001-*"))


def test_files_made_by_several_processes_are_the_same(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    other = begun(town, monkeypatch, "letter")
    whole = resume_run(other, 1)
    other.close()
    settings = town.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace("workers = 1", "workers = 2"), "utf-8")
    assert files_in(resume_run(town.reopen(), 1).folder) == files_in(whole.folder)


def test_neither_another_roster_nor_another_text_reaches_a_run_that_has_begun(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = begun(town, monkeypatch, "letter", separate=True)
    whole = resume_run(other, 1)
    other.close()

    def cut(done: int, _total: int) -> None:
        if done > 7:
            raise CutShort

    with pytest.raises(CutShort):
        resume_run(town.office, 1, progress=cut)
    assert [run.state for run in list_runs(town.office)] == ["open"]
    town.edit_household("H001", 断保月数="99")
    town.edit_campaign(("走得再远", "另一句话"))
    told: list[tuple[int, int]] = []
    resumed = resume_run(town.office, 1, progress=lambda done, total: told.append((done, total)))
    assert files_in(resumed.folder) == files_in(whole.folder)
    assert told[0][0] > 0, "what was made before the cut is not made again"
    assert told[-1] == (30, 30)
    assert resumed.run.state == "whole"
    with pytest.raises(Conflict, match="whole"):
        resume_run(town.office, 1)


def test_a_run_of_several_processes_that_is_killed_leaves_none_of_them_writing(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = town.root / "outreach.toml"
    settings.write_text(settings.read_text("utf-8").replace("workers = 1", "workers = 2"), "utf-8")
    other = begun(town, monkeypatch, "card", separate=True)
    whole = resume_run(other, 1)
    other.close()
    kill_after(town.root, 1, "pdf")
    staged = next((town.root / "out").glob(".0001-*")) / "files"
    time.sleep(0.5)
    before = files_in(staged)
    time.sleep(0.5)
    assert files_in(staged) == before
    assert files_in(resume_run(town.reopen(), 1).folder) == files_in(whole.folder)


@pytest.mark.parametrize("kept", ["files", "said"])
def test_a_kill_between_the_files_of_a_job_and_the_word_that_they_are_made_is_made_good(
    town: Any, monkeypatch: pytest.MonkeyPatch, kept: str
) -> None:
    other = begun(town, monkeypatch, "letter", file_format="pdf")
    whole = resume_run(other, 1)
    other.close()
    staging = next((town.root / "out").glob(".0001-*"))
    press.make_job(str(staging), 0)
    said = staging / "said-00001.json"
    if kept == "files":
        said.unlink()
    resumed = resume_run(town.office, 1)
    assert files_in(resumed.folder) == files_in(whole.folder)
    assert (resumed.run.said, resumed.run.pieces) == (whole.run.said, whole.run.pieces)


@pytest.mark.parametrize("kind", ["letter", "card", "notice"])
def test_a_full_disk_leaves_no_half_file_and_a_run_to_resume(
    town: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    other = begun(town, monkeypatch, kind)
    whole = resume_run(other, 1)
    other.close()
    written: list[Path] = []

    def full(path: Path, content: bytes) -> None:
        if path.suffix in (".pdf", ".docx") and written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, content)
        if path.suffix in (".pdf", ".docx"):
            written.append(path)

    write = press.write_whole
    with monkeypatch.context() as patched:
        patched.setattr(press, "write_whole", full)
        with pytest.raises(StoreFault, match="the disk is full") as caught:
            resume_run(town.office, 1)
    assert "run resume" in caught.value.faults[0].mend
    staged = next((town.root / "out").glob(".0001-*")) / "files"
    (only,) = [path for path in staged.rglob("*") if path.is_file()]
    assert only.read_bytes() == (whole.folder / only.name).read_bytes()
    assert [run.state for run in list_runs(town.office)] == ["open"]
    assert files_in(resume_run(town.office, 1).folder) == files_in(whole.folder)


def test_the_old_run_stays_whole_while_the_new_one_is_made_and_after_it_is_killed(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_material(town.office, "", "card")
    before = files_in(old.folder)
    town.edit_campaign(('hotline = "0700-5550100"', 'hotline = "0700-5550199"'))

    def cut(done: int, _total: int) -> None:
        if done:
            raise CutShort

    with pytest.raises(CutShort):
        make_material(town.office, "", "card", progress=cut)
    assert files_in(old.folder) == before
    assert verify_run(town.office, 1).flaws == ()
    assert [run.state for run in list_runs(town.office)] == ["whole", "open"]
    resume_run(town.office, 2)
    assert files_in(old.folder) == before
    assert [one.flaws for one in verify_all(town.office)] == [(), ()]


def test_two_programs_at_once_make_two_whole_runs_with_numbers_of_their_own(town: Any) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", MAKE, str(town.root), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for kind in ("letter", "card", "letter")
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    numbers = sorted(int(child.communicate(timeout=120)[0]) for child in children)
    assert numbers == [1, 2, 3]
    assert [(one.pieces, one.flaws) for one in verify_all(town.office)] == [
        (len(show_run(town.office, number).pieces), ()) for number in numbers
    ]
    folders = {show_run(town.office, number).folder for number in numbers}
    assert len(folders) == 3
    assert all(folder.is_dir() for folder in folders)
