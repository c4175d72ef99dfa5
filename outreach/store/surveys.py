"""Rows of coverage surveys: what was drawn by which rule, and the answers, which are appended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from outreach.domain.survey import Answer, Lot, SurveyAnswer
from outreach.store import schema as t
from outreach.store.instants import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line of a survey. lot: its rank among the survey's lots. told: the record's day, channel and officer."""

    lot: int
    household: str
    told: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it was drawn.

    rules: what was asked of the design, and of whom. lines: from 1, by lot, in the order drawn.
    """

    number: int
    campaign: str
    seed: str
    made: dt.datetime
    rules: Mapping[str, Any]
    lots: tuple[Lot, ...]
    lines: tuple[Drawn, ...]


class Surveys:
    """Reads and appends surveys, over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """The number the next survey gets."""
        return (self._connection.execute(select(func.max(t.surveys.c.number))).scalar() or 0) + 1

    def add(self, survey: Survey) -> None:
        """Keep a survey."""
        self._connection.execute(
            insert(t.surveys).values(
                number=survey.number,
                campaign=survey.campaign,
                seed=survey.seed,
                made_ms=to_ms(survey.made),
                rules=dict(survey.rules),
                lots=[asdict(lot) for lot in survey.lots],
                lines=[[line.lot, line.household, *line.told] for line in survey.lines],
            )
        )

    def all(self, zone: dt.tzinfo) -> dict[int, Survey]:
        """Every survey by number."""
        return {
            row.number: Survey(
                row.number,
                row.campaign,
                row.seed,
                from_ms(row.made_ms, zone),
                row.rules,
                tuple(Lot(**lot) for lot in row.lots),
                tuple(Drawn(line[0], line[1], (line[2], line[3], line[4])) for line in row.lines),
            )
            for row in self._connection.execute(select(t.surveys).order_by(t.surveys.c.number))
        }

    def add_answers(self, answers: Sequence[SurveyAnswer], recorded: dt.datetime) -> None:
        """Append answers."""
        rows = [
            asdict(one) | {"answer": one.answer.value, "at_ms": to_ms(one.at), "recorded_ms": to_ms(recorded)}
            for one in answers
        ]
        for row in rows:
            del row["at"]
        if rows:
            self._connection.execute(insert(t.survey_answers), rows)

    def answers(self, numbers: Iterable[int], zone: dt.tzinfo) -> list[SurveyAnswer]:
        """Every answer to these surveys in order of recording, those corrected included."""
        query = (
            select(t.survey_answers)
            .where(t.survey_answers.c.survey.in_(sorted(set(numbers))))
            .order_by(t.survey_answers.c.recorded_ms, t.survey_answers.c.id)
        )
        return [
            SurveyAnswer(
                row.id, row.survey, row.line, from_ms(row.at_ms, zone), row.by, Answer(row.answer), row.note,
                row.corrects,
            )
            for row in self._connection.execute(query)
        ]  # fmt: skip
