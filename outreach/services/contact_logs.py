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
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from outreach.channels import channels
from outreach.config import model_faults
from outreach.domain.contact import Disposition, MilestoneKind
from outreach.errors import BadInput, Fault, refuse_if_any
from outreach.messages import _
from outreach.services.campaigns import load_campaign
from outreach.services.office import Office, write_whole

FORMAT = "outreach contact log 1"

_SKEW = dt.timedelta(minutes=5)
_MOST_FAULTS = 1000


@dataclass(frozen=True, slots=True)
class LogExport:
    """A log that was written. facts: attempts and milestones in it."""

    file: str
    facts: int


@dataclass(frozen=True, slots=True)
class Skewed:
    """A fact whose machine's clock was wrong. why: 'before' it happened it was recorded, or it lies in the 'future'."""

    id: str
    household: str
    at: dt.datetime
    recorded: dt.datetime
    why: str


@dataclass(frozen=True, slots=True)
class LogMerge:
    """What taking a log in did. differing: facts here under the same identifier that say otherwise; ours stay."""

    file: str
    facts: int
    new: int
    known: int
    differing: tuple[str, ...]
    skewed: tuple[Skewed, ...]


def export_log(office: Office, campaign_name: str, target: Path) -> LogExport:
    """Write every fact of the campaign to `target`: a line of JSON each, after one that names campaign and count."""
    campaign = load_campaign(office.workspace, campaign_name)
    with office.store.read() as unit:
        lines = [_line(fact) for fact in unit.facts.log(campaign.name)]
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    head = _line({"format": FORMAT, "campaign": campaign.name, "facts": len(lines), "sha256": digest})
    write_whole(target, "".join([head, *lines]).encode())
    return LogExport(target.name, len(lines))


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n"


def merge_log(office: Office, campaign_name: str, path: Path) -> LogMerge:
    """Take in a log another machine wrote, all or nothing; one taken in twice adds nothing.

    Raises BadInput for a file that is no log, is cut short or of another campaign, and for facts of households the
    roster here does not have.
    """
    campaign = load_campaign(office.workspace, campaign_name)
    facts = _read(path, campaign.name)
    zone = office.workspace.zone
    with office.store.write() as unit:
        ids = unit.rosters.household_ids()
        refuse_if_any(_unknown_households(path, facts, ids))
        mine = {fact["id"]: fact for fact in unit.facts.log(campaign.name)}
        new = unit.facts.append_log(campaign.name, facts, ids)
    present = [fact for fact in facts if fact["id"] in mine]
    return LogMerge(
        file=path.name,
        facts=len(facts),
        new=new,
        known=len(facts) - new,
        differing=tuple(sorted(fact["id"] for fact in present if _content(fact) != _content(mine[fact["id"]]))),
        skewed=tuple(_skewed(facts, office.now(), zone)),
    )


def _content(fact: Mapping[str, Any]) -> dict[str, Any]:
    """What a fact says; when it was recorded differs between machines that read one sheet."""
    return {name: value for name, value in fact.items() if name != "recorded_ms"}


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    fact: str
    id: uuid.UUID
    household: str = Field(min_length=1)
    person: int = Field(ge=0, le=99)
    note: str
    corrects: str
    row_key: str | None
    recorded_ms: int = Field(ge=0)


class _Attempt(_Fact):
    channel: str
    officer: str
    at_ms: int
    disposition: Disposition
    left: str
    forms: str = ""
    musts: str = ""
    closes: str = ""


class _Milestone(_Fact):
    kind: MilestoneKind
    on: dt.date
    amount_fen: int = Field(ge=0)


_SINCE_0005 = {"forms": "", "musts": "", "closes": ""}  # logs written before have no such fields

_MODELS: Mapping[str, type[_Fact]] = {"attempt": _Attempt, "milestone": _Milestone}


def _read(path: Path, campaign: str) -> list[dict[str, Any]]:
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
    except (ValueError, KeyError, TypeError) as error:
        raise _no_log(path) from error
    if named != campaign:
        raise BadInput.at(
            path.name,
            _("is a log of the campaign '{name}'", name=named),
            _("name it with --campaign {name}", name=named),
        )
    lines = body.splitlines()
    if len(lines) != count or hashlib.sha256(body.encode()).hexdigest() != digest:
        raise BadInput.at(
            path.name, _("was cut short or changed on its way"), _("copy it again from the machine that wrote it")
        )
    faults: list[Fault] = []
    facts = [fact for number, line in enumerate(lines, start=2) if (fact := _checked(path, number, line, faults))]
    refuse_if_any(faults[:_MOST_FAULTS])
    return facts


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
    except (ValueError, KeyError, TypeError):
        faults.append(Fault(where, _("is no fact"), _("copy the file again from the machine that wrote it")))
        return None
    if isinstance(model, _Attempt) and model.channel not in channels():
        faults.append(
            Fault(where, _("there is no channel '{name}'", name=model.channel), _("bring both machines to one version"))
        )
        return None
    return _SINCE_0005 | fact if isinstance(model, _Attempt) else fact


def _unknown_households(path: Path, facts: Iterable[Mapping[str, Any]], known: Mapping[str, int]) -> Iterator[Fault]:
    missing = sorted({fact["household"] for fact in facts} - known.keys())
    for code in missing:
        yield Fault(
            path.name,
            _("there is no household '{code}' here", code=code),
            _("import the roster of the machine that wrote the log first"),
        )


def _skewed(facts: Iterable[Mapping[str, Any]], now: dt.datetime, zone: dt.tzinfo) -> Iterator[Skewed]:
    for fact in facts:
        if fact["fact"] != "attempt":
            continue
        at, recorded = (dt.datetime.fromtimestamp(fact[name] / 1000, zone) for name in ("at_ms", "recorded_ms"))
        if recorded > now + _SKEW or at > now + _SKEW:
            yield Skewed(fact["id"], fact["household"], at, recorded, "future")
        elif at > recorded + _SKEW:
            yield Skewed(fact["id"], fact["household"], at, recorded, "before")
