"""Use cases on prices: quoting what a variant costs here and now, and by which list."""

from collections.abc import Sequence

import domain.prices
from domain.catalog import Variant
from domain.channels import Channel
from domain.prices import PriceContext, PriceQuote
from resolvers import locations
from resolvers.context import Context
from resolvers.errors import BadQuestion


async def quotes(
    ctx: Context,
    variants: Sequence[Variant],
    *,
    channel: Channel | None = None,
    store_id: str | None = None,
    quantity: int = 1,
    currency: str | None = None,
) -> Sequence[PriceQuote | None]:
    """The price of one unit of each variant for this viewer, buying `quantity` of it; None where no list prices it."""
    if quantity < 1:
        raise BadQuestion("BAD_ARGUMENT", f"quantity must be at least 1; it was {quantity}.")
    store = await locations.known(ctx, store_id) if store_id is not None else None
    context = PriceContext(
        currency=currency or ctx.policies.currency,
        at=ctx.clock(),
        channel=channel or ctx.channel,
        store_group=store.store_group if store else None,
        member_tier=ctx.viewer.member_tier,
        quantity=quantity,
    )
    candidates = await ctx.sources.prices.prices([variant.sku for variant in variants])
    return domain.prices.resolve_each(zip([variant.sku for variant in variants], candidates, strict=True), context)
