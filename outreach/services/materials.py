"""Materials: which kinds there are, a preview from samples, and a making as a print run."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, CannotPrint, Conflict, Fault, NotFound, OutreachError, refuse_if_any
from outreach.messages import _
from outreach.render.fonts import coverage
from outreach.render.manifest import MANIFEST_NAME, Engine, MaterialKind, load_kind
from outreach.resources import find_in, names_in, template_roots
from outreach.services import press
from outreach.services.campaigns import campaign_digest, load_campaign
from outreach.services.office import Office, Progress, no_progress, safe_name, write_whole
from outreach.services.pieces import EVERYTHING, Choice, PieceSpec, check_pieces, gather, piece_name, printed_facts
from outreach.services.words import measure_texts, too_much
from outreach.store.runs import Piece, PrintedFact, Run, RunFile

MOST_IN_A_FILE = 500
"""Word and WPS grow slow beyond this many letters a file (measured by the founders)."""


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A finished run: its row, its folder, and its files in order."""

    run: Run
    folder: Path
    files: tuple[RunFile, ...]


def list_kinds(workspace: Workspace | None) -> list[MaterialKind]:
    """Every material kind there is; a workspace's own shadow the shipped ones of the same name."""
    roots = template_roots(workspace.root if workspace else None)
    return [find_kind(workspace, name) for name in names_in(roots, MANIFEST_NAME)]


def find_kind(workspace: Workspace | None, name: str) -> MaterialKind:
    """The kind of that name; raises NotFound naming those there are."""
    roots = template_roots(workspace.root if workspace else None)
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
    run = _begin(office, campaign, kind, plan, rows, printed_facts(kind, campaign, pieces, language))
    staging = _staging(workspace, run)
    try:
        press.freeze(staging, kind, _shared(kind, workspace), plan, values)
        return _finish(office, run, press.print_jobs(staging, workspace.settings.printing.workers, progress))
    except OutreachError as error:
        # Frozen inputs that cannot be printed cannot be printed later either; a full disk can be mended.
        if not isinstance(error, BadInput | CannotPrint) and (staging / press.PLAN_NAME).is_file():
            raise
        with office.store.write() as unit:
            unit.runs.abandon(run.id)
        shutil.rmtree(staging, ignore_errors=True)
        raise _naming(error, staging / "templates" / kind.folder.name, kind.folder) from error


def list_runs(office: Office) -> list[Run]:
    """Every print run, oldest first."""
    with office.store.read() as unit:
        return unit.runs.all(office.workspace.zone)


def find_run(office: Office, number: int) -> Run:
    """The run of that number; raises NotFound."""
    for run in list_runs(office):
        if run.number == number:
            return run
    raise NotFound.at(str(number), _("there is no such print run"), _("see 'outreach run list'"))


@dataclass(frozen=True, slots=True)
class RunDetails:
    """Everything the register knows of one run."""

    run: Run
    folder: Path
    files: tuple[RunFile, ...]
    pieces: tuple[Piece, ...]
    facts: tuple[PrintedFact, ...]


def show_run(office: Office, number: int) -> RunDetails:
    """One run with its files, pieces and printed facts; raises NotFound."""
    run = find_run(office, number)
    with office.store.read() as unit:
        return RunDetails(
            run,
            office.workspace.out / run.folder,
            tuple(unit.runs.files(run.id)),
            tuple(unit.runs.pieces(run.id)),
            tuple(unit.runs.facts(run.id)),
        )


