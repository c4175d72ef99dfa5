"""Tags of a Word layout that stand beside runs and paragraphs: `{{r x }}`, `{{p x }}` and their like.

What they print has to bring its own run, as docxtpl's RichText does. A bare text there is in the file but not on
paper: Word shows text in runs only. So it is refused.
"""

from __future__ import annotations

import re
from typing import Any

from docxtpl import Listing
from jinja2 import nodes
from markupsafe import Markup

BARE = " bare"
"""The name of the filter that checks them; a space keeps it out of a layout author's reach."""

_OUTER = re.compile(r"<w:(?:body|p|r|tbl|tr|tc|hdr|ftr|footnote|hyperlink|sdtContent|ins)[\s>]")


class BareText(ValueError):
    """A tag that stands beside runs prints a bare text; its one argument is the tag's expression."""


def check_marked_up(value: Any, expression: str) -> Any:
    """`value` as it is; raises BareText where it prints words without mark-up."""
    printed = value.xml if isinstance(value, Listing) else value
    if isinstance(printed, Markup) or not hasattr(printed, "__html__"):
        words = str(printed).strip()
        if words and not words.startswith("<"):
            raise BareText(expression)
    return value


def with_checks(tree: nodes.Template) -> nodes.Template:
    """`tree`, the source of a part, with the check before each tag that does not stand in a text or an attribute."""
    outside = True  # of a letter's body, which is where its source begins
    for output in tree.find_all(nodes.Output):
        for rank, node in enumerate(output.nodes):
            if isinstance(node, nodes.TemplateData):
                outside = _ends_outside(node.data, outside)
            elif outside and isinstance(node, nodes.Filter):
                output.nodes[rank] = nodes.Filter(node, BARE, node.args, [], None, None, lineno=node.lineno)
    return tree


def _ends_outside(text: str, before: bool) -> bool:
    """Whether what follows `text` stands beside runs and paragraphs; `before`: whether `text` itself did."""
    if text.rfind("<") > text.rfind(">"):
        return False  # within an attribute
    if "<" not in text:
        return before and ">" not in text
    tag = text[text.rfind("<") : text.rfind(">") + 1]
    return tag.startswith("</w:") or (tag.startswith("<w:") and tag.endswith("/>")) or bool(_OUTER.match(tag))
