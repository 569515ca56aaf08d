"""What we ask of whoever keeps stores and warehouses."""

from collections.abc import Sequence
from typing import Protocol

from domain.geo import Box
from domain.locations import Location


class LocationSource(Protocol):
    """Stores, warehouses and cloud warehouses."""

    async def locations(self, ids: Sequence[str]) -> Sequence[Location | None]:
        """Locations by id, in the order asked; an unknown id gives None."""
        ...

    async def within(self, box: Box, *, limit: int) -> Sequence[Location]:
        """Open locations whose WGS-84 position lies in the box, by id; at most `limit` of them."""
        ...
