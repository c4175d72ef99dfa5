"""Text messages to persons: who gets one for a placement, with which words, in how many parts, and who does not.

One run is for one placement. A person gets one message for it, and so does a phone, whoever shares it; the register of
print runs remembers both, so that a second making holds only those who have none yet.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outreach.channels import channels
from outreach.channels.base import WordCount
from outreach.channels.sms import Sms, cost_fen
from outreach.domain.campaign import Campaign, Flight, Placement
from outreach.domain.directory import masked_phone, mobile_digits
from outreach.domain.greeting import greeting
from outreach.domain.people import Household, Officer
from outreach.domain.suppression import suppressed
from outreach.errors import CannotPrint, Conflict, Fault, NotFound, refuse_if_any
from outreach.messages import _
from outreach.render.book import Cell, make_csv
from outreach.render.manifest import MANIFEST_NAME, Engine, MaterialKind, load_kind
from outreach.render.text import compile_text
from outreach.resources import find_in, template_roots
from outreach.services.addressees import Addressees, addressees
from outreach.services.air import personal_text
from outreach.services.campaigns import language_of, load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.office import Office, write_whole
from outreach.services.pieces import PieceSpec
from outreach.services.rounds import Choice, everybody_of, refuse_vacant
from outreach.services.touches import list_touched
from outreach.services.values import Values, base_values, flight_values, officer_values


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person and what becomes of the message to them.

    reason: '' where the message is to be sent; else why it is not: 'no mobile', 'not a mobile', 'suppressed',
    'same phone', 'sent', 'died', 'held'. detail: the number that is none, the suppression's reason, whose phone it is,
    or the run.
    """

    household: str
    person: int
    name: str
    phone: str
    reason: str = ""
    detail: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """The person's household and number."""
        return (self.household, self.person)


@dataclass(frozen=True, slots=True)
class Message:
    """The finished message to one person."""

    recipient: Recipient
    text: str
    count: WordCount
    values: Values

    @property
    def parts(self) -> int:
        """The parts it is billed in."""
        assert self.count.sms is not None
        return self.count.sms.parts


@dataclass(frozen=True, slots=True)
class Sending:
    """Everybody chosen for one placement, the messages still to be sent, and what these cost.

    cost_fen: None where the flight names no price. touched: codes of households with a message that another campaign
    touched lately.
    """

    placement: str
    flight: str
    day: dt.date
    persons: tuple[Recipient, ...]
    messages: tuple[Message, ...]
    cost_fen: int | None
    touched: tuple[str, ...] = ()

    @property
    def parts(self) -> int:
        """The parts of all messages together."""
        return sum(message.parts for message in self.messages)

    def reasons(self) -> dict[str, int]:
        """How many persons get no message now, by reason."""
        return dict(Counter(one.reason for one in self.persons if one.reason))


def plan_sending(
    office: Office, campaign: Campaign, kind: MaterialKind, language: str, day: dt.date, choice: Choice
) -> Sending:
    """Who gets the message of a placement now, and who does not and why.

    day: the day of making, by which the next placement is found where the choice names none. Raises NotFound for an
    unknown placement, Conflict where none or several are next, CannotPrint for a text that lacks a value, its
    signature or its opt-out line, or takes more parts than are paid for; each fault names its person.
    """
    flights = {
        flight.id: flight
        for flight in campaign.flights
        if isinstance(channel := channels()[flight.channel], Sms) and kind.kind in channel.materials
    }
    placement = choose_placement(campaign, flights, choice.placement, day)
    flight = flights[placement.flight]
    everybody = everybody_of(office, campaign, choice)
    homes = [home for homes in everybody.by_post().values() for home in homes]
    with office.store.read() as unit:
        sent = unit.runs.sent(campaign.name, kind.kind, placement.key)
        # A message made late goes out late: wishes count on the day it can go out.
        goes_out = max(day, placement.starts.date())
        held = unit.hold_outs.held_on(campaign.name, goes_out)
    asked = addressees(office, flight.channel, goes_out)
    persons = tuple(_recipients(homes, sent, asked, held))
    wanted = [
        (one, everybody.homes[one.household])
        for one in persons
        if not one.reason and everybody.wanted(everybody.homes[one.household], choice)
    ]
    refuse_vacant(
        post for post in {everybody.posts[home.code] for _one, home in wanted} if post not in everybody.officers
    )
    writer = _Writer(campaign, kind, flight, placement, language, day)
    messages: list[Message] = []
    faults: list[Fault] = []
    for one, home in wanted:
        try:
            messages.append(writer.message(one, asked.of(home), everybody.officers[everybody.posts[home.code]]))
        except CannotPrint as error:
            faults += error.faults
    refuse_if_any(faults, CannotPrint)
    chosen = tuple(one for one in persons if everybody.wanted(everybody.homes[one.household], choice))
    return Sending(
        placement.key,
        flight.id,
        placement.starts.date(),
        chosen,
        tuple(messages),
        cost_fen(flight, sum(message.parts for message in messages)),
    )


