"""What we ask of whoever keeps wish lists: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.wishlist import Wish


class WishSource(Protocol):
    """Wish lists as they are committed."""

    async def wishes(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Wish]]:
        """What each member wishes for, the latest first; who wishes for nothing is not in it."""
        ...


class WishBook(WishSource, Protocol):
    """Wish lists inside a unit of work; whoever writes has locked the members."""

    async def write(self, member_id: str, wishes: Collection[Wish]) -> None:
        """Keep these wishes; one that is there already is written over."""
        ...

    async def forget(self, member_id: str, skus: Collection[str] | None = None) -> None:
        """Delete these wishes of a member, or (None) all of them."""
        ...
