"""A name with a sign the shipped fonts lack: refused by name, or set in the font the settings name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pypdf
import pytest
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

from outreach.errors import BadInput, CannotPrint
from outreach.render.fonts import font_folders
from outreach.services.materials import make_material

RARE = "𪚥"  # U+2A6A5, four dragons; in no shipped font
DAY = dt.date(2005, 3, 7)


def rare_font(folder: Path) -> None:
    """A font named 'Town Rare' that draws RARE, and nothing else, in the shape of another sign."""
    shipped = next(file for root in font_folders() for file in sorted(root.rglob("NotoSansSC-Regular.otf")))
    font = TTFont(shipped)
    subset = Subsetter()
    subset.populate(unicodes=[ord("龙")])
    subset.subset(font)
    table = CmapSubtable.newSubtable(12)
    table.platformID, table.platEncID, table.language = 3, 10, 0
    table.cmap = {ord(RARE): font.getBestCmap()[ord("龙")]}
    font["cmap"].tables = [table]
    for record in font["name"].names:
        record.string = "Town Rare" if record.nameID == 1 else "TownRare"
    folder.mkdir()
    font.save(folder / "rare.otf")


def settle(town: Any, fallback: str) -> Any:
    """The office again with `fallback` in its settings."""
    path = town.root / "outreach.toml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("folders = []", 'folders = ["fonts"]').replace("fallback = []", f"fallback = {fallback}"), "utf-8"
    )
    return town.reopen()


def faces(pdf: Path) -> set[str]:
    found = set()
    for page in pypdf.PdfReader(pdf).pages:
        fonts: Any = page["/Resources"].get("/Font", {})
        found |= {str(font.get_object()["/BaseFont"]) for font in fonts.values()}
    return found


def test_a_sign_no_font_has_is_refused_by_household_field_and_code_point(town: Any) -> None:
    town.edit_household("H002", 姓名=f"李{RARE}")
    with pytest.raises(CannotPrint) as refused:
        make_material(town.office, "town", "card", day=DAY)
    (fault,) = refused.value.faults
    assert fault.where == f"household H002, 李{RARE}, person.name"
    assert f"'{RARE}' (U+2A6A5)" in fault.what


def test_a_sign_only_the_fallback_font_has_is_set_in_it(town: Any) -> None:
    town.edit_household("H002", 姓名=f"李{RARE}")
    rare_font(town.root / "fonts")
    office = settle(town, '["Town Rare"]')
    made = make_material(office, "town", "card", day=DAY)
    assert any("TownRare" in face for file in made.files for face in faces(made.folder / file.name))


def test_a_font_that_lies_in_the_folder_but_is_not_named_is_not_used(town: Any) -> None:
    town.edit_household("H002", 姓名=f"李{RARE}")
    rare_font(town.root / "fonts")
    office = settle(town, "[]")
    with pytest.raises(CannotPrint, match=r"U\+2A6A5"):
        make_material(office, "town", "card", day=DAY)


def test_a_fallback_font_that_is_not_there_is_named_with_those_there_are(town: Any) -> None:
    rare_font(town.root / "fonts")
    office = settle(town, '["Town Bare"]')
    with pytest.raises(BadInput, match=r"'Town Bare'.*Town Rare"):
        make_material(office, "town", "card", day=DAY)


def test_words_typed_into_a_layout_are_checked_for_signs_too(town: Any) -> None:
    folder = town.root / "templates" / "slip"
    folder.mkdir(parents=True)
    (folder / "material.toml").write_text(
        'kind = "slip"\nper = "campaign"\ntitle = { zh = "条", en = "Slip" }\n'
        "page = { width_mm = 50, height_mm = 50 }\n"
        '[[forms]]\nformat = "pdf"\nengine = "typst"\nfiles = { zh = "slip.typ" }\n[variables]\n',
        "utf-8",
    )
    (folder / "slip.typ").write_text(f"// a comment may hold {RARE}\n#set page(width: 50mm)\n此处有{RARE}字\n", "utf-8")
    with pytest.raises(CannotPrint, match=r"slip\.typ:3.*U[+]2A6A5"):
        make_material(town.office, "town", "slip", day=DAY)
