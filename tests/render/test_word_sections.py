"""Merged letters whose headers and footers differ: sections of their own, read back with python-docx."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from lxml import etree
from PIL import Image

from outreach.errors import CannotPrint
from outreach.render.word import Picture, WordTemplate

STAMP = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)


def png(shade: int) -> bytes:
    file = io.BytesIO()
    Image.new("L", (20, 20), shade).save(file, "PNG")
    return file.getvalue()


def values(number: int) -> dict[str, Any]:
    """A household of its own; three in a row have one officer."""
    return {
        "code": f"S-{number:03d}",
        "officer": f"责任人{number // 3}",
        "bureau": "样城市劳动保险局",
        "qr": Picture(png(number), 10, f"S-{number:03d}"),
    }


@pytest.fixture
def layout(tmp_path: Path) -> Callable[..., WordTemplate]:
    """A layout whose body prints the code, with these words in its header and footer, changed by `change`."""

    def made(
        header: str = "", footer: str = "", change: Callable[[Any], None] = lambda _document: None
    ) -> WordTemplate:
        document = docx.Document()
        document.add_paragraph("{{ code }}")
        document.add_paragraph("第一", style="List Number")
        section = document.sections[0]
        if header:
            section.header.paragraphs[0].text = header
        if footer:
            section.footer.paragraphs[0].text = footer
        change(document)
        path = tmp_path / "own.docx"
        document.save(str(path))
        return WordTemplate.load(path)

    return made


def merged(template: WordTemplate, count: int) -> bytes:
    return template.merged((values(number) for number in range(count)), STAMP)


def xml(file: bytes, name: str = "word/document.xml") -> Any:
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(file)).read(name))


def by_section(file: bytes) -> list[dict[str, Any]]:
    """Of each section: the codes of its letters, its header and its footer."""
    document = docx.Document(io.BytesIO(file))
    texts = [""]
    for block in document.element.body:
        texts[-1] += "".join(block.itertext(qn("w:t")))
        if block.tag == qn("w:p") and block.findall(f"{qn('w:pPr')}/{qn('w:sectPr')}"):
            texts.append("")
    return [
        {
            "codes": re.findall(r"S-\d+", text),
            "header": section.header.paragraphs[0].text,
            "footer": section.footer.paragraphs[0].text,
        }
        for text, section in zip(texts, document.sections, strict=True)
    ]


def field(instruction: str) -> Callable[[Any], None]:
    """Puts a field of Word's own into the footer."""

    def change(document: Any) -> None:
        xml = f'<w:fldSimple {nsdecls("w")} w:instr=" {instruction} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        document.sections[0].footer.paragraphs[0]._p.append(parse_xml(xml))

    return change


# -- which letters share a section --------------------------------------------------------------


def test_letters_with_the_same_header_and_footer_share_one_section(layout: Callable[..., WordTemplate]) -> None:
    template = layout("{{ bureau }}", "不变的话")
    (section,) = by_section(merged(template, 4))
    assert section["codes"] == ["S-000", "S-001", "S-002", "S-003"]
    assert (section["header"], section["footer"]) == ("样城市劳动保险局", "不变的话")


def test_every_letter_shows_its_own_footer(layout: Callable[..., WordTemplate]) -> None:
    found = by_section(merged(layout("{{ bureau }}", "户号 {{ code }}"), 5))
    assert [section["codes"] for section in found] == [[f"S-00{number}"] for number in range(5)]
    assert [section["footer"] for section in found] == [f"户号 S-00{number}" for number in range(5)]
    assert {section["header"] for section in found} == {"样城市劳动保险局"}


def test_a_section_begins_only_where_the_header_changes(layout: Callable[..., WordTemplate]) -> None:
    found = by_section(merged(layout("{{ officer }}"), 7))
    assert [(len(section["codes"]), section["header"]) for section in found] == [
        (3, "责任人0"),
        (3, "责任人1"),
        (1, "责任人2"),
    ]


def test_each_letter_begins_a_page_whether_or_not_it_begins_a_section(layout: Callable[..., WordTemplate]) -> None:
    body = xml(merged(layout("{{ officer }}"), 7))
    sections = len(list(body.iter(qn("w:sectPr"))))
    breaks = len(list(body.iter(qn("w:pageBreakBefore"))))
    assert (sections, breaks) == (3, 4)
    continuous = layout("{{ code }}", change=lambda document: setattr(document.sections[0], "start_type", 0))
    assert {str(one.start_type) for one in docx.Document(io.BytesIO(merged(continuous, 3))).sections} == {
        "NEW_PAGE (2)"
    }


