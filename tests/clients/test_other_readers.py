"""What we make, opened by programs we did not write: poppler, qpdf, zbar, LibreOffice Calc."""

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from outreach.messages import use_language
from outreach.services.materials import find_kind, make_material
from outreach.services.previews import Wish, preview_material
from outreach.services.report_files import write_workbook

RARE = "䶮𬱖𬭎"


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout


@pytest.fixture
def rare_letters(town: Any) -> Path:
    """The PDF letters of a town in which one household's name is written with rare signs."""
    town.edit_household("H002", 姓名=RARE)
    made = make_material(town.office, "town", "letter", file_format="pdf")
    return made.folder


def test_poppler_finds_every_household_and_a_name_of_rare_signs_in_the_letters(
    rare_letters: Path, outside_program: Callable[..., str]
) -> None:
    tool = outside_program("pdftotext")
    text = "".join(run(tool, str(file), "-") for file in sorted(rare_letters.glob("*.pdf")))
    assert all(text.count(f"H{number:03d}") == 1 for number in range(1, 31))
    assert RARE in text


def test_every_font_of_the_letters_is_embedded(rare_letters: Path, outside_program: Callable[..., str]) -> None:
    tool = outside_program("pdffonts")
    for file in sorted(rare_letters.glob("*.pdf")):
        rows = run(tool, str(file)).splitlines()[2:]
        assert rows
        # pdffonts' columns from the right: object number (two), uni, sub, emb.
        assert all(row.split()[-5] == "yes" for row in rows)


@pytest.mark.parametrize("kind", ["letter", "card", "notice", "poster"])
def test_qpdf_finds_no_fault_in_a_pdf(kind: str, tmp_path: Path, outside_program: Callable[..., str]) -> None:
    tool = outside_program("qpdf")
    path = preview_material(None, None, Wish(kind, "pdf", "zh"), tmp_path / "piece.pdf")
    assert "No syntax or stream encoding errors" in run(tool, "--check", str(path))


def test_zbar_reads_the_contact_on_the_poster_picture(tmp_path: Path, outside_program: Callable[..., str]) -> None:
    tool = outside_program("zbarimg")
    path = preview_material(None, None, Wish("poster", "png", "zh"), tmp_path / "poster.png")
    payload = find_kind(None, "poster").sample_values("zh")["bureau_qr"]
    assert "07005550100" in payload
    assert "07005550100" in run(tool, "--quiet", "--raw", str(path))


def test_libreoffice_calc_opens_the_report_and_finds_no_formula(
    town: Any, tmp_path: Path, outside_program: Callable[..., str]
) -> None:
    soffice = outside_program("soffice", "libreoffice")
    town.edit_household("H001", 社区="=HYPERLINK(1)社区")
    use_language("en")
    path = write_workbook(town.office, "town", tmp_path / "report.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run(soffice, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir",
        str(tmp_path), str(path))  # fmt: skip
    rows = list(csv.reader((tmp_path / "report.csv").read_text("utf-8").splitlines()))
    assert rows[0][:2] == ["Community", "Households"]
    assert any(row[0] == "=HYPERLINK(1)社区" for row in rows)
    assert rows[-1][1] == "30"
