"""Use cases on recommendations: what a member may like, and where it is in stock.

Suggestions come through a port; here they are held against what is on sale and what is there. Who has not allowed to
be profiled is recommended nothing, whoever asks (MEM-8).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import domain.consents
import domain.recommendations
import domain.tags
from datasources.ports.recommender import Taste
from domain.catalog import Variant
from domain.consents import Purpose
from domain.locations import Location
from domain.members import Member
from domain.orders import Order
from domain.recommendations import Reason, Suggestion
from domain.tags import Tag
from resolvers import availability, catalog, locations, paging
from resolvers.availability import Offer
from resolvers.context import Context
from resolvers.errors import ConsentRequired

MOST = 24
LATEST = 20
"""How many of a member's newest orders say what they like."""
TASTE = 60
"""How many items of these."""
PER_WISH = 12
"""Suggestions looked at for each that is asked for: most are not on sale or not in stock."""
NEAR_KM = 50.0
SHELVES = "category"
"""Tags on this path say which shelves somebody prefers."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A variant, why it is recommended, and where it is; `offer` None: nobody asked where."""

    variant: Variant
    reason: Reason
    offer: Offer | None = None
    is_in_store: bool = False


async def of_members(
    ctx: Context, found: Sequence[Member], *, store: str | None = None, first: int = 8
) -> Sequence[Sequence[Recommendation] | ConsentRequired]:
    """For each member what is on sale and fits them: in stock at the store first, then in stock near it."""
    most = paging.checked_first(first, most=MOST)
    place = await _place(ctx, store)
    said = await ctx.sources.consents.consents({member.id for member in found})
    willing = [one for one in found if domain.consents.permits(said.get(one.id, ()), Purpose.PROFILING)]
    orders = await ctx.sources.orders.of_members({one.id for one in willing}, limit=LATEST)
    tastes = [Taste(_bought(orders.get(one.id, ()))) for one in willing]
    suggested = await ctx.sources.recommender.suggestions(tastes, limit=most * PER_WISH)
    shelf = await _shelf(ctx, {one.sku for some in suggested for one in some}, place)
    preferred = await _preferred(ctx, willing, list(shelf.variants.values()))
    shown = {
        one.id: shelf.pick(domain.recommendations.preferring(some, preferred.get(one.id, frozenset())), most)
        for one, some in zip(willing, suggested, strict=True)
    }
    return [shown.get(one.id, ConsentRequired(Purpose.PROFILING)) for one in found]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What of the suggestions is on sale, and where it is; without a store it does not matter where."""

    variants: Mapping[str, Variant]
    here: Mapping[str, Offer]
    near: Mapping[str, Offer]
    is_anywhere: bool

    def pick(self, suggested: Sequence[Suggestion], most: int) -> Sequence[Recommendation]:
        """The best of a list: what is here, then what is near, each in the list's order."""
        shown = [one for one in suggested if one.sku in self.variants]
        if self.is_anywhere:
            return [Recommendation(self.variants[one.sku], one.reason) for one in shown[:most]]
        found = [
            Recommendation(self.variants[one.sku], one.reason, offers[one.sku], is_in_store=offers is self.here)
            for offers in (self.here, self.near)
            for one in shown
            if one.sku in offers
        ]
        return found[:most]


async def _shelf(ctx: Context, skus: Collection[str], place: Location | None) -> _Shelf:
    wanted = sorted(skus)
    listed = await catalog.variants_by_skus(ctx, wanted, store_keys=[place.id] if place else ())
    variants = [variant for variant in listed if variant is not None]
    by_sku = {variant.sku: variant for variant in variants}
    if place is None:
        return _Shelf(by_sku, {}, {}, is_anywhere=True)
    offers = await availability.offers(ctx, variants, store_ids=[place.id], only_available=True)
    here = _first(offers)
    elsewhere = [variant for variant in variants if variant.sku not in here]
    if place.coordinates is None or not elsewhere:
        return _Shelf(by_sku, here, {}, is_anywhere=False)
    around = await availability.offers(
        ctx, elsewhere, near=place.coordinates, radius_km=NEAR_KM, first=1, only_available=True
    )
    return _Shelf(by_sku, here, _first(around), is_anywhere=False)


async def _preferred(
    ctx: Context, members: Sequence[Member], variants: Sequence[Variant]
) -> Mapping[str, frozenset[str]]:
    """The skus that lie on a shelf which a member's tags name, such as category/denim/slim."""
    said, now = await ctx.sources.tags.tags([one.id for one in members]), ctx.clock()
    named = {id: {step for tag in domain.tags.shown(tags, now) for step in _shelves(tag)} for id, tags in said.items()}
    if not any(named.values()):
        return {}
    products = await ctx.sources.catalog.products([variant.product_id for variant in variants])
    filed = {id for product in products if product for id in product.category_ids}
    found = [one for one in await ctx.sources.categories.categories(sorted(filed)) if one is not None]
    words = {one.id: {domain.tags.normal(one.slug), domain.tags.normal(one.name)} for one in found}
    on_shelf = {
        variant.sku: {word for id in product.category_ids for word in words.get(id, ())}
        for variant, product in zip(variants, products, strict=True)
        if product is not None
    }
    return {id: frozenset(sku for sku, on in on_shelf.items() if on & wanted) for id, wanted in named.items()}


def _shelves(tag: Tag) -> Sequence[str]:
    """The steps of a tag that is about shelves."""
    about, *steps = tag.path.split("/")
    return steps if about == SHELVES else ()


async def _place(ctx: Context, store: str | None) -> Location | None:
    """The store that is asked for; if none is, where an associate works."""
    reference = store if store is not None else ctx.viewer.location_id
    return await locations.known(ctx, reference) if reference is not None else None


def _first(offers: Sequence[Sequence[Offer]]) -> Mapping[str, Offer]:
    return {some[0].sku: some[0] for some in offers if some}


def _bought(orders: Sequence[Order]) -> Sequence[str]:
    """What somebody bought, each sku once, the latest first."""
    lines = (line for order in orders for line in order.lines if line.is_merchandise and line.returned < line.quantity)
    return list(dict.fromkeys(line.sku for line in lines))[:TASTE]
