"""The one sandboxed Jinja environment every template is compiled in.

Templates come from the bureau's folders and may be passed around, so they are held to what words need:
plain data in, text out, no loader, no inheritance, a fixed list of filters, methods and globals, and
bounds on every way to grow. Values are data: a `{{ }}` inside a roster is printed, never run.

Jinja's own sandbox guards attributes but not growth (`'a'*5e7`, `x ~ x`, nested `set` blocks, loops that
print nothing). Its operators are intercepted here, and the parsed template is rewritten so that printing,
joining, list making, loops and macros pass through functions that count.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context, LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer
from markupsafe import escape

from outreach.messages import _
from outreach.render.filters import FIELD_FILTERS, MAX_SIZE, STOCK_FILTERS, Unprintable, text_of

MAX_OUTPUT = 200_000
MAX_STEPS = 100_000
MAX_RANGE = 1_000
_MAX_BITS = 4_096
_MAX_EXPONENT = 64

# Names of the filters the rewriting puts in; a space keeps them out of a template author's reach.
_PRINTED, _TICK, _JOINED, _GATHERED, _EXACT = " printed", " tick", " joined", " gathered", " exact"
_REFUSED_TAGS = (
    nodes.Block,
    nodes.Extends,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.ScopedEvalContextModifier,
    nodes.EvalContextModifier,
)
_METHODS: tuple[tuple[type | tuple[type, ...], frozenset[str]], ...] = (
    (
        str,
        frozenset(
            "capitalize count endswith find isdigit lower lstrip rstrip split splitlines startswith strip upper".split()
        ),
    ),
    (dict, frozenset(("get", "items", "keys", "values"))),
    ((list, tuple), frozenset(("count", "index", "grouper", "list"))),
    ((dt.date, dt.time), frozenset("date day hour isoformat minute month second time weekday year".split())),
    (
        LoopContext,
        frozenset("changed cycle depth depth0 first index index0 last length nextitem previtem revindex".split()),
    ),
)


@dataclass(slots=True)
class _Budget:
    """What one rendering may still use: steps of loops and macros, characters printed anywhere."""

    steps: int = MAX_STEPS
    characters: int = 5 * MAX_OUTPUT

    def spend(self, steps: int, characters: int) -> None:
        self.steps -= steps
        self.characters -= characters
        if self.steps < 0:
            raise SecurityError(_("the template takes more than {limit} steps", limit=MAX_STEPS))
        if self.characters < 0:
            raise SecurityError(_("the text grows over {limit} characters", limit=MAX_OUTPUT))


_budget: ContextVar[_Budget | None] = ContextVar("template_budget", default=None)


@contextmanager
def budgeted() -> Iterator[None]:
    """Within it, one rendering may take MAX_STEPS steps and print a bounded number of characters."""
    token = _budget.set(_Budget())
    try:
        yield
    finally:
        _budget.reset(token)


def _spend(steps: int, characters: int = 0) -> None:
    if budget := _budget.get():
        budget.spend(steps, characters)


class MissingField(UndefinedError):
    """A field the values do not have: `owner` is the collection asked, or `missing` for a top-level name."""

    def __init__(self, message: str | None, owner: object, name: object) -> None:
        super().__init__(message)
        self.owner = owner
        self.name = name


class _Missing(StrictUndefined):
    """A missing value that remembers of what it is missing."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> None:
        if exc is UndefinedError:
            exc = functools.partial(MissingField, owner=obj, name=name)
        super().__init__(hint, obj, name, exc)


def _measured(value: Any) -> int:
    """Characters or leaves in `value`; raises SecurityError over the limit. Shared parts count each time."""
    stack, size = [value], 0
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            size += len(part)
        elif isinstance(part, (list, tuple, dict)):
            size += 1
            stack.extend(part.values() if isinstance(part, dict) else part)
        else:
            size += 1
        if size + len(stack) > MAX_SIZE:
            raise SecurityError(_("a value grows over {limit} characters or elements", limit=MAX_SIZE))
    return size


@pass_context
def _printed(context: Context, value: Any, expression: str) -> Any:
    if isinstance(value, str):
        _spend(0, len(value))
        return value
    if isinstance(value, Undefined):
        str(value)
    try:
        if hasattr(value, "__html__"):
            return value
        text = text_of(value)
    except Unprintable as error:
        raise Unprintable(f"{expression} {error}") from None
    _spend(0, len(text))
    return text


