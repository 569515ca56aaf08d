"""Identifiers: the one normal form of every name that a system has for somebody, so that equal ones are found equal.

Phones are not here: where a country's trunk prefix ends is a table, not a rule (`resolvers/phones.py`).
"""

import re
import unicodedata
from collections.abc import Mapping

from domain.members import STRONG, Identifier, IdentifierType

TAIL = 4
"""So many last digits of a phone, somebody is found by at a till."""
REALMS = frozenset({IdentifierType.OPENID, IdentifierType.POS_ID})
"""Types whose values mean something only within an app or a system, which must be named."""

_SHAPES: Mapping[IdentifierType, re.Pattern[str]] = {
    IdentifierType.UNIONID: re.compile(r"[\w-]{1,128}", re.ASCII),
    IdentifierType.OPENID: re.compile(r"[\w-]{1,128}", re.ASCII),
    IdentifierType.EXTERNAL_USERID: re.compile(r"[\w-]{1,128}", re.ASCII),
    IdentifierType.CARD: re.compile(r"[0-9A-Z]{4,40}"),
    IdentifierType.POS_ID: re.compile(r"\S(?:.{0,126}\S)?"),
    IdentifierType.EMAIL: re.compile(r"[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+"),
}
_LONGEST_EMAIL = 254
_SEPARATORS = re.compile(r"[\s.·‐-―-]+")


def normal(type: IdentifierType, text: str) -> str | None:
    """The normal form of what somebody typed, scanned or sent; None if it cannot be one of this type (MEM-6).

    Full-width letters count as their usual ones. Cards lose separators and case, e-mails case; what a platform gave
    out is opaque, and keeps its case.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if type is IdentifierType.CARD:
        plain = _SEPARATORS.sub("", plain).upper()
    if type is IdentifierType.EMAIL:
        plain = unicodedata.normalize("NFKC", plain.lower())
        if len(plain) > _LONGEST_EMAIL:
            return None
    return plain if _SHAPES[type].fullmatch(plain) else None


def tail(identifier: Identifier) -> str | None:
    """The last digits of a phone; None for everything else."""
    return identifier.value[-TAIL:] if identifier.type is IdentifierType.PHONE else None


def is_proof(identifier: Identifier) -> bool:
    """Say whether somebody has shown to be this one; that a system gave them a number shows nothing."""
    return identifier.is_verified and identifier.type is not IdentifierType.POS_ID


def is_binding(identifier: Identifier) -> bool:
    """Say whether whoever has the same one is the same person: it is verified, and of a strong type."""
    return identifier.is_verified and identifier.type in STRONG
