"""Account statements the pension system gives -> one row for each person and year, told apart by the roster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.collection import collection_paused
from outreach.domain.account import EARLIEST_YEAR, AccountYear
from outreach.domain.directory import masked_id
from outreach.domain.people import Household, Person
from outreach.intake import cells
from outreach.intake.headings import Kind
from outreach.intake.rows import Convert, Progress, Reading, Record, Rows, read_rows
from outreach.messages import _

_Found = tuple[Household, Person]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One year of one person's account. person: the number within the household."""

    household: str
    person: int
    year: AccountYear


def read_accounts(
    path: Path, *, homes: Mapping[str, Household], today: dt.date, progress: Progress | None = None
) -> Reading[AccountRow]:
    """The statements in a file (.xlsx, .xls, .csv), in its order; amounts in fen.

    homes: the roster. A row names its person by the ID number, or by the household's code and the person's number or
    name; whatever else it says of the person must agree. today: its year is the last a row may have. Faults: a person
    the roster does not have, a row that names nobody or two, a second row for one person and year. Raises NotFound or
    BadInput where the file as a whole cannot be read; faulty rows never raise.
    """
    converters: Mapping[str, Convert] = {
        "household_code": cells.code,
        "person": cells.whole(1, 99),
        "name": cells.one_name,
        "id_number": cells.resident_id,
        "year": cells.whole(EARLIEST_YEAR, today.year, "年度?"),
        "months": cells.whole(0, 12, "个月|月|months?"),
        "base": cells.fen,
        "paid": cells.fen,
        "balance": cells.fen,
    }
    with collection_paused():
        rows = read_rows(path, Kind.ACCOUNTS, converters, progress)
        whose = _Whose(rows, homes)
        seen: dict[tuple[str, int, int], Record] = {}
        items = []
        for record in rows.records:
            found = None if record.bad else whose.account(record)
            if found is None:
                continue
            home, person = found
            row = AccountRow(home.code, person.number, _year(record))
            first = seen.setdefault((row.household, row.person, row.year.year), record)
            if first is record:
                items.append(row)
            else:
                facts = {"name": person.name, "year": row.year.year, "place": first.place()}
                what = _("{name} has the year {year} in {place} too", **facts)
                rows.blame(record, "year", what, _("keep one row for each person and year"))
        return rows.reading(items)


def _year(record: Record) -> AccountYear:
    return AccountYear(*(record.values[name] for name in ("year", "months", "base", "paid", "balance")))


class _Wrong(Exception):
    """The row does not lead to one person: which field is to blame, what is wrong, how to mend it."""

    def __init__(self, field: str, what: str, mend: str) -> None:
        self.fault = (field, what, mend)
        super().__init__(what)


class _Whose:
    """Finds the person a row is about, and blames the row where that is not sure."""

    def __init__(self, rows: Rows, homes: Mapping[str, Household]) -> None:
        self._rows = rows
        self._homes = homes
        self._by_id: dict[str, list[_Found]] = {}
        for home in homes.values():
            for person in home.persons:
                if person.id_number:
                    self._by_id.setdefault(person.id_number, []).append((home, person))

    def account(self, record: Record) -> _Found | None:
        """(household, person), or None with the fault noted."""
        code, id_number = record.get("household_code"), record.get("id_number")
        try:
            if code and code not in self._homes:
                mend = _("correct the code, or import the household first")
                raise _Wrong("household_code", _("there is no household '{code}'", code=code), mend)
            # An ID number the roster lacks does not hinder: the roster may have none for this person.
            known = self._by_id.get(id_number, [])
            found = _by_number(known, code) if known else self._by_code(record, code, id_number)
            _refuse_other(record, *found)
        except _Wrong as wrong:
            self._rows.blame(record, *wrong.fault)
            return None
        return found

    def _by_code(self, record: Record, code: str, id_number: str) -> _Found:
        if not code and id_number:
            what = _("nobody on the roster has the ID number {value}", value=masked_id(id_number))
            raise _Wrong("id_number", what, _("import the household first, or take the row out"))
        if not code:
            what = _("the row names no household")
            raise _Wrong("", what, _("fill in the household's code, or the person's ID number"))
        home, number, name = self._homes[code], record.get("person", 0), record.get("name")
        if number:
            fitting = [person for person in home.persons if person.number == number]
            what = _("household {code} has no person number {number}", code=code, number=number)
            field, mend = "person", _("see 'outreach household show {code}'", code=code)
        elif name:
            fitting = [person for person in home.persons if person.name == name]
            what = _("household {code} has {count} persons named {name}", code=code, count=len(fitting), name=name)
            field, mend = "name", _("write the person's number; see 'outreach household show {code}'", code=code)
        else:
            fitting = []
            what = _("the row does not say whose account it is")
            field, mend = "", _("fill in the person's number, name or ID number")
        if len(fitting) != 1:
            raise _Wrong(field, what, mend)
        return home, fitting[0]


def _by_number(known: list[_Found], code: str) -> _Found:
    fitting = [found for found in known if not code or found[0].code == code]
    if not fitting:
        what = _("the ID number belongs to household {other}, not to {code}", code=code, other=known[0][0].code)
        raise _Wrong("id_number", what, _("correct the code or the ID number"))
    if len(fitting) > 1:
        what = _("{count} persons of the roster have this ID number", count=len(fitting))
        raise _Wrong("id_number", what, _("mend the roster and import it again"))
    return fitting[0]


def _refuse_other(record: Record, home: Household, person: Person) -> None:
    """Refuse a row that says something of the person that is not so."""
    facts = {"code": home.code, "number": person.number, "known": person.name}
    name, number, id_number = record.get("name"), record.get("person", 0), record.get("id_number")
    mend = _("correct the row, or the roster")
    if name and name != person.name:
        what = _("person {number} of household {code} is {known}, not {name}", **facts, name=name)
        raise _Wrong("name", what, mend)
    if number and number != person.number:
        what = _("{known} is person {number} of household {code}, not {other}", **facts, other=number)
        raise _Wrong("person", what, mend)
    if id_number and person.id_number and id_number != person.id_number:
        what = _("person {number} of household {code} has another ID number", **facts)
        raise _Wrong("id_number", what, mend)
