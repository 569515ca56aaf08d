"""A sale from two servers on one PostgreSQL and one Redis, of which Redis dies, or the server that carries the events.

A failure prints the seed of its dice; give it back in SALE_SEED. Slow, for two real servers are started for each sale,
and the sale goes on until enough was bought before, while and after something was dead.
"""

import asyncio
import itertools
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import redis as redis_py
from sqlalchemy import select

from datasources.store import engine
from datasources.store.tables import relay
from domain.availability import Freshness, available_to_promise
from domain.channels import Channel
from domain.stock import Key
from domain.viewers import Role
from tests import throwaway
from tests.journeys import books, sales
from tests.journeys.books import Books
from tests.journeys.buyers import Buyer, Shop, Told
from tests.journeys.house import Door, House, free_port
from tests.journeys.watchers import Watcher

pytestmark = pytest.mark.anyio

BUYERS = 32
WANTED: Mapping[Key, int] = {("DJ01-L", "SH001"): 6_000, ("DJ01-L", "SH002"): 2_000, ("DJ01-M", "SH001"): 2_000}
"""Never sold out: where nothing can be bought there are no events, and nobody carries them."""
QUIET: Key = ("DJ01-M", "SH002")
"""Nobody buys of it."""
ONCE: Sequence[Key] = [(f"DJ01-{number}", "SH002") for number in range(35)]
"""Sold once each: whoever misses that one event never hears of them again."""
COUNTED_IN = {**WANTED, **dict.fromkeys((QUIET, *ONCE), 5)}
PATIENCE_S = 60.0
STOPS = 200
"""So often a server is stopped to find it leading."""


@pytest.fixture
def redis_port() -> int:
    """A port for a Redis that the test starts, kills and starts again."""
    if throwaway.redis_program() is None and os.environ.get("REQUIRE_SERVERS") != "1":
        pytest.skip("no redis-server to start here")
    return free_port()


@dataclass(slots=True)
class Sale:
    """Two open servers, buyers at both, and watchers at each."""

    url: str
    doors: Sequence[Door]
    shop: Shop
    crowd: Sequence[Buyer]
    watchers: Sequence[Watcher]
    going: asyncio.TaskGroup
    listening: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    buying: list[asyncio.Task[None]] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def begins(self) -> None:
        """Watchers sit down, half of them at each server, and buyers come in."""
        for number in range(len(self.watchers)):
            self.listen(number, self.doors[number % 2])
        await until(lambda: all(watcher.firsts for watcher in self.watchers))
        self.buying += [self.going.create_task(buyer.buy(self.is_over)) for buyer in self.crowd]

    def listen(self, number: int, door: Door) -> None:
        """A watcher listens at a server."""
        self.listening[number] = self.going.create_task(self.watchers[number].watch(door))

    async def sell_once(self, keys: Sequence[Key]) -> None:
        """Somebody takes one of each, one after the other."""
        buyer = self.crowd[0]
        for key in keys:
            told = Told(f"once-{key}", {key: 1})
            buyer.told.append(told)
            await buyer.reserve(told)

    async def ends(self) -> None:
        """Nothing is lost or sold twice, and every watcher holds what the books say."""
        self.is_over.set()
        await asyncio.gather(*self.buying)
        written = await books.settled(self.url, COUNTED_IN)
        written.check()
        books.check_told(written, [wish for buyer in self.crowd for wish in buyer.told])
        versions = {key: level.version for key, level in written.levels.items()}
        await until(lambda: all(watcher.versions == versions for watcher in self.watchers))
        assert [watcher.quantities for watcher in self.watchers] == [promised(written)] * len(self.watchers)

    def made(self) -> int:
        """How many reservations buyers were told of by now."""
        return sum(bool(wish.ids) for buyer in self.crowd for wish in buyer.told)


