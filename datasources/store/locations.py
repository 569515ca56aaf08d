"""Stores and warehouses in the store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncEngine

import domain.geo
from datasources.store.engine import rows
from datasources.store.sql import among
from datasources.store.tables import locations
from domain.geo import Box, Coordinates, CoordinateSystem
from domain.locations import Capability, DeliveryZone, Location, LocationStatus, LocationType
from domain.opening import OpenInterval


class SqlLocations:
    """Reads locations."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def locations(self, ids: Sequence[str]) -> Sequence[Location | None]:
        found = await rows(self._engine, select(locations).where(among(locations.c.id, ids)))
        by_id = {row.id: _location(row) for row in found}
        return [by_id.get(id) for id in ids]

    async def within(self, box: Box, *, limit: int, around: Coordinates | None = None) -> Sequence[Location]:
        at = (locations.c.wgs84_latitude, locations.c.wgs84_longitude)
        statement = (
            select(locations)
            .where(
                at[0].between(box.south, box.north),
                at[1].between(box.west, box.east),
                locations.c.status == LocationStatus.OPEN.value,
            )
            .order_by(*([domain.geo.flat_order(around)(*at)] if around else []), locations.c.id)
            .limit(limit)
        )
        return [_location(row) for row in await rows(self._engine, statement)]


def _location(row: Row[Any]) -> Location:
    return Location(
        id=row.id,
        type=LocationType(row.type),
        name=row.name,
        address=row.address,
        city=row.city,
        coordinates=_coordinates(row),
        time_zone=row.time_zone,
        hours=tuple(OpenInterval(*interval) for interval in row.hours),
        capabilities=frozenset(map(Capability, row.capabilities)),
        prep_minutes=row.prep_minutes,
        daily_capacity=row.daily_capacity,
        delivery_zone=_zone(row.delivery_zone),
        status=LocationStatus(row.status),
        store_group=row.store_group,
    )


def _coordinates(row: Row[Any]) -> Coordinates | None:
    if row.latitude is None:
        return None
    return Coordinates(row.latitude, row.longitude, CoordinateSystem(row.coordinate_system))


def _zone(stored: dict[str, Any] | None) -> DeliveryZone | None:
    if stored is None:
        return None
    corners = (Coordinates(lat, lon, CoordinateSystem(system)) for lat, lon, system in stored["polygon"])
    return DeliveryZone(radius_km=stored["radius_km"], polygon=tuple(corners))


if TYPE_CHECKING:
    from datasources.ports.locations import LocationSource

    _port: type[LocationSource] = SqlLocations
