"""Lists of pieces for people: who holds stale paper, where each piece is. Shown as a table or written as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

from outreach.domain.directory import masked_phone, phone_digits
from outreach.domain.pieces import ReturnReason
from outreach.errors import BadInput
from outreach.messages import _, current_language
from outreach.render.book import SheetTable, make_csv, make_workbook
from outreach.services.office import write_whole
from outreach.services.piece_states import Whereabouts
from outreach.services.recall import StalePiece
from outreach.services.stale_facts import StaleFact
from outreach.store.runs import PrintedFact

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class PieceList:
    """Headings and rows."""

    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def stale_list(stale: Iterable[StalePiece], titles: Mapping[str, str], *, unmask: bool) -> PieceList:
    """One row a stale piece: what is wrong on it, and who is to be told. titles: of kinds, by code."""
    language = current_language()
    headings = (
        _("Run"), _("No."), _("Kind"), _("Household"), _("Person"), _("Entrance"), _("Officer now"),
        _("Officer printed"), _("State"), _("What is no longer true"),
    )  # fmt: skip
    rows = (
        (
            piece.run,
            piece.number,
            titles.get(piece.kind, piece.kind),
            piece.household,
            piece.person or None,
            piece.entrance or (piece.placement if not piece.household else ""),
            piece.officer,
            piece.printed_officer,
            piece.state.label(language),
            reduce(_after, (stale_words(one if unmask else _masked(one)) for one in piece.facts)),
        )
        for piece in stale
    )
    return PieceList(headings, tuple(rows))


def _after(first: str, second: str) -> str:
    return _("{first}; {second}", first=first, second=second)


def state_list(found: Iterable[Whereabouts]) -> PieceList:
    """One row a piece: where it is, since when, why it came back."""
    language = current_language()
    headings = (
        _("No."), _("Code"), _("Household"), _("Person"), _("Entrance"), _("Officer"), _("State"), _("Since"),
        _("Reason"), _("By"), _("Note"),
    )  # fmt: skip
    rows = (
        (
            one.piece.number,
            one.piece.code,
            one.piece.household,
            one.piece.person or None,
            one.piece.entrance,
            one.piece.officer,
            one.state.label(language),
            f"{one.event.at:%Y-%m-%d %H:%M}" if one.event else "",
            ReturnReason(one.event.reason).label(language) if one.event and one.event.reason else "",
            one.event.by if one.event else "",
            one.event.note if one.event else "",
        )
        for one in found
    )
    return PieceList(headings, tuple(rows))


def write_list(target: Path, found: PieceList) -> None:
    """Write a list as .csv or .xlsx, whole or not at all; raises BadInput for another ending, StoreFault."""
    if target.suffix.lower() == ".csv":
        write_whole(target, make_csv(found.headings, found.rows))
    elif target.suffix.lower() == ".xlsx":
        write_whole(target, make_workbook([SheetTable(_("Pieces"), found.headings, found.rows)]))
    else:
        raise BadInput.at(str(target), _("is no .xlsx or .csv file"), _("name it with one of these endings"))


def without_phones(stale: Iterable[StalePiece]) -> list[StalePiece]:
    """The pieces with officers' phones masked."""
    return [replace(piece, facts=tuple(_masked(one) for one in piece.facts)) for piece in stale]


def _masked(stale: StaleFact) -> StaleFact:
    return StaleFact(masked_fact(stale.fact), _masked_value(stale.fact, stale.present))


def masked_fact(fact: PrintedFact) -> PrintedFact:
    """The fact with an officer's phone hidden; the bureau's own numbers are public."""
    return replace(fact, value=_masked_value(fact, fact.value))


def _masked_value(fact: PrintedFact, value: str) -> str:
    if fact.kind != "phone" or fact.subject.startswith("bureau ") or not phone_digits(value):
        return value
    return masked_phone(value)


def stale_words(stale: StaleFact) -> str:
    """'the bureau hotline: 0700-5550100 → 0700-5550199' in words."""
    arrow = f"{stale.fact.value} → {stale.present}" if stale.present else _("{old}, no longer", old=stale.fact.value)
    return _("{subject}: {change}", subject=subject_words(stale.fact.subject), change=arrow)


def subject_words(subject: str) -> str:
    """'Y01 mobile' in words: whose it is, and what it is to them."""
    words = {
        "bureau": _("the bureau"),
        "name": _("name"),
        "mobile": _("mobile"),
        "home_phone": _("home phone"),
        "office_phone": _("office phone"),
        "hotline": _("hotline"),
        "complaint_phone": _("complaint phone"),
        "address": _("address"),
        "hours": _("office hours"),
        "remove_by": _("taken down by"),
        "visits": _("visiting evenings"),
        "date": _("date"),
        "payment": _("to pay for months"),
        "balance": _("balance"),
        "qa": _("answer"),
    }
    return " ".join(words.get(word, word) for word in subject.split(" "))


def fact_words(kind: str) -> str:
    """The sort of a fact in words."""
    return {
        "phone": _("phone"),
        "officer": _("name of the officer"),
        "address": _("address"),
        "hours": _("office hours"),
        "date": _("date"),
        "amount": _("amount"),
        "answer": _("answer"),
        "booth": _("booth"),
    }.get(kind, kind)


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many pieces of an officer are in each state."""

    officer: str
    counts: dict[str, int]


def count_states(found: Sequence[Whereabouts]) -> list[StateCount]:
    """By officer in the order of their codes; the sum of all first, under ''."""
    sums: dict[str, dict[str, int]] = {"": {}}
    for one in sorted(found, key=lambda one: one.piece.officer):
        for officer in ("", one.piece.officer or "-"):
            counts = sums.setdefault(officer, {})
            counts[one.state.value] = counts.get(one.state.value, 0) + 1
    return [StateCount(officer, counts) for officer, counts in sums.items()]
