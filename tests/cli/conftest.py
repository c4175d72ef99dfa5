"""The command line called as a user calls it, in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from outreach.cli.main import run


@dataclass(frozen=True)
class Answer:
    """What one call came to."""

    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        return self.err.splitlines()

    @property
    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


Call = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No language, no debugging and no workspace from whoever runs the tests."""
    for name in ("OUTREACH_LANG", "OUTREACH_DEBUG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.chdir(outside)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """call('household', 'list', at=town.root) -> Answer; in English unless lang says otherwise or is ''."""

    def answer(*arguments: object, at: Path | None = None, lang: str = "en") -> Answer:
        before = [*(["--lang", lang] if lang else []), *(["--workspace", str(at)] if at else [])]
        capsys.readouterr()
        code = run([*before, *map(str, arguments)])
        found = capsys.readouterr()
        return Answer(code, found.out, found.err)

    return answer
