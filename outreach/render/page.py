"""PDF pages, laid out by Typst from a layout file and plain values.

A layout is compiled in a temporary folder that holds copies of its own folder and of `_shared`, and nothing
else: what it draws can come from nowhere but there and the values. Values travel as JSON and are never code.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from outreach.errors import BadInput, CannotPrint, Fault, NotFound, OutreachError
from outreach.messages import _
from outreach.render.booklet import make_booklet
from outreach.render.code import qr_matrix
from outreach.render.fonts import font_folders
from outreach.render.manifest import MaterialKind, Size
from outreach.render.options import NO_OPTIONS, Options
from outreach.render.refusal import misfit
from outreach.render.sheets import sheet_geometry, sheet_of
from outreach.render.stamp_drawing import objects_of
from outreach.resources import shipped

SHARED = "_shared"
MARKS_MM = 10.0  # from the trim to the paper's edge where a page has bleed: bleed, a gap, the crop marks
PAGES_PER_COMPILE = 120
"""About how many pages to give to one `make_pdf`: beyond it time stays the same and memory only grows."""

STILL_SUFFIX = ".still.typ"
"""Beside `card.typ`, `card.still.typ` draws what all pages share; the layout places it as `card.still.pdf`."""

_ROOT_PREFIX = "outreach-page-"
_MAX_TEMPLATE_BYTES = 50_000_000
_POINTS_PER_MM = 72 / 25.4
_LONG_PAYLOAD = 80  # bytes from which a code is drawn at level L, so that its modules stay large enough
_TAGGED = re.compile(r"ua-|a-\da")
_MEDIA_BOX = re.compile(rb"/MediaBox\[([^\]]+)\]")
_PACKAGE_IMPORT = re.compile(r'"@[a-z]+/[^"]*"')
_MISSING_KEY = re.compile(r'dictionary does not contain key "([^"]*)"')
_PLACE = re.compile(r"┌─ (.+?):(\d+):(\d+)")
_OVERFULL = "panicked with: overfull|"


def make_pdf(
    layout: Path, values: Mapping[str, Any], *, fonts: Sequence[Path] = (), standard: str | None = None
) -> bytes:
    """The PDF that the Typst file `layout` draws from `values`; equal inputs give equal bytes.

    values: what the layout reads, JSON-like; see `page_values`. fonts: font folders beside the packaged ones.
    standard: a PDF standard such as 'a-2b' or 'ua-1'.
    Raises CannotPrint when a value is missing or does not fit, naming field and page; BadInput when the
    layout itself is wrong, naming file and line.
    """
    return _laid_out(layout, values, fonts, standard, "")[0]


def make_marked(
    layout: Path, values: Mapping[str, Any], label: str, *, fonts: Sequence[Path] = ()
) -> tuple[bytes, list[dict[str, Any]]]:
    """As `make_pdf`, with the values of all metadata that the layout labels `<label>`, in the order drawn."""
    return _laid_out(layout, values, fonts, None, label)


def _laid_out(
    layout: Path, values: Mapping[str, Any], fonts: Sequence[Path], standard: str | None, label: str
) -> tuple[bytes, list[dict[str, Any]]]:
    """The PDF, and the metadata of that label; none where it is empty."""
    with tempfile.TemporaryDirectory(prefix=_ROOT_PREFIX) as name:
        root = Path(name).resolve()
        source = _copied(layout, root)
        still = source.with_name(source.stem + STILL_SUFFIX)
        if still.is_file():
            (alike,) = _shared_values(values)["pages"]
            values = {**values, "shared": alike}
            if not standard:
                # Laid out once and referred to from every page: ten to twenty times quicker, and smaller.
                drawn, _compiler = _compiled(still, layout, root, {**values, "pages": [alike]}, fonts, standard)
                still.with_suffix(".pdf").write_bytes(drawn)
        pdf, compiler = _compiled(source, layout, root, values, fonts, standard)
        return pdf, json.loads(compiler.query(f"<{label}>", field="value")) if label else []


def _compiled(
    source: Path, layout: Path, root: Path, values: Mapping[str, Any], fonts: Sequence[Path], standard: str | None
) -> tuple[bytes, Any]:
    typst = _typst()
    compiler = typst.Compiler(
        str(source),
        root=str(root),
        font_paths=_fonts(tuple(font_folders(fonts))),
        ignore_system_fonts=True,
        package_path=str(root),
        package_cache_path=str(root),
    )

    def compiled(some: Mapping[str, Any]) -> bytes:
        pdf, warnings = compiler.compile_with_warnings(
            sys_inputs={"data": json.dumps(some, ensure_ascii=False, separators=(",", ":"))},
            timestamp=0,
            pdf_standards=[standard] if standard else [],
            pdf_tags=bool(standard and _TAGGED.match(standard)),
        )
        serious = [warning for warning in warnings if "deprecated" not in str(warning)]
        if serious:
            raise BadInput(*(_warned(layout, str(warning)) for warning in serious))
        return bytes(pdf)

    try:
        return compiled(values), compiler
    except typst.TypstError as error:
        if standard and f"{source.stem}{STILL_SUFFIX.removesuffix('.typ')}.pdf" in error.message:
            raise BadInput.at(
                str(layout),
                _("pages with a part drawn once cannot be made as PDF/{standard}", standard=standard),
                _("make them without a standard, or draw everything in {name}", name=layout.name),
            ) from error
        is_still = source.name.endswith(STILL_SUFFIX)
        page, first = ("", error) if is_still else _first_failure(compiled, values, error)
        raise _refusal(layout, page, first.message, first.diagnostic) from error


def _shared_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` with a single page that holds what is equal on all pages, so that nothing personal is drawn on all."""
    pages = values.get("pages") or [{}]
    first = pages[0]
    same = {name: value for name, value in first.items() if all(page.get(name) == value for page in pages)}
    return {**values, "pages": [same]}


