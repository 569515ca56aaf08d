"""Price lists and assortments in the store."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.store.engine import rows
from datasources.store.sql import among
from datasources.store.tables import listings, price_lists, prices
from domain.assortment import Channel, Listing
from domain.prices import Price, PriceList


class SqlPrices:
    """Reads prices with their lists, and listings."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def prices(self, skus: Sequence[str]) -> Sequence[Sequence[Price]]:
        lists = {row.id: _price_list(row) for row in await rows(self._engine, select(price_lists))}
        found: defaultdict[str, list[Price]] = defaultdict(list)
        for row in await rows(self._engine, select(prices).where(among(prices.c.sku, skus))):
            found[row.sku].append(Price(lists[row.price_list_id], row.sku, row.amount_minor, row.min_quantity))
        return [found[sku] for sku in skus]

    async def listings(self, skus: Sequence[str]) -> Sequence[Sequence[Listing]]:
        found: defaultdict[str, list[Listing]] = defaultdict(list)
        for row in await rows(self._engine, select(listings).where(among(listings.c.sku, skus))):
            found[row.sku].append(_listing(row))
        return [found[sku] for sku in skus]


def _price_list(row: Row[Any]) -> PriceList:
    channel = Channel(row.channel) if row.channel else None
    return PriceList(**dict(row._mapping) | {"channel": channel})


def _listing(row: Row[Any]) -> Listing:
    return Listing(
        sku=row.sku,
        channel=Channel(row.channel),
        listed_from=row.listed_from,
        listed_to=row.listed_to,
        location_id=row.location_id or None,
    )


if TYPE_CHECKING:
    from datasources.ports.prices import AssortmentSource, PriceSource

    _prices: type[PriceSource] = SqlPrices
    _listings: type[AssortmentSource] = SqlPrices
