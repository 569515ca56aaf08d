"""Use cases on locations: which stores are near, and what stands behind an id or a code."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import domain.geo
import domain.locations
from domain.geo import Box, Coordinates, CoordinateSystem
from domain.locations import Capability, Location, LocationType, Nearby
from domain.pages import Page
from resolvers import ids, paging
from resolvers.context import Context
from resolvers.errors import BadQuestion, NotAllowed
from resolvers.paging import Connection

FIRST_RING_KM = 4.0
WIDEST_KM = 200.0
AT_LEAST = 8
"""How many locations of a ring are read at least, so that only where more stand it is looked at twice."""
MOST_IN_A_BOX = 2_000
"""Beyond this many locations a box is read in halves."""
SMALLEST_BOX_DEGREES = 1e-4
"""Ten metres: no halves are smaller, whatever is piled up there."""


async def stores(
    ctx: Context,
    roots: Sequence[None],
    *,
    near: Coordinates,
    radius_km: float = 50.0,
    capability: Capability | None = None,
    first: int = 24,
    after: str | None = None,
) -> Sequence[Connection[Nearby]]:
    """Stores by distance, ties by id (LOC-2)."""
    size = paging.checked_first(first)
    skipped = paging.decode(after, kinds=(float, str))
    start = (float(skipped[0]), str(skipped[1])) if skipped else None
    found = await nearest(ctx, near, radius_km=radius_km, capability=capability, first=size + 1, after=start)
    page = [(nearby, (float(nearby.distance_km), nearby.location.id)) for nearby in found]
    return [paging.connection(Page(page[:size], has_next=len(page) > size))]


async def location(ctx: Context, roots: Sequence[None], *, id: str) -> Sequence[Location | None]:
    """One location, by its id or by the merchant's own code."""
    return await ctx.sources.locations.locations([ids.key_of("Location", id)])


async def locations_by_ids(ctx: Context, location_ids: Sequence[str]) -> Sequence[Location | None]:
    """Locations by key, in the order asked."""
    return await ctx.sources.locations.locations(location_ids)


class Located(Protocol):
    """A refusal that is about a location."""

    @property
    def location(self) -> str:
        """The location's key."""
        ...


async def of_refusals(ctx: Context, refusals: Sequence[Located]) -> Sequence[Location | None]:
    """The location that each refusal is about."""
    return await ctx.sources.locations.locations([refusal.location for refusal in refusals])


async def known(ctx: Context, reference: str) -> Location:
    """The location behind an id or a code.

    Raises:
        BadQuestion: UNKNOWN_LOCATION.
    """
    return (await all_known(ctx, [reference]))[0]


async def own(ctx: Context, reference: str) -> Location:
    """The location behind an id or a code, where the viewer acts for it.

    Raises:
        BadQuestion: UNKNOWN_LOCATION, or FORBIDDEN where an associate asks for another store.
    """
    place = await known(ctx, reference)
    if not ctx.viewer.acts_for(place.id):
        raise NotAllowed("FORBIDDEN", f"Your token is for {ctx.viewer.location_id}, not for {place.id}.")
    return place


async def all_known(ctx: Context, references: Sequence[str]) -> Sequence[Location]:
    """The locations behind ids or codes.

    Raises:
        BadQuestion: UNKNOWN_LOCATION, naming those that are not there.
    """
    found = await ctx.sources.locations.locations([ids.key_of("Location", reference) for reference in references])
    missing = [reference for reference, location in zip(references, found, strict=True) if location is None]
    if missing:
        raise BadQuestion("UNKNOWN_LOCATION", f"No location has the id or code {', '.join(map(repr, missing))}.")
    return [location for location in found if location is not None]


async def nearest(
    ctx: Context,
    near: Coordinates,
    *,
    radius_km: float,
    capability: Capability | None,
    first: int,
    after: tuple[float, str] | None = None,
    types: frozenset[LocationType] = frozenset({LocationType.STORE}),
) -> Sequence[Nearby]:
    """The nearest locations of these types beyond `after`, by rings that widen until enough are found.

    A ring costs one statement, one more where more stand in it than are asked for, and there are at most seven; how
    many locations there are elsewhere, or how close they stand, costs nothing.
    """
    if not 0 < radius_km <= WIDEST_KM:
        raise BadQuestion("BAD_ARGUMENT", f"radiusKm must be above 0 and at most {WIDEST_KM:g}; it was {radius_km:g}.")

    def measured(places: Sequence[Location], ring_km: float) -> Sequence[Nearby]:
        asked = [place for place in places if place.type in types]
        found = domain.locations.nearest(asked, near, radius_km=ring_km, capability=capability)
        return [n for n in found if after is None or (n.distance_km, n.location.id) > after]

    ring_km = min(radius_km, max(FIRST_RING_KM, 2 * after[0] if after else 0))
    most = max(first, AT_LEAST)
    while True:
        some = await ctx.sources.locations.within(domain.geo.bounding_box(near, ring_km), limit=most, around=near)
        found = measured(some, ring_km)
        if len(some) == most and len(found) >= first:
            break
        if len(some) == most:
            most *= 4
        elif len(found) >= first or ring_km == radius_km:
            return found[:first]
        else:
            ring_km = min(2 * ring_km, radius_km)
    # These were chosen on a flat map; whoever is nearer on the globe stands in the ring of the last of them.
    ring_km, met = found[first - 1].distance_km, {place.id for place in some}
    others = [place for place in await _within(ctx, domain.geo.bounding_box(near, ring_km)) if place.id not in met]
    return sorted([*found, *measured(others, ring_km)], key=lambda n: (n.distance_km, n.location.id))[:first]


async def _within(ctx: Context, box: Box) -> Sequence[Location]:
    """Every open location in the box, read in halves where there are more than one answer holds."""
    found = await ctx.sources.locations.within(box, limit=MOST_IN_A_BOX)
    middle = (box.south + box.north) / 2, (box.west + box.east) / 2
    if len(found) < MOST_IN_A_BOX or max(box.north - box.south, box.east - box.west) < SMALLEST_BOX_DEGREES:
        return found
    if box.north - box.south > box.east - box.west:
        halves = replace(box, north=middle[0]), replace(box, south=middle[0])
    else:
        halves = replace(box, east=middle[1]), replace(box, west=middle[1])
    return list({place.id: place for half in halves for place in await _within(ctx, half)}.values())


async def coordinates(
    ctx: Context, places: Sequence[Location], *, system: CoordinateSystem = CoordinateSystem.WGS84
) -> Sequence[Coordinates | None]:
    """Where each location is, in this coordinate system."""
    return [place.coordinates and domain.geo.convert(place.coordinates, system) for place in places]


def point(latitude: float, longitude: float, system: CoordinateSystem) -> Coordinates:
    """Take a point that a client sent.

    Raises:
        BadQuestion: BAD_COORDINATES, there is no such point.
    """
    try:
        return Coordinates(latitude, longitude, system)
    except ValueError as error:
        raise BadQuestion("BAD_COORDINATES", f"{error}. Latitude goes from -90 to 90, longitude -180 to 180.") from None
