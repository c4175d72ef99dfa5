"""The campaign file: `campaigns/NAME/campaign.toml` as staff write it, checked whole and loaded.

Every fault is found in one pass: the tables are validated one by one, so that a wrong flight does not hide
a missing text, and the checks that need several tables run on whatever is right.
"""

from __future__ import annotations

import copy
import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from outreach.channels import channels
from outreach.channels.base import FlightFields
from outreach.config import ZoneName, model_faults
from outreach.domain.campaign import Bureau, Campaign, Flight, Message, Texts, clashes
from outreach.domain.directory import phone_digits
from outreach.domain.payment import PaymentRules
from outreach.errors import BadInput, Fault, NotFound
from outreach.messages import _
from outreach.services.payment_file import STAND_INS, PaymentFile, payment_faults
from outreach.services.plain_words import tag_faults

CAMPAIGN_NAME = "campaign.toml"
NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,60}$"

_SHORT = Field(min_length=1, max_length=200)
_LONG = Field(min_length=1, max_length=2000)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _Place(_Model):
    name: str = _SHORT
    address: str = _SHORT


class _BureauFile(_Model):
    hotline: str
    complaint_phone: str
    hours: str = _SHORT
    zh: _Place | None = None
    en: _Place | None = None

    @field_validator("hotline", "complaint_phone")
    @classmethod
    def _is_phone(cls, value: str) -> str:
        if not phone_digits(value):
            raise ValueError(_("this is no phone number; write it with its area code, such as 0700-5550100"))
        return value


class _AudienceWords(_Model):
    description: str = _LONG


class _AudienceFile(_Model):
    households: int = Field(gt=0)
    zh: _AudienceWords | None = None
    en: _AudienceWords | None = None


