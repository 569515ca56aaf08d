"""Lines of whatever kind: the variant and the location that each is about."""

from collections.abc import Sequence
from typing import Protocol

from domain.catalog import Variant
from domain.locations import Location
from resolvers.context import Context


class OfSku(Protocol):
    """Whatever is of one sku."""

    @property
    def sku(self) -> str:
        """The variant's sku."""
        ...


class AtLocation(Protocol):
    """Whatever is at one location."""

    @property
    def location_id(self) -> str:
        """The location's key."""
        ...


async def variant_of(ctx: Context, lines: Sequence[OfSku]) -> Sequence[Variant | None]:
    """The variant of each."""
    return await ctx.sources.catalog.variants([line.sku for line in lines])


async def location_of(ctx: Context, lines: Sequence[AtLocation]) -> Sequence[Location | None]:
    """The location of each."""
    return await ctx.sources.locations.locations([line.location_id for line in lines])
