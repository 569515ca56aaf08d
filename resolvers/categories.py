"""Use cases on the tree of categories."""

from collections.abc import Sequence

from domain.catalog import Category, Product
from resolvers.context import Context


async def by_ids(ctx: Context, ids: Sequence[str]) -> Sequence[Category | None]:
    """Categories by key, in the order asked."""
    return await ctx.sources.categories.categories(ids)


async def roots(ctx: Context, _: Sequence[None]) -> Sequence[Sequence[Category]]:
    """The top of the tree."""
    return await ctx.sources.categories.children([None])


async def children_of(ctx: Context, parents: Sequence[Category]) -> Sequence[Sequence[Category]]:
    """What lies under each category."""
    return await ctx.sources.categories.children([parent.id for parent in parents])


async def parent_of(ctx: Context, children: Sequence[Category]) -> Sequence[Category | None]:
    """What each category lies under."""
    return await ctx.sources.categories.categories([child.parent_id or "" for child in children])


async def of_products(ctx: Context, products: Sequence[Product]) -> Sequence[Sequence[Category]]:
    """The categories that each product is filed under, the main one first."""
    wanted = list(dict.fromkeys(id for product in products for id in product.category_ids))
    found = dict(zip(wanted, await ctx.sources.categories.categories(wanted), strict=True))
    return [[c for id in product.category_ids if (c := found[id]) is not None] for product in products]
