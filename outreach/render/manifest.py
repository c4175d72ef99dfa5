"""The manifest of a material kind: `templates/KIND/material.toml`.

A kind is a folder: layouts for one or more formats, the words printed around the values (labels) in each
language, and every variable the layouts may use with a label and a sample. Samples drive previews and the
test that makes every kind.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outreach.config import model_faults
from outreach.errors import BadInput
from outreach.messages import _

MANIFEST_NAME = "material.toml"


class Per(StrEnum):
    """What one piece of the kind is made for."""

    HOUSEHOLD = "household"
    PERSON = "person"
    ENTRANCE = "entrance"
    CAMPAIGN = "campaign"


class Engine(StrEnum):
    """What lays a form out."""

    WORD = "word"
    TYPST = "typst"
    TEXT = "text"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Model):
    """One text in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The text in `language`."""
        return self.zh if language == "zh" else self.en


class Page(_Model):
    """Trim size and bleed in millimetres."""

    width_mm: float = Field(gt=0)
    height_mm: float = Field(gt=0)
    bleed_mm: float = Field(default=0, ge=0)


class Cards(_Model):
    """Size of one card and of the sheet it is cut from, in millimetres."""

    width_mm: float = Field(gt=0)
    height_mm: float = Field(gt=0)
    sheet_width_mm: float = Field(default=210, gt=0)
    sheet_height_mm: float = Field(default=297, gt=0)


class Form(_Model):
    """One format the kind comes in: the engine and its layout file per language."""

    format: str
    engine: Engine
    files: dict[str, str]


class Variable(_Model):
    """One value a layout may use.

    `qr` values are payload texts that the engine draws as QR codes. An `optional` value may be empty and
    the layout leaves its line out; `optional_keys` say the same of keys inside a list's items. Any other
    value that is missing or empty stops the print.
    """

    zh: str
    en: str
    sample: Any
    sample_en: Any = None
    qr: bool = False
    optional: bool = False
    optional_keys: tuple[str, ...] = ()


class MaterialKind(_Model):
    """A whole manifest, with the folder it was read from."""

    kind: str
    per: Per
    title: Words
    page: Page | None = None
    cards: Cards | None = None
    forms: tuple[Form, ...] = Field(min_length=1)
    labels: dict[str, dict[str, str]] = {}
    variables: dict[str, Variable]
    folder: Path = Path()

    def form(self, file_format: str) -> Form:
        """The form for `file_format`; raises BadInput naming the formats there are."""
        for form in self.forms:
            if form.format == file_format:
                return form
        raise BadInput.at(
            self.kind,
            _("there is no format '{name}'", name=file_format),
            _("choose one of {names}", names=", ".join(form.format for form in self.forms)),
        )

    def layout(self, file_format: str, language: str) -> Path:
        """The layout file for a format and language; raises BadInput where the kind has none."""
        form = self.form(file_format)
        if language not in form.files:
            raise BadInput.at(
                str(self.folder / MANIFEST_NAME),
                _("format '{name}' has no layout for language '{language}'", name=file_format, language=language),
                _("choose one of {names}", names=", ".join(form.files)),
            )
        path = self.folder / form.files[language]
        if not path.is_file():
            raise BadInput.at(str(path), _("the layout file is missing"), _("restore it or mend the manifest"))
        return path

    def sample_values(self, language: str) -> dict[str, Any]:
        """The samples as the nested values a layout receives: 'officer.name' becomes {'officer': {'name': ...}}."""
        values: dict[str, Any] = {}
        for name, variable in self.variables.items():
            sample = variable.sample_en if language == "en" and variable.sample_en is not None else variable.sample
            *parents, leaf = name.split(".")
            target = values
            for parent in parents:
                target = target.setdefault(parent, {})
            target[leaf] = sample
        return values


def load_kind(folder: Path) -> MaterialKind:
    """Read `folder/material.toml`; raises BadInput listing every fault with its path."""
    path = folder / MANIFEST_NAME
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadInput.at(str(path), _("cannot be read"), str(error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput.at(str(path), _("is not valid TOML"), str(error)) from error
    try:
        kind = MaterialKind(**(raw | {"folder": folder}))
    except ValidationError as error:
        raise BadInput(*model_faults(str(path), error)) from error
    if kind.kind != folder.name:
        raise BadInput.at(
            f"{path}, kind",
            _("'{name}' differs from the folder '{folder}'", name=kind.kind, folder=folder.name),
            _("give both the same name"),
        )
    return kind
