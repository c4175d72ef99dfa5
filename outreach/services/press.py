"""Making the files of one print run from frozen inputs, so that a killed run resumes to the same bytes.

A run works in a staging folder beside its final one:

    out/.0007-letter-docx/          staging, gone when the run is whole
        plan.json                   the jobs: which files from which pieces
        values-00001.json           the values of one job's pieces
        stamps.json                 what many pages share, laid out once; where the layout is stamped
        said-00001.json             what an engine chose in that job; there when all its files are
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
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from outreach.errors import Conflict, Fault, StoreFault
from outreach.messages import _, current_language, use_language
from outreach.render.code import qr_png
from outreach.render.manifest import Engine, MaterialKind, Size, load_kind
from outreach.render.options import NO_OPTIONS, Options
from outreach.services.office import Progress, disk_fault, write_whole
from outreach.services.stamping import STAMPS_NAME, learn_stamps, read_stamps

PLAN_NAME = "plan.json"
MANIFEST_NAME = "manifest.json"

# Typst keeps what it laid out; a fresh process now and then keeps memory flat (measured by the founders): after so
# many jobs, or pieces where a job is a single one (299 walk lists in 149 MB, and in half the time of fresh ones).
_JOBS_PER_PROCESS = 24
_PIECES_PER_PROCESS = 240

# So few pieces are made here before other processes would be ready: those take two seconds to start.
_FEW = 4

_QR_MM = 22.0
_PNG_DPI = 300  # of a picture of a printed size
_PNG_MOST_PX = 3508  # its width at most: 300 dpi on A3, 150 on A1, so that the largest stays under 20 megapixels
_PNG_WIDTH_PX = 1600


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
    """All jobs of a run and what they share. day: the printed date, which also dates the files within.

    told: counts of what was found when the pieces were gathered, which the run tells with what its engines chose.
    """

    kind: str
    format: str
    language: str
    day: str
    fonts: tuple[str, ...]
    jobs: tuple[Job, ...]
    options: Options = NO_OPTIONS
    told: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Made:
    """One finished file."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Printed:
    """Every file of a run, and what the engines chose for how many pieces."""

    files: tuple[Made, ...]
    said: Mapping[str, int]


def freeze(
    staging: Path,
    kind: MaterialKind,
    shared: Path | None,
    plan: Plan,
    values: Sequence[Sequence[Any]],
    added: Mapping[str, bytes],
) -> None:
    """Write everything the jobs of `plan` need into `staging`; the plan last, so that it vouches for the rest.

    added: files put beside the layout, such as the office's own photo. Raises StoreFault where the disk refuses.
    """
    with _disk(staging, _("then try again")):
        shutil.rmtree(staging, ignore_errors=True)
        (staging / "files").mkdir(parents=True)
        shutil.copytree(kind.folder, staging / "templates" / kind.folder.name)
        if shared is not None:
            shutil.copytree(shared, staging / "templates" / shared.name)
        for name, content in added.items():
            write_whole(staging / "templates" / kind.folder.name / name, content)
        for job, pieces in zip(plan.jobs, values, strict=True):
            write_whole(staging / job.values, json.dumps(pieces, ensure_ascii=False).encode())
        if plan.format == "pdf":
            own = load_kind(staging / "templates" / kind.folder.name)
            many = (pieces for job, pieces in zip(plan.jobs, values, strict=True) if len(job.names) == 1)
            if stamps := learn_stamps(own, plan.language, plan.fonts, plan.options, chain.from_iterable(many)):
                write_whole(staging / STAMPS_NAME, stamps)
        write_whole(staging / PLAN_NAME, json.dumps(asdict(plan), ensure_ascii=False).encode())


