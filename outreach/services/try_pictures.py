"""The learnt table as a picture."""

from __future__ import annotations

from pathlib import Path

from outreach.channels import channels
from outreach.messages import _, current_language
from outreach.planning.tries import Column, Kind
from outreach.render.heat import HeatCell, HeatGrid, heat_map
from outreach.services.due import column_label
from outreach.services.endings import refuse_other_endings
from outreach.services.office import write_whole
from outreach.services.try_times import TimeCell, Times, kind_label


def write_times(found: Times, target: Path) -> Path:
    """Draw the table as an SVG, a small one for each kind of household; returns `target`.

    Raises BadInput for another ending than .svg.
    """
    refuse_other_endings(target, ".svg")
    kinds: dict[Kind, dict[Column, list[TimeCell]]] = {}
    for cell in found.cells:
        kinds.setdefault(cell.kind, {}).setdefault(cell.day, []).append(cell)
    grids = [
        HeatGrid(
            kind_label(kind),
            [f"{cell.starts}-{cell.ends}" for cell in next(iter(days.values()))],
            [(column_label(day), [_cell(cell) for cell in cells]) for day, cells in days.items()],
        )
        for kind, days in kinds.items()
    ]
    channel = channels()[found.channel].label(current_language())
    title = _("Of 100 tries so many find somebody: {channel}", channel=channel)
    note = _(
        "learnt from {tries} tries, as known on {day}; slanting lines: nobody has tried, concluded from others",
        tries=f"{found.tries:,}",
        day=f"{found.as_of:%Y-%m-%d}",
    )
    write_whole(target, heat_map(title, note, grids).encode())
    return target


def _cell(cell: TimeCell) -> HeatCell:
    tip = _(
        "{chance} per cent ({low} to {high}), {tries} tries",
        chance=round(100 * cell.chance),
        low=round(100 * cell.low),
        high=round(100 * cell.high),
        tries=cell.tries,
    )
    return HeatCell(cell.chance, cell.tries > 0, tip)
