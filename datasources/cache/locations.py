"""Locations, cached: by id, and all open ones on one map, so that a page asks the store for no ring of it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from operator import attrgetter
from typing import TYPE_CHECKING

import domain.geo
from datasources.cache.cache import Cache
from datasources.ports.locations import LocationSource
from domain.geo import Box, Coordinates, CoordinateSystem
from domain.locations import Location

EVERYWHERE = Box(-90.0, -180.0, 90.0, 180.0)


@dataclass(frozen=True, slots=True)
class Map:
    """Open locations from south to north, each with its WGS-84 latitude and longitude."""

    latitudes: Sequence[float]
    places: Sequence[tuple[float, float, Location]]

    def within(self, box: Box, *, limit: int, around: Coordinates | None) -> list[Location]:
        """At most so many of those that lie in the box, edges included: by id, or the nearest to a point."""
        first, last = bisect_left(self.latitudes, box.south), bisect_right(self.latitudes, box.north)
        found = [place for place in self.places[first:last] if box.west <= place[1] <= box.east]
        if around is None:
            return sorted([place for _, _, place in found], key=attrgetter("id"))[:limit]
        order = domain.geo.flat_order(around)
        ordered = [(order(latitude, longitude), place.id, place) for latitude, longitude, place in found]
        return [place for _, _, place in nsmallest(limit, ordered)]


def drawn(places: Iterable[Location]) -> Map:
    """Put locations on a map."""
    points = ((domain.geo.convert(p.coordinates, CoordinateSystem.WGS84), p) for p in places if p.coordinates)
    rows = sorted([(point.latitude, point.longitude, place) for point, place in points], key=lambda row: row[:2])
    return Map([latitude for latitude, _, _ in rows], rows)


class CachedLocations:
    """Stores, warehouses and cloud warehouses. Where more of them are open than may be held, boxes are not cached."""

    def __init__(self, source: LocationSource, *, most: int) -> None:
        self._source = source
        self._most = most
        self._by_id: Cache[str, Location | None] = Cache(source.locations, most=most)
        self._map: Cache[Box, Map | None] = Cache(self._draw, most=4)

    @property
    def caches(self) -> Sequence[Cache[str, Location | None] | Cache[Box, Map | None]]:
        """Everything that is held here."""
        return (self._by_id, self._map)

    async def locations(self, ids: Sequence[str]) -> Sequence[Location | None]:
        return await self._by_id.many(ids)

    async def within(self, box: Box, *, limit: int, around: Coordinates | None = None) -> Sequence[Location]:
        (all_open,) = await self._map.many([EVERYWHERE])
        if all_open is None:
            return await self._source.within(box, limit=limit, around=around)
        return all_open.within(box, limit=limit, around=around)

    def changed(self, id: str) -> None:
        """Forget a location, and the map it may stand on."""
        self._by_id.drop(id)
        self._map.clear()

    async def _draw(self, boxes: list[Box]) -> Sequence[Map | None]:
        found = await self._source.within(EVERYWHERE, limit=self._most + 1)
        return [drawn(found) if len(found) <= self._most else None for _ in boxes]


if TYPE_CHECKING:
    _port: type[LocationSource] = CachedLocations
