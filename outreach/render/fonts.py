"""Which signs a text needs, and whether a font has them.

A layout engine replaces a missing glyph silently, so every text is checked before it is printed. The fonts
come as Python packages (Noto Sans SC and Noto Serif SC, SIL Open Font License); a workspace may add folders.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from outreach.errors import BadInput, Fault, NotFound
from outreach.messages import _

# The package with the variable font also carries Japanese and Korean ones, which would draw other shapes.
_PACKAGES = (("pylopdf_fonts_zh_cn", ""), ("justmytype_intl_cjk", "fonts/ofl/notosanssc"))
_SUFFIXES = frozenset((".otf", ".ttf", ".ttc", ".otc"))
_SPACES = " \t\r\n\u00a0\u3000"
_NEVER_PRINTED = frozenset(("Cc", "Cf", "Co", "Cs", "Cn"))


def font_folders(extra: Sequence[Path] = ()) -> list[Path]:
    """The folders fonts are taken from: the packaged ones, then `extra` as the workspace settings name them.

    Raises NotFound when a packaged font or a folder of `extra` is missing.
    """
    folders = []
    for package, inner in _PACKAGES:
        found = importlib.util.find_spec(package)  # found, not imported: only the files are wanted
        if found is None or found.origin is None:
            raise NotFound.at(
                package, _("the font package is not installed"), _("run 'pip install {name}'", name=package)
            )
        folders.append(Path(found.origin).parent / inner)
    for folder in extra:
        if not folder.is_dir():
            raise NotFound.at(
                str(folder), _("there is no such font folder"), _("correct 'folders' under [fonts] in outreach.toml")
            )
        folders.append(folder)
    return folders


@dataclass(frozen=True, slots=True)
class Coverage:
    """The signs that can be printed: those some font has, and spaces."""

    signs: frozenset[str]

    def covers(self, text: str) -> bool:
        """Whether every sign of `text` can be printed."""
        return self.signs.issuperset(text)


def coverage(extra: Sequence[Path] = (), families: Sequence[str] | None = None) -> Coverage:
    """What can be printed: the packaged fonts' signs and those of the folders `extra`; read once in a process.

    families: only these of the fonts in `extra` count, as the settings' `fallback` and the layouts name them;
    None means all. Raises BadInput for a family no font has.
    """
    return _coverage(tuple(font_folders(extra)), None if families is None else tuple(families))


@lru_cache(maxsize=8)
def _coverage(folders: tuple[Path, ...], families: tuple[str, ...] | None) -> Coverage:
    packaged = set(font_folders())
    points: set[int] = set()
    for file in _font_files(folders):
        own = packaged.intersection(file.parents)
        if families is None or own or not _families(file).isdisjoint(families):
            points |= _points(file)
    if families is not None:
        _refuse_unknown(folders, families)
    signs = (chr(point) for point in points)
    drawn = frozenset(sign for sign in signs if unicodedata.category(sign) not in _NEVER_PRINTED)
    return Coverage(drawn | frozenset(_SPACES))


def _refuse_unknown(folders: tuple[Path, ...], families: Sequence[str]) -> None:
    there = sorted({name for file in _font_files(folders) for name in _families(file)})
    for family in families:
        if family not in there:
            raise BadInput.at(
                _("fonts"),
                _("no font is named '{name}'", name=family),
                _("add its folder to [fonts] in outreach.toml, or name one of {names}", names=", ".join(there)),
            )


def _font_files(folders: Sequence[Path]) -> list[Path]:
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.suffix.lower() in _SUFFIXES]


_LAYOUT_FONT = re.compile(r"font:\s*(\([^)]*\)|\"[^\"]*\")")


def layout_families(folder: Path) -> list[str]:
    """The families that the Typst layouts in `folder` name themselves, each once."""
    found: dict[str, None] = {}
    for file in sorted(folder.rglob("*.typ")):
        for named in _LAYOUT_FONT.findall(file.read_text("utf-8", "replace")):
            found |= dict.fromkeys(re.findall(r'"([^"]+)"', named))
    return list(found)


_TYPST_COMMENT = re.compile(r"(?<!:)//.*")


def check_layout(folder: Path, known: Coverage) -> list[Fault]:
    """A fault for each layout in `folder` (.typ, .j2) with words typed into it that hold signs no font has."""
    faults = []
    for file in sorted([*folder.rglob("*.typ"), *folder.rglob("*.j2")]):
        for number, line in enumerate(file.read_text("utf-8", "replace").splitlines(), start=1):
            words = _TYPST_COMMENT.sub("", line) if file.suffix == ".typ" else line
            faults += check_texts(words, known, where=f"{file}:{number}")
    return faults


@lru_cache(maxsize=512)
def _families(file: Path) -> frozenset[str]:
    """The family names of every face in a font file."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.ttCollection import TTCollection

    def names(face: Any) -> set[str]:
        return {str(record) for record in face["name"].names if record.nameID in (1, 16)}

    with _readable(file):
        if file.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(file, lazy=True) as faces:
                return frozenset(name for face in faces for name in names(face))
        with TTFont(file, lazy=True) as face:
            return frozenset(names(face))


