"""Font subsets in a PDF: only the glyphs that are drawn, cut by HarfBuzz, with the text they stand for."""

from __future__ import annotations

import io
from array import array
from collections.abc import Mapping
from typing import Any

from outreach.render.stamp_file import PageFile, number, unicode_map
from outreach.render.stamp_type import Face

# Tables a page reader has no use for: layout, names, vertical setting.
_DROPPED = (
    *("GSUB", "GPOS", "GDEF", "BASE", "STAT", "name", "post", "OS/2", "cmap", "VORG", "vhea", "vmtx"),
    *("HVAR", "VVAR", "MVAR", "gasp", "DSIG", "kern"),
)
_SYMBOLIC = 4


def embed(file: PageFile, own: int, face: Face, glyphs: Mapping[int, str]) -> None:
    """Put `face` into `file` as the font object `own`; codes on the pages are glyph ids of the whole font.

    glyphs: the ids, with the sign each stands for.
    """
    wanted = sorted({0, *glyphs})
    program, new_ids = _subset(face, wanted)
    outlines = "CFF " in face.face.table_tags
    name = f"OUTRCH+{face.path.stem.partition('[')[0]}{face.weight or ''}".encode()
    child, descriptor, font_file, text = (file.reserve() for _object in range(4))
    kind = b"CIDFontType0" if outlines else b"CIDFontType2"
    glyph_map = b""
    if outlines:
        file.put_stream(font_file, b"/Subtype/CIDFontType0C", _with_codes(program, wanted, new_ids))
    else:
        file.put_stream(font_file, b"/Length1 %d" % len(program), program)
        ids = array("H", bytes(2 * (wanted[-1] + 1)))
        for glyph in wanted:
            ids[glyph] = new_ids[glyph]
        ids.byteswap()
        mapped = file.reserve()
        file.put_stream(mapped, b"", ids.tobytes())
        glyph_map = b"/CIDToGIDMap %d 0 R" % mapped
    file.put_stream(text, b"", unicode_map(sorted(glyphs.items())))
    extents = face.font.get_font_extents("ltr")
    low, high = (number(side * face.per_em) for side in (extents.descender, extents.ascender))
    file.put(
        descriptor,
        b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[-1000 %b 3000 %b]/ItalicAngle 0/Ascent %b/Descent %b"
        b"/CapHeight 733/StemV 80/%b %d 0 R>>"
        % (name, _SYMBOLIC, low, high, high, low, b"FontFile3" if outlines else b"FontFile2", font_file),
    )
    widths = b" ".join(b"%d[%b]" % (glyph, number(face.width(glyph))) for glyph in wanted)
    file.put(
        child,
        b"<</Type/Font/Subtype/%b/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        b"/FontDescriptor %d 0 R/DW 1000/W[%b]%b>>" % (kind, name, descriptor, widths, glyph_map),
    )
    file.put(
        own,
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, child, text),
    )


def _subset(face: Face, glyphs: list[int]) -> tuple[bytes, dict[int, int]]:
    """The cut font file, and the new id of each old one."""
    import uharfbuzz as hb

    request = hb.SubsetInput()
    request.sets(hb.SubsetInputSets.GLYPH_INDEX).update(glyphs)
    request.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    request.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    if face.weight is not None:
        request.pin_axis_location(face.face, "wght", face.weight)
    plan = hb.SubsetPlan(face.face, request)
    return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


def _with_codes(program: bytes, glyphs: list[int], new_ids: dict[int, int]) -> bytes:
    """The CFF table of `program`, its glyphs named by the ids of the whole font, so that these are the codes."""
    from fontTools.ttLib import TTFont

    font: Any = TTFont(io.BytesIO(program), lazy=True, recalcBBoxes=False)
    cff = font["CFF "].cff
    top = cff.topDictIndex[0]
    codes = [".notdef"] * len(top.charset)
    for glyph in glyphs[1:]:
        codes[new_ids[glyph]] = f"cid{glyph:05d}"
    top.charset[:] = codes
    top.CharStrings.charStrings = {code: rank for rank, code in enumerate(codes)}
    font.setGlyphOrder(codes)
    out = io.BytesIO()
    cff.compile(out, font)
    return out.getvalue()
