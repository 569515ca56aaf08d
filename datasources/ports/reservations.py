"""What we ask of whoever keeps reservations: some to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from domain.reservations import Reservation


class ReservationSource(Protocol):
    """Reservations as they are committed; what has expired by the clock may still be written down as ACTIVE."""

    async def reservations(self, ids: Sequence[str]) -> Sequence[Reservation | None]:
        """Reservations by id, in the order asked; None where there is none."""
        ...

    async def due(self, now: datetime, *, limit: int) -> Sequence[str]:
        """Ids of those that have expired by the clock and are still written down as ACTIVE, oldest first."""
        ...

    async def waiting_at(self, location_id: str, now: datetime, *, limit: int) -> Sequence[Reservation]:
        """What a store keeps for somebody who will come, paid or not, the first to expire first."""
        ...


class ReservationBook(Protocol):
    """Reservations inside a unit of work. Whoever changes one holds the locks of its levels (StockBook)."""

    async def by_id(self, ids: Collection[str]) -> Mapping[str, Reservation]:
        """Those that exist of these ids."""
        ...

    async def by_key(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Reservation]:
        """Those that were made with these idempotency keys, by (client, key)."""
        ...

    async def write(self, changed: Collection[Reservation]) -> None:
        """Keep these as they stand now.

        Raises:
            Raced: another transaction took one of their idempotency keys meanwhile.
        """
        ...
