"""A household's record as people read it: one page, the newest words first, what was done in order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.channels import channels
from outreach.domain.conduct import Must, SignedForm
from outreach.domain.contact import Attempt, Disposition, Milestone
from outreach.domain.directory import masked_phone
from outreach.domain.follow_up import FollowUpState, Matter
from outreach.domain.people import Household, Person
from outreach.errors import BadInput
from outreach.messages import _, current_language
from outreach.render.document import Block, Grid, Heading, Paragraph, Struck, make_document
from outreach.services.cases import CaseLine
from outreach.services.deadlines import CaseStep, step_word
from outreach.services.history import Held
from outreach.services.household_record import CampaignRecord, HouseholdRecord, PieceRecord
from outreach.services.ledger_facts import month_of
from outreach.services.ledger_words import note_words
from outreach.services.materials import kind_titles
from outreach.services.office import Office, write_whole


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history. when: a moment or a day. by: the officer concerned. struck: it counts no longer."""

    when: str
    what: str
    outcome: str
    by: str
    note: str
    struck: bool = False


def events_of(office: Office, record: HouseholdRecord) -> list[Event]:
    """Everything that happened, in order of time; days without an hour come first on their day."""
    zone = office.workspace.zone
    left = {kind for own in record.campaigns for one in own.attempts for kind in one.left}
    kinds = left | {one.printed.kind for one in record.pieces}
    titles = kind_titles(office.workspace, kinds, current_language())
    several = len({one.campaign for one in record.campaigns}) > 1
    found: list[Event] = []
    for own in record.campaigns:
        mark = f"{own.campaign}: " if several else ""
        found += [_held(one, zone, mark) for one in own.held]
        found += [_attempt(one, own, titles, zone, mark) for one in own.attempts]
        found += [_milestone(one, own, mark) for one in own.milestones]
        found += [event for one, state in own.matters for event in _matter(one, state, zone, mark)]
        found += [event for one in own.cases for event in _case(one, mark)]
    for piece in record.pieces:
        found += _piece(piece, titles, zone)
    for wish in record.suppressions:
        on = f" ({_channel(wish.channel)})" if wish.channel else ""
        until = _("until {day}", day=wish.until) if wish.until else ""
        found.append(
            Event(
                f"{wish.starts}",
                _("Wish") + on,
                _("no contact {until}", until=until).strip(),
                "",
                wish.reason,
                wish.lifted is not None,
            )
        )
    return sorted(found, key=lambda one: (one.when, one.what, one.outcome))


