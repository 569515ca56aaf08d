"""Cursors of what is live: of which log, up to which position, and of what a client was told (LIV-2)."""

import hashlib
from dataclasses import dataclass

from resolvers import paging


@dataclass(frozen=True, slots=True)
class Cursor:
    """`log` and `watch` are digests: neither the log's name nor what was watched can be read from it."""

    log: str
    position: int
    watch: str


def digest(*parts: object) -> str:
    """Name something by what it says, shortly."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def encode(cursor: Cursor) -> str:
    """A cursor as clients hand it back."""
    return paging.encode((cursor.log, cursor.position, cursor.watch))


def decode(text: str | None) -> Cursor | None:
    """Read a cursor back.

    Raises:
        BadQuestion: BAD_CURSOR, it is not one.
    """
    parts = paging.decode(text, kinds=(str, int, str))
    return None if parts is None else Cursor(str(parts[0]), int(parts[1]), str(parts[2]))