def show_sending(
    office: Office, campaign_name: str, placement: str, *, language: str = "", day: dt.date | None = None
) -> Sending:
    """As `plan_sending`, for the kind 'sms' and everybody; language: the campaign's first where empty."""
    campaign = load_campaign(office.workspace, campaign_name)
    folder = find_in(template_roots(office.workspace.root), "sms", MANIFEST_NAME)
    assert folder is not None  # it is shipped
    choice = Choice(placement=placement)
    language = language_of(campaign, language)
    day = day or office.now().date()
    sending = plan_sending(office, campaign, load_kind(folder), language, day, choice)
    households = {one.recipient.household for one in sending.messages}
    touched = list_touched(office, campaign.name, day, households)
    return replace(sending, touched=tuple(one.household for one in touched))


def write_skipped(sending: Sending, file: Path, *, unmask: bool = False) -> int:
    """Write who gets no message and why as .csv; returns how many. Phones are masked unless asked for.

    Raises BadInput for another ending.
    """
    refuse_other_endings(file, ".csv")
    rows: list[list[Cell]] = [
        [
            one.household,
            one.person,
            one.name,
            one.phone if unmask or not one.phone else masked_phone(one.phone),
            reason_label(one.reason),
            masked_phone(one.detail) if one.reason == "not a mobile" and not unmask else one.detail,
        ]
        for one in sending.persons
        if one.reason
    ]
    headings = [_("Code"), _("No."), _("Name"), _("Mobile"), _("Skipped because"), _("Detail")]
    write_whole(file, make_csv(headings, rows))
    return len(rows)


def sms_pieces(
    office: Office, campaign: Campaign, kind: MaterialKind, language: str, day: dt.date, choice: Choice
) -> list[PieceSpec]:
    """The messages of one placement as pieces; raises Conflict where nobody is left to get one."""
    sending = plan_sending(office, campaign, kind, language, day, choice)
    if not sending.messages:
        raise Conflict.at(sending.placement, *_nobody(sending))
    # The run keeps what it cost and whom it left out, with its first message.
    said = sending.reasons() | ({} if sending.cost_fen is None else {"cost_fen": sending.cost_fen})
    sending.messages[0].values["said"].update(said)
    return [
        PieceSpec(
            message.recipient.household,
            message.recipient.person,
            "",
            sending.placement,
            message.values,
            placement=sending.placement,
        )
        for message in sending.messages
    ]


def choose_placement(campaign: Campaign, flights: Mapping[str, Flight], name: str, day: dt.date) -> Placement:
    """The placement of that key; the next one from `day` on for a flight's name; the next of all for ''.

    Raises NotFound for an unknown name, Conflict where none is left or two flights are due on the same day.
    """
    placements = [one for one in campaign.placements() if one.flight in flights]
    keys = ", ".join(one.key for one in placements)
    if not placements:
        raise Conflict.at(campaign.name, _("has no flight of text messages"), _("add one to its campaign.toml"))
    for one in placements:
        if one.key == name:
            return one
    if name and name not in flights:
        raise NotFound.at(name, _("there is no such placement"), _("choose one of {names}", names=keys))
    ahead = [one for one in placements if name in ("", one.flight) and _last_day(one) >= day]
    if not ahead:
        raise Conflict.at(
            name or campaign.name,
            _("no placement is left from {day} on", day=day),
            _("name one with --placement: {names}", names=keys),
        )
    first = ahead[0]
    rivals = [one for one in ahead if one.flight != first.flight and one.starts.date() == first.starts.date()]
    if rivals:
        raise Conflict.at(
            campaign.name,
            _("two flights are next, on {day}", day=first.starts.date()),
            _("name one with --placement: {names}", names=", ".join(one.key for one in (first, *rivals))),
        )
    return first


def _last_day(placement: Placement) -> dt.date:
    # Whole days end at the midnight after the last of them.
    return (placement.ends - dt.timedelta(microseconds=1)).date()


