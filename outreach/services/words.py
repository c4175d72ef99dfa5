"""Words on air and on phones: the text of each flight, measured as its channel measures it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from outreach.channels import channels
from outreach.channels.base import WordCount
from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.errors import Fault, OutreachError
from outreach.messages import _
from outreach.render.manifest import MANIFEST_NAME, Engine, MaterialKind, load_kind
from outreach.render.text import compile_text
from outreach.resources import find_in, names_in, template_roots
from outreach.services.campaigns import load_campaign
from outreach.services.pieces import flights_of
from outreach.services.values import base_values, flight_values


@dataclass(frozen=True, slots=True)
class FlightText:
    """One flight's finished text and its measures."""

    flight: str
    channel: str
    language: str
    text: str
    count: WordCount


def measure_texts(workspace: Workspace, campaign_name: str, kind_name: str, language: str = "") -> list[FlightText]:
    """The texts of every flight that uses a text kind ('crawl', 'radio', 'sms' or a workspace's own)."""
    campaign = load_campaign(workspace, campaign_name)
    folder = find_in(template_roots(workspace.root), kind_name, MANIFEST_NAME)
    return list(_texts(campaign, load_kind(folder), language or campaign.languages[0])) if folder else []


def text_faults(workspace: Workspace, campaign: Campaign, file: str, language: str) -> list[Fault]:
    """Texts that their slot, segment or paid parts cannot hold, for every text kind there is."""
    roots = template_roots(workspace.root)
    found: list[Fault] = []
    for name in names_in(roots, MANIFEST_NAME):
        folder = find_in(roots, name, MANIFEST_NAME)
        assert folder is not None
        kind = load_kind(folder)
        if _form_name(kind):
            try:
                found += too_much(_texts(campaign, kind, language), file)
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


def _texts(campaign: Campaign, kind: MaterialKind, language: str) -> Iterable[FlightText]:
    base = base_values(campaign, language, campaign.starts)
    layout = kind.layout(_form_name(kind), language)
    template = compile_text(layout.read_text("utf-8"), name=layout.name)
    for flight in flights_of(campaign, kind.kind):
        text = template.render(flight_values(base, campaign, flight, language), where=flight.id).strip()
        count = channels()[flight.channel].count(text, language, flight)
        yield FlightText(flight.id, flight.channel, language, text, count)


def _form_name(kind: MaterialKind) -> str:
    return next((form.format for form in kind.forms if form.engine is Engine.TEXT), "")
