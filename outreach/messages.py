"""Messages in the user's language.

English texts are the keys; `locale/zh_CN` holds the Chinese. `_` both translates and fills in facts, so
that a translated sentence can put its facts in another order. `make messages` extracts and compiles.
"""

from __future__ import annotations

import gettext
import os
from contextvars import ContextVar
from pathlib import Path

LOCALE_DIR = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")
_catalogue: ContextVar[gettext.NullTranslations | None] = ContextVar("catalogue", default=None)


def language_of(locale: str) -> str:
    """The short language ('zh' or 'en') of a locale name such as 'zh_CN.UTF-8'."""
    return "zh" if locale.lower().startswith("zh") else "en"


def environment_locale() -> str:
    """The locale the environment asks for, by the order POSIX gives: OUTREACH_LANG, LC_ALL, LC_MESSAGES, LANG."""
    for name in ("OUTREACH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value
    return "en"


def use_language(language: str) -> None:
    """Speak `language` ('zh' or 'en') from here on, in this context."""
    _language.set(language)
    if language == "zh":
        _catalogue.set(gettext.translation("outreach", LOCALE_DIR, ["zh_CN"], fallback=True))
    else:
        _catalogue.set(gettext.NullTranslations())


def current_language() -> str:
    """The short name of the language messages are spoken in now."""
    return _language.get()


def _(text: str, /, **facts: object) -> str:
    """`text` in the current language with `facts` filled in by name."""
    catalogue = _catalogue.get()
    translated = catalogue.gettext(text) if catalogue is not None else text
    return translated.format(**facts) if facts else translated
