"""Waiting: values of a column that are still to come, awaited together."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import cache
from typing import Any

from execution.columns import Eventually


def settled(values: Sequence[Any]) -> Eventually[Sequence[Any]]:
    """Give the values, once those of them that are awaitable have come; an exception takes its slot."""
    if not any(map(_is_awaitable, set(map(type, values)))):
        return values
    return _all(values)


async def _all(values: Sequence[Any]) -> Sequence[Any]:
    return await asyncio.gather(*(_one(value) for value in values))


async def _one(value: Any) -> Any:
    if not isinstance(value, Awaitable):
        return value
    try:
        return await value
    except Exception as error:
        return error


@cache
def _is_awaitable(kind: type) -> bool:
    return issubclass(kind, Awaitable)
