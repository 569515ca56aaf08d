"""Tablets of a store: on one that the house knows, an associate signs in with a PIN."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from domain.sessions import digest

PIN_LENGTHS = range(6, 13)
"""Forty guesses a day at six digits take a lifetime; at four, half a year."""


class TabletKey(NamedTuple):
    """The parts of what a tablet keeps as one opaque text."""

    tablet_id: str
    secret: str

    def __str__(self) -> str:
        return ".".join(self)


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet that an administrator made known, at the location where it lies."""

    id: str
    location_id: str
    secret: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an associate signs in with; no PIN: not yet."""

    associate_id: str
    location_id: str
    is_active: bool
    pin_hash: str | None


def parsed(text: str) -> TabletKey | None:
    """Read a tablet's key; None where it has not the shape of one."""
    tablet_id, separator, secret = text.rpartition(".")
    return TabletKey(tablet_id, secret) if separator and tablet_id and secret else None


def is_known(tablet: Tablet | None, key: TabletKey) -> bool:
    """Say whether the key is that of the tablet."""
    return tablet is not None and hmac.compare_digest(digest(key.secret), tablet.secret)


def may_sign_in(who: Credentials | None, tablet: Tablet) -> bool:
    """Say whether somebody works where the tablet lies, and has a PIN."""
    return who is not None and who.is_active and who.pin_hash is not None and who.location_id == tablet.location_id


def is_weak(pin: str) -> bool:
    """Say whether a PIN is no PIN, or one of those that are tried first: a digit repeated, or digits in their order."""
    if len(pin) not in PIN_LENGTHS or not (pin.isascii() and pin.isdigit()):
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps <= {0} or steps <= {1} or steps <= {9}
