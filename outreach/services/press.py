"""Making the files of one print run from frozen inputs, so that a killed run resumes to the same bytes.

A run works in a staging folder beside its final one:

    out/.0007-letter-docx/          staging, gone when the run is whole
        plan.json                   the jobs: which files from which pieces
        values-00001.json           the values of one job's pieces
        templates/KIND, _shared     the layout as it was when the run began
        files/                      finished files, each whole from the moment it is there
    out/0007-letter-docx/           the finished run: its files and manifest.json

Nothing a job needs lies outside its staging folder, so neither a changed roster nor an edited template can
reach a run that has begun.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import multiprocessing
import multiprocessing.connection
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from outreach.errors import Conflict, Fault, StoreFault
from outreach.messages import _, current_language, use_language
from outreach.render.code import qr_png
from outreach.render.manifest import Engine, MaterialKind, load_kind
from outreach.services.office import Progress, disk_fault, write_whole

PLAN_NAME = "plan.json"
MANIFEST_NAME = "manifest.json"

# Typst keeps what it laid out; a fresh process now and then keeps memory flat (measured by the founders).
_JOBS_PER_PROCESS = 24

_QR_MM = 22.0


@dataclass(frozen=True, slots=True)
class Job:
    """Some pieces and the files they become: one file for all, or one for each.

    values: the name of the frozen values file, which holds one entry a piece in order.
    """

    names: tuple[str, ...]
    pieces: int
    values: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs of a run and what they share. day: the printed date, which also dates the files within."""

    kind: str
    format: str
    language: str
    day: str
    fonts: tuple[str, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """One finished file."""

    name: str
    sha256: str
    bytes: int


def freeze(staging: Path, kind: MaterialKind, shared: Path | None, plan: Plan, values: Sequence[Sequence[Any]]) -> None:
    """Write everything the jobs of `plan` need into `staging`; the plan last, so that it vouches for the rest.

    Raises StoreFault where the disk refuses.
    """
    with _disk(staging, _("then try again")):
        shutil.rmtree(staging, ignore_errors=True)
        (staging / "files").mkdir(parents=True)
        shutil.copytree(kind.folder, staging / "templates" / kind.folder.name)
        if shared is not None:
            shutil.copytree(shared, staging / "templates" / shared.name)
        for job, pieces in zip(plan.jobs, values, strict=True):
            write_whole(staging / job.values, json.dumps(pieces, ensure_ascii=False).encode())
        write_whole(staging / PLAN_NAME, json.dumps(asdict(plan), ensure_ascii=False).encode())


def read_plan(staging: Path) -> Plan | None:
    """The frozen plan, or None where the run was killed before it was written."""
    try:
        raw = json.loads((staging / PLAN_NAME).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    jobs = tuple(Job(tuple(job["names"]), job["pieces"], job["values"]) for job in raw.pop("jobs"))
    return Plan(jobs=jobs, **(raw | {"fonts": tuple(raw["fonts"])}))


def print_jobs(staging: Path, workers: int, progress: Progress) -> list[Made]:
    """Make every file of the frozen plan that is not there yet; all files in the order of the plan.

    workers: processes; 0 is one a processor. progress is told (pieces done, pieces in all). The caller holds
    the run. Raises what the engines raise; the staging folder then keeps the files made so far.
    """
    plan = read_plan(staging)
    if plan is None:
        raise ValueError(staging)
    # A refused run gives its number back, so that this folder may have held another run before.
    _opened.cache_clear()
    _word_template.cache_clear()
    made: dict[int, list[Made]] = {}
    total = sum(job.pieces for job in plan.jobs)
    done = 0
    for part in (staging / "files").rglob(".*.part"):
        part.unlink()
    missing = []
    for index, job in enumerate(plan.jobs):
        if all((staging / "files" / name).is_file() for name in job.names):
            made[index] = [_measured(staging, name) for name in job.names]
            done += job.pieces
        else:
            missing.append(index)
    progress(done, total)
    try:
        with _disk(staging, _("then go on with 'outreach run resume'")):
            for index, files in _results(staging, missing, workers or os.cpu_count() or 1):
                made[index] = files
                done += plan.jobs[index].pieces
                progress(done, total)
    except BrokenExecutor as error:
        raise Conflict.at(
            staging.name.lstrip("."),
            _("a worker process was ended from outside, perhaps for want of memory"),
            _("go on with 'outreach run resume'; fewer workers in outreach.toml need less memory"),
        ) from error
    return [file for index in sorted(made) for file in made[index]]


def _results(staging: Path, indexes: Sequence[int], workers: int) -> Iterator[tuple[int, list[Made]]]:
    if workers == 1 or len(indexes) < 2:
        for index in indexes:
            yield index, make_job(str(staging), index)
        return
    # Spawned, not forked: the parent holds a database connection, and fonts are read anew all the same.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(indexes)),
        mp_context=context,
        initializer=_begin_worker,
        initargs=(current_language(),),
        max_tasks_per_child=_JOBS_PER_PROCESS,
    ) as pool:
        waiting: dict[Future[list[Made]], int] = {}
        ahead = iter(indexes)
        try:
            while True:
                for index in ahead:
                    waiting[pool.submit(make_job, str(staging), index)] = index
                    if len(waiting) >= workers * 2:
                        break
                if not waiting:
                    return
                ready, _rest = wait(waiting, return_when=FIRST_COMPLETED)
                for future in ready:
                    yield waiting.pop(future), future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _begin_worker(language: str) -> None:
    """Speak the parent's language, and end when the parent does: a killed run must not go on writing."""
    use_language(language)
    # Ctrl-C reaches every process of the terminal; the parent is the one that answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def make_job(staging_name: str, index: int) -> list[Made]:
    """Make one job's files from the frozen inputs; what a worker process runs."""
    staging = Path(staging_name)
    plan, kind = _opened(staging)
    job = plan.jobs[index]
    pieces = json.loads((staging / job.values).read_text("utf-8"))
    made = []
    for name, content in zip(job.names, contents(kind, plan, job, pieces), strict=True):
        write_whole(staging / "files" / name, content)
        made.append(Made(name, hashlib.sha256(content).hexdigest(), len(content)))
    return made


@lru_cache(maxsize=1)
def _opened(staging: Path) -> tuple[Plan, MaterialKind]:
    # A worker makes many jobs of one run, whose inputs do not change.
    plan = read_plan(staging)
    if plan is None:
        raise ValueError(staging)
    return plan, load_kind(staging / "templates" / plan.kind)


@lru_cache(maxsize=1)
def _word_template(layout: Path) -> Any:
    from outreach.render.word import WordTemplate

    return WordTemplate.load(layout)


def contents(kind: MaterialKind, plan: Plan, job: Job, pieces: list[dict[str, Any]]) -> Iterator[bytes]:
    """The bytes of each of a job's files."""
    form = kind.form(plan.format)
    layout = kind.layout(plan.format, plan.language)
    together = len(job.names) == 1
    if form.engine is Engine.WORD:
        template = _word_template(layout)
        day = dt.datetime.combine(dt.date.fromisoformat(plan.day), dt.time(), dt.UTC)
        letters = (_with_pictures(kind, piece) for piece in pieces)
        if together and len(pieces) > 1:
            yield template.merged(letters, day)
        else:
            yield from (template.single(letter, day) for letter in letters)
    elif form.engine is Engine.TYPST:
        from outreach.render.image import page_png
        from outreach.render.page import make_pages

        fonts = [Path(folder) for folder in plan.fonts]
        for group in [pieces] if together else [[piece] for piece in pieces]:
            pdf = make_pages(kind, plan.language, group, fonts=fonts)
            yield page_png(pdf) if plan.format == "png" else pdf
    else:
        from outreach.render.text import compile_text

        text = compile_text(layout.read_text("utf-8"), name=layout.name)
        for piece in pieces:
            yield text.render(piece, where=layout.name).encode()


def _with_pictures(kind: MaterialKind, piece: dict[str, Any]) -> dict[str, Any]:
    """The piece with the payloads of its top-level QR variables drawn as pictures."""
    from outreach.render.picture import Picture

    drawn = dict(piece)
    for name, variable in kind.variables.items():
        if variable.qr and isinstance(piece.get(name), str):
            drawn[name] = Picture(qr_png(piece[name]), _QR_MM, piece[name])
    return drawn


def _measured(staging: Path, name: str) -> Made:
    content = (staging / "files" / name).read_bytes()
    return Made(name, hashlib.sha256(content).hexdigest(), len(content))


def publish(staging: Path, final: Path, manifest: dict[str, Any]) -> None:
    """Put a run whose files are all made where everybody looks: the manifest last, then one rename."""
    files = staging / "files"
    if files.is_dir():
        with _disk(final, _("then go on with 'outreach run resume'")):
            write_whole(files / MANIFEST_NAME, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
            files.rename(final)
    shutil.rmtree(staging, ignore_errors=True)


def published(final: Path) -> str:
    """The id of the run whose finished folder this is, or '' where there is none."""
    try:
        return str(json.loads((final / MANIFEST_NAME).read_text("utf-8"))["id"])
    except (OSError, ValueError, KeyError):
        return ""


def highest_number(out: Path) -> int:
    """The highest number among the finished runs' folders in `out`, 0 where there are none."""
    numbers = (path.parent.name.partition("-")[0] for path in out.glob(f"[0-9]*-*/{MANIFEST_NAME}"))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


@contextmanager
def _disk(place: Path, then: str) -> Iterator[None]:
    """Turn what the disk refuses into a fault that says how to go on."""
    try:
        yield
    except OSError as error:
        raise disk_fault(place, error, then) from error
    except StoreFault as error:
        raise StoreFault(*(Fault(f.where, f.what, f"{f.mend}, {then}") for f in error.faults)) from error


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Hold a run against every other process; the system lets go when this one dies.

    Raises Conflict where another process holds it, StoreFault where the folder cannot be written.
    """
    with _disk(lock.parent, _("then try again")):
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = lock.open("w")
    with file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise Conflict.at(lock.name, _("another process is making this run"), _("wait for it to end")) from error
        yield


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
