"""Pages a second: letters stamped, by Typst and by other libraries; cards; memory. One session, ratios in it.

Run: python tests/bench/bench_pages.py [letters] [cards] [most letters]

Each figure is the whole way from values to PDF bytes (QR codes made, JSON, layout, PDF) in a process of its own,
after one warm-up. The letters are the shipped campaign's, one page each, to households of one to three persons under
60 officers. Processor seconds are given beside the clock's, since they bear a busy machine better. At the end the
same letters with two further things: words of their own in every paragraph, which nothing can share, and the sums,
accounts and slip behind them.
"""

from __future__ import annotations

import copy
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from outreach.render.code import vcard
from outreach.render.manifest import load_kind
from outreach.render.options import NO_OPTIONS
from outreach.render.page import make_pages, make_pdf, page_values
from outreach.render.stamp import learn_all, make_stamped, stamped_pdf
from outreach.render.stamp_book import Book
from tests.bench.peer_pages import LETTERS, font_files, reportlab_cards
from tests.render.letters import campaign_letter, letter_kind, name_of

CHUNK = 117
Values = dict[str, Any]


def letters(first: int, count: int, *, behind: bool = False) -> list[Values]:
    return list(streamed(first, count, behind=behind))


def streamed(first: int, count: int, *, behind: bool = False) -> Iterator[Values]:
    for rank in range(first, first + count):
        names = [name_of(rank + 31 * number) for number in range(1 + rank % 3)]
        yield campaign_letter("zh", names, rank % 7020, behind=behind) | {"qr": f"YC-{rank:06d}"}


def own_words(first: int, count: int) -> list[Values]:
    made = letters(first, count)
    for values in made:
        values["paragraphs"] = [f"{values['household']['code']}：{words}" for words in values["paragraphs"]]
    return made


def cards(first: int, count: int) -> list[Values]:
    sample = load_kind(letter_kind().folder.parent / "card").sample_values("zh")
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


def by_chunks(pieces: Sequence[Values], make: Callable[[Sequence[Values]], bytes]) -> int:
    return sum(len(make(pieces[start : start + CHUNK])) for start in range(0, len(pieces), CHUNK))


def typst_shipped(pieces: Sequence[Values]) -> int:
    return by_chunks(pieces, lambda some: make_pages(letter_kind(), "zh", some))


def typst_plain(pieces: Sequence[Values]) -> int:
    """Every page drawn in full, as a layout without a still page does it."""

    def plain(some: Sequence[Values]) -> bytes:
        values = page_values(letter_kind(), "zh", some)
        values["options"]["standard"] = "none, but drawn as for one"
        return make_pdf(letter_kind().layout("pdf", "zh"), values)

    return by_chunks(pieces, plain)


def stamped(pieces: Sequence[Values]) -> int:
    """One file, everything from the beginning."""
    return len(stamped_pdf(Book(letter_kind(), "zh", (), NO_OPTIONS), pieces)[0])


def stamped_by_officer(pieces: Sequence[Values]) -> int:
    """As a run makes them: what they share is learnt once, then a file for each officer."""
    book = Book(letter_kind(), "zh", (), NO_OPTIONS)
    learn_all(book, pieces)
    again = Book(letter_kind(), "zh", (), NO_OPTIONS)
    again.remember(book.as_json())
    return by_chunks(pieces, lambda some: stamped_pdf(again, some)[0])


def typst_cards(pieces: Sequence[Values]) -> int:
    kind = load_kind(letter_kind().folder.parent / "card")
    return sum(len(make_pages(kind, "zh", pieces[start : start + 120])) for start in range(0, len(pieces), 120))


