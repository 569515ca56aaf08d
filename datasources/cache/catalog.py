"""The catalogue, cached: products with their variants by product, and where skus, slugs and codes lead.

One event names one product, so what hangs on it is kept under its id. Where a sku, slug or code leads is a hint: it
is checked against the product it leads to, and the source is asked where it no longer holds.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from datasources.cache.cache import Cache
from datasources.ports.catalog import CatalogSource, CategorySource
from domain.catalog import Category, Product, Variant

HINTS_PER_PRODUCT = 20
"""How many skus and codes are remembered for each product that may be held."""

Family = Mapping[str, Variant]
"""A product's variants by sku, in display order."""


class CachedCatalog:
    """Products and variants."""

    def __init__(self, source: CatalogSource, *, most: int) -> None:
        self._source = source
        self.by_id: Cache[str, Product | None] = Cache(source.products, most=most)
        self._families: Cache[str, Family] = Cache(self._load_families, most=most)
        self._owners: Cache[str, str | None] = Cache(self._load_owners, most=most * HINTS_PER_PRODUCT)
        self._slugs: Cache[str, str | None] = Cache(self._load_slugs, most=most)
        self._codes: Cache[str, str | None] = Cache(source.skus_by_code, most=most * HINTS_PER_PRODUCT)

    @property
    def caches(self) -> Sequence[Cache[str, Product | None] | Cache[str, Family] | Cache[str, str | None]]:
        """Everything that is held here."""
        return (self.by_id, self._families, self._owners, self._slugs, self._codes)

    async def products(self, ids: Sequence[str]) -> Sequence[Product | None]:
        return await self.by_id.many(ids)

    async def products_by_slug(self, slugs: Sequence[str]) -> Sequence[Product | None]:
        ids = await self._slugs.many(slugs)
        led = await self.by_id.many([id for id in ids if id is not None])
        found = {product.slug: product for product in led if product is not None}
        astray = [slug for slug, id in zip(slugs, ids, strict=True) if id is not None and slug not in found]
        if astray:
            for slug in astray:
                self._slugs.drop(slug)
            found |= {p.slug: p for p in await self._source.products_by_slug(astray) if p is not None}
        return [found.get(slug) for slug in slugs]

    async def variants(self, skus: Sequence[str]) -> Sequence[Variant | None]:
        owners = await self.owners(skus)
        wanted = [id for id in dict.fromkeys(owners) if id is not None]
        families: dict[str | None, Family] = dict(zip(wanted, await self.families(wanted), strict=True))
        families[None] = {}
        found = [families[owner].get(sku) for owner, sku in zip(owners, skus, strict=True)]
        astray = [n for n, owner in enumerate(owners) if owner is not None and found[n] is None]
        if astray:
            fresh = await self._source.variants([skus[n] for n in astray])
            for n, variant in zip(astray, fresh, strict=True):
                self._owners.drop(skus[n])
                found[n] = variant
        return found

    async def variants_of(self, product_ids: Sequence[str]) -> Sequence[Sequence[Variant]]:
        return [list(family.values()) for family in await self.families(product_ids)]

    async def skus_by_code(self, values: Sequence[str]) -> Sequence[str | None]:
        skus = list(await self._codes.many(values))
        led = [n for n, sku in enumerate(skus) if sku is not None]
        variants = await self.variants([skus[n] or "" for n in led])
        astray = [n for n, variant in zip(led, variants, strict=True) if not _carries(variant, values[n])]
        if astray:
            fresh = await self._source.skus_by_code([values[n] for n in astray])
            for n, sku in zip(astray, fresh, strict=True):
                self._codes.drop(values[n])
                skus[n] = sku
        return skus

    async def owners(self, skus: Sequence[str]) -> Sequence[str | None]:
        """The product that each sku was last seen to be a variant of."""
        return await self._owners.many(skus)

    async def families(self, product_ids: Sequence[str]) -> Sequence[Family]:
        """The variants of each product, by sku."""
        return await self._families.many(product_ids)

    def product_changed(self, id: str) -> None:
        """Forget what hangs on a product."""
        self.by_id.drop(id)
        self._families.drop(id)

    def something_is_new(self) -> None:
        """Forget which skus, slugs and codes lead nowhere."""
        for hints in (self._owners, self._slugs, self._codes):
            hints.drop_unknown()

    async def _load_families(self, product_ids: list[str]) -> Sequence[Family]:
        families = [{v.sku: v for v in variants} for variants in await self._source.variants_of(product_ids)]
        for id, family in zip(product_ids, families, strict=True):
            for sku in family:
                self._owners.offer(sku, id)
        return families

    async def _load_owners(self, skus: list[str]) -> Sequence[str | None]:
        return [variant.product_id if variant else None for variant in await self._source.variants(skus)]

    async def _load_slugs(self, slugs: list[str]) -> Sequence[str | None]:
        return [product.id if product else None for product in await self._source.products_by_slug(slugs)]


class CachedCategories:
    """The tree of categories: small and seldom changed, so that any change forgets all of it."""

    def __init__(self, source: CategorySource, *, most: int) -> None:
        self._source = source
        self._by_id: Cache[str, Category | None] = Cache(source.categories, most=most)
        self._below: Cache[tuple[str | None], Sequence[Category]] = Cache(self._load_below, most=most)

    @property
    def caches(self) -> Sequence[Cache[str, Category | None] | Cache[tuple[str | None], Sequence[Category]]]:
        """Everything that is held here."""
        return (self._by_id, self._below)

    async def categories(self, ids: Sequence[str]) -> Sequence[Category | None]:
        return await self._by_id.many(ids)

    async def children(self, parent_ids: Sequence[str | None]) -> Sequence[Sequence[Category]]:
        return await self._below.many([(id,) for id in parent_ids])

    def changed(self) -> None:
        """Forget the tree."""
        for cache in self.caches:
            cache.clear()

    async def _load_below(self, parents: list[tuple[str | None]]) -> Sequence[Sequence[Category]]:
        return await self._source.children([id for (id,) in parents])


def _carries(variant: Variant | None, code: str) -> bool:
    return variant is not None and any(barcode.value == code for barcode in variant.barcodes)


if TYPE_CHECKING:
    _catalog: type[CatalogSource] = CachedCatalog
    _categories: type[CategorySource] = CachedCategories
