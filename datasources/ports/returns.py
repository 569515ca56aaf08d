"""What we ask of whoever keeps returns: a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from datasources.ports.orders import OrderNumber
from domain.returns import Return


class ReturnBook(Protocol):
    """Returns inside a unit of work."""

    async def by_number(self, numbers: Collection[OrderNumber]) -> Mapping[OrderNumber, Return]:
        """Those that exist of these."""
        ...

    async def write(self, new: Collection[Return]) -> None:
        """Keep these.

        Raises:
            Raced: another transaction took one of their numbers meanwhile.
        """
        ...

    async def give(self, *, owner: str, to: str, only: Collection[str] | None = None) -> Sequence[str]:
        """Make all returns of a member another's, or only these; return their ids."""
        ...