def _typst() -> Any:
    import typst

    return typst


@lru_cache(maxsize=4)
def _fonts(folders: tuple[Path, ...]) -> Any:
    # Reading fonts costs more than laying out a page, so each set is read once in a process.
    return _typst().Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders]
    )


def _copied(layout: Path, root: Path) -> Path:
    """Copy the layout's folder and the shared one below `root`; the layout's new path."""
    if not layout.is_file():
        raise NotFound.at(str(layout), _("there is no such layout"), _("correct 'files' in material.toml"))
    shared = [layout.parent.parent / SHARED, *(folder / SHARED for folder in shipped("templates"))]
    left = _MAX_TEMPLATE_BYTES
    for folder in (layout.parent, next((folder for folder in shared if folder.is_dir()), None)):
        if folder is None:
            continue
        for file in sorted(folder.rglob("*")):
            if file.is_symlink():
                raise BadInput.at(
                    str(file), _("is a link, and a template reads nothing outside its folder"), _("put a copy there")
                )
            if not file.is_file():
                continue
            left -= file.stat().st_size
            if left < 0:
                raise BadInput.at(str(folder), _("holds more than 50 MB"), _("keep only what the layout draws"))
            if file.suffix == ".typ" and (found := _PACKAGE_IMPORT.search(file.read_text("utf-8", "replace"))):
                raise BadInput.at(
                    str(file),
                    _("{package} would be fetched from the network", package=found[0]),
                    _("copy what it offers into the template's folder"),
                )
            target = root / folder.name / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return root / layout.parent.name / layout.name


def _first_failure(compiled: Any, values: Mapping[str, Any], error: Any) -> tuple[str, Any]:
    """Which page makes the layout fail, as text for people, and its error; pages are told apart by halving."""
    pages = values.get("pages")
    if not isinstance(pages, (list, tuple)) or not pages:
        return "", error
    low, high = 0, len(pages)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            compiled(_only(values, pages[low:middle]))
        except type(error) as found:
            error, high = found, middle
        else:
            low = middle
    return _page_name(pages[low], low), error


def _only(values: Mapping[str, Any], pages: Sequence[Any]) -> dict[str, Any]:
    """`values` with other, fewer `pages`, and only as many spots on the sheets."""
    geometry = dict(values.get("geometry") or {})
    for side in {"fronts", "backs"} & geometry.keys():
        geometry[side] = [[spot for spot in spots if spot[0] < len(pages)] for spots in geometry[side]]
    return {**values, "pages": pages, "geometry": geometry}


