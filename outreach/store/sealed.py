"""Columns that are sealed in the store: whoever takes the file alone reads no phone and no ID number in it.

AES-SIV (RFC 5297) with a key derived from the workspace's, which lies outside the store. It needs no counter that two
programs could use twice, and it is deterministic: the same text in the same column is sealed to the same signs, so
that `==` still works in a query. What that gives away is that two rows hold the same value, and how long it is; an
empty text stays empty, so that "has a phone" can be asked. The key belongs to an engine (its dialect), not to the
program.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Dialect, Engine, LargeBinary, String, Text
from sqlalchemy.types import TypeDecorator

from outreach.errors import StoreFault
from outreach.keys import derived_key
from outreach.messages import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

PREFIX = "sealed1:"
"""What sealed texts begin with; no ID number and no phone does."""

MARK = "sealed"
"""The name in `store_marks` under which a sealed word stands, so that a wrong key is known before anything is read."""

_MARK_WORD = "outreach"
_ATTRIBUTE = "outreach_seal"


class Seal:
    """Seals and opens values of columns with one workspace's key (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        self._cipher: AESSIV = AESSIV(derived_key(key, "columns 1") + derived_key(key, "columns 2"))

    def close_bytes(self, column: str, content: bytes) -> bytes:
        """`content` sealed for `column`; opened for another column it is refused."""
        return self._cipher.encrypt(content, [column.encode()])

    def open_bytes(self, column: str, content: bytes) -> bytes:
        """What was sealed; raises StoreFault where it was sealed with another key or for another column."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(content, [column.encode()])
        except (InvalidTag, ValueError) as error:
            raise _wrong_key(column) from error

    def close(self, column: str, text: str) -> str:
        """`text` sealed, as signs a text column takes."""
        return PREFIX + base64.b64encode(self.close_bytes(column, text.encode())).decode()

    def open(self, column: str, text: str) -> str:
        """The text that was sealed."""
        try:
            content = base64.b64decode(text.removeprefix(PREFIX), validate=True)
        except ValueError as error:
            raise _wrong_key(column) from error
        return self.open_bytes(column, content).decode()

    def mark(self) -> str:
        """The word that tells this key from others."""
        return self.close(MARK, _MARK_WORD)


def _wrong_key(column: str) -> StoreFault:
    return StoreFault.at(
        _("the store"),
        _("{column} is sealed with another key", column=column),
        _("bring back the key file the store was sealed with; see 'outreach store seal'"),
    )


def use_seal(engine: Engine, seal: Seal | None) -> None:
    """Let every connection of `engine` seal and open with `seal`; None: write plainly."""
    setattr(engine.dialect, _ATTRIBUTE, seal)


def seal_of(dialect: Dialect) -> Seal | None:
    """The seal of an engine's dialect, None where its store is plain."""
    found: Seal | None = getattr(dialect, _ATTRIBUTE, None)
    return found


def _needed(column: str, dialect: Dialect) -> Seal:
    seal = seal_of(dialect)
    if seal is None:
        raise StoreFault.at(
            _("the store"),
            _("{column} is sealed", column=column),
            _("open the store with the workspace's key file"),
        )
    return seal


class Sealed(TypeDecorator[str]):
    """A text that is sealed where the store is. column: 'table.column', which the seal is bound to."""

    impl = String
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """As it is written."""
        seal = seal_of(dialect)
        return value if seal is None or not value else seal.close(self.column, value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """As it was meant."""
        if not value or not value.startswith(PREFIX):
            return value
        return _needed(self.column, dialect).open(self.column, value)


class SealedText(Sealed):
    """As `Sealed`, for free words."""

    impl = Text
    cache_ok = True


class SealedJson(TypeDecorator[Any]):
    """Plain JSON that is sealed where the store is: one JSON string then."""

    impl = JSON
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """As it is written."""
        seal = seal_of(dialect)
        if seal is None or not value:
            return value
        return seal.close(self.column, json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """As it was meant."""
        if not isinstance(value, str) or not value.startswith(PREFIX):
            return value
        return json.loads(_needed(self.column, dialect).open(self.column, value))


class SealedBytes(TypeDecorator[bytes]):
    """Bytes that are sealed where the store is."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """As it is written."""
        seal = seal_of(dialect)
        return value if seal is None or not value else PREFIX.encode() + seal.close_bytes(self.column, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """As it was meant."""
        if not value or not bytes(value).startswith(PREFIX.encode()):
            return value
        return _needed(self.column, dialect).open_bytes(self.column, bytes(value)[len(PREFIX) :])
