"""What clients looked at again and again, and did not buy: of those who let us keep it, and of nobody else (MEM-7)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import domain.client_tasks
from domain.associates import Associate
from domain.client_tasks import Abandonment, ClientTask
from domain.consents import Purpose
from resolvers import consents
from resolvers.context import Context

MOST = 100
"""So many products, the last looked at first."""
ORDERS = 20
"""A client's newest orders: nobody abandons what is in one of them."""


async def tasks(ctx: Context, who: Associate, today: date) -> Sequence[ClientTask]:
    """What an associate may ask their clients about."""
    rule, now = Abandonment(), ctx.clock()
    looked = await ctx.sources.clients.looked_at(who.id, since=now - rule.within, times=rule.times, now=now, limit=MOST)
    allowed = await consents.granted(ctx, {one.member_id for one in looked}, Purpose.PROFILING)
    kept = [one for one in looked if one.member_id in allowed]
    bought = await _bought(ctx, {one.member_id for one in kept})
    return domain.client_tasks.abandoned(who.id, kept, bought, rule, today=today, now=now)


async def _bought(ctx: Context, member_ids: Collection[str]) -> Mapping[tuple[str, str], datetime]:
    """When each member ordered which product last."""
    orders = [one for own in (await ctx.sources.orders.of_members(member_ids, limit=ORDERS)).values() for one in own]
    skus = sorted({line.sku for order in orders for line in order.lines})
    products = {one.sku: one.product_id for one in await ctx.sources.catalog.variants(skus) if one is not None}
    bought: dict[tuple[str, str], datetime] = {}
    for order in sorted(orders, key=lambda order: order.placed_at):
        for line in order.lines:
            if order.member_id is not None and line.sku in products:
                bought[order.member_id, products[line.sku]] = order.placed_at
    return bought
