"""One piece of a making: for whom it is, the values it carries, and what would print wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from outreach.errors import Fault
from outreach.messages import _
from outreach.render.fonts import Coverage, check_texts
from outreach.render.manifest import MANIFEST_NAME, MaterialKind, Variable
from outreach.services.values import Values

Slot = tuple[str, int, str, str]
"""Household, person, entrance, and the placement, flight or group a piece is for."""


@dataclass(frozen=True, slots=True)
class PieceSpec:
    """One piece before it is made.

    group: what shares a file (a post, a community, a flight). entrance: the door it is for; placement: the
    placement it is part of. number: a number that is printed on it whatever else is made, 0 where the run counts.
    held: how many lines of a list a hold-out left out of it.
    """

    household: str
    person: int
    officer: str
    group: str
    values: Values
    entrance: str = ""
    placement: str = ""
    number: int = 0
    held: int = 0

    @property
    def slot(self) -> Slot:
        """For whom or for what it is, among all pieces of its kind; as the register keeps it."""
        part = self.placement or ("" if self.household or self.entrance else self.group)
        return (self.household, self.person, self.entrance, part)


def check_pieces(kind: MaterialKind, pieces: Iterable[PieceSpec], known: Coverage, language: str) -> list[Fault]:
    """Everything that would print wrong: a value that is missing or empty, a sign no font has."""
    words = check_texts(kind.labels.get(language, {}), known, where=f"{kind.folder / MANIFEST_NAME}, labels.{language}")
    required = [
        (name, name.split("."), _required_keys(variable))
        for name, variable in kind.variables.items()
        # A piece gets its number and code when the run has its own.
        if not variable.optional and not name.startswith("piece.")
    ]
    qr_names = {name for name, variable in kind.variables.items() if variable.qr}
    found: list[Fault] = []
    # What all pieces share (the bureau, the campaign's words) is one object, checked with the first of them.
    shared: dict[int, object] = {}
    missing: dict[tuple[str, str], None] = {}
    for piece in pieces:
        where = piece_name(piece)
        for name, path, keys in required:
            value: Any = piece.values
            for part in path:
                value = value.get(part) if isinstance(value, Mapping) else None
            for field in _empty_fields(name, value, keys):
                # An officer's gap is one fault, however many households it would spoil.
                owner = _("officer {code}", code=piece.officer) if path[0] == "officer" else where
                missing[owner, field] = None
        # What a QR code carries is read by machines, line ends and all.
        printed = {
            name: value for name, value in piece.values.items() if name not in qr_names and id(value) not in shared
        }
        shared |= {id(value): value for name, value in printed.items() if name in ("bureau", "campaign")}
        printed["officers"] = [
            {key: value for key, value in item.items() if key != "qr"} for item in printed.get("officers", [])
        ]
        found += check_texts(printed, known, where=where)
    return [_missing(owner, field) for owner, field in missing] + words + found


def piece_name(piece: PieceSpec) -> str:
    """What a fault calls the piece: its household and person, its entrance, or its flight."""
    if piece.household:
        names = [_("household {code}", code=piece.household)]
        person = piece.values.get("person")
        return ", ".join([*names, person["name"]] if isinstance(person, Mapping) else names)
    entrance = piece.values.get("entrance")
    return str(entrance["address"]) if isinstance(entrance, Mapping) else piece.group or _("the campaign")


def _missing(where: str, field: str) -> Fault:
    return Fault(
        f"{where}, {field}",
        _("the value is missing"),
        _("complete it in the roster or campaign file and import it again"),
    )


def _required_keys(variable: Variable) -> frozenset[str]:
    """The keys that every item of a list must have filled: those of the sample, but for the optional ones."""
    items = variable.sample if isinstance(variable.sample, list) else []
    return frozenset(key for item in items if isinstance(item, Mapping) for key in item) - set(variable.optional_keys)


def _empty_fields(name: str, value: Any, keys: frozenset[str]) -> Iterable[str]:
    if value is None or value in ("", [], {}):
        yield name
    elif isinstance(value, list):
        for rank, item in enumerate(value, start=1):
            if isinstance(item, Mapping):
                yield from (f"{name}[{rank}].{key}" for key in sorted(keys) if item.get(key) in (None, ""))
            elif item in (None, ""):
                yield f"{name}[{rank}]"
