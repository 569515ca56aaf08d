"""What we ask of whoever keeps members: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.members import IdentifierKey, Member


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


class MemberBook(Protocol):
    """Members inside a unit of work."""

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
