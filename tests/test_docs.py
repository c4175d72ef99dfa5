"""The documentation cannot fall behind: what it shows is run, what it names exists, what it tables is generated.

In the pages, a ```sh block is run line by line and a ```python block is run; a block after `<!-- file: NAME -->` is
first written to that file. Lines that set up a machine (make, pip ...) stand in ```text blocks or are skipped.
"""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

import outreach
from outreach.channels import channels
from outreach.channels.reference import channel_tables, put_between
from outreach.cli.main import _cli, run
from outreach.services import campaign_file

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
SHIPPED = ROOT / "campaigns" / "yingcheng"

_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>\S+) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
_SKIPPED = ("make", "pip", "python3", "git", "apt", "apt-get", "sudo", ".", "source")


@dataclass(frozen=True)
class Block:
    """One fenced block: the file it is to be written to, its kind and text."""

    file: str
    kind: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    for found in _BLOCK.finditer(page.read_text("utf-8")):
        yield Block(found["file"] or "", found["kind"], found["text"])


@dataclass
class Reader:
    """Somebody who does what a page says, in order; `files` lie in every folder they go to."""

    monkeypatch: pytest.MonkeyPatch
    capfd: pytest.CaptureFixture[str]
    files: tuple[Path, ...] = ()

    def follow(self, page: Path, folder: Path) -> int:
        """Do it all, beginning in `folder`; returns how many commands were run."""
        self._go(folder)
        commands = 0
        for block in blocks(page):
            if block.file:
                Path(block.file).parent.mkdir(parents=True, exist_ok=True)
                Path(block.file).write_text(block.text, "utf-8")
            elif block.kind == "python":
                subprocess.run([sys.executable, "-c", block.text], check=True, timeout=60)
            elif block.kind in ("sh", "console"):
                commands += sum(self._obey(line, block.kind) for line in block.text.splitlines())
        return commands

    def _obey(self, line: str, kind: str) -> bool:
        if kind == "console":
            if not line.startswith("$ "):
                return False  # what a command prints
            line = line.removeprefix("$ ")
        words = shlex.split(line, comments=True)
        if not words or words[0] in _SKIPPED or words[:2] == ["outreach", "demo"]:
            return False
        if words[0] == "cd":
            self._go(Path(words[1]))
            return False
        assert Path(words[0]).name == "outreach", f"the test cannot run {line!r}; show it in a ```text block"
        self.capfd.readouterr()
        code = run(words[1:])
        assert code == 0, f"{line}\nends with {code}: {self.capfd.readouterr().err}"
        return True

    def _go(self, folder: Path) -> None:
        self.monkeypatch.chdir(folder)
        for file in self.files:
            shutil.copy(file, file.name)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Reader:
    return Reader(monkeypatch, capfd)


