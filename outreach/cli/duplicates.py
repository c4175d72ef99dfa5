"""outreach household duplicates, distinct, merge, unmerge, merges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from outreach.cli.roster_views import names_of, person_rows
from outreach.cli.session import (
    Session,
    json_option,
    say,
    show_facts,
    show_json,
    show_table,
    unmask_option,
)
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.domain.household_merge import Choice
    from outreach.domain.people import Household
    from outreach.services.duplicates import Pair
    from outreach.services.household_merges import MergePlan
    from outreach.store.merges import Merge

_USUAL = 20


@click.command(help=_("Households and persons that seem to stand in the roster twice, likeliest first."))
@click.option(
    "--above", type=float, help=_("only pairs that score at least this; 0 is even odds, 10 a thousand to one")
)
@click.option("--limit", type=click.IntRange(1), default=_USUAL, show_default=True, help=_("how many are shown"))
@click.option("--to", "file", type=click.Path(path_type=Path), help=_("write all of them side by side to a .xlsx file"))
@json_option
@unmask_option
@click.pass_obj
def duplicates(
    session: Session, above: float | None, limit: int, file: Path | None, as_json: bool, unmask: bool
) -> None:
    """Show likely duplicates."""
    from outreach.planning.matching import LIKELY
    from outreach.services.duplicates import find_duplicates
    from outreach.services.duplicates_file import write_duplicates

    with session.office() as office:
        found = find_duplicates(office, above=LIKELY if above is None else above, limit=None if file else limit)
        if file:
            write_duplicates(found, file, current_language(), unmask=unmask)
    facts = {name: getattr(found, name) for name in ("households", "persons", "found", "certain", "distinct")}
    shown = found.pairs[:limit]
    if as_json:
        show_json(facts | {"pairs": [_pair_row(pair, unmask=unmask) for pair in shown]})
        return
    show_facts(
        [
            (_("Households compared"), found.households),
            (_("Persons compared"), found.persons),
            (_("Likely duplicates"), found.found),
            (_("of these with one ID number twice"), found.certain),
            (_("Known to be different"), found.distinct),
        ]
    )
    for number, pair in enumerate(shown, start=1):
        click.echo()
        _show_pair(number, pair, unmask=unmask)
    if file:
        say(_("{count} pairs written to {file}", count=len(found.pairs), file=file))
    elif found.found > len(shown):
        say(_("... and {count} more", count=found.found - len(shown)))


def _pair_row(pair: Pair, *, unmask: bool) -> dict[str, Any]:
    from outreach.services.evidence_words import evidence_words

    return {
        "sort": pair.sort.value,
        "score": round(pair.score, 1),
        "certain": pair.certain,
        "first": _home_row(pair.first, unmask=unmask),
        "second": _home_row(pair.second, unmask=unmask),
        "persons": [
            {
                "first": int(match.ours.key.rpartition(":")[2]),
                "second": int(match.theirs.key.rpartition(":")[2]),
                "score": round(match.score, 1),
                "evidence": evidence_words(match.evidence, unmask=unmask),
            }
            for match in pair.persons
        ],
    }


def _home_row(home: Household, *, unmask: bool) -> dict[str, Any]:
    return {
        "code": home.code,
        "address": home.address.line(current_language()),
        "persons": person_rows(home, unmask=unmask),
    }


def _show_pair(number: int, pair: Pair, *, unmask: bool) -> None:
    from outreach.services.duplicates import sort_words, sure_words
    from outreach.services.evidence_words import evidence_words

    sure = sure_words(pair.certain, pair.score)
    score = f"{pair.score:.1f}"
    click.echo(
        _("{number}. {sort}, {sure} (score {score})", number=number, sort=sort_words(pair.sort), sure=sure, score=score)
    )
    homes = [pair.first] if pair.first.code == pair.second.code else [pair.first, pair.second]
    language = current_language()
    rows = [
        [_("Code"), *(home.code for home in homes)],
        [_("Address"), *(home.address.line(language) for home in homes)],
    ]
    rows += _person_lines(homes, unmask=unmask)
    show_table(["", *(_("entry {number}", number=rank) for rank in range(1, len(homes) + 1))], rows)
    for match in pair.persons:
        said = "；".join if language == "zh" else "; ".join
        click.echo(f"  {match.ours.name} = {match.theirs.name}: {said(evidence_words(match.evidence, unmask=unmask))}")


def _person_lines(homes: Sequence[Household], *, unmask: bool) -> list[list[str]]:
    """A row for each person's number: name, birth, mobile and ID of whoever has it in each household."""
    rows = [{row["number"]: row for row in person_rows(home, unmask=unmask)} for home in homes]
    born = [{person.number: person.born for person in home.persons} for home in homes]
    lines = []
    for number in sorted({number for one in rows for number in one}):
        cells = []
        for people, days in zip(rows, born, strict=True):
            row, day = people.get(number), days.get(number)
            parts = [row["name"], day.isoformat() if day else "", row["mobile"], row["id_number"]] if row else []
            cells.append(" ".join(part for part in parts if part))
        lines.append([_("Person {number}", number=number), *cells])
    return lines


