"""Letters a second beside the peers, on the shipped layout: python tests/bench/bench_letters.py [--memory]

Every engine fills the same letter with the same values: persons, what each would pay with its working, account
statements and a QR code, all of each household's own. Each measure is a process of its own, so that peak memory
is its own, and one process only. Figures are ratios to docxtpl in this run, since the absolute ones depend on the
machine. Time is the processor's, which others on the machine disturb less. Files go to memory (/dev/shm) where
there is such a place: making a file can cost a disk more than a letter costs the engine. Importing the engines,
making the values and drawing the QR codes are not counted; opening and compiling the layout is.
docx-mailmerge2 knows neither pictures nor loops in loops nor conditions: on the same layout it fills the plain
fields and the rows of one table a kind, a lighter job than the others'. --memory: the peak from 7,000 letters to
200,000 instead, values made while they are printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import io
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

STAMP = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)
PER_FILE = 500
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
SURNAMES = "样范例示模拟虚设"
GIVEN = "一二三四五六七八九十"


def letters(count: int) -> Iterator[dict[str, Any]]:
    """Invented households: one to three persons, 60 officers, texts, sums, accounts and code their own."""
    from outreach.render.manifest import load_kind

    base = load_kind(ROOT / "templates" / "letter").sample_values("zh")
    for number in range(count):
        officer = number % 60
        names = [
            SURNAMES[(number + place) % 8] + GIVEN[number % 10] + GIVEN[number // 10 % 10]
            for place in range(1 + number % 3)
        ]
        persons = [
            {
                "name": name,
                "months_lapsed": 3 + (number * 7 + place * 11) % 90,
                "employer": f"样城市示例{GIVEN[(number + place) % 10]}厂",
            }
            for place, name in enumerate(names)
        ]
        code = f"S{number:06d}"
        yield base | {
            "household": {
                "code": code,
                "address": f"样城市范例小区{number % 40 + 1}栋{number % 6 + 1}单元",
                "months_lapsed": persons[0]["months_lapsed"],
            },
            "piece": {"code": f"7-{number}-K3QF", "number": f"{number:06d}", "run": "7"},
            "greeting": f"尊敬的{names[0]}家",
            "persons": persons,
            "payment": base["payment"] | {"total": _yuan(number), "persons": [_due(name, number) for name in names]},
            "statements": [_account(name, number + place) for place, name in enumerate(names)],
            "officer": base["officer"]
            | {"name": f"示范{GIVEN[officer % 10]}{GIVEN[officer // 10]}", "mobile": f"121055501{officer:02d}"},
        }


def _yuan(number: int) -> str:
    return f"{1000 + number * 37 % 9000:,}.{number % 10}0"


def _due(name: str, number: int) -> dict[str, Any]:
    lines = [
        {"span": f"{year}年7月—{year + 1}年6月", "base": _yuan(number + year), "rate": "20%", "months": "12"}
        | {"amount": _yuan(number * 3 + year)}
        for year in range(2023, 2024 + number % 2)
    ]
    return {"name": name, "lines": lines, "months": str(12 * len(lines)), "total": _yuan(number * 5)}


def _account(name: str, number: int) -> dict[str, Any]:
    rows = [
        {"year": str(year), "months": "12", "base": _yuan(number), "paid": _yuan(number + year), "balance": _yuan(year)}
        for year in range(1998, 2001 + number % 3)
    ]
    return {"name": name, "rows": rows, "months": str(12 * len(rows)), "paid": _yuan(number), "balance": _yuan(2)}


def codes(count: int) -> Iterator[bytes]:
    """The QR code of each household."""
    from outreach.render.code import qr_png

    return (qr_png(f"S{number:06d}") for number in range(count))


def layout() -> Path:
    return ROOT / "templates" / "letter" / "letter.zh.docx"


def pictured(values: Iterable[dict[str, Any]], pictures: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    from outreach.render.word import Picture

    for one, png in zip(values, pictures, strict=True):
        yield one | {"qr": Picture(png, 22, "QR")}


def ours_merged(values: Iterable[dict[str, Any]], pictures: Iterable[bytes]) -> None:
    from outreach.render.word import WordTemplate

    template = WordTemplate.load(layout())
    source = pictured(values, pictures)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path = Path(folder) / "letters.docx"  # a folder in memory would count as memory
        while some := list(itertools.islice(source, PER_FILE)):
            path.write_bytes(template.merged(some, STAMP))


def ours_separate(values: Iterable[dict[str, Any]], pictures: Iterable[bytes]) -> None:
    from outreach.render.word import WordTemplate

    template = WordTemplate.load(layout())
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, one in enumerate(pictured(values, pictures)):
            (Path(folder) / f"{number % PER_FILE}.docx").write_bytes(template.single(one, STAMP))


def docxtpl(values: Iterable[dict[str, Any]], pictures: Iterable[bytes]) -> None:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, (one, png) in enumerate(zip(values, pictures, strict=True)):
            document = DocxTemplate(layout())
            image = InlineImage(document, io.BytesIO(png), width=Mm(22))
            document.render(one | {"qr": image}, autoescape=True)
            document.save(Path(folder) / f"{number}.docx")


def mail_merge(values: Iterable[dict[str, Any]], pictures: Iterable[bytes]) -> None:
    from mailmerge import MailMerge

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        merge_layout(Path(folder) / "merge.docx")
        rows = [_flat(one) for one in values]
        with MailMerge(f"{folder}/merge.docx") as merge:
            merge.merge_templates(rows, separator="page_break")
            merge.write(f"{folder}/merged.docx")


def merge_layout(path: Path) -> None:
    """The shipped layout with mail merge's fields in the places of its plain tags."""
    import re

    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    document = Document(str(layout()))
    body = document.element.body
    for row in list(body.iter(qn("w:tr"))):
        if "{%tr" in "".join(row.itertext(qn("w:t"))):
            row.getparent().remove(row)
    for paragraph in list(body.iter(qn("w:p"))):
        text = "".join(paragraph.itertext(qn("w:t")))
        if "{%p" in text and "{{" not in text:
            paragraph.getparent().remove(paragraph)
    for run in list(body.iter(qn("w:r"))):
        text = "".join(run.itertext(qn("w:t")))
        if found := re.fullmatch(r"\{\{ ([\w.]+) \}\}", text):
            name = found[1].replace(".", "_")
            field = f'<w:fldSimple {nsdecls("w")} w:instr=" MERGEFIELD {name} "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
            run.getparent().replace(run, parse_xml(field))
        elif "{%" in text:
            run.getparent().remove(run)
    document.save(str(path))


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """The plain fields, and the rows of persons, of the first sum and of the first account."""
    flat: dict[str, Any] = {name: values[name] for name in ("greeting", "date")}
    for group in ("bureau", "campaign", "household", "officer", "piece"):
        flat |= {f"{group}_{name}": str(text) for name, text in values[group].items()}
    flat |= {f"payment_{name}": values["payment"][name] for name in ("total", "as_of", "note", "source")}
    flat |= {"paragraph": "\n".join(values["paragraphs"]), "paper": "\n".join(values["campaign"]["papers"])}
    flat |= {"words": "\n".join(values["slip"]), "one_name": values["persons"][0]["name"]}
    for anchor, rows in (
        ("person", values["persons"]),
        ("line", values["payment"]["persons"][0]["lines"]),
        ("row", values["statements"][0]["rows"]),
    ):
        made = [{f"{anchor}_{name}": str(text) for name, text in row.items()} for row in rows]
        flat[next(iter(made[0]))] = made
    return flat


