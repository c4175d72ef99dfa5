"""What a making may choose: size, look, sheet, cut, flip, standard, picture. Frozen with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

Shift = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one making; '' is the kind's own first.

    size, look, sheet: names from the manifest. standard: a PDF standard, 'a-2a' or 'ua-1'. picture: the name of
    a picture file in the layout's folder. cut: 'butt' or 'gutter'; flip: 'long' or 'short' edge.
    stock: the measures of a sheet of the office's own, as `render.stock.Stock` has them after its name. first: the
    place on the first sheet where printing begins, from 1.
    shift_front_mm, shift_back_mm: where the printer puts a side too far, right and down, with its sign changed.
    fallback_fonts: families that may set signs the layout's own fonts lack.
    """

    size: str = ""
    look: str = ""
    standard: str = ""
    picture: str = ""
    sheet: str = ""
    cut: str = ""
    flip: str = ""
    stock: tuple[float, ...] = ()
    first: int = 1
    shift_front_mm: Shift = (0.0, 0.0)
    shift_back_mm: Shift = (0.0, 0.0)
    fallback_fonts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The choices as JSON holds them."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Options:
        """The choices as `as_json` wrote them; lists become tuples again."""
        chosen = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
        return cls(**cast(dict[str, Any], chosen))


NO_OPTIONS = Options()
