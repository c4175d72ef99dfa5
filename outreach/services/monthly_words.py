"""The words of the month's report: its figures, its groups, and what a fact was."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from outreach.channels import channels
from outreach.domain import monthly as m
from outreach.domain.campaign import Campaign
from outreach.domain.conduct import Must, SignedForm
from outreach.domain.contact import Attempt, Milestone
from outreach.domain.follow_up import Matter
from outreach.domain.people import Household
from outreach.domain.trail import Head
from outreach.messages import _, current_language
from outreach.services.materials import kind_titles
from outreach.services.monthly_cells import MonthReport


def record_label(record: str) -> str:
    """One of the three records: 'content', 'results' or 'progress'; or 'targets'."""
    return {
        "content": _("Content: what was done"),
        "conduct": _("The six musts, as ticked"),
        "results": _("Results of handling"),
        "progress": _("Progress: where the households stand"),
        "targets": _("Progress against the target"),
    }[record]


def kind_label(kind: str) -> str:
    """A kind of group."""
    return {
        "town": _("Whole town"),
        "officer": _("Officer"),
        "section": _("Section"),
        "community": _("Community"),
        "day": _("Day"),
    }[kind]


def measure_label(measure: str) -> str:
    """What is counted, as short as a column's heading must be."""
    if measure in set(Must):
        return Must(measure).label(current_language())
    return {
        "tries": _("Tries"),
        "visits": _("Visits"),
        "calls": _("Calls"),
        "letters": _("Letters"),
        "sms": _("SMS"),
        "booths": _("Booths"),
        "hall": _("Hall"),
        "elsewhere": _("Elsewhere"),
        "cards": _("Cards given"),
        "notices": _("Notices left"),
        "posted": _("Notices put up"),
        "materials": _("Materials left"),
        "forms": _("Forms back"),
        "talks": _("Talks"),
        "ticked": _("Talks with musts ticked"),
        "all_six": _("All six"),
        "attempted": _("Households tried"),
        "contacted": _("Contacted"),
        "reached": _("Reached"),
        "carded": _("Hold a card"),
        "refused": _("Refused"),
        "returned": _("Letters returned"),
        "registered": _("Registered"),
        "paid": _("Paid"),
        "yuan": _("Yuan paid"),
        "followed_up": _("Follow-ups done"),
        "complaints_closed": _("Complaints closed"),
        "homes": _("Households"),
        "out_of_scope": _("Out of scope"),
        "held": _("Left alone"),
        "held_paid": _("Left alone and paid"),
        "in_scope": _("In scope"),
        "overdue": _("Follow-ups overdue"),
        "complaints_overdue": _("Complaints overdue"),
    }[measure]


def span_label(span: str) -> str:
    """The time a figure is for."""
    return {
        m.MONTH: _("month"),
        m.TOTAL: _("since the start"),
        m.END: _("at the end"),
        m.TARGET: _("target"),
        m.DUE: _("due by now"),
    }[span]


def figure_label(name: str) -> str:
    """'reached/month' in words."""
    measure, span = name.split("/")
    return _("{figure}, {span}", figure=measure_label(measure), span=span_label(span))


def what_happened(fact: Attempt | Milestone | Matter | None, home: Household | None) -> str:
    """A fact in words without a name or a number; without a fact, the household itself."""
    language = current_language()
    if isinstance(fact, Attempt):
        return _attempt_words(fact, language)
    if isinstance(fact, Milestone):
        if fact.amount_fen:
            return _("paid {yuan} yuan", yuan=f"{fact.amount_fen / 100:,.2f}")
        return _("registered, from the ledger")
    if isinstance(fact, Matter):
        return _("{kind}, due {day}", kind=fact.follow_up.kind.label(language), day=fact.follow_up.due)
    if home is None:
        return _("not in the roster")
    return _("household, {difficulty}", difficulty=home.difficulty.label(language))


