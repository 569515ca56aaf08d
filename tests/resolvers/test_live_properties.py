"""Whatever is written, lost, told twice or forgotten: a watcher ends with what is true, and never goes back."""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import resolvers.housekeeping
import resolvers.live_stock
import resolvers.reservations
import resolvers.rounds
from datasources.bus.memory import MemoryBus
from datasources.bus.redis import RedisBus
from domain.events import stock_key
from domain.movements import Adjustment, Count
from domain.reservations import ReservationKind, ReservationLine
from domain.stock import Key
from resolvers.combining import Combiner
from resolvers.context import Context
from resolvers.errors import BadQuestion
from resolvers.reservations import Reserve
from tests.builders import INTEGRATOR, count, entry, moved, on_sale, shop
from tests.datasources.cached import Worker, cached_sources, worker
from tests.resolvers.watching import Follow, Recorded, Truth, Watcher
from tests.worlds import asked, fill, tell

pytestmark = pytest.mark.anyio

SKUS = ("DJ01-L", "DJ01-M")
PLACES = [f"S{n:04}" for n in range(400)]
NUMBERS = itertools.count()

one_of_two = st.integers(0, 1)
keys = st.tuples(one_of_two, one_of_two)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("count"), keys, st.integers(0, 9)),
        st.tuples(st.just("move"), keys, st.sampled_from([-3, -1, 2])),
        st.tuples(st.just("reserve"), keys, st.integers(1, 2)),
        st.tuples(st.just("wait"), st.sampled_from([1, 20, 1_000])),
        st.tuples(st.just("carry")),
        st.tuples(st.just("tell_again"), st.integers(0, 9), st.booleans()),
        st.tuples(st.just("forget")),
        st.tuples(st.just("connect"), one_of_two, one_of_two),
        st.tuples(st.just("cut"), one_of_two),
        st.tuples(st.just("read"), one_of_two, st.integers(1, 3)),
        st.tuples(st.just("poll"), one_of_two, one_of_two),
    ),
    max_size=30,
)


@pytest.fixture
async def workers(migrated_database_url: str, bus_url: str) -> AsyncIterator[tuple[Worker, Worker]]:
    """Two processes over one database and one bus."""
    await fill(migrated_database_url, [*on_sale(entry("DJ01", sizes=("L", "M"))), *map(shop, PLACES)])
    async with AsyncExitStack() as stack:
        buses = [MemoryBus() if bus_url == "memory://" else RedisBus(bus_url) for _ in range(2)]
        here, there = [await stack.enter_async_context(worker(migrated_database_url, bus)) for bus in buses]
        yield here, there