def _moment(at: dt.datetime, zone: dt.tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _channel(key: str) -> str:
    return channels()[key].label(current_language()) if key in channels() else key


def _held(one: Held, zone: dt.tzinfo, mark: str) -> Event:
    return Event(
        _moment(one.starts, zone), mark + _("Assigned"), one.post, f"{one.officer} {one.name}".strip(), one.reason
    )


def _attempt(one: Attempt, own: CampaignRecord, titles: dict[str, str], zone: dt.tzinfo, mark: str) -> Event:
    language = current_language()
    told = [one.disposition.label(language)]
    if one.left:
        told.append(_("left: {things}", things=" ".join(titles[kind] for kind in one.left)))
    if one.forms:
        told.append(_("brought back: {things}", things=" ".join(_form(form) for form in one.forms)))
    if one.musts:
        told.append(_("musts {kept} of {all}", kept=len(one.musts), all=len(Must)))
    struck = one.id not in own.counting and one.disposition is not Disposition.WITHDRAWN
    return Event(
        _moment(one.at, zone), mark + _channel(one.channel), _joined(told, "；", "; "), one.officer, one.note, struck
    )


def _form(form: str) -> str:
    return SignedForm(form).label(current_language()) if form in set(SignedForm) else form


def _milestone(one: Milestone, own: CampaignRecord, mark: str) -> Event:
    yuan = _("{amount} yuan", amount=f"{one.amount_fen / 100:,.2f}") if one.amount_fen else ""
    month = own.months.get(one.id, "")
    outcome = " ".join(filter(None, (yuan, _("ledger {month}", month=month) if month else "")))
    struck = one.id not in own.counting and not one.withdraws
    note = "" if month and month_of(one.note) == month else note_words(one.note)  # the outcome says it already
    return Event(f"{one.on}", mark + one.kind.label(current_language()), outcome, "", note, struck)


def _matter(one: Matter, state: FollowUpState, zone: dt.tzinfo, mark: str) -> Iterator[Event]:
    """When it was opened, and how it stands; its closing is the attempt's own line."""
    language = current_language()
    kept = one.follow_up
    due = _("due {day}", day=kept.due)
    said = _joined((due, _closed(one, zone) if state is FollowUpState.CLOSED else state.label(language)))
    yield Event(_moment(kept.opened, zone), mark + kept.kind.label(language), said, kept.officer, kept.about)


def _case(one: CaseLine, mark: str) -> Iterator[Event]:
    """The application, and every step that is done; what is due next stands above the history."""
    name = mark + _("Case {number}", number=one.case.number)
    yield Event(f"{one.case.received}", name, _("applied for"), one.officer, one.case.note)
    for step in one.steps:
        if step.done is not None:
            yield Event(f"{step.done}", name, _done(step), one.officer, "")


def _done(step: CaseStep) -> str:
    late = _("late, was due {day}", day=step.due) if step.done is not None and step.done > step.due else ""
    return _joined((step_word(step.step), late))


def _closed(one: Matter, zone: dt.tzinfo) -> str:
    closed = one.closed
    return _("settled {day}", day=closed.at.astimezone(zone).date()) if closed else ""


def _piece(one: PieceRecord, titles: dict[str, str], zone: dt.tzinfo) -> Iterator[Event]:
    printed, language = one.printed, current_language()
    title = titles.get(printed.kind, printed.kind)
    run = _("run {run}, no. {number}", run=printed.run, number=printed.number)
    yield Event(_moment(printed.made, zone), title, run, "", printed.placement)
    if one.event is not None:
        yield Event(
            _moment(one.event.at, zone), title, f"{one.state.label(language)} ({run})", one.event.by, one.event.note
        )


def heads_of(record: HouseholdRecord, *, unmask: bool) -> list[tuple[str, str]]:
    """What stands over the history: who lives there, who has them, where they stand, what is open, what they wish."""
    home, language = record.household, current_language()
    found = [
        (_("Household"), home.code + (f" ({', '.join(record.merged)})" if record.merged else "")),
        (_("Address"), home.address.line(language)),
        (_("Kind"), _kind(home)),
        *((_("Person {number}", number=one.number), text) for one, text in _persons(home, unmask=unmask)),
    ]
    for own in record.campaigns:
        now = [one for one in own.held if one.ends is None]
        found += [
            (_("Officer ({campaign})", campaign=own.campaign), f"{one.post} {one.officer} {one.name}") for one in now
        ]
        found.append((_("Standing ({campaign})", campaign=own.campaign), _standing(own, record.at.tzinfo)))
        pending = [_open(matter) for matter, state in own.matters if state is not FollowUpState.CLOSED]
        pending += [_next(one.case.number, one.next) for one in own.cases if one.next is not None]
        if pending:
            found.append((_("Open ({campaign})", campaign=own.campaign), _joined(pending, "；", "; ")))
    return found


def _kind(home: Household) -> str:
    words = [home.difficulty.label(current_language())]
    words += [_("works away")] if home.migrant else []
    words += [_("works by day")] if home.works else []
    return _joined([*words, *([home.language] if home.language else [])])


def _joined(words: Iterable[str], zh: str = "，", en: str = ", ") -> str:
    return (zh if current_language() == "zh" else en).join(filter(None, words))


def _persons(home: Household, *, unmask: bool) -> Iterator[tuple[Person, str]]:
    for one in home.persons:
        mobile = one.mobile if unmask or not one.mobile else masked_phone(one.mobile)
        lapsed = _("{count} months lapsed", count=one.months_lapsed) if one.months_lapsed else ""
        words = (one.name, one.relation.label(current_language()), mobile, one.employer, lapsed)
        yield one, _joined(words)


def _standing(own: CampaignRecord, zone: dt.tzinfo | None) -> str:
    found = own.standing
    words = [_("{count} attempts", count=found.attempts)]
    for label, at in ((_("reached"), found.first_reached_at), (_("card"), found.card_at)):
        if at is not None:
            words.append(f"{label} {at.astimezone(zone).date()}")
    if found.registered_on:
        words.append(_("registered") + f" {found.registered_on}")
    if found.paid_on:
        yuan = _("{amount} yuan", amount=f"{found.paid_fen / 100:,.2f}")
        words.append(_("paid") + f" {found.paid_on} {yuan}")
    return _joined(words)


def _open(one: Matter) -> str:
    kept = one.follow_up
    return " ".join(filter(None, (kept.kind.label(current_language()), _("due {day}", day=kept.due), kept.about)))


def _next(number: str, step: CaseStep) -> str:
    words = (_("Case {number}", number=number), step_word(step.step), _("due {day}", day=step.due))
    return " ".join(words)


def write_page(office: Office, record: HouseholdRecord, target: Path, *, unmask: bool) -> int:
    """Write the record as a .docx for the file; returns how many lines of history it has.

    Raises BadInput for another ending, StoreFault where the disk refuses.
    """
    if target.suffix.lower() != ".docx":
        raise BadInput.at(str(target), _("is no .docx file"), _("name it with this ending"))
    events = events_of(office, record)
    blocks: list[Block] = [
        Grid((), heads_of(record, unmask=unmask), (32, 142), small=True),
        Heading(_("What was done")),
        Grid(
            (_("When"), _("What"), _("Outcome"), _("Officer"), _("Note")),
            [_row(one) for one in events],
            (36, 28, 52, 24, 34),
            small=True,
        ),
        Paragraph(
            _("Struck out: corrected or withdrawn later. As of {at}.", at=f"{record.at:%Y-%m-%d %H:%M}"), small=True
        ),
    ]
    write_whole(target, make_document(_("Record of household {code}", code=record.household.code), blocks))
    return len(events)


def _row(one: Event) -> Sequence[str]:
    cells = (one.when, one.what, one.outcome, one.by, one.note)
    return tuple(Struck(cell) for cell in cells) if one.struck else cells
