"""Random check calls: numbers drawn, the call sheet, results, and what they say of agencies, areas and sections."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.directory import phone_printed
from outreach.domain.hotline import CheckResult, ListedPhone, PhoneCheck, PhoneKind, Ranked, in_force, rank_checks
from outreach.errors import Conflict, NotFound, refuse_if_any
from outreach.intake.directory import CheckRow, read_checks
from outreach.intake.headings import Kind, accepted
from outreach.messages import _
from outreach.planning.sample import draw_in_strata
from outreach.render.book import SheetTable, make_workbook
from outreach.services.directory import listed_phones
from outreach.services.drawn_lines import check_line, future_faults, row_faults
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole
from outreach.store.directory import PhoneDraw

CHECKED_KINDS = frozenset(PhoneKind) - {PhoneKind.FAX, PhoneKind.HOME}
"""What is called unless said otherwise: nobody speaks into a fax, and homes are called with a reason only."""


def draw_phones(
    office: Office,
    size: int,
    *,
    seed: str = "",
    kinds: Iterable[PhoneKind] = CHECKED_KINDS,
    agencies_only: bool = False,
) -> PhoneDraw:
    """Draw `size` numbers in proportion to the areas (sections for officers), every area at least once; one commit.

    seed: '' takes the number of the draw, so that a draw can be repeated by anybody who knows it. Raises Conflict where
    the directory holds no such number.
    """
    wanted = frozenset(kinds)
    now = office.now()
    with office.store.write() as unit:
        own = unit.directory.agencies()
        phones = {
            phone.key: phone
            for phone in listed_phones(unit)
            if phone.kind in wanted and (phone.owner in own or not agencies_only)
        }
        if not phones:
            raise Conflict.at(
                _("the directory"), _("holds no number to call"), _("import agencies with 'outreach phone import FILE'")
            )
        number = max(unit.directory.draws(office.workspace.zone), default=0) + 1
        seed = seed or str(number)
        by_name = {"|".join(key): key for key in phones}
        strata: dict[str, list[str]] = {}
        for name, key in by_name.items():
            strata.setdefault(phones[key].area, []).append(name)
        lines = [by_name[name] for names in draw_in_strata(strata, size, seed).values() for name in names]
        return unit.directory.add_draw(seed, now, lines)


@dataclass(frozen=True, slots=True)
class CallLine:
    """One line of a call sheet with what came of it; phone: None where the directory no longer has the number."""

    line: int
    owner: str
    kind: PhoneKind
    number: str
    phone: ListedPhone | None
    check: PhoneCheck | None


def show_draw(office: Office, number: int) -> tuple[PhoneDraw, list[CallLine]]:
    """A draw with its lines; raises NotFound."""
    with office.store.read() as unit:
        draws = unit.directory.draws(office.workspace.zone)
        found = _found(draws, number)
        phones = {phone.key: phone for phone in listed_phones(unit)}
        checks = {one.line: one for one in in_force(unit.directory.checks(office.workspace.zone)) if one.draw == number}
    lines = [
        CallLine(rank, key[0], PhoneKind(key[1]), key[2], phones.get(key), checks.get(rank))
        for rank, key in enumerate(found.lines, start=1)
    ]
    return found, lines


def _found(draws: Mapping[int, PhoneDraw], number: int) -> PhoneDraw:
    if number not in draws:
        raise NotFound.at(
            str(number),
            _("there is no such draw"),
            _("choose one of {names}, or draw with 'outreach phone draw'", names=", ".join(map(str, draws)) or "-"),
        )
    return draws[number]


def write_call_sheet(office: Office, number: int, target: Path | None, language: str) -> Path:
    """Write the call sheet of a draw as .xlsx to print, fill in and take in again; returns where.

    target: `out/call-sheet-NUMBER.xlsx` where None. Raises NotFound, and BadInput for another ending.
    """
    target = target or office.workspace.out / f"call-sheet-{number}.xlsx"
    refuse_other_endings(target, ".xlsx")
    _draw, lines = show_draw(office, number)
    words = (accepted(Kind.CHECKS, name) for name in ("draw", "line", "at", "by", "result", "note"))
    draw, place, at, by, result, note = (
        next(word for word in one if word.isascii() != (language == "zh")) for one in words
    )
    told = [_("agency or officer"), _("area or section"), _("kind of phone"), _("number"), _("phone hours")]
    headings = [draw, place, *told, at, by, result, note, _("signature")]
    rows = [
        [
            number,
            one.line,
            one.phone.owner_name if one.phone else one.owner,
            one.phone.area if one.phone else "",
            one.kind.label(language),
            phone_printed(one.number),
            one.phone.hours if one.phone else "",
            one.check.at if one.check else None,
            one.check.by if one.check else "",
            one.check.result.label(language) if one.check else "",
            one.check.note if one.check else "",
            "",
        ]
        for one in lines
    ]
    codes = [[one.label(language)] for one in CheckResult]
    sheets = [SheetTable(_("call sheet"), headings, rows), SheetTable(_("results"), [_("results")], codes)]
    write_whole(target, make_workbook(sheets))
    return target


def record_check(
    office: Office,
    number: int,
    line: int,
    result: CheckResult,
    *,
    by: str,
    at: dt.datetime | None = None,
    note: str = "",
) -> PhoneCheck:
    """Record the result of one line of a draw; a second one corrects the first.

    Raises NotFound, and BadInput for a time to come.
    """
    now = office.now()
    with office.store.write() as unit:
        found = _found(unit.directory.draws(office.workspace.zone), number)
        check_line(found.lines, number, line, f"{number}-{line}")
        known = unit.directory.checks(office.workspace.zone)
        row = CheckRow(number, line, at or now, by.strip(), result, note.strip(), f"{number}-{line}")
        refuse_if_any(future_faults([row], now))
        check = _check(office, found, row, known)
        unit.directory.add_checks({check.id: check}, now)
    return check


@dataclass(frozen=True, slots=True)
class CheckImport:
    """What taking a call sheet in did. open: lines of the draws it names that nobody has called yet."""

    file: str
    rows: int
    recorded: int
    corrected: int
    unchanged: int
    open: int


def import_checks(office: Office, path: Path) -> CheckImport:
    """Take in a call sheet that was filled in, all or nothing; read twice, it changes nothing the second time.

    A line whose result differs from the one recorded corrects it. Raises BadInput with every bad row.
    """
    now = office.now()
    zone = office.workspace.zone
    rows = read_checks(path, zone=zone, today=now.date())
    with office.store.write() as unit:
        draws = unit.directory.draws(zone)
        refuse_if_any(row_faults(rows, lambda number: _found(draws, number).lines))
        refuse_if_any(future_faults(rows, now))
        known = unit.directory.checks(zone)
        new: dict[str, PhoneCheck] = {}
        corrected = 0
        for row in rows:
            check = _check(office, draws[row.draw], row, known)
            before = {one.line: one for one in in_force(known) if one.draw == row.draw}.get(row.line)
            if before and (before.result, before.at, before.by, before.note) == (row.result, row.at, row.by, row.note):
                continue
            corrected += before is not None
            new[check.id] = check
        unit.directory.add_checks(new, now)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        counts = {"added": len(new) - corrected, "changed": corrected, "unchanged": len(rows) - len(new)}
        unit.rosters.record_import(office.new_id(), "checks", path.name, digest, now, counts)
        named = {row.draw for row in rows}
        called = {(one.draw, one.line) for one in [*known, *new.values()]}
        waiting = sum(len(draws[one].lines) for one in named) - sum(draw in named for draw, _line in called)
    return CheckImport(path.name, len(rows), len(new) - corrected, corrected, len(rows) - len(new), waiting)


def _check(office: Office, found: PhoneDraw, row: CheckRow, known: Sequence[PhoneCheck]) -> PhoneCheck:
    owner, kind, number = found.lines[row.line - 1]
    before = [one for one in in_force(known) if (one.draw, one.line) == (row.draw, row.line)]
    return PhoneCheck(
        office.new_id(), owner, PhoneKind(kind), number, row.at, row.by, row.result, row.draw, row.line, row.note,
        before[-1].id if before else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calls:
    """Which check calls: of these days, both ends included, and of one draw; 0 is every one."""

    since: dt.date | None = None
    until: dt.date | None = None
    draw: int = 0

    def include(self, check: PhoneCheck, zone: dt.tzinfo) -> bool:
        """Whether the call is one of them."""
        day = check.at.astimezone(zone).date()
        return not (
            (self.since and day < self.since)
            or (self.until and day > self.until)
            or (self.draw and check.draw != self.draw)
        )


EVERY_CALL = Calls()


def rank_phones(office: Office, by: str, calls: Calls = EVERY_CALL) -> list[Ranked]:
    """How phones answered, by 'agency' (officers among them by name), 'area' (sections for officers) or 'kind'.

    Nobody who was not called is named. Raises KeyError for another `by`.
    """
    zone = office.workspace.zone
    with office.store.read() as unit:
        phones = listed_phones(unit)
        checks = unit.directory.checks(zone)
    names: dict[str, str] = {
        "agency": {phone.owner: phone.owner_name for phone in phones},
        "area": {phone.owner: phone.area for phone in phones},
        "kind": {},
    }[by]
    groups: dict[str, list[PhoneCheck]] = {}
    for check in checks:
        if calls.include(check, zone):
            name = check.kind.value if by == "kind" else names.get(check.owner, check.owner)
            groups.setdefault(name, []).append(check)
    return rank_checks({name: tuple(group) for name, group in groups.items()})