@lru_cache(maxsize=512)
def _points(file: Path) -> frozenset[int]:
    """The code points that every face in `file` maps to a glyph."""
    from fontTools.ttLib import TTFont
    from fontTools.ttLib.ttCollection import TTCollection

    with _readable(file):
        if file.suffix.lower() in (".ttc", ".otc"):
            with TTCollection(file, lazy=True) as faces:
                return frozenset(point for face in faces for point in face.getBestCmap())
        with TTFont(file, lazy=True) as face:
            return frozenset(face.getBestCmap() or ())


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    from fontTools.ttLib import TTLibError

    try:
        yield
    except (TTLibError, OSError, AssertionError, KeyError) as error:
        raise BadInput.at(str(file), _("is no font that can be read"), str(error)) from error


def missing_glyphs(text: str, known: Coverage) -> list[str]:
    """The signs of `text` that cannot be printed, each once, in the order they appear.

    Control characters, direction marks (U+202A to U+202E, U+2066 to U+2069) and private-use signs always
    count: what they print differs from what was read.
    """
    if known.covers(text):
        return []
    return [sign for sign in dict.fromkeys(text) if sign not in known.signs]


def check_texts(values: Any, known: Coverage, *, where: str = "") -> list[Fault]:
    """One fault for each text in nested mappings and lists that holds signs no font has.

    where: what is printed, put before the field path: 'household HZ-0042, persons[1].name'. Items count from 1.
    """
    if _covered(values, known.signs):
        return []
    faults = []
    for path, text in _texts(values, ""):
        if missing := missing_glyphs(text, known):
            place = ", ".join(part for part in (where, path) if part)
            signs = ", ".join(map(_named, missing))
            faults.append(
                Fault(
                    place,
                    _("no font has the sign {signs}", signs=signs),
                    _("write it another way, or name a font that has it under fallback of [fonts] in outreach.toml")
                    if any(map(_visible, missing))
                    else _("remove the invisible sign"),
                )
            )
    return faults


def _covered(values: Any, signs: frozenset[str]) -> bool:
    # The usual answer is yes, and it is found several times quicker without field paths.
    if isinstance(values, str):
        return signs.issuperset(values)
    if isinstance(values, Mapping):
        values = list(values.values())
    if isinstance(values, (list, tuple)):
        return all(_covered(value, signs) for value in values)
    return True


def _texts(values: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(values, str):
        yield path, values
    elif isinstance(values, Mapping):
        for name, value in values.items():
            yield from _texts(value, f"{path}.{name}" if path else str(name))
    elif isinstance(values, (list, tuple)):
        for rank, value in enumerate(values, start=1):
            yield from _texts(value, f"{path}[{rank}]")


def _visible(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf")


def _named(sign: str) -> str:
    point = f"U+{ord(sign):04X}"
    category = unicodedata.category(sign)
    # Controls, direction marks, surrogates and private signs would garble the message that reports them.
    return point if category in ("Cc", "Cf", "Cs", "Co") else f"'{sign}' ({point})"
