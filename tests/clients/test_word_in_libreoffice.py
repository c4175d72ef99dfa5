"""Merged letters opened by LibreOffice: as many pages as letters, each household on its own."""

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from outreach.render.code import qr_png, read_qr
from outreach.render.manifest import load_kind
from outreach.render.word import Picture, WordTemplate

KIND = load_kind(Path(__file__).parents[2] / "templates" / "letter")
STAMP = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def soffice(outside_program: Callable[..., str]) -> str:
    return outside_program("soffice", "libreoffice")


def letter(number: int, language: str) -> dict[str, Any]:
    values = KIND.sample_values(language)
    person = {"name": f"Yangben{number}", "months_lapsed": number + 1, "employer": "样厂"}
    code = f"SAMPLE-{number:04d}"
    values["household"] = values["household"] | {"code": code}
    # The third is a large household; it has to fit its page too.
    values["persons"] = [person] * (5 if number == 2 else 2)
    return values | {"qr": Picture(qr_png(code), 22, code)}


def table_first(path: Path) -> WordTemplate:
    """A layout that begins with a table, where the page has to break before the table."""
    document = docx.Document()
    document.add_table(2, 1).cell(0, 0).text = "{{ household.code }}"
    document.add_paragraph("{{ greeting }}")
    document.save(str(path))
    return WordTemplate.load(path)


@pytest.fixture(scope="module")
def converted(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The PDF of each merged file, by its name; one start of LibreOffice for all, with a profile of its own."""
    folder = tmp_path_factory.mktemp("letters")
    for language in ("zh", "en"):
        template = WordTemplate.load(KIND.layout("docx", language))
        file = template.merged([letter(number, language) for number in range(5)], STAMP)
        (folder / f"{language}.docx").write_bytes(file)
    own = table_first(folder / "layout.docx")
    (folder / "table.docx").write_bytes(own.merged([letter(number, "en") for number in range(3)], STAMP))
    (folder / "single.docx").write_bytes(own.single(letter(0, "en")))
    names = ("zh", "en", "table", "single")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / f"{name}.docx") for name in names]
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {name: pypdfium2.PdfDocument(folder / f"{name}.pdf") for name in names}


def texts(pdf: Any) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pdf]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_letter_takes_one_page_and_keeps_its_household_there(converted: dict[str, Any], language: str) -> None:
    pages = texts(converted[language])
    assert len(pages) == 5
    for number, text in enumerate(pages):
        assert [f"Yangben{other}" in text for other in range(5)] == [other == number for other in range(5)]
        assert f"SAMPLE-{number:04d}" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_code_of_each_household_reads_back_from_its_printed_page(converted: dict[str, Any], language: str) -> None:
    for number, page in enumerate(converted[language]):
        assert read_qr(page.render(scale=200 / 72).to_pil()) == [f"SAMPLE-{number:04d}"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_papers_starts_again_on_every_page(converted: dict[str, Any], language: str) -> None:
    for text in texts(converted[language]):
        for number, paper in enumerate(KIND.sample_values(language)["campaign"]["papers"], 1):
            if language == "en":
                assert f"{number}. {paper[:20]}" in text
            else:
                assert f"{number}." in text
        assert f"{number + 1}." not in text


def test_a_layout_that_begins_with_a_table_breaks_its_pages_too(converted: dict[str, Any]) -> None:
    pages = texts(converted["table"])
    assert ["".join(filter(str.isdigit, text[:12])) for text in pages] == ["0000", "0001", "0002"]


def test_a_letter_of_its_own_opens(converted: dict[str, Any]) -> None:
    assert len(converted["single"]) == 1
