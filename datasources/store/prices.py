"""Price lists and assortments in the store."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.store import engine, rows
from datasources.store.sql import among
from datasources.store.tables import listings, price_lists, prices
from domain.assortment import Listing
from domain.prices import Price


class SqlPrices:
    """Reads prices with their lists, and listings."""

    def __init__(self, readers: AsyncEngine) -> None:
        self._readers = readers

    async def prices(self, skus: Sequence[str]) -> Sequence[Sequence[Price]]:
        lists = {row.id: rows.to_price_list(row) for row in await engine.rows(self._readers, select(price_lists))}
        found: defaultdict[str, list[Price]] = defaultdict(list)
        for row in await engine.rows(self._readers, select(prices).where(among(prices.c.sku, skus))):
            found[row.sku].append(Price(lists[row.price_list_id], row.sku, row.amount_minor, row.min_quantity))
        return [found[sku] for sku in skus]

    async def listings(self, skus: Sequence[str]) -> Sequence[Sequence[Listing]]:
        found: defaultdict[str, list[Listing]] = defaultdict(list)
        for row in await engine.rows(self._readers, select(listings).where(among(listings.c.sku, skus))):
            found[row.sku].append(rows.to_listing(row))
        return [found[sku] for sku in skus]


if TYPE_CHECKING:
    from datasources.ports.prices import AssortmentSource, PriceSource

    _prices: type[PriceSource] = SqlPrices
    _listings: type[AssortmentSource] = SqlPrices
