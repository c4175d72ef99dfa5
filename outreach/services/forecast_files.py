"""The staffing forecast as a workbook: hours short by community and week, the weeks, every cell, the mends."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from outreach.messages import _, current_language
from outreach.render.book import SheetTable, make_workbook
from outreach.services.endings import refuse_other_endings
from outreach.services.forecast import Forecast, WeekLine
from outreach.services.office import write_whole

_HOURS, _HOURS_IF_ANY = "#,##0.0", "#,##0.0;-#,##0.0;"


def week_headings() -> list[str]:
    """The headings of the weeks' table."""
    return [
        _("From"),
        _("To"),
        _("Days migrants are back"),
        _("Hours needed"),
        _("Hours there"),
        _("Hours short"),
        _("Note"),
    ]


def week_cells(line: WeekLine) -> list[str | float]:
    """One week of the town; the last cell marks a year whose notice is not out."""
    mark = _("provisional: the notice is not out") if line.provisional else ""
    return [str(line.first), str(line.last), line.back, line.needed, line.available, line.short, mark]


def what_to_do(found: Forecast) -> list[str]:
    """A sentence a community and week that is short; one for all communities of a week in which nobody walks."""
    said = []
    for _week, group in groupby(found.short, key=lambda one: one.first):
        short = list(group)
        idle = [one for one in short if one.nobody_walks]
        if len(idle) > 1:
            comma = "、" if current_language() == "zh" else ", "
            said.append(
                _(
                    "{first} to {last}: nobody walks in that week, so {hours} hours stay open ({communities}); give it "
                    "hours in plan.toml, [walks], such as holiday_hours",
                    first=idle[0].first,
                    last=idle[0].last,
                    hours=f"{sum(one.hours for one in idle):.1f}",
                    communities=comma.join(f"{one.community} {one.hours:.1f}" for one in idle),
                )
            )
            short = [one for one in short if not one.nobody_walks]
        said += [one.sentence for one in short]
    return said


def write_forecast(found: Forecast, target: Path) -> Path:
    """Write the workbook whole; returns `target`. Raises BadInput for another ending than .xlsx."""
    refuse_other_endings(target, ".xlsx")
    firsts = [str(week.first) for week in found.weeks]
    short: dict[str, dict[str, float]] = {}
    for cell in found.cells:
        short.setdefault(cell.community, {})[str(cell.first)] = cell.short
    hours = dict.fromkeys(range(1, len(firsts) + 1), _HOURS_IF_ANY)
    # Where nobody is short the scale would have no length, and a spreadsheet may colour every cell.
    any_short = bool(found.short)
    sheets = [
        SheetTable(
            _("Hours short"),
            [_("Community"), *firsts],
            [[name, *(weeks[first] for first in firsts)] for name, weeks in short.items()],
            hours,
            heat=(1, len(firsts)) if any_short else None,
        ),
        SheetTable(
            _("Weeks"),
            week_headings(),
            [week_cells(line) for line in found.weeks],
            dict.fromkeys((3, 4, 5), _HOURS),
            heat=(5, 5) if any_short else None,
        ),
        SheetTable(
            _("Communities and weeks"),
            [
                _("Community"), _("From"), _("To"), _("Hours needed"), _("of which can wait"), _("Hours there"),
                _("Hours short"),
            ],
            [
                [one.community, one.first, one.last, one.needed, one.waiting, one.available, one.short]
                for one in found.cells
            ],
            dict.fromkeys((3, 4, 5, 6), _HOURS),
            heat=(6, 6) if any_short else None,
        ),
        SheetTable(_("What to do"), [_("Where, when and what to do")], [[sentence] for sentence in what_to_do(found)]),
    ]  # fmt: skip
    write_whole(target, make_workbook(sheets))
    return target
