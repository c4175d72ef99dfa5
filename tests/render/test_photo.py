"""An office's own photo: nothing hidden in it goes on, it is never stretched, and too coarse a one is refused."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from outreach.errors import BadInput, NotFound
from outreach.render.manifest import MaterialKind, Page, Size, load_kind
from outreach.render.options import Options
from outreach.render.photo import (
    FOCUS,
    Photo,
    PictureBox,
    check_resolution,
    clean_photo,
    crop_for,
    least_dpi,
    picture_box,
)

POSTER = load_kind(Path(__file__).parents[2] / "templates" / "poster")
SMALLEST = Options(size="square", look="homeward")


def split(width: int, height: int) -> Image.Image:
    """A picture red above and blue below, its left tenth green."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    picture.paste((30, 30, 200), (0, height // 2, width, height))
    picture.paste((30, 160, 30), (0, 0, width // 10, height))
    return picture


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """saved(picture, 'JPEG', exif=...) -> the file."""

    def save(picture: Image.Image, file_format: str = "JPEG", **more: object) -> Path:
        path = tmp_path / f"photo.{file_format.lower()}"
        picture.save(path, file_format, **more)
        return path

    return save


def clean(path: Path, options: Options = SMALLEST, kind: MaterialKind = POSTER) -> Photo:
    return clean_photo(path, kind, "zh", options)


def shown(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.jpeg), formats=("JPEG",))


def near(picture: Image.Image, x: float, y: float) -> str:
    """Which of red, green and blue stands at these shares of the picture."""
    spot = picture.getpixel((int(picture.width * x), int(picture.height * y)))
    assert isinstance(spot, tuple)
    return ("red", "green", "blue")[spot.index(max(spot))]


def exif_with_place(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def test_where_and_with_what_a_photo_was_taken_does_not_go_on(saved: Callable[..., Path]) -> None:
    path = saved(split(2400, 1600), exif=exif_with_place(), comment=b"SECRETCOMMENT")
    assert b"SECRETCAMERA" in path.read_bytes()
    assert b"SECRETCOMMENT" in path.read_bytes()
    photo = clean(path)
    assert b"SECRET" not in photo.jpeg
    assert b"Exif" not in photo.jpeg
    assert dict(shown(photo).getexif()) == {}
    assert "icc_profile" not in shown(photo).info


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_with_the_camera_turned_stands_upright(saved: Callable[..., Path], orientation: int) -> None:
    turn = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    upright = split(2000, 1900)
    path = saved(upright.transpose(turn) if turn is not None else upright, exif=exif_with_place(orientation))
    picture = shown(clean(path))
    assert (near(picture, 0.5, 0.1), near(picture, 0.5, 0.9), near(picture, 0.02, 0.5)) == ("red", "blue", "green")


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "CMYK", "I;16"])
def test_every_kind_of_picture_becomes_plain_rgb(saved: Callable[..., Path], mode: str) -> None:
    grey = Image.linear_gradient("L").resize((1500, 900))
    if mode == "I;16":
        picture = Image.frombytes("I;16", grey.size, b"".join(struct.pack("<H", v * 257) for v in grey.tobytes()))
    else:
        picture = grey.convert(mode)
    path = saved(picture, "JPEG" if mode == "CMYK" else "PNG")
    result = shown(clean(path))
    assert result.mode == "RGB"
    dark, light = result.getpixel((700, 5)), result.getpixel((700, result.height - 5))
    assert isinstance(dark, tuple)
    assert isinstance(light, tuple)
    assert max(dark) < 80
    assert min(light) > 180


def test_what_is_transparent_becomes_white(saved: Callable[..., Path]) -> None:
    result = shown(clean(saved(Image.new("RGBA", (1500, 900), (200, 0, 0, 0)), "PNG")))
    assert result.getpixel((100, 100)) == (255, 255, 255)


def test_a_profile_is_used_before_it_is_dropped(saved: Callable[..., Path]) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = shown(clean(saved(split(2400, 1600), icc_profile=lab)))
    broken = shown(clean(saved(split(2400, 1600), icc_profile=b"no profile at all")))
    assert near(kept, 0.5, 0.1) == near(broken, 0.5, 0.1) == "red"


def test_equal_photos_give_equal_bytes(saved: Callable[..., Path]) -> None:
    path = saved(split(2400, 1600))
    assert clean(path) == clean(path)


@pytest.mark.parametrize("ratio", [16 / 9, 1.0, 0.6, 3.2])
def test_a_crop_covers_its_place_and_stretches_nothing(ratio: float) -> None:
    disc = Image.new("L", (900, 700))
    part = crop_for(disc, ratio)
    assert part.width / part.height == pytest.approx(ratio, rel=0.005)
    assert part.width == 900 or part.height == 700  # the largest part there is


def test_a_crop_keeps_the_upper_third_where_heads_are() -> None:
    tall = Image.new("L", (300, 900))
    tall.paste(255, (0, 295, 300, 305))  # eyes, a third from the top
    part = crop_for(tall, 1.0)
    row = next(y for y in range(part.height) if part.getpixel((150, y)) == 255)
    assert row / part.height == pytest.approx(FOCUS[1], abs=0.03)
    beside = crop_for(Image.new("L", (900, 300)), 1.0, focus=(1.0, 0.0))
    assert beside.size == (300, 300)