def test_a_footer_that_counts_pages_counts_from_one_in_every_letter(layout: Callable[..., WordTemplate]) -> None:
    template = layout(footer="第", change=field("PAGE"))
    body = xml(merged(template, 3))
    assert [one.find(qn("w:pgNumType")).get(qn("w:start")) for one in body.iter(qn("w:sectPr"))] == ["1"] * 3
    for section in body.iter(qn("w:sectPr")):
        names = [etree.QName(child).localname for child in section]
        assert names.index("pgMar") < names.index("pgNumType") < names.index("cols")


def test_the_number_of_pages_is_that_of_the_letter(layout: Callable[..., WordTemplate]) -> None:
    file = merged(layout(footer="{{ code }}", change=field("NUMPAGES")), 2)
    for name in ("word/footer1.xml", "word/footer1-2.xml"):
        (instruction,) = [one.get(qn("w:instr")) for one in xml(file, name).iter(qn("w:fldSimple"))]
        assert instruction.split() == ["SECTIONPAGES"]


def test_the_template_says_how_its_letters_share_a_file(layout: Callable[..., WordTemplate]) -> None:
    assert layout("不变").merged_as == ""
    assert "footer1.xml" in layout("不变", "{{ code }}").merged_as
    assert "counts pages" in layout(footer="x", change=field("PAGE")).merged_as


# -- what goes with a section -------------------------------------------------------------------


