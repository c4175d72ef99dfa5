"""Notices on doors: what hangs too long, and photos of them that carry nothing but their pixels."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from outreach.domain.pieces import PieceState
from outreach.errors import BadInput, Conflict, NotFound, OutreachError
from outreach.services.materials import make_material
from outreach.services.notices import keep_photo, list_notices, notices_due
from outreach.services.piece_states import Change, record_state

APRIL = dt.date(2005, 4, 30)


@pytest.fixture
def hung(town: Any) -> Any:
    """Notices that hang on every door; the first is taken down, the second is missing."""
    make_material(town.office, "", "notice")
    record_state(town.office, 1, [], Change(PieceState.POSTED))
    record_state(town.office, 1, [(1, 1)], Change(PieceState.REMOVED))
    record_state(town.office, 1, [(2, 2)], Change(PieceState.MISSING))
    return town


def snapshot(path: Path, colour: str = "red", place: str = "GPSCanary") -> Path:
    """A photo as a telephone writes it: with its maker, the place and a thumbnail."""
    picture = Image.new("RGB", (640, 480), colour)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "CanaryMaker", "CanaryModel"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (30.0, 55.0, 12.5), "E", (113.0, 34.0, 1.5)
    gps[29] = place
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0CanaryComment"
    picture.save(path, exif=exif, comment=b"CanaryComment", icc_profile=_profile())
    return path


def _profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_each_door_tells_where_its_notice_is_and_how_long_it_hangs_too_long(hung: Any) -> None:
    found = list_notices(hung.office, "")
    assert [one.state.value for one in found[:3]] == ["removed", "missing", "posted"]
    assert {one.remove_by for one in found} == {APRIL}
    # The clock of the town stands at 2005-06-15.
    assert [one.days for one in found[:3]] == [0, 0, 46]
    assert list_notices(hung.office, "", states=[PieceState.MISSING]) == [found[1]]


def test_what_must_come_down_is_told_on_its_day_and_not_before(hung: Any) -> None:
    hanging = len(list_notices(hung.office, "")) - 2
    assert notices_due(hung.office, "", APRIL - dt.timedelta(days=1)) == []
    assert [one.days for one in notices_due(hung.office, "", APRIL)] == [0] * hanging
    record_state(hung.office, 1, [(3, 3)], Change(PieceState.REMOVED))
    assert len(notices_due(hung.office, "")) == hanging - 1


def test_a_photo_is_kept_without_place_maker_or_profile(hung: Any, tmp_path: Path) -> None:
    source = snapshot(tmp_path / "door.jpg")
    raw = source.read_bytes()
    assert Image.open(source).getexif().get_ifd(0x8825)[2]
    assert b"Canary" in raw
    kept = keep_photo(hung.office, 1, 3, source)
    assert kept.file == hung.root / "photos" / kept.sha256[:2] / f"{kept.sha256}.jpg"
    stored = kept.file.read_bytes()
    with Image.open(io.BytesIO(stored)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 480))
        assert not dict(picture.getexif())
        assert not picture.getexif().get_ifd(0x8825)
        assert not {"exif", "icc_profile", "comment", "xmp"} & picture.info.keys()
    for trace in (b"Exif", b"Canary", b"GPS", b"ICC_PROFILE", b"http://ns.adobe.com", b"Photoshop", b"\xff\xe1"):
        assert trace not in stored
    (line,) = [one for one in list_notices(hung.office, "") if one.piece == 3]
    assert line.photos == (kept.sha256,)


def test_a_photo_given_twice_for_a_piece_is_kept_once(hung: Any, tmp_path: Path) -> None:
    source = snapshot(tmp_path / "door.jpg")
    assert not keep_photo(hung.office, 1, 3, source).already
    assert keep_photo(hung.office, 1, 3, source).already
    assert [len(one.photos) for one in list_notices(hung.office, "") if one.piece == 3] == [1]


def test_one_photo_for_two_doors_is_remarked_even_under_another_place_and_name(hung: Any, tmp_path: Path) -> None:
    doors = {one.piece: one.entrance for one in list_notices(hung.office, "")}
    assert keep_photo(hung.office, 1, 3, snapshot(tmp_path / "one.jpg")).others == ()
    second = keep_photo(hung.office, 1, 4, snapshot(tmp_path / "two.jpg", place="Elsewhere"))
    assert second.others == (doors[3],)
    assert keep_photo(hung.office, 1, 5, snapshot(tmp_path / "three.jpg", "blue")).others == ()
    shared = {one.piece: one.shared for one in list_notices(hung.office, "") if one.photos}
    assert shared == {3: (doors[4],), 4: (doors[3],), 5: ()}


def test_a_photo_of_a_notice_nobody_recorded_as_posted_is_kept_and_said(town: Any, tmp_path: Path) -> None:
    make_material(town.office, "", "notice")
    assert not keep_photo(town.office, 1, 3, snapshot(tmp_path / "door.jpg")).posted
    record_state(town.office, 1, [(3, 3)], Change(PieceState.POSTED))
    assert keep_photo(town.office, 1, 3, snapshot(tmp_path / "door.jpg")).posted


def _bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def _cut() -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise((300, 300), 80)
    noise.save(out, "JPEG")
    return out.getvalue()[: out.tell() // 2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is no JPEG or PNG picture; save the photo as JPEG or PNG"),
        ("这不是照片".encode(), "is no JPEG or PNG picture"),
        (_cut(), "is damaged"),
        (_bomb(), "is larger than 120 megapixels"),
    ],
)
def test_what_is_no_sound_picture_is_refused_in_a_sentence(
    hung: Any, tmp_path: Path, content: bytes, says: str
) -> None:
    source = tmp_path / "door.jpg"
    source.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        keep_photo(hung.office, 1, 3, source)
    (fault,) = caught.value.faults
    assert says in fault.sentence()
    assert not (hung.root / "photos").exists()
    assert not any(one.photos for one in list_notices(hung.office, ""))


def test_a_photo_for_what_is_no_door_is_refused(hung: Any, tmp_path: Path) -> None:
    source = snapshot(tmp_path / "door.jpg")
    make_material(hung.office, "", "letter")
    refused: list[tuple[int, int, Path, type[OutreachError], str]] = [
        (1, 999, source, NotFound, "no such piece"),
        (9, 1, source, NotFound, "no such print run"),
        (2, 1, source, Conflict, "is for no door"),
        (1, 3, tmp_path / "nothing.jpg", NotFound, "no such file"),
    ]
    for run, piece, file, error, says in refused:
        with pytest.raises(error, match=says):
            keep_photo(hung.office, run, piece, file)
    with pytest.raises(BadInput, match="still to come"):
        keep_photo(hung.office, 1, 3, source, at=dt.datetime(2005, 6, 16))  # noqa: DTZ001 - in the workspace's zone
