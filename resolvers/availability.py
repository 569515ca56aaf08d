"""Use cases on availability: which store has it, how many, how far, from when, and how old the word is."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import domain.availability
import domain.geo
import domain.locations
from datasources.ports.events import Missed
from domain.availability import Availability, Sight, StockSignal
from domain.catalog import Variant
from domain.events import Topic, level_of, stock_key
from domain.geo import Coordinates
from domain.locations import Location
from domain.stock import StockLevel
from domain.viewers import Scope
from resolvers import catalog, locations, paging
from resolvers.context import Context
from resolvers.errors import BadQuestion

MAX_OFFERS = 50
USUAL_OFFERS = 10
REACHES = (50, 500)
"""How many of the nearest stores are asked at first, and how many where those do not have enough of something."""
Place = tuple[Location, float | None]
"""A location and how far off it is."""
Found = tuple[str, Location, float | None, StockLevel | None]
"""A sku, where it was looked for, how far off that is, and the level there."""
MAX_WATCHED = 1_000
"""(sku, location) pairs in one subscription."""


class Offer(NamedTuple):
    """What one location offers of one variant to one viewer; a tuple, for a page makes hundreds of them."""

    sku: str
    location: Location
    distance_km: float | None
    availability: Availability
    level: StockLevel | None


@dataclass(frozen=True, slots=True)
class Update:
    """What changed since the last one; the first is a snapshot of everything asked for."""

    is_snapshot: bool
    offers: Sequence[Offer]


async def offers(
    ctx: Context,
    variants: Sequence[Variant],
    *,
    near: Coordinates | None = None,
    store_ids: Sequence[str] | None = None,
    first: int | None = None,
    radius_km: float = 50.0,
    only_available: bool = False,
) -> Sequence[Sequence[Offer]]:
    """Offers per variant: of the stores named, in that order, or of the stores near, the nearest first.

    Near a point only stores that were ever reported to hold the variant make an offer; a named store always does.
    """
    usual = MAX_OFFERS if store_ids is not None else USUAL_OFFERS
    most = paging.checked_first(usual if first is None else first, most=MAX_OFFERS)
    if store_ids is not None:
        named = await _named(ctx, store_ids, near)
        return await _offers_at(ctx, variants, named, most, is_named=True, only_available=only_available)
    if near is None:
        raise BadQuestion("BAD_ARGUMENT", "Say where: give near, or storeIds.")
    found: Sequence[Sequence[Offer]] = []
    for reach in REACHES:
        places = await locations.nearest(ctx, near, radius_km=radius_km, capability=None, first=reach)
        around = [(nearby.location, nearby.distance_km) for nearby in places]
        found = await _offers_at(ctx, variants, around, most, is_named=False, only_available=only_available)
        if len(places) < reach or all(len(offers) == most for offers in found):
            break
    return found


async def changes(ctx: Context, *, skus: Sequence[str], location_ids: Sequence[str]) -> AsyncIterator[Update]:
    """A snapshot of these skus at these locations, then what changes, for as long as somebody listens (LIV-1).

    Listening begins before the snapshot is read, so that nothing falls between them; what the snapshot already
    holds is not told again.

    Raises:
        BadQuestion: UNKNOWN_SKU, UNKNOWN_LOCATION, or TOO_MANY_WATCHED.
    """
    places = {place.id: place for place in await locations.all_known(ctx, list(dict.fromkeys(location_ids)))}
    await _check_skus(ctx, skus, list(places))
    pairs = [(sku, location_id) for sku in dict.fromkeys(skus) for location_id in places]
    if not 0 < len(pairs) <= MAX_WATCHED:
        raise BadQuestion("TOO_MANY_WATCHED", f"Watch 1 to {MAX_WATCHED} pairs of sku and location, not {len(pairs)}.")
    async with ctx.sources.bus.listen(Topic.STOCK_CHANGED, [stock_key(*pair) for pair in pairs]) as batches:
        levels = await ctx.sources.stock.levels(skus, list(places))
        yield Update(True, _made(ctx, [(sku, places[place], None, levels.get((sku, place))) for sku, place in pairs]))
        versions = {key: level.version for key, level in levels.items()}
        del levels
        async for events in batches:
            if isinstance(events, Missed):
                levels = await ctx.sources.stock.levels(skus, list(places))
                versions = {key: level.version for key, level in levels.items()}
                again = [(sku, places[place], None, levels.get((sku, place))) for sku, place in pairs]
                yield Update(True, _made(ctx, again))
                continue
            fresh = [level for level in map(level_of, events) if level.version > versions.get(level.key, 0)]
            versions |= {level.key: level.version for level in fresh}
            if fresh:
                yield Update(False, _made(ctx, [(n.sku, places[n.location_id], None, n) for n in fresh]))
            del events, fresh


def sight(ctx: Context) -> Sight:
    """How this viewer looks at levels now."""
    return Sight(
        now=ctx.clock(),
        channel=ctx.channel,
        low_threshold=ctx.policies.low_stock_threshold,
        freshness_of=ctx.policies.freshness_of,
        sees_numbers=ctx.viewer.may(Scope.STOCK_READ),
    )


async def ready_at(ctx: Context, offers: Sequence[Offer]) -> Sequence[datetime | None]:
    """When each offer could be handed over, computed once per location."""
    now = ctx.clock()
    places = {offer.location.id: offer.location for offer in offers}
    found = {id: domain.locations.ready_at(place, now) for id, place in places.items()}
    return [found[offer.location.id] for offer in offers]


async def variant_of(ctx: Context, offers: Sequence[Offer]) -> Sequence[Variant | None]:
    """The variant that each offer is of."""
    return await ctx.sources.catalog.variants([offer.sku for offer in offers])


_AVAILABLE = frozenset({StockSignal.IN_STOCK, StockSignal.LOW})


async def _named(ctx: Context, store_ids: Sequence[str], near: Coordinates | None) -> Sequence[Place]:
    if len(store_ids) > MAX_OFFERS:
        raise BadQuestion("BAD_ARGUMENT", f"Name at most {MAX_OFFERS} stores; there were {len(store_ids)}.")
    named = {place.id: place for place in await locations.all_known(ctx, store_ids)}
    return [(place, _distance_km(near, place)) for place in named.values()]


async def _offers_at(
    ctx: Context,
    variants: Sequence[Variant],
    places: Sequence[Place],
    most: int,
    *,
    is_named: bool,
    only_available: bool,
) -> Sequence[Sequence[Offer]]:
    """At most `most` offers per variant, in the order of the places."""
    skus, ids = [variant.sku for variant in variants], [place.id for place, _ in places]
    levels = await ctx.sources.stock.levels(skus, ids)
    by_sku: dict[str, list[Offer]] = {sku: [] for sku in skus}
    made = _made(
        ctx,
        [
            (sku, place, distance_km, level)
            for sku in by_sku
            for place, distance_km in places
            if (level := levels.get((sku, place.id))) is not None or is_named
        ],
    )
    for offer in made:
        if not only_available or offer.availability.signal in _AVAILABLE:
            by_sku[offer.sku].append(offer)
    return [by_sku[sku][:most] for sku in skus]


def _distance_km(near: Coordinates | None, place: Location) -> float | None:
    return domain.geo.distance_km(near, place.coordinates) if near and place.coordinates else None


def _made(ctx: Context, found: Sequence[Found]) -> Sequence[Offer]:
    """Offers of what was found, as this viewer sees it now."""
    shown = domain.availability.seen([level for _, _, _, level in found], sight(ctx))
    return [
        Offer(sku, place, distance_km, availability, level)
        for (sku, place, distance_km, level), availability in zip(found, shown, strict=True)
    ]


async def _check_skus(ctx: Context, skus: Sequence[str], store_keys: Sequence[str]) -> None:
    found = await catalog.variants_by_skus(ctx, list(skus), store_keys=store_keys)
    missing = [sku for sku, variant in zip(skus, found, strict=True) if variant is None]
    if missing:
        raise BadQuestion("UNKNOWN_SKU", f"No variant has the sku {', '.join(map(repr, missing))}.")
