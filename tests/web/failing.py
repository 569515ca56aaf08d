"""Sources that fail: complete adapters of a port, each with one fault."""

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
