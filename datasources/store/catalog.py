"""The catalogue in the store: products, variants and categories by their keys."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.store import engine, rows
from datasources.store.sql import among
from datasources.store.tables import barcodes, categories, product_categories, products, variants
from domain.catalog import Barcode, Category, Product, Variant


class SqlCatalog:
    """Reads products, variants and categories."""

    def __init__(self, readers: AsyncEngine) -> None:
        self._readers = readers

    async def products(self, ids: Sequence[str]) -> Sequence[Product | None]:
        found = {product.id: product for product in await self._products(among(products.c.id, ids))}
        return [found.get(id) for id in ids]

    async def products_by_slug(self, slugs: Sequence[str]) -> Sequence[Product | None]:
        found = {product.slug: product for product in await self._products(among(products.c.slug, slugs))}
        return [found.get(slug) for slug in slugs]

    async def variants(self, skus: Sequence[str]) -> Sequence[Variant | None]:
        found = {variant.sku: variant for variant in await self._variants(among(variants.c.sku, skus))}
        return [found.get(sku) for sku in skus]

    async def variants_of(self, product_ids: Sequence[str]) -> Sequence[Sequence[Variant]]:
        found: defaultdict[str, list[Variant]] = defaultdict(list)
        for variant in await self._variants(among(variants.c.product_id, product_ids)):
            found[variant.product_id].append(variant)
        return [found[id] for id in product_ids]

    async def skus_by_code(self, values: Sequence[str]) -> Sequence[str | None]:
        found = await engine.rows(
            self._readers, select(barcodes.c.value, barcodes.c.sku).where(among(barcodes.c.value, values))
        )
        skus = {row.value: row.sku for row in found}
        return [skus.get(value) for value in values]

    async def categories(self, ids: Sequence[str]) -> Sequence[Category | None]:
        found = await engine.rows(self._readers, select(categories).where(among(categories.c.id, ids)))
        by_id = {row.id: rows.to_category(row) for row in found}
        return [by_id.get(id) for id in ids]

    async def children(self, parent_ids: Sequence[str | None]) -> Sequence[Sequence[Category]]:
        under = among(categories.c.parent_id, [id for id in parent_ids if id is not None])
        wanted = or_(under, categories.c.parent_id.is_(None)) if None in parent_ids else under
        found: defaultdict[str | None, list[Category]] = defaultdict(list)
        for row in await engine.rows(self._readers, select(categories).where(wanted).order_by(*_BY_POSITION)):
            found[row.parent_id].append(rows.to_category(row))
        return [found[id] for id in parent_ids]

    async def _products(self, wanted: ColumnElement[bool]) -> Sequence[Product]:
        found = await engine.rows(self._readers, select(products).where(wanted))
        filed: defaultdict[str, list[str]] = defaultdict(list)
        filing = (
            select(product_categories)
            .where(among(product_categories.c.product_id, [row.id for row in found]))
            .order_by(product_categories.c.position)
        )
        for row in await engine.rows(self._readers, filing):
            filed[row.product_id].append(row.category_id)
        return [rows.to_product(row, filed[row.id]) for row in found]

    async def _variants(self, wanted: ColumnElement[bool]) -> Sequence[Variant]:
        found = await engine.rows(
            self._readers, select(variants).where(wanted).order_by(variants.c.position, variants.c.sku)
        )
        codes: defaultdict[str, list[Barcode]] = defaultdict(list)
        labelled = select(barcodes).where(among(barcodes.c.sku, [row.sku for row in found])).order_by(barcodes.c.value)
        for row in await engine.rows(self._readers, labelled):
            codes[row.sku].append(rows.to_barcode(row))
        return [rows.to_variant(row, codes[row.sku]) for row in found]


_BY_POSITION = (categories.c.position, categories.c.id)


if TYPE_CHECKING:
    from datasources.ports.catalog import CatalogSource, CategorySource

    _catalog: type[CatalogSource] = SqlCatalog
    _categories: type[CategorySource] = SqlCatalog
