"""Stores and warehouses in the store."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

import domain.geo
from datasources.store import engine, rows
from datasources.store.sql import among
from datasources.store.tables import locations
from domain.geo import Box, Coordinates
from domain.locations import Location, LocationStatus


class SqlLocations:
    """Reads locations."""

    def __init__(self, readers: AsyncEngine) -> None:
        self._readers = readers

    async def locations(self, ids: Sequence[str]) -> Sequence[Location | None]:
        found = await engine.rows(self._readers, select(locations).where(among(locations.c.id, ids)))
        by_id = {row.id: rows.to_location(row) for row in found}
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
        return [rows.to_location(row) for row in await engine.rows(self._readers, statement)]


if TYPE_CHECKING:
    from datasources.ports.locations import LocationSource

    _port: type[LocationSource] = SqlLocations
