"""Sessions: who signed in, for how long, and which of the refresh tokens they were given holds now.

A refresh token names its session, proves by a part that stays that it was given for it, and by a part that changes
with every use that it is the last one. Only digests of both parts are kept; chance comes from whoever makes them.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from domain.viewers import Role


class RefreshToken(NamedTuple):
    """The parts of what a client keeps as one opaque text."""

    session_id: str
    family: str
    turn: str

    def __str__(self) -> str:
        return ".".join(self)


class Verdict(Enum):
    """What a refresh token is to its session."""

    CURRENT = "CURRENT"
    REUSED = "REUSED"
    """It held once: somebody has what another one used. Nobody can tell which of them is the thief."""
    VOID = "VOID"
    """The session has ended, or the token was never one of it."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in; `subject` is the id of a member or an associate."""

    id: str
    subject: str
    role: Role
    location_id: str | None
    family: str
    turn: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


def parsed(text: str) -> RefreshToken | None:
    """Read a refresh token; None where it has not the shape of one."""
    parts = text.split(".")
    return RefreshToken(*parts) if len(parts) == len(RefreshToken._fields) and all(parts) else None


def begun(
    token: RefreshToken, *, subject: str, role: Role, location_id: str | None, now: datetime, lifetime: timedelta
) -> Session:
    """A session that begins now, with its first refresh token."""
    family, turn = digest(token.family), digest(token.turn)
    return Session(token.session_id, subject, role, location_id, family, turn, now, now + lifetime)


def judged(session: Session | None, token: RefreshToken, now: datetime) -> Verdict:
    """Judge a refresh token that somebody shows."""
    if session is None or session.ended_at is not None or now >= session.expires_at:
        return Verdict.VOID
    if not hmac.compare_digest(digest(token.family), session.family):
        return Verdict.VOID
    return Verdict.CURRENT if hmac.compare_digest(digest(token.turn), session.turn) else Verdict.REUSED


def renewed(session: Session, token: RefreshToken, *, now: datetime, lifetime: timedelta) -> Session:
    """The session with a new refresh token; those of the same family that were given before betray who shows them."""
    expires_at = max(session.expires_at, now + lifetime)
    return replace(session, family=digest(token.family), turn=digest(token.turn), expires_at=expires_at)


def ended(session: Session, now: datetime) -> Session:
    """The session after its end."""
    return session if session.ended_at is not None else replace(session, ended_at=now)


def digest(secret: str) -> str:
    """What is kept of a secret that is too long to be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
