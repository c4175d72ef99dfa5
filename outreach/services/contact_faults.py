"""What is wrong with an attempt or a milestone before it is recorded: every fault at once, each in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from outreach.channels import channels
from outreach.domain.campaign import Campaign
from outreach.domain.conduct import MEETINGS, Must, SignedForm
from outreach.domain.contact import Attempt, Disposition, Milestone, MilestoneKind, newest, outcomes_on
from outreach.domain.people import Household
from outreach.domain.walk_list import CODE_OF
from outreach.errors import BadInput, Fault
from outreach.intake import words
from outreach.intake.cells import CellFault, half_width
from outreach.intake.contacts import AttemptRow, MilestoneRow, materials_left
from outreach.messages import _, current_language
from outreach.render.manifest import MANIFEST_NAME
from outreach.resources import names_in, template_roots
from outreach.services.office import Office
from outreach.store.unit import Unit

# A clock a little ahead of the server's is no fault; a visit tomorrow is.
_CLOCK_SKEW = dt.timedelta(minutes=5)

_NEVER_LEFT = frozenset("board calibration crawl handover label posting radio sms spot training walk".split())
"""Kinds that the office prints for itself, airs or sends: nobody leaves them at a door."""

ALL_MUSTS = "all"
"""What may be written instead of the six."""

_Fact = TypeVar("_Fact", Attempt, Milestone)


@dataclass(frozen=True, slots=True)
class Known:
    """What a fact may name. officers: everybody who ever held a post; left: material kinds; named: staff numbers
    by the names of those who hold posts; days: first, latest.
    """

    homes: Mapping[str, Household]
    officers: frozenset[str]
    left: frozenset[str]
    named: Mapping[str, Sequence[str]]
    first: dt.date
    latest: dt.datetime
    zone: dt.tzinfo


def known_for(office: Office, unit: Unit, campaign: Campaign, households: Iterable[str] | None) -> Known:
    """What facts about these households may name; None: about any household."""
    kinds = names_in(template_roots(office.workspace.root), MANIFEST_NAME)
    printed = [kind for channel in channels().values() for kind in channel.materials]
    named: dict[str, list[str]] = {}
    for one in unit.rosters.officers().values():
        named.setdefault(one.name, []).append(one.code)
    return Known(
        homes=unit.rosters.households(households, gone=True),
        officers=unit.rosters.officer_codes(),
        left=frozenset((*kinds, *printed)) - _NEVER_LEFT,
        named=named,
        first=campaign.starts,
        latest=office.now() + _CLOCK_SKEW,
        zone=campaign.zone,
    )


def read_outcome(text: str, channel: str) -> Disposition:
    """The outcome of that name, two-digit paper code or word of a table; raises BadInput naming the channel's."""
    found = words.DISPOSITIONS.get(_folded(text))
    if found is None:
        raise BadInput.at(_("the outcome"), _("'{value}' is none", value=text), _choose(channel))
    return found


def _folded(word: str) -> str:
    return half_width(word).replace(" ", "").casefold()


