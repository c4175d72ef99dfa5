"""What of a piece is stamped: read from `KIND.stamp.toml` beside a layout, and found in each piece's values.

A layout names the values that are lines of a piece's own (fields) and those drawn in boxes that many pieces share
(parts). Whatever else a piece holds belongs to its sheet. Pieces whose sheets are alike but for fields are of one
shape, and each shape is laid out once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outreach.config import model_faults
from outreach.errors import BadInput
from outreach.messages import _

STAMP_SUFFIX = ".stamp.toml"
"""Beside `letter.typ`, `letter.stamp.toml` says how its pieces are stamped."""

BLANK = "囧"
"""What stands for a field's value while a sheet is laid out; should it be drawn, the layout shows what it must not."""

_MOST_RESTS = 64  # more, and what pieces share is no longer shared
Key = tuple[Any, ...]
Values = Mapping[str, Any]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Sheet(_Model):
    unused: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


class _File(_Model):
    fields: tuple[str, ...] = Field(min_length=1)
    parts: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    sheets: dict[str, _Sheet] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part's place in the tree; `inner` is the tree of its own fields."""

    name: str
    inner: dict[str, Any] | None


_FIELD, _UNUSED = "field", "unused"


@dataclass(slots=True)
class PartUse:
    """A part as one piece uses it: what is drawn, by what it is known, and the fields stamped on it."""

    name: str
    key: Any
    value: Any
    fields: list[str]


@dataclass(slots=True)
class Shape:
    """One sheet of a piece: what it is laid out by (`key`, without its parts' heights), and what is stamped on it."""

    key: Key
    fields: list[str]
    parts: list[PartUse]


class SheetSpec:
    """One sheet of the layout: which values it draws, and how."""

    def __init__(self, name: str, tree: dict[str, Any], when: tuple[str, ...]) -> None:
        self.name = name
        self._tree = tree
        self._when = when
        self._rests: list[dict[str, Any]] = []
        self._last = 0

    def shape(self, values: Values) -> Shape | None:
        """The shape of this sheet for one piece, or None where the piece has no such sheet."""
        if self._when and not any(values.get(name) for name in self._when):
            return None
        shape = Shape((), [], [])
        key: list[Any] = []
        tree = self._tree
        rest = {name: value for name, value in values.items() if name not in tree}
        for name, node in tree.items():
            if node is _UNUSED:
                continue
            if name in values:
                _walk(values[name], node, key, shape)
            else:
                key.append(None)
        shape.key = (self._rest(rest), *key)
        return shape

    def _rest(self, rest: dict[str, Any]) -> int | None:
        # Nearly always what the piece before had, so that one comparison does.
        if self._rests and self._rests[self._last] == rest:
            return self._last
        if rest not in self._rests:
            if len(self._rests) >= _MOST_RESTS:
                return None
            self._rests.append(rest)
        self._last = self._rests.index(rest)
        return self._last

    def blanked(self, values: Values, heights: list[list[float]]) -> tuple[dict[str, Any], dict[str, int]]:
        """`values` as the sheet is laid out from them, and the rank in `Shape.fields` of each field's path.

        heights: of every part, in the order of `Shape.parts`, the heights in points of all its variants.
        """
        blank: dict[str, Any] = {}
        paths: dict[str, int] = {}
        left = iter(enumerate(heights))
        for name, node in self._tree.items():
            if node is not _UNUSED and name in values:
                blank[name] = _blank(values[name], node, name, paths, left)
        rest = {name: value for name, value in values.items() if name not in self._tree}
        return {**rest, **blank}, paths


def part_blanked(spec: Spec, use: PartUse) -> tuple[Any, dict[str, int]]:
    """A part's value as it is drawn, and the rank in `PartUse.fields` of each of its fields' paths."""
    paths: dict[str, int] = {}
    inner = spec.inner[use.name]
    return (use.value if inner is None else _blank(use.value, inner, "", paths, iter(()))), paths


