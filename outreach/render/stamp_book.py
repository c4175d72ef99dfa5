"""What many pieces share, laid out by Typst once, and where each piece's own lines are stamped on it.

Sheets are known by their shape, parts by their content.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from outreach.errors import BadInput, CannotPrint
from outreach.messages import _
from outreach.render.fonts import font_folders
from outreach.render.manifest import MaterialKind
from outreach.render.options import Options
from outreach.render.page import make_marked, page_values
from outreach.render.stamp_drawing import Drawing
from outreach.render.stamp_forms import Box, CodeSpot, Form, FormPage, Look, Part, Placed, Spot, Stamp
from outreach.render.stamp_spec import BLANK, Key, PartUse, Shape, SheetSpec, load_spec, part_blanked
from outreach.render.stamp_type import Face, Style, face

MARK = "stamp-mark"
_PROBE = re.compile(rb"1 0 0 -1 \S+ (\S+) cm\s*/(\S+) cs ([-\d. ]+) scn.*?/(\S+) ([\d.]+) Tf", re.DOTALL)
_PROBE_HEIGHT = 20.0
_WEIGHT_NAMES = ("thin", "extralight", "light", "regular", "medium", "semibold", "bold", "extrabold", "black")
_WEIGHTS = {name: 100 * rank for rank, name in enumerate(_WEIGHT_NAMES, start=1)}
_SPARE = 0.02  # points left over in a line before it counts as too long: decimals are cut in the layout
_FEWEST = 64  # pieces for which stamping is begun: fewer are laid out whole in less time
_MOST_PARTS, _MOST_SHAPES = 1.5, 0.5  # new ones a piece, on the average, up to which drawing them saves time
_LOCALES = {"zh": "zh-CN", "en": "en-GB"}


Values = Mapping[str, Any]
Sheets = list[tuple[Form | None, Shape]]
"""Of one piece: each sheet's form, None where it must be laid out whole, and what is stamped on it."""


