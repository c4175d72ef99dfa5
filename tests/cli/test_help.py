"""Every command explains itself, in English and in Chinese."""

from __future__ import annotations

import re
from typing import Any

import pytest

COMMANDS = [
    "init", "demo", "check", "completion",
    "campaign list", "campaign new", "campaign show", "campaign check", "campaign calendar",
    "campaign plan", "campaign picture", "days year", "days show", "days due", "days steps", "days differences",
    "household import", "household list", "household show", "household assign", "household walk", "household export",
    "household suppress", "household unsuppress", "household suppressions", "household touched", "sms recipients",
    "household plans", "household exclude", "household exclusions", "household history",
    "walk plan", "walk list", "walk show", "walk withdraw", "walk export",
    "officer import", "officer list", "officer handover", "officer history",
    "qa list", "qa show",
    "material list", "material preview", "material copy", "material make",
    "run list", "run show", "run resume", "run verify", "run recall", "run state", "run states", "run scan",
    "account import", "account show", "account due",
    "contact record", "contact import", "contact due", "contact simulate", "contact codes", "contact entrance",
    "contact enter", "contact withdraw", "household record",
    "followup open", "followup move", "followup answer", "followup withdraw", "followup list", "followup overdue",
    "case import", "case list", "case step",
    "mail returned", "mail proposals", "mail accept", "mail refuse", "notice list", "notice photo", "notice due",
    "leave import", "leave add", "leave list", "leave lift",
    *(
        f"{rota} {verb}"
        for rota in ("booth", "duty")
        for verb in ("plan", "show", "publish", "set", "lock", "unlock", "calendar", "export")
    ),
    "air rates", "air show", "air plan", "air import", "air check", "air record", "air makegood",
    "report coverage", "report funnel", "report times", "report staffing",
    "phone import", "phone list", "phone set", "phone changes", "phone draw", "phone check", "phone rank",
    "phone export",
    "qa search", "qa drift", "qa accept",
    "contact export", "contact merge", "contact audit",
    "survey draw", "survey list", "survey sheet", "survey enter", "survey result",
    "report outcomes", "report monthly", "report explain",
    "household erase", "household erasures", "household duplicates", "household distinct", "household merge",
    "household unmerge", "household merges", "campaign expire", "duty phones",
    "ledger import", "ledger list", "ledger review", "ledger match", "ledger refuse", "ledger undo",
    "ledger unmatched", "ledger cohorts", "holdout draw", "holdout list", "holdout end", "holdout result",
    "user add", "user list", "user end", "user whoami", "trail show", "trail verify",
    "store check", "store backup", "store restore", "store copy", "store seal", "store unseal",
]  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")


def _listed(text: str) -> list[str]:
    """The names under the last heading of a help text."""
    rows = re.split(r"\n\S+[:：]\n", text)[-1].split("\n\n")[0].splitlines()
    return [match[1] for row in rows if (match := re.match(r"  (\w+)  +\S", row))]


def _options(text: str) -> list[str]:
    """Each option's lines joined into one."""
    block = re.split(r"\n\S+[:：]\n", text)[1].split("\n\n")[0]
    return [" ".join(row.split()) for row in re.split(r"\n(?=  -)", block)]


def test_the_help_lists_every_command_there_is(call: Any) -> None:
    found = []
    for name in _listed(call("--help").out):
        text = call(name, "--help").out
        inner = _listed(text) if "COMMAND [ARGS]" in text else []
        found += [f"{name} {one}" for one in inner] or [name]
    assert sorted(found) == sorted(COMMANDS)


@pytest.mark.parametrize("command", ["", *sorted({name.split()[0] for name in COMMANDS}), *COMMANDS])
def test_every_help_is_english_or_chinese_through_and_through(call: Any, command: str) -> None:
    english = call(*command.split(), "--help")
    chinese = call(*command.split(), "--help", lang="zh")
    assert english.code == chinese.code == 0
    assert english.err == chinese.err == ""
    assert english.out.startswith(f"Usage: outreach {command}".rstrip())
    assert not HAN.search(english.out)
    assert chinese.out.startswith(f"用法: outreach {command}".rstrip())
    says = chinese.out.split("\n\n")[1]
    assert HAN.search(says)
    assert all(HAN.search(row) for row in _options(chinese.out)), chinese.out
    assert len(_options(english.out)) == len(_options(chinese.out))
    assert all(len(re.sub(r"\[.*?\]|--?\w+", "", row)) > 4 for row in _options(english.out))


def test_a_command_speaks_the_language_of_each_call_not_of_the_first(call: Any) -> None:
    said = [call("household", "--help", lang=lang).out for lang in ("zh", "en", "zh")]
    assert said[0] == said[2] != said[1]


def test_no_command_is_cut_short_in_a_list(call: Any) -> None:
    assert "..." not in call("household", "--help").out.split("Commands:")[1]


def test_the_version_is_the_packages(call: Any) -> None:
    from importlib.metadata import version

    assert call("--version").out == f"outreach {version('outreach')}\n"


def test_the_exit_codes_stand_in_the_help(call: Any) -> None:
    assert "3 bad input" in " ".join(call("--help").out.split())
