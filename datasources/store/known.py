"""Reading what an import leans on: one statement per table and batch, on the connection that will write."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Executable, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store import rows
from datasources.store.sql import among
from datasources.store.tables import barcodes, categories, locations, price_lists, prices, products, variants
from domain.catalog import Barcode, Variant
from domain.known import Known, Wanted


async def load(connection: AsyncConnection, wanted: Wanted) -> Known:
    """Look up everything the batch speaks of, siblings of its variants included."""
    reader = _Reader(connection)
    known = Known()
    if wanted.category_ids or wanted.category_slugs:
        known.category_slugs = await reader.category_slugs(wanted)
    if wanted.product_ids or wanted.product_slugs:
        await reader.add_products(known, wanted)
    if wanted.skus or wanted.product_ids:
        known.variants = await reader.variants(wanted)
    if wanted.barcodes:
        known.barcodes = await reader.barcode_owners(wanted.barcodes)
    if wanted.price_list_ids:
        found = await reader.rows(
            select(price_lists.c.id, price_lists.c.currency).where(among(price_lists.c.id, wanted.price_list_ids))
        )
        known.currencies = {row.id: row.currency for row in found}
    if wanted.priced_skus:
        known.steps = await reader.steps(wanted)
    if wanted.location_ids:
        found = await reader.rows(select(locations.c.id).where(among(locations.c.id, wanted.location_ids)))
        known.location_ids = {row.id for row in found}
    return known


class _Reader:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def rows(self, statement: Executable) -> Collection[Row[Any]]:
        return (await self._connection.execute(statement)).all()

    async def category_slugs(self, wanted: Wanted) -> dict[str, str]:
        named = or_(among(categories.c.id, wanted.category_ids), among(categories.c.slug, wanted.category_slugs))
        return {row.id: row.slug for row in await self.rows(select(categories.c.id, categories.c.slug).where(named))}

    async def add_products(self, known: Known, wanted: Wanted) -> None:
        named = or_(among(products.c.id, wanted.product_ids), among(products.c.slug, wanted.product_slugs))
        for row in await self.rows(select(products.c.id, products.c.slug, products.c.options).where(named)):
            known.product_slugs[row.id] = row.slug
            known.options[row.id] = rows.to_options(row)

    async def variants(self, wanted: Wanted) -> dict[str, Variant]:
        named = or_(among(variants.c.sku, wanted.skus), among(variants.c.product_id, wanted.product_ids))
        found = await self.rows(select(variants).where(named))
        labels: defaultdict[str, list[Barcode]] = defaultdict(list)
        if wanted.product_ids:  # nobody asks for the labels of a sku that only gets a price or a count
            for row in await self.rows(select(barcodes).where(among(barcodes.c.sku, [row.sku for row in found]))):
                labels[row.sku].append(rows.to_barcode(row))
        return {row.sku: rows.to_variant(row, labels[row.sku]) for row in found}

    async def barcode_owners(self, values: Collection[str]) -> dict[str, str]:
        found = await self.rows(select(barcodes.c.value, barcodes.c.sku).where(among(barcodes.c.value, values)))
        return {row.value: row.sku for row in found}

    async def steps(self, wanted: Wanted) -> dict[tuple[str, str], dict[int, int]]:
        steps: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        for row in await self.rows(select(prices).where(among(prices.c.sku, wanted.priced_skus))):
            steps[row.price_list_id, row.sku][row.min_quantity] = row.amount_minor
        return steps
