"""Waiting: values that may be still to come, awaited together; whoever stops waiting leaves nobody at work."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from functools import cache
from types import CoroutineType
from typing import Any, TypeAlias, TypeGuard, TypeVar, cast

T = TypeVar("T")
U = TypeVar("U")
Eventually: TypeAlias = T | Coroutine[Any, Any, T]


def is_to_come(value: Eventually[T]) -> TypeGuard[Coroutine[Any, Any, T]]:
    """Say whether a value must be awaited. Ours are always coroutines of `async def`, never anything awaitable."""
    return isinstance(value, CoroutineType)


async def arrived(value: Eventually[T]) -> T:
    """The value, awaited where it must be."""
    return await value if is_to_come(value) else cast("T", value)


def then(value: Eventually[T], follow: Callable[[T], Eventually[U]]) -> Eventually[U]:
    """Go on with a value now if it is there, else when it comes: what needs no waiting costs no coroutine."""
    if is_to_come(value):
        return _when_there(value, follow)
    return follow(cast("T", value))


async def _when_there(value: Awaitable[T], follow: Callable[[T], Eventually[U]]) -> U:
    return await arrived(follow(await value))


class GaveUp(Exception):
    """A resolver was cancelled by somebody other than us: an error of its field, not the end of the operation."""


async def together(awaitables: Iterable[Awaitable[T]]) -> list[T]:
    """Await all of them at once. When one raises, or we are cancelled, the others are cancelled and have ended."""
    tasks = [asyncio.ensure_future(awaitable) for awaitable in awaitables]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def outcome(awaitable: Awaitable[T]) -> T | Exception:
    """What it gives, or the exception that it raises; our own cancellation passes through."""
    try:
        return await awaitable
    except Exception as error:
        return error
    except asyncio.CancelledError:
        here = asyncio.current_task()
        if here is None or here.cancelling():
            raise
        return GaveUp("cancelled, though nobody here asked for it")


def settled(values: Sequence[Any]) -> Eventually[Sequence[Any]]:
    """Give the values, once those of them that are awaitable have come; an exception takes its slot."""
    if not any(map(is_awaitable, set(map(type, values)))):
        return values
    return _all(values)


async def _all(values: Sequence[Any]) -> Sequence[Any]:
    came = list(values)
    slots = [slot for slot, value in enumerate(values) if is_awaitable(value.__class__)]
    for slot, value in zip(slots, await together(outcome(values[slot]) for slot in slots), strict=True):
        came[slot] = value
    return came


@cache
def is_awaitable(kind: type) -> bool:
    """Say whether values of a class can be awaited."""
    return issubclass(kind, Awaitable)
