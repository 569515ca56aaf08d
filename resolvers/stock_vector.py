"""The version vector of one operation: whoever reads a level in it sees the same version of it, at the same instant.

Kept in the operation's own context, for as long as that takes; a write in it makes the vector begin anew (STK-11).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from domain.stock import Key, StockLevel
from resolvers.context import Context

_KEPT_AS = "stock vector"


class _Vector:
    """The instant of looking, the levels seen, and of which skus at which locations they were all there were."""

    __slots__ = ("asked", "at", "levels")

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.levels: dict[Key, StockLevel] = {}
        self.asked: list[tuple[frozenset[str], frozenset[str]]] = []

    def knows(self, key: Key) -> bool:
        """Whether the level was seen, or seen not to be there."""
        return key in self.levels or any(key[0] in skus and key[1] in places for skus, places in self.asked)


def begin(ctx: Context, at: datetime) -> None:
    """Let this operation look at stock as of an instant, unless it did already."""
    ctx.loaders.setdefault(_KEPT_AS, _Vector(at))


def instant(ctx: Context) -> datetime:
    """When this operation looks at stock: once, so that no hold ends between two of its fields."""
    return _vector(ctx).at


async def levels(ctx: Context, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
    """The levels that exist of these skus at these locations, each as it was first seen in this operation."""
    return settled(ctx, skus, location_ids, await ctx.sources.stock.levels(skus, location_ids))


def settled(
    ctx: Context, skus: Collection[str], location_ids: Collection[str], found: Mapping[Key, StockLevel]
) -> Mapping[Key, StockLevel]:
    """All that was found of these skus at these locations, but as this operation saw it before, where it did."""
    vector = _vector(ctx)
    if vector.asked:
        seen = vector.levels
        found = {key: seen.get(key, level) for key, level in found.items() if key in seen or not vector.knows(key)}
    vector.levels.update(found)
    vector.asked.append((frozenset(skus), frozenset(location_ids)))
    return found


def forget(ctx: Context) -> None:
    """Begin anew: something was written."""
    ctx.loaders.pop(_KEPT_AS, None)


def _vector(ctx: Context) -> _Vector:
    vector: _Vector | None = ctx.loaders.get(_KEPT_AS)
    if vector is None:
        vector = ctx.loaders[_KEPT_AS] = _Vector(ctx.clock())
    return vector
