"""Materials: which kinds there are, a preview from samples, and a making as a print run."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.errors import BadInput, CannotPrint, Conflict, NotFound, refuse_if_any
from outreach.messages import _
from outreach.render.fonts import Coverage, check_layout, coverage, layout_families
from outreach.render.manifest import MANIFEST_NAME, Engine, MaterialKind, Per, load_kind
from outreach.render.options import NO_OPTIONS, Options
from outreach.resources import find_in, names_in, template_roots
from outreach.services import press
from outreach.services.campaigns import language_of, load_campaign
from outreach.services.corrections import count_returned
from outreach.services.gathering import gather
from outreach.services.office import Office, Progress, no_progress, safe_name
from outreach.services.pieces import PieceSpec, check_pieces, piece_name
from outreach.services.printed import held_facts, known_facts
from outreach.services.printer import at_printer, most_in_a_file
from outreach.services.rounds import EVERYTHING, Choice
from outreach.services.runs import MadeRun, make_run
from outreach.services.suppressions import leave_out
from outreach.services.touches import list_touched
from outreach.services.words import unfit
from outreach.store.runs import Piece

MOST_IN_A_FILE = 500
"""Word and WPS grow slow beyond this many letters a file (measured by the founders)."""


def known_signs(workspace: Workspace | None, kind: MaterialKind) -> Coverage:
    """The signs a kind can print: its own fonts' and those of the settings' fallback."""
    if workspace is None:
        return coverage()
    fallback = workspace.settings.fonts.fallback
    return coverage(workspace.font_folders, (*fallback, *layout_families(kind.folder)))


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


def kind_titles(workspace: Workspace | None, names: Iterable[str], language: str) -> dict[str, str]:
    """The titles of kinds by their codes; a kind that is no longer there, or is broken, is told by its code."""
    titles = {}
    for name in names:
        try:
            titles[name] = find_kind(workspace, name).title.of(language)
        except (NotFound, BadInput):
            titles[name] = name
    return titles


def copy_kind(workspace: Workspace, name: str) -> Path:
    """Copy a kind into the workspace, where it shadows the shipped one and may be edited; returns the folder."""
    target = workspace.root / "templates" / name
    if target.exists():
        raise Conflict.at(str(target), _("is there already"), _("edit it, or remove it first"))
    kind = find_kind(workspace, name)
    shutil.copytree(kind.folder, target)
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
    options: Options = NO_OPTIONS,
    picture: Path | None = None,
    replaces: Sequence[int] = (),
    progress: Progress = no_progress,
) -> MadeRun:
    """Make every piece of a kind for a campaign as one print run.

    options: size, look and the like; the kind's first where not named. picture: the office's own photo.
    replaces: the runs whose stale pieces these are to replace.
    file_format: the kind's first where empty. language: the campaign's first where empty. day: the printed
    date, today where None. separate: one file a piece. Everything that would print wrong is refused before
    the first file: CannotPrint with a fault for each household and field. A run that is refused leaves nothing;
    one that is killed can be resumed.
    """
    workspace = office.workspace
    campaign = load_campaign(workspace, campaign_name)
    kind = find_kind(workspace, kind_name)
    form = kind.form(file_format or kind.forms[0].format)
    language = language_of(campaign, language)
    kind.layout(form.format, language)
    kind.refuse_standard(form.format, options)
    _refuse_choice(kind, form.format, choice)
    options = at_printer(workspace, kind, kind.chosen(options))
    options = replace(options, fallback_fonts=workspace.settings.fonts.fallback)
    day = day or office.now().date()
    pieces = gather(office, campaign, kind, form.format, language, day, choice)
    if choice.only is not None:
        pieces = [piece for piece in pieces if piece.slot in choice.only]
    wished = leave_out(office, campaign.name, kind, pieces, day)
    pieces = wished.pieces
    if not pieces and wished.held:
        raise Conflict.at(
            kind_name, _("everybody chosen is in a hold-out or not to be contacted"), _("see 'outreach holdout list'")
        )
    if not pieces and (wished.suppressed or wished.died):
        raise Conflict.at(
            kind_name,
            _("everybody chosen is not to be contacted")
            if wished.suppressed
            else _("everybody chosen has died, as was recorded"),
            _("see 'outreach household suppressions'"),
        )
    if not pieces:
        raise Conflict.at(
            kind_name, _("there is nothing to make"), _("the campaign has no flight that uses it, or nobody is chosen")
        )
    known = known_signs(workspace, kind)
    refuse_if_any([*check_layout(kind.folder, known), *check_pieces(kind, pieces, known, language)], CannotPrint)
    refuse_if_any(unfit(workspace, campaign, kind, form.format, language), CannotPrint)

    alone = separate or form.format == "png" or form.engine in (Engine.TEXT, Engine.CRAWL)
    # Some Word layouts cannot share a file: the program parts their letters by itself, and says so.
    alone = alone or (form.engine is Engine.WORD and press.word_template(kind.layout(form.format, language)).alone)
    added = own_picture(picture, kind, language, options, workspace.font_folders) if picture else {}
    if added:
        options = replace(options, picture=next(iter(added)))
    most = most_in_a_file(kind, options, MOST_IN_A_FILE)
    jobs, values, rows = _jobs(kind, form.format, pieces, most, separate=alone)
    households = {piece.household for piece in pieces if piece.household}
    office.told.update(households)
    touched = tuple(one.household for one in list_touched(office, campaign.name, day, households))
    told = {
        "suppressed": wished.suppressed,
        "died": wished.died,
        "without": wished.others,
        "held": wished.held,
        "touched": len(touched),
    }
    if (kind.channel or kind.kind) == "letter":
        told["returned"] = count_returned(office, households)
    plan = press.Plan(
        kind.folder.name,
        form.format,
        language,
        day.isoformat(),
        tuple(str(folder) for folder in workspace.font_folders),
        tuple(jobs),
        options,
        {name: count for name, count in told.items() if count},
    )
    with office.store.read() as unit:
        known_officers = list(unit.rosters.all_officers().values())
    known_now = known_facts(campaign, known_officers, language)
    facts = held_facts(kind, zip(_numbers(pieces), pieces, strict=True), known_now)
    made = make_run(office, campaign, kind, plan, values, rows, facts, added, progress, replaces=replaces)
    return replace(made, touched=touched)


def _refuse_choice(kind: MaterialKind, file_format: str, choice: Choice) -> None:
    """Raise BadInput where posts or households are chosen of a kind that is made for nobody in particular."""
    if kind.per_of(file_format) in (Per.CAMPAIGN, Per.FLIGHT) and (choice.posts or choice.households):
        raise BadInput.at(
            f"{kind.kind}, {'--post' if choice.posts else '--household'}",
            _("this kind is the same for everybody"),
            _("leave it out"),
        )


def _jobs(
    kind: MaterialKind, file_format: str, pieces: Sequence[PieceSpec], most: int, *, separate: bool
) -> tuple[list[press.Job], list[list[Any]], list[Piece]]:
    """Cut the pieces into jobs: by group, at most `most` each."""
    numbers = _numbers(pieces)
    groups: dict[str, list[int]] = {}
    for index, piece in enumerate(pieces):
        groups.setdefault(piece.group, []).append(index)
    # A table is one file, however long: gateways and print shops take it as a whole.
    most = len(pieces) if kind.form(file_format).engine is Engine.TABLE else most
    jobs: list[press.Job] = []
    values: list[list[Any]] = []
    rows: list[Piece] = []
    stems: set[str] = set()
    for group, indexes in groups.items():
        parts = [indexes[start : start + most] for start in range(0, len(indexes), most)]
        for rank, part in enumerate(parts, start=1):
            stem = safe_name("-".join(filter(None, (kind.kind, group, str(rank) if len(parts) > 1 else ""))), stems)
            if separate and (len(part) > 1 or pieces[part[0]].household):
                names = tuple(
                    f"{stem}/{numbers[index]:06d}-{safe_name(_own_name(pieces[index]), set())}.{file_format}"
                    for index in part
                )
            else:
                names = (f"{stem}.{file_format}",)
            jobs.append(press.Job(names, len(part), f"values-{len(jobs) + 1:05d}.json"))
            values.append([pieces[index].values for index in part])
            rows += [
                _row(pieces[index], numbers[index], names[rank] if len(names) > 1 else names[0])
                for rank, index in enumerate(part)
            ]
    return jobs, values, rows


def _numbers(pieces: Sequence[PieceSpec]) -> list[int]:
    """The pieces' numbers: their own, or counted from 1 in the order they are handed out."""
    return [piece.number or rank for rank, piece in enumerate(pieces, start=1)]


def _row(piece: PieceSpec, number: int, file: str) -> Piece:
    return Piece(number, file, piece.household, piece.person, piece.officer, piece.entrance, piece.slot[3])


def own_picture(
    picture: Path, kind: MaterialKind, language: str, options: Options, fonts: Sequence[Path] = ()
) -> dict[str, bytes]:
    """The office's own photo, cleaned and cropped, as the file it becomes beside the layout; its name says its dpi."""
    from outreach.render.photo import clean_photo

    photo = clean_photo(picture, kind, language, options, fonts=fonts)
    return {f"own-picture-{photo.dpi}dpi.jpg": photo.jpeg}


def _own_name(piece: PieceSpec) -> str:
    return f"{piece.household}-{piece.person}" if piece.person else piece.household or piece_name(piece)
