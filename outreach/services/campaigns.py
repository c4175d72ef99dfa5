"""Campaigns by name: list, load, start a new one."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, Conflict, NotFound
from outreach.messages import _
from outreach.resources import campaign_roots, find_in, names_in
from outreach.services.campaign_file import CAMPAIGN_NAME, NAME_PATTERN, read_campaign
from outreach.services.payment_file import PAYMENT_LINES
from outreach.services.qa_file import QA_NAME
from outreach.services.qa_layers import examine_content

PLAN_NAME = "plan.toml"

# The first line that gives a name is the campaign's: TOML has the top keys before any table.
_NAME_LINE = re.compile(r"""^name[ \t]*=[ \t]*(?:"[^"\n]*"|'[^'\n]*')""", re.MULTILINE)


def list_campaigns(workspace: Workspace) -> list[str]:
    """The names of all campaigns in the workspace and shipped with outreach."""
    return names_in(campaign_roots(workspace.root), CAMPAIGN_NAME)


def campaign_folder(workspace: Workspace, name: str) -> Path:
    """The folder of a campaign; an empty name means the one the settings name. Raises NotFound."""
    wanted = name or workspace.settings.campaign
    folder = find_in(campaign_roots(workspace.root), wanted, CAMPAIGN_NAME)
    if folder is None:
        known = ", ".join(list_campaigns(workspace))
        raise NotFound.at(
            wanted or _("no campaign named"),
            _("there is no such campaign"),
            _("choose one of {names}, or start one with 'outreach campaign new NAME'", names=known or "-"),
        )
    return folder


def load_campaign(workspace: Workspace, name: str) -> Campaign:
    """Load and check a campaign; raises NotFound, or BadInput with every fault."""
    return read_campaign(campaign_folder(workspace, name) / CAMPAIGN_NAME)


def language_of(campaign: Campaign, language: str) -> str:
    """`language`, or the campaign's first where it is empty; raises NotFound for one the campaign has no texts in."""
    wanted = language or campaign.languages[0]
    if wanted not in campaign.languages:
        raise NotFound.at(
            wanted,
            _("the campaign has no texts in this language"),
            _("choose one of {names}", names=", ".join(campaign.languages)),
        )
    return wanted


def campaign_digest(workspace: Workspace, name: str) -> str:
    """SHA-256 over everything a campaign says as it is now: its file, its questions and answers, its pictures.

    The planning file is left out: it says nothing the public sees. Questions it is laid over count, wherever they are.
    """
    folder = campaign_folder(workspace, name)
    pictures = (path for path in folder.glob("pictures/**/*") if path.is_file())
    words = (path for path in folder.rglob("*.toml") if path.name != PLAN_NAME)
    beneath = examine_content(folder / QA_NAME, ()).files[:-1]
    digest = hashlib.sha256()
    for path in [*sorted([*words, *pictures]), *beneath]:
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def new_campaign(workspace: Workspace, name: str, *, like: str) -> Path:
    """Start a campaign in the workspace from the files of campaign `like`, its name put in; returns the campaign file.

    The invented bases and rates of a shipped campaign become comments: no letter may name a sum made of them.
    Raises Conflict where the workspace has one of that name, BadInput for a name that is no folder name.
    """
    if not re.fullmatch(NAME_PATTERN, name):
        raise BadInput.at(name, _("is no campaign name"), _("use small letters, digits and dashes"))
    folder = workspace.root / "campaigns" / name
    if folder.exists():
        raise Conflict.at(str(folder), _("there is such a campaign already"), _("choose another name"))
    source = campaign_folder(workspace, like)
    text = (source / CAMPAIGN_NAME).read_text("utf-8-sig")
    if source.parent != workspace.root / "campaigns":
        text = PAYMENT_LINES.sub(lambda found: re.sub(r"^(?=.)", "# ", found[0], flags=re.MULTILINE), text)
    folder.mkdir(parents=True)
    path = folder / CAMPAIGN_NAME
    path.write_text(_NAME_LINE.sub(f'name = "{name}"', text, count=1), "utf-8")
    for beside in (QA_NAME, PLAN_NAME):
        if (source / beside).is_file():
            shutil.copy2(source / beside, folder / beside)
    for picture in source.glob("pictures/*"):
        (folder / "pictures").mkdir(exist_ok=True)
        shutil.copy2(picture, folder / "pictures")
    return path
