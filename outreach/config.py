"""The workspace: a folder with `outreach.toml`, found by walking up, as git finds its own."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from outreach.errors import BadInput, Fault, NotFound
from outreach.messages import _

SETTINGS_NAME = "outreach.toml"

SETTINGS_TEMPLATE = """\
# Settings of this outreach workspace. Every key is explained in docs/quickstart.md.
format = 1
locale = "{locale}"            # language of messages: zh_CN or en
timezone = "Asia/Shanghai"
campaign = "{campaign}"        # the campaign meant when none is named

[store]
url = "sqlite:///outreach.db"  # relative to this folder

[fonts]
folders = []                   # further folders with .otf and .ttf files
fallback = []                  # names of fonts in them for signs the shipped fonts lack, the first first

[printing]
workers = 0                    # processes for PDF; 0 means one for each processor
front_shift_mm = [0.0, 0.0]    # moves the front of card sheets right and down; docs/print.md says how to find out
back_shift_mm = [0.0, 0.0]     # the same for their back

[contacts]
touch_days = 14                # a making tells how many of its households another campaign tried in these days

[privacy]
key_file = "outreach.key"      # made when first needed; keep a copy somewhere safe, never beside the store's backups
"""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StoreSettings(_Model):
    """Where the store is; a relative SQLite path counts from the workspace."""

    url: str = "sqlite:///outreach.db"


class FontSettings(_Model):
    """Folders with further fonts; the families that set what the layouts' own lack, the first that has a sign."""

    folders: tuple[str, ...] = ()
    fallback: tuple[str, ...] = ()


class SheetSettings(_Model):
    """A sheet of the office's own, in millimetres: plain paper to cut, or stock that comes cut.

    columns, rows: 0 on plain paper is as many as fit. piece_width_mm, piece_height_mm: one pre-cut piece; 0 is plain
    paper. left_mm, top_mm: from the paper's edge to the first piece; centred where left out. pitch_x_mm, pitch_y_mm:
    from one piece to the next; they touch where left out.
    """

    width_mm: float = Field(gt=0, le=2000)
    height_mm: float = Field(gt=0, le=2000)
    columns: int = Field(default=0, ge=0, le=100)
    rows: int = Field(default=0, ge=0, le=100)
    piece_width_mm: float = Field(default=0, ge=0)
    piece_height_mm: float = Field(default=0, ge=0)
    left_mm: float | None = Field(default=None, ge=0)
    top_mm: float | None = Field(default=None, ge=0)
    pitch_x_mm: float | None = Field(default=None, gt=0)
    pitch_y_mm: float | None = Field(default=None, gt=0)

    @property
    def measures(self) -> tuple[float, ...]:
        """Paper, grid, piece, first corner, pitch: the numbers of a sheet in the order `Options.stock` has them."""
        across, down = self.piece_width_mm, self.piece_height_mm
        pitch_x, pitch_y = self.pitch_x_mm or across, self.pitch_y_mm or down
        left, top = self.left_mm, self.top_mm
        if left is None:
            left = (self.width_mm - (self.columns - 1) * pitch_x - across) / 2
        if top is None:
            top = (self.height_mm - (self.rows - 1) * pitch_y - down) / 2
        return (self.width_mm, self.height_mm, self.columns, self.rows, across, down, left, top, pitch_x, pitch_y)

    @model_validator(mode="after")
    def _fits(self) -> SheetSettings:
        width, height, columns, rows, across, down, left, top, pitch_x, pitch_y = self.measures
        if not across and not down:
            if any(value is not None for value in (self.left_mm, self.top_mm, self.pitch_x_mm, self.pitch_y_mm)):
                raise ValueError(_("write piece_width_mm and piece_height_mm, or leave margins and pitch out"))
            return self
        if not (across and down and columns and rows):
            raise ValueError(_("write columns, rows, piece_width_mm and piece_height_mm"))
        if pitch_x < across or pitch_y < down:
            raise ValueError(_("make the pitch no smaller than the piece"))
        right, bottom = left + (columns - 1) * pitch_x + across, top + (rows - 1) * pitch_y + down
        if min(left, top) < 0 or right > width + _SLACK_MM or bottom > height + _SLACK_MM:
            raise ValueError(_("make the pieces fit on the paper"))
        return self


_SLACK_MM = 0.05  # makers round their measures
_Off = Annotated[float, Field(ge=-10, le=10)]
SheetName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$")]


class PrintSettings(_Model):
    """How pages are made and what the printer does to them.

    workers: processes that lay pages out; 0 is one for each processor. front_shift_mm, back_shift_mm: how far to move
    the front and the back of sheets, right and down, because the printer is off. sheets: own sheets by name.
    """

    workers: int = Field(default=0, ge=0, le=64)
    front_shift_mm: tuple[_Off, _Off] = (0.0, 0.0)
    back_shift_mm: tuple[_Off, _Off] = (0.0, 0.0)
    sheets: dict[SheetName, SheetSettings] = {}


class ContactSettings(_Model):
    """touch_days: a making tells how many of its households another campaign tried to contact in so many days."""

    touch_days: int = Field(default=14, ge=0, le=366)


class PrivacySettings(_Model):
    """key_file: the file with the workspace's key; a relative path counts from the workspace.

    keep_days: after so many days from a campaign's end its households may be expired; 0 keeps them for good.
    """

    key_file: str = Field(default="outreach.key", min_length=1)
    keep_days: int = Field(default=0, ge=0, le=36500)


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(_("this is no time zone; write one such as Asia/Shanghai"))
    return name


