"""Ten thousand bad files: each ends in an import or in sentences that say where, what and how to mend it.

The files are good ones with something done to them: bytes changed, cut off, columns exchanged, cells no table should
have. None ends in another error than outreach's own, none is written by half, none takes long.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from outreach.errors import OutreachError
from outreach.services.contact_logs import export_log, merge_log
from outreach.services.contacts import import_attempts, import_milestones, record_attempt, record_milestone
from outreach.services.ledger import import_ledger
from outreach.services.office import Office
from outreach.services.rosters import import_households, import_officers
from outreach.store.unit import Store, Unit

FILES = {
    "roster.csv": 900,
    "officers.csv": 2000,
    "contacts.csv": 1700,
    "steps.csv": 1800,
    "ledger.csv": 1600,
    "machine.log": 1700,
    "roster.xlsx": 300,
}
"""Ten thousand in all; those of a workbook are read in a process of their own and take longest."""

MOST_SECONDS = 20.0
"""For one file; most take milliseconds. Long enough for a machine that does other things."""


class _UndoneError(Exception):
    """Raised at the end of a unit that would be committed."""


class DryStore:
    """A store that commits nothing but counts what would be: quick, and every file meets the same people."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.commits = 0
        self.read = store.read
        self.scoped = store.scoped

    @contextmanager
    def write(self) -> Iterator[Unit]:
        try:
            with self._store.write() as unit:
                yield unit
                raise _UndoneError
        except _UndoneError:
            self.commits += 1


ATTEMPTS = [
    {
        "户号": f"H{n + 1:03d}",
        "日期": f"2005-0{3 + n % 3}-1{n % 9}",
        "时间": f"1{n % 9}:30",
        "方式": ("入户", "电话")[n % 2],
        "结果": ("无人在家", "无人接听")[n % 2],
        "责任人": f"Y0{n % 4 + 1}",
        "留下材料": ("", "服务卡")[n % 2],
        "备注": "下次带材料",
    }
    for n in range(8)
]
MILESTONES = [
    {
        "户号": f"H{n + 1:03d}",
        "姓名": "",
        "事项": ("登记", "缴费")[n % 2],
        "日期": f"2005-05-0{n + 1}",
        "金额": ("", "1200.50")[n % 2],
    }
    for n in range(6)
]
LEDGER = [
    {"户号": f"H{n + 1:03d}", "姓名": "王晨", "身份证号": "", "缴费日期": f"2005-05-0{n + 1}", "缴费金额": "900"}
    for n in range(6)
]

NASTY = (
    "", " ", "\x00", "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "9" * 400, "-1", "1e309", "NaN", "inf", "2005-13-45",
    "0000-00-00", "99999-01-01", "24:61", "🙂" * 50, "龘" * 300, "\u202e倒", "a\nb", '"', "；，、", "TRUE", "#N/A",
    "０７００", "<b>x</b>", "{{ x }}", "\ufeff", "\ud7ff", "-", "1/2", "张三、李四", "本人", "%s%d", "../../etc",
    "x" * 5000, "2005年2月30日", "H001", "Y01", "1.5e3",
)  # fmt: skip


def spoiled_rows(rows: list[list[str]], source: random.Random) -> list[list[str]]:
    """A table with something done to its cells, rows or columns."""
    rows = [list(row) for row in rows]
    for _round in range(source.randrange(1, 4)):
        deed = source.randrange(8)
        row = source.choice(rows)
        if not row:
            continue
        at = source.randrange(len(row))
        if deed <= 2:
            row[at] = source.choice(NASTY)
        elif deed == 3:
            other = source.randrange(len(row))
            for each in rows:
                if max(at, other) < len(each):
                    each[at], each[other] = each[other], each[at]
        elif deed == 4:
            del rows[0 if source.random() < 0.3 else source.randrange(len(rows))][at:]
        elif deed == 5:
            rows.insert(source.randrange(len(rows)), list(source.choice(rows)))
        elif deed == 6:
            rows[0][at % max(len(rows[0]), 1) : at + 1] = [source.choice((*NASTY, "姓名", "户号", "日期"))]
        else:
            row.extend(source.choice(NASTY) for _cell in range(source.randrange(1, 5)))
    return rows


def spoiled_bytes(content: bytes, source: random.Random) -> bytes:
    """Bytes changed, cut out, put in or cut off."""
    found = bytearray(content)
    for _round in range(source.choice((1, 1, 2, 5, 30))):
        at = source.randrange(len(found) + 1)
        deed = source.randrange(5)
        if deed == 0 and at < len(found):
            found[at] = source.randrange(256)
        elif deed == 1:
            found[at:at] = bytes(source.randrange(256) for _byte in range(source.randrange(1, 9)))
        elif deed == 2:
            del found[at : at + source.randrange(1, 60)]
        elif deed == 3:
            found[at:at] = b"\x00" * source.randrange(1, 5)
        elif source.random() < 0.3:
            del found[at:]
    return bytes(found)


def as_csv(rows: list[list[str]], source: random.Random) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=source.choice(",,,;\t")).writerows(rows)
    encoding = source.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "shift_jis", "latin-1"))
    return text.getvalue().encode(encoding, "replace")


