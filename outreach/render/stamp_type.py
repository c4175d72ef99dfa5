"""Lines of text as glyphs, set as Typst sets them: shaped by HarfBuzz, with the space between Chinese and Latin.

Only lines whose setting is certain are set: Chinese and Latin signs on one line, none that Typst would squeeze,
turn, replace or break. The others are None, and their pieces go through Typst. HarfBuzz shapes each pair of
neighbours once; a line is put together from its pairs, which is exact in fonts where no sign acts on more than its
neighbour, and other fonts are left to Typst.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

_SUFFIXES = (".otf", ".ttf")
_HAN = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2EBE0), (0x30000, 0x323AF))
_MARKS = frozenset("、。，：；！？（）《》【】「」『』〔〕“”‘’")
_OPENING = frozenset("（《【「『〔“‘")
_LATIN_POINTS = (*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 0x180))
_LATIN = frozenset(map(chr, _LATIN_POINTS))
_PLAIN = _MARKS | _LATIN | frozenset("·—–％") | frozenset(map(chr, range(0x20, 0x7F)))
_BESIDE_HAN = _LATIN | frozenset("0123456789#$%&")
_GAP = 250  # thousandths of an em between a Chinese and a Latin sign
_HAS_HAN = re.compile(f"[{''.join(f'{chr(low)}-{chr(high)}' for low, high in _HAN)}]").search
_HAS_LATIN = re.compile(f"[{''.join(sorted(_LATIN))}]").search
_MOST_RUNS = 2_000  # lines a style keeps set, so that memory stays flat
_ALWAYS_ON = frozenset(("ccmp", "rlig", "rclt", "calt", "clig", "liga", "locl", "kern", "mark", "mkmk", "abvm", "blwm"))
_SUBSTITUTES = frozenset((1, 4))  # a sign for a sign, a ligature
_MOVES = frozenset((1, 2, 4, 6))  # one sign, a pair, marks


class Face:
    """One font file at one weight: what is measured, shaped and embedded. per_em: its units to thousandths."""

    def __init__(self, path: Path, weight: int) -> None:
        import uharfbuzz as hb

        self.path = path
        self.face = hb.Face(hb.Blob.from_file_path(str(path)))
        self.font = hb.Font(self.face)
        self.per_em = 1000 / self.face.upem
        self.weight: int | None = None
        axes = {axis.tag: axis for axis in self.face.axis_infos}
        self.fixed = not axes.keys() - {"wght"}  # no axis but the weight, which is pinned
        if axis := axes.get("wght"):
            self.weight = int(min(max(weight, axis.min_value), axis.max_value))
            self.font.set_variations({"wght": self.weight})

    def width(self, glyph: int) -> float:
        """A glyph's own advance, in thousandths of an em."""
        return float(self.font.get_glyph_h_advance(glyph) * self.per_em)

    def is_pairwise(self, features: Iterable[str]) -> bool:
        """Whether no sign acts on more than its neighbour, with the features that are on."""
        return _is_pairwise(self.path, _ALWAYS_ON.union(features))


class Table:
    """Signs and pairs of one style in one script, as they are shaped."""

    __slots__ = ("_style", "codes", "glyphs", "script", "widths")

    def __init__(self, style: Style, script: str) -> None:
        self._style, self.script = style, script
        self.glyphs: dict[str, int] = {}
        self.codes: dict[tuple[str, str], str | None] = {}
        self.widths: dict[tuple[str, str], float] = {}

    def learn(self, pair: tuple[str, str]) -> str | None:
        """The code of a pair's second sign after its first ('' where a line begins), or None where unknown."""
        code = None
        found = self._style.shaped("".join(pair), self.script) if _stand_together(*pair) else None
        if found is not None:
            face = self._style.face
            glyph = found[-1][0]
            extra = 0.0
            if pair[0]:
                extra = found[0][1] - face.width(found[0][0]) + _gap(*pair)
            code = f"{glyph:04X}" if not extra else f">{_number(-extra)}<{glyph:04X}"
            self.widths[pair] = extra + face.width(glyph)
            self.glyphs[pair[1]] = glyph
        self.codes[pair] = code
        return code


@dataclass(frozen=True, slots=True)
class Run:
    """A set line. code: the operator that draws it; width: thousandths of an em; signs: what it draws, by table."""

    code: bytes
    width: float
    signs: tuple[tuple[Table, frozenset[str]], ...]


