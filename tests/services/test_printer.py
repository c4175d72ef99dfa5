"""The office's printer and paper: own sheets and offsets from the settings, through whole print runs."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from outreach.config import load_workspace
from outreach.errors import BadInput
from outreach.render.code import read_qr
from outreach.render.image import page_png
from outreach.render.options import Options
from outreach.services.materials import find_kind, make_material
from outreach.services.previews import Wish, preview_material
from outreach.services.printer import at_printer, most_in_a_file
from outreach.services.rounds import Choice
from outreach.services.runs import show_run

POINT = 25.4 / 72
OWN_STOCK = """
[printing.sheets.ours]
width_mm = 210
height_mm = 297
columns = 2
rows = 4
piece_width_mm = 86
piece_height_mm = 54
left_mm = 14
top_mm = 30
pitch_x_mm = 96
pitch_y_mm = 60
"""


def settings(town: Any, *changes: tuple[str, str], more: str = "") -> None:
    file = town.root / "outreach.toml"
    text = file.read_text("utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text + more, "utf-8")
    town.office = town.reopen()


def codes(file: Path, page: int) -> list[str]:
    return read_qr(page_png(file.read_bytes(), page=page, width_px=1680))


def shipped_texts(file: Path) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file))


def test_the_cards_of_a_run_bear_the_code_the_register_has_for_each(town: Any) -> None:
    made = make_material(town.office, "", "card", options=Options(sheet="a4-8", cut="gutter", flip="short"))
    details = show_run(town.office, made.run.number)
    assert made.run.options["sheet"] == "a4-8"
    for file in made.files:
        pieces = [piece for piece in details.pieces if piece.file == file.name]
        document = pypdfium2.PdfDocument(made.folder / file.name)
        assert len(document) == 2 * -(-len(pieces) // 8)
        found = [code for page in range(1, len(document), 2) for code in codes(made.folder / file.name, page)]
        assert sorted(found) == sorted(piece.code for piece in pieces)


def test_letters_envelopes_slips_and_labels_come_in_one_order(town: Any) -> None:
    order = None
    for name in ("letter", "envelope", "slip", "label"):
        made = make_material(town.office, "", name)
        pieces = [(piece.number, piece.household) for piece in show_run(town.office, made.run.number).pieces]
        order = order or pieces
        assert pieces == order
    text = shipped_texts(made.folder / made.files[0].name)
    first = [household for _number, household in order or []][:4]
    assert sorted(first, key=text.index) == first


def test_a_sheet_of_the_offices_own_is_used_by_its_name(town: Any) -> None:
    settings(town, more=OWN_STOCK)
    made = make_material(town.office, "", "card", options=Options(sheet="ours"))
    file = made.folder / made.files[0].name
    front = Image.open(io.BytesIO(page_png(file.read_bytes(), page=0, width_px=2100)))
    # The red edge of the first card of each column begins with the card, and there are no marks.
    assert front.getpixel((141, 310)) == front.getpixel((1101, 310)) == (179, 32, 28)
    assert front.crop((0, 0, 2100, 260)).convert("L").getextrema() == (255, 255)
    assert len(read_qr(front)) == 8


def test_a_run_that_is_resumed_keeps_the_sheet_it_began_with(town: Any) -> None:
    settings(town, more=OWN_STOCK)
    options = at_printer(town.office.workspace, find_kind(town.office.workspace, "card"), Options(sheet="ours"))
    assert Options.from_json(options.as_json()) == options
    assert options.stock == (210, 297, 2, 4, 86, 54, 14, 30, 96, 60)


@pytest.mark.parametrize(
    ("old", "new", "mend"),
    [
        ("rows = 4", "rows = 6", "fit on the paper"),
        ("pitch_x_mm = 96", "pitch_x_mm = 80", "no smaller than the piece"),
        ("piece_width_mm = 86\n", "", "piece_width_mm and piece_height_mm"),
        ("width_mm = 210\n", "", "add it"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_when_the_settings_are_read(town: Any, old: str, new: str, mend: str) -> None:
    file = town.root / "outreach.toml"
    file.write_text(file.read_text("utf-8") + OWN_STOCK.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as caught:
        load_workspace(town.root)
    (fault,) = caught.value.faults
    assert "printing.sheets.ours" in fault.where
    assert mend in fault.mend


def test_an_own_sheet_without_margins_is_centred_and_its_pieces_touch(town: Any) -> None:
    lines = [line for line in OWN_STOCK.splitlines() if not line.startswith(("left", "top", "pitch"))]
    settings(town, more="\n".join(lines))
    own = town.office.workspace.settings.printing.sheets["ours"]
    assert own.measures == (210, 297, 2, 4, 86, 54, 19, 40.5, 86, 54)


def test_the_offsets_of_the_settings_move_fronts_and_backs_of_cards(town: Any) -> None:
    def place(file: Path, page: int, word: str) -> tuple[float, float]:
        paper = pypdfium2.PdfDocument(file)[page]
        text = paper.get_textpage()
        index, _count = text.search(word).get_next()
        left, _bottom, _right, top = text.get_charbox(index)
        return left * POINT, (paper.get_height() - top) * POINT

    chosen = Choice(households=(town.household_rows()[0]["户号"],))
    before = make_material(town.office, "", "card", choice=chosen)
    settings(
        town,
        ("front_shift_mm = [0.0, 0.0]", "front_shift_mm = [0.5, -1.0]"),
        ("back_shift_mm = [0.0, 0.0]", "back_shift_mm = [-0.3, 0.8]"),
    )
    after = make_material(town.office, "", "card", choice=chosen)
    for page, word, by in ((0, "持卡人", (0.5, -1.0)), (1, "卡号", (-0.3, 0.8))):
        old = place(before.folder / before.files[0].name, page, word)
        new = place(after.folder / after.files[0].name, page, word)
        assert (new[0] - old[0], new[1] - old[1]) == pytest.approx(by, abs=0.01)


def test_an_offset_that_no_printer_has_is_refused(town: Any) -> None:
    file = town.root / "outreach.toml"
    text = file.read_text("utf-8").replace("front_shift_mm = [0.0, 0.0]", "front_shift_mm = [0.0, 50]")
    file.write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        load_workspace(town.root)
    assert "front_shift_mm" in caught.value.faults[0].where


def test_only_the_runs_first_sheet_was_begun_before(town: Any) -> None:
    made = make_material(town.office, "", "label", options=Options(first=24))
    assert len(made.files) > 1
    pages = [len(pypdfium2.PdfDocument(made.folder / file.name)) for file in made.files]
    assert pages[0] == 2
    assert pages[1:] == [1] * (len(pages) - 1)
    assert len(codes(made.folder / made.files[0].name, 0)) == 1


def test_a_place_that_the_sheet_has_not_is_refused_before_anything_is_made(town: Any) -> None:
    with pytest.raises(BadInput) as caught:
        make_material(town.office, "", "label", options=Options(first=25))
    assert "24 places" in caught.value.faults[0].what
    assert not (town.root / "out").exists() or not list((town.root / "out").glob("0*"))


@pytest.mark.parametrize(
    ("name", "sheet", "most"),
    [
        ("card", "a4-10", 500),
        ("card", "a4-8", 496),
        ("card", "sra3", 480),
        ("label", "a4-24-70x37", 480),
        ("letter", "", 500),
    ],
)
def test_a_file_ends_with_a_full_sheet(town: Any, name: str, sheet: str, most: int) -> None:
    assert most_in_a_file(find_kind(town.office.workspace, name), Options(sheet=sheet), 500) == most


def test_the_calibration_sheet_is_previewed_with_what_is_set(town: Any, tmp_path: Path) -> None:
    settings(town, ("back_shift_mm = [0.0, 0.0]", "back_shift_mm = [0.4, -0.2]"))
    file = preview_material(
        town.office.workspace,
        town.office,
        Wish("calibration", "pdf", "en", options=Options(size="sra3")),
        tmp_path / "sheet.pdf",
    )
    text = "".join(shipped_texts(file).split())
    assert "[0.4,-0.2]" in text
    assert pypdfium2.PdfDocument(file)[1].get_width() * POINT == pytest.approx(320, abs=0.02)
