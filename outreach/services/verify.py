"""Proving a run: its files read back and compared with what was frozen when it was made.

Every recipient must have exactly one right piece, and no piece another's facts. The register's digests tell whether a
file was changed since; the reading tells which piece it was and what differs.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from outreach.domain.directory import masked_phone, phone_digits
from outreach.domain.people import is_stone
from outreach.errors import Conflict, Fault
from outreach.messages import _, current_language
from outreach.render.readback import Unreadable
from outreach.services import findings, press, readback
from outreach.services.findings import Everyone, FileReading, Finding
from outreach.services.office import Office, Progress, no_progress
from outreach.services.readback import READABLE
from outreach.services.runs import RunDetails, list_runs, show_run
from outreach.services.truths import RunTruth, job_block, opened, run_truth, usual_times

CHANGED, UNREADABLE, NO_FILE, REGISTER = "changed", "unreadable", "no_file", "register"
"""What can be wrong with a file as a whole; `services.findings` names the rest."""

# Whatever the layout, these stand on every piece where they stand on some.
_ALWAYS = frozenset({
    "piece.code", "number", "household.code", "household.address", "entrance.address", "person.name",
    "persons[].name", "officer.name", "officer.mobile", "officer.home_phone", "officer.office_phone",
    "officers[].name", "officers[].mobile", "bureau.hotline", "bureau.complaint_phone", "payment.total",
    "statements[].rows[].balance", "remove_by", "phone", "text",
})  # fmt: skip
_WORTH_A_POOL = 400  # pieces from which worker processes save time
_LONGEST_SHOWN = 60
_MOST_OF_A_PIECE = 5
_DIGITS = re.compile(r"\d[\d -]{5,}\d")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is not as it was made.

    sort: what it is (see docs/register.md). number: the piece's, 0 where it is of none. name: the value concerned.
    """

    run: int
    file: str
    sort: str
    number: int = 0
    household: str = ""
    person: int = 0
    entrance: str = ""
    name: str = ""
    expected: str = ""
    found: str = ""

    def fault(self) -> Fault:
        """The flaw as a sentence for people."""
        where = _("run {number}, {file}", number=self.run, file=self.file)
        if self.number:
            where = _("{where}, piece {number}", where=where, number=self.number)
        if self.household:
            where = _("{where}, household {code}", where=where, code=self.household)
        elif self.entrance:
            where = _("{where}, {part}", where=where, part=self.entrance)
        what = _SENTENCES[self.sort](self)
        return Fault(where, what, _("do not hand it out; make the run again"))


_SENTENCES: dict[str, Callable[[Flaw], str]] = {
    CHANGED: lambda flaw: _("the file was changed after it was made"),
    UNREADABLE: lambda flaw: _("the file can no longer be opened"),
    NO_FILE: lambda flaw: _("the file is missing"),
    REGISTER: lambda flaw: _("the register has two pieces for this recipient"),
    findings.MISSING: lambda flaw: _("the piece is missing"),
    findings.TWICE: lambda flaw: _("the piece stands there twice"),
    findings.ORDER: lambda flaw: _("the piece stands where piece {number} belongs", number=flaw.expected),
    findings.PAGES: lambda flaw: _(
        "the file has {count} pages, {made} were made", count=flaw.found, made=flaw.expected
    ),
    findings.VALUE: lambda flaw: _("'{field}' is not '{value}'", field=flaw.name, value=flaw.expected),
    findings.FEWER: lambda flaw: _(
        "'{field}' stands there {count} times as '{value}'", field=flaw.name, value=flaw.expected, count=flaw.found
    ),
    findings.MORE: lambda flaw: _("{count} more of its values are not there", count=flaw.found),
    findings.FOREIGN: lambda flaw: _("it carries {value}, which is another's", value=flaw.found),
    findings.CODE: lambda flaw: (
        _("'{field}' is not '{value}'", field=flaw.name, value=flaw.expected)
        if flaw.expected
        else _("a QR code says '{value}', which is not this piece's", value=flaw.found)
    ),
    findings.STRANGE: lambda flaw: _("'{value}' stands there, which is not this piece's", value=flaw.found),
    findings.STRAY: lambda flaw: _("it does not belong to the run ({text})", text=flaw.found),
}


