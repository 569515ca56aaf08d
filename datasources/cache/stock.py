"""Levels of stock, cached with their `asOf`, never for whoever writes: what is not there is remembered as well."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from datasources.cache.cache import Cache
from datasources.ports.stock import StockSource
from domain.events import Event, level_of
from domain.stock import Key, StockLevel

WASTE = 4
"""Of how many keys asked together one at least must be missed; beyond it each location is asked for its own."""


class CachedStock:
    """Levels by (sku, location)."""

    def __init__(self, source: StockSource, *, most: int) -> None:
        self._source = source
        self.by_key: Cache[Key, StockLevel | None] = Cache(self._load, most=most)

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        keys = [(sku, location_id) for sku in skus for location_id in location_ids]
        found = await self.by_key.many(keys)
        return {key: level for key, level in zip(keys, found, strict=True) if level is not None}

    def changed(self, event: Event) -> None:
        """Take in what an event says, unless something newer is held; what nobody asked for is not held, nor read."""
        key = (event.payload["sku"], event.payload["location_id"])
        self.by_key.renew(key, lambda held: held if held and held.version >= event.version else level_of(event))

    async def _load(self, keys: list[Key]) -> Sequence[StockLevel | None]:
        """One question for all keys where that is no waste, else one for each location."""
        skus, location_ids = {sku for sku, _ in keys}, {place for _, place in keys}
        if len(skus) * len(location_ids) <= WASTE * len(keys):
            found = dict(await self._source.levels(skus, location_ids))
            return [found.get(key) for key in keys]
        found, by_location = {}, defaultdict(set)
        for sku, location_id in keys:
            by_location[location_id].add(sku)
        for location_id, wanted in by_location.items():
            found |= await self._source.levels(wanted, [location_id])
        return [found.get(key) for key in keys]


if TYPE_CHECKING:
    _port: type[StockSource] = CachedStock
