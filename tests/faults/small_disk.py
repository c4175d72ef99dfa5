"""A disk of a few megabytes that fills up: `unshare -Urm python -m tests.faults.small_disk TOWN MOUNT JOB`.

In a mount namespace of its own, where a tmpfs can be mounted by anybody, the workspace TOWN is copied to the disk MOUNT
for each position; all room but so many pages of 4 KiB is taken away, and the command line is asked to do what stands
in the JSON object JOB: {"commands": [[word, ...], ...], "ready": [...], "positions": [pages, ...]}. "{disk}" in a word
is the disk's folder. `ready` commands run while there is room. Each position's outcome is a line of JSON on standard
output; see `_outcome`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

PAGE = 4096


def _call(disk: Path, words: list[str]) -> dict[str, Any]:
    from outreach.cli.main import run

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        said = [word.replace("{disk}", str(disk)) for word in words]
        code = run(["--lang", "en", "-w", str(disk / "town"), *said])
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def _files(disk: Path) -> dict[str, int]:
    return {str(path.relative_to(disk)): path.stat().st_size for path in disk.rglob("*") if path.is_file()}


def _outcome(disk: Path, town: Path, job: dict[str, Any], pages: int) -> dict[str, Any]:
    """full: what each command said until one was refused. before, after: the files with their sizes.

    check, again, checked: `store check`, the same commands once more, and `store check`, with room. facts: the
    identifiers of the attempts in the store after the refusal.
    """
    for left in disk.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    shutil.copytree(town, disk / "town")
    for words in job["ready"]:
        assert _call(disk, words)["code"] == 0
    before = _files(disk)
    free = os.statvfs(disk)
    (disk / "ballast").write_bytes(bytes(PAGE * max(0, free.f_bavail * free.f_frsize // PAGE - pages)))
    full: list[dict[str, Any]] = []
    for words in job["commands"]:
        full.append(_call(disk, words))
        if full[-1]["code"]:
            break
    (disk / "ballast").unlink()
    after = _files(disk)
    check = _call(disk, ["store", "check"])
    with contextlib.closing(sqlite3.connect(disk / "town" / "outreach.db")) as store:
        facts = [key for (key,) in store.execute("SELECT id FROM attempts")]
    again = [_call(disk, words) for words in job["commands"]]
    checked = _call(disk, ["store", "check"])
    return {
        "pages": pages, "full": full, "before": before, "after": after, "check": check, "again": again,
        "checked": checked, "facts": facts,
    }  # fmt: skip


def main(town: Path, disk: Path, job: dict[str, Any]) -> None:
    """Try every position."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)], check=True)
    for pages in job["positions"]:
        sys.stdout.write(json.dumps(_outcome(disk, town, job, pages)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