def _page_name(page: Any, rank: int) -> str:
    """Whose page it is, as people know it; its rank and number only where it names nobody."""

    def value(*path: str) -> str:
        found = page
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) else ""

    if code := value("household", "code"):
        person = value("person", "name")
        return ", ".join(filter(None, (_("household {code}", code=code), person)))
    if name := value("number") or value("entrance", "address"):
        return _("page {number} ({name})", number=rank + 1, name=name)
    return _("page {number}", number=rank + 1)


def _refusal(layout: Path, page: str, message: str, diagnostic: str) -> OutreachError:
    line = _line(layout, diagnostic)
    where = f"{page}, {layout}" if page else str(layout)
    key = _MISSING_KEY.search(message)
    if key and STILL_SUFFIX in diagnostic:
        return CannotPrint.at(
            where,
            _("the value '{name}' is missing, or differs between pages", name=key[1]),
            _("give it alike for all pages, or draw it in {name}", name=layout.name),
        )
    if key:
        return CannotPrint.at(
            where, _("the value '{name}' is missing", name=key[1]), _("give it, or correct {line}", line=line)
        )
    if refused := misfit(page, message):
        return refused
    if message.startswith(_OVERFULL):
        field, _bar, count = message.removeprefix(_OVERFULL).partition("|")
        return CannotPrint.at(
            f"{page}, {field}" if page else field,
            _("{count} persons and the text do not fit on two pages, even in the smallest type", count=count),
            _("shorten the text, or make this household's letter as a Word file: --format docx"),
        )
    if message.startswith("panicked with:"):
        return CannotPrint.at(where, message.removeprefix("panicked with:").strip(), _("see {line}", line=line))
    return BadInput.at(line, message, _("mend the layout"))


def _line(layout: Path, diagnostic: str) -> str:
    """The file and line a diagnostic points at, the file by its own path and not by that of the copy."""
    place = _PLACE.search(diagnostic)
    if place is None:
        return str(layout)
    inner = re.sub(rf".*{_ROOT_PREFIX}[^/]*/", "", place[1])
    own = layout.parent.parent / inner
    return f"{own if own.is_file() else inner}:{place[2]}"


def _warned(layout: Path, warning: str) -> Fault:
    if match := re.search(r"unknown font family: (.+)", warning):
        return Fault(
            str(layout),
            _("no font is named '{name}'", name=match[1]),
            _("add its folder to [fonts] in outreach.toml, or name another"),
        )
    return Fault(str(layout), warning, _("mend the layout"))


def page_values(
    kind: MaterialKind, language: str, pages: Sequence[Mapping[str, Any]], options: Options = NO_OPTIONS
) -> dict[str, Any]:
    """What a layout of `kind` receives to draw `pages`, one entry a piece, in the values' order.

    `lang`, `title` (of the document), `labels` (the kind's words), `options`, `pages`, `geometry` (millimetres) and
    `codes`: each QR payload is replaced by its rank in `codes`, so that a code many pages share is drawn once.
    Payloads are the values of variables flagged `qr`; in a flagged list or table they are the keys `qr` and those
    ending in `_qr`. A size and look that `options` leaves open are the kind's first.
    """
    options = kind.chosen(options)
    codes: dict[str, int] = {}
    flagged = [name.split(".") for name, variable in kind.variables.items() if variable.qr]
    drawn = [dict(page) for page in pages]
    for page in drawn:
        for path in flagged:
            _encode(page, path, codes)
    return {
        "lang": language,
        "title": kind.title.of(language),
        "labels": dict(kind.labels.get(language, {})),
        "options": options.as_json(),
        "pages": drawn,
        "geometry": geometry(kind, len(drawn), options),
        "codes": [_pixels(payload) for payload in codes],
    }


def _encode(table: dict[str, Any], path: Sequence[str], codes: dict[str, int]) -> None:
    name, rest = path[0], path[1:]
    if name not in table:
        return  # the layout names what it misses
    value = table[name]
    if rest and isinstance(value, Mapping):
        table[name] = value = dict(value)
        _encode(value, rest, codes)
    elif isinstance(value, str):
        table[name] = codes.setdefault(value, len(codes))
    else:
        table[name] = _encoded(value, codes)


