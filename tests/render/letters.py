"""Letters to make in tests: the shipped campaign's, to households of every kind."""

from __future__ import annotations

import copy
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2

from outreach.render.manifest import MaterialKind, load_kind

_ROOT = Path(__file__).parents[2]
_CAMPAIGN = _ROOT / "campaigns" / "yingcheng" / "campaign.toml"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "明华建国芳秀英丽强伟军敏静杰涛磊超艳勇䶮𬱖𬭎"
_ENGLISH = ("Wang Jianguo", "Li Xiuying", "Zhao AVe", "O'Neill Tom", "Yvonne To-Wei")


@lru_cache(maxsize=1)
def campaign() -> dict[str, Any]:
    """The shipped campaign's file."""
    return tomllib.loads(_CAMPAIGN.read_text("utf-8"))


@lru_cache(maxsize=1)
def letter_kind() -> MaterialKind:
    """The shipped letter."""
    return load_kind(_ROOT / "templates" / "letter")


def plain_letter(language: str) -> dict[str, Any]:
    """The samples without what stands behind a letter."""
    return copy.deepcopy(letter_kind().sample_values(language)) | {"statements": [], "payment": {}, "slip": []}


@lru_cache(maxsize=4)
def _paragraphs(language: str) -> list[jinja2.Template]:
    return [jinja2.Template(words) for words in campaign()["texts"][language]["letter"]]


def campaign_letter(language: str, names: list[str], rank: int = 42, *, behind: bool = False) -> dict[str, Any]:
    """The shipped campaign's letter to a household with these names; behind: with sums, accounts and slip."""
    sample = letter_kind().sample_values(language)
    values = copy.deepcopy(sample) if behind else plain_letter(language)
    texts = campaign()["texts"][language]
    values["campaign"] |= {part: texts[part] for part in ("title", "slogan", "papers")}
    values["bureau"] |= campaign()["bureau"][language]
    code = f"YC-{rank:05d}"
    address = (
        f"城东社区槐荫小区{rank % 40 + 1}栋{rank % 4 + 1}单元{rank % 6 + 1}0{rank % 3 + 1}室"
        if language == "zh"
        else f"Room {rank % 6 + 1}0{rank % 3 + 1}, Unit {rank % 4 + 1}, Building {rank % 40 + 1}"
    )
    values |= {
        "qr": code,
        "household": {"code": code, "address": address, "months_lapsed": 3 + rank % 95},
        "piece": {"code": f"7-{rank}-K3QF", "number": f"{rank:06d}", "run": "7", "qr": f"7-{rank}-K3QF"},
        "persons": [
            sample["persons"][number % 2] | {"name": name, "months_lapsed": 3 + (rank + number) % 95}
            for number, name in enumerate(names)
        ],
        "greeting": "、".join(names) if language == "zh" else "Dear " + " and ".join(names),
    }
    values["officer"]["name"] = name_of(rank // 117, language)
    if behind:
        values["statements"] = [
            sample["statements"][0]
            | {"name": name, "rows": sample["statements"][0]["rows"] * (1 + (rank + number) % 3)}
            for number, name in enumerate(names)
        ]
    values["paragraphs"] = [words.render(values) for words in _paragraphs(language)]
    return values


def name_of(rank: int, language: str = "zh") -> str:
    """One of many invented names, rare signs among them."""
    if language == "en":
        return _ENGLISH[rank % len(_ENGLISH)]
    return _SURNAMES[rank % 20] + _GIVEN[rank // 20 % 22] + _GIVEN[rank * 7 % 22]


def campaign_letters(language: str, count: int, *, behind: bool = False) -> list[dict[str, Any]]:
    """Letters to `count` households of one to three persons."""
    return [
        campaign_letter(
            language, [name_of(rank + 31 * number, language) for number in range(1 + rank % 3)], rank, behind=behind
        )
        for rank in range(count)
    ]
