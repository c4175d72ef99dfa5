"""Lines typed from a walk list on paper: what each says, read from the keyboard's signs alone.

`7 31` says code 31 of line 7, `31` alone of the next line; `9-12 31` and `3,5 31` of several. Behind the code come, in
any order, the hour (`1930`), letters for what was left and brought back (`c`), the person (`.2`), the day of a promise
(`@0620`), and a note behind `#`. Everything is compared without width and case: Chinese keyboards write both.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from outreach.domain.conduct import SignedForm
from outreach.domain.contact import Disposition
from outreach.domain.walk_list import CODE_OF, PAPER_CODES
from outreach.errors import BadInput
from outreach.messages import _, current_language

LEFT_SIGNS = {"c": "card", "l": "letter", "n": "notice", "p": "poster"}
"""Materials left, by the letter typed for each."""

FORM_SIGNS = {"r": SignedForm.REGISTRATION, "d": SignedForm.DECLARATION}
"""Forms brought back signed."""

MUSTS_SIGN = "m"
"""All six musts were kept."""

_MOST_SIGNS = 600
_SPANS = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*", re.ASCII)
_CODE = re.compile(r"\d\d", re.ASCII)
_HOUR = re.compile(r"(\d\d)(\d\d)|(\d{1,2}):(\d\d)", re.ASCII)
_SIGNS = re.compile(r"[a-z]+")
_PERSON = re.compile(r"\.(\d{1,2})", re.ASCII)
_PROMISE = re.compile(r"@(?:(\d{4})-?)?(\d{1,2})-?(\d\d)", re.ASCII)
_TOTAL = re.compile(r"(\d\d)=(\d{1,4})", re.ASCII)


class Verb(StrEnum):
    """What is to be done about the whole list."""

    UNDO = "u"
    SHOW = "s"
    TOTALS = "t"
    HELP = "?"
    WRITE = "q"
    WRITE_ANYHOW = "q!"
    LEAVE = "x"


@dataclass(frozen=True, slots=True)
class Doors:
    """What one typed line says of doors. lines: their numbers; empty for the next one. at: the hour, None: as planned.

    person: 0 for the household as a whole. promise: the day by which something promised is to be done.
    """

    lines: tuple[int, ...]
    outcome: Disposition
    at: dt.time | None = None
    left: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    musts: bool = False
    person: int = 0
    promise: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals at the foot of the paper, by code."""

    totals: dict[str, int]


Said = Doors | Totals | Verb | None
"""None is an empty line."""


def read_line(text: str, day: dt.date, channel: str) -> Said:
    """What a typed line says; raises BadInput with one fault for anything that says nothing.

    day: the list's, from which the year of a promise is taken.
    """
    text = "".join(sign if sign.isprintable() else " " if sign.isspace() else "?" for sign in text)
    said, _mark, note = text.replace("＃", "#").partition("#")
    plain = unicodedata.normalize("NFKC", said).casefold()
    plain = re.sub(r"(?<=\d)\s*[-~–—至到]\s*(?=\d)", "-", plain)
    plain = re.sub(r"(?<=\d)\s*[,、]\s*(?=\d)", ",", plain)
    words = plain.split()
    if len(text) > _MOST_SIGNS:
        raise _fault(text[:20], _("the line is too long"), _("shorten the note"))
    if not words:
        if note.strip():
            raise _fault(
                text, _("a note alone says of no door what happened"), _("write line, code and note: 7 31 #...")
            )
        return None
    if words[0] in set(Verb):
        return _verb(words, text)
    return _doors(words, " ".join(note.split()), text, day, channel)


def as_typed(said: Doors) -> str:
    """The line that says the same, its lines written out; `read_line` reads it so."""
    words = [_span(said.lines), CODE_OF[said.outcome]]
    if said.at is not None:
        words.append(f"{said.at:%H%M}")
    letters = [sign for sign, kind in LEFT_SIGNS.items() if kind in said.left]
    letters += [sign for sign, form in FORM_SIGNS.items() if form.value in said.forms]
    if said.musts:
        letters.append(MUSTS_SIGN)
    if letters:
        words.append("".join(letters))
    if said.person:
        words.append(f".{said.person}")
    if said.promise is not None:
        words.append(f"@{said.promise:%Y%m%d}")
    return " ".join([*words, *([f"#{said.note}"] if said.note else [])])


def _span(lines: tuple[int, ...]) -> str:
    return ",".join(str(line) for line in lines)


def _verb(words: list[str], text: str) -> Said:
    verb = Verb(words[0])
    if verb is Verb.TOTALS and len(words) > 1:
        return Totals(read_totals(words[1:]))
    if len(words) > 1:
        raise _fault(text, _("'{sign}' stands alone", sign=verb), _("type it by itself"))
    return verb


