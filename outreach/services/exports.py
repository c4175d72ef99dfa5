"""The roster written out again, safe to open in a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from outreach.domain.directory import masked_id, masked_phone
from outreach.errors import BadInput
from outreach.messages import _, current_language
from outreach.planning.walk import walk_order
from outreach.render.book import SheetTable, make_csv, make_workbook
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, write_whole


def export_households(office: Office, campaign_name: str, target: Path, *, unmask: bool) -> int:
    """Write one row a person, in walking order, to a .xlsx or .csv file; returns the rows.

    Phones and ID numbers are masked unless `unmask`. Values never become formulas. Raises BadInput for another
    kind of file.
    """
    if target.suffix.lower() not in (".xlsx", ".csv"):
        raise BadInput.at(str(target), _("is no .xlsx or .csv file"), _("name it with one of these endings"))
    language = current_language()
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = walk_order(unit.rosters.households().values())
        posts = {code: row.post for code, row in unit.territories.present(campaign.name).items()}
        standings = unit.facts.standings(campaign.name, campaign.zone)
    headings = [
        _("Code"), _("No."), _("Name"), _("Relation"), _("Mobile"), _("ID number"), _("Address"), _("Employer"),
        _("Months lapsed"), _("Difficulty"), _("Post"), _("Attempts"), _("Reached on"), _("Paid on"),
    ]  # fmt: skip
    rows: list[list[str | int | None]] = []
    for home in homes:
        found = standings.get(home.code)
        for person in home.persons:
            rows.append(
                [
                    home.code,
                    person.number,
                    person.name,
                    person.relation.label(language),
                    person.mobile if unmask or not person.mobile else masked_phone(person.mobile),
                    person.id_number if unmask or not person.id_number else masked_id(person.id_number),
                    home.address.line(language),
                    person.employer,
                    person.months_lapsed,
                    home.difficulty.label(language),
                    posts.get(home.code, ""),
                    found.attempts if found else 0,
                    f"{found.first_reached_at:%Y-%m-%d}" if found and found.first_reached_at else "",
                    found.paid_on.isoformat() if found and found.paid_on else "",
                ]
            )
    if target.suffix.lower() == ".csv":
        write_whole(target, make_csv(headings, rows))
    else:
        write_whole(target, make_workbook([SheetTable(_("Households"), headings, rows)]))
    return len(rows)