def _recipients(
    homes: list[Household], sent: Mapping[tuple[str, int], int], asked: Addressees, held: frozenset[str]
) -> Iterator[Recipient]:
    """Every person in walking order with what stands against a message, the first of a phone taking it."""
    # A phone that has got its message keeps it, whoever it was sent to; and one whose holder wants none gets none.
    taken: dict[str, str] = {}
    barred: dict[str, str] = {}
    for home in homes:
        for person in home.persons:
            phone = mobile_digits(person.mobile)
            if (home.code, person.number) in sent:
                taken[phone] = f"{home.code}/{person.number}"
            wishes = asked.wishes.get(home.code, ())
            if wish := suppressed(wishes, home.code, person.number, asked.channel, asked.day):
                barred.setdefault(phone, wish.reason)
    for home in homes:
        for person in home.persons:
            found = Recipient(home.code, person.number, person.name, mobile_digits(person.mobile) or person.mobile)
            if found.key in sent:
                yield _skipped(found, "sent", str(sent[found.key]))
            elif found.person in asked.dead(home):
                yield _skipped(found, "died", "")
            elif not person.mobile.strip():
                yield _skipped(found, "no mobile", "")
            elif not mobile_digits(person.mobile):
                yield _skipped(found, "not a mobile", person.mobile)
            elif found.phone in barred:
                yield _skipped(found, "suppressed", barred[found.phone])
            elif home.code in held:
                yield _skipped(found, "held", "")
            elif found.phone in taken:
                yield _skipped(found, "same phone", taken[found.phone])
            else:
                taken[found.phone] = f"{home.code}/{person.number}"
                yield found


def _skipped(one: Recipient, reason: str, detail: str) -> Recipient:
    return Recipient(one.household, one.person, one.name, one.phone, reason, detail)


def _nobody(sending: Sending) -> tuple[str, str]:
    reasons = sending.reasons()
    if set(reasons) == {"sent"}:
        return _("all {count} persons have got their message", count=reasons["sent"]), _("nothing is left to send")
    listed = ", ".join(f"{reason_label(reason)} {count}" for reason, count in reasons.items())
    return (
        _("nobody is left to get a message ({reasons})", reasons=listed),
        _("see 'outreach sms recipients --placement {key}'", key=sending.placement),
    )


def reason_label(reason: str) -> str:
    """Why a person gets no message, in words."""
    return {
        "no mobile": _("no mobile"),
        "not a mobile": _("not a mobile number"),
        "suppressed": _("suppressed"),
        "held": _("in a hold-out"),
        "same phone": _("same phone as another"),
        "died": _("has died, as was recorded"),
        "sent": _("already sent"),
    }[reason]


class _Writer:
    """Writes the messages of one placement: the kind's text layout, filled for each person."""

    def __init__(
        self, campaign: Campaign, kind: MaterialKind, flight: Flight, placement: Placement, language: str, day: dt.date
    ) -> None:
        name = next((form.format for form in kind.forms if form.engine is Engine.TEXT), "txt")
        layout = kind.layout(name, language)
        self._layout = compile_text(layout.read_text("utf-8"), name=layout.name)
        self._flight, self._placement, self._language = flight, placement, language
        self._base = flight_values(base_values(campaign, language, day), campaign, flight, language)
        self._message = personal_text(campaign, flight, language)
        self._must = {name: str(self._base.get(name, "")).strip() for name in ("sign", "opt_out")}
        refuse_if_any(
            (
                Fault(
                    f"{flight.id}, {name}_{language}",
                    _("is missing"),
                    _("every text message needs its signature and a line that says how to stop"),
                )
                for name, words in self._must.items()
                if not words
            ),
            CannotPrint,
        )

    def message(self, one: Recipient, home: Household, officer: Officer) -> Message:
        """The message to one person; raises CannotPrint naming household and person."""
        where = _("household {code}, {name}", code=home.code, name=one.name)
        values: dict[str, Any] = {
            **self._base,
            "person": {"name": one.name, "number": one.person},
            "household": {"code": home.code},
            "greeting": greeting(home, self._language),
            "officer": officer_values(officer),
        }
        if self._message is not None:
            values["message"] = self._message.render(values, where=where)
        text = self._layout.render(values, where=where).strip()
        faults = [
            Fault(
                where,
                _("the text lacks '{words}'", words=words),
                _("put the signature and the opt-out line back into the layout"),
            )
            for words in self._must.values()
            if words not in text
        ]
        count = channels()[self._flight.channel].count(text, self._language, self._flight)
        if count.fault:
            faults.append(Fault(where, *count.fault))
        refuse_if_any(faults, CannotPrint)
        assert count.sms is not None
        carried = {name: values[name] for name in ("sign", "message", "opt_out", "person", "household")}
        carried |= {"phone": one.phone, "text": text, "placement": self._placement.key, "parts": count.sms.parts}
        carried["said"] = {"parts": count.sms.parts}
        return Message(one, text, count, carried)
