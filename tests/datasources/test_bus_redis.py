"""Over Redis, processes hear each other, and a lost connection costs nothing but time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

import pytest
import redis.asyncio

from datasources.bus.redis import RedisBus
from datasources.ports.errors import Unavailable
from domain.events import Event, Topic
from tests.builders import NOW

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0
NOWHERE = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def process(url: str) -> AsyncIterator[RedisBus]:
    """What one server process holds of the bus."""
    bus = RedisBus(url)
    await bus.open()
    yield bus
    closed, _ = await asyncio.wait([asyncio.create_task(bus.close())], timeout=PATIENCE_S)
    assert closed, "the bus does not close"


def event(position: int) -> Event:
    """Something that happened to one key."""
    return Event(Topic.STOCK_CHANGED, "DJ01-L@SH001", position, {}, NOW, position)


async def last(batches: AsyncIterator[Sequence[Event]]) -> int:
    """The latest position that has arrived."""
    return (await asyncio.wait_for(anext(batches), PATIENCE_S))[-1].position


async def test_what_one_process_publishes_the_others_hear(redis_url: str) -> None:
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(process(redis_url)) for _ in range(3)]
        listeners = [
            await stack.enter_async_context(bus.listen(Topic.STOCK_CHANGED, ["DJ01-L@SH001"])) for bus in processes
        ]
        await processes[0].publish([event(1)])
        assert [await last(batches) for batches in listeners] == [1, 1, 1]
        await processes[2].publish([event(2)])
        assert [await last(batches) for batches in listeners] == [2, 2, 2]


async def test_a_reader_whose_connection_is_cut_goes_on_where_it_was(redis_url: str) -> None:
    async with process(redis_url) as bus, bus.listen(Topic.STOCK_CHANGED, None) as batches:
        await bus.publish([event(1)])
        assert await last(batches) == 1
        assert await _cut_connections(redis_url) > 0
        async with process(redis_url) as other:
            await other.publish([event(2)])
        assert await last(batches) == 2


async def test_a_process_that_starts_hears_what_comes_not_what_was(redis_url: str) -> None:
    async with process(redis_url) as early:
        await early.publish([event(1)])
        async with process(redis_url) as late, late.listen(Topic.STOCK_CHANGED, None) as batches:
            await early.publish([event(2)])
            assert await last(batches) == 2


async def test_a_redis_that_is_away_is_said_to_be_unavailable() -> None:
    bus = RedisBus(NOWHERE)
    for attempt in (bus.open, bus.ping, lambda: bus.publish([event(1)])):
        with pytest.raises(Unavailable):
            await attempt()
    await bus.close()


async def _cut_connections(url: str) -> int:
    """Cut every connection to our own database of this Redis; how many there were."""
    number = urlsplit(url).path.strip("/")
    async with redis.asyncio.from_url(url) as client:
        mine = await client.client_id()
        ids = [c["id"] for c in await client.client_list() if c["db"] == number and c["id"] != str(mine)]
        return sum([await client.client_kill_filter(_id=id) for id in ids])
