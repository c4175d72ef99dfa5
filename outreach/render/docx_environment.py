"""The Jinja sandbox as Word layouts have it: escaping for XML, and Word's own ends of lines."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from outreach.render.docx_bare import BARE, check_marked_up
from outreach.render.sandbox import environment

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.sandbox import SandboxedEnvironment


def environment_with(filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """The sandbox for Word layouts, with `filters` beside its own."""
    if not filters:
        return _environment()
    made = _made_environment()
    made.filters = made.filters | dict(filters)
    return made


@functools.cache
def _environment() -> SandboxedEnvironment:
    return _made_environment()


def _made_environment() -> SandboxedEnvironment:
    made = environment(autoescape=True)
    made.filters = made.filters | {BARE: check_marked_up}
    made.trim_blocks = made.lstrip_blocks = False  # as docxtpl has it: Word's own ends of lines stay
    return made
