"""How imports and persons are shown: changes one by one, phones and ID numbers masked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.session import Session, say, show_facts, show_json, show_table
from outreach.domain.directory import masked_id, masked_phone
from outreach.domain.people import Household
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.duplicates import Near
    from outreach.services.rosters import Change, ImportReport

_MOST_CHANGES = 40
_MOST_NEAR = 5


def person_rows(home: Household, *, unmask: bool) -> list[dict[str, Any]]:
    """The persons of a household as plain rows; shown in full they count for the trail."""
    if unmask:
        click.get_current_context().ensure_object(Session).told.add(home.code)
    return [
        {
            "number": person.number,
            "name": person.name,
            "relation": person.relation.value,
            "mobile": person.mobile if unmask or not person.mobile else masked_phone(person.mobile),
            "id_number": person.id_number if unmask or not person.id_number else masked_id(person.id_number),
            "employer": person.employer,
            "months_lapsed": person.months_lapsed,
        }
        for person in home.persons
    ]


def names_of(home: Household) -> str:
    """The names of a household's persons in one cell."""
    return listed(person.name for person in home.persons)


def mobiles_of(home: Household, *, unmask: bool) -> str:
    """The mobiles of a household's persons in one cell."""
    return listed(row["mobile"] for row in person_rows(home, unmask=unmask) if row["mobile"])


def listed(words: Iterable[str]) -> str:
    """Words in one cell, joined as the language of the messages does."""
    return ("、" if current_language() == "zh" else ", ").join(words)


def show_import(report: ImportReport, *, as_json: bool, unmask: bool) -> None:
    """What an import added, changed and left alone."""
    from outreach.services.field_words import field_words, value_words

    rows = [_change_row(change, unmask=unmask) for change in report.changes]
    if as_json:
        show_json(
            {
                "kind": report.kind,
                "file": report.file,
                "rows": report.rows,
                "added": len(report.added),
                "changed": len(report.changed),
                "unchanged": report.unchanged,
                "absent": report.absent,
                "ignored_columns": report.ignored_columns,
                "remarks": report.remarks,
                "missing_persons": report.missing_persons,
                "displaced": report.displaced,
                "vacant": report.vacant,
                "erased": report.erased,
                "merged": [{"code": code, "into": into} for code, into in report.merged],
                "near": [_near_row(near, unmask=unmask) for near in report.near],
                "changes": [dict(zip(("who", "field", "old", "new"), row, strict=True)) for row in rows],
            }
        )
        return
    show_facts(
        [
            (_("Rows read"), report.rows),
            (_("Added"), len(report.added)),
            (_("Changed"), len(report.changed)),
            (_("Unchanged"), report.unchanged),
            (_("In the store, not in the file"), report.absent),
            *([(_("Persons the file does not name"), len(report.missing_persons))] if report.missing_persons else []),
        ]
    )
    if rows:
        click.echo()
        kind, language = report.kind, current_language()
        show_table(
            [_("Staff number") if kind == "officers" else _("Code"), _("Field"), _("Before"), _("Now")],
            [
                [who, field_words(kind, path, language), *(value_words(path, value, language) for value in values)]
                for who, path, *values in rows[:_MOST_CHANGES]
            ],
        )
        if len(rows) > _MOST_CHANGES:
            say(_("... and {count} more", count=len(rows) - _MOST_CHANGES))
    _say_what_became_of_people(report)
    _say_what_is_there_already(report, unmask=unmask)
    if report.ignored_columns:
        say(_("columns nobody asked for were ignored: {names}", names=", ".join(report.ignored_columns)))
    for remark in report.remarks:
        say(remark)


def _say_what_became_of_people(report: ImportReport) -> None:
    """Persons the file leaves out, officers without a post, posts without an officer."""
    for missing in report.missing_persons[:_MOST_CHANGES]:
        facts = {"code": missing.who, "number": missing.number, "name": missing.name}
        say(_("household {code}: the file does not name person {number} {name}, who stays", **facts))
    if len(report.missing_persons) > _MOST_CHANGES:
        say(_("... and {count} more", count=len(report.missing_persons) - _MOST_CHANGES))
    for one in report.displaced:
        facts = {"post": one.post, "old": one.old, "new": one.new}
        say(_("post {post} passed from {old} to {new}; {old} holds no post now", **facts))
    for again in report.erased[:_MOST_CHANGES]:
        if again.whole:
            say(_("household {code} was erased and is left out", code=again.code))
        else:
            say(
                _(
                    "household {code}: {count} persons were erased and are left out",
                    code=again.code,
                    count=again.persons,
                )
            )
    for post in report.vacant:
        say(_("nobody holds post {post} any more", post=post))


def _near_row(near: Near, *, unmask: bool) -> dict[str, Any]:
    from outreach.services.evidence_words import evidence_words

    evidence = evidence_words(near.persons[0].evidence, unmask=unmask) if near.persons else ()
    return {
        "code": near.code,
        "like": near.like,
        "score": round(near.score, 1),
        "certain": near.certain,
        "evidence": evidence,
    }


def _say_what_is_there_already(report: ImportReport, *, unmask: bool) -> None:
    """Rows of households that were merged away, and new households that resemble ones that are there."""
    for code, into in report.merged[:_MOST_CHANGES]:
        say(_("household {code} is merged into {into}; its row was left alone", code=code, into=into))
    if len(report.merged) > _MOST_CHANGES:
        say(_("... and {count} more", count=len(report.merged) - _MOST_CHANGES))
    if report.near:
        say(
            _(
                "{count} new households are more likely than not ones that are there; "
                "'outreach household duplicates' shows them side by side",
                count=len(report.near),
            )
        )
    for near in report.near[:_MOST_NEAR]:
        row = _near_row(near, unmask=unmask)
        told = listed(row["evidence"]) or _("an ID number that stands in both")
        sure = _("certain") if near.certain else f"{near.score:.1f}"
        facts = {"code": near.code, "like": near.like, "sure": sure, "evidence": told}
        say(_("  {code} resembles {like} ({sure}): {evidence}", **facts))


def _change_row(change: Change, *, unmask: bool) -> list[str]:
    if unmask or not change.personal:
        return [change.who, change.field, change.old, change.new]
    mask = masked_id if change.field.endswith("id_number") else masked_phone
    return [change.who, change.field, *(mask(value) if value else "" for value in (change.old, change.new))]
