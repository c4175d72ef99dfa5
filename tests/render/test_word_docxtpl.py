"""One letter of ours beside docxtpl's own: every part of the file the same XML, case by case.

The layouts are in the manner of docxtpl's users, one for each thing its manual describes, drawn by python-docx.
Every case is `(draw, values)`: `draw(document)` fills an empty document, `values(docxtpl)` makes the values,
which may belong to that object. tests/bench/compare_docxtpl.py prints them as a table, and docxtpl's own tests
where they are at hand.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import jinja2
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, Listing, RichText, RichTextParagraph
from lxml import etree
from PIL import Image

from outreach.errors import CannotPrint
from outreach.render.word import WordTemplate

Case = tuple[Callable[[Any], None], Callable[[DocxTemplate], dict[str, Any]]]

PEOPLE = [
    {"name": "样本一", "years": ["1998", "1999"], "paid": True, "colour": "FFDD88"},
    {"name": "范例二", "years": ["2001"], "paid": False, "colour": "88DDFF"},
    {"name": "Yang & Co", "years": [], "paid": True, "colour": "FFFFFF"},
]


def picture(colour: str = "red", size: tuple[int, int] = (40, 20), form: str = "PNG") -> io.BytesIO:
    """A plain picture as a file."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, form)
    file.seek(0)
    return file


def lines(document: Any, *texts: str) -> None:
    for text in texts:
        document.add_paragraph(text)