ZoneName = Annotated[str, AfterValidator(_known_zone)]
"""The name of a time zone that there is."""


class Settings(_Model):
    """What `outreach.toml` says."""

    format: int = Field(default=1, ge=1, le=1)
    locale: str = "zh_CN"
    timezone: ZoneName = "Asia/Shanghai"
    campaign: str = ""
    store: StoreSettings = StoreSettings()
    fonts: FontSettings = FontSettings()
    printing: PrintSettings = PrintSettings()
    contacts: ContactSettings = ContactSettings()
    privacy: PrivacySettings = PrivacySettings()


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace's folder and settings."""

    root: Path
    settings: Settings

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that times without one are in."""
        return ZoneInfo(self.settings.timezone)

    @property
    def out(self) -> Path:
        """The folder of everything made."""
        return self.root / "out"

    @property
    def store_url(self) -> str:
        """The store's address with a relative SQLite path made absolute."""
        return self.address_of(self.settings.store.url)

    def address_of(self, url: str) -> str:
        """An address of a store; a relative SQLite path counts from the workspace."""
        prefix = "sqlite:///"
        if url.startswith(prefix) and not url.startswith("sqlite:////"):
            return prefix + str(self.root / url.removeprefix(prefix))
        return url

    @property
    def key_path(self) -> Path:
        """The key file, absolute."""
        return self.root / Path(self.settings.privacy.key_file).expanduser()

    @property
    def font_folders(self) -> tuple[Path, ...]:
        """The further font folders, absolute."""
        return tuple(self.root / Path(folder).expanduser() for folder in self.settings.fonts.folders)


def find_workspace(start: Path) -> Workspace:
    """The workspace that holds `start`; raises NotFound when no parent has an outreach.toml."""
    for folder in (start, *start.parents):
        if (folder / SETTINGS_NAME).is_file():
            return load_workspace(folder)
    raise NotFound.at(
        str(start),
        _("this folder is not in an outreach workspace"),
        _("go to your workspace, name it with --workspace, or make one with 'outreach init'"),
    )


def load_workspace(root: Path) -> Workspace:
    """Read `root/outreach.toml`; raises BadInput with every fault."""
    path = root / SETTINGS_NAME
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise NotFound.at(str(path), _("there is no such file"), _("make a workspace with 'outreach init'")) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput.at(str(path), _("is not valid TOML: {error}", error=error), _("mend that line")) from error
    try:
        return Workspace(root.resolve(), Settings(**raw))
    except ValidationError as error:
        raise BadInput(*model_faults(str(path), error)) from error


def model_faults(file: str, error: ValidationError) -> list[Fault]:
    """One Fault for each problem pydantic found, each with its path and mend."""
    return [_model_fault(file, ".".join(str(part) for part in item["loc"]), dict(item)) for item in error.errors()]


def _model_fault(file: str, path: str, item: dict[str, object]) -> Fault:
    where = f"{file}, {path}"
    kind = str(item["type"])
    if kind == "extra_forbidden":
        return Fault(where, _("unknown key"), _("remove it or correct its spelling"))
    if kind == "missing":
        return Fault(where, _("is missing"), _("add it"))
    given = item.get("input")
    if given and isinstance(given, dict | list | tuple | BaseModel):
        # A table or a list is not shown: whoever wrote it knows it by its key.
        return Fault(where, _("what is written there is not accepted"), _mend(kind, item))
    shown = given.isoformat() if isinstance(given, dt.date | dt.time) else repr(given)
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return Fault(where, _("{value} is not accepted", value=shown), _mend(kind, item))


def _mend(kind: str, item: dict[str, object]) -> str:
    """What to write instead, for each kind of problem pydantic tells apart."""
    limits = item.get("ctx")
    facts = dict(limits) if isinstance(limits, dict) else {}
    word = kind.removesuffix("_type").removesuffix("_parsing").removesuffix("_from_date").partition("_")[0]
    if kind == "value_error":  # the sentence is one of ours
        return str(item["msg"]).removeprefix("Value error, ")
    if kind in ("string_too_short", "too_short"):
        return _("write at least {count}", count=facts["min_length"])
    if kind in ("string_too_long", "too_long"):
        return _("write at most {count}", count=facts["max_length"])
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        sign = {"greater_than": ">", "greater_than_equal": "≥", "less_than": "<", "less_than_equal": "≤"}[kind]
        return _("write a number {limit}", limit=f"{sign} {next(iter(facts.values()))}")
    if kind == "string_pattern_mismatch":
        return _("write small letters, digits and dashes; the rule is {pattern}", pattern=facts["pattern"])
    if kind in ("literal_error", "enum"):
        return _("choose one of {names}", names=facts["expected"])
    forms = {
        "string": _("write a text in quotation marks"),
        "int": _("write a whole number"),
        "float": _("write a number"),
        "decimal": _("write a number"),
        "finite": _("write a number"),
        "bool": _("write true or false"),
        "date": _("write a day such as 2005-01-31, without quotation marks"),
        "time": _("write a time such as 08:00:00"),
        "tuple": _("write a list in square brackets"),
        "list": _("write a list in square brackets"),
        "dict": _("write it as a table"),
        "model": _("write it as a table"),
    }
    return forms.get(word, str(item["msg"]))
