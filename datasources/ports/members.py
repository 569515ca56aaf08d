"""What we ask of whoever keeps members: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.members import IdentifierKey, Member


class Sought(NamedTuple):
    """What somebody may be looked up by: their number, names of theirs, and the end of a phone."""

    code: str
    names: Collection[IdentifierKey]
    tail: str | None


class Clientele(NamedTuple):
    """Whom an associate may see now: their own clients, and who came into their store of late (CLI-1)."""

    associate_id: str
    location_id: str | None
    now: datetime


class MemberSource(Protocol):
    """Members as they are committed; one that was merged into another is still there, and says so."""

    async def members(self, ids: Sequence[str]) -> Sequence[Member | None]:
        """Members by id, in the order asked; None where there is none."""
        ...

    async def by_code(self, codes: Collection[str]) -> Mapping[str, Member]:
        """Those that have these codes, by code."""
        ...

    async def by_identifier(self, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Member]:
        """Those that have these identifiers, verified, by identifier."""
        ...

    async def search(self, sought: Sought, *, among: Clientele | None, after: str | None, limit: int) -> Sequence[str]:
        """The ids, in their order and after that one, of members who match in any way; None: among all members.

        Names match verified or not. It costs the same however many members there are.
        """
        ...


class MemberBook(Protocol):
    """Members inside a unit of work."""

    async def hold(self, keys: Collection[IdentifierKey]) -> None:
        """Let nobody else link these names until the work ends. Hold them before any member is locked."""
        ...

    async def told(self, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Sequence[Member]]:
        """Those that have these identifiers, not verified; not locked."""
        ...

    async def absorbed_by(self, id: str) -> Sequence[str]:
        """Who was merged into this one, directly or through others."""
        ...

    async def locked(self, ids: Collection[str]) -> Mapping[str, Member]:
        """Those that exist of these ids; nobody else changes them until the work ends. Locked in the order of ids."""
        ...

    async def by_identifier(self, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Member]:
        """Those that have these identifiers, verified; not locked."""
        ...

    async def write(self, changed: Collection[Member]) -> None:
        """Keep these as they stand now, with these identifiers and no others.

        Raises:
            Raced: another transaction took a verified identifier or a code of theirs meanwhile.
        """
        ...
