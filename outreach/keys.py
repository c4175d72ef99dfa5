"""The workspace's key: a file of its own, outside the store, from which the keys for each purpose are derived.

Whoever takes the store alone (a copied database, a backup) has sealed columns and keyed digests and nothing to open
them with. An unkeyed digest of a phone number would fall in hours: there are only so many phone numbers.
"""

from __future__ import annotations

import base64
import binascii
import errno
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from outreach.errors import NotFound, StoreFault
from outreach.messages import _

_BYTES = 32
_HEAD = "outreach key 1 "


def load_key(path: Path) -> bytes:
    """The 32 bytes of a key file. Raises NotFound where there is none, StoreFault where it is no key."""
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError as error:
        raise NotFound.at(
            str(path),
            _("the workspace's key is not there"),
            _("bring the key file back, or name where it is in outreach.toml, privacy.key_file"),
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _no_key(path) from error
    if not text.startswith(_HEAD):
        raise _no_key(path)
    try:
        key = base64.urlsafe_b64decode(text.removeprefix(_HEAD))
    except (binascii.Error, ValueError) as error:
        raise _no_key(path) from error
    if len(key) != _BYTES:
        raise _no_key(path)
    return key


def _no_key(path: Path) -> StoreFault:
    return StoreFault.at(str(path), _("is no key of outreach"), _("put back the key file, or a copy of it"))


def make_key(path: Path) -> bytes:
    """Make a key file only its owner can read; the key. One that is there already is left and read.

    It appears whole or not at all: a key cut short would keep everybody out. Raises StoreFault where the disk refuses.
    """
    if path.exists():
        return load_key(path)
    key = secrets.token_bytes(_BYTES)
    content = (_HEAD + base64.urlsafe_b64encode(key).decode() + "\n").encode()
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _put(part, path)
    except FileExistsError:
        return load_key(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return key


def _put(part: Path, path: Path) -> None:
    """Give a whole file its name, unless it is taken: another program may have made the key meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # A stick's file system knows no second name for a file.
        if path.exists():
            raise FileExistsError(errno.EEXIST, "", str(path)) from None
        part.rename(path)


def _cannot_write(path: Path, error: OSError) -> StoreFault:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        mend = _("this was not written; free some space, then run it again")
        return StoreFault.at(str(path), _("the disk is full"), mend)
    what = _("the key cannot be written ({error})", error=error.strerror)
    return StoreFault.at(str(path), what, _("make the folder writable"))


def derived_key(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose alone: HMAC-SHA-256 of the purpose, the expansion step of RFC 5869."""
    return hmac.new(key, f"outreach {purpose}".encode() + b"\x01", hashlib.sha256).digest()


def keyed_digest(key: bytes, text: str) -> str:
    """HMAC-SHA-256 of `text` in hexadecimal: the same for the same key and text, and no way back."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
