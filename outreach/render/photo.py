"""An office's own photo, made fit for its place in a layout: nothing hidden in it, cropped, sharp enough.

Only the pixels go on: EXIF, GPS, colour profiles and whatever else a file carries stay behind. The place and its size
come from the layout itself, which marks it `<picture-box>`.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from outreach.errors import BadInput, NotFound
from outreach.messages import _
from outreach.render.jpeg import ends_in_filling, markers_agree
from outreach.render.manifest import MaterialKind, Page, Size
from outreach.render.options import Options

if TYPE_CHECKING:
    from PIL import Image

FOCUS = (0.5, 1 / 3)
"""What a crop keeps in its place, as shares of width and height: the middle, and the upper third, where heads are."""

_MOST_PIXELS = 120_000_000
_MOST_BYTES = 100_000_000
_NEAR_DPI, _FAR_DPI = 150, 100
_NEAR_MM = 300  # up to A3 a poster is read from arm's length, larger ones from across the street
_SCREEN_SHARE = 2 / 3  # of a screen's pixels that a photo must have of its own
_QUALITY = 90
_SNAPSHOT_SIDE = 2048  # pixels; a notice on a door can be read on it
_TOO_MUCH_TEXT = ("MAX_TEXT_CHUNK", "text chunks")  # what Pillow says of a PNG's comments that unpack to megabytes


@dataclass(frozen=True, slots=True)
class PictureBox:
    """The place of the picture on the page, in millimetres, and the least resolution that looks right there."""

    width_mm: float
    height_mm: float
    least_dpi: float


@dataclass(frozen=True, slots=True)
class Photo:
    """A cleaned photo as JPEG, cropped to its place, and its own resolution there in pixels an inch."""

    jpeg: bytes
    dpi: int


def clean_photo(
    path: Path, kind: MaterialKind, language: str, options: Options, *, fonts: Sequence[Path] = ()
) -> Photo:
    """The photo at `path` as the layout of `kind` needs it; equal inputs give equal bytes.

    Raises NotFound where there is no file; BadInput where it is no JPEG or PNG, damaged, too large or too small for
    its place, and where the layout has no place for a picture.
    """
    box = picture_box(kind, language, options, fonts=fonts)
    # Twice the least is as sharp as print can show; more would only make the files larger.
    most = 2 * box.least_dpi / 25.4
    wanted = (round(box.width_mm * most), round(box.height_mm * most))
    picture, size = _opened(path, max(wanted))
    dpi = check_resolution(path, size, box)
    cropped = crop_for(picture, box.width_mm / box.height_mm)
    if cropped.width > wanted[0]:
        cropped = cropped.resize(wanted)
    out = io.BytesIO()
    cropped.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    return Photo(out.getvalue(), round(dpi))


def clean_snapshot(path: Path) -> bytes:
    """A photo kept as proof, as JPEG of its pixels alone: no EXIF, no place, no profile; 2048 pixels a side at most.

    The same pixels give the same bytes, whatever was written about them. Raises what `clean_photo` says about files.
    """
    picture, _size = _opened(path, _SNAPSHOT_SIDE)
    picture.thumbnail((_SNAPSHOT_SIDE, _SNAPSHOT_SIDE))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


def picture_box(kind: MaterialKind, language: str, options: Options, *, fonts: Sequence[Path] = ()) -> PictureBox:
    """Where the layout of `kind` places a picture with these options, as the layout itself draws it.

    Raises BadInput where it has no `<picture-box>`.
    """
    from outreach.render.page import make_marked, page_values

    bare = replace(options, picture="", standard="")
    values = page_values(kind, language, [kind.sample_values(language)], bare)
    _pdf, marks = make_marked(kind.layout("pdf", language), values, "picture-box", fonts=fonts)
    if not marks:
        raise BadInput.at(
            f"{kind.kind}, --picture", _("this layout has no place for a picture"), _("leave --picture out")
        )
    page = kind.page_of(options)
    return PictureBox(marks[0]["width"], marks[0]["height"], least_dpi(page) if page else _NEAR_DPI)


def least_dpi(page: Page) -> float:
    """The least resolution of a photo on `page`: 150 up to A3, 100 beyond, two thirds of a screen's own."""
    if isinstance(page, Size) and page.px:
        return page.px[0] / page.width_mm * 25.4 * _SCREEN_SHARE
    return _NEAR_DPI if min(page.width_mm, page.height_mm) <= _NEAR_MM else _FAR_DPI


