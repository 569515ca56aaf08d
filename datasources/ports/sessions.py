"""What we ask of whoever keeps sessions and issues their tokens."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from domain.sessions import Session
from domain.viewers import Role


class SessionSource(Protocol):
    """Sessions as they are committed."""

    async def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        """When each session ended that did at this moment or later, by its id."""
        ...


class SessionBook(Protocol):
    """Sessions inside a unit of work."""

    async def locked(self, id: str) -> Session | None:
        """The session of this id, locked until the work ends."""
        ...

    async def running_of(self, subjects: Collection[str], role: Role) -> Sequence[Session]:
        """The sessions of these members or associates that have not ended, locked until the work ends."""
        ...

    async def write(self, sessions: Sequence[Session]) -> None:
        """Keep sessions as they stand now."""
        ...


class TokenIssuer(Protocol):
    """Makes access tokens."""

    def issue(self, *, subject: str, role: Role, lifetime: timedelta, **facts: str | None) -> str:
        """Make a token that lasts `lifetime`, with facts: `sid` its session, `location` an associate's store."""
        ...