def resume_run(office: Office, number: int, *, progress: Progress = no_progress) -> MadeRun:
    """Finish a run that was killed; its files come out as if nothing had happened.

    Raises Conflict where it is whole already or its staging folder is gone.
    """
    run = find_run(office, number)
    if run.state == "whole":
        raise Conflict.at(str(number), _("this run is whole"), _("see 'outreach run show {number}'", number=number))
    staging = _staging(office.workspace, run)
    if (office.workspace.out / run.folder / press.MANIFEST_NAME).is_file():
        # Killed between the last rename and the register: the finished folder only needs its entry.
        return _finish(office, run, _measure(office.workspace.out / run.folder, office, run))
    if press.read_plan(staging) is None:
        with office.store.write() as unit:
            unit.runs.abandon(run.id)
        shutil.rmtree(staging, ignore_errors=True)
        raise Conflict.at(
            str(number),
            _("the run was ended before its inputs were set down; nothing was made"),
            _("make it again with 'outreach material make {kind}'", kind=run.kind),
        )
    return _finish(office, run, press.print_jobs(staging, office.workspace.settings.printing.workers, progress))


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


def _begin(
    office: Office,
    campaign: Campaign,
    kind: MaterialKind,
    plan: press.Plan,
    rows: Sequence[Piece],
    facts: Sequence[PrintedFact],
) -> Run:
    files = [
        RunFile(name, position, 1 if len(job.names) > 1 else job.pieces)
        for position, (job, name) in enumerate((job, name) for job in plan.jobs for name in job.names)
    ]
    with office.store.write() as unit:
        number = unit.runs.next_number()
        run = Run(
            id=office.new_id(),
            number=number,
            campaign=campaign.name,
            kind=kind.kind,
            format=plan.format,
            language=plan.language,
            state="open",
            template_sha256=_folder_digest(kind.folder),
            campaign_sha256=campaign_digest(office.workspace, campaign.name),
            as_of=office.now(),
            finished=None,
            folder=f"{number:04d}-{kind.kind}-{plan.format}",
            pieces=len(rows),
        )
        unit.runs.begin(run, files, rows, facts)
    return run


def _finish(office: Office, run: Run, made: Sequence[press.Made]) -> MadeRun:
    final = office.workspace.out / run.folder
    with office.store.read() as unit:
        known = {file.name: file for file in unit.runs.files(run.id)}
        facts = unit.runs.facts(run.id)
    files = tuple(
        RunFile(file.name, known[file.name].position, known[file.name].pieces, file.sha256, file.bytes) for file in made
    )
    manifest = {
        "run": run.number,
        "id": run.id,
        "campaign": run.campaign,
        "kind": run.kind,
        "format": run.format,
        "language": run.language,
        "template_sha256": run.template_sha256,
        "campaign_sha256": run.campaign_sha256,
        "data_as_of": run.as_of.isoformat(),
        "pieces": run.pieces,
        "files": [{"name": f.name, "pieces": f.pieces, "sha256": f.sha256, "bytes": f.bytes} for f in files],
        "facts": [asdict(fact) for fact in facts],
    }
    press.publish(_staging(office.workspace, run), final, manifest)
    with office.store.write() as unit:
        unit.runs.finish(run.id, office.now(), files)
    return MadeRun(find_run(office, run.number), final, files)


def _measure(final: Path, office: Office, run: Run) -> list[press.Made]:
    with office.store.read() as unit:
        names = [file.name for file in unit.runs.files(run.id)]
    found = []
    for name in names:
        content = (final / name).read_bytes()
        found.append(press.Made(name, hashlib.sha256(content).hexdigest(), len(content)))
    return found


def _staging(workspace: Workspace, run: Run) -> Path:
    return workspace.out / f".{run.folder}"


def _naming(error: OutreachError, copy: Path, folder: Path) -> OutreachError:
    """The error with the layout's own folder in place of its copy, which is gone."""

    def named(text: str) -> str:
        return text.replace(str(copy), str(folder))

    return type(error)(*(Fault(named(one.where), named(one.what), named(one.mend)) for one in error.faults))


def _shared(kind: MaterialKind, workspace: Workspace) -> Path | None:
    beside = kind.folder.parent / "_shared"
    roots = [beside, *(root / "_shared" for root in template_roots(workspace.root))]
    return next((folder for folder in roots if folder.is_dir()), None)


def _folder_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a kind's files, so that any edit shows."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()