class Style:
    """A face with its language and features; sets lines and keeps them."""

    def __init__(self, face: Face, language: str, features: Mapping[str, int]) -> None:
        self.face = face
        self._language = language
        self._features = dict(features)
        self._runs: dict[str, Run | None] = {}
        self._tables = {script: Table(self, script) for script in ("Latn", "Hani", "Zyyy")}
        self._simple = face.is_pairwise(name for name, on in features.items() if on)

    def run(self, text: str) -> Run | None:
        """`text` set on one line, or None where only Typst knows how."""
        try:
            return self._runs[text]
        except KeyError:
            if len(self._runs) >= _MOST_RUNS:
                self._runs.clear()
            run = self._runs[text] = self._set(text) if self._simple else None
            return run

    def _set(self, text: str) -> Run | None:
        if not text or text[0] in _OPENING or text[0] == " " or text[-1] == " ":
            return None
        codes: list[str] = []
        width = 0.0
        signs = []
        before = ""
        for script, part in _by_script(text):
            table = self._tables[script]
            if before:
                # The script changes: the signs are shaped apart, but a Chinese sign still keeps its distance.
                gap = _gap(before, part[0])
                codes.append(f">{_number(-gap)}<" if gap else "")
                width += gap
            pairs = [("", part[0]), *pairwise(part)]
            try:
                own = list(map(table.codes.__getitem__, pairs))
            except KeyError:
                own = [table.codes[pair] if pair in table.codes else table.learn(pair) for pair in pairs]
            try:
                codes.append("".join(own))  # type: ignore[arg-type]  # None is caught below
            except TypeError:
                return None
            width += sum(map(table.widths.__getitem__, pairs))
            signs.append((table, frozenset(part)))
            before = part[-1]
        return Run(f"[<{''.join(codes)}>]TJ".encode(), width, tuple(signs))

    def shaped(self, text: str, script: str) -> list[tuple[int, float]] | None:
        """Glyph and advance (thousandths of an em) of each sign, or None where they do not simply stand in a row."""
        import uharfbuzz as hb

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", script, self._language
        hb.shape(self.face.font, buffer, self._features)
        places = buffer.glyph_positions
        if len(places) != len(text) or any(place.x_offset or place.y_offset or place.y_advance for place in places):
            return None
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        advances = [place.x_advance * self.face.per_em for place in places]
        if 0 in glyphs or advances[-1] != self.face.width(glyphs[-1]):
            return None
        return list(zip(glyphs, advances, strict=True))


def _stand_together(before: str, sign: str) -> bool:
    """Whether the setting of `sign` after `before` is known; '' is the beginning of a line."""
    if not (sign in _PLAIN or is_han(sign)):
        return False
    return not (before in _MARKS and sign in _MARKS) and not before == sign == " "


@lru_cache(maxsize=40_000)
def is_han(sign: str) -> bool:
    """Whether the sign is a Chinese character (and not one of the compatibility forms)."""
    point = ord(sign)
    return any(low <= point <= high for low, high in _HAN)


def ends_squeezed(text: str) -> bool:
    """Whether Typst sets the end of a line with `text` tighter, which moves it where it is not set from the left."""
    return text[-1] in _MARKS


def _by_script(text: str) -> list[tuple[str, str]]:
    """Runs of one script with its name; signs of no script go with what stands before them."""
    if not _HAS_LATIN(text):
        return [("Hani" if _HAS_HAN(text) else "Zyyy", text)]
    if not _HAS_HAN(text):
        return [("Latn", text)]
    starts, scripts = [0], [""]
    for rank, sign in enumerate(text):
        script = "Latn" if sign in _LATIN else "Hani" if is_han(sign) else ""
        if script and scripts[-1] and script != scripts[-1]:
            starts.append(rank)
            scripts.append(script)
        elif script:
            scripts[-1] = script
    ends = [*starts[1:], len(text)]
    return [(script, text[start:end]) for script, start, end in zip(scripts, starts, ends, strict=True)]


def _gap(before: str, sign: str) -> int:
    """The space between a Chinese sign and a Latin letter or digit, in thousandths of an em."""
    beside = (is_han(before) and sign in _BESIDE_HAN) or (before in _BESIDE_HAN and is_han(sign))
    return _GAP if beside else 0


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=32)
def _is_pairwise(path: Path, features: frozenset[str]) -> bool:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        for name, simple in (("GSUB", _SUBSTITUTES), ("GPOS", _MOVES)):
            if name in font and not all(
                lookup_type in simple and _chains(tables)
                for lookup_type, tables in _lookups(font[name].table, features)
            ):
                return False
    return True


def _lookups(table: Any, features: frozenset[str]) -> Iterable[tuple[int, list[Any]]]:
    """Type and subtables of every lookup the features use, extensions unwrapped."""
    ranks = {
        rank
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag in features
        for rank in record.Feature.LookupListIndex
    }
    for rank in sorted(ranks):
        tables = [getattr(found, "ExtSubTable", found) for found in table.LookupList.Lookup[rank].SubTable]
        yield from ((found.LookupType, [found]) for found in tables)


def _chains(tables: list[Any]) -> bool:
    """Whether every ligature of three signs or more begins with one of two, so that its first pair gives it away."""
    for table in tables:
        for ligatures in getattr(table, "ligatures", {}).values():
            pairs = {ligature.Component[0] for ligature in ligatures if len(ligature.Component) == 1}
            if any(len(ligature.Component) > 1 and ligature.Component[0] not in pairs for ligature in ligatures):
                return False
    return True


@lru_cache(maxsize=64)
def face(name: str, weight: int, folders: tuple[Path, ...]) -> Face | None:
    """The face whose PostScript name a font subset made by Typst bears, at a weight; None where no file has it."""
    path = _files(folders).get(name)
    found = Face(path, weight) if path else None
    return found if found and found.fixed else None


@lru_cache(maxsize=4)
def _files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Font files by PostScript name. Collections are left out: what Typst takes from them stays with Typst."""
    from fontTools.ttLib import TTFont

    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in _SUFFIXES:
                with TTFont(path, lazy=True) as font:
                    files.setdefault(font["name"].getDebugName(6) or "", path)
    return files
