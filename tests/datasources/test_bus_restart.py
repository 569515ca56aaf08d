"""Redis is killed while events flow, and begins anew with nothing: every listener ends with every final value.

Slow, for it is a Redis of the test's own that is started four times, and two workers wait for it each time.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from functools import partial
from urllib.parse import urlsplit

import pytest
import redis as redis_py

import compose
import resolvers.relay
from datasources.bus.redis import RedisBus
from datasources.ports.errors import Unavailable
from datasources.ports.events import Heard, Missed
from domain.events import Event, Topic
from tests import throwaway
from tests.builders import NOW
from tests.datasources.cached import Worker, worker

pytestmark = pytest.mark.anyio

KEYS = [f"DJ01-{n}@SH001" for n in range(5)]
PATIENCE_S = 30.0
LAST = 60


class Mortal:
    """A Redis of the test's own, that dies and begins anew on the same port."""

    def __init__(self) -> None:
        self._life = ExitStack()
        self.url = self._life.enter_context(throwaway.redis())

    def restart(self) -> None:
        """Lose everything."""
        self.die()
        self._life.enter_context(throwaway.redis(urlsplit(self.url).port))

    def die(self) -> None:
        """End, and keep nothing."""
        self._life.close()


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    try:
        redis = Mortal()
    except throwaway.NoServer as missing:
        pytest.skip(str(missing))
    yield redis
    redis.die()


@asynccontextmanager
async def serving(database_url: str, redis: Mortal) -> AsyncIterator[Worker]:
    """A worker whose relay runs."""
    async with (
        worker(database_url, RedisBus(redis.url)) as opened,
        compose.running(partial(resolvers.relay.run, opened.store.log, opened.bus)),
    ):
        yield opened


async def last_heard(batches: AsyncIterator[Heard]) -> dict[str, int]:
    """The versions a listener holds once it has heard the last of every key; they only rise."""
    held = dict.fromkeys(KEYS, 0)
    while set(held.values()) != {LAST}:
        events = await asyncio.wait_for(anext(batches), PATIENCE_S)
        assert not isinstance(events, Missed)
        for event in events:
            assert event.version > held[event.key]
            held[event.key] = event.version
    return held


async def test_a_redis_whose_memory_is_full_is_not_ready_and_everybody_hears_all_the_same_LIV_3(
    migrated_postgres_url: str, mortal: Mortal
) -> None:
    async with AsyncExitStack() as stack:
        workers = [await stack.enter_async_context(serving(migrated_postgres_url, mortal)) for _ in range(2)]
        boxes = [await stack.enter_async_context(one.bus.listen(Topic.STOCK_CHANGED, KEYS)) for one in workers]
        with redis_py.Redis.from_url(mortal.url) as client:
            client.config_set("maxmemory", "1")
            async with workers[0].store.work() as work:
                await work.tell([Event(Topic.STOCK_CHANGED, key, LAST, {}, NOW) for key in KEYS])
            with pytest.raises(Unavailable):
                await workers[0].bus.ping()
            assert [await last_heard(batches) for batches in boxes] == [dict.fromkeys(KEYS, LAST)] * 2
            client.config_set("maxmemory", "0")
        await workers[0].bus.ping()


async def test_when_redis_is_killed_and_begins_anew_every_listener_gets_every_final_value_LIV_3(
    migrated_postgres_url: str, mortal: Mortal
) -> None:
    async with AsyncExitStack() as stack:
        workers = [await stack.enter_async_context(serving(migrated_postgres_url, mortal)) for _ in range(2)]
        heard = [
            asyncio.create_task(last_heard(await stack.enter_async_context(one.bus.listen(Topic.STOCK_CHANGED, KEYS))))
            for one in workers
            for _ in range(2)
        ]
        for version in range(1, LAST + 1):
            async with workers[version % 2].store.work() as work:
                await work.tell([Event(Topic.STOCK_CHANGED, key, version, {}, NOW) for key in KEYS])
            if version in (LAST // 3, LAST * 2 // 3, LAST):
                await asyncio.to_thread(mortal.restart)
        assert await asyncio.gather(*heard) == [dict.fromkeys(KEYS, LAST)] * 4
        log = await workers[0].store.log.after(0, limit=1_000)
    assert [event.position for event in log or ()] == list(range(1, LAST * len(KEYS) + 1))
