"""Kinds that a bureau makes itself, in the templates folder of its workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from outreach.errors import BadInput
from outreach.services.materials import find_kind, make_material
from outreach.services.runs import list_runs

MANIFEST = """\
kind = "slip"
per = "household"
title = { zh = "条子", en = "Slip" }
page = { width_mm = 100, height_mm = 60 }

[[forms]]
format = "pdf"
engine = "typst"
files = { zh = "slip.typ", en = "slip.typ" }

[variables."household.code"]
zh = "户号"
en = "code"
sample = "S-1"
"""
LAYOUT = """\
#import "../_shared/shared.typ": *
#show: typed.with(size: 10pt)
#set page(width: width, height: height, margin: 0pt)
#for values in data.pages { page(at(10mm, 10mm, values.household.code)) }
"""


@pytest.fixture
def slip(town: Any) -> Path:
    folder = Path(town.root) / "templates" / "slip"
    folder.mkdir()
    (folder / "material.toml").write_text(MANIFEST, "utf-8")
    (folder / "slip.typ").write_text(LAYOUT, "utf-8")
    return folder


def test_a_household_kind_does_not_fail_for_what_only_the_letter_prints(town: Any, slip: Path) -> None:
    town.edit_household("H002", 断保月数="")
    assert make_material(town.office, "", "slip").run.pieces == 30


def test_a_broken_layout_is_named_where_it_is_edited_and_leaves_no_run(town: Any, slip: Path) -> None:
    (slip / "slip.typ").write_text(LAYOUT.replace("values.household", "value.household"), "utf-8")
    with pytest.raises(BadInput, match="unknown variable") as refused:
        make_material(town.office, "", "slip")
    assert str(slip / "slip.typ") in refused.value.faults[0].where
    assert list_runs(town.office) == []
    assert [path.name for path in town.workspace.out.iterdir()] == [".locks"]


def test_a_kind_is_named_as_its_folder(town: Any, slip: Path) -> None:
    copy = slip.with_name("slip2")
    slip.rename(copy)
    with pytest.raises(BadInput, match="'slip' differs from the folder 'slip2'"):
        find_kind(town.workspace, "slip2")
