"""What we ask of whoever keeps stock: levels to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.movements import Movement
from domain.stock import Key, StockLevel


class StockSource(Protocol):
    """Levels by (sku, location)."""

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        """The levels that exist of these skus at these locations."""
        ...


class StockBook(Protocol):
    """The book, inside a unit of work: what is read here stays ours until the work ends."""

    async def locked(self, keys: Collection[Key]) -> Mapping[Key, StockLevel]:
        """The levels of these keys, locked in key order until the work ends; those to come are locked as well."""
        ...

    async def locked_known(self, keys: Collection[Key]) -> Mapping[Key, StockLevel]:
        """The same for levels that are there, where nobody means to write the others."""
        ...

    async def movements_after(self, keys: Collection[Key], since: datetime) -> Sequence[Movement]:
        """Movements of these keys that happened after `since`, oldest first."""
        ...

    async def seen(self, source: str, event_ids: Collection[str]) -> frozenset[str]:
        """Which of these events the source told of before."""
        ...

    async def write(self, levels: Collection[StockLevel], movements: Sequence[Movement]) -> None:
        """Keep these levels as they stand now, and append the movements.

        Raises:
            Raced: another transaction took in one of these events meanwhile, on another level.
        """
        ...
