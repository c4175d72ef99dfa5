"""How officers meet people, and what is signed and brought back: the words for it, in one place."""

from __future__ import annotations

import enum


class Must(enum.StrEnum):
    """One of the six musts (六要) of every meeting."""

    GREET = "greet"
    POLITE = "polite"
    PAPERS = "papers"
    EXPLAIN = "explain"
    FINISH = "finish"
    GOODBYE = "goodbye"

    def label(self, language: str) -> str:
        """The rule in words, language 'zh' or 'en'."""
        zh, en = _MUSTS[self]
        return zh if language == "zh" else en


_MUSTS: dict[Must, tuple[str, str]] = {
    Must.GREET: ("要问好", "greet them"),
    Must.POLITE: ("要礼貌", "be polite"),
    Must.PAPERS: ("要带齐资料", "bring all the papers"),
    Must.EXPLAIN: ("要讲清政策", "explain everything"),
    Must.FINISH: ("要办到底", "see the work through"),
    Must.GOODBYE: ("要道别", "say goodbye"),
}

MEETINGS = frozenset({"visit", "call", "hall", "booth", "card"})
"""Channels on which people meet or speak, so that the six musts can be kept."""


class SignedForm(enum.StrEnum):
    """A form the household signs and the officer brings back."""

    REGISTRATION = "registration"
    DECLARATION = "declaration"

    def label(self, language: str) -> str:
        """The form in words, language 'zh' or 'en'."""
        zh, en = _FORMS[self]
        return zh if language == "zh" else en


_FORMS: dict[SignedForm, tuple[str, str]] = {
    SignedForm.REGISTRATION: ("新参保登记表", "new-registration form"),
    SignedForm.DECLARATION: ("缴费申报表", "payment-declaration form"),
}