@pass_context
def _tick(context: Context, size: int) -> None:
    _spend(1, size)


@pass_context
def _joined(context: Context, parts: list[Any]) -> str:
    if not any(hasattr(part, "__html__") for part in parts) and not context.eval_ctx.autoescape:
        whole = "".join(text_of(part) for part in parts)
    else:
        whole = escape("").join(part if hasattr(part, "__html__") else text_of(part) for part in parts)
    _spend(1 + _measured(whole) // 100)
    return whole


@pass_context
def _gathered(context: Context, parts: Any) -> Any:
    _spend(1 + _measured(parts) // 100)
    return parts


def _counted(stock: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose result is measured and paid for."""

    @functools.wraps(stock)
    def counting(*args: Any, **kwargs: Any) -> Any:
        result = stock(*args, **kwargs)
        if isinstance(result, (str, list, tuple, dict)):
            _spend(1 + _measured(result) // 100)
        return result

    return counting


class _Rewriter(NodeTransformer):
    """Puts counting in where a template prints, joins, makes lists, loops or calls itself; refuses some tags."""

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        if isinstance(node, _REFUSED_TAGS):
            raise TemplateSyntaxError(_("a template stands alone: this tag is not available"), node.lineno)
        return super().generic_visit(node, *args, **kwargs)

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802 - Jinja names visitors after its nodes
        names = [_expression(child) for child in node.nodes]
        self.generic_visit(node)
        node.nodes = [
            child if isinstance(child, nodes.TemplateData) else _filter(child, _PRINTED, nodes.Const(name))
            for child, name in zip(node.nodes, names, strict=True)
        ]
        return node

    def visit_Const(self, node: nodes.Const) -> nodes.Node:  # noqa: N802
        """A number with a point is reckoned with as it is written, so that 0.1 * 3 is 0.3."""
        return _filter(node, _EXACT, of=nodes.Const(str(node.value))) if isinstance(node.value, float) else node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), _JOINED)

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        return _filter(self.generic_visit(node), _GATHERED)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        return _filter(self.generic_visit(node), _GATHERED)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        return _filter(node, _GATHERED) if node.ctx == "load" else node

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        return self._paid(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        return self._paid(node)

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        return self._paid(node)

    def _paid(self, node: Any) -> nodes.Node:
        size = _fixed_characters(node.body)
        self.generic_visit(node)
        tick = nodes.ExprStmt(_filter(nodes.Const(size, lineno=node.lineno), _TICK), lineno=node.lineno)
        node.body = [tick, *node.body]
        return node  # type: ignore[no-any-return]


def _filter(node: nodes.Node, name: str, *args: nodes.Node, of: nodes.Node | None = None) -> nodes.Filter:
    return nodes.Filter(of or node, name, list(args), [], None, None, lineno=node.lineno)


def _fixed_characters(body: list[nodes.Node]) -> int:
    """Characters the body prints without values, inner loops and macros aside (they pay for themselves)."""
    size = 0
    for node in body:
        if isinstance(node, nodes.TemplateData):
            size += len(node.data)
        elif not isinstance(node, (nodes.For, nodes.Macro, nodes.CallBlock)):
            size += _fixed_characters(list(node.iter_child_nodes()))
    return size


def _expression(node: nodes.Node) -> str:
    """The value an expression prints, as its author wrote it: 'officer.mobile'."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_expression(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_expression(node.node)}[{node.arg.value}]"
    if isinstance(node, nodes.Filter) and node.node is not None:
        return _expression(node.node)
    return _("the value")


class _TextEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox with growth bounded; see the module's text."""

    intercepted_binops = frozenset(("+", "*", "**", "%", "-", "/"))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        try:
            return _Rewriter().visit(tree)  # type: ignore[no-any-return]
        except TemplateSyntaxError as error:
            error.source, error.name, error.filename = source, name, filename
            raise

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a mapping, or one of the few methods plain data has."""
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if attribute.startswith("_"):
            return self.unsafe_undefined(obj, attribute)
        if isinstance(obj, Undefined):
            return getattr(obj, attribute)
        if isinstance(obj, Namespace):
            value = getattr(obj, attribute, missing)
            return self.undefined(obj=obj, name=attribute) if value is missing else value
        for kind, methods in _METHODS:
            if isinstance(obj, kind) and attribute in methods:
                value = getattr(obj, attribute, missing)
                return self.undefined(obj=obj, name=attribute) if value is missing else value
        if not isinstance(obj, dict) and hasattr(obj, attribute):
            return self.unsafe_undefined(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """An element by key, index or slice; never an attribute of an object."""
        if isinstance(obj, (dict, list, tuple, str)):
            try:
                return obj[argument]
            except (TypeError, LookupError):
                return self.undefined(obj=obj, name=argument)
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined(obj=obj, name=argument)

    def is_safe_callable(self, obj: Any) -> bool:
        """Only methods this environment gave out, macros and its globals are called."""
        return isinstance(obj, (Macro, LoopContext, Undefined)) or obj in (_range, Namespace) or _is_method(obj)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An arithmetic operator whose result stays within bounds and is exact in decimal digits."""
        _check_growth(operator, left, right)
        left, right = _alike(operator, left, right)
        result = self.binop_table[operator](left, right)
        if isinstance(result, Decimal) and operator == "*":
            return _with_places(result, max(_places(left), _places(right)))
        if isinstance(result, (str, list, tuple)):
            _spend(1 + _measured(result) // 100)
        return result


def _is_method(obj: Any) -> bool:
    owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
    return any(isinstance(owner, kind) and name in methods for kind, methods in _METHODS)


def _check_growth(sign: str, left: Any, right: Any) -> None:
    """Raise SecurityError where the result would be too large even to make."""
    if isinstance(left, (str, list, tuple)) or isinstance(right, (str, list, tuple)):
        if sign == "%":
            raise SecurityError(_("the percent sign formats no texts here; use filters"))
        if sign == "*":
            sequence, times = (left, right) if isinstance(left, (str, list, tuple)) else (right, left)
            if isinstance(times, int) and _measured(sequence) * max(times, 0) > MAX_SIZE:
                raise SecurityError(_("a value grows over {limit} characters or elements", limit=MAX_SIZE))
        return
    bits = [abs(side).bit_length() if isinstance(side, int) else 64 for side in (left, right)]
    if sign == "**" and (abs(right) > _MAX_EXPONENT or bits[0] * max(int(right), 1) > _MAX_BITS):
        raise SecurityError(_("the exponent {value} is too large", value=right))
    if sign in "+*-" and sum(bits) > _MAX_BITS:
        raise SecurityError(_("a number grows over {limit} bits", limit=_MAX_BITS))


def _alike(sign: str, left: Any, right: Any) -> tuple[Any, Any]:
    """Both as Decimals where one is, and where whole numbers are divided."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return _exact(left), _exact(right)
    if sign == "/" and isinstance(left, int) and isinstance(right, int) and right:
        return Decimal(left), right
    return left, right


def _exact(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _places(value: Any) -> int:
    """Digits after the point."""
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) else 0


def _with_places(product: Decimal, places: int) -> Decimal:
    """The product with no more zeros at its end than its factors have places: 137.60 x 0.20 is 27.52."""
    if _places(product) <= places:
        return product
    short = product.normalize()
    return short if _places(short) >= places else product.quantize(Decimal(1).scaleb(-places))


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > MAX_RANGE:
        raise SecurityError(_("range is bounded to {limit} numbers", limit=MAX_RANGE))
    return numbers


def environment(*, autoescape: bool = False) -> SandboxedEnvironment:
    """The environment all templates are compiled in. autoescape: values are escaped for XML and HTML.

    Word layouts and report pages compile in it too; `budgeted` bounds the work of one rendering.
    """
    made = _TextEnvironment(autoescape=autoescape, undefined=_Missing, trim_blocks=True, lstrip_blocks=True)
    made.loader = None
    made.globals = {"range": _range, "namespace": Namespace}
    stock = {name: _counted(FILTERS[name]) for name in STOCK_FILTERS}
    field_filters = {name: _counted(made_filter) for name, made_filter in FIELD_FILTERS.items()}
    inner = {_PRINTED: _printed, _TICK: _tick, _JOINED: _joined, _GATHERED: _gathered, _EXACT: Decimal}
    made.filters = stock | field_filters | inner
    return made
