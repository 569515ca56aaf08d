"""What we ask of whoever keeps what is confirmed to come: lines to read, and a book to write."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.inbound import Inbound
from domain.stock import Key


class InboundSource(Protocol):
    """What is still expected, by (sku, location)."""

    async def inbound(self, keys: Collection[Key]) -> Mapping[Key, Sequence[Inbound]]:
        """What is expected for these levels, the first to come first; no entry where nothing is."""
        ...


class InboundBook(Protocol):
    """The same inside a unit of work. Whoever changes what is expected holds the lock of its level (StockBook)."""

    async def inbound(self, keys: Collection[Key]) -> Mapping[Key, Sequence[Inbound]]:
        """What is expected for these levels, the first to come first; no entry where nothing is."""
        ...

    async def write(self, changed: Collection[Inbound]) -> None:
        """Keep these as they stand now; those of no pieces are forgotten."""
        ...
