"""The demonstration: the main job from an empty folder on the shipped campaign and its invented town."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from outreach.config import SETTINGS_NAME
from outreach.domain.account import AccountYear
from outreach.domain.campaign import Campaign
from outreach.domain.monthly import Month
from outreach.domain.people import Household
from outreach.errors import CannotPrint, Conflict, refuse_if_any
from outreach.intake.headings import Kind, accepted
from outreach.messages import _, current_language
from outreach.planning.statements import invent_statements
from outreach.render.book import make_csv
from outreach.services.accounts import import_accounts
from outreach.services.calendars import write_calendars
from outreach.services.campaign_check import check_campaign
from outreach.services.campaigns import campaign_folder
from outreach.services.demo_air import aired_by_log, bought_better
from outreach.services.demo_record import (
    SEED,
    before_notices,
    put_up_notices,
    record_year,
    report_met_first,
    take_in_cases,
    take_in_ledger,
)
from outreach.services.materials import make_material
from outreach.services.monthly import report_month
from outreach.services.monthly_files import write_month
from outreach.services.office import Office, Progress, init_workspace, open_office, write_whole
from outreach.services.picture_files import Picture, make_picture
from outreach.services.report_files import write_page, write_workbook
from outreach.services.reports import report_funnel
from outreach.services.rosters import import_households, import_officers, list_households
from outreach.services.rota_calendars import write_rota_calendars
from outreach.services.rota_files import write_rota
from outreach.services.rota_state import RotaKind
from outreach.services.rotas import plan as plan_rota
from outreach.services.territories import assign_households
from outreach.services.verify import verify_all
from outreach.services.walk_planning import plan_walks

DEMO_CAMPAIGN = "yingcheng"

_SEARCH_S = 2
"""Seconds for each aim of a rota; the search counts steps, not the clock, so that it comes out the same again."""

_WALK_DAYS = 7

# The letters went out first; everything else is dated the same, so that the demonstration repeats to the byte.
_DAY = dt.date(2005, 1, 10)

_ACCOUNT_FIELDS = ("household_code", "person", "name", "year", "months", "base", "paid", "balance")

_MATERIALS = (
    ("letter", "docx"),
    ("letter", "pdf"),
    ("card", "pdf"),
    ("notice", "pdf"),
    ("posting", "pdf"),
    ("poster", "pdf"),
    ("poster", "png"),
    ("board", "pdf"),
    ("press", "pdf"),
    ("booklet", "pdf"),
    ("training", "pdf"),
    ("crawl", "txt"),
    ("crawl", "png"),
    ("radio", "txt"),
    ("radio", "docx"),
    ("spot", "txt"),
    ("sms", "txt"),
)

Bar = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True, slots=True)
class Step:
    """One finished step of the demonstration."""

    name: str
    result: str
    seconds: float


def run_demo(folder: Path, *, fresh: bool, tell: Callable[[Step], None], bar: Bar) -> Office:
    """Run the main job in `folder`; tell each step as it ends. Returns the open office.

    fresh: throw away an earlier demonstration there; without it, anything in the folder is a Conflict.
    """
    _clear(folder, fresh=fresh)
    locale = "zh_CN" if current_language() == "zh" else "en"
    office = open_office(init_workspace(folder, locale=locale, campaign=DEMO_CAMPAIGN))
    source = campaign_folder(office.workspace, DEMO_CAMPAIGN)
    steps: list[tuple[str, Callable[[], str]]] = [
        (_("campaign checked"), lambda: _checked(check_campaign(office.workspace, ""))),
        (_("officers imported"), lambda: _count(import_officers(office, source / "officers.csv").added)),
        (_("households imported"), lambda: _count(import_households(office, source / "households.csv").added)),
        (_("account statements INVENTED (seed {seed}) and imported", seed=SEED), lambda: _accounts(office)),
        (_("every household given its officer"), lambda: _assigned(office)),
        (_("booths planned"), lambda: _booths(office)),
        (_("a quarter of phone duty planned"), lambda: _duty(office)),
    ]
    for kind, file_format in _MATERIALS:
        steps.append((f"{kind} ({file_format})", _making(office, kind, file_format, bar)))
    steps += [
        (_("walk lists of the first week of visits"), lambda: _walks(office)),
        (_("every file read back and compared"), _proving(office, bar)),
        (_("calendars written"), lambda: _calendars(office)),
        (_("rotas for the wall"), lambda: _walls(office)),
        (_("pictures of the plan"), lambda: _pictures(office)),
        (_("notices put up and taken down, SIMULATED"), lambda: put_up_notices(office)),
        (_("a year of contacts SIMULATED (seed {seed})", seed=SEED), lambda: record_year(office)),
        (_("the ledger's last three months INVENTED and imported"), lambda: take_in_ledger(office)),
        (_("transfer cases INVENTED and imported"), lambda: take_in_cases(office)),
        (_("the same money on air, planned better"), lambda: bought_better(office)),
        (_("the station's log of May Day, INVENTED, compared"), lambda: aired_by_log(office)),
        (_("report page"), lambda: str(write_page(office, "", office.workspace.out / "report.html"))),
        (_("report tables"), lambda: str(write_workbook(office, "", office.workspace.out / "report.xlsx"))),
        (_("what came after the first meeting"), lambda: report_met_first(office)),
        (_("the last month's report"), lambda: _month(office)),
        (_("the year's result"), lambda: _result(office)),
    ]
    for name, work in steps:
        started = time.perf_counter()
        result = work()
        tell(Step(name, result, time.perf_counter() - started))
    return office


def _clear(folder: Path, *, fresh: bool) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    settings = folder / SETTINGS_NAME
    ours = settings.is_file() and f'campaign = "{DEMO_CAMPAIGN}"' in settings.read_text("utf-8")
    if not fresh:
        raise Conflict.at(str(folder), _("is not empty"), _("choose another folder, or add --fresh for an old demo"))
    if not ours:
        raise Conflict.at(str(folder), _("holds something other than a demo"), _("choose another folder"))
    shutil.rmtree(folder)


def _checked(campaign: Campaign) -> str:
    return _(
        "{flights} flights, {placements} placements",
        flights=len(campaign.flights),
        placements=len(campaign.placements()),
    )


def _count(codes: tuple[str, ...]) -> str:
    return f"{len(codes):,}"


def _assigned(office: Office) -> str:
    figures = assign_households(office, "").figures
    return _(
        "{fewest}-{most} an officer, {fewest_hard}-{most_hard} hard cases, mean {mean_m} m, gap {gap_m:g} m",
        **figures,
    )


def _booths(office: Office) -> str:
    planned = plan_rota(office, "", RotaKind.BOOTH, seconds=_SEARCH_S, publish_it=True)
    return _("{shifts} shifts, {officers} officers", shifts=planned.shifts, officers=planned.officers)


def _duty(office: Office) -> str:
    """Month by month: each takes account of what the months before it gave to whom."""
    first, shifts, officers = check_campaign(office.workspace, "").starts, 0, 0
    for _month in range(3):
        last = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        planned = plan_rota(office, "", RotaKind.DUTY, first=first, last=last, seconds=_SEARCH_S, publish_it=True)
        shifts, officers = shifts + planned.shifts, max(officers, planned.officers)
        first = last + dt.timedelta(days=1)
    return _("{shifts} shifts, {officers} officers", shifts=shifts, officers=officers)


def _walks(office: Office) -> str:
    """As they were planned on the eve of the first visits: a list is for days to come, and printed while it lives."""
    visits = next(flight for flight in check_campaign(office.workspace, "").flights if flight.channel == "visit")
    eve = dt.datetime.combine(visits.starts, dt.time(), office.workspace.zone) - dt.timedelta(hours=6)
    then = replace(office, clock=lambda: eve)
    planned = plan_walks(then, "", first=visits.starts, days=_WALK_DAYS)
    made = make_material(then, "", "walk", file_format="pdf")
    doors = sum(len(one.lines) for one in planned.lists)
    return _("{lists} lists, {doors} doors: {folder}", lists=len(planned.lists), doors=doors, folder=made.folder)


def _pictures(office: Office) -> str:
    folder = office.workspace.out / "pictures"
    for picture in Picture:
        make_picture(office, "", picture, folder / f"{picture.value}.svg")
    return str(folder)


def _calendars(office: Office) -> str:
    for kind in RotaKind:
        write_rota_calendars(office, "", kind)
    return str(write_calendars(office, "").everything.parent)


def _walls(office: Office) -> str:
    folder = office.workspace.out / "rotas"
    for kind in RotaKind:
        for ending in ("xlsx", "docx"):
            write_rota(office, "", kind, folder / f"{kind.value}.{ending}", told=True)
    return str(folder)


def _accounts(office: Office) -> str:
    campaign = check_campaign(office.workspace, "")
    file = office.workspace.root / "accounts.csv"
    write_whole(file, invented_accounts(list_households(office), campaign))
    report = import_accounts(office, file)
    return _("{count} years: {file}", count=f"{report.added:,}", file=file)


def invented_accounts(homes: Iterable[Household], campaign: Campaign) -> bytes:
    """What the pension system might say of the households' accounts, as a .csv that `account import` reads."""
    headings = [accepted(Kind.ACCOUNTS, field)[0] for field in _ACCOUNT_FIELDS]
    rates = campaign.payment.rates if campaign.payment else ()
    rows: Iterator[tuple[str | int, ...]] = (
        (home.code, person.number, person.name, year.year, year.months, *map(_yuan, _amounts(year)))
        for home, person, year in invent_statements(homes, rates, SEED)
    )
    return make_csv(headings, rows)


