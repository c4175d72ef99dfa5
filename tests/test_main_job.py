"""The main job on the whole shipped campaign, through the command line, its results read back.

What is expected comes from the two roster files, read here with nothing but the csv module.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import icalendar
import pypdfium2
import pytest
import vobject
import zxingcpp
from docx import Document
from docx.oxml.ns import qn

from outreach.cli.main import run

pytestmark = pytest.mark.slow

ROSTER = Path(__file__).parents[1] / "campaigns" / "yingcheng"
PDF_POSTS = ("G01", "G12", "G23", "G34", "G45", "G60")
CARD_POST = "G07"


def _rows(name: str) -> list[dict[str, str]]:
    with (ROSTER / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@dataclass(frozen=True)
class Town:
    """The roster files as anybody would read them. homes: code -> names in order; officers: post -> row."""

    homes: dict[str, list[str]]
    officers: dict[str, dict[str, str]]

    def mobile(self, post: str) -> str:
        digits = self.officers[post]["手机"]
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"


@pytest.fixture(scope="module")
def roster() -> Town:
    homes: dict[str, list[str]] = {}
    for row in _rows("households.csv"):
        homes.setdefault(row["户号"], []).append(row["姓名"])
    return Town(homes, {row["岗位"]: row for row in _rows("officers.csv")})


@dataclass(frozen=True)
class Job:
    """The finished job: the folder of everything made, and the post of every household."""

    out: Path
    posts: dict[str, str]
    ask: Callable[..., Any]

    def homes_of(self, post: str) -> list[str]:
        return [code for code, held in self.posts.items() if held == post]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    root = tmp_path_factory.mktemp("job") / "office"
    answers = tmp_path_factory.mktemp("answers") / "answer.json"

    def ask(*arguments: str) -> Any:
        import contextlib

        with answers.open("w", encoding="utf-8") as file, contextlib.redirect_stdout(file):
            code = run(["--lang", "en", "-w", str(root), *arguments, "--json"])
        assert code == 0, arguments
        return json.loads(answers.read_text("utf-8"))

    assert run(["--lang", "en", "init", str(root), "-c", "yingcheng"]) == 0
    ask("officer", "import", str(ROSTER / "officers.csv"))
    ask("household", "import", str(ROSTER / "households.csv"))
    ask("household", "assign")
    posts = {home["code"]: home["post"] for home in ask("household", "list")}
    ask("material", "make", "letter", "--date", "2005-01-10")
    ask("material", "make", "letter", "--format", "pdf", *(w for post in PDF_POSTS for w in ("--post", post)))
    ask("material", "make", "card", "--post", CARD_POST)
    ask("campaign", "calendar")
    return Job(root / "out", posts, ask)


def test_every_household_has_one_officer_and_counts_differ_by_one(job: Job, roster: Town) -> None:
    assert job.posts.keys() == roster.homes.keys()
    shares = Counter(job.posts.values())
    assert shares.keys() == roster.officers.keys()
    assert max(shares.values()) - min(shares.values()) <= 1
    hard = Counter(
        job.posts[row["户号"]] for row in _rows("households.csv") if row["难易"] == "难" and row["关系"] == "本人"
    )
    assert max(hard.values()) - min(hard.values()) <= 1


def _text(element: Any) -> str:
    return "".join(part.text or "" for part in element.iter(qn("w:t")))


def _letters(path: Path) -> Iterator[list[Any]]:
    """The blocks of each letter of a merged file; a letter begins with its letterhead."""
    letters: list[list[Any]] = []
    for block in Document(str(path)).element.body.iterchildren():
        style = block.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is not None and style.get(qn("w:val")) == "LetterLetterhead":
            letters.append([])
        letters[-1].append(block)
    yield from letters


def test_every_household_and_person_stands_in_one_word_letter_beside_its_officers_phone(job: Job, roster: Town) -> None:
    found: Counter[str] = Counter()
    people = 0
    for path in sorted((job.out / "0001-letter-docx").glob("*.docx")):
        post = path.stem.split("-")[1]
        for letter in _letters(path):
            tables = [block for block in letter if block.tag == qn("w:tbl")]
            text = "\n".join(map(_text, letter))
            (code,) = {word for word in re.findall(r"YC\d{6}", text) if word in roster.homes}
            found[code] += 1
            assert job.posts[code] == post
            assert roster.officers[post]["姓名"] in text
            assert roster.mobile(post) in text
            rows = [_text(next(row.iter(qn("w:tc")))) for row in tables[0].iter(qn("w:tr"))]
            assert rows[1:] == roster.homes[code]
            people += len(rows) - 1
            mobiles = {roster.mobile(other) for other in roster.officers if other != post}
            assert not any(mobile in text for mobile in mobiles)
    assert found == Counter(dict.fromkeys(roster.homes, 1))
    assert people == len(_rows("households.csv"))


def test_the_pdf_letters_say_the_same(job: Job, roster: Town) -> None:
    found: Counter[str] = Counter()
    for post in PDF_POSTS:
        (path,) = (job.out / "0002-letter-pdf").glob(f"*-{post}.pdf")
        with pypdfium2.PdfDocument(path) as document:
            texts = [page.get_textpage().get_text_range() for page in document]
        letters: list[tuple[str, str]] = []
        for text in texts:
            (code,) = {word for word in re.findall(r"YC\d{6}", text) if word in roster.homes}
            # Overleaf, the sums and the reply slip are the same household's.
            if letters and letters[-1][0] == code:
                letters[-1] = (code, letters[-1][1] + text)
            else:
                letters.append((code, text))
        for code, text in letters:
            found[code] += 1
            assert job.posts[code] == post
            assert roster.mobile(post) in text
            assert roster.officers[post]["姓名"] in text
            assert "合计应缴" in text
            for name in roster.homes[code]:
                assert name in text
    assert found == Counter({code: 1 for post in PDF_POSTS for code in job.homes_of(post)})


def test_a_posts_card_sheets_carry_one_card_a_person_and_codes_that_scan(job: Job, roster: Town) -> None:
    persons = [name for code in job.homes_of(CARD_POST) for name in roster.homes[code]]
    (path,) = (job.out / "0003-card-pdf").glob("*.pdf")
    officer = roster.officers[CARD_POST]
    codes: list[str] = []
    words = ""
    with pypdfium2.PdfDocument(path) as document:
        on_a_sheet = (210 // 90) * (297 // 54)
        assert len(document) == 2 * math.ceil(len(persons) / on_a_sheet)
        for number, page in enumerate(document):
            assert [round(side / 72 * 25.4) for side in page.get_size()] == [210, 297]
            read = [code.text for code in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil().convert("L"))]
            if number % 2 == 0:
                codes += read
                words += page.get_textpage().get_text_range()
    assert len(codes) == len(persons)
    assert len(set(codes)) == 1
    card = vobject.readOne(codes[0])
    assert card.fn.value == officer["姓名"]
    numbers = {one.value.replace("-", "").replace(" ", "") for one in card.tel_list}
    assert numbers == {officer[name].replace("-", "") for name in ("手机", "宅电", "办公电话")}
    for name, times in Counter(persons).items():
        assert words.count(name) >= times
    assert words.count(roster.mobile(CARD_POST)) == len(persons)


def test_the_calendars_hold_every_placement_and_every_booth_shift(job: Job, roster: Town) -> None:
    planned = job.ask("campaign", "check")["placements"]
    everything = icalendar.Calendar.from_ical((job.out / "calendar" / "yingcheng.ics").read_bytes())
    events = everything.walk("VEVENT")
    assert len(events) == planned
    assert len({str(event["UID"]) for event in events}) == planned
    assert [str(zone["TZID"]) for zone in everything.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    known = {str(event["UID"]): (event["DTSTART"].dt, event["DTEND"].dt) for event in events}
    own = sorted((job.out / "calendar" / "officers").glob("*.ics"))
    assert {path.stem for path in own} <= roster.officers.keys()
    shifts = 0
    for path in own:
        for event in icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"):
            shifts += 1
            # Each file has identifiers of its own: an officer who loses a shift must not lose it for everybody.
            everybodys = str(event["UID"]).replace(f".{path.stem}@", "@")
            assert (event["DTSTART"].dt, event["DTEND"].dt) == known[everybodys]
            assert roster.officers[path.stem]["姓名"] in str(event["DESCRIPTION"])
    assert shifts == job.ask("campaign", "calendar")["shifts"]


def test_the_print_runs_are_in_the_register_with_what_stands_on_disk(job: Job) -> None:
    import hashlib

    runs = job.ask("run", "list")
    assert [(one["kind"], one["format"], one["state"]) for one in runs] == [
        ("letter", "docx", "whole"),
        ("letter", "pdf", "whole"),
        ("card", "pdf", "whole"),
    ]
    assert runs[0]["pieces"] == 7000
    for file in job.ask("run", "show", "1")["files"]:
        content = (job.out / runs[0]["folder"] / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
