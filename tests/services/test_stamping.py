"""What a run's pages share is learnt once and read by every process alike."""

from __future__ import annotations

from pathlib import Path

from outreach.render.options import NO_OPTIONS, Options
from outreach.render.stamp import Stamped, stamped_pdf
from outreach.services.stamping import STAMPS_NAME, learn_stamps, read_stamps
from tests.render.letters import campaign_letters, letter_kind


def test_every_process_stamps_the_same_files_from_what_the_run_kept(tmp_path: Path) -> None:
    letters = campaign_letters("zh", 90)
    stamps = tmp_path / STAMPS_NAME
    stamps.write_bytes(learn_stamps(letter_kind(), "zh", (), NO_OPTIONS, letters))
    made = []
    for starts in ((0, 30, 60), (60, 0, 30)):  # another process makes the jobs in another order
        read_stamps.cache_clear()
        book = read_stamps(stamps, letter_kind().folder, "zh", (), NO_OPTIONS)
        made.append({start: stamped_pdf(book, letters[start : start + 30]) for start in starts})
    assert made[0] == made[1]
    assert all(counts == Stamped(stamped=30, typst=0) for _pdf, counts in made[0].values())


def test_a_run_that_learns_nothing_keeps_nothing() -> None:
    letters = campaign_letters("zh", 90)
    assert learn_stamps(letter_kind(), "zh", (), NO_OPTIONS, letters[:5]) == b""
    assert learn_stamps(letter_kind(), "zh", (), Options(standard="ua-1"), letters) == b""


def test_a_letter_that_brings_something_new_to_a_kept_run_is_laid_out_whole(tmp_path: Path) -> None:
    letters = campaign_letters("zh", 90)
    stamps = tmp_path / STAMPS_NAME
    stamps.write_bytes(learn_stamps(letter_kind(), "zh", (), NO_OPTIONS, letters))
    read_stamps.cache_clear()
    book = read_stamps(stamps, letter_kind().folder, "zh", (), NO_OPTIONS)
    letters[3]["paragraphs"] = ["新写的一段。"]
    assert stamped_pdf(book, letters[:10])[1] == Stamped(stamped=9, typst=1)
