"""The demonstration's air time: what its flights reach, what the same money could, and what a station did not run."""

from __future__ import annotations

import datetime as dt

from outreach.domain.airing import PlacementState
from outreach.messages import _
from outreach.services.air_check import check_air
from outreach.services.air_files import write_curves, write_makegoods, write_plan
from outreach.services.air_plan import plan_air
from outreach.services.air_reach import show_air
from outreach.services.airings import import_airings
from outreach.services.campaigns import campaign_folder
from outreach.services.makegoods import plan_makegoods
from outreach.services.office import Office

LOG_NAME = "as-run.csv"
_MADE_GOOD_FROM = dt.date(2005, 5, 10)


def bought_better(office: Office) -> str:
    """Plan the campaign's own spending anew; writes the plan and the reach curves beside the printed matter."""
    spent = show_air(office, "").total.cost_fen
    plan = plan_air(office, "", budget_fen=spent, write=True)
    write_plan(office.workspace.out / "air-plan.toml", plan)
    write_plan(office.workspace.out / "air-plan.xlsx", plan)
    write_curves(office, "", office.workspace.out / "reach.svg")
    return _(
        "ESTIMATED: {yuan} yuan reach {planned:.1%} instead of {present:.1%}, no plan more than {bound:.1%}",
        yuan=f"{plan.cost_fen // 100:,}",
        planned=plan.value,
        present=plan.present.total.reach.once,
        bound=plan.bound,
    )


def aired_by_log(office: Office) -> str:
    """Take in the log shipped with the campaign and ask for make-goods."""
    import_airings(office, "", campaign_folder(office.workspace, "") / LOG_NAME)
    check = check_air(office, "")
    found = plan_makegoods(office, "", first=_MADE_GOOD_FROM)
    letter = write_makegoods(office, office.workspace.out / "make-goods.txt", found)
    return _(
        "{missed} missed, {short} too short, {points:.1f} rating points lost: {file}",
        missed=check.count(PlacementState.MISSED),
        short=check.count(PlacementState.SHORT),
        points=check.lost_points,
        file=letter,
    )
