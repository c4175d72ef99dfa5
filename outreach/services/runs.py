"""Print runs: the register of what was made, and finishing a run that was killed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from outreach.config import Workspace
from outreach.domain.campaign import Campaign
from outreach.domain.ids import piece_code
from outreach.errors import BadInput, CannotPrint, Conflict, Fault, NotFound, OutreachError
from outreach.messages import _
from outreach.render.manifest import MaterialKind
from outreach.resources import template_roots
from outreach.services import press
from outreach.services.campaigns import campaign_digest
from outreach.services.office import Office, Progress, no_progress
from outreach.services.truths import keep_truths
from outreach.store.runs import HeldFact, Piece, Run, RunFile
from outreach.store.unit import Unit


@dataclass(frozen=True, slots=True)
class MadeRun:
    """A finished run: its row, its folder, and its files in order.

    touched: the codes of its households that another campaign touched lately, as far as whoever made it asked.
    """

    run: Run
    folder: Path
    files: tuple[RunFile, ...]
    touched: tuple[str, ...] = ()


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
    facts: tuple[HeldFact, ...]


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
    facts: Sequence[HeldFact],
    added: Mapping[str, bytes],
    progress: Progress,
    *,
    replaces: Sequence[int] = (),
) -> MadeRun:
    """Register a run, set its inputs down, and make its files.

    values: for each job of the plan one entry a piece, in the order of `rows`; each gets its piece's number and
    code. added: files put beside the layout. A run that cannot be printed leaves nothing; one that
    the disk or a kill stops stays open for `resume_run`.
    """
    files = [
        RunFile(name, position, 1 if len(job.names) > 1 else job.pieces)
        for position, (job, name) in enumerate((job, name) for job in plan.jobs for name in job.names)
    ]
    shared = _shared(kind, office.workspace)
    with ExitStack() as stack:
        with office.store.write() as unit:
            _refuse_repeats(unit, campaign.name, kind.kind, rows)
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
                options=plan.options.as_json(),
                day=dt.date.fromisoformat(plan.day),
                replaces=tuple(replaces),
            )
            rows = [replace(row, code=piece_code(number, run.id, row.number)) for row in rows]
            # Held before the register shows the run, so that nobody can resume it while it is being made.
            stack.enter_context(press.held(_lock(office.workspace, run.folder)))
            unit.runs.begin(run, files, rows, facts)
        try:
            numbered = _numbered(values, rows, number)
            press.freeze(_staging(office.workspace, run), kind, shared, plan, numbered, added)
        except (Exception, KeyboardInterrupt):
            _forget(office, run)
            raise
        try:
            return _print(office, run, progress)
        except OutreachError as error:
            copy = _staging(office.workspace, run) / "templates" / kind.folder.name
            raise _naming(error, copy, kind.folder) from error


def _refuse_repeats(unit: Unit, campaign: str, kind: str, rows: Sequence[Piece]) -> None:
    """Refuse a second piece to one person for one placement, inside the transaction that registers the first."""
    for placement in sorted({row.placement for row in rows if row.placement and row.person}):
        sent = unit.runs.sent(campaign, kind, placement)
        again = [row for row in rows if row.placement == placement and (row.household, row.person) in sent]
        if again:
            number = sent[again[0].household, again[0].person]
            raise Conflict.at(
                placement,
                _("{count} persons have got theirs in print run {number}", count=len(again), number=number),
                _("make it again; only those who have none yet will get one"),
            )


def _print(office: Office, run: Run, progress: Progress) -> MadeRun:
    try:
        printed = press.print_jobs(
            _staging(office.workspace, run), office.workspace.settings.printing.workers, progress
        )
    except (BadInput, CannotPrint):
        # Frozen inputs that cannot be printed cannot be printed later either.
        _forget(office, run)
        raise
    return _finish(office, run, printed)


def _numbered(values: Sequence[Sequence[Any]], rows: Sequence[Piece], run: int) -> list[list[dict[str, Any]]]:
    """The values with each piece's own number and code, which are known only now."""
    row = iter(rows)
    return [[piece | {"piece": _piece_values(next(row), run)} for piece in job] for job in values]


def _piece_values(row: Piece, run: int) -> dict[str, str]:
    return {"number": f"{row.number:06d}", "code": row.code, "qr": row.code, "run": str(run)}


def _forget(office: Office, run: Run) -> None:
    # The folder first: on a full disk that makes the room the register needs.
    shutil.rmtree(_staging(office.workspace, run), ignore_errors=True)
    with office.store.write() as unit:
        unit.runs.abandon(run.id)


def _finish(office: Office, run: Run, printed: press.Printed) -> MadeRun:
    final = office.workspace.out / run.folder
    with office.store.read() as unit:
        known = {file.name: file for file in unit.runs.files(run.id)}
        facts = unit.runs.facts(run.id)
        households = {piece.household for piece in unit.runs.pieces(run.id)}
    files = tuple(
        RunFile(file.name, known[file.name].position, known[file.name].pieces, file.sha256, file.bytes)
        for file in printed.files
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
        # What is of one household alone stays in the register: the folder goes to the printer.
        "facts": [asdict(held.fact) for held in facts if held.fact.subject.partition(" ")[0] not in households],
        "options": dict(run.options),
        "said": dict(printed.said),
    }
    keep_truths(office, run, _staging(office.workspace, run))
    press.publish(_staging(office.workspace, run), final, manifest)
    with office.store.write() as unit:
        unit.runs.finish(run.id, office.now(), files, printed.said)
    return MadeRun(find_run(office, run.number), final, files)


def _measure(final: Path, office: Office, run: Run) -> press.Printed:
    with office.store.read() as unit:
        names = [file.name for file in unit.runs.files(run.id)]
    found = []
    for name in names:
        content = (final / name).read_bytes()
        found.append(press.Made(name, hashlib.sha256(content).hexdigest(), len(content)))
    said = json.loads((final / press.MANIFEST_NAME).read_text("utf-8"))["said"]
    return press.Printed(tuple(found), said)


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
