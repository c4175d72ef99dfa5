"""Pictures of a plan as files: drawn once as SVG, written as .svg, .pdf or .png."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from outreach.config import Workspace
from outreach.errors import BadInput, CannotPrint
from outreach.messages import _
from outreach.render.drawing import drawing_pdf, drawing_png
from outreach.render.fonts import check_texts, coverage
from outreach.services.office import Office, write_whole
from outreach.services.pictures import draw_gantt, draw_month
from outreach.services.rota_state import RotaKind
from outreach.services.town_pictures import draw_map, draw_rota

_MARGIN = 24
_WORDS = re.compile(r"<text [^>]*>([^<]*)</text>")


class Picture(StrEnum):
    """What can be drawn."""

    GANTT = "gantt"
    MONTH = "month"
    MAP = "map"
    BOOTHS = "booths"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that was written."""

    picture: Picture
    file: Path


def make_picture(
    office: Office, campaign_name: str, picture: Picture, target: Path, *, month: str = "", today: dt.date | None = None
) -> PictureFile:
    """Draw a picture and write it to `target`; month: of a wall calendar or rota, today: a line in the Gantt.

    Raises BadInput for an ending that is no picture's, and what the drawing raises.
    """
    if target.suffix.lower() not in (".svg", ".pdf", ".png"):
        raise BadInput.at(str(target), _("is no .svg, .pdf or .png file"), _("name it with one of these endings"))
    if picture is Picture.GANTT:
        svg = draw_gantt(office.workspace, campaign_name, today)
    elif picture is Picture.MONTH:
        svg = draw_month(office.workspace, campaign_name, month)
    elif picture is Picture.MAP:
        svg = draw_map(office, campaign_name)
    else:
        kind = RotaKind.BOOTH if picture is Picture.BOOTHS else RotaKind.DUTY
        svg = draw_rota(office, campaign_name, kind, month)
    # A wall calendar has a margin of its own: it is one A4 sheet.
    write_whole(target, _content(office.workspace, svg, target, 0 if picture is Picture.MONTH else _MARGIN))
    return PictureFile(picture, target)


def _content(workspace: Workspace, svg: str, target: Path, margin: int) -> bytes:
    ending = target.suffix.lower()
    if ending == ".svg":
        return svg.encode()
    folders = workspace.font_folders
    signs = coverage(folders, workspace.settings.fonts.fallback)
    if faults := check_texts(" ".join(_WORDS.findall(svg)), signs, where=str(target)):
        raise CannotPrint(*faults)
    make = drawing_pdf if ending == ".pdf" else drawing_png
    return make(svg, margin=margin, fonts=folders)
