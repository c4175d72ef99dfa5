"""A town whose persons have ID numbers, and the files its pension system would write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from outreach.domain.ids import resident_id_check_sign
from outreach.services.ledger import LedgerImport, import_ledger
from outreach.services.rosters import import_households

HEADINGS = ("姓名", "身份证号", "个人编号", "到账日期", "业务类型", "金额", "手机", "地址", "险种")
MONTH = "2005-05"


def id_of(serial: int) -> str:
    """A sound ID number of an area nobody has, one for each serial."""
    first17 = f"99019919{50 + serial % 40}0308{serial:03d}"
    return first17 + resident_id_check_sign(first17)


def give_ids(town: Any) -> None:
    """Every person of the town but those of H030 gets an ID number, by the row they stand in."""
    rows = [
        row | {"身份证号": "" if row["户号"] == "H030" else id_of(number)}
        for number, row in enumerate(town.household_rows())
    ]
    import_households(town.office, town.table(rows, "roster.csv"))


def row(name: str, id_number: str = "", amount: str = "1200", day: str = "2005-05-08", **more: str) -> dict[str, str]:
    """One row of a file."""
    values = {"姓名": name, "身份证号": id_number, "到账日期": day, "业务类型": "缴费", "金额": amount}
    return dict.fromkeys(HEADINGS, "") | values | more


def take_in(
    town: Any, rows: list[dict[str, str]], name: str = "may.csv", *, month: str = MONTH, **more: Any
) -> LedgerImport:
    """Import the rows as a file of the month."""
    path: Path = town.table(rows, name)
    return import_ledger(town.office, "", path, month, **more)


def paid(town: Any) -> dict[str, int]:
    """Fen paid by household, as the standings have it, of those who have paid."""
    with town.office.store.read() as unit:
        found = unit.facts.standings("town", town.workspace.zone)
    return {code: one.paid_fen for code, one in found.items() if one.paid_on is not None}


def log(town: Any) -> list[tuple[str, str, int]]:
    """(household, kind, fen) of every milestone in the log, corrected ones too."""
    with town.office.store.read() as unit:
        return sorted((one.household, one.kind.value, one.amount_fen) for one in unit.facts.milestones("town"))