def read_plan(staging: Path) -> Plan | None:
    """The frozen plan, or None where the run was killed before it was written."""
    try:
        raw = json.loads((staging / PLAN_NAME).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    jobs = tuple(Job(tuple(job["names"]), job["pieces"], job["values"]) for job in raw.pop("jobs"))
    options = Options.from_json(raw.pop("options"))
    return Plan(jobs=jobs, options=options, **(raw | {"fonts": tuple(raw["fonts"])}))


def print_jobs(staging: Path, workers: int, progress: Progress) -> Printed:
    """Make every file of the frozen plan that is not there yet; all files in the order of the plan.

    workers: processes; 0 is one a processor. progress is told (pieces done, pieces in all). The caller holds
    the run. Raises what the engines raise; the staging folder then keeps the files made so far.
    """
    plan = read_plan(staging)
    if plan is None:
        raise ValueError(staging)
    # A refused run gives its number back, so that this folder may have held another run before.
    _opened.cache_clear()
    word_template.cache_clear()
    read_stamps.cache_clear()
    made: dict[int, list[Made]] = {}
    total = sum(job.pieces for job in plan.jobs)
    done = 0
    for part in (staging / "files").rglob(".*.part"):
        part.unlink()
    missing = []
    for index, job in enumerate(plan.jobs):
        if (staging / _said_name(index)).is_file():
            made[index] = [_measured(staging, name) for name in job.names]
            done += job.pieces
        else:
            missing.append(index)
    progress(done, total)
    try:
        with _disk(staging, _("then go on with 'outreach run resume'")):
            left = total - done
            hands = 1 if left <= _FEW else workers or os.cpu_count() or 1
            turn = max(_JOBS_PER_PROCESS, _PIECES_PER_PROCESS * len(missing) // max(left, 1))
            for index, files in _results(staging, missing, hands, turn):
                made[index] = files
                done += plan.jobs[index].pieces
                progress(done, total)
    except BrokenExecutor as error:
        raise Conflict.at(
            staging.name.lstrip("."),
            _("a worker process was ended from outside, perhaps for want of memory"),
            _("go on with 'outreach run resume'; fewer workers in outreach.toml need less memory"),
        ) from error
    return Printed(tuple(file for index in sorted(made) for file in made[index]), _said(staging, plan))


def _said(staging: Path, plan: Plan) -> Counter[str]:
    said: Counter[str] = Counter(plan.told)
    for index in range(len(plan.jobs)):
        said.update(json.loads((staging / _said_name(index)).read_text("utf-8")))
    return said


def _said_name(index: int) -> str:
    return f"said-{index + 1:05d}.json"


def _results(staging: Path, indexes: Sequence[int], workers: int, turn: int) -> Iterator[tuple[int, list[Made]]]:
    """The files of each job; turn: how many jobs a process makes before another takes its place."""
    if workers == 1 or len(indexes) < 2:
        for index in indexes:
            yield index, make_job(str(staging), index)
        return
    # Spawned, not forked: the parent holds a database connection, and fonts are read anew all the same.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(indexes)),
        mp_context=context,
        initializer=begin_worker,
        initargs=(current_language(),),
        max_tasks_per_child=turn,
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


def begin_worker(language: str) -> None:
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
    said: Counter[str] = Counter()
    stamps, book = staging / STAMPS_NAME, None
    if len(job.names) == 1 and stamps.is_file():
        book = read_stamps(stamps, kind.folder, plan.language, plan.fonts, plan.options)
    for name, content in zip(job.names, contents(kind, plan, job, pieces, said, book), strict=True):
        write_whole(staging / "files" / name, content)
        made.append(Made(name, hashlib.sha256(content).hexdigest(), len(content)))
    write_whole(staging / _said_name(index), json.dumps(+said).encode())
    return made


@lru_cache(maxsize=1)
def _opened(staging: Path) -> tuple[Plan, MaterialKind]:
    # A worker makes many jobs of one run, whose inputs do not change.
    plan = read_plan(staging)
    if plan is None:
        raise ValueError(staging)
    return plan, load_kind(staging / "templates" / plan.kind)


@lru_cache(maxsize=1)
def word_template(layout: Path) -> Any:
    from outreach.render.word import WordTemplate

    return WordTemplate.load(layout)


def contents(
    kind: MaterialKind, plan: Plan, job: Job, pieces: list[dict[str, Any]], said: Counter[str], book: Any = None
) -> Iterator[bytes]:
    """The bytes of each of a job's files.

    said: counts, by name, of what an engine chose for how many pieces. book: a `render.stamp_book.Book` that has
    learnt the run, where its pages are stamped.
    """
    form = kind.form(plan.format)
    layout = kind.layout(plan.format, plan.language)
    together = len(job.names) == 1
    if form.engine is Engine.WORD:
        template = word_template(layout)
        day = dt.datetime.combine(dt.date.fromisoformat(plan.day), dt.time(), dt.UTC)
        letters = (_with_pictures(kind, piece) for piece in pieces)
        if together and len(pieces) > 1:
            said.update(sections=len(pieces) if template.in_sections else 0)
            yield template.merged(letters, day)
        else:
            said.update(alone=len(pieces) if template.alone else 0)
            yield from (template.single(letter, day) for letter in letters)
    elif book is not None:
        from outreach.render.stamp import stamped_pdf

        pdf, counts = stamped_pdf(book, pieces)
        said.update(stamped=counts.stamped, typst=counts.typst)
        yield pdf
    elif form.engine is Engine.TYPST:
        from outreach.render.image import page_png
        from outreach.render.page import make_pages

        fonts = [Path(folder) for folder in plan.fonts]
        options = _options_of(plan, job)
        for group in [pieces] if together else [[piece] for piece in pieces]:
            pdf = make_pages(kind, plan.language, group, fonts=fonts, options=options)
            yield page_png(pdf, width_px=_width_px(kind, plan.options)) if plan.format == "png" else pdf
    elif form.engine is Engine.TABLE:
        from outreach.render.table import load_columns, table_file

        columns = load_columns(layout)
        for group in [pieces] if together else [[piece] for piece in pieces]:
            yield table_file(columns, group)
        for piece in pieces:
            said.update(piece.get("said", {}))
    else:
        from outreach.render.text import compile_text

        text = compile_text(layout.read_text("utf-8"), name=layout.name)
        for piece in pieces:
            words = text.render(piece, where=layout.name)
            yield _crawl(plan, words, piece, layout.name) if form.engine is Engine.CRAWL else words.encode()


def _crawl(plan: Plan, words: str, piece: Mapping[str, Any], layout: str) -> bytes:
    from outreach.render.crawl import crawl_file, pace_of

    fonts = [Path(folder) for folder in plan.fonts]
    return crawl_file(plan.format, words, pace_of(piece, layout), plan.language, fonts)


def _options_of(plan: Plan, job: Job) -> Options:
    """The options of one job: only the run's first sheet was begun before."""
    return plan.options if job in plan.jobs[:1] or not plan.jobs else replace(plan.options, first=1)


def geometry_of(kind: MaterialKind, plan: Plan, rank: int) -> dict[str, Any]:
    """Where the pieces of the job of that rank lie on their sheets; {} where each has pages of its own."""
    from outreach.render.page import geometry

    if kind.cards is None or plan.format != "pdf":
        return {}
    job = plan.jobs[rank]
    return geometry(kind, 1 if len(job.names) > 1 else job.pieces, _options_of(plan, job))


def _width_px(kind: MaterialKind, options: Options) -> int:
    page = kind.page_of(options)
    if isinstance(page, Size):
        return page.px[0] if page.px else min(round(page.width_mm / 25.4 * _PNG_DPI), _PNG_MOST_PX)
    return _PNG_WIDTH_PX


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
