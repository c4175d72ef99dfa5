"""The learnt table: how often somebody is found, by kind of household, day and hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from outreach.domain.people import Difficulty
from outreach.messages import _, current_language
from outreach.planning.tries import LEVEL, Column, Kind, Prior, Strengths
from outreach.services.office import Office
from outreach.services.try_records import kind_of, know


@dataclass(frozen=True, slots=True)
class TimeCell:
    """One kind in one slot: counted tries and contacts, the expected chance and its interval."""

    difficulty: Difficulty
    migrant: bool
    works: bool
    day: Column
    starts: str
    ends: str
    tries: int
    contacts: int
    chance: float
    low: float
    high: float

    @property
    def kind(self) -> Kind:
        """The kind of household."""
        return Kind(self.difficulty, self.migrant, self.works)


@dataclass(frozen=True, slots=True)
class Times:
    """The table of one channel. level: the share inside each interval. left_out: tries by reason."""

    campaign: str
    channel: str
    as_of: dt.datetime
    tries: int
    contacts: int
    chance: float
    level: float
    prior: Prior
    strengths: Strengths
    left_out: Mapping[str, int]
    cells: tuple[TimeCell, ...]


def report_times(office: Office, campaign_name: str, channel: str = "visit", day: dt.date | None = None) -> Times:
    """What is learnt of `channel` ('visit' or 'call') as it was known on the morning of `day`, now where None.

    Cells of every kind the roster has. Raises as `know` does.
    """
    known = know(office, campaign_name, day or office.now().date())
    rates = known.rates[channel]
    kinds = sorted(
        {kind_of(home) for home in known.homes}, key=lambda kind: (kind.difficulty, kind.migrant, kind.works)
    )
    cells = []
    for kind in kinds:
        for column in Column:
            for number, band in enumerate(known.plan.tries.hours):
                found = rates.cell(kind, (column, number))
                low, high = found.interval()
                starts, ends = str(band).split("-")
                cells.append(
                    TimeCell(
                        kind.difficulty, kind.migrant, kind.works, column, starts, ends, found.tries, found.contacts,
                        round(found.mean, 4), round(low, 4), round(high, 4),
                    )
                )  # fmt: skip
    whole = rates.overall
    return Times(
        campaign=known.campaign.name,
        channel=channel,
        as_of=known.as_of,
        tries=whole.tries,
        contacts=whole.contacts,
        chance=round(whole.mean, 4),
        level=LEVEL,
        prior=known.plan.tries.prior,
        strengths=rates.strengths,
        left_out=known.left_out[channel],
        cells=tuple(cells),
    )


def kind_label(kind: Kind) -> str:
    """A kind of household in words."""
    words = [_("difficulty: {level}", level=kind.difficulty.label(current_language()))]
    words += [_("away for work")] if kind.migrant else []
    words += [_("works by day")] if kind.works else []
    return ("，" if current_language() == "zh" else ", ").join(words)


def left_out_label(reason: str) -> str:
    """Why tries teach nothing about hours, in words."""
    return {
        "found": _("somebody had been found before"),
        "away": _("migrants visited while they are away"),
        "timeless": _("an outcome the hour did not decide"),
        "hours": _("outside all bands of hours"),
    }[reason]
