"""The warning about published shifts whose officer cannot come, as every command that finds some gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from outreach.cli.session import say
from outreach.messages import _, current_language

if TYPE_CHECKING:
    from outreach.services.rota_away import AwayShift

_MOST_NAMED = 6


def warn_away(shifts: Sequence[AwayShift]) -> None:
    """Name the shifts, a line each up to six, and for each rota concerned the command that plans it anew."""
    if not shifts:
        return
    language = current_language()
    say(_("published shifts whose officer cannot come: {count}", count=len(shifts)))
    for one in shifts[:_MOST_NAMED]:
        place = one.place.get(language) or one.place.get("zh", "")
        when = f"{one.starts:%Y-%m-%d %H:%M}-{one.ends:%H:%M}"
        say(f"  {one.shift}  {when} {place}: {one.post} {one.name}, {one.why}")
    if len(shifts) > _MOST_NAMED:
        more = _("and {count} more", count=len(shifts) - _MOST_NAMED)
        say(f"  {more}")
    for plan in dict.fromkeys(one.plan for one in shifts):
        say(_("plan them anew with '{plan}', then publish", plan=plan))
