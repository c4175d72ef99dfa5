"""Materials: which kinds there are, a preview from samples, and a making as a print run."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.errors import BadInput, CannotPrint, Conflict, NotFound, refuse_if_any
from outreach.messages import _
from outreach.render.fonts import coverage
from outreach.render.manifest import MANIFEST_NAME, Engine, MaterialKind, load_kind
from outreach.resources import find_in, names_in, template_roots
from outreach.services import press
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, Progress, no_progress, safe_name, write_whole
from outreach.services.pieces import EVERYTHING, Choice, PieceSpec, check_pieces, gather, piece_name, printed_facts
from outreach.services.runs import MadeRun, make_run
from outreach.services.words import measure_texts, too_much
from outreach.store.runs import Piece

MOST_IN_A_FILE = 500
"""Word and WPS grow slow beyond this many letters a file (measured by the founders)."""


def list_kinds(workspace: Workspace | None) -> list[MaterialKind]:
    """Every material kind there is; a workspace's own shadow the shipped ones of the same name."""
    roots = template_roots(workspace.root if workspace else None)
    return [find_kind(workspace, name) for name in names_in(roots, MANIFEST_NAME)]


def find_kind(workspace: Workspace | None, name: str) -> MaterialKind:
    """The kind of that name; raises NotFound naming those there are."""
    roots = template_roots(workspace.root if workspace else None)
    own = workspace.root / "templates" / name if workspace and name and Path(name).name == name else None
    if own and own.is_dir() and not (own / MANIFEST_NAME).is_file():
        raise BadInput.at(
            str(own / MANIFEST_NAME), _("is missing"), _("put it back; without it the shipped kind would be printed")
        )
    folder = find_in(roots, name, MANIFEST_NAME)
    if folder is None:
        raise NotFound.at(
            name,
            _("there is no such material kind"),
            _("choose one of {names}", names=", ".join(names_in(roots, MANIFEST_NAME))),
        )
    return load_kind(folder)


def copy_kind(workspace: Workspace, name: str) -> Path:
    """Copy a kind into the workspace, where it shadows the shipped one and may be edited; returns the folder."""
    target = workspace.root / "templates" / name
    if target.exists():
        raise Conflict.at(str(target), _("is there already"), _("edit it, or remove it first"))
    kind = find_kind(workspace, name)
    shutil.copytree(kind.folder, target)
    return target


def preview_material(workspace: Workspace | None, name: str, file_format: str, language: str, target: Path) -> Path:
    """Make one piece of a kind from its samples into the file `target`; returns it."""
    kind = find_kind(workspace, name)
    form = kind.form(file_format or kind.forms[0].format)
    values = kind.sample_values(language)
    fonts = tuple(str(folder) for folder in workspace.font_folders) if workspace else ()
    plan = press.Plan(kind.folder.name, form.format, language, "2005-01-10", fonts, ())
    job = press.Job((target.name,), 1, "")
    (content,) = press.contents(kind, plan, job, [values])
    write_whole(target, content)
    return target


def make_material(
    office: Office,
    campaign_name: str,
    kind_name: str,
    *,
    file_format: str = "",
    language: str = "",
    day: dt.date | None = None,
    separate: bool = False,
    choice: Choice = EVERYTHING,
    progress: Progress = no_progress,
) -> MadeRun:
    """Make every piece of a kind for a campaign as one print run.

    file_format: the kind's first where empty. language: the campaign's first where empty. day: the printed
    date, today where None. separate: one file a piece. Everything that would print wrong is refused before
    the first file: CannotPrint with a fault for each household and field. A run that is refused leaves nothing;
    one that is killed can be resumed.
    """
    workspace = office.workspace
    campaign = load_campaign(workspace, campaign_name)
    kind = find_kind(workspace, kind_name)
    form = kind.form(file_format or kind.forms[0].format)
    language = language or campaign.languages[0]
    if language not in campaign.languages:
        raise NotFound.at(
            language,
            _("the campaign has no texts in this language"),
            _("choose one of {names}", names=", ".join(campaign.languages)),
        )
    kind.layout(form.format, language)
    day = day or office.now().date()
    pieces = gather(office, campaign, kind, language, day, choice)
    if not pieces:
        raise Conflict.at(
            kind_name, _("there is nothing to make"), _("the campaign has no flight that uses it, or nobody is chosen")
        )
    refuse_if_any(check_pieces(kind, pieces, coverage(workspace.font_folders), language), CannotPrint)
    if form.engine is Engine.TEXT:
        refuse_if_any(
            too_much(measure_texts(workspace, campaign_name, kind_name, language), campaign.name), CannotPrint
        )

    alone = separate or form.format == "png" or form.engine is Engine.TEXT
    jobs, values, rows = _jobs(kind, form.format, pieces, separate=alone)
    plan = press.Plan(
        kind.folder.name,
        form.format,
        language,
        day.isoformat(),
        tuple(str(folder) for folder in workspace.font_folders),
        tuple(jobs),
    )
    facts = printed_facts(kind, campaign, pieces, language)
    return make_run(office, campaign, kind, plan, values, rows, facts, progress)


def _jobs(
    kind: MaterialKind, file_format: str, pieces: Sequence[PieceSpec], *, separate: bool
) -> tuple[list[press.Job], list[list[Any]], list[Piece]]:
    """Cut the pieces into jobs: by group, at most `MOST_IN_A_FILE` each."""
    groups: dict[str, list[int]] = {}
    for number, piece in enumerate(pieces):
        groups.setdefault(piece.group, []).append(number)
    jobs: list[press.Job] = []
    values: list[list[Any]] = []
    rows: list[Piece] = []
    stems: set[str] = set()
    for group, numbers in groups.items():
        parts = [numbers[start : start + MOST_IN_A_FILE] for start in range(0, len(numbers), MOST_IN_A_FILE)]
        for rank, part in enumerate(parts, start=1):
            stem = safe_name("-".join(filter(None, (kind.kind, group, str(rank) if len(parts) > 1 else ""))), stems)
            if separate and (len(part) > 1 or pieces[part[0]].household):
                names = tuple(
                    f"{stem}/{number + 1:06d}-{safe_name(_own_name(pieces[number]), set())}.{file_format}"
                    for number in part
                )
            else:
                names = (f"{stem}.{file_format}",)
            jobs.append(press.Job(names, len(part), f"values-{len(jobs) + 1:05d}.json"))
            values.append([pieces[number].values for number in part])
            rows += [
                Piece(
                    number + 1,
                    names[index] if len(names) > 1 else names[0],
                    pieces[number].household,
                    pieces[number].person,
                    pieces[number].officer,
                )
                for index, number in enumerate(part)
            ]
    return jobs, values, rows


def _own_name(piece: PieceSpec) -> str:
    return f"{piece.household}-{piece.person}" if piece.person else piece.household or piece_name(piece)
