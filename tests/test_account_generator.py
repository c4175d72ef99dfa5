"""The sample of account statements is what its script writes, and a part of what the demonstration invents."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from outreach.intake.roster import read_households
from outreach.services.campaign_file import read_campaign
from outreach.services.demo import invented_accounts

FOLDER = Path(__file__).resolve().parents[1] / "campaigns" / "yingcheng"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("invent_accounts", FOLDER / "invent_accounts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_inventing_again_gives_the_committed_bytes(script: ModuleType) -> None:
    assert script.sample() == (FOLDER / "accounts.csv").read_bytes()


def test_the_sample_begins_the_whole_towns_statements() -> None:
    homes = read_households(FOLDER / "households.csv", today=dt.date(2005, 1, 10)).items
    whole = invented_accounts(homes, read_campaign(FOLDER / "campaign.toml"))
    sample = (FOLDER / "accounts.csv").read_bytes()
    assert whole.startswith(sample)
    assert 45_000 < whole.count(b"\n") < 60_000
