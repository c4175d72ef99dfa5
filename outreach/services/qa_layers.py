"""Q&A files laid over each other: a campaign's own, the province's it names with `over`, the nation's beneath that.

What lay beneath a local change when it was last read, a text or a parameter's value, stands in `qa.read.json` beside
the campaign's file, so that a change of the base can be told from one that somebody has looked at already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from outreach.domain.content import Content, QAItem, QAWords, Quiz
from outreach.domain.overlay import Broken, BrokenLayer, Layer, Read, Resolved, resolve
from outreach.errors import BadInput, Fault
from outreach.messages import _
from outreach.services.office import write_whole
from outreach.services.qa_file import examine_layer

READ_NAME = "qa.read.json"

_MOST_LAYERS = 8


@dataclass(frozen=True, slots=True)
class ExaminedContent:
    """A campaign's questions with all their faults, and whatever is right, for checks that go further.

    files: those it was read from, the base first; empty where the campaign has none.
    """

    resolved: Resolved
    files: tuple[Path, ...]
    faults: tuple[Fault, ...]

    @property
    def content(self) -> Content:
        """The questions as they stand when all layers are laid over each other."""
        return self.resolved.content


def examine_content(path: Path, languages: tuple[str, ...]) -> ExaminedContent:
    """Check a Q&A file and those it is laid over; a campaign's file that is not there is empty content without faults.

    languages: the campaign's; every text must be there in each. Raises BadInput where a file is no TOML.
    """
    files = _Chain(path, languages)
    if not files.layers:
        return ExaminedContent(resolve(()), (), tuple(files.faults))
    if files.faults:
        # What is laid over something broken says nothing reliable: the top file alone serves further checks.
        return ExaminedContent(_alone(files.layers[-1]), tuple(files.paths), tuple(files.faults))
    try:
        return ExaminedContent(resolve(files.layers), tuple(files.paths), ())
    except BrokenLayer as error:
        return ExaminedContent(_alone(files.layers[-1]), tuple(files.paths), (_broken(error),))


class _Chain:
    """The files from the base to the campaign's own, with their faults."""

    def __init__(self, path: Path, languages: tuple[str, ...]) -> None:
        self.layers: list[Layer] = []
        self.paths: list[Path] = []
        self.faults: list[Fault] = []
        named_by = ""
        while True:
            if path.resolve() in (one.resolve() for one in self.paths):
                chain = " → ".join(f"{one.parent.name}/{one.name}" for one in (*reversed(self.paths), path))
                what = _("is laid over itself ({chain})", chain=chain)
                self.faults.append(Fault(f"{named_by}, over", what, _("let the base name no file beneath it")))
                return
            if len(self.paths) == _MOST_LAYERS:
                what = _("more than {count} files are laid over each other", count=_MOST_LAYERS)
                self.faults.append(Fault(f"{named_by}, over", what, _("put some of them together")))
                return
            try:
                found = examine_layer(path, languages)
            except (FileNotFoundError, NotADirectoryError):
                if named_by:
                    self._misnamed(named_by, _("there is no file '{path}'", path=path))
                return
            except OSError as error:
                if path.is_dir():
                    what = _("'{path}' is a folder", path=path)
                else:
                    what = _("'{path}' cannot be read ({error})", path=path, error=error.strerror or error)
                if named_by:
                    self._misnamed(named_by, what)
                else:
                    self.faults.append(Fault(str(path), what, _("put a file there that can be read, or take it away")))
                return
            self.layers.insert(0, found.layer)
            self.paths.insert(0, path)
            self.faults[:0] = found.faults
            if not found.over:
                return
            named_by, path = str(path), path.parent / found.over

    def _misnamed(self, named_by: str, what: str) -> None:
        mend = _("name the file beneath as seen from this one, such as {example}", example="../base/qa.toml")
        self.faults.append(Fault(f"{named_by}, over", what, mend))


def _alone(layer: Layer) -> Resolved:
    """What one file says by itself: those of its questions whose topic is its own."""
    topics = {topic.id for topic in layer.content.topics}
    items = tuple(item for item in layer.content.items if item.topic in topics)
    content = Content(layer.content.topics, items, layer.content.conduct)
    return Resolved(content, {**layer.parameters, **layer.settings}, {item.id: layer.name for item in items}, ())


def _broken(error: BrokenLayer) -> Fault:
    told = {
        Broken.ITEM_THERE: (
            _("the question '{name}' is there already beneath", name=error.item),
            _("refine it with [[refine]], or give yours another id"),
        ),
        Broken.ITEM_MISSING: (
            _("there is no question '{name}' beneath to refine or remove", name=error.item),
            _("correct the id, or take the entry out if the base has dropped the question"),
        ),
        Broken.TOPIC_MISSING: (
            _("there is no topic '{name}'", name=error.item),
            _("choose one of the topics beneath, or add it under [[topics]]"),
        ),
        Broken.PARAMETER_THERE: (
            _("the parameter '{name}' is there already beneath", name=error.item),
            _("give it another value under [set]"),
        ),
        Broken.PARAMETER_MISSING: (
            _("there is no parameter '{name}' beneath to set", name=error.item),
            _("correct its name, or add it under [parameters]"),
        ),
        Broken.PARAMETER_KIND: (
            _("the parameter '{name}' is a number in one file and a text in the other", name=error.item),
            _("write under [set] a number for a number, without quotation marks, and a text for a text"),
        ),
    }
    what, mend = told[error.reason]
    return Fault(error.layer, what, mend)


def load_read(path: Path) -> Read:
    """What was read, from the file beside the campaign's Q&A file at `path`; nothing where there is none yet.

    Layers are named as seen from the campaign's folder. Raises BadInput for a file that is not ours.
    """
    kept = path.with_name(READ_NAME)
    try:
        rows = json.loads(kept.read_text("utf-8"))
        return Read(
            {(str(row["layer"]), str(row["item"])): _item(row) for row in rows if "item" in row},
            {(str(row["layer"]), str(row["set"])): str(row["value"]) for row in rows if "item" not in row},
        )
    except FileNotFoundError:
        return Read()
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput.at(
            str(kept), _("is not as outreach wrote it"), _("put it back from a backup, or remove it and read all anew")
        ) from error


def keep_read(path: Path, read: Read) -> None:
    """Write what was read beside the campaign's Q&A file at `path`, whole or not at all."""
    rows = [
        {"layer": layer, "item": item.id, "topic": item.topic, "words": {k: asdict(v) for k, v in item.words.items()}}
        for (layer, _item_id), item in sorted(read.items.items(), key=lambda entry: entry[0])
    ]
    rows += ({"layer": layer, "set": name, "value": value} for (layer, name), value in sorted(read.parameters.items()))
    write_whole(path.with_name(READ_NAME), (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())


def _item(row: Mapping[str, Any]) -> QAItem:
    words = {language: _words(one) for language, one in row["words"].items()}
    return QAItem(str(row["item"]), str(row["topic"]), words)


def _words(row: Mapping[str, Any]) -> QAWords:
    quiz = row["quiz"] and Quiz(
        tuple(row["quiz"]["choices"]), *(row["quiz"][key] for key in ("right", "why", "question"))
    )
    return QAWords(row["question"], row["answer"], row["example"], quiz or None)
