"""Rosters people keep -> households with their persons, and officers.

docs/roster.md is the office staff's side of this file.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path

from outreach.collection import collection_paused
from outreach.domain.people import FULL_SHARE, Household, Officer, skill_code
from outreach.intake import cells, words
from outreach.intake.address import Parts, figures_are_clear, parse, part
from outreach.intake.cells import CellFault, clean_text, half_width, without_numbers
from outreach.intake.columns import ByColumn, decimals_within, texts_like
from outreach.intake.dates import day
from outreach.intake.family import refuse_half_coordinates
from outreach.intake.headings import Kind
from outreach.intake.register import households
from outreach.intake.rows import Convert, Progress, Reading, Record, Rows, Told, read_rows
from outreach.intake.stand_ins import DITTO, DITTO_WORDS, NO_ADDRESSES, NO_NAMES, NOTHING, is_nothing
from outreach.intake.workbook import Cell
from outreach.messages import _

__all__ = ["Reading", "Told", "read_households", "read_officers"]

_NAME_ALONE = "(?![^\n]*(?:已故|去世|死亡|病故))[\u4e00-\u9fef]{1,60}"
_NO_TEXTS = frozenset({"post", "lon", "lat", "share", "most", "skills", "languages"})
_WHAT_IT_IS = re.compile(r"(?:社区|村)?(?:居委会|居民委员会|村委会|村民委员会)?$")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")


def read_households(path: Path, *, today: dt.date, progress: Progress | None = None) -> Reading[Household]:
    """The households of a roster (.xlsx, .xls, .csv), in the file's order.

    today: the last day a date may name. progress is told (columns read, columns in all). A household with a fault in
    any of its rows is left out of the items. The same file read twice gives the same households and codes. Raises
    NotFound or BadInput where the file as a whole cannot be read; faulty rows never raise.
    """
    with collection_paused():
        rows = read_rows(path, Kind.HOUSEHOLDS, _household_converters(today), progress)
        found = households(rows)
        rows.remarks += _look_alike(found)
        return rows.reading(found)


def _look_alike(found: Iterable[Household]) -> Iterator[str]:
    """Remarks on names that are probably one place: 城东, 城东社区 and 城东社区居委会; 三组 and 3组 of one village."""
    communities = {home.address.community: None for home in found}
    compounds = {(home.address.community, home.address.compound): None for home in found}
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in communities:
        alike[("", _WHAT_IT_IS.sub("", cells.numerals_as_digits(name)))].append(name)
    for community, name in compounds:
        alike[(community, cells.numerals_as_digits(name))].append(f"{community}{name}")
    for key, names in alike.items():
        if key[-1] and len(names) > 1:
            yield _("these names look alike, and are kept apart: {names}", names=", ".join(names))


def read_officers(path: Path, *, today: dt.date, progress: Progress | None = None) -> Reading[Officer]:
    """The officers of a list, in the file's order; phones as dialled digits. Otherwise as `read_households`."""
    del today  # officers have no dates; the signature is the other readers'
    rows = read_rows(path, Kind.OFFICERS, _OFFICER_CONVERTERS, progress)
    codes: dict[str, Record] = {}
    posts: dict[str, Record] = {}
    _refuse_mixed_shares(rows)
    for record in rows.records:
        refuse_half_coordinates(rows, record, record.get("lon", None), record.get("lat", None))
        code = record.get("code")
        post = record.get("post", code)
        if first := codes.get(code):
            facts = {"value": without_numbers(code), "place": first.place()}
            what = _("the staff number '{value}' stands in {place} too", **facts)
            rows.blame(record, "code", what, _("keep one of the rows, or mend the number"))
        elif first := posts.get(post):
            facts = {"value": without_numbers(post), "place": first.place()}
            what = _("the post '{value}' is held in {place} too", **facts)
            rows.blame(record, "post", what, _("give each officer a post of their own"))
        if code:
            codes.setdefault(code, record)
            posts.setdefault(post, record)
            rows.told[code] = Told(record.table, record.number, rows.fields(record))
    return rows.reading(_officer(record) for record in rows.records if not record.bad)


def _refuse_mixed_shares(rows: Rows) -> None:
    """Blame a bare 1 among shares in per cent: 100, 50, 1 may mean 1 % there, and 1, 0.5 a whole post."""
    bare: dict[int, list[tuple[Record, Decimal]]] = defaultdict(list)
    for record, cell in rows.cells("share"):
        figure = cells.bare_figure(cell)
        if figure is not None:
            bare[id(record.table)].append((record, figure))
    for found in bare.values():
        if any(figure > 1 for _record, figure in found):
            for record, figure in found:
                if figure == 1:
                    what = _("1 may be one per cent or a whole post, since other shares of this table are in per cent")
                    rows.blame(record, "share", what, _("write 1%, or 100%"))


