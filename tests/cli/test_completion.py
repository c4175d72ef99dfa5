"""The completion scripts, and what the shells that load them are offered."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("shell", "mark"), [("bash", "complete -o nosort"), ("zsh", "#compdef outreach"), ("fish", "complete --no-files")]
)
def test_a_script_is_printed_for_each_shell(call: Any, shell: str, mark: str) -> None:
    answer = call("completion", shell)
    assert (answer.code, answer.err) == (0, "")
    assert mark in answer.out
    assert f"_OUTREACH_COMPLETE={shell}_complete" in answer.out


def test_another_shell_is_wrong_use(call: Any) -> None:
    assert call("completion", "tcsh").code == 2


def _offered(shell: str, words: str, position: str) -> str:
    environment = os.environ | {
        "_OUTREACH_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": position,
        "OUTREACH_LANG": "en",
    }
    found = subprocess.run(
        [sys.executable, "-m", "outreach"], env=environment, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (0, "")
    return found.stdout


def test_a_group_is_completed() -> None:
    assert _offered("bash", "outreach house", "1") == "plain,household\n"


def test_the_commands_of_a_group_are_completed() -> None:
    assert set(_offered("bash", "outreach household ", "2").split()) == {
        f"plain,{name}"
        for name in (
            *("import", "list", "show", "assign", "walk", "export", "touched"),
            *("suppress", "unsuppress", "suppressions", "exclude", "exclusions", "plans", "history", "record"),
            *("duplicates", "distinct", "merge", "unmerge", "merges", "erase", "erasures"),
        )
    }


def test_options_and_choices_are_completed() -> None:
    assert _offered("bash", "outreach household list --un", "3") == "plain,--unmask\n"
    assert _offered("bash", "outreach report coverage --by mo", "4") == "plain,month\n"


def test_zsh_and_fish_are_told_what_a_command_does() -> None:
    assert "households: import" in _offered("zsh", "outreach house", "1").lower()
    assert _offered("fish", "outreach house", "house").split("\t")[0].startswith("plain,household")


def test_bash_itself_completes_with_the_script(call: Any, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    script = tmp_path / "outreach.bash"
    script.write_text(call("completion", "bash").out, "utf-8")
    command = tmp_path / "bin" / "outreach"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m outreach "$@"\n', "utf-8")
    command.chmod(0o755)
    typed = "COMP_WORDS=(outreach house); COMP_CWORD=1; _outreach_completion outreach; echo ${COMPREPLY[@]}"
    found = subprocess.run(
        [bash, "--norc", "-c", f"source '{script}'; {typed}"],
        env=os.environ | {"PATH": f"{command.parent}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout == "household\n", found.stderr