def test_pictures_and_links_of_a_footer_belong_to_that_footer(layout: Callable[..., WordTemplate]) -> None:
    def link(document: Any) -> None:
        part = document.sections[0].footer.part
        target = part.relate_to("https://example.org/", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        xml = f'<w:hyperlink {nsdecls("w", "r")} r:id="{target}"><w:r><w:t>网页</w:t></w:r></w:hyperlink>'
        document.sections[0].footer.paragraphs[0]._p.append(parse_xml(xml))

    file = merged(layout(footer="{{ qr }}", change=link), 3)
    package = zipfile.ZipFile(io.BytesIO(file))
    numbers = []
    for number, name in enumerate(("footer1", "footer1-2", "footer1-3")):
        targets = {one.get("Id"): one.get("Target") for one in xml(file, f"word/_rels/{name}.xml.rels")}
        footer = xml(file, f"word/{name}.xml")
        (shown,) = [targets[one.get(qn("r:embed"))] for one in footer.iter(qn("a:blip"))]
        assert package.read(f"word/{shown}") == png(number)
        assert [targets[one.get(qn("r:id"))] for one in footer.iter(qn("w:hyperlink"))] == ["https://example.org/"]
        numbers += [one.get("id") for one in footer.iter(qn("wp:docPr"))]
    assert len(set(numbers)) == 3


def test_every_part_of_a_merged_file_has_its_type_and_its_relationship(layout: Callable[..., WordTemplate]) -> None:
    file = merged(layout("{{ officer }}", "{{ code }}"), 6)
    package = zipfile.ZipFile(io.BytesIO(file))
    assert package.testzip() is None
    assert len(package.namelist()) == len(set(package.namelist()))
    typed = {one.get("PartName") for one in xml(file, "[Content_Types].xml") if one.get("PartName")}
    margins = {f"/{name}" for name in package.namelist() if re.match(r"word/(header|footer)", name)}
    assert len(margins) == 8
    assert margins <= typed
    related = {one.get("Id"): one.get("Target") for one in xml(file, "word/_rels/document.xml.rels")}
    asked = {one.get(qn("r:id")) for tag in ("header", "footer") for one in xml(file).iter(qn(f"w:{tag}Reference"))}
    assert {f"/word/{related[key]}" for key in asked} == margins


def test_lists_start_again_in_every_section(layout: Callable[..., WordTemplate]) -> None:
    used = [one.get(qn("w:val")) for one in xml(merged(layout(footer="{{ code }}"), 4)).iter(qn("w:numId"))]
    assert len(set(used)) == 4


def test_a_layout_of_several_sections_keeps_all_of_them_for_each_letter(layout: Callable[..., WordTemplate]) -> None:
    def landscape(document: Any) -> None:
        section = document.add_section()
        section.page_width, section.page_height = section.page_height, section.page_width
        document.add_paragraph("横的 {{ code }}")
        section.footer.is_linked_to_previous = False
        section.footer.paragraphs[0].text = "附页 {{ code }}"

    template = layout("{{ officer }}", "{{ code }}", landscape)
    assert "several sections" in template.merged_as
    file = merged(template, 3)
    found = by_section(file)
    assert [section["codes"] for section in found] == [[f"S-00{number // 2}"] for number in range(6)]
    assert [section["footer"] for section in found[2:4]] == ["S-001", "附页 S-001"]
    wide = [one.page_width > one.page_height for one in docx.Document(io.BytesIO(file)).sections]
    assert wide == [False, True] * 3


def test_shapes_have_names_of_their_own(layout: Callable[..., WordTemplate]) -> None:
    shape = (
        f'<w:r {nsdecls("w")}><w:pict xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:'
        'office:office"><v:shape id="_x0000_s1026" o:spid="_x0000_s1026" style="width:9pt;height:9pt"/></w:pict></w:r>'
    )
    template = layout(change=lambda document: document.paragraphs[0]._p.append(parse_xml(shape)))
    names = [one.get("id") for one in xml(merged(template, 3)).iter("{urn:schemas-microsoft-com:vml}shape")]
    assert len(names) == len(set(names)) == 3


def notes(document: Any) -> None:
    """Two footnotes, the first with a tag."""
    written = "".join(
        f'<w:footnote w:id="{number}"{kind}><w:p><w:r>{text}</w:r></w:p></w:footnote>'
        for number, kind, text in (
            (0, ' w:type="separator"', "<w:separator/>"),
            (1, "", "<w:footnoteRef/><w:t>注 {{ code }}</w:t>"),
            (2, "", "<w:footnoteRef/><w:t>第二注</w:t>"),
        )
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {nsdecls("w")}>{written}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    for number in (1, 2):
        document.add_paragraph("注")._p.append(
            parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="{number}"/></w:r>')
        )


def test_footnotes_are_each_letter_s_own_and_count_from_one(layout: Callable[..., WordTemplate]) -> None:
    template = layout(change=notes)
    assert "footnotes" in template.merged_as
    file = merged(template, 3)
    asked = [one.get(qn("w:id")) for one in xml(file).iter(qn("w:footnoteReference"))]
    written = {one.get(qn("w:id")): "".join(one.itertext(qn("w:t"))) for one in xml(file, "word/footnotes.xml")}
    assert len(asked) == len(set(asked)) == 6
    assert [written[key] for key in asked] == ["注 S-000", "第二注", "注 S-001", "第二注", "注 S-002", "第二注"]
    assert next(iter(written)) == "0"
    for section in xml(file).iter(qn("w:sectPr")):
        assert section.find(f"{qn('w:footnotePr')}/{qn('w:numRestart')}").get(qn("w:val")) == "eachSect"


def test_endnotes_are_refused_in_a_merged_file_in_one_sentence(layout: Callable[..., WordTemplate]) -> None:
    mark = f'<w:r {nsdecls("w")}><w:endnoteReference w:id="2"/></w:r>'
    template = layout(change=lambda document: document.paragraphs[0]._p.append(parse_xml(mark)))
    assert "endnotes" in template.merged_as
    with pytest.raises(CannotPrint, match=r"endnotes.*--separate"):
        merged(template, 2)


def test_what_a_footer_lacks_names_the_household(layout: Callable[..., WordTemplate]) -> None:
    template = layout(footer="{{ household.post }}")
    letters = [{"code": "1", "household": {"code": "S-1", "post": "甲"}}, {"code": "2", "household": {"code": "S-2"}}]
    with pytest.raises(CannotPrint, match=r"household S-2.*household\.post"):
        template.merged(letters, STAMP)


def test_the_title_of_a_file_says_only_what_all_its_letters_say(layout: Callable[..., WordTemplate]) -> None:
    def titled(document: Any) -> None:
        document.core_properties.title = "给 {{ code }}"
        document.core_properties.subject = "{{ bureau }}"

    template = layout(change=titled)
    alone = docx.Document(io.BytesIO(template.single(values(3), STAMP))).core_properties
    assert (alone.title, alone.subject) == ("给 S-003", "样城市劳动保险局")
    together = docx.Document(io.BytesIO(merged(template, 2))).core_properties
    assert (together.title, together.subject) == ("", "样城市劳动保险局")
