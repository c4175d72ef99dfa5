"""Everything `campaign check` looks at, in one pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.config import Workspace
from outreach.domain.campaign import Campaign, Texts
from outreach.errors import BadInput, Fault, OutreachError
from outreach.render.fonts import check_texts, coverage
from outreach.render.manifest import MANIFEST_NAME, load_kind
from outreach.render.text import compile_text
from outreach.resources import find_in, template_roots
from outreach.services.campaign_file import CAMPAIGN_NAME, examine_campaign
from outreach.services.campaigns import campaign_folder
from outreach.services.content import content_faults
from outreach.services.plain_words import phone_faults, written_texts
from outreach.services.plan_file import load_plan, plan_faults
from outreach.services.qa_file import QA_NAME
from outreach.services.rate_cards import card_faults
from outreach.services.words import text_faults


def check_campaign(workspace: Workspace, name: str) -> Campaign:
    """Check the file, its letter, signs and phones in its texts, whether they fit their placements, its Q&A and plan.

    Raises BadInput with every fault found.
    """
    path = campaign_folder(workspace, name) / CAMPAIGN_NAME
    found = examine_campaign(path)
    faults = [*found.faults, *_letter_faults(workspace, found.texts, str(path))]
    faults += phone_faults(found.raw, str(path))
    faults += _sign_faults(workspace, found.raw, str(path))
    if found.campaign is not None:
        # A station airs the campaign's first language; its translation is for print and the web.
        faults += text_faults(workspace, found.campaign, str(path), found.campaign.languages[0])
        faults += content_faults(workspace, found.campaign, path.with_name(QA_NAME))
    planning = plan_faults(workspace, name)
    faults += planning
    if found.campaign is not None and not planning:
        faults += card_faults(workspace, found.campaign, load_plan(workspace, name).air)
    if faults or found.campaign is None:
        raise BadInput(*faults)
    return found.campaign


def _sign_faults(workspace: Workspace, raw: Mapping[str, Any], file: str) -> list[Fault]:
    """Every text of the file with a sign that no font prints, or that nobody sees: controls, direction marks."""
    try:
        known = coverage(workspace.font_folders, workspace.settings.fonts.fallback)
    except OutreachError as error:
        return list(error.faults)
    return [
        fault for path, _keys, text in written_texts(raw) for fault in check_texts(text, known, where=f"{file}, {path}")
    ]


def _letter_faults(workspace: Workspace, written: Mapping[str, Texts], file: str) -> list[Fault]:
    """Faults of the letter's paragraphs, each rendered once with the letter kind's samples."""
    folder = find_in(template_roots(workspace.root), "letter", MANIFEST_NAME)
    if folder is None:
        return []
    kind = load_kind(folder)
    found: list[Fault] = []
    for language, texts in written.items():
        values = kind.sample_values(language)
        for index, line in enumerate(texts.letter):
            name = f"texts.{language}.letter[{index}]"
            try:
                compile_text(line, name=name).render(values, where=name)
            except OutreachError as error:
                found += (Fault(f"{file}, {fault.where}", fault.what, fault.mend) for fault in error.faults)
    return found
