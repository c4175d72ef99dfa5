"""Pages a second: letters and service cards by Typst, in one process and in two.

Run: python tests/bench/bench_pages.py [letters] [cards]

Each figure is the whole way from values to PDF bytes (QR codes made, JSON, layout, PDF), after one warm-up
compile in every process. Every letter has other words; chunks of 117 letters are one officer's households.
"""

from __future__ import annotations

import copy
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from outreach.render.code import vcard
from outreach.render.manifest import load_kind
from outreach.render.page import make_pages

TEMPLATES = Path(__file__).parents[2] / "templates"
CHUNK = 117
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "明华建国芳秀英丽强伟军敏静杰涛磊超艳勇䶮𬱖𬭎"


def name_of(rank: int) -> str:
    return SURNAMES[rank % 20] + GIVEN[rank // 20 % 22] + GIVEN[rank * 7 % 22]


def letters(first: int, count: int) -> list[dict[str, Any]]:
    sample = load_kind(TEMPLATES / "letter").sample_values("zh")
    made = []
    for rank in range(first, first + count):
        values = copy.deepcopy(sample)
        code = f"HC-{rank:06d}"
        values["household"] |= {"code": code, "months_lapsed": 3 + rank % 60}
        values["qr"] = code
        values["greeting"] = f"{name_of(rank)}、{name_of(rank + 3)}"
        for person in values["persons"]:
            person |= {"name": name_of(rank), "months_lapsed": rank % 90}
        values["paragraphs"] = [
            f"{name_of(rank)}您好。您家断缴{rank % 90}个月。{text}" for text in values["paragraphs"]
        ]
        values["officer"]["name"] = name_of(rank // CHUNK)
        made.append(values)
    return made


def cards(first: int, count: int) -> list[dict[str, Any]]:
    sample = load_kind(TEMPLATES / "card").sample_values("zh")
    made = []
    for rank in range(first, first + count):
        values = copy.deepcopy(sample)
        values["number"] = f"{rank:06d}"
        values["person"]["name"] = name_of(rank)
        values["household"]["code"] = f"HC-{rank // 2:06d}"
        values["officer"]["name"] = name_of(rank // CHUNK)
        values["officer_qr"] = vcard(name_of(rank // CHUNK), mobile=f"1210555{rank // CHUNK:04d}")
        made.append(values)
    return made


MADE: dict[str, Callable[[int, int], list[dict[str, Any]]]] = {"letter": letters, "card": cards}


def chunk(name: str, first: int, count: int) -> tuple[int, int, float]:
    """Bytes of the PDF, this process's peak memory in MB, and the processor seconds it took."""
    start = time.process_time()
    pdf = make_pages(load_kind(TEMPLATES / name), "zh", MADE[name](first, count))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return len(pdf), peak, time.process_time() - start


def run(name: str, total: int, size: int, workers: int) -> None:
    jobs = [(name, first, min(size, total - first)) for first in range(0, total, size)]
    if workers == 1:
        chunk(name, 0, 1)
        start = time.perf_counter()
        found = [chunk(*job) for job in jobs]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            list(pool.map(chunk, [name] * workers, [0] * workers, [1] * workers))
            start = time.perf_counter()
            found = list(pool.map(chunk, *zip(*jobs, strict=True)))
    seconds = time.perf_counter() - start
    sides = f", {2 * total / seconds:6.0f} card sides/s" if name == "card" else ""
    print(
        f"{name:6} {total:5} in {workers} process{'es' if workers > 1 else '  '} chunks of {size}: {seconds:6.2f} s,"
        f" {total / seconds:6.0f}/s{sides}, {total / sum(part[2] for part in found):6.0f} a processor second,"
        f" {sum(part[0] for part in found) / 1e6:5.1f} MB of PDF,"
        f" peak RSS {max(part[1] for part in found)} MB a process, load {os.getloadavg()[0]:.2f}"
    )


def main() -> None:
    counts = [int(text) for text in sys.argv[1:]] or [1170, 1200]
    letter_count, card_count = (counts * 2)[:2]
    # Two processes first: the peak of the other runs is this process's own and only grows.
    for workers in (2, 1):
        run("letter", letter_count, CHUNK, workers)
        run("card", card_count, 120, workers)


if __name__ == "__main__":
    main()
