"""After a change, no worker says what was true before once it has heard; the one that wrote knows at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import domain.events
import domain.geo
import resolvers.inventory
from datasources.bus.memory import MemoryBus
from datasources.bus.redis import RedisBus
from datasources.cache.caches import Bounds
from datasources.ports.stock import StockSource
from datasources.store.store import Store
from domain.events import Event, Topic
from domain.geo import Box, Coordinates, CoordinateSystem
from domain.statuses import Status
from domain.stock import Key, StockLevel
from resolvers.stock_items import Command, SetItem
from tests.builders import INTEGRATOR, NOW, count, entry, minutes, moved, on_sale, shop
from tests.datasources.cached import Ears, Worker, cached_sources, caches_of, carried, statements, worker
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

SKU, PLACE = "DJ01-L", "SH001"
KEY = (SKU, PLACE)
PATIENCE_S = 10.0


@pytest.fixture
async def filled(migrated_database_url: str) -> str:
    await fill(migrated_database_url, [*on_sale(entry("DJ01", sizes=("L", "M"))), shop("SH001"), shop("SH002")])
    return migrated_database_url


@pytest.fixture
async def workers(filled: str, bus_url: str) -> AsyncIterator[tuple[Worker, Worker]]:
    """Two processes over one database and one bus."""
    async with AsyncExitStack() as stack:
        buses = [MemoryBus() if bus_url == "memory://" else RedisBus(bus_url) for _ in range(2)]
        here, there = [await stack.enter_async_context(worker(filled, bus)) for bus in buses]
        yield here, there


async def on_hand(of: Worker) -> int | None:
    """How many pieces a worker says there are."""
    level = (await of.caches.stock.levels([SKU], [PLACE])).get(KEY)
    return level.on_hand if level else None


async def heard(workers: Sequence[Worker]) -> None:
    """Carry everything to the bus, and return when every worker has heard of it."""
    here = workers[0]
    async with AsyncExitStack() as stack:
        heard = [
            await stack.enter_async_context(n.bus.listen(Topic.STOCK_CHANGED, [f"{SKU}@{PLACE}"])) for n in workers
        ]
        is_memory = isinstance(here.bus, MemoryBus)
        await carried(
            here.store, Ears([n.bus for n in workers if isinstance(n.bus, MemoryBus)]) if is_memory else here.bus
        )
        for batches in heard:
            await asyncio.wait_for(anext(batches), PATIENCE_S)


async def test_what_one_worker_writes_the_other_says_once_it_has_heard(workers: tuple[Worker, Worker]) -> None:
    here, there = workers
    for quantity in (5, 3, 0, 9):
        await tell(
            here.store,
            count(quantity, at=NOW + minutes(10 - quantity))
            if quantity == 5
            else moved(quantity, f"e{quantity}", at=NOW + minutes(60)),
        )
        await heard(workers)
        book = await here.store.stock.levels([SKU], [PLACE])
        assert await on_hand(here) == await on_hand(there) == book[KEY].on_hand
        assert await there.caches.stock.levels([SKU], [PLACE]) == book


async def test_who_wrote_reads_what_was_written_before_anybody_has_told_of_it(workers: tuple[Worker, Worker]) -> None:
    here, there = workers
    assert await on_hand(here) is None
    assert await on_hand(there) is None
    for n, quantity in enumerate((5, 2)):
        await tell(here.store, count(quantity, at=NOW + minutes(n)))
        assert await on_hand(here) == quantity
    assert await on_hand(there) is None
    await heard(workers)
    assert await on_hand(there) == 2


async def test_a_level_that_is_held_needs_no_question_after_its_change(workers: tuple[Worker, Worker]) -> None:
    here, _ = workers
    await tell(here.store, count(5))
    assert await on_hand(here) == 5
    await tell(here.store, count(4, at=NOW + minutes(1)))
    with statements(here.store) as sent:
        assert await on_hand(here) == 4
    assert sent == []


async def test_an_older_level_that_comes_late_never_replaces_a_newer_one(workers: tuple[Worker, Worker]) -> None:
    here, _ = workers
    await tell(here.store, count(5))
    await tell(here.store, count(4, at=NOW + minutes(1)))
    assert await on_hand(here) == 4
    old = StockLevel(SKU, PLACE, 5, 1, NOW, NOW, "pos")
    here.caches.heard([domain.events.stock_changed(old)])
    assert await on_hand(here) == 4


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A stock source between whose reading and whose answer something happens, once."""

    stock: StockSource
    meanwhile: list[Callable[[], Awaitable[object]]]

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        """Levels as they were before."""
        found = await self.stock.levels(skus, location_ids)
        if self.meanwhile:
            await self.meanwhile.pop()()
        return found


@pytest.mark.parametrize("first", [None, 5], ids=["never reported", "reported"])
async def test_a_load_that_began_before_an_event_does_not_put_the_old_value_back(
    filled: str, first: int | None
) -> None:
    store, bus = Store(filled), MemoryBus()
    if first is not None:
        await tell(store, count(first))

    async def sell() -> None:
        await tell(store, count(1, at=NOW + minutes(1)))
        await carried(store, bus)

    caches = caches_of(store, stock=Interrupted(store.stock, [sell]))
    bus.follow(caches)
    await bus.open(store.log)
    before = await caches.stock.levels([SKU], [PLACE])
    assert [level.on_hand for level in before.values()] == ([] if first is None else [first])
    assert (await caches.stock.levels([SKU], [PLACE]))[KEY].on_hand == 1
    await store.close()