class Book:
    """All shared drawings of a run, growing as new shapes and parts come."""

    def __init__(self, kind: MaterialKind, language: str, fonts: Sequence[Path], options: Options) -> None:
        self.kind, self.language, self.options = kind, language, options
        self.layout = kind.layout("pdf", language)
        self.locale = _LOCALES.get(language, language)
        self.fonts = list(fonts)
        spec = load_spec(self.layout)
        if spec is None:
            raise ValueError(self.layout)
        self._spec = spec
        self._folders = tuple(font_folders(fonts))
        self._base = page_values(kind, language, [], options)
        self.drawings: list[Drawing] = []
        self.faces: list[Face] = []
        self.looks: dict[str, Look] = {}
        self.parts: dict[tuple[str, Any], Part] = {}
        self._heights: dict[tuple[float, ...], int] = {}
        self._forms: dict[tuple[str, Key, Key], Form | None] = {}
        self._steps: list[dict[str, Any]] = []
        self._known: list[dict[str, Any]] = []
        self._closed = False

    def learn(self, window: Sequence[Values]) -> Sequence[Sheets | None]:
        """Each piece's sheets, all in the book now; None for a piece that is laid out whole."""
        nothing: Sequence[Sheets | None] = [None] * len(window)
        if len(window) < _FEWEST and not self._forms:
            return nothing
        shapes = [
            [(sheet, shape) for sheet in self._spec.sheets if (shape := sheet.shape(values)) is not None]
            for values in window
        ]
        if self._closed:
            return [self._found(own) for own in shapes]
        alike = _alike(window)
        try:
            if parts := self._new_parts(use for own in shapes for _sheet, shape in own for use in shape.parts):
                if len(parts) > _MOST_PARTS * len(window):
                    return nothing
                self._learn_parts(parts, alike)
            found = ((sheet, shape, values) for values, own in zip(window, shapes, strict=True) for sheet, shape in own)
            if fresh := self._new_shapes(found):
                if len(fresh) > _MOST_SHAPES * len(window) * len(self._spec.sheets):
                    return nothing
                self._learn_shapes(fresh, alike)
            sheets = [[(self._forms[self._key(sheet, shape)], shape) for sheet, shape in own] for own in shapes]
            if boxes := self._new_boxes(pair for own in sheets for pair in own):
                self._learn_boxes(boxes, alike)
        except CannotPrint:
            return nothing  # Typst lays the pieces out whole, and names the one that cannot be printed
        return sheets

    def _found(self, own: Sequence[tuple[SheetSpec, Shape]]) -> Sheets | None:
        """A piece's sheets in a book that learns no more; None where they are not all there."""
        if any((use.name, use.key) not in self.parts for _sheet, shape in own for use in shape.parts):
            return None
        keys = [self._key(sheet, shape) for sheet, shape in own]
        if any(key not in self._forms for key in keys):
            return None
        sheets = [(self._forms[key], shape) for key, (_sheet, shape) in zip(keys, own, strict=True)]
        return None if self._new_boxes(sheets) else sheets

    def part(self, use: PartUse) -> Part:
        """A part that has been learnt."""
        return self.parts[use.name, use.key]

    def as_json(self) -> list[dict[str, Any]]:
        """All that was learnt, so that other processes need not learn it; it holds values of some pieces."""
        return self._steps

    def remember(self, steps: list[dict[str, Any]]) -> None:
        """Take what another book, of the same layout and options, had learnt.

        The book learns no more then, so that a file does not depend on those stamped before it.
        """
        sheets = {sheet.name: sheet for sheet in self._spec.sheets}
        alike: Values = {}  # was drawn with the step
        for step in steps:
            self._known = [step]
            items = step["items"]
            if step["stage"] == "parts":
                self._learn_parts([self._spec.use(name, value) for name, value in items], alike)
            elif step["stage"] == "boxes":
                parts = list(self.parts.values())
                self._learn_boxes([(parts[rank], variant) for rank, variant in items], alike)
            else:
                found = [(sheets[name], sheets[name].shape(values), values) for name, values in items]
                self._learn_shapes([(sheet, shape, values) for sheet, shape, values in found if shape], alike)
        self._steps = list(steps)
        self._closed = True

    def _key(self, sheet: SheetSpec, shape: Shape) -> tuple[str, Key, Key]:
        return sheet.name, shape.key, tuple([self.parts[use.name, use.key].height_rank for use in shape.parts])

    def _new_parts(self, uses: Iterable[PartUse]) -> list[PartUse]:
        """Those not drawn yet, each once."""
        fresh = {(use.name, use.key): use for use in uses if (use.name, use.key) not in self.parts}
        return list(fresh.values())

    def _learn_parts(self, uses: Sequence[PartUse], alike: Values) -> None:
        """Measure new parts. alike: the values all pieces share."""
        items = [{"part": use.name, "value": part_blanked(self._spec, use)[0]} for use in uses]
        inputs = [[use.name, use.value] for use in uses]
        _drawing, pages = self._drawn("parts", items, alike, inputs, kept=False)
        for marks in pages.values():
            for mark in marks:
                if "heights" in mark:
                    use = uses[mark["item"]]
                    heights = mark["heights"]
                    rank = self._heights.setdefault(tuple(heights), len(self._heights))
                    self.parts[use.name, use.key] = Part(use, heights, rank)

    def _new_boxes(self, placed: Iterable[tuple[Form | None, Shape]]) -> list[tuple[Part, int]]:
        """The parts, with their variants, that these pieces show and that are not drawn yet, each once."""
        fresh: dict[tuple[int, int], tuple[Part, int]] = {}
        for form, shape in placed:
            for page in form or ():
                for spot in page.parts:
                    part = self.part(shape.parts[spot.rank])
                    if spot.variant not in part.boxes:
                        fresh[id(part), spot.variant] = (part, spot.variant)
        return list(fresh.values())

    def _learn_boxes(self, wanted: Sequence[tuple[Part, int]], alike: Values) -> None:
        """Draw parts."""
        blanked = [part_blanked(self._spec, part.use) for part, _variant in wanted]
        items = [
            {"part": part.use.name, "value": value, "variant": variant}
            for (part, variant), (value, _paths) in zip(wanted, blanked, strict=True)
        ]
        ranks = {id(part): rank for rank, part in enumerate(self.parts.values())}
        inputs = [[ranks[id(part)], variant] for part, variant in wanted]
        drawing, pages = self._drawn("boxes", items, alike, inputs)
        for page, marks in pages.items():
            if about := next((mark for mark in marks if "item" in mark), None):
                (part, variant), (_value, paths) = wanted[about["item"]], blanked[about["item"]]
                spots = [self._spot(mark, paths) for mark in marks if "field" in mark]
                part.boxes[variant] = Box(_name(drawing, page), spots)

    def _new_shapes(self, shapes: Iterable[tuple[SheetSpec, Shape, Values]]) -> list[Any]:
        """Those without a form yet, each once, with the values of the piece they were found in."""
        fresh: dict[Any, Any] = {}
        for sheet, shape, values in shapes:
            key = self._key(sheet, shape)
            if key not in self._forms and key not in fresh:
                fresh[key] = (sheet, shape, values)
        return list(fresh.values())

    def _learn_shapes(self, found: Sequence[tuple[SheetSpec, Shape, Values]], alike: Values) -> None:
        """Draw the sheets of new shapes."""
        blanked = [
            sheet.blanked(values, [self.part(use).heights for use in shape.parts]) for sheet, shape, values in found
        ]
        items = [
            {"sheet": sheet.name, "values": blank}
            for (sheet, _shape, _values), (blank, _paths) in zip(found, blanked, strict=True)
        ]
        inputs = [[sheet.name, values] for sheet, _shape, values in found]
        drawing, pages = self._drawn("sheets", items, alike, inputs)
        forms: list[Form | None] = [[] for _item in items]
        for page, marks in pages.items():
            about = next((mark for mark in marks if "item" in mark), None)
            if about is None:
                continue
            form, paths = forms[about["item"]], blanked[about["item"]][1]
            if form is None or any("whole" in mark for mark in marks):
                forms[about["item"]] = None
                continue
            form.append(self._page(marks, paths, drawing, page))
        for (sheet, shape, _values), form in zip(found, forms, strict=True):
            self._forms[self._key(sheet, shape)] = form

    def _page(self, marks: list[dict[str, Any]], paths: Mapping[str, int], drawing: int, page: int) -> FormPage:
        size = self.drawings[drawing].sizes[page - 1]
        made = FormPage(_name(drawing, page), size)
        for mark in marks:
            if "field" in mark:
                made.stamps.append(Stamp(self._spot(mark, paths), size[1]))
            elif "code" in mark:
                made.codes.append(CodeSpot(paths[mark["code"]], mark["x"], mark["y"], mark["side"]))
            elif "part" in mark:
                made.parts.append(Placed(mark["part"], mark["variant"], mark["x"], mark["y"]))
        return made

    def _drawn(
        self, stage: str, items: list[dict[str, Any]], alike: Values, inputs: list[Any], *, kept: bool = True
    ) -> tuple[int, dict[int, list[dict[str, Any]]]]:
        """The rank of the drawing that one compile made (where it is kept), and the marks of each of its pages."""
        if self._known:
            step = self._known.pop()
            pdf, marks = base64.b64decode(step["pdf"]), step["marks"]
        else:
            values = {**self._base, "pages": [alike], "stage": stage, "items": items}
            pdf, marks = make_marked(self.layout, values, MARK, fonts=self.fonts)
            packed = base64.b64encode(pdf).decode() if kept else ""
            self._steps.append({"stage": stage, "items": inputs, "marks": marks, "pdf": packed})
        pages: dict[int, list[dict[str, Any]]] = {}
        for mark in marks:
            pages.setdefault(mark["page"], []).append(mark)
        if not kept:
            return -1, pages
        drawing = Drawing(pdf)
        if drawing.draws(BLANK):
            raise BadInput.at(
                str(self.layout),
                _("a value that is stamped is also drawn without 'field'"),
                _("draw it with 'field', or take it out of 'fields' in the .stamp.toml"),
            )
        self.drawings.append(drawing)
        rank = len(self.drawings) - 1
        for mark in marks:
            if "probe" in mark and mark["probe"] not in self.looks:
                self.looks[mark["probe"]] = self._look(mark, rank)
        return rank, pages

    def _look(self, mark: Mapping[str, Any], drawing: int) -> Look:
        pages, page = self.drawings[drawing], mark["page"] - 1
        found = _PROBE.search(pages.content(page))
        drawn = None
        if found:
            name = pages.font_name(pages.resource(page, b"Font", found[4]))
            weight = mark["weight"] if isinstance(mark["weight"], int) else _WEIGHTS[mark["weight"]]
            drawn = face(name.removesuffix("-Identity-H"), weight, self._folders)
        if found is None or drawn is None:
            raise BadInput.at(
                str(self.layout),
                _("its type cannot be stamped"),
                _("use the shipped fonts, or remove the .stamp.toml beside it"),
            )
        if drawn not in self.faces:
            self.faces.append(drawn)
        return Look(
            Style(drawn, self.locale, mark["features"]),
            self.faces.index(drawn),
            (_PROBE_HEIGHT - float(found[1])) / float(found[5]),
            b"/C%d cs %b scn " % (len(self.looks), found[3].strip()),
            (drawing, pages.resource(page, b"ColorSpace", found[2])),
        )

    def _spot(self, mark: Mapping[str, Any], paths: Mapping[str, int]) -> Spot:
        look = self.looks[mark["style"]]
        return Spot(
            paths[mark["field"]],
            look,
            mark["size"],
            mark["least"],
            mark["room"] - _SPARE,
            {"left": 0.0, "center": 0.5, "right": 1.0}[mark["side"]],
            mark["before"],
            mark["after"],
            mark["x"],
            mark["y"],
        )


def _alike(window: Sequence[Values]) -> dict[str, Any]:
    """The values all pieces share."""
    first, *others = window
    return {name: value for name, value in first.items() if all(value == other.get(name) for other in others)}


def _name(drawing: int, page: int) -> str:
    """What pages call the page (counted from 1) of a drawing."""
    return f"D{drawing}p{page - 1}"