def _encoded(value: Any, codes: dict[str, int]) -> Any:
    if isinstance(value, Mapping):
        return {
            name: codes.setdefault(item, len(codes))
            if isinstance(item, str) and (name == "qr" or name.endswith("_qr"))
            else item
            for name, item in value.items()
        }
    return [_encoded(item, codes) for item in value] if isinstance(value, (list, tuple)) else value


def _pixels(payload: str) -> dict[str, Any]:
    """A code as the grey values Typst draws: `size` modules a side, `pixels` 0 dark or 255 light."""
    rows = qr_matrix(payload, level="M" if len(payload.encode()) < _LONG_PAYLOAD else "L")
    return {"size": len(rows), "pixels": [0 if module else 255 for row in rows for module in row]}


def geometry(kind: MaterialKind, count: int, options: Options = NO_OPTIONS) -> dict[str, Any]:
    """The measures a layout of `kind` draws `count` pieces by, in millimetres.

    A page: `width`, `height`, `bleed`, `slug` (trim to paper edge). Cards and labels: see `render.sheets`.
    """
    if (sheet := sheet_of(kind, options)) is not None:
        return sheet_geometry(sheet, count, options)
    if (page := kind.page_of(options)) is not None:
        slug = MARKS_MM if page.bleed_mm else 0.0
        measures = {"width": page.width_mm, "height": page.height_mm, "bleed": page.bleed_mm, "slug": slug}
        return measures | ({"px": list(page.px)} if isinstance(page, Size) and page.px else {})
    return {}


def make_pages(
    kind: MaterialKind,
    language: str,
    pages: Sequence[Mapping[str, Any]],
    *,
    fonts: Sequence[Path] = (),
    options: Options = NO_OPTIONS,
) -> bytes:
    """All `pages` of `kind` as one PDF, with its trim and bleed boxes set where the page has a bleed.

    Raises what `make_pdf` raises. Give at most about `PAGES_PER_COMPILE` pages at once.
    """
    pdf = make_pdf(
        kind.layout("pdf", language),
        page_values(kind, language, pages, options),
        fonts=fonts,
        standard=options.standard or None,
    )
    page = kind.page_of(options)
    if isinstance(page, Size) and page.saddle:
        if options.standard:
            raise BadInput.at(
                f"{kind.kind}, --standard", _("folded sheets have no reading order"), _("choose a size of single pages")
            )
        return make_booklet(pdf, paper_mm=page.paper_mm, flip=options.flip or "short")
    if page is None or kind.cards is not None or not page.bleed_mm:
        return pdf
    return set_boxes(pdf, slug_mm=MARKS_MM, bleed_mm=page.bleed_mm)


def set_boxes(pdf: bytes, *, slug_mm: float, bleed_mm: float) -> bytes:
    """`pdf` with the TrimBox `slug_mm` inside every page's edge and the BleedBox `bleed_mm` outside the trim.

    The MediaBox stays the whole paper with its crop marks. pdf: as Typst wrote it. What it says of itself and the
    standard it keeps stay untouched: the pages are written anew behind its end. Equal inputs give equal bytes.
    """
    trim, bleed = slug_mm * _POINTS_PER_MM, (slug_mm - bleed_mm) * _POINTS_PER_MM
    out = bytearray(pdf.rstrip() + b"\n")
    table = b""
    for own, body in objects_of(pdf).items():
        if b"/Type/Page/" not in body or (media := _MEDIA_BOX.search(body)) is None:
            continue
        left, bottom, right, top = map(float, media[1].split())
        boxes = "".join(
            f"/{name}[{left + by:.4f} {bottom + by:.4f} {right - by:.4f} {top - by:.4f}]"
            for name, by in (("TrimBox", trim), ("BleedBox", bleed))
        )
        table += b"%d 1\n%010d 00000 n \n" % (own, len(out))
        out += b"%d 0 obj\n%b%b%b\nendobj\n" % (own, body[: media.end()], boxes.encode(), body[media.end() :])
    trailer, _mark, before = pdf[pdf.rindex(b"trailer") :].partition(b"startxref")
    start = len(out)
    out += b"xref\n%b%b/Prev %d>>\n" % (table, trailer.rstrip().removesuffix(b">>"), int(before.split()[0]))
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)
