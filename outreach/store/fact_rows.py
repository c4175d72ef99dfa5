"""Facts and standings as rows of their tables, and rows as facts and standings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, Standing
from outreach.store.effective import Numbers
from outreach.store.instants import from_ms, from_ms_or_none, to_ms

Row = dict[str, Any]


def attempt_row(
    campaign: str, attempt: Attempt, row_key: str | None, household_ids: Mapping[str, int], recorded_ms: int
) -> Row:
    """A row of `attempts`; raises KeyError for a household that is not among the ids."""
    return {
        "id": attempt.id,
        "campaign": campaign,
        "household_id": household_ids[attempt.household],
        "person": attempt.person,
        "channel": attempt.channel,
        "officer": attempt.officer,
        "at_ms": to_ms(attempt.at),
        "disposition": attempt.disposition.value,
        "left": ",".join(attempt.left),
        "note": attempt.note,
        "corrects": attempt.corrects,
        "forms": ",".join(attempt.forms),
        "musts": ",".join(attempt.musts),
        "closes": ",".join(attempt.closes),
        "row_key": row_key,
        "recorded_ms": recorded_ms,
    }


def milestone_row(
    campaign: str, milestone: Milestone, row_key: str | None, household_ids: Mapping[str, int], recorded_ms: int
) -> Row:
    """A row of `milestones`; raises KeyError for a household that is not among the ids."""
    return {
        "id": milestone.id,
        "campaign": campaign,
        "household_id": household_ids[milestone.household],
        "person": milestone.person,
        "kind": milestone.kind.value,
        "on": milestone.on,
        "amount_fen": milestone.amount_fen,
        "note": milestone.note,
        "corrects": milestone.corrects,
        "row_key": row_key,
        "recorded_ms": recorded_ms,
    }


def attempt_of(row: RowMapping, numbers: Numbers) -> Attempt:
    """The attempt of a row of `attempts` with the household's code."""
    return Attempt(
        id=row["id"],
        household=row["code"],
        channel=row["channel"],
        officer=row["officer"],
        at=from_ms(row["at_ms"], dt.UTC),
        disposition=Disposition(row["disposition"]),
        person=numbers.of(row["household_id"], row["person"]),
        left=_parts(row["left"]),
        note=row["note"],
        corrects=row["corrects"],
        forms=_parts(row["forms"]),
        musts=_parts(row["musts"]),
        closes=_parts(row["closes"]),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def milestone_of(row: RowMapping, numbers: Numbers) -> Milestone:
    """The milestone of a row of `milestones` with the household's code."""
    return Milestone(
        id=row["id"],
        household=row["code"],
        kind=MilestoneKind(row["kind"]),
        on=row["on"],
        person=numbers.of(row["household_id"], row["person"]),
        amount_fen=row["amount_fen"],
        note=row["note"],
        corrects=row["corrects"],
    )


def standing_row(found: Standing) -> Row:
    """What a row of `standings` says of a household, without campaign and household."""

    def ms(at: dt.datetime | None) -> int | None:
        return None if at is None else to_ms(at)

    return {
        "attempts": found.attempts,
        "first_attempt_ms": ms(found.first_attempt_at),
        "first_contact_ms": ms(found.first_contact_at),
        "first_reached_ms": ms(found.first_reached_at),
        "reached_channel": found.reached_channel,
        "reached_by": found.reached_by,
        "card_ms": ms(found.card_at),
        "last_disposition": found.last_disposition,
        "registered_on": found.registered_on,
        "paid_on": found.paid_on,
        "paid_fen": found.paid_fen,
    }


def standing_of(row: RowMapping, zone: dt.tzinfo) -> Standing:
    """The standing of a row of `standings`, its instants in `zone`."""
    return Standing(
        attempts=row["attempts"],
        first_attempt_at=from_ms_or_none(row["first_attempt_ms"], zone),
        first_contact_at=from_ms_or_none(row["first_contact_ms"], zone),
        first_reached_at=from_ms_or_none(row["first_reached_ms"], zone),
        reached_channel=row["reached_channel"],
        reached_by=row["reached_by"],
        card_at=from_ms_or_none(row["card_ms"], zone),
        last_disposition=row["last_disposition"],
        registered_on=row["registered_on"],
        paid_on=row["paid_on"],
        paid_fen=row["paid_fen"],
    )
