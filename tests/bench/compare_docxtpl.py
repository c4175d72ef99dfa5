"""Existing docxtpl layouts printed by docxtpl and by us: python tests/bench/compare_docxtpl.py [FOLDER]

FOLDER is the `tests` folder of docxtpl's repository (its package on PyPI comes without): each of its scripts is
run twice in a copy of that folder, once as it is and once with `render` put through `WordTemplate`, and every
part of the files saved is compared, XML in canonical form. Without FOLDER our own cases are compared
(tests/render/test_word_docxtpl.py). "ours" is our engine, "docxtpl" says that the values belong to a document
of docxtpl's, or that the script brings a Jinja environment of its own, so that docxtpl prints and we ask it to.
Our engine escapes: it is compared with docxtpl's autoescape=True, and with docxtpl as the script calls it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import runpy
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docxtpl

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
CASES = runpy.run_path(str(ROOT / "tests" / "render" / "test_word_docxtpl.py"))
Genuine = docxtpl.DocxTemplate


class Watched(Genuine):  # type: ignore[misc, valid-type]
    """docxtpl's own class, which notes the files it saves."""

    escape: bool | None = None
    saved: list[bytes] = []

    def render(self, context: Any, jinja_env: Any = None, autoescape: bool = False) -> None:
        super().render(context, jinja_env, autoescape=autoescape or bool(self.escape))

    def save(self, filename: Any, *args: Any, **kwargs: Any) -> None:
        file = io.BytesIO()
        super().save(file, *args, **kwargs)
        type(self).saved.append(file.getvalue())
        _write(filename, file.getvalue())


class Replaced(Genuine):  # type: ignore[misc, valid-type]
    """docxtpl's class with our engine in `render`."""

    saved: list[bytes] = []
    ways: set[str] = set()
    asked = False

    def render(self, context: Any, jinja_env: Any = None, autoescape: bool = False) -> None:
        from outreach.errors import OutreachError
        from outreach.render.word import WordTemplate

        if self.asked:
            self.ways.add("docxtpl")
            super().render(context, jinja_env, autoescape=autoescape)
            return
        self.asked = True
        special = jinja_env is not None or any(
            (self.crc_to_new_media, self.crc_to_new_embedded, self.zipname_to_replace, self.pics_to_replace)
        )
        try:
            template = WordTemplate.of(self, jinja_env=jinja_env) if special else WordTemplate.load(_path(self))
            try:
                self.made = template.single(context)
                if not special and "docxtpl" not in self.ways:
                    self.ways.add("ours")
            except OutreachError as error:
                if "WordTemplate.of" not in str(error):
                    raise
                self.made = WordTemplate.of(self).single(context)
        finally:
            self.asked = False
        self.is_rendered = True

    def save(self, filename: Any, *args: Any, **kwargs: Any) -> None:
        if self.asked or not hasattr(self, "made"):
            super().save(filename, *args, **kwargs)
            return
        type(self).saved.append(self.made)
        _write(filename, self.made)


def _path(document: Any) -> Path:
    file = document.template_file
    if not hasattr(file, "read"):
        return Path(file)
    path = Path(tempfile.mkdtemp()) / "layout.docx"
    path.write_bytes(file.read())
    file.seek(0)
    return path


def _write(filename: Any, content: bytes) -> None:
    if hasattr(filename, "write"):
        filename.write(content)
    else:
        Path(filename).parent.mkdir(parents=True, exist_ok=True)
        Path(filename).write_bytes(content)


@contextlib.contextmanager
def inside(folder: Path, put: type) -> Iterator[None]:
    """Work in a copy of `folder` in which docxtpl has the class `put`."""
    before, argv = Path.cwd(), sys.argv
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        os.chdir(copy)
        docxtpl.DocxTemplate = docxtpl.template.DocxTemplate = put
        try:
            yield
        finally:
            docxtpl.DocxTemplate = docxtpl.template.DocxTemplate = Genuine
            sys.argv = argv
            os.chdir(before)


def run(script: Path, put: Any) -> tuple[list[bytes], str]:
    """The files the script saves, and what stopped it."""
    put.saved = []
    with inside(script.parent, put), contextlib.redirect_stdout(io.StringIO()):
        sys.argv = [script.name]
        try:
            runpy.run_path(script.name, run_name="__main__")
        except BaseException as error:  # a script may also leave by sys.exit
            return list(put.saved), f"{type(error).__name__}: {error}".splitlines()[0][:160]
    return list(put.saved), ""


def differences(ours: list[bytes], theirs: list[bytes]) -> list[str]:
    """The parts in which files differ; the moment of saving is no difference."""
    if len(ours) != len(theirs):
        return [f"{len(ours)} files for {len(theirs)}"]
    found = []
    for one, other in zip(ours, theirs, strict=True):
        mine, its = CASES["parts"](one), CASES["parts"](other)
        found += [name for name in sorted(mine.keys() | its.keys()) if mine.get(name) != its.get(name)]
    return found


def verdict(ours: list[bytes], plain: list[bytes], escaped: list[bytes]) -> str:
    if not (found := differences(ours, plain)):
        return "same"
    if not differences(ours, escaped):
        return "same where docxtpl escapes too"
    return "differs: " + ", ".join(found)


def of_docxtpl(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Name, way and verdict of each of docxtpl's own scripts."""
    for script in sorted(folder.glob("*.py")):
        if script.name in ("runtests.py", "__init__.py"):
            continue
        Watched.escape = None
        plain, fault = run(script, Watched)
        Watched.escape = True
        escaped, _fault = run(script, Watched)
        Replaced.ways = set()
        ours, our_fault = run(script, Replaced)
        if not plain:
            yield script.stem, "-", f"docxtpl itself saves nothing here: {fault}" if fault else "saves nothing"
        elif our_fault:
            yield script.stem, "-", f"refused: {our_fault}"
        else:
            yield script.stem, "+".join(sorted(Replaced.ways)) or "-", verdict(ours, plain, escaped)


def of_ours() -> Iterator[tuple[str, str, str]]:
    """Name, way and verdict of each of our own cases."""
    from outreach.render.word import WordTemplate

    with tempfile.TemporaryDirectory() as folder:
        for way, cases in (("ours", CASES["OWN"]), ("docxtpl", CASES["BOUND"])):
            for name, case in cases.items():
                if "sub-document" in name and importlib.util.find_spec("docxcompose") is None:
                    yield name, way, "not compared: docxtpl[subdoc] is not installed"
                    continue
                path = CASES["drawn"](case, Path(folder) / "layout.docx")
                made: list[bytes] = []
                options: list[dict[str, Any]] = [{}, {"autoescape": True}]
                for option in options:
                    document = Genuine(path)
                    document.render(case[1](document), **option)
                    made.append(_saved(document))
                document = Genuine(path)
                values = case[1](document)
                template = WordTemplate.load(path) if way == "ours" else WordTemplate.of(document)
                yield name, way, verdict([template.single(values)], made[:1], made[1:])


def _saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def main() -> None:
    rows: Callable[[], Iterator[tuple[str, str, str]]] = of_ours
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1]).resolve()
        rows = lambda: of_docxtpl(folder)  # noqa: E731
    lines = ["| layout | printed by | parts |", "|---|---|---|"]
    lines += [f"| {name} | {way} | {said} |" for name, way, said in rows()]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
