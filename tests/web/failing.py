"""Sources that fail: complete adapters of a port, each with one fault."""

import asyncio
from collections.abc import Collection, Mapping

from datasources.ports.errors import Unavailable
from domain.stock import Key, StockLevel


class DeadStock:
    """A till that does not answer."""

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        raise Unavailable("pos", "no answer on port 9100")


class BrokenStock:
    """An adapter with a mistake in it."""

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        raise ZeroDivisionError("password=hunter2")


class EndlessStock:
    """A till that is asked and thinks for ever; it tells when it was asked, and when somebody gave up on it."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.given_up = 0

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        return {}