class _TextsFile(_Model):
    title: str = _SHORT
    slogan: str = _SHORT
    lead: str = _LONG
    visits: str = _LONG
    aims: tuple[str, ...] = Field(min_length=1)
    promise: tuple[str, ...] = Field(min_length=1)
    policy: tuple[str, ...] = Field(min_length=1)
    papers: tuple[str, ...] = Field(min_length=1)
    letter: tuple[str, ...] = Field(min_length=1)
    slip: tuple[str, ...] = Field(default=(), max_length=8)

    @field_validator("aims", "promise", "policy", "papers", "letter", "slip")
    @classmethod
    def _no_empty_line(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        if not all(line.strip() for line in lines):
            raise ValueError(_("one of the lines is empty; write it or remove it"))
        return lines


class _MessageFile(_Model):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    zh: str = ""
    en: str = ""


class _Head(_Model):
    format: int = Field(ge=1, le=1)
    name: str = Field(pattern=NAME_PATTERN)
    starts: dt.date
    ends: dt.date
    timezone: ZoneName = "Asia/Shanghai"
    languages: tuple[str, ...] = Field(default=("zh",), min_length=1)

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if set(names) - {"zh", "en"} or len(set(names)) < len(names):
            raise ValueError(_("languages are 'zh' and 'en', each once"))
        return names


def read_campaign(path: Path) -> Campaign:
    """Load and check a campaign file.

    Raises NotFound where there is none, and BadInput with every fault at once: unknown keys, missing texts,
    tags nothing fills in, wrong phones, dates outside the campaign, overlapping booths.
    """
    return _sound(path, path.read_bytes() if path.is_file() else b"")


@lru_cache(maxsize=8)
def _sound(path: Path, _content: bytes) -> Campaign:
    """The campaign of a file without faults; read once for each content, since reading takes 20 ms."""
    found = examine_campaign(path)
    if found.faults or found.campaign is None:
        raise BadInput(*found.faults)
    return found.campaign


@dataclass(frozen=True, slots=True)
class Examined:
    """A campaign file with all its faults, and what can be told of it in spite of them, for checks that go further.

    campaign: with stand-ins for what is wrong, None where its dates or its first language cannot be told.
    raw: the tables as they were written.
    """

    campaign: Campaign | None
    texts: Mapping[str, Texts]
    faults: tuple[Fault, ...]
    raw: Mapping[str, Any]


def examine_campaign(path: Path) -> Examined:
    """Check a campaign file without stopping; raises NotFound, and BadInput where it is no TOML."""
    return _Reading(path, _parse(path)).examined()


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise NotFound.at(str(path), _("there is no such file"), _("see 'outreach campaign list'")) from error
    except UnicodeDecodeError as error:
        raise BadInput.at(str(path), _("is not UTF-8"), _("save it again as UTF-8")) from error
    except tomllib.TOMLDecodeError as error:
        raise BadInput.at(str(path), _("is not valid TOML: {error}", error=error), _("mend that line")) from error


_M = TypeVar("_M", bound=BaseModel)


class _Reading:
    """One reading of one file: collects faults while it turns tables into the domain's types."""

    def __init__(self, path: Path, raw: dict[str, Any]) -> None:
        self._file = str(path)
        self._folder = path.parent.name
        self._raw = raw
        self._faults: list[Fault] = []

    def examined(self) -> Examined:
        tables = {"bureau", "audience", "texts", "messages", "flights", "payment"}
        written = tuple(language for language in ("zh", "en") if language in self._table("texts")) or ("zh",)
        instead = {"format": 1, "name": self._folder, "timezone": "Asia/Shanghai", "languages": written}
        head = self._model(_Head, {key: value for key, value in self._raw.items() if key not in tables}, "", instead)
        languages = head.languages if head else written
        if head:
            self._check_head(head)
        # A stand-in is as long as the real thing usually is, so that texts measure what they will.
        words: dict[str, object] = {"zh": None, "en": None}
        phones = dict.fromkeys(("hotline", "complaint_phone"), "0700-5550100")
        bureau = self._model(_BureauFile, self._table("bureau"), "bureau", words | phones | {"hours": "08:00-22:00"})
        audience = self._model(_AudienceFile, self._table("audience"), "audience", words | {"households": 1})
        self._need_words("bureau", languages)
        self._need_words("audience", languages)
        texts = self._texts(languages)
        messages = self._messages(languages)
        flights = self._flights(head, messages)
        payment = self._payment(languages)
        self._faults += tag_faults(self._raw, self._file)
        campaign = None
        if head and bureau and audience and languages[0] in texts:
            campaign = Campaign(
                name=head.name,
                starts=head.starts,
                ends=head.ends,
                zone=ZoneInfo(head.timezone),
                languages=head.languages,
                bureaus={language: _bureau(bureau, language) for language in languages},
                texts=texts,
                audience={language: _description(audience, language) for language in languages},
                households=audience.households,
                messages=messages,
                flights=tuple(flight for flight in flights if not flight.message or flight.message in messages),
                payment=payment,
            )
        return Examined(campaign, texts, tuple(self._faults), self._raw)

    def _fault(self, path: str, what: str, mend: str) -> None:
        self._faults.append(Fault(f"{self._file}, {path}", what, mend))

    def _table(self, name: str) -> dict[str, Any]:
        table = self._raw.get(name)
        return table if isinstance(table, dict) else {}

    def _list(self, name: str, *, quietly: bool = False) -> list[dict[str, Any]]:
        rows = self._raw.get(name, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        if quietly:
            return []
        self._fault(name, _("is not a list of tables"), _("write each as [[{name}]]", name=name))
        return []

    def _model(
        self, model: type[_M], raw: Mapping[str, Any], path: str, instead: Mapping[str, object] | None = None
    ) -> _M | None:
        """The table as its model, its faults noted; unknown keys are then left out, and wrong values stood in for.

        None where that does not help. So one wrong key hides nothing else that is wrong.
        """
        try:
            return model(**raw)
        except ValidationError as error:
            for fault in model_faults("", error):
                inner = fault.where.removeprefix(", ")
                where = f"{path}.{inner}" if path and inner else path or inner
                self._faults.append(Fault(f"{self._file}, {where}", fault.what, fault.mend))
            unknown = [item["loc"] for item in error.errors() if item["type"] == "extra_forbidden"]
            wrong = {item["loc"][0] for item in error.errors() if item["loc"]}
        stand_ins = {key: value for key, value in (instead or {}).items() if key in wrong}
        try:
            return model(**(_without(raw, unknown) | stand_ins))
        except ValidationError:
            return None

    def _check_head(self, head: _Head) -> None:
        if head.name != self._folder:
            self._fault(
                "name",
                _("'{name}' differs from the folder '{folder}'", name=head.name, folder=self._folder),
                _("give both the same name"),
            )
        if head.ends < head.starts:
            self._fault(
                "ends",
                _("{ends} is before the start {starts}", ends=head.ends, starts=head.starts),
                _("write a later day"),
            )

    def _need_words(self, path: str, languages: tuple[str, ...]) -> None:
        for language in languages:
            if language not in self._table(path):
                self._fault(
                    f"{path}.{language}", _("is missing"), _("add [{path}.{language}]", path=path, language=language)
                )

    def _texts(self, languages: tuple[str, ...]) -> dict[str, Texts]:
        raw = self._table("texts")
        for language in sorted(set(raw) - set(languages)):
            self._fault(
                f"texts.{language}", _("is not one of the campaign's languages"), _("add it to languages or remove it")
            )
        found: dict[str, Texts] = {}
        for language in languages:
            if language not in raw:
                self._fault(f"texts.{language}", _("is missing"), _("add [texts.{language}]", language=language))
                continue
            if not isinstance(raw[language], dict):
                self._fault(f"texts.{language}", _("is no table"), _("add [texts.{language}]", language=language))
                continue
            model = self._model(_TextsFile, raw[language], f"texts.{language}")
            if model:
                found[language] = Texts(**model.model_dump())
        return found

    def _payment(self, languages: tuple[str, ...]) -> PaymentRules | None:
        raw = self._raw.get("payment")
        if raw is None:
            return None
        if not isinstance(raw, dict):
            self._fault("payment", _("is no table"), _("add [payment]"))
            return None
        model = self._model(PaymentFile, raw, "payment", STAND_INS)
        if model is None:
            return None
        faults = payment_faults(model, f"{self._file}, payment", languages)
        self._faults += faults
        return None if faults else model.rules()

    def _messages(self, languages: tuple[str, ...]) -> dict[str, Message]:
        found: dict[str, Message] = {}
        for index, raw in enumerate(self._list("messages")):
            path = f"messages[{index}]"
            model = self._model(_MessageFile, raw, path)
            if model is None:
                continue
            if model.id in found:
                self._fault(f"{path}.id", _("'{name}' is used twice", name=model.id), _("give each message its own id"))
            words = {language: str(getattr(model, language)) for language in languages}
            for language, text in words.items():
                if not text:
                    self._fault(
                        f"{path}.{language}", _("the text of '{name}' is missing", name=model.id), _("write it")
                    )
            found[model.id] = Message(model.id, words)
        return found

    def _flights(self, head: _Head | None, messages: dict[str, Message]) -> list[Flight]:
        found: list[Flight] = []
        seen: dict[str, int] = {}
        for index, raw in enumerate(self._list("flights")):
            path = f"flights[{index}]"
            channel = channels().get(str(raw.get("channel", "")))
            if channel is None:
                self._fault(
                    f"{path}.channel",
                    _("'{name}' is no channel", name=raw.get("channel", "")),
                    _("choose one of {names}", names=", ".join(channels())),
                )
                continue
            model = self._model(channel.fields, raw, path)
            self._check_message(raw.get("message"), path, messages)
            in_order = self._check_dates(model or raw, path, head)
            if model is None:
                continue
            if model.id in seen:
                self._fault(f"{path}.id", _("'{name}' is used twice", name=model.id), _("give each flight its own id"))
            seen[model.id] = index
            self._faults += channel.faults(model, f"{self._file}, {path}")
            if in_order:
                found.append(channel.flight(model))
        self._check_clashes(found, seen, head)
        return found

    def _check_message(self, name: object, path: str, messages: dict[str, Message]) -> None:
        named = [raw.get("id") for raw in self._list("messages", quietly=True)]
        if isinstance(name, str) and name and name not in named:
            self._fault(
                f"{path}.message",
                _("there is no message '{name}'", name=name),
                _("choose one of {names}", names=", ".join(messages) or "-"),
            )

    def _check_dates(self, flight: FlightFields | dict[str, Any], path: str, head: _Head | None) -> bool:
        """Whether the days are in order; a flight that has other faults is looked at as it was written."""
        if isinstance(flight, dict):
            starts, ends = flight.get("starts"), flight.get("ends")
        else:
            starts, ends = flight.starts, flight.ends
        if type(starts) is not dt.date or type(ends) is not dt.date:
            return False
        if ends < starts:
            self._fault(
                f"{path}.ends",
                _("{ends} is before the start {starts}", ends=ends, starts=starts),
                _("write a later day"),
            )
            return False
        for name, day in (("starts", starts), ("ends", ends)):
            if head and not head.starts <= day <= head.ends:
                self._fault(
                    f"{path}.{name}",
                    _(
                        "{day} is outside the campaign ({starts} to {ends})",
                        day=day,
                        starts=head.starts,
                        ends=head.ends,
                    ),
                    _("move the flight or lengthen the campaign"),
                )
        return True

    def _check_clashes(self, flights: list[Flight], positions: Mapping[str, int], head: _Head | None) -> None:
        for clash in clashes(flights, ZoneInfo(head.timezone if head else "Asia/Shanghai")):
            where = f"flights[{positions[clash.second.flight]}] '{clash.second.flight}'"
            facts = {
                "who": clash.who,
                "one": clash.first.flight,
                "two": clash.second.flight,
                "when": f"{clash.second.starts:%Y-%m-%d %H:%M}",
            }
            if clash.what == "place":
                self._fault(
                    where, _("booths '{one}' and '{two}' both stand at {who} on {when}", **facts), _("move one of them")
                )
            else:
                self._fault(
                    where,
                    _("post {who} is on duty at '{one}' and '{two}' at once on {when}", **facts),
                    _("change one of the staff lists"),
                )


def _without(raw: Mapping[str, Any], places: Iterable[tuple[int | str, ...]]) -> dict[str, Any]:
    """A copy of nested tables without the keys at `places`."""
    kept: dict[str, Any] = copy.deepcopy(dict(raw))
    for *parents, leaf in places:
        table: Any = kept
        for parent in parents:
            table = table[parent]
        del table[leaf]
    return kept


def _description(file: _AudienceFile, language: str) -> str:
    words: _AudienceWords | None = getattr(file, language)
    return words.description if words else ""


def _bureau(file: _BureauFile, language: str) -> Bureau:
    # Missing words are a fault noted elsewhere; the stand-in only lets other checks go on.
    place: _Place = getattr(file, language) or _Place(name="-", address="-")
    return Bureau(
        name=place.name,
        address=place.address,
        hours=file.hours,
        hotline=file.hotline,
        complaint_phone=file.complaint_phone,
    )