def test_a_photo_fills_the_place_the_layout_gives_it(saved: Callable[..., Path]) -> None:
    for look in ("bold", "calm", "homeward"):
        for size in ("A4", "16-9", "square"):
            options = Options(size=size, look=look)
            box = picture_box(POSTER, "zh", options)
            result = shown(clean(saved(split(3600, 3600)), options))
            assert result.width / result.height == pytest.approx(box.width_mm / box.height_mm, rel=0.01)


def test_a_photo_too_coarse_for_a_size_is_refused_with_what_is_needed(saved: Callable[..., Path]) -> None:
    path = saved(split(1600, 1067))
    assert clean(path, Options(size="square", look="homeward")).dpi >= 68
    with pytest.raises(BadInput) as caught:
        clean(path, Options(size="A1", look="homeward"))
    (fault,) = caught.value.faults
    assert "1600 x 1067 pixels" in fault.what
    assert "at least 100" in fault.what
    box = picture_box(POSTER, "zh", Options(size="A1", look="homeward"))
    needed = [int(side) for side in fault.mend.split("at least ")[1].split(" pixels")[0].split(" x ")]
    assert needed == pytest.approx([box.width_mm / 0.254, box.height_mm / 0.254], abs=1)
    assert clean(saved(split(*needed)), Options(size="A1", look="homeward")).dpi == 100


def test_a_turned_photo_is_measured_as_it_is_seen(saved: Callable[..., Path]) -> None:
    path = saved(split(2000, 1000), exif=exif_with_place(6))
    with pytest.raises(BadInput) as caught:
        clean(path, Options(size="A2", look="calm"))
    assert "1000 x 2000 pixels" in caught.value.faults[0].what


def test_the_least_resolution_follows_from_how_far_away_one_stands() -> None:
    assert least_dpi(Page(width_mm=210, height_mm=297)) == least_dpi(Page(width_mm=297, height_mm=420)) == 150
    assert least_dpi(Page(width_mm=594, height_mm=841)) == 100
    screen = Size(name="screen", width_mm=480, height_mm=270, px=(1920, 1080))
    assert least_dpi(screen) * 480 / 25.4 == pytest.approx(1920 * 2 / 3)
    assert check_resolution(Path("x"), (1500, 1000), PictureBox(254, 100, 150)) == 150


def test_a_large_photo_is_kept_no_larger_than_print_can_show(saved: Callable[..., Path]) -> None:
    options = Options(size="square", look="homeward")
    box = picture_box(POSTER, "zh", options)
    photo = clean(saved(split(6000, 4000)), options)
    assert shown(photo).width <= box.width_mm / 25.4 * box.least_dpi * 2 + 1
    assert photo.dpi > 2 * box.least_dpi  # what is said is the photo's own


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "no JPEG or PNG"),
        (b"", "no JPEG or PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG or PNG"),
        (png_of(60_000, 60_000), "larger than"),
        (png_of(13_000, 13_000), "larger than"),
        (png_of(2000, 2000), "damaged"),
    ],
)
def test_what_is_no_photo_damaged_or_a_bomb_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        clean(path)
    (fault,) = caught.value.faults
    assert fault.where == str(path)
    assert said in fault.what


def test_half_a_photo_is_refused(saved: Callable[..., Path]) -> None:
    path = saved(split(2400, 1600))
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(BadInput, match="damaged"):
        clean(path)


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_a_photo_with_a_marker_gone_astray_among_its_pixels_is_refused(
    saved: Callable[..., Path], how: dict[str, Any]
) -> None:
    path = saved(Image.effect_noise((2400, 1600), 60).convert("RGB"), **how)
    whole = path.read_bytes()
    assert clean(path).dpi
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"\x12\xff\xd3\x55\xff\x31" * 60 + whole[middle + 360 :])
    with pytest.raises(BadInput, match="damaged"):
        clean(path)


def test_a_photo_cut_off_and_ended_anew_is_refused(saved: Callable[..., Path]) -> None:
    path = saved(Image.effect_noise((2400, 1600), 60).convert("RGB"))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xff\xd9")
    with pytest.raises(BadInput, match="plain grey"):
        clean(path)


def test_what_follows_a_photo_in_its_file_is_no_damage(saved: Callable[..., Path]) -> None:
    path = saved(split(2400, 1600))
    path.write_bytes(path.read_bytes() + b"\0" * 900 + b"\xff\xd8\xff\xff a second, smaller picture")
    assert clean(path).dpi


def test_a_photo_with_endless_comments_is_not_called_damaged(tmp_path: Path, saved: Callable[..., Path]) -> None:
    comments = PngInfo()
    comments.add_text("Comment", "x" * 80_000_000, zip=True)
    path = saved(split(1500, 900), "PNG", pnginfo=comments)
    with pytest.raises(BadInput) as caught:
        clean(path)
    assert caught.value.faults[0].what == "holds comments that are too long"
    assert caught.value.faults[0].mend == "save the photo anew without comments"


def test_a_photo_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        clean(tmp_path / "none.jpg")


def test_a_layout_without_a_place_for_a_picture_says_so(saved: Callable[..., Path]) -> None:
    notice = load_kind(POSTER.folder.parent / "notice")
    with pytest.raises(BadInput, match="no place for a picture"):
        clean(saved(split(2400, 1600)), Options(), notice)