MAKERS: dict[str, Callable[[Sequence[Values]], int]] = {
    "stamped": stamped,
    "stamped, a file an officer": stamped_by_officer,
    "Typst as shipped": typst_shipped,
    "Typst plain": typst_plain,
    "cards: Typst as shipped": typst_cards,
    "cards: ReportLab": lambda pieces: len(reportlab_cards(pieces)),
    "cards: ReportLab, our codes": lambda pieces: len(reportlab_cards(pieces, own_codes=False)),
    **{name: (lambda pieces, make=make: len(make(pieces))) for name, make in LETTERS.items()},
}
PIECES: dict[str, Callable[[int, int], list[Values]]] = {
    "letters": letters,
    "cards": cards,
    "own words": own_words,
    "behind": lambda first, count: letters(first, count, behind=True),
}


@dataclass(frozen=True)
class Figure:
    """What one process took for its pieces. rss: its peak in MB."""

    pieces: int
    seconds: float
    processor: float
    size: int
    rss: int


def measured(name: str, pieces: str, first: int, count: int) -> Figure:
    make = MAKERS[name]
    ready = PIECES[pieces](first, count)
    make(ready[: 70 if name.startswith("stamped") else 2])
    start, processor = time.perf_counter(), time.process_time()
    size = make(ready)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    return Figure(count, seconds, processor, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def memory(count: int) -> Figure:
    """Letters made as they are asked for, into a file that is not kept."""
    size = 0

    def counted(content: bytes) -> None:
        nonlocal size
        size += len(content)

    start, processor = time.perf_counter(), time.process_time()
    make_stamped(Book(letter_kind(), "zh", (), NO_OPTIONS), streamed(0, count), counted)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    return Figure(count, seconds, processor, size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def alone(workers: int, task: Callable[..., Figure], *columns: Any) -> list[Figure]:
    """The task in fresh processes, so that peaks are their own."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(task, *columns))


def show(label: str, found: list[Figure], best: float | None = None) -> float:
    pieces = sum(figure.pieces for figure in found)
    rate = pieces / max(figure.seconds for figure in found)
    a_second = pieces / sum(figure.processor for figure in found)
    ratio = f", 1/{best / a_second:.1f} of stamped" if best else ""
    print(
        f"{label:34} {pieces:6}: {rate:7.0f}/s, {a_second:7.0f} a processor second{ratio}, "
        f"{sum(figure.size for figure in found) / 1e6:6.1f} MB of PDF, "
        f"peak RSS {max(figure.rss for figure in found)} MB, load {os.getloadavg()[0]:.2f}",
        flush=True,
    )
    return a_second


def main() -> None:
    given = [int(text) for text in sys.argv[1:]]
    letter_count, card_count, most = (*given, *(7000, 1200, 200_000)[len(given) :])
    font_files()
    best = show("stamped", alone(1, measured, ["stamped"], ["letters"], [0], [letter_count]))
    half = letter_count // 2
    show("stamped, 2 processes", alone(2, measured, repeat("stamped"), ["letters"] * 2, [0, half], [half] * 2))
    for name in ("stamped, a file an officer",):
        show(name, alone(1, measured, [name], ["letters"], [0], [letter_count]), best)
    for name, share in (
        ("Typst as shipped", 6),
        ("Typst plain", 6),
        ("ReportLab", 12),
        ("fpdf2", 24),
        ("WeasyPrint", 96),
    ):
        show(name, alone(1, measured, [name], ["letters"], [0], [max(24, letter_count // share)]), best)
    for pieces, label in (("own words", "words of their own"), ("behind", "with accounts behind")):
        for name in ("stamped", "Typst as shipped"):
            show(f"{label}: {name}", alone(1, measured, [name], [pieces], [0], [max(240, letter_count // 6)]))
    ours, own, other = (
        show(name, alone(1, measured, [name], ["cards"], [0], [card_count]))
        for name in ("cards: Typst as shipped", "cards: ReportLab", "cards: ReportLab, our codes")
    )
    print(f"cards: {ours / own:.1f} times ReportLab with its own codes, {ours / other:.1f} times with ours")
    few, many = (alone(1, memory, [count])[0].rss for count in (7000, most))
    print(f"memory: {few} MB for 7000 letters, {many} MB for {most}: {many / few:.2f} times")


if __name__ == "__main__":
    main()