def table(document: Any, *rows: tuple[str, ...]) -> Any:
    made = document.add_table(len(rows), max(map(len, rows)))
    for row, texts in zip(made.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    document.add_paragraph()
    return made


def order(document: Any) -> None:
    lines(document, "{{ customer }}，您好", "{% if paid %}已缴{% else %}未缴{% endif %}", "{%p if abroad %}", "外地")
    lines(document, "{%p else %}", "本地", "{%p endif %}")
    table(
        document, ("品名", "数量", "单价"), ("{%tr for item in items %}",), ("{{ item.name }}", "{{ item.count }}", "x")
    )
    body = document.tables[0]
    body.add_row().cells[0].text = "{%tr endfor %}"


def dynamic_table(document: Any) -> None:
    table(
        document,
        ("", "{%tc for head in heads %}", "{{ head }}", "{%tc endfor %}"),
        ("{%tr for row in rows %}", "", "", ""),
        ("{{ row.label }}", "{%tc for cell in row.cells %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", "", ""),
    )


def cell_colours(document: Any) -> None:
    table(
        document,
        ("姓名", "颜色"),
        ("{%tr for one in people %}", ""),
        ("{{ one.name }}", "{% cellbg one.colour %}{{ one.colour }}"),
        ("{%tr endfor %}", ""),
    )


def column_spans(document: Any) -> None:
    table(document, ("{% colspan heads|count %}全部", "右"), ("左", "右"))


def vertical_merge(document: Any) -> None:
    table(
        document,
        ("{%tr for one in people %}", "", ""),
        ("{% vm %}同一格", "{{ one.name }}", "{% if one.paid %}是{% endif %}"),
        ("{%tr endfor %}", "", ""),
    )


def horizontal_merge(document: Any) -> None:
    table(
        document,
        ("{%tc for head in heads %}", "{% hm %}合并", "{%tc endfor %}"),
        ("{%tc for head in heads %}", "{{ head }}", "{%tc endfor %}"),
    )


def nested_loops(document: Any) -> None:
    lines(document, "{%p for one in people %}", "{{ loop.index }} {{ one.name }}", "{%p for year in one.years %}")
    lines(document, "{{ year }}{% if not loop.last %}、{% endif %}", "{%p endfor %}", "{%p endfor %}")
    table(
        document,
        ("{%tr for one in people %}", ""),
        ("{{ one.name }}", "{% for year in one.years %}{{ year }} {% endfor %}"),
        ("{%tr endfor %}", ""),
    )


def merged_paragraphs(document: Any) -> None:
    lines(
        document,
        "前面的话",
        "{%- if town %} 城里{%- else %} 乡下{%- endif %}",
        "{%- if town -%} 一 ",
        "{%- endif -%}",
        "后面",
    )


def kept_spaces(document: Any) -> None:
    paragraph = document.add_paragraph("for {{ a }} and ")
    paragraph.add_run("{{").bold = True
    paragraph.add_run(" b }}")
    paragraph.add_run("  spicy  {{ a }}  end ")


def rich_texts(document: Any) -> None:
    lines(document, "甲 {{r rich }} 乙", "{{r empty }}", "{%p if town %}", "{{r rich }}", "{%p endif %}")
    lines(document, "{{p paragraphs }}", "{%r if town %}{{r rich }}{%r endif %}")


def listings(document: Any) -> None:
    lines(document, "列表：{{ listing }}", "{{ text }}", "{{ escaped|e }}", "{{r rich }}")


def escapes(document: Any) -> None:
    lines(document, "{_{ 不是标签 }_}", "{_% 也不是 %_}", "{% raw %}{{ 原样 }}{% endraw %}", "{# 不印 #}{{ customer }}")
    lines(document, "{#p 整段不印 #}", "100 % {{ customer }} %")


def quoted(document: Any) -> None:
    lines(
        document, "{{ “甲” }} {% if customer == ‘Eric’ %}a{% else %}b{% endif %} {{ 'x' if 3 > 2 and 1 < 2 else 'y' }}"
    )


def filters(document: Any) -> None:
    lines(document, "{{ heads|join('、') }} {{ customer|upper }} {{ missing|default('无') }} {{ heads|length }}")


def margins(document: Any) -> None:
    lines(document, "{{ customer }}")
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "页眉 {{ customer }}"
    section.first_page_header.paragraphs[0].text = "首页 {% for head in heads %}{{ head }}{% endfor %}"
    section.footer.paragraphs[0].text = "{{ text }}"
    section.footer.add_table(1, 2, Mm(100)).cell(0, 1).text = "é € {{ customer }}"


def properties(document: Any) -> None:
    lines(document, "{{ customer }}")
    document.core_properties.title = "给 {{ customer }} 的信"
    document.core_properties.author = "{{ heads|first }}"
    document.core_properties.comments = ""


def footnotes(document: Any) -> None:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    notes = "".join(
        f'<w:footnote w:id="{number}"{kind}><w:p><w:r>{text}</w:r></w:p></w:footnote>'
        for number, kind, text in (
            (-1, ' w:type="separator"', "<w:separator/>"),
            (0, ' w:type="continuationSeparator"', "<w:continuationSeparator/>"),
            (1, "", '<w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> 注一 {{ customer }}</w:t>'),
            (2, "", '<w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> 注二</w:t>'),
        )
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes {nsdecls("w")}>{notes}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    for number in (1, 2):
        paragraph = document.add_paragraph("{{ customer }}")
        paragraph.add_run()._r.append(parse_xml(f'<w:footnoteReference {nsdecls("w")} w:id="{number}"/>'))


def own_pictures(document: Any) -> None:
    lines(document, "{%p for one in people %}")
    document.add_paragraph("{{ one.name }}").add_run().add_picture(picture())
    lines(document, "{%p endfor %}")
    document.sections[0].header.paragraphs[0].add_run("{{ customer }}").add_picture(picture("blue"))


def conditional_rows(document: Any) -> None:
    table(
        document,
        ("甲", "乙", "丙"),
        ("{%tr if town %}", "", ""),
        ("一", "{{ customer }}", "三"),
        ("{%tr endif %}", "", ""),
    )
    made = table(document, ("宽", "", ""), ("{%tr for one in people %}", "", ""), ("{{ one.name }}", "x", "y"))
    made.cell(0, 0).merge(made.cell(0, 2))
    made.add_row().cells[0].text = "{%tr endfor %}"
    narrow = table(document, ("{%tr if not town %}", ""), ("a", "b"), ("{%tr endif %}", ""), ("c", ""))
    narrow.rows[3]._tr.remove(narrow.rows[3]._tr.tc_lst[1])


def nested_tables(document: Any) -> None:
    outer = table(document, ("{{ customer }}",), ("",))
    inner = outer.cell(1, 0).add_table(1, 3)
    inner.cell(0, 0).text = "{{ heads[0] }}"


def comments_and_marks(document: Any) -> None:
    paragraph = document.add_paragraph("{{ customer }}")
    paragraph._p.insert(1, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="7" w:name="here"/>'))
    paragraph._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="7"/>'))
    document.add_comment(paragraph.runs, "一条批注", author="样", initials="y")


def inline_images(document: Any) -> None:
    lines(document, "{{ image }}", "{%p for one in images %}", "{{ one.image }} {{ one.text }}", "{%p endfor %}")
    document.sections[0].footer.paragraphs[0].text = "{{ image }}"


def sub_document(document: Any) -> None:
    lines(document, "前", "{{p part }}", "后")


def linked(document: Any) -> None:
    lines(document, "{{r link }}", "{{ customer }}")


def plain(_docx: DocxTemplate) -> dict[str, Any]:
    return {
        "customer": "Eric",
        "paid": False,
        "abroad": True,
        "town": True,
        "items": [{"name": "甲", "count": 2}, {"name": "乙", "count": 5403}],
        "heads": ["一", "二", "三", "四"],
        "rows": [{"label": "行", "cells": ["1", "2", "3", "4"]}, {"label": "列", "cells": ["5", "6", "7", "8"]}],
        "people": PEOPLE,
        "a": "辣",
        "b": "不辣",
        "甲": "带引号的",
        "text": "一行\n二行\t有制表符",
    }


def rich(docxtpl: DocxTemplate) -> dict[str, Any]:
    text = RichText("粗", bold=True, color="#C01018", font="eastAsia:宋体")
    text.add("上标\n换行", superscript=True, size=20)
    text.add(" <&> \t", italic=True, underline="dash", strike=True)
    whole = RichTextParagraph()
    whole.add("一段", parastyle="Heading 1")
    whole.add(text, parastyle="Normal")
    return plain(docxtpl) | {
        "rich": text,
        "empty": RichText(""),
        "paragraphs": whole,
        "listing": Listing("首行 <&>\n次行\a新段\f新页"),
        "escaped": "a < b & c",
    }


def images(docxtpl: DocxTemplate) -> dict[str, Any]:
    red = InlineImage(docxtpl, picture(), width=Mm(20))
    blue = InlineImage(docxtpl, picture("blue", form="JPEG"), height=Mm(9), anchor="https://example.org/")
    return plain(docxtpl) | {"image": red, "images": [{"image": red, "text": "红"}, {"image": blue, "text": "蓝"}]}


def subdocument(docxtpl: DocxTemplate, *file: Any) -> Any:
    pytest.importorskip("docxcompose", reason="sub-documents want docxtpl[subdoc]")
    return docxtpl.new_subdoc(*file)


def written_part(docxtpl: DocxTemplate) -> dict[str, Any]:
    part = subdocument(docxtpl)
    part.add_paragraph("里面的一段", style="List Number").add_run("斜").italic = True
    part.add_table(2, 2).cell(0, 0).text = "格"
    part.add_picture(picture("green"), width=Mm(12))
    return plain(docxtpl) | {"part": part}


def read_part(docxtpl: DocxTemplate) -> dict[str, Any]:
    other = docx.Document()
    other.add_paragraph("别的文件", style="List Bullet")
    other.add_picture(picture("black"))
    file = io.BytesIO()
    other.save(file)
    file.seek(0)
    return plain(docxtpl) | {"part": subdocument(docxtpl, file)}


def links(docxtpl: DocxTemplate) -> dict[str, Any]:
    text = RichText("去 ")
    text.add("网页", url_id=docxtpl.build_url_id("https://example.org/"), underline=True)
    return plain(docxtpl) | {"link": text}


OWN: dict[str, Case] = {
    draw.__name__: (draw, values)
    for draw, values in (
        *((draw, plain) for draw in (order, dynamic_table, cell_colours, column_spans, vertical_merge)),
        *((draw, plain) for draw in (horizontal_merge, nested_loops, merged_paragraphs, kept_spaces, escapes)),
        *((draw, plain) for draw in (quoted, filters, margins, properties, footnotes, own_pictures)),
        *((draw, plain) for draw in (conditional_rows, nested_tables, comments_and_marks)),
        (rich_texts, rich),
        (listings, rich),
    )
}
"""Cases our own engine prints."""

BOUND: dict[str, Case] = {
    "inline_images": (inline_images, images),
    "a sub-document that was written": (sub_document, written_part),
    "a sub-document from a file": (sub_document, read_part),
    "links": (linked, links),
}
"""Cases whose values belong to a document of docxtpl's."""


def drawn(case: Case, path: Path) -> Path:
    """The layout of `case` at `path`, as Word would hand it over."""
    document = docx.Document()
    case[0](document)
    document.save(str(path))
    return path


def by_docxtpl(path: Path, values: Any, **options: Any) -> bytes:
    document = DocxTemplate(path)
    document.render(values(document), **(options or {"autoescape": True}))
    return saved(document)


def saved(document: DocxTemplate) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def parts(file: bytes) -> dict[str, bytes]:
    """Every part by name, XML in canonical form."""
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        found = {name: package.read(name) for name in package.namelist()}
    return {
        name: etree.tostring(etree.fromstring(part), method="c14n") if name.endswith((".xml", ".rels")) else part
        for name, part in found.items()
    }


@pytest.mark.parametrize("name", OWN)
def test_a_layout_of_docxtpl_prints_the_same_parts(name: str, tmp_path: Path) -> None:
    path = drawn(OWN[name], tmp_path / "own.docx")
    theirs = parts(by_docxtpl(path, OWN[name][1]))
    ours = parts(WordTemplate.load(path).single(OWN[name][1](DocxTemplate(path))))
    assert ours == theirs


@pytest.mark.parametrize("name", BOUND)
def test_values_made_for_a_document_print_as_in_that_document(name: str, tmp_path: Path) -> None:
    path = drawn(BOUND[name], tmp_path / "own.docx")
    theirs = parts(by_docxtpl(path, BOUND[name][1]))
    document = DocxTemplate(path)
    values = BOUND[name][1](document)
    assert parts(WordTemplate.of(document).single(values)) == theirs


def test_pictures_and_parts_find_the_document_they_were_made_for(tmp_path: Path) -> None:
    path = drawn(BOUND["inline_images"], tmp_path / "own.docx")
    theirs = parts(by_docxtpl(path, images))
    assert parts(WordTemplate.load(path).single(images(DocxTemplate(path)))) == theirs
    path = drawn(BOUND["a sub-document from a file"], tmp_path / "part.docx")
    theirs = parts(by_docxtpl(path, read_part))
    assert parts(WordTemplate.load(path).single(read_part(DocxTemplate(path)))) == theirs


def test_a_link_whose_document_is_not_known_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = drawn(BOUND["links"], tmp_path / "own.docx")
    with pytest.raises(CannotPrint, match=r"own\.docx does not have.*WordTemplate\.of"):
        WordTemplate.load(path).single(links(DocxTemplate(path)))


def test_bound_values_do_not_go_into_a_merged_file(tmp_path: Path) -> None:
    path = drawn(BOUND["inline_images"], tmp_path / "own.docx")
    values = BOUND["inline_images"][1](DocxTemplate(path))
    with pytest.raises(CannotPrint, match=r"made by docxtpl.*--separate"):
        WordTemplate.load(path).merged([values, values], dt.datetime(2026, 1, 5, tzinfo=dt.UTC))


def test_a_caller_s_own_environment_prints_what_docxtpl_prints_with_it(tmp_path: Path) -> None:
    path = drawn(
        (lambda document: document.add_paragraph("{{ 'a&b'|shout }} {{ nothing }} {{ one.real }}"), plain),
        tmp_path / "x.docx",
    )

    def environment() -> jinja2.Environment:
        made = jinja2.Environment()
        made.filters["shout"] = lambda text: text.upper().replace("&", " und ")
        return made

    theirs = by_docxtpl(path, lambda _document: {"one": 1j}, jinja_env=environment())
    ours = WordTemplate.load(path, jinja_env=environment()).single({"one": 1j})
    assert parts(ours) == parts(theirs)


def test_filters_of_the_caller_join_the_sandbox(tmp_path: Path) -> None:
    path = drawn((lambda document: document.add_paragraph("{{ customer|shout }}"), plain), tmp_path / "x.docx")
    file = WordTemplate.load(path, filters={"shout": str.upper}).single({"customer": "eric <&>"})
    assert b"ERIC &lt;&amp;&gt;" in parts(file)["word/document.xml"]


def test_a_letter_printed_by_docxtpl_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = drawn(BOUND["inline_images"], tmp_path / "own.docx")
    one, two = (WordTemplate.load(path).single(BOUND["inline_images"][1](DocxTemplate(path))) for _time in range(2))
    assert one == two