@dataclass(frozen=True)
class Spec:
    """How a layout's pieces are stamped. inner: of every part, the tree of its fields."""

    sheets: tuple[SheetSpec, ...]
    inner: Mapping[str, dict[str, Any] | None]

    def use(self, name: str, value: Any) -> PartUse:
        """A part as a piece with that value uses it."""
        return _used(value, _Part(name, self.inner[name]))


def load_spec(layout: Path) -> Spec | None:
    """How the pieces of `layout` are stamped, None where it does not say; raises BadInput with every fault."""
    path = layout.with_name(layout.stem + STAMP_SUFFIX)
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInput.at(str(path), _("is not valid TOML"), str(error)) from error
    try:
        file = _File(**raw)
    except ValidationError as error:
        raise BadInput(*model_faults(str(path), error)) from error
    sheets = []
    inner: dict[str, dict[str, Any] | None] = {}
    for name, sheet in file.sheets.items():
        unused = {*file.unused, *sheet.unused}
        tree: dict[str, Any] = {}
        for field in file.fields:
            _plant(tree, field, _FIELD)
        for part in file.parts:
            found = _found(tree, part)
            inner[part] = found if isinstance(found, dict) else None
            _plant(tree, part, _Part(part, inner[part]))
        for value in unused:
            _plant(tree, value, _UNUSED)
        sheets.append(SheetSpec(name, tree, sheet.when))
    return Spec(tuple(sheets), inner)


def _plant(tree: dict[str, Any], path: str, node: Any) -> None:
    *parents, leaf = path.split(".")
    for name in parents:
        below = tree.setdefault(name, {})
        if not isinstance(below, dict):
            return  # what holds it is not used
        tree = below
    tree[leaf] = node


def _found(tree: dict[str, Any], path: str) -> Any:
    node: Any = tree
    for name in path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return node


def _walk(value: Any, node: Any, key: list[Any], shape: Shape) -> None:
    if node is _FIELD:
        if value is None or value == "":
            key.append(0)
        else:
            key.append(1)
            shape.fields.append(value if type(value) is str else str(value))
    elif type(node) is _Part:
        items = value if isinstance(value, list) else [value]
        key.append(len(items))
        shape.parts += [_used(item, node) for item in items]
    elif isinstance(value, list):
        key.append(len(value))
        for item in value:
            _walk(item, node, key, shape)
    elif isinstance(value, Mapping):
        for name, below in node.items():
            if below is not _UNUSED:
                if name in value:
                    _walk(value[name], below, key, shape)
                else:
                    key.append(None)
        if len(value) > len(node) or any(name not in node for name in value):
            key.append(repr([(name, item) for name, item in value.items() if name not in node]))
    else:
        key.append(repr(value))


def _used(value: Any, node: _Part) -> PartUse:
    if node.inner is None:
        content = value if type(value) is str else tuple(value.items()) if type(value) is dict else repr(value)
        return PartUse(node.name, content, value, [])
    shape = Shape((), [], [])
    key: list[Any] = []
    _walk(value, node.inner, key, shape)
    return PartUse(node.name, tuple(key), value, shape.fields)


def _blank(value: Any, node: Any, path: str, paths: dict[str, int], heights: Any) -> Any:
    if node is _FIELD:
        if value is None or value == "":
            return ""
        paths[path] = len(paths)
        return BLANK
    if type(node) is _Part:
        if isinstance(value, list):
            return [_blank_part(heights) for _item in value]
        return _blank_part(heights)
    if isinstance(value, list):
        return [_blank(item, node, _below(path, str(rank)), paths, heights) for rank, item in enumerate(value)]
    if isinstance(value, Mapping):
        blank = {
            name: _blank(value[name], below, _below(path, name), paths, heights)
            for name, below in node.items()
            if below is not _UNUSED and name in value
        }
        return blank | {name: item for name, item in value.items() if name not in node}
    return value


def _blank_part(heights: Any) -> dict[str, Any]:
    rank, high = next(heights)
    return {"part": rank, "heights": high}


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