def read_words(texts: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """What these words of a table stand for; a word that is not known stays as it is, to be refused by name."""
    return tuple(known.get(_folded(text), text) for text in texts)


def read_left(texts: Iterable[str]) -> tuple[str, ...]:
    """The kinds of material that these words stand for, as a table takes them, each once; raises BadInput."""
    try:
        return tuple(dict.fromkeys(kind for text in texts for kind in materials_left(text)))
    except CellFault as fault:
        raise BadInput.at("--left", fault.what, fault.mend) from fault


def read_milestone(text: str) -> MilestoneKind:
    """The milestone of that name; raises BadInput."""
    kinds = [str(kind) for kind in MilestoneKind if kind is not MilestoneKind.WITHDRAWN]
    if text not in kinds:
        raise BadInput.at(
            _("the milestone"), _("'{value}' is none", value=text), _("choose one of {names}", names=", ".join(kinds))
        )
    return MilestoneKind(text)


def _told(outcome: Disposition) -> str:
    """The outcome as the user's language has it; in English by the name that commands take."""
    return outcome.label("zh") if current_language() == "zh" else str(outcome)


def _named(channel: str) -> str:
    return channels()[channel].zh if current_language() == "zh" and channel in channels() else channel


def _choose(channel: str) -> str:
    names = ", ".join(f"{_told(one)} ({CODE_OF[one]})" for one in outcomes_on(channel))
    return _("choose one of {names}", names=names)


def located(where: str, faults: Sequence[Fault]) -> list[Fault]:
    """The faults, each at the place given."""
    return [Fault(where, fault.what, fault.mend) for fault in faults]


def in_columns(row: AttemptRow | MilestoneRow, faults: Sequence[Fault]) -> list[Fault]:
    """The faults of a table's row, each at the cell it is about."""
    return [Fault(row.place_of(fault.where), fault.what, fault.mend) for fault in faults]


def attempt_faults(row: AttemptRow, known: Known) -> list[Fault]:
    """All that is wrong with one attempt; `where` is the field it is about, by `Kind.ATTEMPTS`' names."""
    found = household_faults(row.household, row.person, known.homes)
    counted = [key for key, channel in channels().items() if channel.counted]
    if row.channel not in channels():
        what = _("'{name}' is no channel", name=row.channel)
        found.append(Fault("channel", what, _("choose one of {names}", names=", ".join(counted))))
    elif row.channel not in counted:
        what = _("the reach of '{name}' is estimated, not counted by household", name=_named(row.channel))
        found.append(Fault("channel", what, _("choose one of {names}", names=", ".join(counted))))
    elif not row.disposition.happens_on(row.channel):
        facts = {"outcome": _told(row.disposition), "channel": _named(row.channel)}
        what = _("'{outcome}' cannot come of the channel '{channel}'", **facts)
        found.append(Fault("disposition", what, _choose(row.channel)))
    for left in row.left:
        if left not in known.left:
            what = _("'{name}' is no material", name=left)
            found.append(Fault("left", what, _("choose one of {names}", names=", ".join(sorted(known.left)))))
    if row.officer and row.officer not in known.officers:
        mend = _("see 'outreach officer list'")
        if codes := known.named.get(row.officer):
            mend = _("write the staff number: {codes}", codes=", ".join(codes))
        found.append(Fault("officer", _("there is no officer '{name}'", name=row.officer), mend))
    if row.at > known.latest:
        what = _("{at} is in the future", at=f"{row.at:%Y-%m-%d %H:%M}")
        found.append(Fault("at", what, _("write when it happened")))
    return found + _conduct_faults(row) + _promise_faults(row, known) + _too_early(row.at.date(), known, "at")


def _conduct_faults(row: AttemptRow) -> list[Fault]:
    """Faults of the forms and of the six musts, which only a meeting can keep."""
    found = []
    for form in row.forms:
        if form not in set(SignedForm):
            what = _("'{name}' is no form that is brought back signed", name=form)
            found.append(Fault("forms", what, _("choose one of {names}", names=", ".join(SignedForm))))
    for must in row.musts:
        if must not in set(Must):
            names = ", ".join((*Must, ALL_MUSTS))
            what = _("'{name}' is none of the six musts", name=must)
            found.append(Fault("musts", what, _("choose one of {names}", names=names)))
    if row.musts and row.channel not in MEETINGS:
        names = ", ".join(sorted(MEETINGS))
        name = _named(row.channel)
        what = _("nobody is met by the channel '{channel}', so the six musts cannot be kept", channel=name)
        found.append(Fault("musts", what, _("leave them out; they belong to {names}", names=names)))
    elif row.musts and not row.disposition.contact:
        what = _("nobody was met ('{outcome}'), so the six musts cannot have been kept", outcome=_told(row.disposition))
        found.append(Fault("musts", what, _("leave them out, or correct the outcome")))
    return found


def _promise_faults(row: AttemptRow, known: Known) -> list[Fault]:
    if row.promise is None:
        if not row.promise_about:
            return []
        return [Fault("promise_about", _("a promise has no day"), _("name the day by which it is to be kept"))]
    day = row.at.astimezone(known.zone).date()
    if row.promise >= day:
        return []
    what = _("a promise given on {day} cannot be due on {due}", day=day, due=row.promise)
    return [Fault("promise", what, _("name a later day"))]


def every_must(musts: Collection[str]) -> tuple[str, ...]:
    """The musts as they are kept: in their own order, each once; 'all' stands for the six, unknown words stay last."""
    wanted = [*Must] if ALL_MUSTS in musts else [must for must in Must if must in musts]
    return (*wanted, *(word for word in dict.fromkeys(musts) if word != ALL_MUSTS and word not in set(Must)))


def milestone_faults(row: MilestoneRow, known: Known) -> list[Fault]:
    """All that is wrong with one milestone; `where` is the field it is about, by `Kind.MILESTONES`' names."""
    found = household_faults(row.household, row.person, known.homes) + _too_early(row.on, known, "on")
    if row.on > known.latest.date():
        found.append(Fault("on", _("{at} is in the future", at=row.on), _("write when it happened")))
    if row.kind is MilestoneKind.PAID and row.amount_fen <= 0:
        found.append(Fault("amount", _("a payment needs an amount above zero"), _("write the yuan paid")))
    if row.kind is MilestoneKind.REGISTERED and row.amount_fen:
        found.append(Fault("amount", _("a registration has no amount"), _("leave the amount out, or record a payment")))
    return found


def _too_early(day: dt.date, known: Known, field: str) -> list[Fault]:
    if day >= known.first:
        return []
    what = _("{day} is before the campaign begins on {first}", day=day, first=known.first)
    return [Fault(field, what, _("correct the day, or the campaign's first day"))]


def household_faults(code: str, person: int, homes: Mapping[str, Household]) -> list[Fault]:
    """Whether there is no such household, or no such person in it."""
    if code not in homes:
        what = _("there is no such household: '{code}'", code=code)
        return [Fault("household_code", what, _("correct the code; see 'outreach household list'"))]
    if person and person not in {one.number for one in homes[code].persons}:
        return [
            Fault(
                "person",
                _("household {code} has no person number {number}", code=code, number=person),
                _("see 'outreach household show {code}'", code=code),
            )
        ]
    return []


def correction_faults(household: str, corrects: str, known: Iterable[_Fact]) -> list[Fault]:
    """Faults of a correction: what it names must be there and the newest, or two corrections would both count."""
    earlier = list(known)
    if not corrects or corrects in {fact.id for fact in newest(earlier)}:
        return []
    if corrects in {fact.id for fact in earlier}:
        what = _("the fact '{id}' has been corrected already", id=corrects)
        return [Fault(household, what, _("correct the newer one; see 'outreach household show'"))]
    what = _("has no fact '{id}'", id=corrects)
    return [
        Fault(household, what, _("see 'outreach household show'; 'outreach contact withdraw' mends a wrong household"))
    ]
