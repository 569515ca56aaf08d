"""What we ask of the store when something changes: one transaction for all of it, or nothing."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from datasources.ports.catalog import CatalogSource
from datasources.ports.locations import LocationSource
from datasources.ports.stock import StockBook
from domain.events import Event


class Work(Protocol):
    """One transaction: everything written through it becomes true together when its context ends."""

    @property
    def stock(self) -> StockBook:
        """The book of stock."""
        ...

    async def answered(self, *, client: str, key: str, request_hash: str) -> str | None:
        """Find what was answered to this client's key before, or None if the key is new; locks the key.

        Raises:
            KeyReused: the key was used for another request.
        """
        ...

    async def answer(self, *, client: str, key: str, request_hash: str, response: str) -> None:
        """Keep the answer to an idempotency key."""
        ...

    async def tell(self, events: Sequence[Event]) -> None:
        """Put events into the outbox."""
        ...


class Workplace(Protocol):
    """Where units of work begin, and what those who write lean on: never a cache, for it may not know the newest."""

    @property
    def catalog(self) -> CatalogSource:
        """Which variants there are."""
        ...

    @property
    def locations(self) -> LocationSource:
        """Which locations there are."""
        ...

    def work(self) -> AbstractAsyncContextManager[Work]:
        """Begin a transaction; it commits when the context ends well, and leaves no trace when it does not."""
        ...


class KeyReused(Exception):
    """The idempotency key belongs to another request."""
