"""What the pieces of a run must say: the frozen values, kept in the store when the run is finished.

The run's folder goes to printers and may be changed there; what is proved against stays in the office. Block 0 tells
what all files share, each further block one job: its files, its pieces' values, and where they lie on their sheets.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outreach.render.manifest import MaterialKind, load_kind
from outreach.render.readback import Pdf
from outreach.services import press
from outreach.services.findings import NOBODY
from outreach.services.office import Office
from outreach.services.readback import READABLE, read_file
from outreach.store.runs import Run

_LEVEL = 3
_SMALL = 20  # pieces
_FEW = 3


@dataclass(frozen=True, slots=True)
class RunTruth:
    """What all of a run's files share.

    names: of the values its kind declares; codes: of those drawn as QR codes. pages: of each PDF. jobs: how many
    blocks follow.
    shown, plain: of a small run, which values stood on its pieces when they were made, how often as a rule, and which
    numbers that are no values; None of a large run, whose pieces are compared with each other.
    """

    format: str
    names: tuple[str, ...]
    codes: tuple[str, ...]
    pages: Mapping[str, int]
    jobs: int
    shown: Mapping[str, int] | None
    plain: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class JobTruth:
    """One job: its files, its pieces' values in order, and on sheets the geometry they were drawn by, else {}."""

    names: tuple[str, ...]
    geometry: Mapping[str, Any]
    pieces: list[dict[str, Any]]


def keep_truths(office: Office, run: Run, staging: Path) -> None:
    """Keep what the run's files must say, from its frozen inputs; done again after a kill, it changes nothing."""
    plan = press.read_plan(staging)
    if plan is None or not (staging / "files").is_dir():
        return  # killed after they were kept: the files are where they belong, and only the register waits
    kind = load_kind(staging / "templates" / plan.kind)
    with office.store.write() as unit:
        unit.runs.keep_truths(run.id, _blocks(kind, plan, staging))


def _blocks(kind: MaterialKind, plan: press.Plan, staging: Path) -> Iterator[bytes]:
    names = [name for job in plan.jobs for name in job.names]
    header: dict[str, Any] = {
        "format": plan.format,
        "names": list(kind.variables),
        "codes": [name for name, variable in kind.variables.items() if variable.qr],
        "pages": {name: _pages(staging / "files" / name) for name in names} if plan.format == "pdf" else {},
        "jobs": len(plan.jobs),
        "shown": None,
        "plain": None,
    }
    if plan.format in READABLE and sum(job.pieces for job in plan.jobs) <= _SMALL:
        header |= _as_made(kind, plan, staging, header)
    yield zlib.compress(json.dumps(header, ensure_ascii=False).encode(), _LEVEL)
    for rank, job in enumerate(plan.jobs):
        head = {"names": job.names, "geometry": press.geometry_of(kind, plan, rank)}
        start = json.dumps(head, ensure_ascii=False).encode()[:-1]
        yield zlib.compress(start + b', "pieces": ' + (staging / job.values).read_bytes() + b"}", _LEVEL)


def _as_made(kind: MaterialKind, plan: press.Plan, staging: Path, header: Mapping[str, Any]) -> dict[str, Any]:
    """Which values stand on the pieces of a run that is too small to compare them, and what else does."""
    seen: set[str] = set()
    strange: set[str] = set()
    times: Counter[tuple[str, int]] = Counter()
    for rank, job in enumerate(plan.jobs):
        pieces = json.loads((staging / job.values).read_bytes())
        alone = len(job.names) > 1
        for place, name in enumerate(job.names):
            reading = read_file(
                (staging / "files" / name).read_bytes(),
                plan.format,
                pieces[place : place + 1] if alone else pieces,
                press.geometry_of(kind, plan, rank),
                header["pages"].get(name, 0),
                header["names"],
                header["codes"],
                NOBODY,
            )
            seen |= reading.seen.keys()
            strange |= reading.strangers.keys()
            times += reading.times
    return {"shown": {name: usual_times(times).get(name, 1) for name in sorted(seen)}, "plain": sorted(strange)}


def usual_times(times: Mapping[tuple[str, int], int]) -> dict[str, int]:
    """How often each value stands on a piece, for those that stand equally often on all but a few."""
    totals: Counter[str] = Counter()
    for (name, _count), on in times.items():
        totals[name] += on
    return {name: count for (name, count), on in times.items() if totals[name] - on <= _FEW}


def _pages(path: Path) -> int:
    with Pdf(path.read_bytes()) as pdf:
        return len(pdf)


def run_truth(office: Office, run: Run) -> RunTruth | None:
    """What all files of a run share; None for a run of a version that kept nothing."""
    with office.store.read() as unit:
        found = unit.runs.truths(run.id, 0, 0)
    if not found:
        return None
    raw = json.loads(zlib.decompress(found[0]))
    plain = None if raw["plain"] is None else frozenset(raw["plain"])
    names, codes = tuple(raw["names"]), tuple(raw["codes"])
    return RunTruth(raw["format"], names, codes, raw["pages"], raw["jobs"], raw["shown"], plain)


def job_block(office: Office, run: Run, rank: int) -> bytes:
    """The block of a job, counted from 0, as it is handed to worker processes."""
    with office.store.read() as unit:
        (block,) = unit.runs.truths(run.id, rank + 1, rank + 1)
    return block


def opened(block: bytes) -> JobTruth:
    """A job's block, unpacked."""
    raw = json.loads(zlib.decompress(block))
    return JobTruth(tuple(raw["names"]), raw["geometry"], raw["pieces"])
