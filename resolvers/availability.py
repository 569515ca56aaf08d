"""Use cases on availability: which store has it, how many, how far, from when, and how old the word is."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import domain.availability
import domain.geo
import domain.locations
from domain.availability import Availability, Sight, StockSignal
from domain.catalog import Variant
from domain.geo import Coordinates
from domain.locations import Location
from domain.stock import StockLevel
from domain.viewers import Scope
from resolvers import locations, paging, stock_vector
from resolvers.context import Context
from resolvers.errors import BadQuestion

MAX_OFFERS = 50
USUAL_OFFERS = 10
MOST_ASKED = 500
"""How many of the nearest stores are asked at most, where nearer ones do not have enough of something."""
Place = tuple[Location, float | None]
"""A location and how far off it is."""
Found = tuple[str, Location, float | None, StockLevel | None]
"""A sku, where it was looked for, how far off that is, and the level there."""


class Offer(NamedTuple):
    """What one location offers of one variant to one viewer at an instant; a tuple, for a page makes hundreds."""

    sku: str
    location: Location
    distance_km: float | None
    availability: Availability
    level: StockLevel | None
    at: datetime


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
    for reach in (2 * most, 10 * most, MOST_ASKED):
        places = await locations.nearest(ctx, near, radius_km=radius_km, capability=None, first=reach)
        around = [(nearby.location, nearby.distance_km) for nearby in places]
        found = await _offers_at(ctx, variants, around, most, is_named=False, only_available=only_available)
        if len(places) < reach or all(len(offers) == most for offers in found):
            break
    return found


def offered(
    ctx: Context,
    found: Sequence[tuple[str, Location, StockLevel | None]],
    *,
    near: Coordinates | None,
    at: datetime,
) -> Sequence[Offer]:
    """Offers of levels that were looked at before, as this viewer may see them."""
    return _made([(sku, place, _distance_km(near, place), level) for sku, place, level in found], sight(ctx, at))


def sight(ctx: Context, at: datetime | None = None) -> Sight:
    """How this viewer looks at levels, at the instant of this operation or at another one."""
    return Sight(
        now=at or stock_vector.instant(ctx),
        channel=ctx.channel,
        low_threshold=ctx.policies.low_stock_threshold,
        freshness_of=ctx.policies.freshness_of,
        sees_numbers=ctx.viewer.may(Scope.STOCK_READ),
    )


async def ready_at(ctx: Context, offers: Sequence[Offer]) -> Sequence[datetime | None]:
    """When each offer could be handed over, computed once per location; hardly ever are they of two instants."""
    places = {offer.location.id: offer.location for offer in offers}
    found = {
        at: {id: domain.locations.ready_at(place, at) for id, place in places.items()}
        for at in {offer.at for offer in offers}
    }
    return [found[offer.at][offer.location.id] for offer in offers]


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
    levels = await stock_vector.levels(ctx, skus, ids)
    by_sku: dict[str, list[Offer]] = {sku: [] for sku in skus}
    found: Sequence[Found] = [
        (sku, place, distance_km, level)
        for sku in by_sku
        for place, distance_km in places
        if (level := levels.get((sku, place.id))) is not None or is_named
    ]
    made = _made(found, sight(ctx))
    for offer in made:
        if not only_available or offer.availability.signal in _AVAILABLE:
            by_sku[offer.sku].append(offer)
    return [by_sku[sku][:most] for sku in skus]


def _distance_km(near: Coordinates | None, place: Location) -> float | None:
    return domain.geo.distance_km(near, place.coordinates) if near and place.coordinates else None


def _made(found: Sequence[Found], sight: Sight) -> Sequence[Offer]:
    """Offers of what was found."""
    shown = domain.availability.seen([level for _, _, _, level in found], sight)
    return [
        Offer(sku, place, distance_km, availability, level, sight.now)
        for (sku, place, distance_km, level), availability in zip(found, shown, strict=True)
    ]
