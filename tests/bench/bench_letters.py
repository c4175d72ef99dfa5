"""Letters a second beside the peers, on the shipped layout: python tests/bench/bench_letters.py

Every engine fills the same letter with the same values and a QR code of its own for each household. Each
measure is a process of its own, so that peak memory is its own; figures are ratios to docxtpl in this run,
because the absolute ones depend on the machine. Time is the processor's, which others on the machine
disturb less. Files go to memory (/dev/shm) where there is such a place: making a file can cost a disk more
than a letter costs the engine. Importing the engines and drawing the QR codes are not counted.
docx-mailmerge2 knows no loops and no pictures: it fills ten plain fields, a lighter job than the others'.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
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
    """Invented households: one to three persons, 60 officers, texts and code their own."""
    from outreach.render.manifest import load_kind

    base = load_kind(ROOT / "templates" / "letter").sample_values("zh")
    for number in range(count):
        officer = number % 60
        persons = [
            {
                "name": SURNAMES[(number + place) % 8] + GIVEN[number % 10] + GIVEN[number // 10 % 10],
                "months_lapsed": 3 + (number * 7 + place * 11) % 90,
                "employer": f"样城市示例{GIVEN[(number + place) % 10]}厂",
            }
            for place in range(1 + number % 3)
        ]
        code = f"S{number:06d}"
        yield base | {
            "household": {
                "code": code,
                "address": f"样城市范例小区{number % 40 + 1}栋{number % 6 + 1}单元",
                "months_lapsed": persons[0]["months_lapsed"],
            },
            "greeting": f"尊敬的{persons[0]['name']}家",
            "persons": persons,
            "officer": base["officer"]
            | {"name": f"示范{GIVEN[officer % 10]}{GIVEN[officer // 10]}", "mobile": f"121055501{officer:02d}"},
        }


def codes(count: int) -> list[bytes]:
    """The QR code of each household; made beforehand, as a print run does."""
    from outreach.render.code import qr_png

    return [qr_png(f"S{number:06d}") for number in range(count)]


def with_pictures(count: int, pictures: list[bytes]) -> Iterator[dict[str, Any]]:
    from outreach.render.word import Picture

    for values, png in zip(letters(count), pictures, strict=True):
        yield values | {"qr": Picture(png, 22, "QR")}


def layout() -> Path:
    return ROOT / "templates" / "letter" / "letter.zh.docx"


def ours_merged(count: int, pictures: list[bytes]) -> None:
    from outreach.render.word import WordTemplate

    template = WordTemplate.load(layout())
    source = with_pictures(count, pictures)
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for start in range(0, count, PER_FILE):
            some = [next(source) for _number in range(min(PER_FILE, count - start))]
            (Path(folder) / f"{start}.docx").write_bytes(template.merged(some, STAMP))


def ours_separate(count: int, pictures: list[bytes]) -> None:
    from outreach.render.word import WordTemplate

    template = WordTemplate.load(layout())
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, values in enumerate(with_pictures(count, pictures)):
            (Path(folder) / f"{number}.docx").write_bytes(template.single(values, STAMP))


def docxtpl(count: int, pictures: list[bytes]) -> None:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, (values, png) in enumerate(zip(letters(count), pictures, strict=True)):
            document = DocxTemplate(layout())
            image = InlineImage(document, io.BytesIO(png), width=Mm(22))
            document.render(values | {"qr": image}, autoescape=True)
            document.save(Path(folder) / f"{number}.docx")


def find_and_replace(count: int, pictures: list[bytes]) -> None:
    """What a script with python-docx does: open, replace in every run, add rows, save."""
    import copy

    from docx import Document
    from docx.shared import Mm

    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, (values, png) in enumerate(zip(letters(count), pictures, strict=True)):
            document = Document(str(layout()))
            plain = {
                f"{{{{ {group}.{name} }}}}": str(text)
                for group in ("bureau", "campaign", "household", "officer")
                for name, text in values[group].items()
            } | {f"{{{{ {name} }}}}": values[name] for name in ("greeting", "date")}
            paragraphs = list(document.paragraphs)
            for table in document.tables:
                paragraphs += [one for cell in table._cells for one in cell.paragraphs]
            for paragraph in paragraphs:
                for run in paragraph.runs:
                    if run.text in plain:
                        run.text = plain[run.text]
                    elif run.text == "{{ qr }}":
                        run.text = ""
                        run.add_picture(io.BytesIO(png), width=Mm(22))
                    elif run.text == "{{ paragraph }}":
                        run.text = "\n".join(values["paragraphs"])
                    elif run.text == "{{ paper }}":
                        run.text = "\n".join(values["campaign"]["papers"])
            rows = document.tables[0].rows
            for person in values["persons"]:
                row = copy.deepcopy(rows[2]._tr)
                rows[2]._tr.addprevious(row)
                for cell, text in zip(row.tc_lst, person.values(), strict=True):
                    cell.p_lst[0].r_lst[0].text = str(text)
            for row in [rows[number]._tr for number in (1, len(rows) - 2, len(rows) - 1)]:
                row.getparent().remove(row)
            document.save(str(Path(folder) / f"{number}.docx"))


def mail_merge(count: int, pictures: list[bytes]) -> None:
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from mailmerge import MailMerge

    names = ("greeting", "date", "address", "code", "officer", "mobile", "person", "employer", "months", "body")
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        document = Document()
        for name in names:
            paragraph = document.add_paragraph()
            paragraph._p.append(
                parse_xml(
                    f'<w:fldSimple {nsdecls("w")} w:instr=" MERGEFIELD {name} ">'
                    f"<w:r><w:t>{name}</w:t></w:r></w:fldSimple>"
                )
            )
        document.save(f"{folder}/merge.docx")
        rows = [
            {
                "greeting": values["greeting"],
                "date": values["date"],
                "address": values["household"]["address"],
                "code": values["household"]["code"],
                "officer": values["officer"]["name"],
                "mobile": values["officer"]["mobile"],
                "person": values["persons"][0]["name"],
                "employer": values["persons"][0]["employer"],
                "months": str(values["persons"][0]["months_lapsed"]),
                "body": values["paragraphs"][0],
            }
            for values in letters(count)
        ]
        with MailMerge(f"{folder}/merge.docx") as merge:
            merge.merge_templates(rows, separator="page_break")
            merge.write(f"{folder}/merged.docx")


ENGINES: dict[str, tuple[Callable[[int, list[bytes]], None], tuple[int, ...]]] = {
    "docxtpl": (docxtpl, (60,)),
    "python-docx find and replace": (find_and_replace, (60,)),
    "docx-mailmerge2 merged (plain fields)": (mail_merge, (300,)),
    "outreach separate": (ours_separate, (1_000, 2_000, 7_000)),
    "outreach merged, 500 a file": (ours_merged, (1_000, 7_000)),
}


def measure(engine: str, count: int) -> dict[str, float]:
    """One engine in this process: letters a second and peak memory in MB."""
    made = codes(count)
    ENGINES[engine][0](2, made[:2])  # imports
    started = time.process_time()
    ENGINES[engine][0](count, made)
    took = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return {"rate": count / took, "peak": peak}


def measured_apart(engine: str, count: int) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--engine", engine, "--count", str(count)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(run.stdout)  # type: ignore[no-any-return]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", choices=ENGINES)
    options.add_argument("--count", type=int, default=60)
    asked = options.parse_args()
    if asked.engine:
        sys.stdout.write(json.dumps(measure(asked.engine, asked.count)))
        return
    lines = [f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", ""]
    lines.append("| engine | letters | letters/s | docxtpl just before and after | times docxtpl | peak MB |")
    lines.append("|---|---|---|---|---|---|")
    # A shared machine changes its pace within seconds: each engine stands between two runs of docxtpl.
    before = measured_apart("docxtpl", 60)
    for name, count in [(name, count) for name, (_run, counts) in ENGINES.items() for count in counts]:
        one = measured_apart(name, count)
        after = measured_apart("docxtpl", 60)
        times = 2 * one["rate"] / (before["rate"] + after["rate"])
        lines.append(
            f"| {name} | {count:,} | {one['rate']:,.0f} | {before['rate']:.0f}, {after['rate']:.0f} "
            f"| {times:,.1f} | {one['peak']:.0f} |"
        )
        before = after
    lines += ["", f"load average {os.getloadavg()[0]:.1f} at the end"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