@dataclass(frozen=True, slots=True)
class Verified:
    """What verifying one run came to.

    files, pieces: compared. read: pieces whose text or codes were read back; codes: QR codes read. by_digest: files
    that only their digest can vouch for. absent: values the layout does not print, so that nothing proves them.
    """

    run: int
    kind: str
    format: str
    files: int
    pieces: int
    read: int
    codes: int
    by_digest: int
    absent: tuple[str, ...]
    flaws: tuple[Flaw, ...]


@dataclass(slots=True)
class _Sum:
    """What the files of a run came to together."""

    readings: dict[str, FileReading] = field(default_factory=dict)
    broken: list[tuple[str, str]] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    unread: int = 0


def verify_run(office: Office, number: int, *, progress: Progress = no_progress) -> Verified:
    """Read a run's files back and compare them with what was made; raises NotFound, or Conflict for an open run."""
    details = show_run(office, number)
    if details.run.state != "whole":
        raise Conflict.at(
            _("run {number}", number=number),
            _("it is not finished"),
            _("finish it with 'outreach run resume {number}'", number=number),
        )
    truth = run_truth(office, details.run)
    everyone = Everyone(
        frozenset(piece.household for piece in details.pieces if piece.household),
        frozenset(piece.code for piece in details.pieces if piece.code),
        frozenset(
            digits
            for held in details.facts
            if held.fact.kind == "phone" and (digits := phone_digits(held.fact.value).partition("x")[0])
        ),
    )
    total = _Sum()
    for names in _read_files(office, details, truth, everyone, total):
        progress(names, len(details.files))
    flaws = [*_register_flaws(details), *_stray_flaws(details), *_flaws(details, truth, total)]
    # What an erased household's piece must say is known no more.
    flaws = [flaw for flaw in flaws if not is_stone(flaw.household)]
    seen = Counter[str]()
    asked = Counter[str]()
    for reading in total.readings.values():
        seen += reading.seen
        asked += reading.asked
    return Verified(
        run=number,
        kind=details.run.kind,
        format=details.run.format,
        files=len(details.files),
        pieces=len(details.pieces),
        read=sum(reading.pieces for reading in total.readings.values()),
        codes=sum(reading.codes for reading in total.readings.values()),
        by_digest=total.unread,
        absent=tuple(sorted(name for name in asked.keys() & _ALWAYS if not seen[name])),
        flaws=tuple(dict.fromkeys(flaws)),
    )


def verify_all(office: Office, *, progress: Progress = no_progress) -> Iterator[Verified]:
    """Verify every finished run, oldest first."""
    for run in list_runs(office):
        if run.state == "whole":
            yield verify_run(office, run.number, progress=progress)


@dataclass(frozen=True, slots=True)
class _Task:
    """One job's files for a worker: which are to be read, with the digests they must have."""

    folder: Path
    truth: RunTruth
    block: bytes
    digests: dict[str, str | None]


def _read_files(
    office: Office, details: RunDetails, truth: RunTruth | None, everyone: Everyone, total: _Sum
) -> Iterator[int]:
    """Read every file into `total`; tells how many are done as it goes."""
    digests = {file.name: file.sha256 for file in details.files}
    if truth is None:
        for rank, name in enumerate(digests, start=1):
            _take(total, name, _by_digest(details.folder / name, digests[name]), details)
            yield rank
        return
    done = 0
    tasks = (_Task(details.folder, truth, job_block(office, details.run, rank), digests) for rank in range(truth.jobs))
    workers = office.workspace.settings.printing.workers or multiprocessing.cpu_count()
    for outcomes in _results(tasks, truth.jobs, workers, len(details.pieces), everyone):
        for name, outcome in outcomes:
            _take(total, name, outcome, details)
            done += 1
        yield done


