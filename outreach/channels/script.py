"""A radio script as its items: music and speech, who speaks, how long each takes, and when it is on air.

A script is plain text. What stands before the first and after the last line of dashes is for the studio and is not
aired. A paragraph in brackets is music or another sound, and says its length: 【片头音乐，约 8 秒】, [STING, 3 s]. A
paragraph that begins with a speaker and a colon is that person's speech, and the following lines are too; remarks in
round brackets at its beginning are for the speaker. A speaker is a word of the trade (主持人, 嘉宾 ...), a name in
capitals, or a name that begins two paragraphs; so that 'one more thing: ...' stays speech.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from outreach.channels.counting import reading_time

_RULE = re.compile(r"[─—\-=_]{4,}")
_SOUND = re.compile(r"[【\[](.+)[】\]]", re.DOTALL)
_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:秒|s\b|sec)")
_SPEAKER = re.compile(r"([^\W\d_][\w \u3000.]{0,15}?)\s*[：:]\s*(?=\S)(.+)", re.DOTALL)
_TRADE = frozenset("主持人 主播 播音员 播音 记者 嘉宾 专家 听众 来电听众 旁白 男 女 男声 女声 甲 乙".split())
_REMARK = re.compile(r"\s*[（(][^（()）]*[)）]")


@dataclass(frozen=True, slots=True)
class Item:
    """One item on air. speaker: '' for sound. words: what is said, or what the sound is. seconds: how long."""

    speaker: str
    words: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Cue:
    """An item in its place. starts: seconds from the segment's start.

    latest: when it must begin for the end to be kept, counted back from the end of the segment; the difference to
    `starts` is the time to spare.
    """

    number: int
    item: Item
    starts: float
    latest: float


def script_items(text: str, language: str, zh_per_minute: float, en_per_minute: float) -> list[Item]:
    """The items of a script in order; the paces as `reading_time` takes them."""
    items: list[Item] = []
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n[ \t]*\n", _aired(text))]
    names = Counter(_name(match) for match in map(_SPEAKER.fullmatch, paragraphs) if match)
    for words in filter(None, paragraphs):
        if sound := _SOUND.fullmatch(words):
            length = _SECONDS.search(sound[1])
            items.append(Item("", sound[1].strip(), float(length[1]) if length else 0.0))
            continue
        match = _SPEAKER.fullmatch(words)
        named = match if match and _speaks(_name(match), names) else None
        # A paragraph without a name goes on with whoever spoke last.
        speaker = _name(named) if named else _last_speaker(items)
        said = named[2].strip() if named else words
        spoken = _REMARK.sub("", said, count=1) if _REMARK.match(said) else said
        items.append(Item(speaker, said, reading_time(spoken, language, zh_per_minute, en_per_minute)))
    return items


def cues(items: Sequence[Item], segment_s: float) -> Iterator[Cue]:
    """The items numbered, each with when it begins and when it must."""
    starts, left = 0.0, sum(item.seconds for item in items)
    for number, item in enumerate(items, start=1):
        yield Cue(number, item, starts, segment_s - left)
        starts += item.seconds
        left -= item.seconds


def _aired(text: str) -> str:
    lines = text.splitlines()
    rules = [rank for rank, line in enumerate(lines) if _RULE.fullmatch(line.strip())]
    if not rules:
        return text
    last = rules[-1] if len(rules) > 1 else len(lines)
    return "\n".join(lines[rules[0] + 1 : last])


def _name(match: re.Match[str]) -> str:
    return re.sub(r"[\s\u3000]+", "" if unicodedata.east_asian_width(match[1][0]) in "WF" else " ", match[1])


def _speaks(name: str, names: Mapping[str, int]) -> bool:
    return name in _TRADE or name.isupper() or names[name] > 1


def _last_speaker(items: Sequence[Item]) -> str:
    return next((item.speaker for item in reversed(items) if item.speaker), "")
