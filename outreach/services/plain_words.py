"""What a campaign file says literally, text by text: tags nobody fills in, phones that are not the bureau's.

Only a letter's paragraphs are templates, and the messages that go out as SMS alone; every other text is printed and
aired as it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from outreach.domain.directory import phone_digits
from outreach.errors import Fault
from outreach.messages import _

_TAG = re.compile(r"\{[{%#](?:.{0,60}?[}%#]\})?", re.DOTALL)
_COMMENT = "{#"
_MESSAGE_ID = re.compile(r"[a-z][a-z0-9_]{0,40}")
# A landline as people write it: its area code, then seven or eight digits, which may stand in two groups.
_BETWEEN = r"[\s.()\-‐–—]{0,3}"
_LANDLINE = re.compile(
    rf"(?<!\d)(?:\+86{_BETWEEN}0?\d{{2,3}}|\(?0\d{{2,3}}){_BETWEEN}\d{{3,4}}[\s.\-‐–—]?\d{{4}}(?!\d)"
)


class Written(NamedTuple):
    """One text of the file. path: its place as faults name it, 'texts.zh.aims[0]'. keys: the same as keys and ranks."""

    path: str
    keys: tuple[str | int, ...]
    text: str


def written_texts(raw: Mapping[str, Any]) -> Iterator[Written]:
    """Every text of a campaign file in the order it stands there; a message's place also says its id."""
    for path, keys, text in _walk(raw, "", ()):
        name = _message_id(raw, keys)
        yield Written(f"{path} '{name}'" if name else path, keys, text)


def has_tag(text: str) -> bool:
    """Whether something in a text looks like a tag of a template."""
    return _TAG.search(text) is not None


def tag_faults(raw: Mapping[str, Any], file: str) -> list[Fault]:
    """A fault for each text with a tag that nothing would fill in: it would be printed or aired as it stands."""
    personal = _personal_ids(raw)
    found = []
    for path, keys, text in written_texts(raw):
        tag = _TAG.search(text)
        if tag is None or _is_letter(keys) or (_message_id(raw, keys) in personal and _COMMENT not in text):
            continue
        found.append(
            Fault(
                f"{file}, {path}",
                _("the tag {tag} would be printed or aired as it stands", tag=" ".join(tag[0].split())),
                _("write plain words: only letters, and messages that go out as SMS alone, have tags filled in"),
            )
        )
    return found


def phone_faults(raw: Mapping[str, Any], file: str) -> list[Fault]:
    """A fault for each text and message with a landline that is neither the bureau's hotline nor its complaint phone.

    Mobiles are left alone: they may be officers', whom a campaign file does not know. So is a file whose own
    phones are wrong, which has that fault already.
    """
    bureau = raw.get("bureau")
    phones = [bureau.get(key) for key in ("hotline", "complaint_phone")] if isinstance(bureau, Mapping) else []
    known = {phone_digits(phone).partition("x")[0] for phone in phones if isinstance(phone, str)} - {""}
    if len(known) < len(set(phones)):
        return []
    return [
        Fault(
            f"{file}, {path}",
            _("{phone} is neither the hotline nor the complaint phone of [bureau]", phone=phone),
            _("correct it here, or change the phone in [bureau]"),
        )
        for path, keys, text in written_texts(raw)
        if keys[0] in ("texts", "messages")
        for phone in _strange_landlines(_TAG.sub("\n", text) if _is_letter(keys) else text, known)
    ]


def _strange_landlines(text: str, known: set[str]) -> list[str]:
    folded = unicodedata.normalize("NFKC", text)
    # The bureau's own go first: digits that happen to follow one must not make it look like a longer number.
    for digits in known:
        folded = re.sub(rf"(?<!\d){_BETWEEN.join(digits)}(?!\d)", "\n", folded)
    numbers = dict.fromkeys(match[0].strip() for match in _LANDLINE.finditer(folded))
    return [number for number in numbers if phone_digits(number).startswith("0") and phone_digits(number) not in known]


def _walk(value: Any, path: str, keys: tuple[str | int, ...]) -> Iterator[Written]:
    if isinstance(value, str):
        yield Written(path, keys, value)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}" if path else str(name), (*keys, name))
    elif isinstance(value, list):
        for rank, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{rank}]", (*keys, rank))


def _is_letter(keys: tuple[str | int, ...]) -> bool:
    return len(keys) > 2 and keys[0] == "texts" and keys[2] == "letter"


def _message_id(raw: Mapping[str, Any], keys: tuple[str | int, ...]) -> str:
    """The id of the message whose words stand at `keys`; '' for any other text, and for an id that is none."""
    if len(keys) != 3 or keys[0] != "messages" or keys[2] == "id":
        return ""
    name = raw["messages"][keys[1]].get("id")
    return name if isinstance(name, str) and _MESSAGE_ID.fullmatch(name) else ""


def _personal_ids(raw: Mapping[str, Any]) -> set[str]:
    """The messages that are sent to persons as SMS and go out in no other way."""
    flights = raw.get("flights")
    rows = [row for row in flights if isinstance(row, Mapping)] if isinstance(flights, list) else []
    named = [(row.get("channel"), str(row.get("message") or "")) for row in rows]
    sent = {message for channel, message in named if channel == "sms"}
    return sent - {message for channel, message in named if channel != "sms"} - {""}
