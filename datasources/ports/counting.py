"""What we ask of whoever keeps stock counts: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.counting import StockCount, Tally
from domain.movements import Movement
from domain.stock import Key, StockLevel

Book = tuple[Mapping[Key, StockLevel], Sequence[Movement]]
"""Levels, and movements that they hold."""


class CountSource(Protocol):
    """Counts as they are committed."""

    async def counts(self, ids: Sequence[str]) -> Sequence[StockCount | None]:
        """Counts by id, in the order asked; None where there is none."""
        ...

    async def open_at(self, location_id: str, *, limit: int) -> Sequence[StockCount]:
        """Counts of a location that wait for somebody, the oldest first."""
        ...

    async def book(self, skus: Collection[str], location_ids: Collection[str], since: datetime) -> Book:
        """The levels of these skus at these locations, and what happened after `since`: both as of one instant.

        Where a level changes all the time they may be apart by a moment.
        """
        ...


class CountBook(Protocol):
    """Counts inside a unit of work: what is read here stays ours until the work ends."""

    async def locked(self, id: str) -> StockCount | None:
        """The count of this id, if there is one, locked until the work ends. Lock it before any level."""
        ...

    async def write(self, count: StockCount, tallies: Collection[Tally] = ()) -> None:
        """Keep a count as it stands now, and these tallies of it; the others are as they were."""
        ...
