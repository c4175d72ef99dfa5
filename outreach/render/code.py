"""QR codes: drawn from a payload text, and read back from a picture.

Made by zxing-cpp, which draws several thousand a second where other libraries draw a few hundred; it is
also the reader, so that what is printed can be verified with the same library phones use.
"""

from __future__ import annotations

import math
import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from outreach.domain.directory import phone_digits
from outreach.errors import CannotPrint
from outreach.messages import _

if TYPE_CHECKING:
    from PIL.Image import Image

Matrix = tuple[bytes, ...]
"""Rows of a QR code from the top, one byte a module: 0 light, 1 dark."""

# Version 40 at level M holds 2,331 bytes; a code a phone reads from paper of card size holds far fewer.
_LEVELS = ("L", "M", "Q", "H")
_DARK = bytes.maketrans(bytes(range(256)), bytes(int(value < 128) for value in range(256)))


@lru_cache(maxsize=1024)
def qr_matrix(payload: str, *, level: str = "M") -> Matrix:
    """The modules of the QR code for `payload`, without the quiet border.

    level: share of damage the code survives: L 7 %, M 15 %, Q 25 %, H 30 %.
    Raises CannotPrint when the payload is empty or longer than a QR code holds.
    """
    import zxingcpp

    if level not in _LEVELS:
        raise ValueError(level)
    if not payload:
        raise CannotPrint.at("QR", _("there is nothing to encode"), _("give the code a text"))
    try:
        barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
        image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    except (ValueError, RuntimeError) as error:
        raise CannotPrint.at(
            "QR",
            _("a text of {count} bytes does not fit a QR code", count=len(payload.encode())),
            _("shorten it: {start}...", start=payload[:30]),
        ) from error
    buffer: Any = image  # it is one, though its stub does not say so
    pixels = memoryview(buffer).tobytes().translate(_DARK)
    side = math.isqrt(len(pixels))
    return tuple(pixels[start : start + side] for start in range(0, side * side, side))


def qr_png(payload: str, *, scale: int = 8, border: int = 2, level: str = "M") -> bytes:
    """The QR code for `payload` as a one-bit PNG.

    scale: pixels per module. border: light modules around it; readers ask for 4 where the surroundings are
    not white, 2 is enough on white paper.
    """
    rows = qr_matrix(payload, level=level)
    side = (len(rows) + 2 * border) * scale
    padding = -side % 8
    light = "1" * scale
    dark = "0" * scale
    edge = light * border
    stride = (side + padding) // 8

    def line(modules: bytes) -> bytes:
        bits = edge + "".join(dark if module else light for module in modules) + edge + "0" * padding
        return (b"\0" + int(bits, 2).to_bytes(stride, "big")) * scale

    blank = line(b"\0" * len(rows)) * border
    pixels = blank + b"".join(map(line, rows)) + blank
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body) for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b""))
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def vcard(
    name: str,
    *,
    organisation: str = "",
    title: str = "",
    mobile: str = "",
    office_phone: str = "",
    home_phone: str = "",
    address: str = "",
) -> str:
    """A contact as vCard 3.0 text, which phones offer to save when they scan it.

    Version 3.0 because every phone reads it (RFC 2426); empty facts are left out so that the code stays
    coarse enough for a card. Phones are written as dialled digits where they are phone numbers.
    """
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{_escaped(name)};;;;", f"FN:{_escaped(name)}"]
    if organisation:
        lines.append(f"ORG:{_escaped(organisation)}")
    if title:
        lines.append(f"TITLE:{_escaped(title)}")
    for kind, phone in (("CELL", mobile), ("WORK", office_phone), ("HOME", home_phone)):
        if phone:
            lines.append(f"TEL;TYPE={kind}:{_dialled(phone)}")
    if address:
        lines.append(f"ADR:;;{_escaped(address)};;;;")
    return "\r\n".join([*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return "\\n".join(text.splitlines())


def _dialled(phone: str) -> str:
    # A comma is the dialler's pause before an extension; it needs its escape in a vCard.
    return phone_digits(phone).replace("x", "\\,") or _escaped(phone)


def read_qr(image: Image | bytes) -> list[str]:
    """The texts of all QR codes in a picture (a Pillow image or the bytes of a PNG), top to bottom."""
    import zxingcpp

    if isinstance(image, bytes):
        import io

        from PIL import Image as Pictures

        image = Pictures.open(io.BytesIO(image), formats=("PNG",))
    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    found = zxingcpp.read_barcodes(image.convert("L"), formats=wanted)
    found.sort(key=lambda code: (code.position.top_left.y, code.position.top_left.x))
    return [code.text for code in found]