def _paths(command: click.Command, ctx: click.Context, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command from `command` down, groups included, as it is typed."""
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from _paths(inner, click.Context(inner, parent=ctx, info_name=name), f"{path} {name}")


def _every_command() -> list[click.Command]:
    root = _cli()
    return [command for _path, command in _paths(root, click.Context(root), "outreach")]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_LANG", "en")


def test_every_command_is_in_the_docs() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    root = _cli()
    paths = [path for path, _command in _paths(root, click.Context(root), "outreach")]
    assert len(paths) > 30
    assert not [path for path in paths if path not in text]


def test_every_option_is_in_the_docs() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    options = {
        option
        for command in _every_command()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert not [option for option in sorted(options) if option not in text]


def test_the_quickstart_works_as_written(reader: Reader, tmp_path: Path) -> None:
    assert reader.follow(ROOT / "docs" / "quickstart.md", tmp_path) > 40


@pytest.mark.parametrize(
    "name",
    [
        "air",
        "architecture",
        "calendar",
        "campaign",
        "content",
        "duplicates",
        "flights",
        "followups",
        "json",
        "monthly",
        "register",
        "rights",
        "roster",
        "rota",
        "walks",
    ],
)
def test_the_commands_of_the_other_pages_work_in_a_workspace(name: str, town: Any, reader: Reader) -> None:
    reader.follow(ROOT / "docs" / f"{name}.md", town.root)


def test_the_new_kind_of_the_templates_page_prints_every_household(town: Any, reader: Reader) -> None:
    from pypdf import PdfReader

    assert reader.follow(ROOT / "docs" / "templates.md", town.root) > 5
    folders = sorted(town.workspace.out.glob("*-receipt-pdf"))
    merged, separate = (sorted(folder.rglob("*.pdf")) for folder in folders)
    text = "".join(page.extract_text() for file in merged for page in PdfReader(file).pages)
    assert all(text.count(f"H{number:03d}") == 1 for number in range(1, 31))
    assert len(separate) == 30


def test_the_readme_works_as_written(reader: Reader, tmp_path: Path) -> None:
    """With a few officers and households of the shipped roster, those it names among them."""
    readme = ROOT / "README.md"
    named = set(re.findall(r"YC\d{6}", readme.read_text("utf-8")))
    officers, homes = (_table(SHIPPED / f"{name}.csv") for name in ("officers", "households"))
    reader.files = (
        _spreadsheet(tmp_path / "officers.xlsx", officers[:6]),
        _spreadsheet(tmp_path / "households.xlsx", homes[:60] + [row for row in homes[60:] if row[0] in named]),
    )
    folder = tmp_path / "reader"
    folder.mkdir()
    assert reader.follow(readme, folder) > 5


def _table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _spreadsheet(path: Path, rows: list[list[str]]) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_the_channel_tables_of_the_campaign_page_are_current() -> None:
    """Refresh them with: python -m outreach.channels.reference docs/campaign.md"""
    text = (ROOT / "docs" / "campaign.md").read_text("utf-8")
    assert put_between(text, channel_tables()) == text
    assert all(f"### `{key}`" in text for key in channels())


def test_the_campaign_page_names_every_key_of_the_file() -> None:
    text = (ROOT / "docs" / "campaign.md").read_text("utf-8")
    models = ("_Head", "_BureauFile", "_Place", "_AudienceFile", "_AudienceWords", "_TextsFile", "_MessageFile")
    keys = {key for model in models for key in getattr(campaign_file, model).model_fields}
    assert not [key for key in sorted(keys) if f"`{key}`" not in text and f".{key}]`" not in text]


def test_the_quickstart_explains_every_setting() -> None:
    from outreach.config import (
        ContactSettings,
        FontSettings,
        PrintSettings,
        PrivacySettings,
        Settings,
        StoreSettings,
    )

    text = (ROOT / "docs" / "quickstart.md").read_text("utf-8")
    keys = {
        key
        for model in (Settings, StoreSettings, FontSettings, PrintSettings, ContactSettings, PrivacySettings)
        for key in model.model_fields
    }
    sections = {"store", "fonts", "printing", "contacts", "privacy"}
    assert not [key for key in sorted(keys - sections) if f"`{key}`" not in text]
    assert all(f"`[{section}]`" in text for section in sections)


def test_the_templates_page_names_every_filter_and_manifest_key() -> None:
    from outreach.render.filters import FIELD_FILTERS, STOCK_FILTERS
    from outreach.render.manifest import Cards, Form, MaterialKind, Page, Variable

    text = (ROOT / "docs" / "templates.md").read_text("utf-8")
    filters = {*FIELD_FILTERS, *STOCK_FILTERS} - {"d", "e"}  # the short names of default and escape
    assert not [name for name in sorted(filters) if not re.search(rf"`{name}(\(|`)", text)]
    keys = {key for model in (MaterialKind, Page, Cards, Form, Variable) for key in model.model_fields} - {"folder"}
    assert not [key for key in sorted(keys) if not re.search(rf"\b{key}\b", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text("utf-8")):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        if anchor:
            assert anchor in _anchors(path), f"{target}#{anchor}"


def _anchors(page: Path) -> set[str]:
    """The anchors GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_public_name_exists_and_is_loaded_only_when_asked_for() -> None:
    assert all(getattr(outreach, name).__doc__ for name in outreach.__all__)
    assert set(outreach.__all__) <= set(dir(outreach))
    with pytest.raises(AttributeError, match="no attribute 'frobnicate'"):
        _ = outreach.frobnicate
    light = "import sys, outreach; sys.exit('pydantic' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", light], check=False).returncode == 0
