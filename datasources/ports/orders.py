"""What we ask of whoever keeps orders: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.orders import Order

OrderNumber = tuple[str, str]
"""(source, number)."""


class Turnover(NamedTuple):
    """What somebody's completed orders come to; refunds are deducted, those without receipt too."""

    orders: int
    net_minor: int
    last_completed_at: datetime


class OrderSource(Protocol):
    """Orders as they are committed."""

    async def orders(self, ids: Sequence[str]) -> Sequence[Order | None]:
        """Orders by id, in the order asked; None where there is none."""
        ...

    async def of_members(
        self, member_ids: Collection[str], *, limit: int, before: tuple[datetime, str] | None = None
    ) -> Mapping[str, Sequence[Order]]:
        """The newest orders of each member, at most so many each, older than (placed at, id) where that is given."""
        ...

    async def turnover(
        self, member_ids: Collection[str], *, since: datetime, until: datetime
    ) -> Mapping[str, Turnover]:
        """What the orders of each member come to that were completed in [since, until)."""
        ...

    async def last_completed_at(self) -> datetime | None:
        """When the latest of all orders was completed; None before the first."""
        ...


class OrderBook(Protocol):
    """Orders inside a unit of work."""

    async def by_number(self, numbers: Collection[OrderNumber]) -> Mapping[OrderNumber, Order]:
        """Those that exist of these; locked until the work ends."""
        ...

    async def of_members(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Order]]:
        """The newest orders of each member, at most so many each."""
        ...

    async def write(self, changed: Collection[Order]) -> None:
        """Keep these as they stand now.

        Raises:
            Raced: another transaction took one of their numbers meanwhile.
        """
        ...

    async def give(self, *, owner: str, to: str, only: Collection[str] | None = None) -> Sequence[str]:
        """Make all orders of a member another's, or only these; return their ids."""
        ...
