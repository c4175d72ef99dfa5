"""One piece of a kind, drawn from its samples or with a campaign's words: once, or anew after every edit."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from outreach.config import SETTINGS_NAME, Workspace
from outreach.domain.campaign import Campaign
from outreach.errors import BadInput, OutreachError
from outreach.messages import _
from outreach.render.manifest import Engine, MaterialKind, Per, load_kind
from outreach.render.options import NO_OPTIONS, Options
from outreach.services import press
from outreach.services.campaigns import campaign_folder, load_campaign
from outreach.services.endings import refuse_other_endings
from outreach.services.gathering import gather
from outreach.services.materials import find_kind, own_picture
from outreach.services.office import Office, write_whole
from outreach.services.printer import at_printer
from outreach.services.rounds import EVERYTHING
from outreach.services.values import base_values, letter_paragraphs

SAMPLE_PIECE = {"number": "000421", "code": "7-421-K3QF", "qr": "7-421-K3QF", "run": "7"}

_SAMPLE_DAY = dt.date(2005, 1, 10)
_MOST_PAGES = 8
_LIVE_WIDTH_PX = 1240


@dataclass(frozen=True, slots=True)
class Wish:
    """What to preview. file_format: '' is the kind's first. campaign: whose words to print; '' prints the samples."""

    kind: str
    file_format: str
    language: str
    options: Options = NO_OPTIONS
    picture: Path | None = None
    campaign: str = ""


def preview_material(workspace: Workspace | None, office: Office | None, wish: Wish, target: Path) -> Path:
    """Make one piece into the file `target`; returns it. office: needed where the wish names a campaign.

    Raises BadInput where the name ends in another format than the piece's.
    """
    kind = find_kind(workspace, wish.kind)
    refuse_other_endings(target, f".{kind.form(wish.file_format or kind.forms[0].format).format}")
    write_whole(target, _content(workspace, office, wish))
    return target


def _content(workspace: Workspace | None, office: Office | None, wish: Wish) -> bytes:
    kind = find_kind(workspace, wish.kind)
    form = kind.form(wish.file_format or kind.forms[0].format)
    kind.refuse_standard(form.format, wish.options)
    options = at_printer(workspace, kind, kind.chosen(wish.options))
    if workspace:
        options = replace(options, fallback_fonts=workspace.settings.fonts.fallback)
    values = _values(office, kind, form.format, wish)
    fonts = tuple(str(folder) for folder in workspace.font_folders) if workspace else ()
    job = press.Job((f"{kind.kind}.{form.format}",), 1, "")
    with ExitStack() as stack:
        if wish.picture:
            folders = workspace.font_folders if workspace else ()
            own = own_picture(wish.picture, kind, wish.language, options, folders)
            options = replace(options, picture=next(iter(own)))
            kind = stack.enter_context(_with_files(kind, own))
        plan = press.Plan(kind.folder.name, form.format, wish.language, _SAMPLE_DAY.isoformat(), fonts, (), options)
        (content,) = press.contents(kind, plan, job, [values], Counter())
    return content


def _values(office: Office | None, kind: MaterialKind, file_format: str, wish: Wish) -> dict[str, Any]:
    """The samples; with a campaign its own first piece, or its words around a sample household."""
    values = kind.sample_values(wish.language)
    values.setdefault("piece", SAMPLE_PIECE)
    if not wish.campaign or office is None:
        return values
    campaign = load_campaign(office.workspace, wish.campaign)
    if kind.per_of(file_format) in (Per.CAMPAIGN, Per.FLIGHT):
        pieces = gather(office, campaign, kind, file_format, wish.language, _SAMPLE_DAY, EVERYTHING)
        return values | pieces[0].values if pieces else values
    return values | _campaign_words(kind, campaign, values, wish.language)


