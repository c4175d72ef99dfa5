"""Honesty checks: the recorded visits asked about, ranked, each with its evidence. Nothing is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.audit import Audit, Finding, Group, Limits, Rule, Visit, audit
from outreach.domain.contact import in_force
from outreach.domain.people import Household, Officer
from outreach.errors import NotFound
from outreach.messages import _
from outreach.planning.territory import project
from outreach.render.book import Cell, SheetTable, make_workbook
from outreach.services.campaigns import load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of one campaign's visits; names: of officers, by code."""

    campaign: str
    audit: Audit
    names: Mapping[str, str]


def audit_contacts(
    office: Office,
    campaign_name: str,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    post: str = "",
    limits: Limits | None = None,
) -> Questions:
    """Ask about the visits made from `since` to `until`, both included.

    post: keep only the questions to this post's officer or the officer of this code; all officers are compared all
    the same. Raises NotFound where there is no such post or officer.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        homes = unit.rosters.households()
        officers = unit.rosters.all_officers()
        recorded = {
            fact["id"]: fact["recorded_ms"] for fact in unit.facts.log(campaign.name) if fact["fact"] == "attempt"
        }
        attempts = [one for one in in_force(unit.facts.attempts(campaign.name)) if one.channel == "visit"]
        planned = {
            (line.household, line.at.time())
            for walk in unit.walks.all(campaign.name, campaign.zone)
            for line in walk.lines
        }
    places = _places(homes)
    visits = []
    for one in attempts:
        at = one.at.astimezone(campaign.zone)
        if (since and at.date() < since) or (until and at.date() > until):
            continue
        home = homes.get(one.household)
        if home is None:
            continue  # erased: nobody knows any more at which door it was
        written = dt.datetime.fromtimestamp(recorded[one.id] / 1000, campaign.zone)
        visits.append(
            Visit(
                one.id, one.household, one.officer, at, written, one.disposition, one.note,
                home.address.entrance_key, places.get(home.code),
                (home.difficulty.value, "migrant" if home.migrant else "", "works" if home.works else ""),
                # `contact enter` writes the minute planned where the paper has none: nobody's word of when it was.
                planned=(one.household, at.time()) in planned,
            )
        )  # fmt: skip
    found = audit(visits, limits)
    if post:
        whom = _officers_of(post, officers)
        kept = tuple(one for one in found.findings if one.officer in whom)
        found = Audit(found.officers, found.visits, found.untimed, found.rules, found.compared, kept)
    return Questions(campaign.name, found, {code: officer.name for code, officer in officers.items()})


def _places(homes: Mapping[str, Household]) -> dict[str, tuple[float, float]]:
    """Metres east and north of the homes whose place is known, by code."""
    known = {
        code: (home.lon, home.lat) for code, home in homes.items() if home.lon is not None and home.lat is not None
    }
    return dict(zip(known, project(list(known.values())), strict=True)) if known else {}


def _officers_of(post: str, officers: Mapping[str, Officer]) -> set[str]:
    found = {code for code, officer in officers.items() if post in (code, officer.post)}
    if not found:
        raise NotFound.at(post, _("there is no such post or officer"), _("see 'outreach officer list'"))
    return found


def question(finding: Finding) -> str:
    """The finding as one question about its largest group, in words; it accuses nobody."""
    group = finding.groups[0]
    first, last = group.visits[0].at, group.visits[-1].at
    facts: dict[str, object] = {
        "count": len(group.visits),
        "where": _where(group) if finding.rule in (Rule.PACE, Rule.SAME_MINUTE) else "",
        "day": first.date().isoformat(),
        "when": _("of {day}", day=first.date()),
        "from_": f"{first:%H:%M}",
        "to": f"{last:%H:%M}",
        "minutes": round(group.minutes),
        "all": finding.compared.tries,
        "hits": finding.compared.hits,
        "expected": round(finding.compared.expected),
        "note": group.text,
    }
    if last.date() != first.date():
        facts["when"] = _("between {first} and {last}", first=first.date(), last=last.date())
    asked = {
        Rule.PACE: _(
            "Were these {count} visits of {day} {where} made one after another within {minutes} minutes, from {from_} "
            "to {to}, or recorded from one spot?",
            **facts,
        ),
        Rule.SAME_MINUTE: _(
            "Were these {count} visits of {day} {where} all made at {from_}, or is that when they were recorded from "
            "one spot?",
            **facts,
        ),
        Rule.TALKS: _(
            "Did these {count} conversations of {day} behind one entrance take {minutes} minutes, from {from_} to "
            "{to}, or were they written down together?",
            **facts,
        ),
        Rule.CLOSED: _(
            "Were these {count} visits {when} made at such hours, or were morning and evening mistaken?",
            **facts,
        ),
        Rule.EARLY: _(
            "These {count} visits {when} were recorded before they happened: was the clock right?",
            **facts,
        ),
        Rule.COPIED: _(
            "Were these {count} visits {when} so alike that the same note, “{note}”, fits them all?", **facts
        ),
        Rule.ROUND: _(
            "{hits} of {all} times are on the hour or the half, the others would have {expected}: were they noted at "
            "the door or from memory?",
            **facts,
        ),
        Rule.NOBODY: _(
            "{hits} of {all} visits found nobody home, at like households and hours the others would have {expected}: "
            "what makes the difference?",
            **facts,
        ),
        Rule.LATE: _(
            "On {hits} of {all} days visits were entered more than a week later, the others would have {expected}: is "
            "there a sheet from the day?",
            **facts,
        ),
    }[finding.rule]
    more = len(finding.groups) - 1
    return _("{asked} And {more} more such groups?", asked=asked, more=more) if more else asked


def _where(group: Group) -> str:
    metres = group.metres
    if metres < 1:
        return _("at {entrances} entrances", entrances=group.entrances)
    facts = {"entrances": group.entrances, "metres": f"{metres:,.0f}"}
    return _("at {entrances} entrances up to {metres} m apart", **facts)


def rule_label(rule: Rule) -> str:
    """What is asked about, in words."""
    return {
        Rule.PACE: _("pace"),
        Rule.SAME_MINUTE: _("one minute"),
        Rule.TALKS: _("conversations"),
        Rule.CLOSED: _("hours"),
        Rule.EARLY: _("recorded before"),
        Rule.COPIED: _("notes alike"),
        Rule.ROUND: _("round times"),
        Rule.NOBODY: _("nobody home"),
        Rule.LATE: _("recorded late"),
    }[rule]


def scope_sentence(found: Audit) -> str:
    """How much was looked at, so that the number of questions can be judged."""
    return _(
        "{visits} visits of {officers} officers, {rules} rules: {findings} questions. {compared} comparisons share a "
        "risk of 5 per cent that any of them asks about blameless visits. A question is no finding of fault.",
        visits=found.visits,
        officers=found.officers,
        rules=found.rules,
        findings=len(found.findings),
        compared=found.compared,
    )


def write_questions(found: Questions, target: Path) -> Path:
    """Write the questions and the visits under them as .xlsx; returns `target`. Raises BadInput for another ending."""
    refuse_other_endings(target, ".xlsx")
    questions: list[list[Cell]] = []
    visits: list[list[Cell]] = []
    for number, finding in enumerate(found.audit.findings, start=1):
        compared = finding.compared
        name = found.names.get(finding.officer, "")
        questions.append(
            [
                number, finding.officer, name, rule_label(finding.rule), question(finding), finding.visits,
                compared.hits, compared.tries, round(compared.expected, 1), compared.chance, "",
            ]
        )  # fmt: skip
        for group, members in enumerate(finding.groups, start=1):
            visits += [[number, group, one.id, one.household, one.at, one.recorded, one.note] for one in members.visits]
    head = [
        _("No."), _("Officer"), _("Name"), _("About"), _("Question"), _("Visits"), _("Marked"), _("Of"),
        _("With the others' share"), _("Chance"), _("Answer"),
    ]  # fmt: skip
    below = [_("Question"), _("Group"), "ID", _("Code"), _("Visit at"), _("Recorded"), _("Note")]
    sheets = [
        SheetTable(_("questions"), head, questions, {9: "0.0E+00"}),
        SheetTable(_("visits"), below, visits),
        SheetTable(_("what was looked at"), [_("what was looked at")], [[scope_sentence(found.audit)]]),
    ]
    write_whole(target, make_workbook(sheets))
    return target
