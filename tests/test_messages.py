"""The Chinese catalogue: whole, faithful to its placeholders, compiled, and in plain Chinese."""

from __future__ import annotations

import gettext
import io
import re
import string
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import outreach
from outreach.messages import _, current_language, environment_locale, language_of, use_language

PACKAGE = Path(outreach.__file__).parent
LOCALE = PACKAGE / "locale"
CHINESE = LOCALE / "zh_CN" / "LC_MESSAGES"
HAN = re.compile(r"[\u4e00-\u9fff]")

# Nothing but placeholders in an order.
ONLY_PLACES = {
    "{first} {second}", "{where}: {what}; {mend}", "{code}: {what}", "{first}; {second}", "{subject}: {change}",
    "{figure}, {span}", "{first}: {about}", "{where}, {part}", "To: {vehicle}", "{mark}?", "{title}: {count}",
    "{when}: {what}",
}  # fmt: skip


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def messages(path: Path) -> dict[str, str]:
    return {message.id: message.string for message in catalogue(path) if isinstance(message.id, str) and message.id}


def source_messages() -> set[str]:
    found = extract_from_dir(PACKAGE, keywords={"_": None})
    return {text for _file, _line, text, _comments, _context in found if isinstance(text, str)}


def fields(text: str) -> list[str]:
    """The placeholders with their formats, in order of name."""
    return sorted(
        f"{name}:{form}!{turn}" for _t, name, form, turn in string.Formatter().parse(text) if name is not None
    )


def test_the_template_and_the_catalogue_hold_what_the_source_says() -> None:
    said = source_messages()
    for path in (LOCALE / "outreach.pot", CHINESE / "outreach.po"):
        kept = set(messages(path))
        assert sorted(said - kept) == [], f"{path.name} lacks messages: run 'make messages' and translate them"
        assert sorted(kept - said) == [], f"{path.name} holds messages nobody says: run 'make messages'"


def test_every_message_has_a_translation() -> None:
    assert [text for text, said in messages(CHINESE / "outreach.po").items() if not said] == []
    assert not [message.id for message in catalogue(CHINESE / "outreach.po") if message.id and message.fuzzy]


def test_every_translation_is_chinese() -> None:
    wrong = {
        text: said
        for text, said in messages(CHINESE / "outreach.po").items()
        if not HAN.search(said) and text not in ONLY_PLACES
    }
    assert wrong == {}


def test_placeholders_agree() -> None:
    wrong = {
        text: said for text, said in messages(CHINESE / "outreach.po").items() if set(fields(text)) != set(fields(said))
    }
    assert wrong == {}


def test_translations_use_chinese_punctuation() -> None:
    latin = re.compile(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]'|'[\u4e00-\u9fff]|[\u4e00-\u9fff]\.\.\.")
    assert [said for said in messages(CHINESE / "outreach.po").values() if latin.search(said)] == []


@pytest.mark.parametrize("domain", ["outreach", "click"])
def test_the_compiled_catalogue_is_the_written_one(domain: str) -> None:
    with (CHINESE / f"{domain}.mo").open("rb") as file:
        compiled = {_key(message.id): message.string for message in read_mo(file) if message.id}
    written = {_key(message.id): message.string for message in catalogue(CHINESE / f"{domain}.po") if message.id}
    assert {key: _first(text) for key, text in compiled.items()} == {key: _first(text) for key, text in written.items()}


def _key(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def test_the_catalogue_names_no_machine_and_no_person() -> None:
    for path in (*CHINESE.glob("*.po"), LOCALE / "outreach.pot"):
        text = path.read_text("utf-8")
        assert "#: " not in text
        assert not re.search(r"[\w.]+@(?!example\.org)\w+\.\w+|FULL NAME|EMAIL@ADDRESS", text)
        assert not [folder for folder in (PACKAGE.parent, Path.home()) if str(folder) in text]


def test_clicks_own_words_are_still_the_ones_we_translate() -> None:
    keywords = {"_": None, "ngettext": (1, 2)}
    folder = Path(click.__file__).parent
    said = {_key(text) for _file, _line, text, _comments, _context in extract_from_dir(folder, keywords=keywords)}
    ours = {_key(message.id) for message in catalogue(CHINESE / "click.po") if message.id}
    assert sorted(ours - said) == []


def test_a_translated_sentence_puts_its_facts_in_its_own_order() -> None:
    use_language("zh")
    assert _("{count} households have no officer yet", count=3) == "3 户还没有责任人"
    use_language("en")
    assert _("{count} households have no officer yet", count=3) == "3 households have no officer yet"


def test_facts_with_braces_are_not_taken_for_placeholders() -> None:
    assert _("'{name}' is no channel", name="{count}") == "'{count}' is no channel"


def test_locales_map_to_two_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [language_of(name) for name in ("zh_CN.UTF-8", "zh", "ZH_TW", "en_GB", "C", "")] == [
        "zh", "zh", "zh", "en", "en", "en",
    ]  # fmt: skip
    for name in ("OUTREACH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert environment_locale() == "en"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert environment_locale() == "zh_CN.UTF-8"


def test_the_language_in_use_is_known() -> None:
    use_language("zh")
    assert current_language() == "zh"
    use_language("en")
    assert current_language() == "en"


def test_the_catalogue_is_one_that_gettext_reads() -> None:
    found = gettext.GNUTranslations(io.BytesIO((CHINESE / "outreach.mo").read_bytes()))
    assert found.gettext("Households") == "户数"


def _bare_sentences(path: Path) -> list[str]:
    """Texts given to the people at the screen without `_`: in faults, in `say` and in help."""
    import ast

    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        spoken: list[ast.expr] = []
        if name in ("Fault", "at"):
            spoken = node.args[1:]
        elif name == "say":
            spoken = node.args
        spoken += [keyword.value for keyword in node.keywords if keyword.arg in ("help", "epilog")]
        for one in spoken:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and " " in one.value:
                found.append(f"{path.name}:{one.lineno} {one.value}")
    return found


def test_no_sentence_is_spoken_past_the_catalogue() -> None:
    assert [text for path in PACKAGE.rglob("*.py") for text in _bare_sentences(path)] == []