def _attempt_words(attempt: Attempt, language: str) -> str:
    channel = channels().get(attempt.channel)
    colon, between, comma = ("：", "；", "、") if language == "zh" else (": ", "; ", ", ")
    words = [f"{channel.label(language) if channel else attempt.channel}{colon}{attempt.disposition.label(language)}"]
    if attempt.left:
        words.append(_("left: {kinds}", kinds=comma.join(_kind_title(kind, language) for kind in attempt.left)))
    if attempt.forms:
        words.append(_("forms: {forms}", forms=comma.join(SignedForm(form).label(language) for form in attempt.forms)))
    if attempt.musts:
        words.append(_("musts: {musts}", musts=comma.join(Must(must).label(language) for must in attempt.musts)))
    return between.join(words)


@lru_cache(maxsize=256)
def _kind_title(kind: str, language: str) -> str:
    """The title of a shipped kind of material; an own kind is told by its code."""
    return kind_titles(None, [kind], language)[kind]


def hung_words(one: m.Hung) -> str:
    """A notice put up on an entrance, in words."""
    return _(
        "notice put up: {entrance} (run {run}, piece {piece})", entrance=one.entrance, run=one.run, piece=one.piece
    )


def held_words(name: str) -> str:
    """Why a household that a hold-out leaves alone is in no denominator."""
    return _("left alone: hold-out {name}", name=name)


def month_title(campaign: Campaign, report: MonthReport) -> str:
    """The report's title: the campaign's own, and the month."""
    words = campaign.texts.get(current_language()) or campaign.texts[campaign.languages[0]]
    first = m.Month.parse(report.month).first
    month = f"{first.year}年{first.month}月" if current_language() == "zh" else report.month
    return _("{title}: monthly report, {month}", title=words.title, month=month)


def day_words(day: dt.date) -> str:
    """A day as a document is dated."""
    return f"{day.year}年{day.month}月{day.day}日" if current_language() == "zh" else day.isoformat()


def noted_trail(head: Head) -> str:
    """How the audit trail ends, as 'outreach trail verify --noted' takes it; '' where nothing was recorded."""
    return f"{head.length}:{head.digest[:16]}" if head.length else ""


def trail_words(noted: str) -> str:
    """Where the audit trail stood, so that paper shows later whether anything before it was changed."""
    return _("Audit trail when this was written: {noted} ('outreach trail verify --noted' asks for it)", noted=noted)


def notes(report: MonthReport) -> list[str]:
    """What counts, for whom, as of when: the report's own fine print."""
    found = [
        _(
            "What was done, and whom it reached, counts for the officer who did it; registrations and payments count "
            "for the officer who had the household at the end of that month. Progress is where the households stand "
            "that an officer has at the end of the month, whoever brought them there."
        ),
        _(
            "Reached means that the message is known to have arrived: it was explained, a card was put into somebody's "
            "hand, or a letter was signed for. The report counts steps; it does not say that one caused another."
        ),
        _(
            "Figures go up to {day}, from {facts} facts recorded by {moment} (fingerprint {fingerprint}). What is "
            "recorded later stands in a report made later; '--as-of' makes this one again.",
            day=report.ends,
            facts=f"{report.facts:,}",
            moment=f"{report.as_of:%Y-%m-%d %H:%M}",
            fingerprint=report.fingerprint,
        ),
        _("Every figure has a name, and 'outreach report explain NAME' lists the facts under it."),
    ]
    held = report.town.figures[f"held/{m.END}"]
    if held:
        found.append(
            _(
                "{count} households are left alone by the hold-out {name}. Nobody is to work for them, so they are in "
                "no denominator and no share; {paid} of them have paid, which stands in the results of handling and "
                "not in the progress.",
                count=held,
                name=next(one.hold_out for one in report.left_out if one.hold_out),
                paid=report.town.figures[f"held_paid/{m.END}"],
            )
        )
    if report.aims:
        found.insert(
            1,
            _(
                "A target is dealt out in proportion to the households in scope, so that nobody is measured by "
                "households that moved away or were never meant."
            ),
        )
    return found
