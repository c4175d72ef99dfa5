"""One part of a Word layout compiled, to be filled thousands of times.

A letter differs from the next in a few places. So the source is cut, at its outermost level, into segments
by the values they ask for, and what a segment printed for the same values is kept: the bureau's texts are
rendered once a run, an officer's box once an officer. Whether the XML stays sound, and whether its tables
need their columns counted again, hangs on which of the layout's own texts come in which order (values are
escaped); so each order is looked at once.
"""

from __future__ import annotations

import contextlib
import itertools
import marshal
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jinja2 import Template, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context

from outreach.render.docx_balance import Balance, Shape, Unsound, neutral
from outreach.render.docx_bare import with_checks
from outreach.render.docx_quick import FALLS_BACK, checked, quick_way
from outreach.render.picture import DRAWING, Drawings, Picture, draws
from outreach.render.sandbox import budgeted

if TYPE_CHECKING:
    from jinja2 import Environment

MARK = "\2"
"""Stands on both sides of a name that merging replaces in the filled letter; no value can hold it."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\a\f]")  # docxtpl's own signs for a new paragraph and a new page, in rich values only
_RICH_BREAKS = re.compile(rb"[\a\f]")
_MARKED = re.compile(rb"\x02[^\x02]*\x02")
_TRIALS = 3  # the first letters are made both ways
_MOST_FALLS = 256
_SETTLED = 128  # letters after which a layout knows what its values are like
_MEMORY = 256  # values a segment remembers what it printed for
_SETS_NAMES = (nodes.Assign, nodes.AssignBlock, nodes.Macro, nodes.CallBlock)
_PLAIN = 2  # the version of marshal's format in which equal plain values give equal bytes, and only they
_unbounded: contextlib.AbstractContextManager[None] = contextlib.nullcontext()


@dataclass(slots=True)  # not frozen: that makes the making of one three times as slow
class Printed:
    """What a segment printed: its bytes, the order of the layout's texts in it, and what to look out for."""

    content: bytes
    shape: Shape
    special: bool = False  # one of the two that follow
    breaks: bool = False  # values hold line ends, tabs or docxtpl's signs for a new paragraph and a new page
    marked_up: bool = False  # values brought XML of their own
    refers: bool = False  # and that asks for relationships


class ForbiddenSign(ValueError):
    """A value holds a sign XML cannot."""


class _Texts(dict[str, bytes]):
    """The layout's own texts, encoded; a value is encoded when it comes."""

    def __missing__(self, piece: str) -> bytes:
        return piece.encode()


class _Segment:
    """A stretch of the source that asks for the same values throughout."""

    __slots__ = (
        *("_encoded", "_environment", "_falls", "_fixed", "_quick", "_quick_shape", "_root", "_shapes", "_trials"),
        *("body", "memory", "misses", "names"),
    )

    def __init__(self, environment: Environment, body: list[nodes.Node]) -> None:
        self.body = body
        self.names = tuple(sorted(_asked({}, *body)))
        self._environment = environment
        self._quick = quick_way(body, neutral)
        self._quick_shape = Shape(())
        self._trials, self._falls = _TRIALS, 0
        texts = [text for node in body for text in node.find_all(nodes.TemplateData)]
        texts += [node for node in body if isinstance(node, nodes.TemplateData)]
        encoded = _Texts({text.data: text.data.encode() for text in texts})
        self._encoded, self._fixed = encoded.__getitem__, encoded.__contains__
        self._shapes: dict[tuple[str, ...], Shape] = {}
        self.memory: dict[Any, Printed] | None = None if DRAWING in self.names else {}
        self.misses = 0
        self._root: Callable[[Context], Iterator[str]] | None = None

    @classmethod
    def joined(cls, parts: list[_Segment]) -> _Segment:
        """Neighbours that print something else for each letter, as one; each has been tried."""
        made = cls(parts[0]._environment, [node for part in parts for node in part.body])
        made.memory, made._trials = None, 0
        made._quick_shape = Shape(tuple(text for part in parts for text in part._quick_shape.texts))
        return made

    def compile(self) -> Callable[[Context], Iterator[str]]:
        """Jinja's own way through it; raises TemplateError where a filter or test is not known."""
        if self._root is None:
            code = self._environment.compile(_template(self._environment, self.body))
            globals_ = self._environment.make_globals(None)
            self._root = Template.from_code(self._environment, code, globals_).root_render_func
        return self._root

    @property
    def varies(self) -> bool:
        """Whether it prints something else for each letter, and by a quick way that has been tried."""
        return self.memory is None and self._quick is not None and not self._trials

    def remember(self, key: Any, printed: Printed) -> None:
        """Keep what it printed for the values frozen in `key`."""
        if self.memory is None:
            return
        self.misses += 1
        if len(self.memory) >= _MEMORY:
            self.memory.clear()
        self.memory[key] = printed

    def rendered(self, letter: _Letter) -> Printed:
        """What it prints; raises what templates raise, and ForbiddenSign."""
        if self._quick is None:
            return self._by_jinja(letter)
        drawings = letter.drawings
        number = drawings.next
        try:
            content = checked(self._quick(letter.values))
        except FALLS_BACK:
            drawings.next = number
            self._falls += 1
            if self._falls == _MOST_FALLS:  # it is hardly ever of use here
                self._quick = None
            return self._by_jinja(letter)
        if not self._trials:
            return Printed(content, self._quick_shape)
        after, drawings.next = drawings.next, number
        found = self._by_jinja(letter)
        if found.content != content or drawings.next != after:
            self._quick = None
        self._trials -= 1
        # Its loops and conditions are neutral, so whatever it prints leads to the same open elements.
        self._quick_shape = found.shape
        return found

    def _by_jinja(self, letter: _Letter) -> Printed:
        fixed = self._fixed
        # Not template.render(): the pieces tell the layout's own texts from values.
        pieces = list(self.compile()(letter.context))
        words = "".join(itertools.filterfalse(fixed, pieces))
        breaks = marked_up = refers = False
        if not words.isprintable():
            if FORBIDDEN.search(_BREAKS.sub("", words)):
                raise ForbiddenSign
            breaks = any(sign in words for sign in "\n\t\a\f")
        if "<" in words:
            brought = [piece for piece in pieces if "<" in piece and not fixed(piece) and not draws(piece)]
            marked_up, refers = bool(brought), any(" r:" in piece for piece in brought)
        texts = (*filter(fixed, pieces),)
        shape = self._shapes.get(texts)
        if shape is None:
            if len(self._shapes) >= _MEMORY:
                self._shapes.clear()
            shape = self._shapes[texts] = Shape(texts)
        content = b"".join(map(self._encoded, pieces))
        return Printed(content, shape, breaks or marked_up, breaks, marked_up, refers)


