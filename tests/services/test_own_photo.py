"""Posters as a print run: in the size and look chosen, with the office's own photo."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from outreach.errors import BadInput
from outreach.render.options import Options
from outreach.services.materials import make_material


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "booth.jpg"
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAMERA"
    Image.linear_gradient("L").resize((1800, 1400)).convert("RGB").save(path, exif=exif)
    return path


def test_a_poster_for_a_screen_is_a_picture_of_its_pixels(town: Any, photo: Path) -> None:
    options = Options(size="3-4", look="homeward")
    made = make_material(town.office, "", "poster", file_format="png", options=options, picture=photo)
    (file,) = made.files
    assert Image.open(made.folder / file.name).size == (1080, 1440)
    assert re.fullmatch(r"own-picture-\d+dpi\.jpg", made.run.options["picture"])
    assert (made.run.options["size"], made.run.options["look"]) == ("3-4", "homeward")


def test_nothing_hidden_in_the_photo_reaches_what_is_printed(town: Any, photo: Path) -> None:
    made = make_material(town.office, "", "poster", options=Options(size="A4", look="calm"), picture=photo)
    assert not [path for path in made.folder.rglob("*") if path.is_file() and b"SECRET" in path.read_bytes()]
    (page,) = PdfReader(io.BytesIO((made.folder / made.files[0].name).read_bytes())).pages
    assert len(page.images) >= 1


def test_a_photo_too_coarse_leaves_no_run_behind(town: Any, photo: Path) -> None:
    with pytest.raises(BadInput, match="at least 100"):
        make_material(town.office, "", "poster", options=Options(size="A1"), picture=photo)
    assert not town.workspace.out.exists() or not any(town.workspace.out.glob("*poster*"))


def test_notices_for_small_doors_are_a5(town: Any) -> None:
    made = make_material(town.office, "", "notice", options=Options(size="A5"))
    page = PdfReader(io.BytesIO((made.folder / made.files[0].name).read_bytes())).pages[0]
    assert [round(float(side) * 25.4 / 72) for side in (page.trimbox.width, page.trimbox.height)] == [148, 210]
    assert re.search(r"\d+-\d+-[0-9A-Z]{4}", page.extract_text())