def check_resolution(path: Path, size_px: tuple[int, int], box: PictureBox) -> float:
    """The dots an inch a photo of `size_px` has when it covers `box`; raises BadInput below the box's least."""
    dpi = min(size_px[0] / box.width_mm, size_px[1] / box.height_mm) * 25.4
    if dpi < box.least_dpi:
        needed = (math.ceil(side / 25.4 * box.least_dpi) for side in (box.width_mm, box.height_mm))
        raise BadInput.at(
            str(path),
            _(
                "{width} x {height} pixels are {dpi} dpi in its place of {place} mm, and at least {least} are needed",
                width=size_px[0],
                height=size_px[1],
                dpi=math.floor(dpi),
                place=f"{box.width_mm:.0f} x {box.height_mm:.0f}",
                least=math.ceil(box.least_dpi),
            ),
            _("give a photo of at least {size} pixels, or choose a smaller size", size=" x ".join(map(str, needed))),
        )
    return dpi


def crop_for(picture: Image.Image, ratio: float, focus: tuple[float, float] = FOCUS) -> Image.Image:
    """The largest part of `picture` whose width is `ratio` times its height; nothing is stretched.

    focus: what lies at these shares of width and height lies there in the part too.
    """
    width, height = picture.size
    across, down = min(width, max(1, round(height * ratio))), min(height, max(1, round(width / ratio)))
    left, top = round((width - across) * focus[0]), round((height - down) * focus[1])
    return picture.crop((left, top, left + across, top + down))


def _opened(path: Path, enough: int) -> tuple[Image.Image, tuple[int, int]]:
    """The pixels of a photo, upright, in RGB, and how many there are; those decoded are no fewer than `enough` a side.

    Raises what `clean_photo` says about files.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if not path.is_file():
        raise NotFound.at(str(path), _("there is no such file"), _("correct the path of the photo"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow's own size warning; the limit below is lower and is kept
            if path.stat().st_size > _MOST_BYTES:
                raise Image.DecompressionBombError
            with Image.open(path, formats=("JPEG", "PNG")) as source:
                if math.prod(source.size) > _MOST_PIXELS:
                    raise Image.DecompressionBombError
                size = source.size
                if source.format == "JPEG" and not markers_agree(path.read_bytes()):
                    raise OSError
                source.draft(None, (enough, enough))
                if source.format == "JPEG" and ends_in_filling(source):
                    raise _filled(path)
                picture = ImageOps.exif_transpose(source)
                turned = (picture.width > picture.height) != (source.width > source.height)
                plain = _in_rgb(picture)
    except UnidentifiedImageError as error:
        raise BadInput.at(str(path), _("is no JPEG or PNG picture"), _("save the photo as JPEG or PNG")) from error
    except Image.DecompressionBombError as error:
        raise BadInput.at(
            str(path),
            _("is larger than {most} megapixels or 100 MB", most=_MOST_PIXELS // 1_000_000),
            _("make the photo smaller"),
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error) as error:
        if any(sign in str(error) for sign in _TOO_MUCH_TEXT):
            raise BadInput.at(
                str(path), _("holds comments that are too long"), _("save the photo anew without comments")
            ) from error
        raise BadInput.at(str(path), _("is damaged"), _("take the photo from the camera again")) from error
    return plain, size[::-1] if turned else size


def _filled(path: Path) -> BadInput:
    """The error for a photo whose end is what a decoder fills in."""
    return BadInput.at(
        str(path),
        _("is damaged: its lower edge is the plain grey that stands for lost pixels"),
        _("take the photo from the camera again, or cut the grey off"),
    )


def _in_rgb(picture: Image.Image) -> Image.Image:
    """The picture in sRGB: converted by its own colour profile, on white where it is transparent."""
    from PIL import Image, ImageCms

    if picture.mode.startswith(("I", "F")):  # 16 bits of grey
        picture = picture.convert("I").point(lambda grey: grey / 256).convert("L")
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            turned = None  # a profile that is damaged, or of another kind of colour, says nothing
        if turned is not None:
            picture = turned
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain
