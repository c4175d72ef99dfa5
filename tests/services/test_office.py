"""Workspaces are made once, opened anywhere below, and files appear whole or not at all."""

from __future__ import annotations

import datetime as dt
import errno
import os
import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from outreach.config import find_workspace, load_workspace
from outreach.errors import BadInput, Conflict, NotFound, StoreFault
from outreach.services.office import init_workspace, open_office, write_whole


def test_a_new_workspace_has_settings_a_store_and_its_folders(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "new", locale="en", campaign="town")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "campaigns", "out", "outreach.db", "outreach.toml", "templates",
    ]  # fmt: skip
    assert (workspace.settings.locale, workspace.settings.campaign) == ("en", "town")
    open_office(workspace).close()


def test_a_workspace_is_not_made_over_another(town: Any) -> None:
    before = (town.root / "outreach.toml").read_bytes()
    with pytest.raises(Conflict, match="a workspace already"):
        init_workspace(town.root, locale="en")
    assert (town.root / "outreach.toml").read_bytes() == before


def test_a_workspace_is_found_from_any_folder_within_it(town: Any) -> None:
    assert find_workspace(town.root / "campaigns" / "town").root == town.root
    with pytest.raises(NotFound, match="outreach init"):
        find_workspace(Path("/"))


def test_every_fault_of_the_settings_is_named(town: Any) -> None:
    (town.root / "outreach.toml").write_text('timezone = "Mars"\ncolour = 1\n[printing]\nworkers = -1\n', "utf-8")
    with pytest.raises(BadInput) as caught:
        load_workspace(town.root)
    assert sorted(fault.where.rpartition(", ")[2] for fault in caught.value.faults) == [
        "colour", "printing.workers", "timezone",
    ]  # fmt: skip


def test_the_offices_time_is_the_workspaces_to_the_millisecond(town: Any) -> None:
    town.clock.present = dt.datetime(2005, 3, 31, 17, 0, 0, 123_999, tzinfo=dt.UTC)
    assert town.office.now().isoformat() == "2005-04-01T01:00:00.123000+08:00"


def test_identifiers_of_one_moment_differ(town: Any) -> None:
    assert len({town.office.new_id() for _ in range(200)}) == 200


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "folder" / "file.txt"
    write_whole(target, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFault, match=r"the disk is full; free some space"):
        write_whole(target, b"new")
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]
    assert target.read_bytes() == b"old"


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    link = tmp_path / "link.csv"
    link.symlink_to(pipe)
    for target in (pipe, link):
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        write_whole(target, b"a,b\n")
        assert os.read(reader, 99) == b"a,b\n"
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_device_stays_a_device_and_a_full_one_says_so(tmp_path: Path) -> None:
    for name, minor in (("null", 3), ("full", 7)):
        try:
            os.mknod(tmp_path / name, stat.S_IFCHR | 0o666, os.makedev(1, minor))
            (tmp_path / name).open("wb").close()
        except PermissionError:
            pytest.skip("only root makes devices, and not every file system has them")
    write_whole(tmp_path / "null", b"gone")
    with pytest.raises(StoreFault, match="the disk is full"):
        write_whole(tmp_path / "full", b"no room")
    assert all(stat.S_ISCHR(path.stat().st_mode) for path in tmp_path.iterdir())


def test_a_folder_or_a_socket_is_refused_and_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    folder, file, link, plug = (tmp_path / name for name in ("folder", "file", "link", "plug"))
    folder.mkdir()
    with pytest.raises(BadInput, match="is a folder; name a file in it"):
        write_whole(folder, b"x")
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(plug))
        with pytest.raises(BadInput, match="is no file"):
            write_whole(plug, b"x")
    write_whole(file, b"old")
    link.symlink_to(file)
    write_whole(link, b"new")
    assert (link.is_symlink(), file.read_bytes()) == (True, b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "link", "plug"]