def _results(
    tasks: Iterator[_Task], count: int, workers: int, pieces: int, everyone: Everyone
) -> Iterator[list[tuple[str, Outcome]]]:
    if workers == 1 or count < 2 or pieces < _WORTH_A_POOL:
        for task in tasks:
            yield _read_job(task, everyone)
        return
    with ProcessPoolExecutor(
        min(workers, count),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(current_language(), everyone),
    ) as pool:
        yield from pool.map(_read_own_job, tasks)


_everyone: list[Everyone] = []


def _begin(language: str, everyone: Everyone) -> None:
    """Begin a worker: it keeps what tells the recipients apart, which is the same for all jobs."""
    press.begin_worker(language)
    _everyone[:] = [everyone]


def _read_own_job(task: _Task) -> list[tuple[str, Outcome]]:
    return _read_job(task, _everyone[0])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file came to: whether its bytes are those that were made, why it cannot be read, its reading."""

    changed: bool
    trouble: str = ""
    reading: FileReading | None = None


def _read_job(task: _Task, everyone: Everyone) -> list[tuple[str, Outcome]]:
    job = opened(task.block)
    alone = len(job.names) > 1
    found = []
    for rank, name in enumerate(job.names):
        pieces = job.pieces[rank : rank + 1] if alone else job.pieces
        outcome = _by_digest(task.folder / name, task.digests.get(name))
        if not outcome.trouble and task.truth.format in READABLE:
            try:
                content = (task.folder / name).read_bytes()
                pages = task.truth.pages.get(name, 0)
                reading = readback.read_file(
                    content,
                    task.truth.format,
                    pieces,
                    job.geometry,
                    pages,
                    task.truth.names,
                    task.truth.codes,
                    everyone,
                    closely=outcome.changed,
                )
                outcome = replace(outcome, reading=reading)
            except Unreadable:
                outcome = replace(outcome, trouble=UNREADABLE)
        found.append((name, outcome))
    return found


def _by_digest(path: Path, digest: str | None) -> Outcome:
    try:
        content = path.read_bytes()
    except OSError:
        return Outcome(True, NO_FILE)
    return Outcome(hashlib.sha256(content).hexdigest() != digest)


def _take(total: _Sum, name: str, outcome: Outcome, details: RunDetails) -> None:
    if outcome.trouble:
        total.broken.append((name, outcome.trouble))
    elif outcome.changed:
        total.changed.add(name)
    if outcome.reading is not None:
        total.readings[name] = outcome.reading
    elif not outcome.trouble:
        total.unread += 1


def _register_flaws(details: RunDetails) -> Iterator[Flaw]:
    """Recipients with two pieces, and a manifest that tells other digests than the register."""
    held = Counter((one.household, one.person, one.entrance, one.placement, one.officer) for one in details.pieces)
    for one in details.pieces:
        whose = (one.household, one.person, one.entrance, one.placement, one.officer)
        if (one.household or one.entrance) and held[whose] > 1:
            yield Flaw(details.run.number, one.file, REGISTER, one.number, one.household, one.person, one.entrance)
    try:
        manifest = json.loads((details.folder / press.MANIFEST_NAME).read_text("utf-8"))
        told = {file["name"]: file["sha256"] for file in manifest["files"]}
    except FileNotFoundError:
        yield Flaw(details.run.number, press.MANIFEST_NAME, NO_FILE)
    except (OSError, ValueError, KeyError, TypeError):
        yield Flaw(details.run.number, press.MANIFEST_NAME, UNREADABLE)
    else:
        if told != {file.name: file.sha256 for file in details.files}:
            yield Flaw(details.run.number, press.MANIFEST_NAME, CHANGED)


def _stray_flaws(details: RunDetails) -> Iterator[Flaw]:
    """Files of the run's format that it did not make: a copy handed out would be a second piece."""
    known = {file.name for file in details.files}
    for path in sorted(details.folder.rglob(f"*.{details.run.format}")):
        name = path.relative_to(details.folder).as_posix()
        if name not in known and not path.name.startswith("."):
            yield Flaw(details.run.number, name, findings.STRAY, found=path.name)


