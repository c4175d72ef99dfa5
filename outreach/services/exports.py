"""The roster written out again, safe to open in a spreadsheet and fit to be imported."""

from __future__ import annotations

from pathlib import Path

from outreach.domain.directory import masked_id, masked_phone
from outreach.domain.people import Household, Person
from outreach.errors import BadInput
from outreach.intake.address import floor_of
from outreach.intake.headings import Kind
from outreach.messages import _, current_language
from outreach.planning.walk import walk_order
from outreach.render.book import SheetTable, make_csv, make_workbook
from outreach.services.campaigns import load_campaign
from outreach.services.field_words import SEXES, YES_OR_NO, heading_of
from outreach.services.office import Office, write_whole

_FIELDS = (
    "name", "relation", "mobile", "id_number", "sex", "born", "community", "compound", "building", "entrance", "unit",
    "floor", "room", "lon", "lat", "employer", "months_lapsed", "last_paid", "difficulty", "migrant",
    "works", "language",
)  # fmt: skip


def export_households(office: Office, campaign_name: str, target: Path, *, unmask: bool) -> int:
    """Write one row a person, in walking order, to a .xlsx or .csv file; returns the rows.

    Phones and ID numbers are masked unless `unmask`. Every field the importer reads has its column, so an unmasked
    file imported again changes nothing. Values never become formulas. Raises BadInput for another kind of file.
    """
    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise BadInput.at(str(target), _("is no .xlsx or .csv file"), _("name it with one of these endings"))
    language = current_language()
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = walk_order(unit.rosters.households().values())
        posts = {code: row.post for code, row in unit.territories.present(campaign.name).items()}
        standings = unit.facts.standings(campaign.name, campaign.zone)
    office.told.update(home.code for home in homes)
    headings = [
        heading_of(Kind.HOUSEHOLDS, "household_code", language), _("No."),
        *(heading_of(Kind.HOUSEHOLDS, field, language) for field in _FIELDS),
        _("Whole address"), _("Post"), _("Attempts"), _("Reached on"), _("Paid on"),
    ]  # fmt: skip
    rows: list[list[str | int | float | None]] = []
    for home in homes:
        found = standings.get(home.code)
        for person in home.persons:
            values = _values(home, person, language, unmask=unmask)
            rows.append(
                [
                    home.code,
                    person.number,
                    *(values[field] for field in _FIELDS),
                    home.address.line(language),
                    posts.get(home.code, ""),
                    found.attempts if found else 0,
                    f"{found.first_reached_at:%Y-%m-%d}" if found and found.first_reached_at else "",
                    found.paid_on.isoformat() if found and found.paid_on else "",
                ]
            )
    if target.suffix.lower() == ".csv":
        write_whole(target, make_csv(headings, rows))
    else:
        degrees = {headings.index(heading_of(Kind.HOUSEHOLDS, field, language)): "0.000000" for field in ("lon", "lat")}
        write_whole(target, make_workbook([SheetTable(_("Households"), headings, rows, degrees)]))
    return len(rows)


def _values(home: Household, person: Person, language: str, *, unmask: bool) -> dict[str, str | int | float | None]:
    address = home.address
    return {
        "name": person.name,
        "relation": person.relation.label(language),
        "mobile": person.mobile if unmask or not person.mobile else masked_phone(person.mobile),
        "id_number": person.id_number if unmask or not person.id_number else masked_id(person.id_number),
        "sex": SEXES[language].get(person.sex, ""),
        "born": person.born.isoformat() if person.born else "",
        "community": address.community,
        "compound": address.compound,
        "building": address.building,
        "entrance": address.entrance,
        "unit": address.unit,
        "floor": address.floor if address.floor or floor_of(address.room) else None,
        "room": address.room,
        "lon": home.lon,
        "lat": home.lat,
        "employer": person.employer,
        "months_lapsed": person.months_lapsed,
        "last_paid": person.last_paid.isoformat() if person.last_paid else "",
        "difficulty": home.difficulty.label(language),
        "migrant": YES_OR_NO[language][home.migrant],
        "works": YES_OR_NO[language][home.works],
        "language": home.language,
    }
