"""Preferences: what rules derive from purchases of those who let us profile them, as tags that follow what they buy."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import domain.tags
from datasources.ports.rfm import Audience
from domain.catalog import Category
from domain.consents import Purpose
from domain.orders import Order
from domain.tags import Purchase, Tag
from resolvers import consents
from resolvers.context import Context

PAGE = 500
ORDERS = 100
"""So many of a member's latest orders tell what they prefer."""
DEEPEST = 5
"""Shelves above one another that a path names; a path of tags has one step more."""


async def refresh_all(ctx: Context) -> None:
    """Look through all members, a page at a time."""
    after: str | None = None
    while member_ids := await ctx.sources.rfm.audience(Audience(at=ctx.clock()), after=after, limit=PAGE):
        await refresh(ctx, member_ids)
        after = member_ids[-1]


async def refresh(ctx: Context, member_ids: Sequence[str]) -> None:
    """Let tags of rules say what these members buy now; of whom does not let us, rules say nothing."""
    now = ctx.clock()
    profiled = await consents.granted(ctx, member_ids, Purpose.PROFILING)
    orders = await ctx.sources.orders.of_members(profiled, limit=ORDERS) if profiled else {}
    paths = await _paths(ctx, sorted({line.sku for own in orders.values() for order in own for line in order.lines}))
    derived = {id: domain.tags.preferences(_bought(own, paths), now) for id, own in orders.items()}
    changed = _changed(await ctx.sources.tags.tags(member_ids), derived, now)
    if changed:
        async with ctx.sources.workplace.work() as work:
            held = await work.members.locked(changed)
            mine = {id: derived.get(id, ()) for id in held}
            await work.tags.write(_changed(await work.tags.tags(list(held)), mine, now))


def _changed(
    known: Mapping[str, Sequence[Tag]], derived: Mapping[str, Sequence[Tag]], now: datetime
) -> Mapping[str, Sequence[Tag]]:
    """What rules say otherwise than before, by member."""
    said = {id: domain.tags.refreshed(known.get(id, ()), derived.get(id, ()), now) for id in {*known, *derived}}
    return {id: tags for id, tags in said.items() if tags}


def _bought(orders: Sequence[Order], paths: Mapping[str, str]) -> Sequence[Purchase]:
    """What was bought of goods that stand on a shelf, what came back deducted."""
    return [
        Purchase(paths[line.sku], line.net_minor - line.refunded_minor, order.completed_at)
        for order in orders
        if order.completed_at is not None
        for line in order.lines
        if line.sku in paths
    ]


async def _paths(ctx: Context, skus: Sequence[str]) -> Mapping[str, str]:
    """The main shelf of each sku, under those above it."""
    variants = [one for one in await ctx.sources.catalog.variants(skus) if one is not None]
    products = await ctx.sources.catalog.products([variant.product_id for variant in variants])
    mains = {
        variant.sku: product.category_ids[0]
        for variant, product in zip(variants, products, strict=True)
        if product is not None and product.category_ids
    }
    shelves = await _shelves(ctx, sorted(set(mains.values())))
    named = {sku: _path(shelves, main) for sku, main in mains.items()}
    return {sku: path for sku, path in named.items() if path}


async def _shelves(ctx: Context, ids: Sequence[str]) -> Mapping[str, Category]:
    """These categories and all above them, a level at a time."""
    found: dict[str, Category] = {}
    for _ in range(DEEPEST):
        level = [one for one in await ctx.sources.categories.categories(ids) if one is not None]
        found |= {one.id: one for one in level}
        ids = sorted({one.parent_id for one in level if one.parent_id is not None} - set(found))
        if not ids:
            break
    return found


def _path(shelves: Mapping[str, Category], id: str | None) -> str:
    """From the top down, by the readable parts of their addresses."""
    steps: list[str] = []
    while id is not None and id in shelves and len(steps) < DEEPEST:
        steps.append(shelves[id].slug)
        id = shelves[id].parent_id
    return domain.tags.normal("/".join(reversed(steps)))
