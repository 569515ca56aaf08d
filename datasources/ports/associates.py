"""What we ask of whoever keeps associates: some to read, and a book to write."""

from collections.abc import Sequence
from typing import Protocol

from domain.associates import Associate


class AssociateSource(Protocol):
    """Associates as they are committed; who has left is still there, and says so."""

    async def associates(self, ids: Sequence[str]) -> Sequence[Associate | None]:
        """Associates by id, in the order asked; None where there is none."""
        ...

    async def working_at(self, location_id: str, *, limit: int) -> Sequence[Associate]:
        """Those who work at a location now, by id."""
        ...


class AssociateBook(Protocol):
    """Associates inside a unit of work."""

    async def by_id(self, ids: Sequence[str]) -> Sequence[Associate | None]:
        """Associates by id, in the order asked; not locked."""
        ...

    async def at_wecom(self, user_id: str) -> Associate | None:
        """Whoever has this id at WeCom."""
        ...

    async def write(self, associate: Associate) -> None:
        """Keep an associate as they are now; what they sign in with stays.

        Raises:
            Raced: another associate has that name at WeCom.
        """
        ...
