"""Loaders: per-object calls of one operation, gathered into one call of a batch resolver per level."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiodataloader import DataLoader

Batch = Callable[[Any, Sequence[Any]], Awaitable[Sequence[Any]]]


class WrongLength(Exception):
    """A batch resolver did not return one result per object: a mistake in the resolver, never in the question."""


async def call(resolve: Batch, ctx: Any, objects: Sequence[Any], *, name: str) -> list[Any]:
    """Call a batch resolver and hold it to its contract: one result per object, in the order of the objects.

    Raises:
        WrongLength: it returned more or fewer.
    """
    results = list(await resolve(ctx, objects))
    if len(results) != len(objects):
        raise WrongLength(f"{name} returned {len(results)} results for {len(objects)} objects")
    return results


def loader(loaders: dict[Any, Any], key: Any, ctx: Any, resolve: Batch, *, name: str) -> DataLoader[Any, Any]:
    """The loader that gathers under this key now. It goes with its batch: nothing is remembered, nothing piles up."""
    found = loaders.get(key)
    if found is None:

        async def load(objects: list[Any]) -> list[Any]:
            loaders.pop(key, None)
            return await call(resolve, ctx, objects, name=name)

        found = loaders[key] = DataLoader(load, cache=False)
    return found
