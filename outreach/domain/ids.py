"""Identifiers: UUIDv7 for facts, resident-ID checksums. Clock and randomness are arguments."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
import uuid


def uuid7(at: dt.datetime, source: random.Random) -> str:
    """A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits.

    at: zoned time. source: the randomness; `random.SystemRandom()` in use, a seeded one in simulations.
    """
    return _version7(at, source.getrandbits(74))


def _version7(at: dt.datetime, chance: int) -> str:
    """The UUID whose 74 random bits are the last ones of `chance`."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    upper, lower = chance >> 62 & 0xFFF, chance & ((1 << 62) - 1)
    return str(uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | upper << 64 | 0b10 << 62 | lower))


def derived_id(at: dt.datetime, key: str) -> str:
    """A UUID version 7 that hangs on `key` instead of chance: the same row read on two machines is one fact.

    at: zoned time of what happened. key: what makes the row itself, whatever file it stands in.
    """
    return _version7(at, int.from_bytes(hashlib.sha256(key.encode()).digest()))


# Without signs that are mistaken for another when read aloud or off worn paper.
_CLEAR_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PIECE_CODE = re.compile(r"\s*(\d{1,7})-(\d{1,9})-([0-9A-Z]{4})\s*")


def piece_code(run: int, run_id: str, number: int) -> str:
    """What a scanner reads on a printed piece: '7-421-K3QF', the run, the piece's number and a check.

    The check is drawn from the run's identifier, which stands on no paper: a misread or made-up code fails.
    """
    digest = hashlib.sha256(f"{run_id}:{number}".encode()).digest()
    return f"{run}-{number}-{''.join(_CLEAR_SIGNS[byte % 32] for byte in digest[:4])}"


def split_piece_code(text: str) -> tuple[int, int] | None:
    """The run and number of a piece code as it is typed or scanned, None where it has not that form."""
    match = _PIECE_CODE.fullmatch(text.upper())
    return (int(match[1]), int(match[2])) if match else None


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"


def resident_id_check_sign(first17: str) -> str:
    """The 18th sign of a resident ID (GB 11643-1999, ISO 7064 MOD 11-2) for its first 17 digits."""
    return _CHECK_SIGNS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def resident_id_fault(number: str) -> str:
    """'' for a well-formed 18-sign resident ID, else which of 'form', 'date', 'checksum' is wrong."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return "form"
    try:
        dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "date"
    return "" if resident_id_check_sign(number[:17]) == number[17].upper() else "checksum"