async def test_redis_dies_in_a_sale_of_two_servers_and_nobody_is_cut_off(
    tmp_path: Path, migrated_postgres_url: str, redis_port: int
) -> None:
    with ExitStack() as redis:
        redis.enter_context(throwaway.redis(redis_port, ends_by=signal.SIGKILL))
        async with sale(migrated_postgres_url, f"redis://127.0.0.1:{redis_port}", tmp_path) as at:
            await at.begins()
            await until(lambda: at.made() > BUYERS)
            await at.sell_once(ONCE[:5])
            redis.close()
            made = at.made()
            await at.sell_once(ONCE[5:10])
            await until(lambda: at.made() > made + 2 * BUYERS)
            redis.enter_context(throwaway.redis(redis_port, ends_by=signal.SIGKILL))
            await at.sell_once(ONCE[10:20])
            await until(lambda: all(watcher.versions[ONCE[19]] > 1 for watcher in at.watchers))
            cut_lines(redis_port)
            await at.sell_once(ONCE[20:])
            await at.ends()
            assert at.shop.unanswered == 0
            assert not any(task.done() for task in at.listening.values())


async def test_the_server_that_carries_the_events_dies_and_the_other_goes_on(
    tmp_path: Path, migrated_postgres_url: str, redis_url: str
) -> None:
    async with sale(migrated_postgres_url, redis_url, tmp_path) as at:
        await at.begins()
        await until(lambda: at.made() > BUYERS)
        dead, alive = await stopped_while_leading(migrated_postgres_url, at.doors)
        os.kill(dead.pid, signal.SIGKILL)
        cut_off = [number for number in at.listening if at.doors[number % 2] is dead]
        await asyncio.gather(*(at.listening[number] for number in cut_off))
        made = at.made()
        await until(lambda: at.made() > made + BUYERS)
        for number in cut_off:
            at.listen(number, alive)
        await at.ends()
        for number in cut_off:
            _, resumed = at.watchers[number].firsts
            assert resumed is not None
            assert QUIET not in resumed
        assert [watcher.snapshots for watcher in at.watchers] == [1] * len(at.watchers)


@asynccontextmanager
async def sale(database_url: str, redis_url: str, directory: Path) -> AsyncIterator[Sale]:
    """A sale that can begin; what goes wrong in it is raised at its end."""
    seed = int(os.environ.get("SALE_SEED") or random.randrange(2**32))
    print(f"SALE_SEED={seed}")
    house = House(directory, database_url, redis_url)
    assert house.run("keys").returncode == 0
    await sales.open_shop(database_url, COUNTED_IN)
    [staff] = sales.tokens(house, ["staff"], Role.INTEGRATOR)
    async with AsyncExitStack() as stack:
        doors = [await stack.enter_async_context(sales.serving(house, port=free_port())) for _ in range(2)]
        shop = await stack.enter_async_context(sales.shop_at(*(door.url for door in doors)))
        crowd = sales.crowd(BUYERS, shop, house, list(WANTED), random.Random(seed))
        watchers = [Watcher(list(COUNTED_IN), staff) for _ in range(4)]
        async with asyncio.TaskGroup() as going:
            at = Sale(database_url, doors, shop, crowd, watchers, going)
            yield at
            for task in at.listening.values():
                task.cancel()


def cut_lines(redis_port: int) -> None:
    """Break every connection to Redis: who reads comes back a little later than who publishes."""
    with redis_py.Redis(port=redis_port) as client:
        assert client.client_kill_filter(_type="normal", skipme=True) > 1


async def stopped_while_leading(url: str, doors: Sequence[Door]) -> tuple[Door, Door]:
    """Stop a server at moments of chance until it is one at which it carries events; it, and the other one.

    The lead is given back within milliseconds by whoever goes on: a lease that stands still is the stopped one's.
    """
    lease = select(relay.c.leader, relay.c.leads_until)
    readers = engine.reading(url)
    turns = itertools.cycle((tuple(doors), tuple(reversed(doors))))
    for one, other in itertools.islice(turns, STOPS):
        os.kill(one.pid, signal.SIGSTOP)
        [before] = await engine.rows(readers, lease)
        await asyncio.sleep(0.4)
        [after] = await engine.rows(readers, lease)
        if before.leader and before == after:
            await readers.dispose()
            return one, other
        os.kill(one.pid, signal.SIGCONT)
        await asyncio.sleep(random.uniform(0.05, 0.1))
    raise AssertionError("nobody leads")


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  # what is waited for happens in other processes
            await asyncio.sleep(0.05)


def promised(written: Books) -> dict[Key, int]:
    """What may still be sold of each level, as everybody is to know in the end."""
    ever = Freshness(timedelta(days=1))
    return {
        key: available_to_promise(level, channel=Channel.MINI_PROGRAM, now=written.read_at, freshness=ever)
        for key, level in written.levels.items()
    }