@click.command(help=_("Remember that two households are different, so that they are never asked about again."))
@click.argument("first")
@click.argument("second")
@click.option("--reason", required=True, help=_("how you know"))
@json_option
@click.pass_obj
def distinct(session: Session, first: str, second: str, reason: str, as_json: bool) -> None:
    """Keep a pair apart."""
    from outreach.services.household_merges import record_distinct

    with session.office() as office:
        pair = record_distinct(office, first, second, reason)
    if as_json:
        show_json(pair)
    else:
        say(_("{first} and {second} are two households; they are not asked about again",
              first=pair.first, second=pair.second))  # fmt: skip


class _Same(click.ParamType[tuple[int, int]]):
    """`2=1`: person 2 of the household that goes is person 1 of the one that stays; `2=new`: nobody of it."""

    name = "N=M"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """The two numbers; 0 for 'new'."""
        if isinstance(value, tuple):
            return value
        old, _sign, new = str(value).partition("=")
        if not old.isdecimal() or not (new.isdecimal() or new == "new"):
            self.fail(_("'{value}' is not like 2=1 or 2=new", value=value), param, ctx)
        return int(old), 0 if new == "new" else int(new)


@click.command(help=_("Merge household GONE into KEEP after showing what will happen; can be taken back."))
@click.argument("keep")
@click.argument("gone")
@click.option(
    "--person", "persons", type=_Same(), multiple=True,
    help=_("2=1: person 2 of GONE is person 1 of KEEP; 2=new: nobody of KEEP; with one code twice: of one household"),
)  # fmt: skip
@click.option("--take", multiple=True, metavar="FIELD", help=_("keep the value of GONE in this field, as shown"))
@click.option("--reason", default="", help=_("why they are one"))
@click.option("--dry-run", is_flag=True, help=_("only tell what would happen"))
@click.option("--yes", is_flag=True, help=_("do not ask"))
@json_option
@unmask_option
@click.pass_obj
def merge(
    session: Session,
    keep: str,
    gone: str,
    persons: tuple[tuple[int, int], ...],
    take: tuple[str, ...],
    reason: str,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    unmask: bool,
) -> None:
    """Merge two households."""
    from outreach.services.household_merges import merge_households, plan_merge

    done: Merge | None = None
    with session.office() as office:
        plan = plan_merge(office, keep, gone, persons=dict(persons), take=take)
        if not as_json:
            _show_plan(plan, unmask=unmask)
        if not dry_run:
            if not yes:
                click.confirm(_("Merge them?"), abort=True, err=True)
            done = merge_households(office, keep, gone, reason=reason, persons=dict(persons), take=take, expected=plan)
    if as_json:
        show_json(_plan_row(plan, done, unmask=unmask))
    elif done is not None:
        say(_("merged; take it back with: outreach household unmerge {id}", id=done.id))


def _plan_row(plan: MergePlan, done: Merge | None, *, unmask: bool) -> dict[str, Any]:
    return {
        "id": done.id if done else "",
        "kept": plan.kept.code,
        "gone": plan.gone.code,
        "persons": plan.persons,
        "fields": [
            dict(zip(("field", "kept", "gone", "stays"), _choice_row(one, unmask), strict=True)) for one in plan.choices
        ],
        "facts": dict(plan.facts),
        "result": _home_row(plan.result, unmask=unmask),
    }


