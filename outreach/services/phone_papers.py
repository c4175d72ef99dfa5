"""Which printed paper still in people's hands carries a phone number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outreach.domain.directory import phone_digits
from outreach.domain.pieces import OFF_THE_STREET, PieceState
from outreach.services.office import Office
from outreach.services.piece_states import printed_spans, states_of_run


@dataclass(frozen=True, slots=True)
class PhonePaper:
    """The pieces of one run that carry a number. spans: their numbers, '1-120, 125'. households: to whom they went."""

    run: int
    campaign: str
    kind: str
    spans: str
    pieces: int
    households: int
    officers: tuple[str, ...]


def papers_with(office: Office, number: str) -> list[PhonePaper]:
    """Every run whose pieces carry `number` (dialled digits) and were not given back, removed or lost; oldest first."""
    return list(_papers(office, number))


def _papers(office: Office, number: str) -> Iterator[PhonePaper]:
    with office.store.read() as unit:
        for run in unit.runs.all(office.workspace.zone):
            if run.state != "whole":
                continue
            held = {
                one
                for fact in unit.runs.facts(run.id)
                if phone_digits(fact.fact.value) == number
                for first, last in fact.ranges
                for one in range(first, last + 1)
            }
            if not held:
                continue
            states = states_of_run(office, unit, run)
            pieces = [
                piece
                for piece in unit.runs.pieces(run.id)
                if piece.number in held and states.get(piece.number, PieceState.PRINTED) not in OFF_THE_STREET
            ]
            if pieces:
                numbers = sorted(piece.number for piece in pieces)
                yield PhonePaper(
                    run.number,
                    run.campaign,
                    run.kind,
                    printed_spans(_spans(numbers)),
                    len(pieces),
                    len({piece.household for piece in pieces if piece.household}),
                    tuple(sorted({piece.officer for piece in pieces if piece.officer})),
                )


def _spans(numbers: list[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans
