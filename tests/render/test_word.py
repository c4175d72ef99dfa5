"""Letters as DOCX: read back with python-docx and zipfile, compared with docxtpl's own rendering."""

import datetime as dt
import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docxtpl import DocxTemplate
from lxml import etree

from outreach.errors import CannotPrint
from outreach.render.manifest import load_kind
from outreach.render.word import Picture, WordTemplate

KIND = load_kind(Path(__file__).parents[2] / "templates" / "letter")
STAMP = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
Drawer = Callable[[Callable[[Any], None]], Path]


@pytest.fixture
def drawn(tmp_path: Path) -> Drawer:
    """A layout drawn by a function that fills an empty document."""

    def draw(fill: Callable[[Any], None]) -> Path:
        document = docx.Document()
        fill(document)
        path = tmp_path / "own.docx"
        document.save(str(path))
        return path

    return draw


def png(side: int = 21, shade: int = 0) -> bytes:
    """A plain square as PNG; equal shades give equal bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress((b"\0" + bytes([shade]) * side) * side)
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def letter(number: int = 0, language: str = "zh", **changes: Any) -> dict[str, Any]:
    """The samples of the shipped kind, with a household of its own."""
    values = KIND.sample_values(language)
    values["household"] = values["household"] | {"code": f"SAMPLE-{number:04d}"}
    values["persons"] = [{"name": f"样本{number}", "months_lapsed": number, "employer": "样厂"}]
    return values | {"qr": Picture(png(shade=number), 22, f"SAMPLE-{number:04d}")} | changes


def shipped(language: str = "zh") -> WordTemplate:
    return WordTemplate.load(KIND.layout("docx", language))


def document_of(file: bytes) -> Any:
    return docx.Document(io.BytesIO(file))


def part(file: bytes, name: str = "word/document.xml") -> Any:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read(name))


def words(element: Any) -> str:
    return "".join(element.itertext(qn("w:t")))


def pages(file: bytes) -> list[str]:
    """The text of each letter of a merged file of shipped letters, told apart by their letterheads."""
    found: list[str] = []
    for block in document_of(file).element.body:
        style = block.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is not None and style.get(qn("w:val")) == "LetterLetterhead":
            found.append("")
        found[-1] += words(block)
    return found


def by_docxtpl(path: Path, values: dict[str, Any]) -> bytes:
    document = DocxTemplate(path)
    document.render(values, autoescape=True)
    whole = io.BytesIO()
    document.save(whole)
    return whole.getvalue()


def canonical(file: bytes, name: str = "word/document.xml") -> bytes:
    return bytes(etree.tostring(part(file, name), method="c14n"))


def relations(file: bytes, name: str = "word/_rels/document.xml.rels") -> dict[str, str]:
    return {element.get("Id"): element.get("Target") for element in part(file, name)}


# -- the shipped layouts ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_letter_prints_every_value_that_belongs_on_it(language: str) -> None:
    values = letter(7, language)
    text = words(part(shipped(language).single(values)))
    expected = [values["greeting"], values["date"], values["household"]["code"], values["bureau"]["complaint_phone"]]
    expected += [*values["paragraphs"], *values["campaign"]["papers"], *values["persons"][0].values()]
    expected += values["officer"].values()
    assert [one for one in expected if str(one) not in text] == []
    assert "{" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_layout_asks_only_for_declared_values(language: str) -> None:
    assert shipped(language).fields() <= set(KIND.sample_values(language))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_shipped_layout_is_small_and_names_an_east_asian_font_everywhere(language: str) -> None:
    path = KIND.layout("docx", language)
    assert path.stat().st_size < 25_000
    with zipfile.ZipFile(path) as package:
        styles, document = (etree.fromstring(package.read(f"word/{name}.xml")) for name in ("styles", "document"))
    slots = [*styles.iter(qn("w:rFonts")), *document.iter(qn("w:rFonts"))]
    assert len(slots) > 20
    assert {slot.get(qn("w:eastAsia")) for slot in slots} == {"宋体", "黑体"}
    named = {slot.getparent().getparent().get(qn("w:styleId")) for slot in styles.iter(qn("w:rFonts"))}
    used = {style.get(qn("w:val")) for style in document.iter(qn("w:pStyle"))}
    assert used <= named


def runs(document: Any) -> Iterator[Any]:
    return (run for run in document.iter(qn("w:r")) if run.findall(qn("w:t")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_tag_of_the_shipped_layout_stands_in_one_run(language: str) -> None:
    for run in runs(docx.Document(str(KIND.layout("docx", language))).element.body):
        text = words(run)
        assert text.count("{") == text.count("}")
        assert "{" not in text or re.fullmatch(r"\{[{%].*[%}]\}", text)


def test_drawing_the_layouts_again_gives_the_same_bytes() -> None:
    # In a process of its own: a package that docxtpl uses for sub-documents changes what python-docx writes.
    draw = "import sys; from draw_letter_docx import Letter; sys.stdout.buffer.write(Letter(sys.argv[1]).bytes())"
    scripts = KIND.folder.parent
    for language in ("zh", "en"):
        drawn = subprocess.run([sys.executable, "-c", draw, language], check=True, capture_output=True, cwd=scripts)
        assert drawn.stdout == KIND.layout("docx", language).read_bytes()


# -- the same as docxtpl (case by case in test_word_docxtpl.py) ---------------------------------


def test_the_shipped_letter_is_the_same_xml_as_docxtpl_makes() -> None:
    values = letter(3, qr="二维码", greeting="甲&乙")
    path = KIND.layout("docx", "zh")
    assert canonical(WordTemplate.load(path).single(values)) == canonical(by_docxtpl(path, values))


# -- values are data ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile", ["{{ 7*7 }}", "{% for x in y %}", "<w:p>", "a & b", "]]>", "{_{ x }_}", "'\"&lt;", "﨑𠅤"]
)
def test_a_value_prints_as_it_stands_whatever_it_looks_like(hostile: str) -> None:
    template, values = shipped(), letter(greeting=hostile)
    assert hostile in words(part(template.single(values)))
    assert hostile in pages(template.merged([letter(), values], STAMP))[1]


def test_line_ends_in_values_become_line_breaks() -> None:
    template = shipped()
    for file in (template.single(letter(greeting="上\n下")), template.merged([letter(greeting="上\r\n下")], STAMP)):
        (paragraph,) = [one for one in document_of(file).paragraphs if one.text.startswith("上")]
        assert paragraph.text == "上\n下："


def test_a_missing_value_names_household_field_and_layout() -> None:
    values = letter(42)
    values["officer"] = {name: text for name, text in values["officer"].items() if name != "mobile"}
    with pytest.raises(CannotPrint) as caught:
        shipped().single(values)
    assert "SAMPLE-0042" in str(caught.value)
    assert "officer.mobile" in str(caught.value)
    assert "letter.zh.docx" in str(caught.value)
    assert "docx:1" not in str(caught.value)


def test_a_missing_value_in_a_list_names_its_place() -> None:
    with pytest.raises(CannotPrint, match=r"persons\[1\]\.employer"):
        shipped().single(letter(persons=[*letter()["persons"], {"name": "样本", "months_lapsed": 2}]))


def test_a_value_of_none_is_missing_too() -> None:
    with pytest.raises(CannotPrint, match=r"household SAMPLE-0000.*greeting"):
        shipped().single(letter(greeting=None))


def test_a_letter_without_a_household_is_named_by_its_number(drawn: Drawer) -> None:
    with pytest.raises(CannotPrint, match=r"letter 2.*greeting"):
        WordTemplate.load(drawn(lambda document: document.add_paragraph("{{ greeting }}"))).merged(
            [{"greeting": "甲"}, {}], STAMP
        )


def test_merging_reports_every_letter_that_lacks_a_value() -> None:
    letters = [letter(0), letter(1, greeting=None), letter(2), letter(3, persons=[{"name": "样本"}])]
    with pytest.raises(CannotPrint) as caught:
        shipped().merged(letters, STAMP)
    assert [re.search(r"SAMPLE-\d+", fault.where)[0] for fault in caught.value.faults] == ["SAMPLE-0001", "SAMPLE-0003"]  # type: ignore[index]


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0c", "\x1f", "\ufffe", "\ud800"])
def test_a_character_xml_cannot_hold_names_household_and_field(sign: str) -> None:
    values = letter(5, persons=[{"name": f"样{sign}本", "months_lapsed": 1, "employer": "样厂"}])
    template = shipped()
    for make in (template.single, lambda one: template.merged([one], STAMP)):
        with pytest.raises(CannotPrint) as caught:
            make(values)
        assert "SAMPLE-0005" in str(caught.value)
        assert "persons[0].name" in str(caught.value)
        assert f"U+{ord(sign):04X}" in str(caught.value)


# -- merged files -------------------------------------------------------------------------------


def test_each_merged_letter_starts_a_page_and_holds_its_own_values() -> None:
    found = pages(shipped().merged([letter(number) for number in range(5)], STAMP))
    assert len(found) == 5
    for number, text in enumerate(found):
        assert set(re.findall(r"SAMPLE-\d+", text)) == {f"SAMPLE-{number:04d}"}
        assert f"样本{number}" in text


def test_a_merged_file_breaks_no_page_by_a_paragraph_and_keeps_one_section() -> None:
    body = part(shipped().merged([letter(number) for number in range(3)], STAMP))
    assert not [mark for mark in body.iter(qn("w:br")) if mark.get(qn("w:type")) == "page"]
    assert len(list(body.iter(qn("w:sectPr")))) == 1
    assert body[0][-1].tag == qn("w:sectPr")


@pytest.mark.parametrize("first", ["bare", "styled", "kept", "looped", "table", "broken"])
def test_the_page_break_finds_its_place_in_any_first_paragraph(drawn: Drawer, first: str) -> None:
    def fill(document: Any) -> None:
        if first == "table":
            document.add_table(1, 1).cell(0, 0).text = "甲"
        elif first == "looped":
            for text in ("{%p for x in [1] %}", "甲", "{%p endfor %}"):
                document.add_paragraph(text)
        else:
            paragraph = document.add_paragraph("甲", style=None if first == "bare" else "Heading 1")
            paragraph.paragraph_format.keep_with_next = True if first == "kept" else None
            paragraph.paragraph_format.page_break_before = True if first == "broken" else None
            paragraph.paragraph_format.alignment = None if first == "bare" else 1
        document.add_paragraph("{{ n }}")

    file = WordTemplate.load(drawn(fill)).merged([{"n": number} for number in range(3)], STAMP)
    assert sorted(words(paragraph) for paragraph in broken(file)) == ["甲"] * (3 if first == "broken" else 2)
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "spacing", "jc"]
    for properties in part(file).iter(qn("w:pPr")):
        names = [etree.QName(child).localname for child in properties]
        assert names == sorted(names, key=order.index)


def broken(file: bytes) -> list[Any]:
    return [mark.getparent().getparent() for mark in part(file).iter(qn("w:pageBreakBefore"))]


def test_numbered_lists_start_again_in_each_letter() -> None:
    file = shipped().merged([letter(number) for number in range(4)], STAMP)
    used = [item.get(qn("w:val")) for item in part(file).iter(qn("w:numId"))]
    papers = len(letter()["campaign"]["papers"])
    by_letter = [set(used[start : start + papers]) for start in range(0, len(used), papers)]
    assert [len(numbers) for numbers in by_letter] == [1] * 4
    assert len(set.union(*by_letter)) == 4
    numbering = part(file, "word/numbering.xml")
    lists = {item.get(qn("w:numId")): item for item in numbering.findall(qn("w:num"))}
    assert [etree.QName(child).localname for child in numbering] == ["abstractNum"] + ["num"] * 4
    for numbers in by_letter[1:]:
        (override,) = lists[numbers.pop()].findall(qn("w:lvlOverride"))
        assert override.find(qn("w:startOverride")).get(qn("w:val")) == "1"


def test_lists_made_by_a_style_start_again_and_bullets_do_not(drawn: Drawer) -> None:
    def fill(document: Any) -> None:
        for style in ("List Number", "List Bullet"):
            document.add_paragraph("{{ n }}", style=style)

    file = WordTemplate.load(drawn(fill)).merged([{"n": 1}, {"n": 2}], STAMP)
    numbers = [item.get(qn("w:val")) for item in part(file).iter(qn("w:numId"))]
    assert len(numbers) == 4
    assert numbers[0] != numbers[2]
    assert numbers[1] == numbers[3]


def test_drawings_and_bookmarks_have_ids_and_names_of_their_own(drawn: Drawer) -> None:
    def fill(document: Any) -> None:
        paragraph = document.add_paragraph("{{ n }}")
        for number, name in enumerate(("_GoBack", "place")):
            start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>')
            paragraph._p.insert(1, start)
            paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))
        link = f'<w:hyperlink {nsdecls("w")} w:anchor="place"><w:r><w:t>see</w:t></w:r></w:hyperlink>'
        document.add_paragraph()._p.append(parse_xml(link))
        field = f'<w:r {nsdecls("w")}><w:instrText xml:space="preserve"> REF place \\h </w:instrText></w:r>'
        document.add_paragraph()._p.append(parse_xml(field))
        document.add_paragraph().add_run().add_picture(io.BytesIO(png()))
        document.add_paragraph("{{ qr }}{{ qr }}")

    template = WordTemplate.load(drawn(fill))
    body = part(template.merged([{"n": n, "qr": Picture(png(), 20, "a")} for n in range(3)], STAMP))
    starts = list(body.iter(qn("w:bookmarkStart")))
    ids = [start.get(qn("w:id")) for start in starts]
    names = [start.get(qn("w:name")) for start in starts]
    assert len(starts) == len(set(ids)) == len(set(names)) == 3
    assert [end.get(qn("w:id")) for end in body.iter(qn("w:bookmarkEnd"))] == ids
    assert [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))] == names
    assert [field.text.split()[1] for field in body.iter(qn("w:instrText"))] == names
    drawings = [drawing.get("id") for drawing in body.iter(qn("wp:docPr"))]
    assert len(drawings) == len(set(drawings)) == 9


def test_word_s_own_paragraph_ids_are_not_repeated(drawn: Drawer) -> None:
    name = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
    path = drawn(lambda document: document.add_paragraph("{{ n }}")._p.set(name, "12AB34CD"))
    template = WordTemplate.load(path)
    assert b"12AB34CD" in zipfile.ZipFile(io.BytesIO(template.single({"n": 1}))).read("word/document.xml")
    file = template.merged([{"n": 1}, {"n": 2}], STAMP)
    assert b"12AB34CD" not in zipfile.ZipFile(io.BytesIO(file)).read("word/document.xml")


def test_no_letters_are_refused() -> None:
    with pytest.raises(CannotPrint, match="no letter"):
        shipped().merged([], STAMP)


# -- pictures -----------------------------------------------------------------------------------


def test_pictures_lie_in_the_file_behind_a_relationship_of_their_own() -> None:
    letters = [letter(number) for number in range(3)]
    template = shipped()
    for file, made in ((template.single(letters[2]), letters[2:]), (template.merged(letters, STAMP), letters)):
        package = zipfile.ZipFile(io.BytesIO(file))
        assert package.testzip() is None
        targets = relations(file)
        body = part(file)
        shown = [package.read("word/" + targets[blip.get(qn("r:embed"))]) for blip in body.iter(qn("a:blip"))]
        # On the letter, and on the slip that is torn off.
        assert shown == [values["qr"].png for values in made for _place in range(2)]
        alts = [drawing.get("descr") for drawing in body.iter(qn("wp:docPr"))]
        assert alts == [values["qr"].alt for values in made for _place in range(2)]
        assert len(document_of(file).inline_shapes) == 2 * len(made)
        shape = document_of(file).inline_shapes[0]
        assert (round(shape.width.mm), round(shape.height.mm)) == (22, 22)
        assert b'Extension="png" ContentType="image/png"' in package.read("[Content_Types].xml")


def test_equal_pictures_are_stored_once() -> None:
    logo = Picture(png(), 20, "a")
    file = shipped().merged([letter(number, qr=logo) for number in range(4)], STAMP)
    assert sum("media/" in name for name in zipfile.ZipFile(io.BytesIO(file)).namelist()) == 1


def test_a_picture_in_a_footer_has_its_relationship_there(drawn: Drawer) -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("甲")
        document.sections[0].footer.paragraphs[0].text = "{{ qr }}"

    template = WordTemplate.load(drawn(fill))
    values = {"qr": Picture(png(), 20, "<&>")}
    for file in (template.single(values), template.merged([values, values], STAMP)):
        (name,) = [one for one in zipfile.ZipFile(io.BytesIO(file)).namelist() if "_rels/footer" in one]
        assert list(relations(file, name).values()) == ["media/letter1.png"]


def test_a_picture_that_is_no_png_names_the_household() -> None:
    with pytest.raises(CannotPrint, match=r"SAMPLE-0000.*no PNG"):
        shipped().single(letter(qr=Picture(b"GIF89a", 22, "QR")))


# -- bytes --------------------------------------------------------------------------------------


def test_the_same_letters_give_the_same_bytes() -> None:
    letters = [letter(number) for number in range(3)]
    one, two = shipped(), shipped()
    assert one.merged(letters, STAMP) == two.merged(letters, STAMP) == one.merged(iter(letters), STAMP)
    assert one.single(letters[0]) == two.single(letters[0])
    assert one.digest == two.digest != shipped("en").digest
    assert len(one.digest) == 64


def test_a_file_carries_the_given_time_and_no_other() -> None:
    file = shipped().merged([letter()], STAMP)
    properties = document_of(file).core_properties
    assert properties.created == properties.modified == dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(file)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_merged_letters_can_come_one_by_one() -> None:
    alive: list[int] = []

    def coming() -> Iterator[dict[str, Any]]:
        for number in range(700):
            alive.append(number)
            yield letter(number % 200)

    file = shipped().merged(coming(), STAMP)
    assert len(alive) == 700
    assert len(file) < 700 * 2_500