def _amounts(year: AccountYear) -> tuple[int, int, int]:
    return year.base_fen, year.paid_fen, year.balance_fen


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _making(office: Office, kind: str, file_format: str, bar: Bar) -> Callable[[], str]:
    def work() -> str:
        # Notices are made before their days, so that what hangs can be recorded on them.
        maker = before_notices(office) if kind == "notice" else office
        with bar(f"{kind} {file_format}") as progress:
            made = make_material(maker, "", kind, file_format=file_format, day=_DAY, progress=progress)
        return _(
            "{pieces} in {files} files: {folder}", pieces=made.run.pieces, files=len(made.files), folder=made.folder
        )

    return work


def _proving(office: Office, bar: Bar) -> Callable[[], str]:
    def work() -> str:
        with bar(_("verifying")) as progress:
            proofs = list(verify_all(office, progress=progress))
        flaws = [flaw for proof in proofs for flaw in proof.flaws]
        refuse_if_any((flaw.fault() for flaw in flaws), CannotPrint)
        return _(
            "{pieces} pieces in {files} files, {codes} codes: as made",
            pieces=f"{sum(proof.read for proof in proofs):,}",
            files=f"{sum(proof.files for proof in proofs):,}",
            codes=f"{sum(proof.codes for proof in proofs):,}",
        )

    return work


def _month(office: Office) -> str:
    """The report of the campaign's last month, for the file, as a table and as a page."""
    month = str(Month.of(check_campaign(office.workspace, "").ends))
    report = report_month(office, "", month)
    written = [
        write_month(office, "", report, office.workspace.out / f"{month}.{ending}")
        for ending in ("docx", "xlsx", "html")
    ]
    return ", ".join(file.name for file in written)


def _result(office: Office) -> str:
    funnel = report_funnel(office, "")
    steps = {step.key: step.households for step in funnel.steps}
    return _(
        "{carded} households hold a card, {paid} of {households} have paid {yuan} yuan",
        carded=f"{steps['carded']:,}",
        paid=f"{steps['paid']:,}",
        households=f"{steps['households']:,}",
        yuan=f"{funnel.fen // 100:,}",
    )