def _frozen(value: Any) -> Any:
    """What is equal only for equal plain values of equal types; None for anything else."""
    if type(value) is str:
        return value
    try:
        return marshal.dumps(value, _PLAIN)
    except ValueError:
        return None


class _Letter:
    """One letter being filled; Jinja's context is made when a segment asks for it."""

    __slots__ = ("_context", "_layout", "drawings", "values")

    def __init__(self, layout: Layout, values: Mapping[str, Any], drawings: Drawings) -> None:
        self._layout = layout
        self._context: Context | None = None
        self.values = values
        self.drawings = drawings

    @property
    def context(self) -> Context:
        if self._context is None:
            self._context = self._layout.context(self.values, self.drawings)
        return self._context


class Layout:
    """One part, compiled. `around` makes it a whole part; `resolve` makes line ends of values Word's own.

    mend: a whole part as text in, the same with its tables' columns counted again out, for bodies whose tags
    can make rows of unlike length.
    """

    def __init__(
        self,
        environment: Environment,
        source: str,
        around: tuple[bytes, bytes] = (b"", b""),
        *,
        resolve: Callable[[str], str],
        mend: Callable[[str], str] | None = None,
    ) -> None:
        tree = with_checks(environment.parse(source))
        self._tree = tree
        self._environment = environment
        self._globals = environment.make_globals(None)
        self._around = around
        self._mend = mend
        self._resolve = resolve
        texts = [node.data for node in tree.find_all(nodes.TemplateData)]
        self._breaks = any("\n" in text or "\t" in text for text in texts)
        self._runs_on = _can_run_on(tree)
        self._segments = [_Segment(environment, body) for body in _cut(tree)]
        for segment in self._segments:
            segment.compile()
        self._balance = Balance()
        self._letters = 0
        self._choose_remembered()

    def context(self, values: Mapping[str, Any], drawings: Drawings) -> Context:
        """What Jinja needs to know to render a segment for `values`."""
        return Context(self._environment, {**self._globals, **values, DRAWING: drawings}, None, {})

    def names(self) -> set[str]:
        """The top-level names it asks for."""
        return find_undeclared_variables(self._tree)

    def filled(self, values: Mapping[str, Any], drawings: Drawings) -> list[bytes]:
        """The part filled with `values`, in pieces; raises what templates raise, ForbiddenSign, Unsound.

        Pieces that print the same again and again are the same objects again.
        """
        letter = _Letter(self, values, drawings)
        with drawings, budgeted() if self._runs_on else _unbounded:
            printed = self._printed(letter)
        contents, breaks, marked_up = [], self._breaks, False
        for one in printed:
            contents.append(one.content)
            if one.special:
                breaks = breaks or one.breaks
                marked_up = marked_up or one.marked_up
        if breaks and next(filter(_RICH_BREAKS.search, contents), None) and next(forbidden_in(values), None):
            raise ForbiddenSign
        if marked_up:
            _check_unbound(printed, values)
        if not self._balance.holds([one.shape for one in printed]) or marked_up:
            self._check_sound(b"".join(contents))
        if breaks or self._mend:
            return [self._mended(b"".join(contents))]
        return contents

    def _printed(self, letter: _Letter) -> list[Printed]:
        """What every segment prints, remembered or rendered."""
        values = letter.values
        self._letters += 1
        if self._letters == _SETTLED:
            self._settle()
        keys = {name: _frozen(values[name]) if name in values else b"" for name in self._remembered}
        printed = []
        for segment in self._segments:
            if segment.memory is None:
                printed.append(segment.rendered(letter))
                continue
            names = segment.names
            key = keys[names[0]] if len(names) == 1 else (*[keys[name] for name in names],)
            found = segment.memory.get(key)
            if found is None:
                found = segment.rendered(letter)
                if key is None or (type(key) is tuple and None in key):
                    segment.misses += 1
                else:
                    segment.remember(key, found)
            printed.append(found)
        return printed

    def _settle(self) -> None:
        """By now it is known whose values hardly ever come again; neighbours of that sort become one segment."""
        runs: list[list[_Segment]] = []
        for segment in self._segments:
            if segment.misses > _SETTLED // 2:
                segment.memory = None  # remembering costs more than it saves
            if runs and segment.varies and runs[-1][-1].varies:
                runs[-1].append(segment)
            else:
                runs.append([segment])
        self._segments = [run[0] if len(run) == 1 else _Segment.joined(run) for run in runs]
        self._choose_remembered()

    def _choose_remembered(self) -> None:
        """The names by whose values segments remember."""
        kept = (segment.names for segment in self._segments if segment.memory is not None)
        self._remembered = tuple(sorted({name for names in kept for name in names}))

    def _check_sound(self, content: bytes) -> None:
        """Raise Unsound where Word would refuse the file."""
        from lxml import etree

        before, after = self._around
        try:
            etree.fromstring(before + _RICH_BREAKS.sub(b"", _MARKED.sub(b"0", content)) + after)
        except etree.XMLSyntaxError as error:
            raise Unsound from error

    def _mended(self, content: bytes) -> bytes:
        """`content` with its breaks made Word's own and its tables evened."""
        xml = self._resolve(content.decode().replace("\r\n", "\n"))
        if self._mend is not None:
            before, after = (part.decode() for part in self._around)
            xml = self._mend(before.partition("?>")[2] + xml + after)
            xml = xml[xml.index("<w:body>") + len("<w:body>") : xml.rindex("</w:body>")]
        return xml.encode()


