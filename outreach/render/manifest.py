"""The manifest of a material kind: `templates/KIND/material.toml`.

A kind is a folder: layouts for one or more formats, the words printed around the values (labels) in each
language, and every variable the layouts may use with a label and a sample. Samples drive previews and the
test that makes every kind.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outreach.config import model_faults
from outreach.errors import BadInput
from outreach.messages import _
from outreach.render.options import Options

MANIFEST_NAME = "material.toml"


class Per(StrEnum):
    """What one piece of the kind is made for."""

    HOUSEHOLD = "household"
    PERSON = "person"
    ENTRANCE = "entrance"
    POST = "post"
    LIST = "list"
    FLIGHT = "flight"
    CAMPAIGN = "campaign"


class Engine(StrEnum):
    """What lays a form out."""

    WORD = "word"
    TYPST = "typst"
    TEXT = "text"
    CRAWL = "crawl"
    TABLE = "table"


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


class Size(Page):
    """One of the sizes a kind comes in. px: a screen's pixels, for which the millimetres only give the shape.

    saddle: the pages are laid on sheets of twice the size, to be folded and stapled, of paper `paper_mm` thick.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$")
    px: tuple[int, int] | None = None
    saddle: bool = False
    paper_mm: float = Field(default=0.1, ge=0, le=1)


class Look(Words):
    """One of the designs a kind comes in."""

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")


class Cards(_Model):
    """Pieces many on a sheet, in millimetres.

    width_mm, height_mm: of one; 0 takes the size of the sheet's pieces, as labels do. sheet: the name of the sheet
    where none is chosen; '' is plain paper of sheet_width_mm x sheet_height_mm. sides: 2 where each has a back.
    """

    width_mm: float = Field(default=0, ge=0)
    height_mm: float = Field(default=0, ge=0)
    sides: Literal[1, 2] = 2
    sheet: str = ""
    sheet_width_mm: float = Field(default=210, gt=0)
    sheet_height_mm: float = Field(default=297, gt=0)


class Form(_Model):
    """One format the kind comes in: the engine and its layout file per language.

    per: what one piece of this format is for, where that differs from the kind's.
    """

    format: str
    engine: Engine
    files: dict[str, str]
    per: Per | None = None


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
    fact: Literal["", "phone", "officer", "address", "hours", "date", "amount", "answer", "booth"] = ""


class MaterialKind(_Model):
    """A whole manifest, with the folder it was read from.

    channel: whoever does not want to be contacted by it gets no piece; the one named like the kind where empty.
    """

    kind: str
    per: Per
    channel: str = ""
    title: Words
    page: Page | None = None
    sizes: tuple[Size, ...] = ()
    looks: tuple[Look, ...] = ()
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

    def per_of(self, file_format: str) -> Per:
        """What one piece of a format is made for."""
        return self.form(file_format).per or self.per

    def refuse_standard(self, file_format: str, options: Options) -> None:
        """Raise BadInput where a PDF standard is asked of another format."""
        if options.standard and file_format != "pdf":
            raise BadInput.at(
                f"{self.kind}, --standard",
                _("a file of format '{name}' follows no PDF standard", name=file_format),
                _("make it with --format pdf, or leave it out"),
            )

    def chosen(self, options: Options) -> Options:
        """`options` with the kind's first size and look where none is named; raises BadInput for unknown names."""
        return replace(
            options,
            size=_one_of(self.kind, "--size", options.size, [size.name for size in self.sizes]),
            look=_one_of(self.kind, "--look", options.look, [look.name for look in self.looks]),
        )

    def page_of(self, options: Options) -> Page | None:
        """The page the options choose: a named size, the first size, or the kind's only page."""
        if not self.sizes:
            return self.page
        return next((size for size in self.sizes if size.name == options.size), self.sizes[0])

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


def _one_of(kind: str, option: str, name: str, names: list[str]) -> str:
    """`name`, or the first of `names` where it is empty."""
    if not name:
        return names[0] if names else ""
    if not names:
        raise BadInput.at(f"{kind}, {option}", _("there is no choice of this"), _("leave it out"))
    if name not in names:
        raise BadInput.at(
            f"{kind}, {option}",
            _("there is none named '{name}'", name=name),
            _("choose one of {names}", names=", ".join(names)),
        )
    return name


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