def _flaws(details: RunDetails, truth: RunTruth | None, total: _Sum) -> Iterator[Flaw]:
    pieces = {piece.number: piece for piece in details.pieces}
    seen, asked, strangers = Counter[str](), Counter[str](), Counter[str]()
    times = Counter[tuple[str, int]]()
    read = 0
    for reading in total.readings.values():
        seen += reading.seen
        asked += reading.asked
        strangers += reading.strangers
        times += reading.times
        read += reading.pieces
    run = details.run.number

    def flaw(file: str, finding: Finding) -> Flaw:
        piece = pieces.get(finding.number)
        whose = (piece.household, piece.person, piece.entrance) if piece else ("", 0, "")
        return Flaw(run, file, finding.sort, finding.number, *whose, finding.name, finding.expected, finding.found)

    def printed(name: str, *, changed: bool) -> bool:
        """Whether the layout prints the value on every piece, so that its absence is a flaw."""
        if truth is not None and truth.shown is not None:
            return name in truth.shown and (changed or name in _ALWAYS or name.endswith("(QR)"))
        always = name in _ALWAYS or name.endswith("(QR)")
        return (changed or always) and seen[name] * 2 >= asked[name]

    usual = truth.shown if truth is not None and truth.shown is not None else usual_times(times)

    def strange(finding: Finding) -> bool:
        if truth is not None and truth.plain is not None:
            return finding.found not in truth.plain
        return strangers[finding.found] * 2 < read

    for file in details.files:
        yield from (Flaw(run, name, trouble) for name, trouble in total.broken if name == file.name)
        changed = file.name in total.changed
        if changed:
            yield Flaw(run, file.name, CHANGED)
        if file.name not in total.readings:
            continue
        reading = total.readings[file.name]
        yield from (flaw(file.name, finding) for finding in reading.findings)
        lost = [one for one in reading.lost if printed(one.name, changed=changed)]
        yield from (flaw(file.name, one) for one in _shortened(lost))
        for number, name, text, count in reading.counted:
            if len(text) > 1 and count < usual.get(name, 0):
                found = _("{count} of {usual}", count=count, usual=usual[name])
                yield flaw(file.name, Finding(number, findings.FEWER, name, text, found))
        # Numbers that are no values are a layout's own; only in a changed file do they tell something.
        for one in reading.strange:
            if strange(one) and (changed or one.sort == findings.CODE):
                yield flaw(file.name, one)


def _shortened(lost: Sequence[Finding]) -> Iterator[Finding]:
    """What pieces lack, for each the first few: a page that is gone would otherwise fill the screen."""
    by_piece: dict[int, list[Finding]] = defaultdict(list)
    for one in lost:
        by_piece[one.number].append(one)
    for number, own in by_piece.items():
        yield from own[:_MOST_OF_A_PIECE]
        if len(own) > _MOST_OF_A_PIECE:
            yield Finding(number, findings.MORE, found=str(len(own) - _MOST_OF_A_PIECE))


def masked(flaw: Flaw) -> Flaw:
    """The flaw with phones hidden and long texts cut short."""
    return replace(flaw, expected=_masked(flaw.expected), found=_masked(flaw.found))


def _masked(text: str) -> str:
    if text.startswith("BEGIN:VCARD"):
        return next((line[3:] for line in text.splitlines() if line.startswith("FN:")), "vCard")
    hidden = _DIGITS.sub(lambda match: masked_phone(match[0]) if phone_digits(match[0]) else match[0], text)
    return hidden if len(hidden) <= _LONGEST_SHOWN else hidden[: _LONGEST_SHOWN - 1] + "…"


def faults_of(verified: Sequence[Verified], *, unmask: bool = False) -> list[Fault]:
    """All flaws as faults for people."""
    return [(flaw if unmask else masked(flaw)).fault() for one in verified for flaw in one.flaws]