def forbidden_in(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and character of everything in `value` that XML cannot hold."""
    if isinstance(value, str):
        yield from ((path, sign) for sign in FORBIDDEN.findall(value))
    elif isinstance(value, Picture):
        yield from forbidden_in(value.alt, f"{path}.alt")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from forbidden_in(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, (list, tuple)):
        for number, inner in enumerate(value):
            yield from forbidden_in(inner, f"{path}[{number}]")


def _check_unbound(printed: Sequence[Printed], values: Mapping[str, Any]) -> None:
    """Raise Bound where values brought XML that belongs to a document of docxtpl's."""
    from outreach.render.docx_bound import Bound, document_of

    document = document_of(values)
    if document is not None or any(one.refers for one in printed):
        raise Bound(document)


def _cut(tree: nodes.Template) -> list[list[nodes.Node]]:
    """The outermost nodes in stretches that ask for the same values.

    A layout that sets names of its own stays whole: a later stretch could ask for them.
    """
    if any(tree.find(kind) for kind in _SETS_NAMES):
        return [tree.body]
    stretches: list[tuple[set[str], list[nodes.Node]]] = []
    for node in tree.body:
        whole = not isinstance(node, nodes.Output)
        for piece in [node] if whole else node.nodes:  # type: ignore[attr-defined]
            made = piece if whole else nodes.Output([piece], lineno=node.lineno)
            names = {name.name for name in made.find_all(nodes.Name)}
            if stretches and (names <= stretches[-1][0] or not stretches[-1][0]):
                stretches[-1][0].update(names)
                stretches[-1][1].append(made)
            else:
                stretches.append((names, [made]))
    return [body for _names, body in stretches]


def _asked(bound: Mapping[str, Any], *body: nodes.Node) -> set[str]:
    """The names `body` asks for beside those that are `bound` by a loop around it."""
    names: set[str] = set()
    for node in body:
        if isinstance(node, nodes.Name):
            names |= {node.name} - bound.keys()
        elif isinstance(node, nodes.For):
            names |= _asked(bound, node.iter, *node.else_)
            targets = {
                name.name: True
                for name in (node.target, *node.target.find_all(nodes.Name))
                if isinstance(name, nodes.Name)
            }
            inner = {**bound, **targets, "loop": True}
            names |= _asked(inner, *node.body, *([node.test] if node.test else []))
        else:
            names |= _asked(bound, *node.iter_child_nodes())
    return names


def _template(environment: Environment, body: list[nodes.Node]) -> nodes.Template:
    tree = nodes.Template(body, lineno=1)
    tree.set_environment(environment)
    return tree


def _can_run_on(tree: nodes.Template) -> bool:
    """Whether a template could do much more work than its values are long: loops in loops, calls, macros."""
    loops = list(tree.find_all(nodes.For))
    nested = any(inner is not loop for loop in loops for inner in loop.find_all(nodes.For))
    return nested or any(tree.find(kind) for kind in (nodes.Call, nodes.Macro, nodes.CallBlock))
