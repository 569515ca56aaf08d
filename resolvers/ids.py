"""Opaque ids: what we hand out for an object, and read back. Inside, every object has its merchant's own key."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Container
from functools import lru_cache

from resolvers.errors import BadQuestion

REMEMBERED = 10_000
"""Ids that are made once: those of stores stand hundreds of times on one page."""


@lru_cache(maxsize=REMEMBERED)
def encode(kind: str, key: str) -> str:
    """Make the id of an object."""
    return urlsafe_b64encode(f"{kind}:{key}".encode()).decode().rstrip("=")


def parse(id: str, kinds: Container[str]) -> tuple[str, str]:
    """Read kind and key out of an id of one of these kinds.

    Raises:
        BadQuestion: BAD_ID, it is not one.
    """
    found = _try(id)
    if found is None or found[0] not in kinds:
        raise BadQuestion("BAD_ID", f"{id!r} is not an id of this graph; take ids from its answers.")
    return found


def decode(kind: str, id: str) -> str:
    """Read the key out of an id of this kind.

    Raises:
        BadQuestion: BAD_ID, it is not an id, or of another kind.
    """
    found = _try(id)
    if found is not None and found[0] != kind:
        raise BadQuestion("BAD_ID", f"{id!r} is the id of a {found[0]}, where the id of a {kind} belongs.")
    return parse(id, {kind})[1]


@lru_cache(maxsize=REMEMBERED)
def key_of(kind: str, reference: str) -> str:
    """Read an id of this kind, or take the text as the merchant's own code (as integrators know it)."""
    found = _try(reference)
    return found[1] if found and found[0] == kind else reference


def _try(id: str) -> tuple[str, str] | None:
    try:
        kind, separator, key = urlsafe_b64decode(id + "=" * (-len(id) % 4)).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (kind, key) if kind.isalpha() and separator and key and "\0" not in key else None
