"""While Redis is away nobody holds anything, and what it forgot meanwhile is not believed when it is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Self
from urllib.parse import urlsplit

import pytest

import resolvers.relay
from datasources.bus.redis import RedisBus
from tests import servers
from tests.builders import NOW, count, entry, minutes, on_sale, shop
from tests.datasources.cached import Worker, carried, statements, worker
from tests.worlds import fill, tell

pytestmark = pytest.mark.anyio

KEY = SKU, PLACE = "DJ01-L", "SH001"
PATIENCE_S = 20.0


class Wire:
    """The way to a Redis, which can be cut and mended; what was connected over it is cut with it."""

    def __init__(self, url: str) -> None:
        self._there = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    @property
    def url(self) -> str:
        """The same Redis, over this wire."""
        return self._there._replace(netloc=f"127.0.0.1:{self._port}").geturl()

    async def mend(self) -> None:
        """Let connections through, again."""
        self._server = await asyncio.start_server(self._through, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse connections, and end those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for end in list(self._open):
            end.close()
        await asyncio.sleep(0.01)

    async def _through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection(self._there.hostname, self._there.port)
        self._open |= {writer, to_writer}
        await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer))
        self._open -= {writer, to_writer}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@pytest.fixture
async def filled(migrated_database_url: str) -> str:
    await fill(migrated_database_url, [*on_sale(entry("DJ01")), shop("SH001")])
    return migrated_database_url


@pytest.fixture
async def wire(redis_url: str) -> AsyncIterator[Wire]:
    async with Wire(redis_url) as wire:
        yield wire


@pytest.fixture
async def here(filled: str, wire: Wire) -> AsyncIterator[Worker]:
    """A worker whose way to Redis can be cut."""
    async with worker(filled, RedisBus(wire.url)) as opened:
        yield opened


async def on_hand(of: Worker) -> int:
    """How many pieces a worker says there are."""
    return (await of.caches.stock.levels([SKU], [PLACE]))[KEY].on_hand


async def is_asked(of: Worker) -> bool:
    """Whether the store is asked for what was read a moment ago."""
    await on_hand(of)
    with statements(of.store) as sent:
        await on_hand(of)
    return bool(sent)


async def holds(of: Worker, *, something: bool) -> None:
    """Return when reading twice costs one question, or two."""
    async with asyncio.timeout(PATIENCE_S):
        while await is_asked(of) is something:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.02)


async def test_without_redis_every_question_goes_to_the_store_until_it_is_back(
    filled: str, here: Worker, wire: Wire, redis_url: str
) -> None:
    async with worker(filled, RedisBus(redis_url)) as other:
        await tell(other.store, count(5))
        assert await on_hand(here) == 5
        assert not await is_asked(here)
        await wire.cut()
        await holds(here, something=False)
        await tell(other.store, count(4, at=NOW + minutes(1)))
        assert await on_hand(here) == 4
        await wire.mend()
        await holds(here, something=True)
        await tell(other.store, count(3, at=NOW + minutes(2)))
        await carried(other.store, other.bus)
        async with asyncio.timeout(PATIENCE_S):
            while await on_hand(here) != 3:  # noqa: ASYNC110  # as above
                await asyncio.sleep(0.02)
        assert not await is_asked(here)


async def test_what_redis_forgot_while_it_was_away_is_not_believed_for_ever(
    filled: str, here: Worker, wire: Wire, redis_url: str
) -> None:
    """An event is published, marked as published, and lost with Redis before this worker has heard of it."""
    async with worker(filled, RedisBus(redis_url)) as other:
        await tell(other.store, count(5))
        await carried(other.store, other.bus)
        assert await on_hand(here) == 5
        await wire.cut()
        await tell(other.store, count(4, at=NOW + minutes(1)))
        await carried(other.store, other.bus)
        servers.flush(redis_url)
        await wire.mend()
        await holds(here, something=True)
        assert await on_hand(here) == 4
        for n, quantity in enumerate((3, 2), start=2):
            await tell(other.store, count(quantity, at=NOW + minutes(n)))
            await carried(other.store, other.bus)
            async with asyncio.timeout(PATIENCE_S):
                while await on_hand(here) != quantity:  # noqa: ASYNC110  # as above
                    await asyncio.sleep(0.02)


async def test_a_worker_whose_relay_cannot_publish_says_what_it_wrote_itself(here: Worker, wire: Wire) -> None:
    relay = asyncio.create_task(resolvers.relay.run(here.store.log, here.bus))
    await tell(here.store, count(5))
    assert await on_hand(here) == 5
    await wire.cut()
    for n in range(3):
        await tell(here.store, count(n, at=NOW + minutes(n + 1)))
        assert await on_hand(here) == n
    await wire.mend()
    await holds(here, something=True)
    assert await on_hand(here) == 2
    relay.cancel()
    with suppress(asyncio.CancelledError):
        await relay


async def test_a_worker_that_hears_nothing_holds_nothing(filled: str, redis_url: str) -> None:
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(worker(filled, RedisBus(redis_url)))
        await tell(here.store, count(5))
        assert not await is_asked(here)
        here.caches.lost()
        assert await is_asked(here)
