"""The quick way through a segment that only looks values up, loops over them and asks whether they are there.

Most of a letter is of that sort. Such a segment becomes plain Python: dictionary lookups between encoded texts,
without a sandbox, since nothing in it can do harm or run on. It knows only the good case. Whatever else comes (a
missing value, a line end, a text where a list should be) raises Surprise, and the segment is rendered by Jinja,
which finds the words for it. The first letters are made both ways and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from markupsafe import escape

from outreach.render.picture import Picture
from outreach.render.sandbox import MAX_OUTPUT, MAX_STEPS

Quick = Callable[[Mapping[str, Any]], list[bytes]]
"""Text, value, text, value ...; raises Surprise or what lookups raise."""

# What a value must not hold to stand in XML as it is; the last two are U+FFFE and U+FFFF.
_CONTROLS = bytes(range(32))
_SPECIAL = _CONTROLS + b"&<>\"'"
_NO_SIGN, _NO_OTHER = b"\xef\xbf\xbe", b"\xef\xbf\xbf"
_COMPARES = {"eq": "==", "ne": "!=", "gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}
FALLS_BACK = (LookupError, TypeError, ValueError, AttributeError)
"""What a quick way raises where Jinja is to render the segment."""


class Surprise(ValueError):
    """The values are not of the sort a quick way knows."""


class _NotSimple(Exception):
    """A node that only Jinja understands."""


def quick_way(body: list[nodes.Node], neutral: Callable[[str], bool]) -> Quick | None:
    """The quick way through `body`, or None where it does more than look up, loop and ask.

    neutral: whether a text leaves as many elements open as it found; every loop and condition has to.
    """
    try:
        writer = _Writer(neutral)
        writer.block(body, 1)
    except _NotSimple:
        return None
    lines = ["def way(values):", " out = []", " steps = 0", *writer.lines, " return out"]
    made: dict[str, Any] = {"text": _text, "Picture": Picture, "Surprise": Surprise}
    # Nothing of the layout's goes into the code but names and texts as literals.
    exec("\n".join(lines), made)  # noqa: S102
    way: Quick = made["way"]
    return way


def checked(pieces: list[bytes]) -> bytes:
    """The pieces together, values escaped; raises Surprise where one cannot stand in XML, or all is very long."""
    values = b"".join(pieces[1::2])
    if len(values.translate(None, _SPECIAL)) != len(values) or _NO_SIGN in values or _NO_OTHER in values:
        if len(values.translate(None, _CONTROLS)) != len(values) or _NO_SIGN in values or _NO_OTHER in values:
            raise Surprise
        pieces[1::2] = [escape(value.decode()).encode() for value in pieces[1::2]]
    content = b"".join(pieces)
    if len(content) > MAX_OUTPUT:
        raise Surprise
    return content


def _text(value: Any) -> bytes:
    """A whole number as printed."""
    if type(value) is int:
        return b"%d" % value
    raise Surprise


class _Writer:
    """Writes the lines of a quick way."""

    def __init__(self, neutral: Callable[[str], bool]) -> None:
        self.lines: list[str] = []
        self._neutral = neutral
        self._locals: dict[str, str] = {}
        self._count = 0
        self._texts = b""

    def block(self, body: list[nodes.Node], depth: int) -> None:
        """The lines of `body`; what it printed last is written before it ends."""
        for node in body:
            if isinstance(node, nodes.Output):
                for piece in node.nodes:
                    self._printed(piece, depth)
            elif isinstance(node, nodes.For):
                self._flush(depth)
                self._loop(node, depth)
            elif isinstance(node, nodes.If):
                self._flush(depth)
                self._condition(node, depth)
            elif not (isinstance(node, nodes.ExprStmt) and isinstance(node.node, nodes.Filter)):
                raise _NotSimple
        self._flush(depth)

    def _printed(self, piece: nodes.Expr, depth: int) -> None:
        if isinstance(piece, nodes.TemplateData):
            self._texts += piece.data.encode()
            return
        if not isinstance(piece, nodes.Filter) or piece.node is None:
            raise _NotSimple
        self._write(depth, f"x = {self._path(piece.node)}")
        self._write(depth, f"if type(x) is str: out += ({self._texts!r}, x.encode())")
        self._write(depth, f"elif type(x) is Picture: out += ({self._texts!r} + x.__html__().encode(), b'')")
        self._write(depth, f"else: out += ({self._texts!r}, text(x))")
        self._texts = b""

    def _flush(self, depth: int) -> None:
        self._write(depth, f"out += ({self._texts!r}, b'')" if self._texts else "pass")
        self._texts = b""

    def _loop(self, node: nodes.For, depth: int) -> None:
        if node.else_ or node.test or node.recursive or not isinstance(node.target, nodes.Name):
            raise _NotSimple
        self._require_neutral(node.body)
        items, item = self._new("items"), self._new("item")
        self._write(depth, f"{items} = {self._path(node.iter)}")
        self._write(depth, f"if type({items}) is not list: raise Surprise")
        self._write(depth, f"steps += len({items})")
        self._write(depth, f"if steps > {MAX_STEPS}: raise Surprise")
        self._write(depth, f"for {item} in {items}:")
        outer = dict(self._locals)
        self._locals |= {node.target.name: item, "loop": ""}
        self.block(node.body, depth + 1)
        self._locals = outer

    def _condition(self, node: nodes.If, depth: int) -> None:
        word = "if"
        for branch in (node, *node.elif_):
            self._require_neutral(branch.body)
            self._write(depth, f"{word} {self._test(branch.test)}:")
            self.block(branch.body, depth + 1)
            word = "elif"
        if node.else_:
            self._require_neutral(node.else_)
            self._write(depth, "else:")
            self.block(node.else_, depth + 1)

    def _test(self, node: nodes.Node) -> str:
        if isinstance(node, (nodes.And, nodes.Or)):
            word = "and" if isinstance(node, nodes.And) else "or"
            return f"({self._test(node.left)} {word} {self._test(node.right)})"
        if isinstance(node, nodes.Not):
            return f"(not {self._test(node.node)})"
        if isinstance(node, nodes.Test) and node.name == "defined":
            if isinstance(node.node, nodes.Name) and node.node.name not in self._locals:
                return f"({node.node.name!r} in values)"
            if isinstance(node.node, nodes.Getattr):
                return f"({node.node.attr!r} in {self._path(node.node.node)})"
        if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in _COMPARES:
            other = node.ops[0].expr
            if isinstance(other, nodes.Const) and type(other.value) in (str, int):
                return f"({self._path(node.expr)} {_COMPARES[node.ops[0].op]} {other.value!r})"
        return self._path(node)

    def _path(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Name):
            found = self._locals.get(node.name)
            if found == "":
                raise _NotSimple
            return found or f"values[{node.name!r}]"
        if isinstance(node, nodes.Getattr) and not node.attr.startswith("_"):
            return f"{self._path(node.node)}[{node.attr!r}]"
        raise _NotSimple

    def _require_neutral(self, body: list[nodes.Node]) -> None:
        """Whatever is printed of the body, as many elements must be open after it as before."""
        texts = []
        for node in body:
            if isinstance(node, nodes.Output):
                texts += [piece.data for piece in node.nodes if isinstance(piece, nodes.TemplateData)]
        if not self._neutral("".join(texts)):
            raise _NotSimple

    def _new(self, name: str) -> str:
        self._count += 1
        return f"{name}{self._count}"

    def _write(self, depth: int, line: str) -> None:
        self.lines.append(" " * depth + line)