def _show_plan(plan: MergePlan, *, unmask: bool) -> None:
    from outreach.services.field_words import field_words, value_words

    language = current_language()
    both = plan.kept.code != plan.gone.code
    show_table(
        ["", _("Code"), _("Address"), _("Names")],
        [
            [label, home.code, home.address.line(language), names_of(home)]
            for label, home in ((_("stays"), plan.kept), (_("goes"), plan.gone))[: 2 if both else 1]
        ],
    )
    click.echo()
    show_table(
        [_("Person that goes"), _("Name"), _("is"), _("Name")],
        [
            [fate.number, fate.name, fate.into, _("comes over as a new person") if fate.new else fate.into_name]
            for fate in plan.persons
        ],
    )
    if plan.choices:
        click.echo()
        rows = []
        for one in plan.choices:
            number, _dot, field = one.path.rpartition(".")
            path = f"persons[{number}].{field}" if number else field
            _path, *values = _choice_row(one, unmask)
            words = _("Address") if field == "address" else field_words("households", path, language)
            rows.append([one.path, words, *(value_words(path, value, language) for value in values)])
        show_table(
            [_("for --take"), _("Field"), _("in the one that stays"), _("in the one that goes"), _("stays")], rows
        )
    if plan.facts:
        click.echo()
        told = ", ".join(f"{fact_words(name)} {count}" for name, count in plan.facts.items())
        click.echo(_("Read as the kept household's from now on: {facts}", facts=told))


def fact_words(table: str) -> str:
    """What the rows of a table are, in words."""
    return {
        "attempts": _("tries"),
        "milestones": _("registrations and payments"),
        "follow_ups": _("follow-ups"),
        "cases": _("cases"),
        "suppressions": _("suppressions"),
        "exclusions": _("exclusions of officers"),
        "account_years": _("years of account statements"),
        "walk_lines": _("lines of walk lists"),
        "address_proposals": _("address proposals"),
        "ledger_lines": _("lines of the ledger"),
        "run_pieces": _("printed pieces"),
    }[table]


def _choice_row(one: Choice, unmask: bool) -> list[str]:
    from outreach.domain.directory import masked_id, masked_phone

    def text(value: object) -> str:
        from outreach.domain.people import Address

        if isinstance(value, Address):
            return value.line(current_language())
        said = "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)
        if unmask or not said:
            return said
        field = one.path.rpartition(".")[2]
        return masked_id(said) if field == "id_number" else masked_phone(said) if field == "mobile" else said

    return [one.path, text(one.kept), text(one.gone), text(one.stays)]


@click.command(help=_("Take a merge back, by its id or the code of the household that went."))
@click.argument("named", metavar="ID")
@json_option
@click.pass_obj
def unmerge(session: Session, named: str, as_json: bool) -> None:
    """Take a merge back."""
    from outreach.services.household_merges import unmerge as take_back

    with session.office() as office:
        done = take_back(office, named)
    if as_json:
        show_json(
            {
                "id": done.merge.id,
                "kept": done.merge.kept,
                "gone": done.merge.gone,
                "stayed": done.stayed,
                "without_post": done.without_post,
            }
        )
        return
    if done.back is None:
        say(_("household {code} has its persons back", code=done.merge.kept))
    else:
        say(_("household {gone} stands by itself again beside {kept}", gone=done.merge.gone, kept=done.merge.kept))
    for path in done.stayed:
        say(_("household {code}: {field} was changed since and stays", code=done.merge.kept, field=path))
    for campaign in done.without_post:
        say(_("campaign {name} was planned anew since: {code} has no officer until it is assigned again",
              name=campaign, code=done.merge.gone))  # fmt: skip


@click.command(help=_("List merges: which, who, when and why."))
@click.option("--undone", is_flag=True, help=_("those taken back as well"))
@json_option
@click.pass_obj
def merges(session: Session, undone: bool, as_json: bool) -> None:
    """List merges."""
    from outreach.services.household_merges import list_merges

    with session.office() as office:
        found = list_merges(office, undone=undone)
    if as_json:
        show_json([_merge_row(one) for one in found])
        return
    show_table(
        ["ID", _("Stays"), _("Went"), _("Persons"), _("When"), _("By"), _("Why"), _("Taken back")],
        [
            [
                one.id,
                one.kept,
                one.gone if one.gone != one.kept else "",
                _numbers(one.persons.items()),
                f"{one.at:%Y-%m-%d %H:%M}",
                one.by,
                one.why["reason"],
                f"{one.undone:%Y-%m-%d %H:%M} {one.undone_by}".strip() if one.undone else "",
            ]
            for one in found
        ],
    )


def _numbers(persons: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{old}={new}" for old, new in sorted(persons))


def _merge_row(one: Merge) -> dict[str, Any]:
    return {
        "id": one.id,
        "kept": one.kept,
        "gone": one.gone,
        "persons": {str(old): new for old, new in sorted(one.persons.items())},
        "at": one.at,
        "by": one.by,
        "reason": one.why["reason"],
        "facts": one.why["facts"],
        "undone": one.undone,
        "undone_by": one.undone_by,
    }
