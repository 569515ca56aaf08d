"""Workers with caches for tests: each has a store, a bus and caches of its own, put together as in production.

Nothing is carried from log to bus unless a test says so: `carried` is the relay, one step at a time.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import event

from datasources.bus.memory import MemoryBus
from datasources.bus.redis import RedisBus
from datasources.cache.caches import Bounds, Caches
from datasources.ports.events import EventBus
from datasources.store.store import Store
from domain.events import Event
from resolvers.context import Sources
from tests import worlds

BOUNDS = Bounds(products=1_000, levels=1_000)


class Ears:
    """Somebody else who listens to the same bus: every worker of a test hears what one of them publishes."""

    def __init__(self, buses: Sequence[MemoryBus]) -> None:
        self._buses = buses

    async def publish(self, events: Sequence[Event]) -> None:
        """Publish on the bus of every worker."""
        for bus in self._buses:
            await bus.publish(events)


@dataclass(frozen=True, slots=True)
class Worker:
    """One process that serves."""

    store: Store
    bus: EventBus
    caches: Caches


def caches_of(store: Store, bounds: Bounds = BOUNDS, **other: Any) -> Caches:
    """Caches in front of a store, or of what a test puts in the place of one of its ports."""
    ports: dict[str, Any] = {
        "catalog": store.catalog,
        "categories": store.catalog,
        "prices": store.prices,
        "assortment": store.prices,
        "locations": store.locations,
        "stock": store.stock,
    }
    return Caches(**ports | other, bounds=bounds)


@asynccontextmanager
async def worker(url: str, bus: MemoryBus | RedisBus, bounds: Bounds = BOUNDS) -> AsyncIterator[Worker]:
    """A worker that follows its bus, for as long as the context lasts."""
    store = Store(url)
    caches = caches_of(store, bounds)
    bus.follow(caches)
    store.on_commit(caches.heard)
    await bus.open(store.log)
    yield Worker(store, bus, caches)
    await bus.close()
    await store.close()


async def carried(store: Store, bus: EventBus | Ears) -> int:
    """Carry everything that is committed to the bus; how many events there were."""
    count = 0
    while step := await store.log.forward(bus.publish, limit=500):
        count += step
    return count


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements that reading sends meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = store._readers.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def cached_sources(of: Worker) -> Sources:
    """Every role as `compose` fills it: caches to read, the store to list and to write."""
    return replace(
        worlds.sources(of.store, of.bus),
        catalog=of.caches.catalog,
        categories=of.caches.categories,
        prices=of.caches.prices,
        assortment=of.caches.assortment,
        locations=of.caches.locations,
        stock=of.caches.stock,
    )
