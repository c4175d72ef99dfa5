"""Words on air and on phones: the text of each flight, measured as its channel measures it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from outreach.channels.base import WordCount
from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.errors import Fault, OutreachError
from outreach.messages import _
from outreach.render.manifest import MANIFEST_NAME, Engine, MaterialKind, Per, load_kind
from outreach.resources import find_in, names_in, template_roots
from outreach.services.air import air_pieces
from outreach.services.campaigns import load_campaign
from outreach.services.gathering import flights_of
from outreach.services.values import base_values


@dataclass(frozen=True, slots=True)
class FlightText:
    """One flight's finished text and its measures. flight: with the length where a flight has several spots."""

    flight: str
    channel: str
    language: str
    text: str
    count: WordCount


def measure_texts(
    workspace: Workspace, campaign_name: str, kind_name: str, language: str = "", file_format: str = ""
) -> list[FlightText]:
    """The texts of every flight that uses a text kind ('crawl', 'radio', 'spot', 'sms' or a workspace's own).

    file_format: the format they are made in; none where that is not made for flights.
    """
    campaign = load_campaign(workspace, campaign_name)
    folder = find_in(template_roots(workspace.root), kind_name, MANIFEST_NAME)
    if folder is None:
        return []
    kind = load_kind(folder)
    if file_format and kind.per_of(file_format) is not Per.FLIGHT:
        return []
    return _texts(campaign, kind, language or campaign.languages[0])


def unfit(workspace: Workspace, campaign: Campaign, kind: MaterialKind, file_format: str, language: str) -> list[Fault]:
    """Why a kind's texts cannot be made in a format: what their placement cannot hold, what cannot be drawn.

    Every format of a kind is held to its text, so that no strip or cue sheet is made of one that is too long.
    Raises NotFound where a preview needs a program that is not installed.
    """
    if kind.per_of(file_format) is not Per.FLIGHT:
        return []
    found = too_much(_texts(campaign, kind, language), campaign.name)
    if found or kind.form(file_format).engine is not Engine.CRAWL:
        return found
    from outreach.channels.crawl import crawl_pace
    from outreach.errors import NotFound
    from outreach.render.crawl import check_crawl

    for piece in air_pieces(
        campaign, kind, flights_of(campaign, kind.kind), base_values(campaign, language, campaign.starts), language
    ):
        try:
            check_crawl(file_format, piece.text, crawl_pace(piece.flight), workspace.font_folders)
        except NotFound:
            raise
        except OutreachError as error:
            found += (Fault(f"{piece.name}, {fault.where}", fault.what, fault.mend) for fault in error.faults)
    return found


def text_faults(workspace: Workspace, campaign: Campaign, file: str, language: str) -> list[Fault]:
    """Texts that their slot, segment or paid parts cannot hold, for every text kind there is."""
    roots = template_roots(workspace.root)
    found: list[Fault] = []
    for name in names_in(roots, MANIFEST_NAME):
        folder = find_in(roots, name, MANIFEST_NAME)
        assert folder is not None
        try:
            found += too_much(_texts(campaign, load_kind(folder), language), file)
        except OutreachError as error:
            found += error.faults
    return found


def too_much(texts: Iterable[FlightText], file: str) -> list[Fault]:
    """The faults of texts that do not fit their placement."""
    return [
        Fault(
            _("{file}, flight '{flight}' ({language})", file=file, flight=text.flight, language=text.language),
            *text.count.fault,
        )
        for text in texts
        if text.count.fault
    ]


def _texts(campaign: Campaign, kind: MaterialKind, language: str) -> list[FlightText]:
    """The texts of a kind; none where it has no text form, or is not made for flights."""
    if not any(form.engine is Engine.TEXT and (form.per or kind.per) is Per.FLIGHT for form in kind.forms):
        return []
    base = base_values(campaign, language, campaign.starts)
    return [
        FlightText(piece.name, piece.flight.channel, language, piece.text, piece.count)
        for piece in air_pieces(campaign, kind, flights_of(campaign, kind.kind), base, language)
    ]