def _officer(record: Record) -> Officer:
    texts = {name: record.get(name) for name in _OFFICER_CONVERTERS if name not in _NO_TEXTS}
    return Officer(
        post=record.get("post", record.get("code")),
        lon=record.get("lon", None),
        lat=record.get("lat", None),
        share=record.get("share", FULL_SHARE),
        most=record.get("most", None),
        skills=record.get("skills", ()),
        languages=record.get("languages", ()),
        **texts,
    )


def _household_converters(today: dt.date) -> Mapping[str, Convert]:
    date = partial(day, today=today, months=True)
    return {
        "household_code": ByColumn(cells.code, texts_like("[0-9A-Za-z_-]{1,40}", but=DITTO)),
        "name": ByColumn(cells.person_name, texts_like(_NAME_ALONE, but=NO_NAMES | NOTHING | DITTO)),
        "relation": cells.one_of(words.RELATIONS, "本人 配偶 子女 父母 其他; self spouse child parent other"),
        "sex": cells.one_of(words.SEXES, "男 女; male female"),
        "born": date,
        "id_number": cells.resident_id,
        "mobile": ByColumn(cells.mobile, texts_like("1[0-9]{10}")),
        "community": _place_name,
        "compound": _place_name,
        "building": _part("building"),
        "entrance": _part("entrance"),
        "unit": _part("unit"),
        "floor": _floor,
        "room": _part("room"),
        "address": _address,
        **_COORDINATES,
        "employer": clean_text,
        "months_lapsed": cells.months,
        "last_paid": date,
        "difficulty": cells.one_of(words.DIFFICULTIES, "难 较难 一般 易; hard normal easy"),
        "migrant": cells.one_of(words.YES_OR_NO, "是 否; yes no"),
        "works": cells.one_of(words.WORKS, "是 否; yes no"),
        "language": clean_text,
        "spouse_name": cells.person_name,
        "spouse_id_number": cells.resident_id,
        "spouse_mobile": cells.mobile,
    }


def _place_name(cell: Cell) -> str:
    """The name of a community or compound, with its letters and digits half-width; '' for 无 and 地址不详."""
    text = cells.close_up(half_width(clean_text(cell)))
    return "" if is_nothing(text) or text in NO_ADDRESSES else text


def _part(name: str) -> Callable[[Cell], str]:
    def convert(cell: Cell) -> str:
        text = part(clean_text(cell, 40), name)
        return "" if is_nothing(text) else text

    return convert


_to_floor = cells.whole(-9, 200)


def _floor(cell: Cell) -> int | None:
    return _to_floor(part(clean_text(cell), "floor") if isinstance(cell, str) else cell)


def _address(cell: Cell) -> Parts | None:
    text = clean_text(cell, 200)
    if not text:
        return None
    if text.startswith(DITTO_WORDS) or "〃" in text:
        raise CellFault(_("'{value}' stands for the cell above", value=text), _("write it out in every row"))
    parts = parse(text)
    if not figures_are_clear(text):
        raise CellFault(
            _("the address '{value}' has figures apart, and it is not sure which is the building", value=text),
            _("write 栋, 单元 and 室 behind them, or use a column for each part"),
        )
    if not parts.compound and not parts.community:
        raise CellFault(
            _("no compound can be told from the address '{value}'", value=text),
            _("write it as {example}, or use a column for each part", example="槐荫社区棉纺小区3栋2单元501室"),
        )
    return parts


def _email(cell: Cell) -> str:
    text = half_width(clean_text(cell)).replace(" ", "")
    if text and not _EMAIL.fullmatch(text):
        raise CellFault(_("'{value}' is no e-mail address", value=text), _("write it as name@example.org"))
    return text


_COORDINATES: Mapping[str, Convert] = {
    "lon": ByColumn(cells.degrees(180), decimals_within(180)),
    "lat": ByColumn(cells.degrees(90), decimals_within(90)),
}
_OFFICER_CONVERTERS: Mapping[str, Convert] = {
    "code": cells.code,
    "name": cells.person_name,
    "post": cells.code,
    "title": clean_text,
    "section": clean_text,
    "mobile": cells.mobile,
    "home_phone": cells.phone,
    "office_phone": cells.phone,
    "email": _email,
    **_COORDINATES,
    "share": cells.share,
    "most": cells.household_cap,
    "skills": lambda cell: tuple(dict.fromkeys(map(skill_code, cells.words_apart(cell)))),
    "languages": cells.words_apart,
    "employer": clean_text,
    "community": _place_name,
    "compound": _place_name,
}