def read_totals(words: list[str] | tuple[str, ...]) -> dict[str, int]:
    """'31=12' and its like, by code; raises BadInput."""
    found: dict[str, int] = {}
    for word in words:
        match = _TOTAL.fullmatch(unicodedata.normalize("NFKC", word))
        if match is None or match[1] not in PAPER_CODES:
            raise _fault(word, _("is no total of a code"), _("write code and count such as 31=12"))
        found[match[1]] = int(match[2])
    return found


def _doors(words: list[str], note: str, text: str, day: dt.date, channel: str) -> Doors:
    lines, code, rest = _which(words, text)
    outcome = PAPER_CODES.get(code)
    if outcome is None or not outcome.happens_on(channel):
        raise _fault(
            text,
            _("'{code}' is no code of a list of doors", code=code),
            _("choose one of {names}", names=_codes(channel)),
        )
    at: dt.time | None = None
    promise: dt.date | None = None
    person = 0
    signs: list[str] = []
    for word in rest:
        if match := _HOUR.fullmatch(word):
            if at is not None:
                raise _fault(text, _("two hours are written"), _("write one hour, such as 1930"))
            at = _hour(match, text)
        elif match := _PERSON.fullmatch(word):
            person = int(match[1])
        elif match := _PROMISE.fullmatch(word):
            promise = _promise(match, day, text)
        elif _SIGNS.fullmatch(word):
            signs += word
        else:
            raise _fault(
                text,
                _("'{word}' is not understood", word=word),
                _(
                    "write line, code, then hour (1930), letters ({letters}), .2, @0620 or #note",
                    letters=letters_in_words(),
                ),
            )
    unknown = [sign for sign in signs if sign not in (*LEFT_SIGNS, *FORM_SIGNS, MUSTS_SIGN)]
    if unknown:
        raise _fault(
            text,
            _("'{word}' stands for nothing", word=unknown[0]),
            _("use these: {letters}", letters=letters_in_words()),
        )
    return Doors(
        lines, outcome, at,
        left=tuple(dict.fromkeys(LEFT_SIGNS[sign] for sign in signs if sign in LEFT_SIGNS)),
        forms=tuple(dict.fromkeys(FORM_SIGNS[sign].value for sign in signs if sign in FORM_SIGNS)),
        musts=MUSTS_SIGN in signs,
        person=person, promise=promise, note=note,
    )  # fmt: skip


def _which(words: list[str], text: str) -> tuple[tuple[int, ...], str, list[str]]:
    """The lines meant (none: the next), the code, and the words behind it."""
    if len(words) > 1 and _SPANS.fullmatch(words[0]) and (_CODE.fullmatch(words[1])):
        return _spans(words[0], text), words[1], words[2:]
    if _CODE.fullmatch(words[0]):
        return (), words[0], words[1:]
    if _SPANS.fullmatch(words[0]):
        raise _fault(text, _("no code is written"), _("write line and code, such as 7 31"))
    raise _fault(text, _("'{word}' is no line and no code", word=words[0]), _("write 7 31, or ? for help"))


def _spans(text: str, whole: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in text.split(","):
        first, _dash, last = part.partition("-")
        if last and int(last) < int(first):
            raise _fault(whole, _("'{span}' runs backwards", span=part), _("write the smaller number first"))
        found += range(int(first), int(last or first) + 1)
    return tuple(dict.fromkeys(found))


def _hour(match: re.Match[str], text: str) -> dt.time:
    hour, minute = int(match[1] or match[3]), int(match[2] or match[4])
    if hour > 23 or minute > 59:
        raise _fault(text, _("'{word}' is no hour of the day", word=match[0]), _("write it as 1930 or 19:30"))
    return dt.time(hour, minute)


def _promise(match: re.Match[str], day: dt.date, text: str) -> dt.date:
    """The day named; without a year the first such day from the list's on."""
    try:
        if match[1]:
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        found = dt.date(day.year, int(match[2]), int(match[3]))
        return found if found >= day else found.replace(year=day.year + 1)
    except ValueError as error:
        raise _fault(
            text, _("'{word}' is no day", word=match[0]), _("write month and day such as @0620, or @2006-06-20")
        ) from error


def _codes(channel: str) -> str:
    return ", ".join(
        f"{code} {outcome.label(current_language())}"
        for code, outcome in PAPER_CODES.items()
        if outcome.happens_on(channel)
    )


def letters_in_words() -> str:
    """'c card, l letter ...': what each letter stands for."""
    language = current_language()
    materials = {"card": _("card"), "letter": _("letter"), "notice": _("notice"), "poster": _("poster")}
    found = [f"{sign} {materials[kind]}" for sign, kind in LEFT_SIGNS.items()]
    found += [f"{sign} {form.label(language)}" for sign, form in FORM_SIGNS.items()]
    return ", ".join([*found, MUSTS_SIGN + " " + _("the six musts kept")])


def _fault(where: str, what: str, mend: str) -> BadInput:
    return BadInput.at(where.strip()[:60] or _("the line"), what, mend)
