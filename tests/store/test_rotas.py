"""Rotas and calendar entries in the store: what goes in comes out, drafts go, numbers stay."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from outreach.store.calendar_entries import SentEntry
from outreach.store.rotas import RotaCell, RotaShift, StoredRota
from outreach.store.unit import Store

ZONE = ZoneInfo("Asia/Shanghai")
AT = dt.datetime(2005, 3, 1, 9, tzinfo=ZONE)
SHIFT = RotaShift(
    "booth-20050501-1",
    {"zh": "长途汽车站", "en": "long-distance bus station"},
    dt.datetime(2005, 5, 1, 8, tzinfo=ZONE),
    dt.datetime(2005, 5, 1, 12, tzinfo=ZONE),
    2,
    {"zh": "劳动节", "en": "May Day"},
)
PLAIN = replace(SHIFT, key="booth-20050501-2", starts=SHIFT.ends, ends=SHIFT.ends + dt.timedelta(hours=4), holiday={})
ROTA = StoredRota(
    id="r1",
    campaign="town",
    kind="booth",
    first=dt.date(2005, 5, 1),
    last=dt.date(2005, 5, 3),
    made=AT,
    published=None,
    figures={"aims": [{"name": "hours", "value": 3, "bound": 2}]},
    rules={"flight": "booth"},
    shifts=(SHIFT, PLAIN),
    cells=(RotaCell(SHIFT.key, "Y01", True, True), RotaCell(SHIFT.key, "Y02", False, True)),
)


def test_a_rota_comes_out_as_it_went_in(store: Store) -> None:
    with store.write() as unit:
        unit.rotas.add(ROTA)
    with store.read() as unit:
        assert unit.rotas.all("town", "booth", ZONE) == [ROTA]
        assert unit.rotas.all("town", "duty", ZONE) == unit.rotas.all("other", "booth", ZONE) == []


def test_a_cell_takes_the_place_of_what_it_was(store: Store) -> None:
    with store.write() as unit:
        unit.rotas.add(ROTA)
        unit.rotas.put_cell("r1", RotaCell(SHIFT.key, "Y02", True))
    with store.read() as unit:
        (found,) = unit.rotas.all("town", "booth", ZONE)
    assert found.cells == (ROTA.cells[0], RotaCell(SHIFT.key, "Y02", True, False))


def test_what_is_published_stays_and_a_dropped_draft_leaves_nothing(store: Store) -> None:
    later = replace(ROTA, id="r2", made=AT + dt.timedelta(hours=1))
    with store.write() as unit:
        unit.rotas.add(ROTA)
        unit.rotas.add(later)
        unit.rotas.publish(["r1"], AT)
        unit.rotas.drop(["r2"])
    with store.read() as unit:
        assert unit.rotas.all("town", "booth", ZONE) == [replace(ROTA, published=AT)]


def test_calendars_keep_their_entries_apart_and_remember_the_last_word(store: Store) -> None:
    one = SentEntry("a@x", 0, "CONFIRMED", {"summary": "咨询台"}, AT)
    with store.write() as unit:
        unit.calendar_entries.remember("town/zh/G_1", [one])
        unit.calendar_entries.remember("town/zh/G%1", [replace(one, sequence=7)])
        unit.calendar_entries.remember("town/zh/G_1", [replace(one, sequence=1, status="CANCELLED")])
    with store.read() as unit:
        assert unit.calendar_entries.sent("town/zh/G_1", ZONE) == {"a@x": replace(one, sequence=1, status="CANCELLED")}
        assert unit.calendar_entries.calendars("town/zh/G_") == ["town/zh/G_1"]
        assert unit.calendar_entries.calendars("town/zh/") == ["town/zh/G%1", "town/zh/G_1"]
