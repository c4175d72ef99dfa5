"""Pages from layouts: the same bytes again, values inert, and every refusal names what to mend."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from outreach.errors import BadInput, CannotPrint, NotFound
from outreach.render.image import page_png
from outreach.render.manifest import MaterialKind
from outreach.render.page import make_pages, make_pdf, page_values, set_boxes

HEAD = '#import "../_shared/shared.typ": *\n#show: typed\n#set page(width: width, height: height, margin: 5mm)\n'


def layout_of(folder: Path, source: str, name: str = "plain.typ") -> Path:
    kind = folder / "plain"
    kind.mkdir(exist_ok=True)
    (kind / name).write_text(source, "utf-8")
    return kind / name


def values_of(*pages: dict[str, Any], **rest: Any) -> dict[str, Any]:
    geometry = {"width": 80, "height": 50, "bleed": 0, "slug": 0}
    return {"lang": "en", "labels": {}, "geometry": geometry, "codes": [], "pages": list(pages)} | rest


def text_of(pdf: bytes, page: int = 0) -> str:
    return " ".join(pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range().split())


def test_equal_values_give_equal_bytes(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, HEAD + "#for page in data.pages [#page.name]")
    values = values_of({"name": "䶮𬱖𬭎"})
    assert make_pdf(layout, values) == make_pdf(layout, values)


def test_values_are_printed_and_never_run(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, HEAD + "#for page in data.pages [#page.name]")
    hostile = '#panic("x") *b* $x$ #read("/etc/passwd") {{ 7*7 }} \\ "'
    assert hostile in text_of(make_pdf(layout, values_of({"name": hostile})))


def test_a_missing_value_names_the_field_the_page_and_the_layout(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, HEAD + "#for page in data.pages [#page.household.code #page.officer.name \\ ]")
    pages = [{"household": {"code": f"HC-{rank}"}, "officer": {"name": "x"}} for rank in range(1, 8)]
    del pages[4]["officer"]["name"]
    with pytest.raises(CannotPrint) as caught:
        make_pdf(layout, values_of(*pages))
    (fault,) = caught.value.faults
    assert "'name'" in fault.what
    assert "household HC-5" in fault.where
    assert "plain.typ" in fault.where


def test_a_page_that_is_refused_is_named_by_its_household_and_person(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, HEAD + "#for page in data.pages [#page.officer.name]")
    pages = [{"number": "000001", "household": {"code": "1001"}, "person": {"name": "钱𬭎"}}]
    with pytest.raises(CannotPrint) as caught:
        make_pdf(layout, values_of(*pages))
    assert caught.value.faults[0].where == f"household 1001, 钱𬭎, {layout}"


def test_an_overfull_page_is_refused_with_its_count(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, HEAD + '#for page in data.pages { panic("overfull|persons|" + str(page.count)) }')
    with pytest.raises(CannotPrint) as caught:
        make_pdf(layout, values_of({"household": {"code": "1001"}, "count": 31}))
    (fault,) = caught.value.faults
    assert fault.where == "household 1001, persons"
    assert "31 persons" in fault.what


def test_a_fault_in_the_layout_names_its_line(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, "first line\n\n#let x = (\n")
    with pytest.raises(BadInput) as caught:
        make_pdf(layout, values_of({}))
    assert caught.value.faults[0].where == f"{layout}:3"
    assert "unclosed delimiter" in caught.value.faults[0].what


def test_a_fault_in_the_shared_file_is_named_without_the_temporary_folder(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, HEAD + "#qr(7, 20mm)")
    with pytest.raises(BadInput) as caught:
        make_pdf(layout, values_of({}))
    assert caught.value.faults[0].where.startswith("_shared/shared.typ:")


def test_a_font_nobody_has_is_refused_and_not_replaced(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, '#set text(font: "SimHei")\nhello')
    with pytest.raises(BadInput) as caught:
        make_pdf(layout, values_of({}))
    assert "simhei" in caught.value.faults[0].what


def test_a_layout_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        make_pdf(tmp_path / "gone.typ", values_of({}))


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "../other/secret.txt"])
def test_a_layout_reads_nothing_outside_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.txt").write_text("secret")
    layout = layout_of(tmp_path, f'#read("{path}")')
    with pytest.raises(BadInput):
        make_pdf(layout, values_of({}))


def test_a_link_in_a_template_is_refused(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, "hello")
    (layout.parent / "link.txt").symlink_to("/etc/passwd")
    with pytest.raises(BadInput) as caught:
        make_pdf(layout, values_of({}))
    assert "link.txt" in caught.value.faults[0].where


def test_a_package_from_the_network_is_refused(tmp_path: Path) -> None:
    layout = layout_of(tmp_path, '#import "@preview/cetz:0.3.0"')
    with pytest.raises(BadInput) as caught:
        make_pdf(layout, values_of({}))
    assert "@preview/cetz" in caught.value.faults[0].what


def test_a_workspace_may_bring_its_own_shared_file(tmp_path: Path) -> None:
    (tmp_path / "_shared").mkdir()
    (tmp_path / "_shared" / "shared.typ").write_text("#let greeting = [own words]")
    layout = layout_of(tmp_path, '#import "../_shared/shared.typ": greeting\n#greeting')
    assert "own words" in text_of(make_pdf(layout, {}))


def test_a_name_is_shrunk_to_fit_and_refused_below_the_least_type(tmp_path: Path) -> None:
    fitted = 'fit("officer.name", page.name, 30mm, size: 12pt, least: 8pt)'
    layout = layout_of(tmp_path, HEAD + f"#for page in data.pages {{ {fitted} }}")
    widths = []
    for count in (5, 9):
        page = pypdfium2.PdfDocument(make_pdf(layout, values_of({"name": "好" * count})))[0].get_textpage()
        left, _bottom, right, _top = page.get_rect(0) if page.count_rects() else (0, 0, 0, 0)
        widths.append((right - left) * 25.4 / 72)
    assert widths[0] < widths[1] <= 30.1
    with pytest.raises(CannotPrint) as caught:
        make_pdf(layout, values_of({"name": "好"}, {"name": "好" * 40, "number": "000421-1"}))
    (fault,) = caught.value.faults
    assert fault.where == "page 2 (000421-1), officer.name"
    assert "好" * 40 in fault.what


def test_a_still_is_drawn_on_every_page_from_what_the_pages_share(tmp_path: Path) -> None:
    layout_of(tmp_path, HEAD + "#data.pages.first().bureau", "plain.still.typ")
    layout = layout_of(
        tmp_path,
        HEAD + '#for page in data.pages { std.page(image("plain.still.pdf", width: 40mm) + page.name) }',
    )
    pages = [{"bureau": "the bureau", "name": name} for name in ("one", "two")]
    pdf = make_pdf(layout, values_of(*pages))
    assert [text_of(pdf, rank) for rank in range(2)] == ["the bureau one", "the bureau two"]
    with pytest.raises(CannotPrint) as caught:
        make_pdf(layout, values_of({"bureau": "the bureau", "name": "one"}, {"bureau": "another", "name": "two"}))
    assert "'bureau'" in caught.value.faults[0].what


@pytest.mark.parametrize("standard", ["a-2b", "1.7"])
def test_a_pdf_standard_can_be_asked_for(tmp_path: Path, standard: str) -> None:
    layout = layout_of(tmp_path, HEAD + "hello")
    pdf = make_pdf(layout, values_of({}), standard=standard)
    assert (b"pdfaid" in pdf) == standard.startswith("a")


@pytest.mark.parametrize("standard", ["a-2b", "ua-1"])
def test_a_picture_of_a_still_page_and_a_standard_do_not_go_together(tmp_path: Path, standard: str) -> None:
    layout_of(tmp_path, "still", "plain.still.typ")
    with pytest.raises(BadInput) as caught:
        make_pdf(layout_of(tmp_path, HEAD + '#image("plain.still.pdf")'), values_of({}), standard=standard)
    assert standard in caught.value.faults[0].what


def kind_with(**variables: bool) -> MaterialKind:
    return MaterialKind(
        kind="plain",
        per="person",  # type: ignore[arg-type]  # pydantic turns it into Per
        title={"zh": "", "en": ""},  # type: ignore[arg-type]
        page={"width_mm": 80, "height_mm": 50, "bleed_mm": 3},  # type: ignore[arg-type]
        forms=({"format": "pdf", "engine": "typst", "files": {"en": "plain.typ"}},),  # type: ignore[arg-type]
        variables={  # type: ignore[arg-type]
            name.replace("__", "."): {"zh": "", "en": "", "sample": "", "qr": flag} for name, flag in variables.items()
        },
    )


def test_equal_payloads_share_one_code() -> None:
    kind = kind_with(qr=True, officers=True, bureau__qr=True, name=False)
    pages = [
        {"qr": "A", "name": "A", "officers": [{"qr": "B", "name": "B"}, {"qr": "A"}], "bureau": {"qr": "C"}},
        {"qr": "B", "name": "B", "officers": [], "bureau": {"qr": "C"}},
    ]
    values = page_values(kind, "en", pages)
    assert len(values["codes"]) == 3
    first, second = values["pages"]
    assert first == {"qr": 0, "name": "A", "officers": [{"qr": 1, "name": "B"}, {"qr": 0}], "bureau": {"qr": 2}}
    assert second == {"qr": 1, "name": "B", "officers": [], "bureau": {"qr": 2}}
    assert pages[0]["qr"] == "A"  # the caller's values stay as they are
    assert all(len(code["pixels"]) == code["size"] ** 2 for code in values["codes"])


def test_a_page_with_bleed_says_where_it_is_trimmed(tmp_path: Path) -> None:
    layout_of(
        tmp_path,
        '#import "../_shared/shared.typ": *\n#for _ in data.pages { bled-page('
        "at(-bleed, -bleed, rect(width: width + 2 * bleed, height: height + 2 * bleed, fill: rgb(255, 0, 0)))) }",
    )
    kind = kind_with(name=False).model_copy(update={"folder": tmp_path / "plain"})
    pdf = make_pages(kind, "en", [{}, {}])
    assert pdf == make_pages(kind, "en", [{}, {}])
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2
    for page in pages:
        millimetres = {
            name: [round(float(side) * 25.4 / 72, 2) for side in box]
            for name, box in (("media", page.mediabox), ("bleed", page.bleedbox), ("trim", page.trimbox))
        }
        assert millimetres == {"media": [0, 0, 100, 70], "bleed": [7, 7, 93, 63], "trim": [10, 10, 90, 60]}
    from PIL import Image

    shown = Image.open(io.BytesIO(page_png(pdf, width_px=1000, trim=False)))
    # The colour fills the bleed to its edge and stops there; a crop mark stands beyond.
    assert [shown.getpixel(spot) for spot in ((72, 72), (927, 627))] == [(255, 0, 0)] * 2
    assert shown.getpixel((67, 300)) == (255, 255, 255)
    assert min(shown.getpixel((column, 30))[0] for column in range(97, 104)) < 128


def test_boxes_can_be_set_on_any_pdf(tmp_path: Path) -> None:
    pdf = set_boxes(make_pdf(layout_of(tmp_path, HEAD + "x"), values_of({})), slug_mm=5, bleed_mm=2)
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert float(page.trimbox.width) == pytest.approx(70 * 72 / 25.4, abs=0.01)
    assert float(page.bleedbox.width) == pytest.approx(74 * 72 / 25.4, abs=0.01)