@dataclass(slots=True)
class Play:
    """One example: two locations of its own, two watchers of all that is there, and what becomes of them."""

    workers: tuple[Worker, Worker]
    truth: Truth = field(default_factory=Truth)
    places: list[str] = field(default_factory=lambda: [PLACES[next(NUMBERS) % len(PLACES)] for _ in range(2)])
    watchers: list[Watcher] = field(default_factory=list)
    follow: Follow = resolvers.live_stock.changes

    def __post_init__(self) -> None:
        self.watchers = [Watcher(self.truth, SKUS, self.places, self.follow) for _ in range(2)]

    def ctx(self, number: int = 0) -> Context:
        """An operation of an integrator at one of the workers."""
        known = cached_sources(self.workers[number])
        settle = partial(resolvers.rounds.settle, self.workers[number].store, self.truth.clock)
        known = replace(known, reserve=Combiner(settle))
        return replace(asked(known, viewer=INTEGRATOR), clock=self.truth.clock)

    async def run(self, steps: list[tuple[str, ...]]) -> None:
        """Let it all happen, and come to its end."""
        try:
            for name, *said in steps:
                await getattr(self, name)(*said)
            await self.end()
        finally:
            for watcher in self.watchers:
                await watcher.cut()

    async def count(self, at: tuple[int, int], quantity: int) -> None:
        """Somebody counts."""
        sku, place = self._key(at)
        await self._tell(count(quantity, at=self.truth.later(1), sku=sku, location_id=place))

    async def move(self, at: tuple[int, int], delta: int) -> None:
        """Pieces come or go."""
        sku, place = self._key(at)
        await self._tell(
            moved(delta, f"e{next(NUMBERS)}", at=self.truth.later(1), sku=sku, location_id=place),
        )

    async def reserve(self, at: tuple[int, int], quantity: int) -> None:
        """Somebody has pieces held, or is told that there are too few."""
        sku, place = self._key(at)
        self.truth.waiting.add(stock_key(sku, place))
        lines = [ReservationLine(sku, place, quantity)]
        command = Reserve(ReservationKind.CHECKOUT, lines, idempotency_key=f"k{next(NUMBERS)}")
        await resolvers.reservations.create(self.ctx(), command)
        await self._note()

    async def wait(self, seconds: int) -> None:
        """Time goes by, and what has expired is written down."""
        self.truth.later(seconds)
        self.truth.waiting |= {stock_key(*key) for key in self._keys()}
        ctx = self.ctx()
        await resolvers.housekeeping.sweep(ctx.sources.reservations, ctx.sources.reserve, self.truth.now)
        await self._note()

    async def carry(self) -> None:
        """The relay does its work."""
        while await self.workers[0].store.log.forward(self._bus().publish, limit=3):
            pass
        self.truth.waiting.clear()

    async def tell_again(self, last: int, is_swapped: bool) -> None:
        """The relay died before it knew that it had published."""
        events = self.truth.published[-last:] if last else []
        await self._bus().again(events[::-1] if is_swapped else events)

    async def forget(self) -> None:
        """All that was published is too old to be kept."""
        before = self.truth.now.replace(year=2100)
        while await self.workers[0].store.forget(events_before=before, answers_before=before, limit=1_000):
            pass
        self.truth.forgotten = max([event.position for event in self.truth.published], default=0)

    async def connect(self, watcher: int, at: int) -> None:
        """A watcher comes, or comes back, to one of the workers."""
        if not self.watchers[watcher].is_connected:
            self.watchers[watcher].connect(self.ctx(at))

    async def cut(self, watcher: int) -> None:
        """A line is cut."""
        await self.watchers[watcher].cut()

    async def read(self, watcher: int, updates: int) -> None:
        """A watcher is ready to read some more."""
        await self.watchers[watcher].read(updates)

    async def poll(self, watcher: int, at: int) -> None:
        """A watcher without a line asks."""
        if not self.watchers[watcher].is_connected:
            await self.watchers[watcher].poll(self.ctx(at))

    async def end(self) -> None:
        """Nothing is written any more: everybody comes to hold what is true, whatever they saw can be seen again."""
        await self.carry()
        found = await self.workers[0].store.stock.levels(SKUS, self.places)
        wanted = {key: found.get(key) for key in self._keys()}
        for number, watcher in enumerate(self.watchers):
            await self.connect(number, number)
            await watcher.caught_up(wanted)
            await watcher.cut()
            await watcher.poll(self.ctx(1 - number))
            assert watcher.held == wanted
            await self._look_again(watcher)

    async def _look_again(self, watcher: Watcher) -> None:
        """The same answer as then, or none; and none only where events were forgotten."""
        for token, update in watcher.tokens:
            first = await resolvers.live_stock.offers(self.ctx(), [update])
            try:
                (again,) = await resolvers.live_stock.as_of(self.ctx(), [None], token=token)
            except BadQuestion as error:
                if error.code == "CONSISTENCY_TOKEN_EXPIRED" and self.truth.forgotten:
                    continue
                raise
            assert await resolvers.live_stock.offers(self.ctx(), [again]) == first
            assert (again.cursor, again.consistency_token) == (update.cursor, token)

    def _bus(self) -> Recorded:
        buses = [one.bus for one in self.workers]
        return Recorded(self.truth, buses if isinstance(buses[0], MemoryBus) else buses[:1])

    def _key(self, at: tuple[int, int]) -> Key:
        return SKUS[at[0]], self.places[at[1]]

    def _keys(self) -> list[Key]:
        return [(sku, place) for sku in SKUS for place in self.places]

    async def _tell(self, fact: Count | Adjustment) -> None:
        self.truth.waiting.add(stock_key(*fact.key))
        await tell(self.workers[1].store, fact, now=self.truth.now)
        await self._note()

    async def _note(self) -> None:
        """Read the whole state again: the reference."""
        found = await self.workers[0].store.stock.levels(SKUS, self.places)
        self.truth.levels |= {(key, level.version): level for key, level in found.items()}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=steps)
@example([("count", (0, 0), 1), ("poll", 0, 0), ("connect", 0, 0), ("read", 0, 2), ("carry",)])
async def test_a_watcher_holds_what_is_true_and_can_look_again_LIV_1_LIV_2_LIV_3_LIV_6(
    workers: tuple[Worker, Worker], steps: list[tuple[str, ...]]
) -> None:
    await Play(workers).run(steps)
