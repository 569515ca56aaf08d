"""What we ask of whoever keeps stores and warehouses."""

from collections.abc import Sequence
from typing import Protocol

from domain.geo import Box, Coordinates
from domain.locations import Location


class LocationSource(Protocol):
    """Stores, warehouses and cloud warehouses."""

    async def locations(self, ids: Sequence[str]) -> Sequence[Location | None]:
        """Locations by id, in the order asked; an unknown id gives None."""
        ...

    async def within(self, box: Box, *, limit: int, around: Coordinates | None = None) -> Sequence[Location]:
        """At most `limit` of the open locations whose WGS-84 position lies in the box.

        The first by id; or, around a point, those that are nearest by `domain.geo.flat_order`, ties by id.
        """
        ...