ENGINES: dict[str, tuple[Callable[[Iterable[dict[str, Any]], Iterable[bytes]], None], tuple[int, ...]]] = {
    "docxtpl": (docxtpl, (60,)),
    "docx-mailmerge2 merged": (mail_merge, (500, 7_000)),
    "outreach separate": (ours_separate, (1_000, 7_000)),
    "outreach merged, 500 a file": (ours_merged, (1_000, 7_000)),
}


def measure(engine: str, count: int, *, made_before: bool) -> dict[str, float]:
    """One engine in this process: letters a second and peak memory in MB."""
    run = ENGINES[engine][0]
    run(letters(2), codes(2))  # imports
    values: Iterable[dict[str, Any]] = letters(count)
    pictures: Iterable[bytes] = codes(count)
    if made_before:
        values, pictures = list(values), list(pictures)
        gc.collect()
        gc.freeze()  # else Python looks through all the values again and again while an engine works
    started = time.process_time()
    run(values, pictures)
    took = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return {"rate": count / took, "peak": peak}


def measured_apart(engine: str, count: int, *more: str) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--engine", engine, "--count", str(count), *more]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)  # type: ignore[no-any-return]


def speeds() -> Iterator[str]:
    yield "| engine | letters | letters/s | docxtpl just before and after | times docxtpl | peak MB |"
    yield "|---|---|---|---|---|---|"
    # A shared machine changes its pace within seconds: each engine stands between two runs of docxtpl.
    before = measured_apart("docxtpl", 60)
    for name, count in [(name, count) for name, (_run, counts) in ENGINES.items() for count in counts]:
        one = measured_apart(name, count)
        after = measured_apart("docxtpl", 60)
        times = 2 * one["rate"] / (before["rate"] + after["rate"])
        yield (
            f"| {name} | {count:,} | {one['rate']:,.0f} | {before['rate']:.0f}, {after['rate']:.0f} "
            f"| {times:,.1f} | {one['peak']:.0f} |"
        )
        before = after


def memory() -> Iterator[str]:
    yield "| engine | letters | peak MB |"
    yield "|---|---|---|"
    for name in ("outreach merged, 500 a file", "outreach separate"):
        for count in (7_000, 200_000):
            yield f"| {name} | {count:,} | {measured_apart(name, count, '--coming')['peak']:.0f} |"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES)
    options.add_argument("--count", type=int, default=60)
    options.add_argument("--coming", action="store_true", help="values are made while they are printed")
    options.add_argument("--memory", action="store_true")
    asked = options.parse_args()
    if asked.engine:
        sys.stdout.write(json.dumps(measure(asked.engine, asked.count, made_before=not asked.coming)))
        return
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n")
    for line in memory() if asked.memory else speeds():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"\nload average {os.getloadavg()[0]:.1f} at the end\n")


if __name__ == "__main__":
    main()
