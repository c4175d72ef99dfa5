"""The pieces of a making: for whom each is, in what order, and the values it carries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from outreach.channels import channels
from outreach.domain.account import AccountYear
from outreach.domain.campaign import Campaign, Flight
from outreach.errors import BadInput, CannotPrint, Fault
from outreach.messages import _
from outreach.render.manifest import Engine, MaterialKind, Per
from outreach.services.addressees import addressees
from outreach.services.air import air_pieces
from outreach.services.content import content_for
from outreach.services.handover_pieces import handover_pieces, is_about_handover
from outreach.services.office import Office
from outreach.services.payments import MoneyValues, Sums
from outreach.services.pieces import PieceSpec
from outreach.services.posting import doors, notice_flight, posting_lists
from outreach.services.rounds import Choice, Everybody, Round, everybody_of, refuse_vacant, rounds_of
from outreach.services.sms import sms_pieces
from outreach.services.values import (
    base_values,
    card_values,
    letter_paragraphs,
    letter_values,
    notice_values,
    officer_card,
    poster_values,
)
from outreach.services.walk_pieces import walk_pieces
from outreach.store.accounts import AccountKey


def gather(
    office: Office,
    campaign: Campaign,
    kind: MaterialKind,
    file_format: str,
    language: str,
    day: dt.date,
    choice: Choice,
) -> list[PieceSpec]:
    """The pieces of `kind` in a format for a campaign, in the order they are numbered and handed out.

    day: the date printed. Raises Conflict before an assignment, CannotPrint where a text lacks a value.
    """
    per = kind.per_of(file_format)
    if per is Per.PERSON and kind.form(file_format).engine is Engine.TABLE and "placement" in kind.variables:
        return sms_pieces(office, campaign, kind, language, day, choice)
    if choice.placement:
        raise BadInput.at("--placement", _("'{kind}' is not made for one placement", kind=kind.kind), _("leave it out"))
    base = base_values(campaign, language, day)
    if per is Per.CAMPAIGN:
        content = content_for(office.workspace, campaign, kind, language)
        return [PieceSpec("", 0, "", "", poster_values(base, campaign, language) | content)]
    if per is Per.FLIGHT:
        if kind.form(file_format).engine is Engine.TYPST:
            # A page for a flight says what a poster does, and the campaign's content.
            base = poster_values(base, campaign, language) | content_for(office.workspace, campaign, kind, language)
        return _flights(campaign, kind, base, language)
    if per is Per.LIST:
        return walk_pieces(office, campaign, choice, base, language)
    everybody = everybody_of(office, campaign, choice)
    if per is Per.HOUSEHOLD:
        asked = addressees(office, kind.channel or kind.kind, day)
        everybody = replace(everybody, homes={code: asked.of(home) for code, home in everybody.homes.items()})
    if is_about_handover(kind):
        return handover_pieces(office, campaign, kind, per, everybody, choice, base, language)
    if per is Per.HOUSEHOLD:
        money = _money(office, campaign, kind, language, day)
        return _letters(campaign, kind, rounds_of(everybody, choice), base, language, money)
    if per is Per.PERSON:
        return _cards(everybody, choice, base)
    if per is Per.POST:
        with office.store.read() as unit:
            held = unit.hold_outs.held_on(campaign.name, day)
        return posting_lists(campaign, everybody, choice, base, language, held)
    return _notices(campaign, everybody, choice, base, language)


def _money(office: Office, campaign: Campaign, kind: MaterialKind, language: str, day: dt.date) -> MoneyValues | None:
    """What the kind's pieces may say of money, None where it asks for nothing of it."""
    wanted = {"statements", "payment", "paragraphs"} & {name.partition(".")[0] for name in kind.variables}
    if not wanted:
        return None
    statements: Mapping[AccountKey, Sequence[AccountYear]] = {}
    if "statements" in wanted:
        with office.store.read() as unit:
            statements = unit.accounts.statements()
    sums = Sums(campaign.payment, day) if campaign.payment and wanted != {"statements"} else None
    return MoneyValues(statements, sums, language)


def _letters(
    campaign: Campaign,
    kind: MaterialKind,
    found: Iterable[Round],
    base: Mapping[str, Any],
    language: str,
    money: MoneyValues | None,
) -> list[PieceSpec]:
    # A receipt must not fail for want of a value that only the letter's text prints.
    paragraphs = letter_paragraphs(campaign, language) if "paragraphs" in kind.variables else []
    pieces: list[PieceSpec] = []
    faults: list[Fault] = []
    for turn in found:
        for home in turn.homes:
            try:
                amounts = money.of(home) if money else None
                values = letter_values(base, paragraphs, home, turn.officer, language, amounts)
            except CannotPrint as error:
                faults += error.faults
                continue
            pieces.append(PieceSpec(home.code, 0, turn.officer.code, turn.officer.post, values))
    if faults:
        raise CannotPrint(*faults)
    return pieces


def _cards(everybody: Everybody, choice: Choice, base: Mapping[str, Any]) -> list[PieceSpec]:
    """The chosen persons' cards. Everybody is counted, so that a card made again keeps its number."""
    pieces: list[PieceSpec] = []
    number = 0
    for post, homes in everybody.by_post().items():
        officer = everybody.officers.get(post)
        contact = officer_card(officer, base["bureau"]["name"]) if officer else ""
        for home in homes:
            for person in home.persons:
                number += 1
                if not everybody.wanted(home, choice):
                    continue
                if officer is None:
                    refuse_vacant([post])
                    continue
                values = card_values(base, number, person, home, officer, contact)
                pieces.append(PieceSpec(home.code, person.number, officer.code, post, values, number=number))
    return pieces


def _notices(
    campaign: Campaign, everybody: Everybody, choice: Choice, base: Mapping[str, Any], language: str
) -> list[PieceSpec]:
    """One notice for each entrance where a chosen household lives, in walking order.

    It names all officers of the entrance, chosen or not. All entrances are counted, so that a notice made again
    keeps its number.
    """
    flight = notice_flight(campaign)
    pieces: list[PieceSpec] = []
    for door in doors(everybody):
        if not any(everybody.wanted(home, choice) for home in door.homes):
            continue
        refuse_vacant(post for post in door.posts if post not in everybody.officers)
        officers = [everybody.officers[post] for post in door.posts]
        values = notice_values(base, door.homes, officers, flight, campaign.texts[language].visits, language)
        community = door.homes[0].address.community
        pieces.append(PieceSpec("", 0, officers[0].code, community, values, entrance=door.name, number=door.number))
    return pieces


def _flights(campaign: Campaign, kind: MaterialKind, base: Mapping[str, Any], language: str) -> list[PieceSpec]:
    found = air_pieces(campaign, kind, flights_of(campaign, kind.kind), base, language)
    return [PieceSpec("", 0, "", piece.name, piece.values, placement=piece.name) for piece in found]


def flights_of(campaign: Campaign, kind: str) -> list[Flight]:
    """The flights whose channel is named like the kind or prints it."""
    registry = channels()
    return [flight for flight in campaign.flights if kind in registry[flight.channel].materials]