async def test_a_subscriber_who_is_told_and_asks_again_is_not_told_the_old_value(
    workers: tuple[Worker, Worker],
) -> None:
    _, there = workers
    await tell(there.store, count(5))
    assert await on_hand(there) == 5
    async with there.bus.listen(Topic.STOCK_CHANGED, None) as batches:
        await heard(workers)
        await anext(batches)
        await tell(workers[0].store, count(2, at=NOW + minutes(1)))
        await heard(workers)
        await asyncio.wait_for(anext(batches), PATIENCE_S)
        assert await on_hand(there) == 2


async def test_a_sku_that_was_unknown_a_moment_ago_can_be_counted_at_once_in_every_worker(
    filled: str, workers: tuple[Worker, Worker]
) -> None:
    """The event that tells of the new variant has not come yet: who writes asks the store, not the cache."""
    _, there = workers
    for each in workers:
        assert await each.caches.catalog.variants(["NEW-L"]) == [None]
        assert await each.caches.locations.locations(["SH009"]) == [None]
    await fill(filled, [*on_sale(entry("NEW")), shop("SH009")])
    ctx = asked(cached_sources(there), viewer=INTEGRATOR)
    receipt = await resolvers.inventory.write(ctx, Command([SetItem("NEW-L", "SH009", 5, NOW)], "k"))
    assert [result.status for result in receipt.results] == [Status.CREATED]
    assert (await there.caches.stock.levels(["NEW-L"], ["SH009"]))["NEW-L", "SH009"].on_hand == 5


async def test_requests_that_miss_the_same_thing_at_once_cost_one_statement(workers: tuple[Worker, Worker]) -> None:
    here, _ = workers
    with statements(here.store) as sent:
        await asyncio.gather(*(here.caches.stock.levels([SKU, "DJ01-M"], ["SH001", "SH002"]) for _ in range(9)))
        await asyncio.gather(*(here.caches.locations.locations(["SH001"]) for _ in range(9)))
    assert len(sent) == 2


async def test_an_event_that_cannot_be_read_makes_caches_forget_everything(workers: tuple[Worker, Worker]) -> None:
    here, _ = workers
    await tell(here.store, count(5))
    assert await on_hand(here) == 5
    here.caches.heard([Event(Topic.STOCK_CHANGED, f"{SKU}@{PLACE}", 9, {}, NOW)])
    with statements(here.store) as sent:
        assert await on_hand(here) == 5
    assert len(sent) == 1


@pytest.mark.parametrize("topic", [topic for topic in Topic if topic is not Topic.STOCK_CHANGED])
async def test_what_is_told_of_something_else_makes_nobody_forget(filled: str, topic: Topic) -> None:
    async with worker(filled, MemoryBus()) as here:
        await here.caches.locations.locations(["SH001"])
        await here.caches.catalog.variants_of(["DJ01"])
        here.caches.heard([Event(topic, "other", 1, {"id": "other"}, NOW)])
        with statements(here.store) as sent:
            await here.caches.locations.locations(["SH001"])
            await here.caches.catalog.variants_of(["DJ01"])
        assert sent == []


async def test_a_position_that_is_left_out_makes_caches_begin_anew(filled: str) -> None:
    async with worker(filled, MemoryBus()) as here:
        await here.bus.publish([Event(Topic.LOCATION_CHANGED, "x", 1, {}, NOW, 1)])
        await here.caches.locations.locations(["SH001"])
        await here.bus.publish([Event(Topic.LOCATION_CHANGED, "x", 1, {}, NOW, 2)])
        with statements(here.store) as sent:
            await here.caches.locations.locations(["SH001"])
            assert sent == []
            await here.bus.publish([Event(Topic.LOCATION_CHANGED, "x", 1, {}, NOW, 4)])
            await here.caches.locations.locations(["SH001"])
        assert sum("FROM locations" in statement for statement in sent) == 1


async def test_what_is_held_is_forgotten_in_time_whatever_was_told(filled: str) -> None:
    async with worker(filled, MemoryBus()) as here:
        await here.caches.locations.locations(["SH001"])
        renewing = asyncio.create_task(here.caches.kept_young(0.01))
        with statements(here.store) as sent:
            for _ in range(200):
                await asyncio.sleep(0.01)
                await here.caches.locations.locations(["SH001"])
                if sent:
                    break
        renewing.cancel()
        assert sent


systems = st.sampled_from(CoordinateSystem)
points = st.builds(Coordinates, st.floats(30, 32), st.floats(120, 122), systems)
over_databases = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])


@over_databases
@given(st.lists(points, min_size=1, max_size=20), st.lists(st.tuples(points, points), max_size=5), st.integers(1, 9))
async def test_the_map_finds_in_every_box_what_the_store_finds_LOC_2(
    migrated_database_url: str, at: list[Coordinates], corners: list[tuple[Coordinates, Coordinates]], limit: int
) -> None:
    await fill(migrated_database_url, [shop(f"S{n:02}", coordinates=point) for n, point in enumerate(at)])
    edges = [domain.geo.convert(point, CoordinateSystem.WGS84) for point in at[:2]]
    boxes = [_box(*pair) for pair in [*corners, (edges[0], edges[-1])]]
    async with worker(migrated_database_url, MemoryBus(), Bounds(products=9, levels=9)) as here:
        for box in boxes:
            for around in (None, *at[:2]):
                drawn, read = [
                    ports.locations.within(box, limit=limit, around=around) for ports in (here.caches, here.store)
                ]
                assert await drawn == await read


def _box(a: Coordinates, b: Coordinates) -> Box:
    (south, north), (west, east) = sorted((a.latitude, b.latitude)), sorted((a.longitude, b.longitude))
    return Box(south, west, north, east)
