"""Print runs: the register of what was made, and finishing a run that was killed."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, CannotPrint, Conflict, Fault, NotFound, OutreachError
from outreach.messages import _
from outreach.render.manifest import MaterialKind
from outreach.resources import template_roots
from outreach.services import press
from outreach.services.campaigns import campaign_digest
from outreach.services.office import Office, Progress, no_progress
from outreach.store.runs import Piece, PrintedFact, Run, RunFile


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A finished run: its row, its folder, and its files in order."""

    run: Run
    folder: Path
    files: tuple[RunFile, ...]


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

    Raises Conflict where it is whole already, where another process is making it, or where it was killed before
    its inputs were set down, in which case the register forgets it.
    """
    with press.held(_lock(office.workspace, find_run(office, number).folder)):
        run = find_run(office, number)
        if run.state == "whole":
            raise Conflict.at(str(number), _("this run is whole"), _("see 'outreach run show {number}'", number=number))
        if press.published(office.workspace.out / run.folder) == run.id:
            # Killed between the last rename and the register: the finished folder only needs its entry.
            return _finish(office, run, _measure(office.workspace.out / run.folder, office, run))
        if press.read_plan(_staging(office.workspace, run)) is None:
            _forget(office, run)
            raise Conflict.at(
                str(number),
                _("the run was ended before its inputs were set down; nothing was made"),
                _("make it again with 'outreach material make {kind}'", kind=run.kind),
            )
        return _print(office, run, progress)


def make_run(
    office: Office,
    campaign: Campaign,
    kind: MaterialKind,
    plan: press.Plan,
    values: Sequence[Sequence[Any]],
    rows: Sequence[Piece],
    facts: Sequence[PrintedFact],
    progress: Progress,
) -> MadeRun:
    """Register a run, set its inputs down, and make its files.

    values: for each job of the plan one entry a piece. A run that cannot be printed leaves nothing; one that
    the disk or a kill stops stays open for `resume_run`.
    """
    files = [
        RunFile(name, position, 1 if len(job.names) > 1 else job.pieces)
        for position, (job, name) in enumerate((job, name) for job in plan.jobs for name in job.names)
    ]
    shared = _shared(kind, office.workspace)
    with ExitStack() as stack:
        with office.store.write() as unit:
            # A store put back from a backup knows fewer runs than were printed; their folders stay theirs.
            number = max(unit.runs.next_number(), press.highest_number(office.workspace.out) + 1)
            run = Run(
                id=office.new_id(),
                number=number,
                campaign=campaign.name,
                kind=kind.kind,
                format=plan.format,
                language=plan.language,
                state="open",
                template_sha256=_digest(kind.folder, shared),
                campaign_sha256=campaign_digest(office.workspace, campaign.name),
                as_of=office.now(),
                finished=None,
                folder=f"{number:04d}-{kind.kind}-{plan.format}",
                pieces=len(rows),
            )
            # Held before the register shows the run, so that nobody can resume it while it is being made.
            stack.enter_context(press.held(_lock(office.workspace, run.folder)))
            unit.runs.begin(run, files, rows, facts)
        try:
            press.freeze(_staging(office.workspace, run), kind, shared, plan, values)
        except (Exception, KeyboardInterrupt):
            _forget(office, run)
            raise
        try:
            return _print(office, run, progress)
        except OutreachError as error:
            copy = _staging(office.workspace, run) / "templates" / kind.folder.name
            raise _naming(error, copy, kind.folder) from error


def _print(office: Office, run: Run, progress: Progress) -> MadeRun:
    try:
        made = press.print_jobs(_staging(office.workspace, run), office.workspace.settings.printing.workers, progress)
    except (BadInput, CannotPrint):
        # Frozen inputs that cannot be printed cannot be printed later either.
        _forget(office, run)
        raise
    return _finish(office, run, made)


def _forget(office: Office, run: Run) -> None:
    # The folder first: on a full disk that makes the room the register needs.
    shutil.rmtree(_staging(office.workspace, run), ignore_errors=True)
    with office.store.write() as unit:
        unit.runs.abandon(run.id)


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


def _lock(workspace: Workspace, folder: str) -> Path:
    return workspace.out / ".locks" / folder


def _shared(kind: MaterialKind, workspace: Workspace) -> Path | None:
    beside = kind.folder.parent / "_shared"
    roots = [beside, *(root / "_shared" for root in template_roots(workspace.root))]
    return next((folder for folder in roots if folder.is_dir()), None)


def _digest(*folders: Path | None) -> str:
    """SHA-256 over the names and contents of a kind's files and the shared ones, so that any edit shows."""
    digest = hashlib.sha256()
    for folder in filter(None, folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()
