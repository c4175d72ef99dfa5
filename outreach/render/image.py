"""Pictures of printed pages, for screens and previews."""

from __future__ import annotations

import io

from outreach.errors import BadInput
from outreach.messages import _

_MAX_PIXELS = 100_000_000


def page_count(pdf: bytes) -> int:
    """How many pages `pdf` has."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def page_png(pdf: bytes, *, page: int = 0, width_px: int = 1600, trim: bool = True) -> bytes:
    """One page of `pdf` as a PNG `width_px` pixels wide; equal inputs give equal bytes.

    page: counted from 0. trim: show what is left after cutting (the TrimBox), without bleed and crop marks. The
    picture says how many dots an inch it has in the page's own size.
    Raises BadInput when there is no such page or the picture would be larger than 100 megapixels.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        if not 0 <= page < len(document):
            raise BadInput.at(
                _("page {number}", number=page + 1),
                _("the PDF has {count} pages", count=len(document)),
                _("choose one of them"),
            )
        sheet = document[page]
        left, bottom, right, top = sheet.get_mediabox()
        box = sheet.get_trimbox() if trim else (left, bottom, right, top)
        scale = width_px / (box[2] - box[0])
        height_px = round((box[3] - box[1]) * scale)
        if width_px < 1 or width_px * height_px > _MAX_PIXELS:
            raise BadInput.at(
                "width_px", _("{width} x {height} pixels", width=width_px, height=height_px), _("choose fewer")
            )
        # The renderer works on whole points of the paper, so the trim is cut out of the finished picture.
        picture = sheet.render(scale=scale).to_pil().convert("RGB")
    finally:
        document.close()
    x, y = round((box[0] - left) * scale), round((top - box[3]) * scale)
    picture = picture.crop((x, y, x + width_px, y + height_px))
    out = io.BytesIO()
    # Pillow's own `optimize` takes five times as long on a poster and saves a twentieth.
    picture.save(out, "PNG", dpi=(scale * 72, scale * 72))
    return out.getvalue()
