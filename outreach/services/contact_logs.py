"""Logs of several machines made one: what was recorded here written out, what was recorded there taken in.

Facts are appended and never changed, and each has an identifier of its own, so a merge is a union: logs taken in in
any order, any number of times, give the same facts and the same standings. A row of a file has an identifier that
hangs on the row, so that the same sheet imported on two machines is one set of facts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from outreach.channels import channels
from outreach.collection import collection_paused
from outreach.config import model_faults
from outreach.domain.contact import Disposition, MilestoneKind
from outreach.domain.people import is_stone
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.case_log import CaseFact, cases_of
from outreach.services.erasure_marks import Marks
from outreach.services.follow_up_log import FollowUpFact, follow_ups_of
from outreach.services.ledger_union import settle_lines
from outreach.services.office import Office, write_whole
from outreach.store.effective import Kept

FORMAT = "outreach contact log 1"

_SKEW = dt.timedelta(minutes=5)
_MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class LogExport:
    """A log that was written. facts: attempts, milestones, follow-ups and cases in it."""

    file: str
    facts: int


@dataclass(frozen=True, slots=True)
class Skewed:
    """A fact whose machine's clock was wrong.

    why: 'before' it happened it was recorded; or it happened in the 'future', or was recorded there ('ahead').
    """

    id: str
    household: str
    at: dt.datetime
    recorded: dt.datetime
    why: str


@dataclass(frozen=True, slots=True)
class LogMerge:
    """What taking a log in did. differing: facts here under the same identifier that say otherwise; ours stay.

    new: a case is one that brings anything, be it a step. erased: facts of households that were erased here, left out.
    settled: lines of the ledger that two machines had given to two people, of which one stands now.
    """

    file: str
    facts: int
    new: int
    known: int
    differing: tuple[str, ...]
    skewed: tuple[Skewed, ...]
    erased: int = 0
    settled: int = 0


def export_log(office: Office, campaign_name: str, target: Path) -> LogExport:
    """Write every fact of the campaign to `target`: a line of JSON each, after one that names campaign and count."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        # What is left of an erased household has no name that another machine could know it by.
        facts = chain(unit.facts.log(campaign.name), unit.follow_ups.log(campaign.name), unit.cases.log(campaign.name))
        kept = [fact for fact in facts if not is_stone(fact["household"])]
        merged = _merged(kept, unit.merges.kept())
    lines = [_line(fact) for fact in kept]
    office.told.update(fact["household"] for fact in kept)
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    told = {"format": FORMAT, "campaign": campaign.name, "facts": len(lines), "sha256": digest}
    head = _line(told | ({"merged": merged} if merged else {}))
    write_whole(target, "".join([head, *lines]).encode())
    return LogExport(target.name, len(lines))


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"


