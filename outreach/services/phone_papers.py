"""Which printed paper still in people's hands carries a phone number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from outreach.domain.directory import phone_digits
from outreach.domain.people import is_stone
from outreach.domain.pieces import OFF_THE_STREET, PieceState
from outreach.services.office import Office
from outreach.services.piece_states import printed_spans, states_of_run


@dataclass(frozen=True, slots=True)
class PhonePaper:
    """The pieces of one run that carry a number. spans: their numbers, '1-120, 125'.

    codes: the households they went to, by the codes they have now; without erased ones, whom nobody can tell anything.
    """

    run: int
    campaign: str
    kind: str
    spans: str
    pieces: int
    codes: frozenset[str]
    officers: tuple[str, ...]

    @property
    def households(self) -> int:
        """To how many households they went."""
        return len(self.codes)


def households_of(papers: Iterable[PhonePaper]) -> frozenset[str]:
    """The households that hold any of these papers, each once however many runs they had paper of."""
    return frozenset[str]().union(*(paper.codes for paper in papers))


def papers_with(office: Office, numbers: Collection[str]) -> list[PhonePaper]:
    """Every run with pieces that carry one of `numbers` (dialled digits) and were not given back, removed or lost.

    The oldest first.
    """
    return list(_papers(office, frozenset(numbers))) if numbers else []


def _papers(office: Office, numbers: frozenset[str]) -> Iterator[PhonePaper]:
    with office.store.read() as unit:
        kept = unit.merges.kept_codes()
        for run in unit.runs.all(office.workspace.zone):
            if run.state != "whole":
                continue
            held = {
                one
                for fact in unit.runs.facts(run.id)
                if phone_digits(fact.fact.value) in numbers
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
                sheets = sorted(piece.number for piece in pieces)
                whose = {kept.get(piece.household, piece.household) for piece in pieces if piece.household}
                yield PhonePaper(
                    run.number,
                    run.campaign,
                    run.kind,
                    printed_spans(_spans(sheets)),
                    len(pieces),
                    frozenset(code for code in whose if not is_stone(code)),
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
