"""Ten thousand bad files: each ends in an import or in sentences that say where, what and how to mend it.

The files are good ones with something done to them: bytes changed, cut off, columns exchanged, cells no table should
have. None ends in another error than outreach's own, none is written by half, none takes long. Some hundred rosters
more, most of them good, go through the command line into a store that keeps them, so that what is told of them is seen.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from outreach.cli.main import run
from outreach.errors import BadInput, OutreachError
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


def csv_of(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


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


OF_A_HOME = {
    "社区": ("城东社区", "城西社区"),
    "小区": ("槐荫小区", "棉纺宿舍"),
    "楼栋": ("2", "十二号楼", "12栋"),
    "门栋": ("", "东门"),
    "单元": ("1", "2单元", ""),
    "房号": ("501", "602室", "东户"),
    "经度 纬度": ("113.5 30.9", "113.61 30.95", " "),
    "难易": ("难", "一般", "易", ""),
    "外出务工": ("是", "否"),
    "白天上班": ("是", "否"),
    "方言": ("孝感话", "普通话", ""),
}
OF_A_PERSON = {
    "姓名": ("王晨", "林悦", "欧阳青禾", "李 安", "张宁", "陳川"),
    "关系": ("配偶", "子女", "其他", ""),
    "性别": ("男", "女", ""),
    "手机": ("12105559901", "12105559902", "121-0555-9903", ""),
    "原单位": ("棉纺厂", "农机厂", ""),
    "断保月数": ("1", "240", ""),
    "出生日期": ("1960-01-31", "1975-12-01", ""),
    "最后缴费": ("2003-12", "1999年5月", ""),
}
OF_AN_OFFICER = {
    "姓名": ("梁若舟", "司马远", "安"),
    "职务": ("科员", "主任", ""),
    "科室": ("续保科", ""),
    "手机": ("12105550001", "12105550009"),
    "宅电": ("0700-5550018", ""),
    "办公电话": ("0700-5550028", ""),
    "邮箱": ("a@example.org", ""),
    "经度 纬度": ("113.5 30.9", "113.61 30.95"),
    "工作量": ("50%", "100%"),
    "最多户数": ("9", ""),
    "技能": ("政策、方言", "前台", ""),
    "语言": ("孝感话", ""),
    "原工作单位": ("棉纺厂", ""),
    "居住社区": ("城东社区", ""),
    "居住小区": ("槐荫小区", ""),
}


def changes(values: dict[str, tuple[str, ...]], source: random.Random) -> dict[str, str]:
    """Some columns with other values; those of two columns are apart by a blank."""
    found: dict[str, str] = {}
    for columns in source.sample(list(values), source.randrange(4)):
        value = source.choice(values[columns])
        found |= zip(columns.split(), value.split(" "), strict=True) if " " in columns else {columns: value}.items()
    return found


def homes_again(source: random.Random, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """A roster as a clerk sends it again: some households, other values, people who joined, households anew."""
    found: list[dict[str, str]] = []
    for code in source.sample(sorted({row["户号"] for row in rows}), 3):
        persons = [row for row in rows if row["户号"] == code]
        home = changes(OF_A_HOME, source)
        if source.random() < 0.5:
            persons.append(persons[0] | {"姓名": source.choice(OF_A_PERSON["姓名"]), "关系": "其他"})
        if source.random() < 0.2:
            home["户号"] = f"N{source.randrange(20)}"
        found += [row | changes(OF_A_PERSON, source) | home for row in persons]
    return found


def officers_again(source: random.Random, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Some officers with other values, at other posts, one of them new."""
    posts = source.sample(("G01", "G02", "G03", "G04", "G05", "G06"), len(rows))
    found = [row | changes(OF_AN_OFFICER, source) | {"岗位": post} for row, post in zip(rows, posts, strict=True)]
    if source.random() < 0.4:
        found[0]["工号"] = f"N{source.randrange(20)}"
    return source.sample(found, source.randrange(1, len(found) + 1))


def with_all_columns(rows: list[dict[str, str]]) -> list[list[str]]:
    """Rows as a table, '' where a row has nothing in a column that another has."""
    columns = dict.fromkeys(column for row in rows for column in row)
    return [list(columns), *([row.get(column, "") for column in columns] for row in rows)]


@pytest.mark.parametrize(("kind", "most"), [("household", 120), ("officer", 60)])
def test_every_roster_is_told_of_by_the_command_line(
    town: Any, capsys: pytest.CaptureFixture[str], kind: str, most: int
) -> None:
    """Into a store that keeps them, so that each meets what the ones before it left there."""
    again, rows = {
        "household": (homes_again, town.household_rows()[:9]),
        "officer": (officers_again, town.officer_rows()),
    }[kind]
    path = town.root / "sent.csv"
    taken = shown = 0
    for seed in range(most):
        source = random.Random(f"{kind} told {seed}")
        sent = with_all_columns(again(source, rows))
        content = as_csv(spoiled_rows(sent, source), source) if source.random() < 0.2 else csv_of(sent)
        path.write_bytes(content)
        language = source.choice(("zh", "en"))
        exit_code = run(["--lang", language, "--workspace", str(town.root), kind, "import", str(path)])
        answer = capsys.readouterr()
        assert exit_code in (0, BadInput.exit_code), f"{kind}, seed {seed}: {answer.err} {content[:300]!r}"
        assert (exit_code == 0) == bool(answer.out), f"{kind}, seed {seed}"
        taken += exit_code == 0
        shown += exit_code == 0 and re.search(r"^(Changed|变更) +[1-9]", answer.out, re.MULTILINE) is not None
    assert most // 2 < taken < most
    assert shown > most // 3, "most must change what is stored, or their changes were not shown"