def _campaign_words(kind: MaterialKind, campaign: Campaign, values: Mapping[str, Any], language: str) -> dict[str, Any]:
    words = base_values(campaign, language, _SAMPLE_DAY)
    if "paragraphs" in kind.variables:
        around = {**values, **words}
        words["paragraphs"] = [text.render(around, where="letter") for text in letter_paragraphs(campaign, language)]
    return words


@contextmanager
def _with_files(kind: MaterialKind, added: Mapping[str, bytes]) -> Iterator[MaterialKind]:
    """A copy of the kind, as long as the block lasts, with further files beside its layouts."""
    with TemporaryDirectory(prefix="outreach-preview-") as name:
        folder = Path(name) / kind.folder.name
        shutil.copytree(kind.folder, folder)
        beside = kind.folder.parent / "_shared"
        if beside.is_dir():
            shutil.copytree(beside, Path(name) / beside.name)
        for file, content in added.items():
            (folder / file).write_bytes(content)
        yield load_kind(folder)


def draw_preview(workspace: Workspace | None, office: Office | None, wish: Wish, stem: Path) -> list[Path]:
    """Make one piece as pictures: `stem` with '.png', further pages with '-2.png' and so on, at most 8.

    Pictures of pages that are no longer there are removed. Raises what the making raises; the old pictures stay.
    """
    drawn = _pictures(workspace, office, wish)
    paths = []
    for rank, content in enumerate(drawn, start=1):
        path = stem.with_name(f"{stem.name}-{rank}.png" if rank > 1 else f"{stem.name}.png")
        write_whole(path, content)
        paths.append(path)
    for rank in range(len(drawn) + 1, _MOST_PAGES + 1):
        stem.with_name(f"{stem.name}-{rank}.png").unlink(missing_ok=True)
    return paths


def _pictures(workspace: Workspace | None, office: Office | None, wish: Wish) -> list[bytes]:
    from outreach.render.image import page_count, page_png
    from outreach.render.suite import docx_pdf

    content = _content(workspace, office, wish)
    kind = find_kind(workspace, wish.kind)
    form = kind.form(wish.file_format or kind.forms[0].format)
    if form.engine is Engine.WORD:
        content = docx_pdf(content)
    if content.startswith(b"%PDF"):
        pages = range(min(page_count(content), _MOST_PAGES))
        return [page_png(content, page=page, width_px=_LIVE_WIDTH_PX) for page in pages]
    if content.startswith(b"\x89PNG"):
        return [content]
    raise BadInput.at(
        f"{kind.kind}, {form.format}", _("this format has no pages to picture"), _("preview it without --live")
    )


def watch_preview(
    workspace: Workspace | None,
    office: Office | None,
    wish: Wish,
    stem: Path,
    tell: Callable[[list[Path] | OutreachError], None],
    stop: Event,
) -> None:
    """Draw the preview now and after every change of the layout, the shared ones, the campaign or the settings.

    tell: gets the pictures, or the error that kept them from being drawn. Ends when `stop` is set.
    """
    from watchfiles import watch

    _draw(workspace, office, wish, stem, tell)
    for _changes in watch(*_watched(workspace, wish), stop_event=stop, debounce=200, step=50):
        _draw(workspace, office, wish, stem, tell)


def _draw(
    workspace: Workspace | None,
    office: Office | None,
    wish: Wish,
    stem: Path,
    tell: Callable[[list[Path] | OutreachError], None],
) -> None:
    try:
        tell(draw_preview(workspace, office, wish, stem))
    except OutreachError as error:
        tell(error)


def _watched(workspace: Workspace | None, wish: Wish) -> list[Path]:
    kind = find_kind(workspace, wish.kind)
    places = [kind.folder, kind.folder.parent / "_shared", *([wish.picture] if wish.picture else [])]
    if workspace:
        places.append(workspace.root / SETTINGS_NAME)
        if wish.campaign:
            places.append(campaign_folder(workspace, wish.campaign))
    return [place for place in places if place.exists()]
