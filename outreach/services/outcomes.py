"""Final outcomes and rates by place or officer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from outreach.domain.contact import Attempt
from outreach.domain.outcome_rates import Final, OutcomeRates, final_outcome, outcome_rates
from outreach.domain.people import natural_key
from outreach.messages import _
from outreach.services.office import Office
from outreach.services.reports import place_of, read_facts


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The rates of each group in natural order, and of all households."""

    campaign: str
    by: str
    rows: dict[str, OutcomeRates]
    total: OutcomeRates
    out_of_scope: tuple[str, ...]


def report_outcomes(office: Office, campaign_name: str, by: str) -> Outcomes:
    """Outcomes by 'community', 'compound' or 'officer'; households found out of scope are named, not dropped."""
    facts = read_facts(office, campaign_name)
    tries: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in facts.attempts:
        tries[attempt.household].append(attempt)
    groups: dict[str, list[Final]] = defaultdict(list)
    finals: dict[str, Final] = {}
    for home in facts.homes.values():
        finals[home.code] = final_outcome(tries[home.code], len(home.persons))
        groups[place_of(facts, home, by)].append(finals[home.code])
    return Outcomes(
        facts.campaign.name,
        by,
        {label: outcome_rates(groups[label]) for label in sorted(groups, key=natural_key)},
        outcome_rates(finals.values()),
        tuple(sorted(code for code, final in finals.items() if final is Final.NOT_ELIGIBLE)),
    )


def rate_headings() -> list[str]:
    """The names of the rates with those AAPOR has for them, in the order of `rates_shown`."""
    return [_("contact (CON1)"), _("cooperation (COOP1)"), _("completion (RR1)"), _("response (RR2)")]


def rates_shown(rates: OutcomeRates) -> tuple[float | None, ...]:
    """The rates a reader is shown; None where nobody is under the line."""
    return rates.contact, rates.cooperation, rates.completion, rates.response


def final_label(final: Final) -> str:
    """The outcome in words."""
    return {
        Final.COMPLETE: _("explained in full"),
        Final.PARTIAL: _("reached in part"),
        Final.REFUSAL: _("refused"),
        Final.OTHER: _("met, nothing settled"),
        Final.NON_CONTACT: _("nobody met"),
        Final.UNKNOWN: _("not known yet"),
        Final.NOT_ELIGIBLE: _("out of scope"),
    }[final]
