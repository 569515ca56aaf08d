"""What the clock has ended is written down, told of, and swept out of its levels; nothing waits for that."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import pytest

import resolvers.housekeeping
from datasources.ports.errors import Unavailable
from datasources.ports.reservations import ReservationSource
from datasources.store.store import Store
from domain.events import Event, Topic, level_of
from domain.reservations import Reservation, ReservationKind, ReservationState
from resolvers.context import Context
from tests.builders import ASSOCIATE, NOW, count, minutes
from tests.resolvers.reserving import GOODS, Clock, L, M, act, kept, level, stored, visit, workers
from tests.worlds import fill, tell

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    await fill(migrated_database_url, GOODS)
    await tell(store, count(500), count(4, sku="DJ01-M"))
    return visit(store, clock)


async def sweep(ctx: Context) -> int:
    return await resolvers.housekeeping.sweep(ctx.sources.reservations, ctx.sources.reserve, ctx.clock())


async def test_what_is_over_is_written_down_and_its_levels_are_told_without_it(
    ctx: Context, store: Store, clock: Clock
) -> None:
    over = await kept(ctx, (L, 2), (M, 1), key="over", kind=ReservationKind.STORE_RESERVE)
    clock.now = over.expires_at - timedelta(seconds=1)
    lasting = await kept(ctx, (L, 1), key="lasting")
    told: list[Event] = []
    store.on_commit(told.extend)
    assert await sweep(ctx) == 0
    clock.now = over.expires_at
    assert await sweep(ctx) == 1
    swept = await stored(ctx, over)
    assert (swept.state, swept.settled_at) == (ReservationState.EXPIRED, clock.now)
    assert await stored(ctx, lasting) == lasting
    stock = [level_of(event) for event in told if event.topic is Topic.STOCK_CHANGED]
    assert stock == [await level(ctx), await level(ctx, M)]
    assert [sum(hold.quantity for hold in one.holds) for one in stock] == [1, 0]
    assert [event.key for event in told if event.topic is Topic.TASKS_CHANGED] == ["SH001"]
    told.clear()
    assert (await sweep(ctx), told) == (0, [])


async def test_what_ended_otherwise_is_not_swept(ctx: Context, clock: Clock) -> None:
    ends = {step: await kept(ctx, key=step) for step in ("confirm", "release", "fulfil")}
    for step, made in ends.items():
        await act(ctx, step, made)
    clock.wind(minutes(60))
    assert await sweep(ctx) == 0


async def test_several_workers_sweep_the_same_and_it_is_swept_once(
    ctx: Context, clock: Clock, migrated_database_url: str
) -> None:
    made = [await kept(ctx, key=f"k{n}") for n in range(10)]
    clock.wind(minutes(15))
    async with workers(migrated_database_url, 2, clock) as others:
        await asyncio.gather(*(sweep(one) for one in (ctx, *others)))
    assert {(await stored(ctx, one)).state for one in made} == {ReservationState.EXPIRED}
    assert (await level(ctx)).holds == ()


async def test_what_ended_first_is_written_down_first(ctx: Context, clock: Clock) -> None:
    made = []
    for n in range(3):
        made.append((await kept(ctx, key=f"k{n}")).id)
        clock.wind(minutes(1))
    clock.wind(minutes(15))
    due = partial(ctx.sources.reservations.due, clock.now)
    assert [await due(limit=limit) for limit in (1, 2, 9)] == [made[:1], made[:2], made]


async def test_more_than_a_batch_is_swept_batch_by_batch(ctx: Context, clock: Clock) -> None:
    """Slow, for more than a batch of reservations has to be made first."""
    batch = resolvers.housekeeping.BATCH
    await asyncio.gather(*(kept(ctx, key=f"k{n}") for n in range(batch + 3)))
    clock.wind(minutes(15))
    assert [await sweep(ctx) for _ in range(3)] == [batch, 3, 0]


@dataclass(slots=True)
class AwayAtFirst:
    """Reservations of a store that is away when it is first asked."""

    source: ReservationSource
    times_asked: int = 0

    async def reservations(self, ids: Sequence[str]) -> Sequence[Reservation | None]:
        """Still works."""
        return await self.source.reservations(ids)

    async def due(self, now: datetime, *, limit: int) -> Sequence[str]:
        """Answers from the third time on."""
        self.times_asked += 1
        if self.times_asked == 1:
            raise Unavailable("store", "gone")
        if self.times_asked == 2:
            raise ZeroDivisionError
        return await self.source.due(now, limit=limit)

    async def waiting_at(self, location_id: str, now: datetime, *, limit: int) -> Sequence[Reservation]:
        """Still works."""
        return await self.source.waiting_at(location_id, now, limit=limit)


async def test_it_goes_on_by_itself_whatever_goes_wrong_once(ctx: Context, clock: Clock) -> None:
    made = await kept(ctx)
    clock.wind(minutes(15))
    away = AwayAtFirst(ctx.sources.reservations)
    sweeping = asyncio.create_task(resolvers.housekeeping.run(away, ctx.sources.reserve, clock))
    try:
        while (await stored(ctx, made)).state is ReservationState.ACTIVE:
            assert not sweeping.done()
            await asyncio.sleep(0.05)
    finally:
        sweeping.cancel()
    assert away.times_asked >= 3


async def test_the_store_sees_what_is_kept_for_somebody_until_it_closes_the_next_day(
    ctx: Context, clock: Clock
) -> None:
    """Open from 10 to 22 in Shanghai: kept on Saturday, it waits until Sunday, 14:00 UTC."""
    sunday_night = NOW.replace(day=22, hour=14)
    made = await kept(ctx, (L, 1), (M, 1), key="s", kind=ReservationKind.STORE_RESERVE, reference="王女士")
    await kept(ctx, key="checkout")
    earlier = await kept(ctx, key="gone", kind=ReservationKind.STORE_RESERVE)
    await act(ctx, "release", earlier)
    assert made.expires_at == sunday_night
    source = ctx.sources.reservations
    assert await source.waiting_at("SH001", clock.now, limit=9) == [made]
    assert await source.waiting_at("SH002", clock.now, limit=9) == []
    assert await source.waiting_at("SH001", sunday_night, limit=9) == []
    clock.now = sunday_night - timedelta(seconds=1)
    later = await kept(ctx, key="t", kind=ReservationKind.STORE_RESERVE)
    assert [one.id for one in await source.waiting_at("SH001", clock.now, limit=9)] == [made.id, later.id]
    assert await source.waiting_at("SH001", clock.now, limit=1) == [made]
    assert later.expires_at == sunday_night + timedelta(days=1)
    await act(ctx, "confirm", later, key="paid")
    clock.now = sunday_night + timedelta(days=2)
    assert [one.id for one in await source.waiting_at("SH001", clock.now, limit=9)] == [later.id]  # paid, not fetched
    await act(replace(ctx, viewer=ASSOCIATE), "fulfil", later, key="fetched")
    assert await source.waiting_at("SH001", clock.now, limit=9) == []
