"""Use cases on levels as staff and integrators read them: every number of the book, and what it is called elsewhere."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import domain.inbound
import domain.stock
from domain.availability import quota_left
from domain.channels import Channel
from domain.inbound import Inbound
from domain.stock import Key, StockLevel, terms_of
from resolvers import catalog, stock_vector
from resolvers import locations as places
from resolvers.context import Context
from resolvers.errors import BadQuestion

MAX_LEVELS = 1_000
"""(sku, location) pairs in one question."""


class ChannelTerms(NamedTuple):
    """What a channel may take of a level: its share as it was given, and what is left of it now."""

    channel: Channel
    safety: int
    quota: int | None
    quota_left: int | None


class Quantity(NamedTuple):
    """A number of a level under the name that others know."""

    name: str
    quantity: int


async def levels(
    ctx: Context, roots: Sequence[None], *, skus: list[str], locations: list[str]
) -> Sequence[Sequence[StockLevel]]:
    """The levels that exist of these skus at these locations, sku by sku."""
    if not 0 < len(skus) * len(locations) <= MAX_LEVELS:
        asked = len(skus) * len(locations)
        raise BadQuestion("BAD_ARGUMENT", f"Ask for 1 to {MAX_LEVELS} pairs of sku and location, not {asked}.")
    named = [place.id for place in await places.all_known(ctx, list(dict.fromkeys(locations)))]
    catalog.check_all_known(skus, await ctx.sources.catalog.variants(skus))
    found = await stock_vector.levels(ctx, skus, named)
    return [[found[sku, place] for sku in dict.fromkeys(skus) for place in named if (sku, place) in found]]


async def held_of(ctx: Context, levels: Sequence[StockLevel]) -> Sequence[int]:
    """How many are held of each now."""
    now = stock_vector.instant(ctx)
    return [domain.stock.held(level, now) for level in levels]


async def available_of(ctx: Context, levels: Sequence[StockLevel]) -> Sequence[int]:
    """How many of each are neither promised nor unfit for sale; below zero where too many are promised."""
    now = stock_vector.instant(ctx)
    return [domain.stock.unpromised(level, now) for level in levels]


async def oversold_by_of(ctx: Context, levels: Sequence[StockLevel]) -> Sequence[int]:
    """How many of each are promised and not there."""
    now = stock_vector.instant(ctx)
    return [domain.stock.oversold_by(level, now) for level in levels]


async def terms_of_levels(ctx: Context, levels: Sequence[StockLevel]) -> Sequence[Sequence[ChannelTerms]]:
    """What each channel with terms of its own may take of each."""
    now = stock_vector.instant(ctx)
    return [
        [ChannelTerms(t.channel, t.safety, t.quota, quota_left(level, t.channel, now)) for t in level.terms]
        for level in levels
    ]


async def inbound_of(ctx: Context, levels: Sequence[StockLevel]) -> Sequence[Sequence[Inbound]]:
    """What is confirmed to come to each, what is late first."""
    expected = await ctx.sources.inbound.inbound({level.key for level in levels})
    return [expected.get(level.key, ()) for level in levels]


async def quantities_of(
    ctx: Context, levels: Sequence[StockLevel], *, names: list[str] | None = None
) -> Sequence[Sequence[Quantity]]:
    """Numbers of each level by Shopify's names, in the order asked; all of them unless some are named."""
    asked = list(NAMES) if names is None else names
    if unknown := [name for name in asked if name not in NAMES]:
        raise BadQuestion("BAD_ARGUMENT", f"There is no quantity {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    is_inbound_asked = "incoming" in asked
    expected = await ctx.sources.inbound.inbound({level.key for level in levels}) if is_inbound_asked else {}
    sight = Moment(stock_vector.instant(ctx), ctx.channel, expected)
    return [[Quantity(name, NAMES[name](level, sight)) for name in asked] for level in levels]


class Moment(NamedTuple):
    """When numbers are read, for which channel, and what is to come then."""

    now: datetime
    channel: Channel
    expected: Mapping[Key, Collection[Inbound]]


NAMES: Mapping[str, Callable[[StockLevel, Moment], int]] = {
    "available": lambda level, sight: domain.stock.unpromised(level, sight.now),
    "committed": lambda level, sight: level.committed,
    "reserved": lambda level, sight: domain.stock.held(level, sight.now) + max(0, level.display),
    "damaged": lambda level, sight: max(0, level.damaged),
    "safety_stock": lambda level, sight: terms_of(level, sight.channel).safety,
    "quality_control": lambda level, sight: max(0, level.quality_control),
    "incoming": lambda level, sight: level.in_transit_in + domain.inbound.total(sight.expected.get(level.key, ())),
    "on_hand": lambda level, sight: level.on_hand,
}
"""Shopify's names. On hand is the sum of available, committed, reserved, damaged and quality control; what is on
display is reserved there, and the safety stock of the operation's channel is a part of what is available."""
