"""The wheel: what it carries, and that it works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as packed:
        return packed.namelist()


@pytest.mark.parametrize(
    "name",
    [
        "outreach/py.typed",
        "outreach/_data/templates/letter/material.toml",
        "outreach/_data/templates/letter/letter.zh.docx",
        "outreach/_data/templates/letter/letter.en.docx",
        "outreach/_data/templates/letter/letter.typ",
        "outreach/_data/templates/card/card.typ",
        "outreach/_data/templates/poster/poster.typ",
        "outreach/_data/templates/notice/notice.typ",
        "outreach/_data/templates/_shared/shared.typ",
        "outreach/_data/campaigns/yingcheng/campaign.toml",
        "outreach/_data/campaigns/yingcheng/households.csv",
        "outreach/_data/campaigns/yingcheng/officers.csv",
        "outreach/locale/zh_CN/LC_MESSAGES/outreach.mo",
        "outreach/locale/zh_CN/LC_MESSAGES/click.mo",
        "outreach/store/migrations/env.py",
        "outreach/store/migrations/script.py.mako",
        "outreach/store/migrations/versions/0001_first_tables.py",
        "outreach/render/pages/report.html.j2",
    ],
)
def test_the_wheel_carries(names: list[str], name: str) -> None:
    assert names.count(name) == 1


def test_the_wheel_carries_every_layout_and_campaign_of_the_checkout(names: list[str]) -> None:
    ours = [
        path.relative_to(CHECKOUT).as_posix()
        for top in ("templates", "campaigns")
        for path in (CHECKOUT / top).rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    ]
    assert sorted(f"outreach/_data/{name}" for name in ours) == sorted(n for n in names if "/_data/" in n)


def test_the_wheel_carries_no_tools_and_no_tests(names: list[str]) -> None:
    tools = [name for name in names if "invent_" in name or "draw_" in name or "__pycache__" in name]
    assert tools == []
    assert {name.partition("/")[0] for name in names} == {"outreach", Path(names[-1]).parts[0]}


Run = Callable[..., str]


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The wheel in an environment of its own, without network; gives a function that runs its programs elsewhere.

    The dependencies are lent by this environment through a .pth line, which does not follow further .pth files, so
    that an editable outreach stays out of sight.
    """
    folder = tmp_path_factory.mktemp("elsewhere")
    own = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(own)], check=True)
    programs = own / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    (packages,) = own.rglob("site-packages")
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "lent.pth").write_text("\n".join(sorted(lent)) + "\n", "utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "OUTREACH"))}

    def run(program: str, *arguments: str) -> str:
        found = subprocess.run(
            [str(programs / program), *arguments],
            cwd=folder,
            env=environment | {"OUTREACH_LANG": "zh", "PYTHONUTF8": "1"},
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert found.returncode == 0, found.stderr
        return found.stdout

    return run


def test_the_installed_package_is_the_wheels_own(installed: Run) -> None:
    where = installed("python", "-c", "import outreach; print(outreach.__file__)")
    assert "elsewhere" in where
    assert str(CHECKOUT) not in where


def test_its_data_are_the_installed_ones(installed: Run) -> None:
    script = "from outreach.resources import shipped; print(*shipped('templates'), *shipped('campaigns'), sep='\\n')"
    folders = installed("python", "-c", script).split()
    assert len(folders) == 2
    assert all("elsewhere" in folder and "_data" in folder for folder in folders)


def test_the_main_job_runs_from_the_wheel(installed: Run) -> None:
    assert installed("outreach", "--version").startswith("outreach ")
    assert "宣传品" in installed("outreach", "--help")
    (campaigns,) = installed(
        "python", "-c", "from outreach.resources import shipped; print(*shipped('campaigns'))"
    ).split()
    roster = Path(campaigns) / "yingcheng"
    office = Path(installed("outreach", "init", "office", "-c", "yingcheng").strip())

    def outreach(*arguments: str) -> str:
        return installed("outreach", "-w", str(office), *arguments)

    outreach("officer", "import", str(roster / "officers.csv"))
    outreach("household", "import", str(roster / "households.csv"))
    assert "116-117" in outreach("household", "assign")
    assert "_data" in outreach("material", "list", "letter")
    outreach("material", "make", "letter", "--post", "G01", "--date", "2005-01-10")
    outreach("material", "make", "card", "--post", "G01", "--date", "2005-01-10")
    outreach("material", "make", "sms")
    outreach("campaign", "calendar")
    outreach("report", "funnel", "--html", str(office / "report.html"))
    assert (office / "out" / "0001-letter-docx" / "letter-G01.docx").read_bytes()[:2] == b"PK"
    (cards,) = (office / "out" / "0002-card-pdf").glob("*.pdf")
    assert cards.read_bytes()[:5] == b"%PDF-"
    assert (office / "out" / "calendar" / "yingcheng.ics").read_bytes()[:15] == b"BEGIN:VCALENDAR"
    assert "<svg" in (office / "report.html").read_text("utf-8")
