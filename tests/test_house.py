"""The house keeps its shape: floors, short rooms, and a quick front door."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "outreach").rglob("*.py"))
MOST_LINES = 450

HEAVY = (
    "PIL", "alembic", "docx", "docxtpl", "fontTools", "icalendar", "jinja2", "lxml", "numpy", "ortools", "pydantic",
    "pypdf", "pypdfium2", "python_calamine", "sqlalchemy", "typst", "xlsxwriter", "zxingcpp",
)  # fmt: skip


def test_imports_run_downwards_only() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(contracts)} kept, 0 broken." in done.stdout


def test_every_room_of_the_package_is_on_a_floor() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (floors,) = [contract for contract in contracts if contract["type"] == "layers"]
    assert floors["exhaustive"]
    named = {room for floor in floors["layers"] for room in re.split(r"[ |]+", floor)}
    there = {path.stem for path in (ROOT / "outreach").glob("*.py") if not path.stem.startswith("__")}
    there |= {path.parent.name for path in (ROOT / "outreach").glob("*/__init__.py")}
    assert there == named


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_a_room_that_grows_too_long_is_two_rooms(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", ["outreach", "outreach.cli.main"])
def test_the_front_door_opens_without_heavy_libraries(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "outreach" in loaded
    assert sorted(set(HEAVY) & set(loaded)) == []


def test_the_heavy_libraries_are_named_as_they_are_imported() -> None:
    # A library renamed or dropped must leave the list above, or the list watches nothing.
    imported: set[str] = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])
    assert set(HEAVY) <= imported


def test_only_the_faces_print() -> None:
    printing = [
        str(path.relative_to(ROOT))
        for path in FILES
        if "cli" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_a_missing_outside_program_skips_at_home_and_fails_where_nothing_may_be_skipped(
    outside_program: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(outside_program("no-such-program", "sh")).is_file()
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-program is not installed"):
        outside_program("no-such-program")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no-such-program is not installed"):
        outside_program("no-such-program")
