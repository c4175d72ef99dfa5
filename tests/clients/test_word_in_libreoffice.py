"""Merged letters opened by LibreOffice: each household on pages of its own, with its own header and footer."""

import datetime as dt
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

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


def with_margins(path: Path) -> WordTemplate:
    """A layout of two pages whose header and footer print the code, and the page."""
    document = docx.Document()
    document.add_paragraph("{{ greeting }}")
    document.add_page_break()
    document.add_paragraph("{{ greeting }}")
    section = document.sections[0]
    section.header.paragraphs[0].text = "To {{ household.code }}"
    foot = section.footer.paragraphs[0]
    foot.text = "Foot {{ household.code }} page "
    page = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>9</w:t></w:r></w:fldSimple>'
    foot._p.append(parse_xml(page))
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
    bare = {name: value for name, value in letter(0, "zh").items() if name not in ("payment", "statements", "slip")}
    (folder / "bare.docx").write_bytes(WordTemplate.load(KIND.layout("docx", "zh")).single(bare))
    margins = with_margins(folder / "margins.docx")
    (folder / "sections.docx").write_bytes(margins.merged([letter(number, "en") for number in range(4)], STAMP))
    names = ("zh", "en", "table", "single", "bare", "sections")
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
def test_each_letter_takes_a_page_and_one_for_sums_accounts_and_the_slip(
    converted: dict[str, Any], language: str
) -> None:
    pages = texts(converted[language])
    values = KIND.sample_values(language)
    assert len(pages) == 10
    for number in range(5):
        letter, sums = pages[2 * number : 2 * number + 2]
        assert [f"Yangben{other}" in letter for other in range(5)] == [other == number for other in range(5)]
        for text in (letter, sums):
            assert set(re.findall(r"SAMPLE-\d{4}", text)) == {f"SAMPLE-{number:04d}"}
        assert values["payment"]["total"] in sums
        assert values["statements"][0]["balance"] in sums
        assert all(words in sums for words in values["slip"][:1])


def test_a_letter_without_sums_accounts_and_slip_is_one_page(converted: dict[str, Any]) -> None:
    (page,) = texts(converted["bare"])
    assert "SAMPLE-0000" in page


def test_every_letter_shows_its_own_header_and_footer_and_counts_its_own_pages(converted: dict[str, Any]) -> None:
    pages = texts(converted["sections"])
    assert len(pages) == 8
    for number, text in enumerate(pages):
        assert f"To SAMPLE-{number // 2:04d}" in text
        assert f"Foot SAMPLE-{number // 2:04d} page {number % 2 + 1}" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_code_of_each_household_reads_back_from_its_printed_page(converted: dict[str, Any], language: str) -> None:
    for number, page in enumerate(converted[language]):
        assert read_qr(page.render(scale=200 / 72).to_pil()) == [f"SAMPLE-{number // 2:04d}"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_papers_starts_again_on_every_page(converted: dict[str, Any], language: str) -> None:
    for text in texts(converted[language])[::2]:
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
