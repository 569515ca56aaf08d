"""What we ask of whoever keeps transfers: some to read, and a book to write."""

from collections.abc import Collection, Sequence
from typing import Protocol

from domain.transfers import Transfer


class TransferSource(Protocol):
    """Transfers as they are committed."""

    async def transfers(self, ids: Sequence[str]) -> Sequence[Transfer | None]:
        """Transfers by id, in the order asked; None where there is none."""
        ...

    async def waiting_at(self, location_id: str, *, limit: int) -> Sequence[Transfer]:
        """Transfers that wait for somebody at this location, the first expected first, the oldest of the others."""
        ...

    async def under_way_to(self, location_ids: Collection[str]) -> Sequence[Transfer]:
        """Transfers that were shipped to these locations, are not closed, and say when they will arrive."""
        ...


class TransferBook(Protocol):
    """Transfers inside a unit of work: what is read here stays ours until the work ends."""

    async def locked(self, id: str) -> Transfer | None:
        """The transfer of this id, if there is one, locked until the work ends. Lock it before any level."""
        ...

    async def write(self, transfer: Transfer) -> None:
        """Keep a transfer as it stands now."""
        ...
