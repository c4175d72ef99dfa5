"""Invent the sample of account statements: those of the roster's first 60 households, the same every time.

Run without arguments in a checkout it writes `accounts.csv` beside itself, from `households.csv` and the bases in
`campaign.toml`. `outreach demo` invents the statements of all 7,000 households by the same rule
(`outreach/planning/statements.py`), so the sample is a part of them.
"""

from __future__ import annotations

import datetime as dt
import sys
from itertools import islice
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))  # the checkout, where outreach is not installed

from outreach.intake.roster import read_households
from outreach.services.campaign_file import CAMPAIGN_NAME, read_campaign
from outreach.services.demo import invented_accounts
from outreach.services.office import write_whole

FOLDER = Path(__file__).resolve().parent
HOUSEHOLDS = 60


def sample() -> bytes:
    """The content of accounts.csv."""
    reading = read_households(FOLDER / "households.csv", today=dt.date(2005, 1, 10))
    homes = list(islice(reading.items, HOUSEHOLDS))
    return invented_accounts(homes, read_campaign(FOLDER / CAMPAIGN_NAME))


if __name__ == "__main__":
    content = sample()
    write_whole(FOLDER / "accounts.csv", content)
    lines = content.count(b"\n") - 1
    print(f"{lines} rows of {HOUSEHOLDS} households")
