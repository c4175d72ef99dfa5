"""Plain texts (crawl, radio, SMS) made with the sandboxed environment, and what its exceptions mean.

Values are data: a `{{ }}` inside a roster is printed, never run. The bounds live in `render.sandbox`.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jinja2 import Template, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from outreach.errors import BadInput, CannotPrint, OutreachError
from outreach.messages import _
from outreach.render.filters import Unprintable
from outreach.render.sandbox import MAX_OUTPUT, MissingField, budgeted, environment

__all__ = ["MAX_OUTPUT", "Text", "compile_text", "environment", "explain", "render_all"]

MAX_SOURCE = 200_000
_COMMON = frozenset((str, int, float, bool, type(None)))
_SCALARS = (str, int, float, Decimal, dt.date, dt.time, type(None))


@dataclass(frozen=True, slots=True)
class Text:
    """A compiled text template; `name` is what faults call it."""

    name: str
    template: Template = field(repr=False)

    def render(self, values: Mapping[str, Any], *, where: str) -> str:
        """The text filled with `values` (plain data only). where: the household or campaign, for faults.

        Raises CannotPrint where a value is missing or cannot be printed, BadInput where the template itself
        is wrong or breaks out of its bounds, each naming template and line.
        """
        _require_plain(values)
        return self._filled(values, where)

    def _filled(self, values: Mapping[str, Any], where: str) -> str:
        try:
            with budgeted():
                parts, size = [], 0
                for part in self.template.generate(dict(values)):
                    size += len(part)
                    if size > MAX_OUTPUT:
                        raise SecurityError(_("the text grows over {limit} characters", limit=MAX_OUTPUT))
                    parts.append(part)
                return "".join(parts)
        except Exception as error:
            raise explain(error, values=values, name=self.name, where=where) from error


def render_all(texts: Iterable[Text], values: Mapping[str, Any], *, where: str) -> list[str]:
    """Several texts filled with the same values, which are looked through once; otherwise as `Text.render`."""
    _require_plain(values)
    return [text._filled(values, where) for text in texts]


def compile_text(source: str, *, name: str) -> Text:
    """A text template, compiled once for many renderings; raises BadInput naming the line that is wrong."""
    if len(source) > MAX_SOURCE:
        raise BadInput.at(name, _("is longer than {limit} characters", limit=MAX_SOURCE), _("shorten the template"))
    try:
        return Text(name, _texts().from_string(source))
    except TemplateSyntaxError as error:
        raise explain(error, values={}, name=name, where=name) from error
    except (TemplateError, SyntaxError, RecursionError, ValueError, AssertionError, MemoryError) as error:
        raise BadInput.at(name, _("is no template that can be compiled"), _("simplify it: {why}", why=error)) from error


@functools.cache
def _texts() -> SandboxedEnvironment:
    return environment()


def explain(error: BaseException, *, values: Mapping[str, Any], name: str, where: str) -> OutreachError:
    """The fault a template's exception stands for. name: the template; where: what it was filled for."""
    if isinstance(error, OutreachError):
        return error
    if isinstance(error, TemplateSyntaxError):
        return BadInput.at(f"{name}:{error.lineno}", str(error.message), _("mend the template"))
    line = _line(error)
    at = f"{name}:{line}" if line else name
    if isinstance(error, MissingField):
        missing_field = _path_to(error.owner, error.name, values)
        return CannotPrint.at(
            where,
            _("there is no value for '{field}', which {template} prints", field=missing_field, template=at),
            _("fill in the value, or mend the name in the template"),
        )
    if isinstance(error, Unprintable):
        return CannotPrint.at(
            where,
            _("{template} cannot print: {why}", template=at, why=error),
            _("fill in the value, or mend the template"),
        )
    if isinstance(error, SecurityError):
        return BadInput.at(
            at,
            _("the template does what a text may not: {why}", why=error),
            _("use plain values and filters, see docs/templates.md"),
        )
    return BadInput.at(
        at, _("the template fails: {why}", why=f"{type(error).__name__}: {error}"[:500]), _("mend the template")
    )


def _line(error: BaseException) -> int:
    """The template line an exception came from: Jinja puts its own lines into the traceback."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>" or "__jinja_template__" in trace.tb_frame.f_globals:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _path_to(owner: object, name: object, values: Mapping[str, Any]) -> str:
    """'persons[1].mobile' for the field `name` missing in the collection `owner` somewhere in `values`."""
    leaf = f"[{name}]" if isinstance(name, int) else f".{name}"
    if owner is missing:
        return str(name)
    stack: list[tuple[str, Any]] = [(str(key), value) for key, value in reversed(list(values.items()))]
    while stack:
        path, value = stack.pop()
        if value is owner and isinstance(value, (dict, list, tuple)):
            return path + leaf
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}", inner) for key, inner in reversed(list(value.items())))
        elif isinstance(value, (list, tuple)):
            stack.extend((f"{path}[{number}]", inner) for number, inner in reversed(list(enumerate(value))))
    return str(name)


def _require_plain(values: Any) -> None:
    """Raise TypeError where a caller passes anything but plain data: that is a fault of the program."""
    # Nearly every value is common; asking the abstract classes, or calling for each, costs more than rendering.
    if type(values) in _COMMON:
        return
    if type(values) is dict or isinstance(values, Mapping):
        for key, value in values.items():
            if not isinstance(key, str):
                raise TypeError(f"a text's values have names that are text, not {key!r}")
            if type(value) not in _COMMON:
                _require_plain(value)
    elif isinstance(values, (list, tuple)):
        for value in values:
            if type(value) not in _COMMON:
                _require_plain(value)
    elif not isinstance(values, _SCALARS) or hasattr(values, "__html__"):
        raise TypeError(f"a text is made from plain data, not {type(values).__name__}")
