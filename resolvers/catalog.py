"""Use cases on the catalogue: finding products and variants, and showing only what is on sale where one stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import domain.assortment
import domain.codes
import domain.search
from datasources.ports.catalog import ProductFilter
from domain.assortment import Shelf
from domain.catalog import Product, ProductSort, ProductStatus, Variant
from domain.pages import Page
from domain.viewers import Role
from resolvers import ids, locations, paging
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.paging import Connection

STAFF_OF_THE_CATALOGUE = frozenset({Role.INTEGRATOR, Role.ADMINISTRATOR})
"""Who sees drafts, and what is not on sale yet or any more."""


@dataclass(frozen=True, slots=True)
class ProductsAsked:
    """What a client may ask of a list of products: a category and what lies under it, a brand, a store."""

    category_id: str | None = None
    brand: str | None = None
    store_id: str | None = None


async def products_by_ids(ctx: Context, product_ids: Sequence[str]) -> Sequence[Product | None]:
    """Products by id, in the order asked; None for those that are unknown or not on sale here."""
    return await _on_sale(ctx, await ctx.sources.catalog.products(product_ids))


async def variants_by_skus(
    ctx: Context, skus: Sequence[str], *, store_keys: Sequence[str] = ()
) -> Sequence[Variant | None]:
    """Variants by sku, in the order asked; None for those that are unknown or not on sale here, or in these stores."""
    found = await ctx.sources.catalog.variants(skus)
    listed = await _listed(ctx, [variant for variant in found if variant], store_keys=store_keys)
    parents = await ctx.sources.catalog.products([variant.product_id for variant in listed])
    shown = {v.sku for v, parent in zip(listed, parents, strict=True) if parent and _is_shown(ctx, parent)}
    return [variant if variant and variant.sku in shown else None for variant in found]


def check_all_known(skus: Sequence[str], found: Sequence[Variant | None]) -> None:
    """Return where every sku has its variant.

    Raises:
        BadQuestion: UNKNOWN_SKU, naming those that have none.
    """
    if missing := [sku for sku, variant in zip(skus, found, strict=True) if variant is None]:
        raise BadQuestion("UNKNOWN_SKU", f"No variant has the sku {', '.join(map(repr, missing))}.")


async def product(
    ctx: Context,
    roots: Sequence[None],
    *,
    id: str | None = None,
    slug: str | None = None,
    store_id: str | None = None,
) -> Sequence[Product | None]:
    """One product, by its id or the readable part of its address."""
    if (id is None) == (slug is None):
        raise BadQuestion("BAD_ARGUMENT", "Give either id or slug.")
    catalog = ctx.sources.catalog
    if id is not None:
        found = await catalog.products([ids.decode("Product", id)])
    else:
        found = await catalog.products_by_slug([slug or ""])
    return await _on_sale(ctx, found, store_id=store_id)


async def product_by_code(
    ctx: Context, roots: Sequence[None], *, code: str, store_id: str | None = None
) -> Sequence[Variant | None]:
    """The variant that a scanned code leads to, or that has the typed sku."""
    candidates = domain.codes.candidates(code)
    found = await ctx.sources.catalog.skus_by_code(candidates)
    sku = next((sku for sku in found if sku is not None), code.strip())
    return await variants_by_skus(ctx, [sku], store_keys=await _store_keys(ctx, store_id))


async def products(
    ctx: Context,
    roots: Sequence[None],
    *,
    filter: ProductsAsked | None = None,
    sort: ProductSort = ProductSort.NEWEST,
    first: int = 24,
    after: str | None = None,
) -> Sequence[Connection[Product]]:
    """A page of products, by filter."""
    position = paging.decode(after, kinds=(str, str))
    if position is not None and sort is ProductSort.NEWEST:
        _instant(str(position[0]), after)
    wanted = await _filter(ctx, filter)
    page = await ctx.sources.index.browse(filter=wanted, sort=sort, first=paging.checked_first(first), after=position)
    return [await _shown(ctx, page)]


async def search(
    ctx: Context,
    roots: Sequence[None],
    *,
    text: str,
    filter: ProductsAsked | None = None,
    first: int = 24,
    after: str | None = None,
) -> Sequence[Connection[Product]]:
    """A page of products that hold every word, best first."""
    page = await ctx.sources.index.search(
        terms=domain.search.query_terms(text),
        filter=await _filter(ctx, filter),
        first=paging.checked_first(first),
        after=paging.decode(after, kinds=(int, str)),
    )
    return [await _shown(ctx, page)]


async def variants_of(
    ctx: Context, products: Sequence[Product], *, store_id: str | None = None
) -> Sequence[Sequence[Variant]]:
    """The variants of each product that are on sale here, in display order."""
    found = await ctx.sources.catalog.variants_of([product.id for product in products])
    every = [variant for variants in found for variant in variants]
    listed = {v.sku for v in await _listed(ctx, every, store_keys=await _store_keys(ctx, store_id))}
    return [[variant for variant in variants if variant.sku in listed] for variants in found]


async def product_of(ctx: Context, variants: Sequence[Variant]) -> Sequence[Product | None]:
    """The product of each variant."""
    return await ctx.sources.catalog.products([variant.product_id for variant in variants])


async def _shown(ctx: Context, page: Page[str]) -> Connection[Product]:
    """A page with what its products are; one that came in so lately that nobody told of it yet is left out."""
    found = await ctx.sources.catalog.products(page.nodes)
    items = [(product, place) for product, (_, place) in zip(found, page.items, strict=True) if product is not None]
    return paging.connection(Page(items, page.has_next))


async def _filter(ctx: Context, asked: ProductsAsked | None) -> ProductFilter:
    if asked is None:
        return ProductFilter(shelf=_shelf(ctx, ctx.viewer.location_id))
    keys = await _store_keys(ctx, asked.store_id)
    return ProductFilter(
        shelf=_shelf(ctx, keys[0] if keys else ctx.viewer.location_id),
        category_id=ids.decode("Category", asked.category_id) if asked.category_id else None,
        brand=asked.brand,
    )


def _shelf(ctx: Context, store_key: str | None) -> Shelf | None:
    if ctx.viewer.role in STAFF_OF_THE_CATALOGUE:
        return None
    return Shelf(channel=ctx.channel, at=ctx.clock(), location_id=store_key)


async def _store_keys(ctx: Context, store_id: str | None) -> Sequence[str]:
    return [(await locations.known(ctx, store_id)).id] if store_id is not None else []


def _is_shown(ctx: Context, product: Product) -> bool:
    return product.status is ProductStatus.ACTIVE or ctx.viewer.role in STAFF_OF_THE_CATALOGUE


async def _listed(ctx: Context, variants: Sequence[Variant], *, store_keys: Sequence[str]) -> Sequence[Variant]:
    """Those on sale in one of these stores; without any, where the viewer works (an associate) or everywhere."""
    keys: Sequence[str | None] = store_keys or [ctx.viewer.location_id]
    shelves = [shelf for key in keys if (shelf := _shelf(ctx, key))]
    if not shelves:
        return variants
    found = await ctx.sources.assortment.listings([variant.sku for variant in variants])
    return [
        variant
        for variant, listings in zip(variants, found, strict=True)
        if any(domain.assortment.is_listed(listings, shelf) for shelf in shelves)
    ]


async def _on_sale(
    ctx: Context, found: Sequence[Product | None], *, store_id: str | None = None
) -> Sequence[Product | None]:
    shown = [product for product in found if product and _is_shown(ctx, product)]
    variants = await variants_of(ctx, shown, store_id=store_id)
    on_sale = {product.id for product, listed in zip(shown, variants, strict=True) if listed}
    return [product if product and product.id in on_sale else None for product in found]


def _instant(text: str, cursor: str | None) -> None:
    try:
        datetime.fromisoformat(text).astimezone(UTC)
        is_instant = datetime.fromisoformat(text).tzinfo is not None
    except (ValueError, OverflowError):
        is_instant = False
    if not is_instant:
        raise BadQuestion("BAD_CURSOR", f"{cursor!r} is not a cursor of this list in this order.")
