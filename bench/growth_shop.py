"""What the shops of the growth benchmark share: how one is opened, what is asked of it, and how a rise is told."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import asyncpg

import compose
import settings
from compose import World

Ask = Callable[[int], Awaitable[object]]
"""One try; the number is unique in the run."""
Asks = Mapping[str, Ask]
"""What is asked of an open shop, by the name of the figure."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What grows: a shop can be opened with few of it or with many."""

    figure: str
    """The worst of what is asked; the other figures begin with it."""
    of: str
    few: int
    many: int
    opened: Callable[[str, int], AbstractAsyncContextManager[Asks]]
    """Plant a shop with so many in a new database, and open it."""


async def settled(database_url: str) -> None:
    """Bring a PostgreSQL that was planted at one go to where its autovacuum brings it; SQLite has no such thing."""
    if database_url.startswith("postgresql"):
        connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
        await connection.execute("VACUUM ANALYZE")
        await connection.close()


@asynccontextmanager
async def world(database_url: str) -> AsyncIterator[World]:
    """Open a planted database without memory: every question goes to the database."""
    found = compose.world(settings.load(database_url=database_url, bus_url="memory://", cache_products=0))
    try:
        yield found
    finally:
        await found.bus.close()
        await found.store.close()


@asynccontextmanager
async def cached_world(database_url: str) -> AsyncIterator[World]:
    """Open a planted database as a worker does that serves: what it read it holds, as long as it hears of events."""
    async with compose.alive(found := compose.world(settings.load(database_url=database_url, bus_url="memory://"))):
        yield found


def progress(count: int, step: int, of: str) -> Iterator[int]:
    """Steps until the count is reached; said on the side, for it takes a while."""
    for done in range(0, count, step):
        yield done
        print(f"\r{min(done + step, count):>9,} of {count:,} {of}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