def table(rows: list[dict[str, str]]) -> list[list[str]]:
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def spoiled_csv(rows: list[dict[str, str]]) -> Callable[[random.Random], bytes]:
    good = table(rows)

    def make(source: random.Random) -> bytes:
        content = as_csv(spoiled_rows(good, source) if source.random() < 0.75 else good, source)
        return spoiled_bytes(content, source) if source.random() < 0.4 else content

    return make


def spoiled_log(good: bytes) -> Callable[[random.Random], bytes]:
    """A contact log: its digest is made anew where cells were changed, or nothing else would ever be looked at."""
    import hashlib

    head, *lines = good.decode().splitlines()

    def make(source: random.Random) -> bytes:
        if source.random() < 0.3:
            return spoiled_bytes(good, source)
        facts = [json.loads(line) for line in lines]
        for _round in range(source.randrange(1, 4)):
            fact = source.choice(facts)
            key = source.choice(list(fact))
            value: object = source.choice((*NASTY, None, -1, 10**30, 1.5, True, [], {}, [1], {"a": 1}))
            if source.random() < 0.15:
                del fact[key]
            else:
                fact[key] = value
        body = "".join(json.dumps(fact, ensure_ascii=False, sort_keys=True) + "\n" for fact in facts)
        told = json.loads(head) | {
            "facts": len(facts),
            "sha256": hashlib.sha256(body.encode("utf-8", "replace")).hexdigest(),
        }
        if source.random() < 0.2:
            told[source.choice(list(told))] = source.choice((*NASTY, None, 7, [], {}))
        return (json.dumps(told, ensure_ascii=False) + "\n" + body).encode("utf-8", "replace")

    return make


def workbook(rows: list[list[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(["".join(sign for sign in str(cell) if sign >= " ") for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def spoiled_workbook(rows: list[dict[str, str]]) -> Callable[[random.Random], bytes]:
    good = workbook(table(rows))

    def make(source: random.Random) -> bytes:
        deed = source.random()
        if deed < 0.3:
            return workbook(spoiled_rows(table(rows), source))
        if deed < 0.6:
            return spoiled_bytes(good, source)
        # A part of the package spoiled and packed again, so that the package itself opens.
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            hit = source.choice(old.namelist())
            for name in old.namelist():
                content = old.read(name)
                if name == hit:
                    content = b" " * 3_000_000 + content if deed > 0.95 else spoiled_bytes(content, source)
                if not (name == hit and 0.9 < deed <= 0.95):
                    new.writestr(name, content)
        return packed.getvalue()

    return make


def importing(town: Any) -> dict[str, tuple[Callable[[Office, Path], object], Callable[[random.Random], bytes]]]:
    """What is tried: how each sort of file is taken in, and how bad ones of it are made."""
    record_attempt(town.office, "", "H001", channel="visit", disposition="informed", left=["card"], note="讲清了")
    record_attempt(town.office, "", "H002", channel="call", disposition="no_answer")
    record_milestone(town.office, "", "H001", kind="paid", amount_fen=120000)
    log = town.root / "good.log"
    export_log(town.office, "", log)
    return {
        "roster.csv": (import_households, spoiled_csv(town.household_rows()[:6])),
        "officers.csv": (import_officers, spoiled_csv(town.officer_rows())),
        "contacts.csv": (lambda office, path: import_attempts(office, "", path), spoiled_csv(ATTEMPTS)),
        "steps.csv": (lambda office, path: import_milestones(office, "", path), spoiled_csv(MILESTONES)),
        "ledger.csv": (lambda office, path: import_ledger(office, "", path, "2005-05"), spoiled_csv(LEDGER)),
        "machine.log": (lambda office, path: merge_log(office, "", path), spoiled_log(log.read_bytes())),
        "roster.xlsx": (import_households, spoiled_workbook(town.household_rows()[:6])),
    }


def try_file(take_in: Callable[[Office, Path], object], office: Office, path: Path) -> bool:
    """Whether it was taken in; what is told of one that was not is looked at."""
    store = DryStore(office.store)
    began = time.monotonic()
    refused: OutreachError | None = None
    try:
        take_in(dataclasses.replace(office, store=store), path)  # type: ignore[arg-type]
    except OutreachError as error:
        refused = error
    assert time.monotonic() - began < MOST_SECONDS
    if refused is not None:
        assert refused.faults
        for fault in refused.faults:
            assert all((fault.where, fault.what, fault.mend)), fault
            assert "Traceback" not in fault.sentence()
            assert len(fault.sentence()) < 2_000
        assert store.commits == 0, "a file that was refused was written by half"
    return refused is None


@pytest.mark.parametrize("sort", FILES)
def test_every_bad_file_is_taken_in_or_refused_in_sentences(town: Any, sort: str) -> None:
    take_in, make = importing(town)[sort]
    count = FILES[sort]
    path = town.root / sort
    taken = 0
    for seed in range(count):
        content = make(random.Random(f"{sort} {seed}"))
        path.write_bytes(content)
        try:
            taken += try_file(take_in, town.office, path)
        except Exception as error:
            error.add_note(f"{sort}, seed {seed}: {content[:300]!r}")
            raise
    assert 0 < taken < count, "some must be good enough, and some bad enough, to have tried both"