@collection_paused()
def merge_log(office: Office, campaign_name: str, path: Path) -> LogMerge:
    """Take in a log another machine wrote, all or nothing; one taken in twice adds nothing.

    Raises BadInput for a file that is no log, is cut short or of another campaign, and for facts of households the
    roster here does not have.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    facts, merged = _read(path, campaign.name)
    zone = office.workspace.zone
    with office.store.write() as unit:
        marks = Marks(office, unit)
        read = len(facts)
        facts = _of_nobody_erased(facts, marks)
        ids = unit.rosters.household_ids(gone=True)
        # Asked once more: what is only known there may have been merged into a household that was erased here.
        facts = _of_nobody_erased([_under_a_known_code(fact, ids, merged) for fact in facts], marks)
        refuse_if_any(_unknown_households(path, facts, ids))
        kept = unit.merges.kept()
        mine = {fact["id"]: fact for fact in chain(unit.facts.log(campaign.name), unit.follow_ups.log(campaign.name))}
        new = unit.facts.append_log(campaign.name, facts, ids)
        new += unit.follow_ups.append_log(campaign.name, follow_ups_of(facts), ids)
        new += unit.cases.append_log(campaign.name, cases_of(facts), ids)
        known = ({fact["id"]: fact for fact in facts} | mine).values()
        settled = settle_lines(office, unit, campaign, known, ids)
    present = [fact for fact in facts if fact["id"] in mine]
    return LogMerge(
        file=path.name,
        facts=read,
        new=new,
        known=len(facts) - new,
        erased=read - len(facts),
        settled=settled,
        differing=tuple(
            sorted(fact["id"] for fact in present if _content(fact, kept) != _content(mine[fact["id"]], kept))
        ),
        skewed=tuple(_skewed(facts, office.now(), zone)),
    )


def _of_nobody_erased(facts: list[dict[str, Any]], marks: Marks) -> list[dict[str, Any]]:
    erased = {code for code in {fact["household"] for fact in facts} if marks.has_code(code)}
    return [fact for fact in facts if fact["household"] not in erased]


def _content(fact: Mapping[str, Any], kept: Kept) -> dict[str, Any]:
    """What a fact says; when it was recorded differs between machines that read one sheet, and so may the code of a
    household that was merged, and which file of the ledger a milestone came in with first.
    """
    household, person = kept.of(fact["household"], fact["person"])
    apart = {"recorded_ms", "row_key"} if fact["fact"] == "milestone" else {"recorded_ms"}
    said = {name: value for name, value in fact.items() if name not in apart}
    return said | {"household": household, "person": person}


def _merged(facts: Iterable[Mapping[str, Any]], kept: Kept) -> dict[str, dict[str, Any]]:
    """For machines whose roster lacks a household that was merged away: whose facts its facts are."""
    found: dict[str, dict[str, Any]] = {}
    for fact in facts:
        code, person = fact["household"], fact["person"]
        if code in kept.codes:
            into, number = kept.of(code, person)
            found.setdefault(code, {"into": into, "persons": {}})["persons"][str(person)] = number
    return found


def _under_a_known_code(fact: dict[str, Any], known: Mapping[str, int], merged: Mapping[str, _Into]) -> dict[str, Any]:
    into = merged.get(fact["household"])
    if into is None or fact["household"] in known:
        return fact
    return fact | {"household": into.into, "person": into.persons.get(str(fact["person"]), 0)}


class _Into(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    into: str = Field(min_length=1)
    persons: dict[str, int]


_INTO = TypeAdapter(dict[str, _Into])


# What a table can hold: instants of these centuries, texts without the sign PostgreSQL refuses.
_Instant = Annotated[int, Field(ge=-2_208_988_800_000, le=7_258_118_400_000)]
_Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class _Fact(BaseModel):
    # Strict: the values are stored as the file has them, and "7" is not 7.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    fact: str
    id: uuid.UUID
    household: _Text = Field(min_length=1)
    person: int = Field(ge=0, le=99)
    note: _Text
    corrects: _Text
    row_key: _Text | None
    recorded_ms: _Instant = Field(ge=0)


class _Attempt(_Fact):
    channel: _Text
    officer: _Text
    at_ms: _Instant
    disposition: Disposition
    left: _Text
    forms: _Text = ""
    musts: _Text = ""
    closes: _Text = ""


class _Milestone(_Fact):
    kind: MilestoneKind
    on: dt.date
    # Below zero where the ledger takes a payment back.
    amount_fen: int = Field(ge=-(10**15), le=10**15)


_SINCE_0005 = {"forms": "", "musts": "", "closes": ""}  # logs written before have no such fields

_MODELS: Mapping[str, type[BaseModel]] = {
    "attempt": _Attempt,
    "milestone": _Milestone,
    "follow_up": FollowUpFact,
    "case": CaseFact,
}


def _read(path: Path, campaign: str) -> tuple[list[dict[str, Any]], Mapping[str, _Into]]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise BadInput.at(str(path), _("there is no such file"), _("check the name and the folder")) from error
    except (UnicodeDecodeError, OSError) as error:
        raise _no_log(path) from error
    head, _end, body = text.partition("\n")
    try:
        told = json.loads(head)
        if told["format"] != FORMAT:
            raise ValueError(told["format"])
        named, count, digest = told["campaign"], told["facts"], told["sha256"]
        merged = _INTO.validate_python(told.get("merged", {}))
    except (ValueError, KeyError, TypeError) as error:
        raise _no_log(path) from error
    if named != campaign:
        raise BadInput.at(
            path.name,
            _("is a log of the campaign '{name}'", name=named),
            _("name it with --campaign {name}", name=named),
        )
    lines = body.removesuffix("\n").split("\n") if body else []  # notes may hold other signs that end lines
    if len(lines) != count or hashlib.sha256(body.encode()).hexdigest() != digest:
        raise BadInput.at(
            path.name, _("was cut short or changed on its way"), _("copy it again from the machine that wrote it")
        )
    faults: list[Fault] = []
    facts = [fact for number, line in enumerate(lines, start=2) if (fact := _checked(path, number, line, faults))]
    refuse_if_any(faults[:_MOST_FAULTS])
    return facts, merged


def _no_log(path: Path) -> BadInput:
    return BadInput.at(path.name, _("is no contact log"), _("write one with 'outreach contact export'"))


def _checked(path: Path, number: int, line: str, faults: list[Fault]) -> dict[str, Any] | None:
    where = _("{file}, line {number}", file=path.name, number=number)
    try:
        fact: dict[str, Any] = json.loads(line)
        model = _MODELS[fact["fact"]].model_validate_json(line)
    except ValidationError as error:
        faults += model_faults(where, error)
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        faults.append(Fault(where, _("is no fact"), _("copy the file again from the machine that wrote it")))
        return None
    if isinstance(model, _Attempt) and model.channel not in channels():
        faults.append(
            Fault(
                where,
                _("there is no channel '{name}'", name=_short(model.channel)),
                _("bring both machines to one version"),
            )
        )
        return None
    return _SINCE_0005 | fact if isinstance(model, _Attempt) else fact


def _short(value: str) -> str:
    """What a file says, short enough for a sentence."""
    return value if len(value) <= 40 else f"{value[:40]}…"


def _unknown_households(path: Path, facts: Iterable[Mapping[str, Any]], known: Mapping[str, int]) -> Iterator[Fault]:
    # A complaint or a case may come from somebody who belongs to no household.
    missing = sorted({fact["household"] for fact in facts} - known.keys() - {""})
    for code in missing:
        yield Fault(
            path.name,
            _("there is no household '{code}' here", code=_short(code)),
            _("import the roster of the machine that wrote the log first"),
        )


def _skewed(facts: Iterable[Mapping[str, Any]], now: dt.datetime, zone: dt.tzinfo) -> Iterator[Skewed]:
    for fact in facts:
        if fact["fact"] != "attempt":
            continue
        at, recorded = (dt.datetime.fromtimestamp(fact[name] / 1000, zone) for name in ("at_ms", "recorded_ms"))
        if at > now + _SKEW:
            yield Skewed(fact["id"], fact["household"], at, recorded, "future")
        elif recorded > now + _SKEW:
            yield Skewed(fact["id"], fact["household"], at, recorded, "ahead")
        elif at > recorded + _SKEW:
            yield Skewed(fact["id"], fact["household"], at, recorded, "before")
