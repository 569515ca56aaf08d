"""Over Redis, processes hear each other, and a lost connection costs nothing but time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import pytest
import redis.asyncio

from datasources.bus.redis import RedisBus
from datasources.ports.errors import Unavailable
from datasources.ports.events import Heard, Missed
from domain.events import Event, Topic
from tests import servers
from tests.datasources.logs import KeptLog

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0
NOWHERE = "redis://127.0.0.1:1/0"
STOCK = Topic.STOCK_CHANGED


@asynccontextmanager
async def process(url: str, log: KeptLog) -> AsyncIterator[RedisBus]:
    """What one server process holds of the bus."""
    bus = RedisBus(url)
    await bus.open(log)
    yield bus
    closed, _ = await asyncio.wait([asyncio.create_task(bus.close())], timeout=PATIENCE_S)
    assert closed, "the bus does not close"


async def events(batches: AsyncIterator[Heard]) -> Sequence[Event]:
    """What has arrived."""
    found = await asyncio.wait_for(anext(batches), PATIENCE_S)
    assert not isinstance(found, Missed)
    return found


async def last(batches: AsyncIterator[Heard]) -> int:
    """The latest position that has arrived."""
    return (await events(batches))[-1].position


async def test_what_one_process_publishes_the_others_hear(redis_url: str) -> None:
    log = KeptLog()
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(process(redis_url, log)) for _ in range(3)]
        listeners = [await stack.enter_async_context(bus.listen(STOCK, ["a"])) for bus in processes]
        await processes[0].publish(log.add("a"))
        assert [await last(batches) for batches in listeners] == [1, 1, 1]
        await processes[2].publish(log.add("a"))
        assert [await last(batches) for batches in listeners] == [2, 2, 2]


async def test_a_reader_whose_connection_is_cut_goes_on_where_it_was(redis_url: str) -> None:
    log = KeptLog()
    async with process(redis_url, log) as bus, bus.listen(STOCK, None) as batches:
        await bus.publish(log.add("a"))
        assert await last(batches) == 1
        assert await _cut_connections(redis_url) > 0
        async with process(redis_url, log) as other:
            await other.publish(log.add("a"))
        assert await last(batches) == 2


async def test_a_process_that_starts_hears_what_comes_not_what_was(redis_url: str) -> None:
    log = KeptLog()
    async with process(redis_url, log) as early:
        await early.publish(log.add("a"))
        async with process(redis_url, log) as late, late.listen(STOCK, None) as batches:
            await early.publish(log.add("b"))
            assert [e.key for e in await events(batches)] == ["b"]


async def test_a_stream_that_nobody_writes_to_is_gone_after_a_day(redis_url: str) -> None:
    """Databases come and go, and each has a stream of its own."""
    log = KeptLog()
    async with process(redis_url, log) as bus, redis.asyncio.from_url(redis_url) as client:
        await bus.publish(log.add("a"))
        assert 0 < await client.ttl("commerce:events:log") <= 24 * 3_600


async def test_two_databases_on_one_redis_do_not_hear_each_other(redis_url: str) -> None:
    here, there = KeptLog("here"), KeptLog("there")
    async with process(redis_url, here) as bus, process(redis_url, there) as other, bus.listen(STOCK, None) as batches:
        await other.publish(there.add("theirs", "theirs", "theirs"))
        await bus.publish(here.add("ours"))
        assert [(e.key, e.position) for e in await events(batches)] == [("ours", 1)]


async def test_a_database_made_anew_is_heard_from_its_first_event(redis_url: str) -> None:
    """Positions begin again at one; nobody may take them for the old ones."""
    old, new = KeptLog("old"), KeptLog("new")
    async with process(redis_url, old) as bus:
        await bus.publish(old.add("a", "b", "c"))
    async with process(redis_url, new) as bus, bus.listen(STOCK, None) as batches:
        await bus.publish(new.add("z"))
        assert [(e.key, e.position) for e in await events(batches)] == [("z", 1)]


async def test_what_redis_forgot_while_nobody_could_hear_it_is_read_from_the_log(redis_url: str) -> None:
    log = KeptLog()
    async with process(redis_url, log) as bus, bus.listen(STOCK, None) as batches:
        await bus.publish(log.add("a"))
        assert await last(batches) == 1
        servers.flush(redis_url)
        log.add("b", "c")
        await _cut_connections(redis_url)
        assert [e.key for e in await events(batches)] == ["b", "c"]


async def test_what_never_comes_by_redis_is_read_from_the_log_once_it_is_quiet(redis_url: str) -> None:
    """It takes no writes, or was emptied while everybody stayed connected."""
    log = KeptLog()
    async with process(redis_url, log) as bus, bus.listen(STOCK, None) as batches:
        log.add("a")
        assert await last(batches) == 1
        await bus.publish(log.add("b"))
        assert await last(batches) == 2


async def test_an_entry_that_cannot_be_read_is_read_from_the_log(redis_url: str) -> None:
    log = KeptLog()
    async with process(redis_url, log) as bus, bus.listen(STOCK, None) as batches:
        log.add("a")
        async with redis.asyncio.from_url(redis_url) as client:
            await client.xadd("commerce:events:log", {"event": "{"})
        assert [(e.key, e.position) for e in await events(batches)] == [("a", 1)]


async def test_a_redis_that_is_away_is_said_to_be_unavailable() -> None:
    bus, log = RedisBus(NOWHERE), KeptLog()
    for attempt in (partial(bus.open, log), bus.ping, partial(bus.publish, log.add("a"))):
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
