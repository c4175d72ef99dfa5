"""Invent what planning asks of the Yingcheng roster: who works by day, who speaks what, what the officers can do.

`invent_roster.py` calls it. It draws from a generator of its own, so that the columns that were there first stay as
they are; and only integers, products and sums, so that every platform writes the same bytes.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

Row = dict[str, str]

HOUSEHOLD_HEADINGS = ("白天上班", "方言")
OFFICER_HEADINGS = ("工作量", "最多户数", "技能", "方言", "原工作单位", "居住社区", "居住小区")

# Spoken at home; a number is a weight.
DIALECTS = "应城话78 普通话14 黄陂话3 四川话2 温州话2 粤语1".split()
NEWCOMERS = ("四川话", "温州话", "粤语", "黄陂话")


def add_terms(seed: str, households: list[Row], officers: list[Row]) -> None:
    """Fill the columns above in both tables; the rows of one household stand together and say the same."""
    rng = random.Random(f"{seed}/terms")
    _add_to_households(rng, households)
    _add_to_officers(rng, households, officers)


def _add_to_households(rng: random.Random, rows: Sequence[Row]) -> None:
    """About half of those who have not left the town for work have work by day again."""
    spoken = [entry.rstrip("0123456789") for entry in DIALECTS]
    weights = [int(entry.removeprefix(name)) for entry, name in zip(DIALECTS, spoken, strict=True)]
    terms: dict[str, Row] = {}
    for row in rows:
        if row["户号"] not in terms:
            works = row["外出务工"] == "否" and rng.random() < 0.5
            terms[row["户号"]] = {"白天上班": "是" if works else "否", "方言": rng.choices(spoken, weights)[0]}
        row.update(terms[row["户号"]])


def _add_to_officers(rng: random.Random, households: Sequence[Row], officers: Sequence[Row]) -> None:
    """Sixty full posts: whoever sets out from home lives in the compound nearest to there."""
    compounds = _compounds(households)
    employers = sorted({row["原单位"] for row in households})
    for number, officer in enumerate(officers):
        languages = ["普通话"]
        if rng.random() < 0.75:
            languages.append("应城话")
        if number % 9 == 4:
            languages.append(rng.choice(NEWCOMERS))
        skills = [skill for skill, share in (("政策", 0.5), ("前台", 0.45)) if rng.random() < share]
        if "应城话" in languages:
            skills.append("方言")
        here = float(officer["经度"]), float(officer["纬度"])
        community, compound = min(compounds, key=lambda key: _apart(compounds[key], here))
        officer |= {
            "工作量": "100%", "最多户数": "", "技能": "、".join(skills or ["前台"]), "方言": "、".join(languages),
            "原工作单位": rng.choice(employers) if rng.random() < 0.6 else "",
            "居住社区": community, "居住小区": compound,
        }  # fmt: skip


def _compounds(households: Sequence[Row]) -> dict[tuple[str, str], tuple[float, float]]:
    """The middle of every compound, degrees."""
    doors: defaultdict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in households:
        doors[row["社区"], row["小区"]].append((float(row["经度"]), float(row["纬度"])))
    return {key: (sum(x for x, _y in at) / len(at), sum(y for _x, y in at) / len(at)) for key, at in doors.items()}


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Squared, with longitudes shrunk as at 30.93 degrees north; enough to tell the nearest."""
    east, north = (one[0] - other[0]) * 0.8614, one[1] - other[1]
    return east * east + north * north
