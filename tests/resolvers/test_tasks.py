"""What waits at a store is the same list, however little of it is asked for; who watches it misses no change of it."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

import resolvers.tasks
from datasources.bus.memory import MemoryBus
from datasources.ports.reservations import ReservationSource
from datasources.store.store import Store
from domain.counting import CountState, StockCount
from domain.reservations import Reservation, ReservationKind
from domain.tasks import Task, TaskKind
from domain.transfers import Transfer, TransferLine, TransferState
from resolvers.context import Context
from resolvers.errors import BadQuestion, NotAllowed
from resolvers.tasks import MAX_TASKS
from tests.builders import ASSOCIATE, NOW, count, minutes
from tests.datasources.cached import carried
from tests.resolvers.reserving import GOODS, Clock, kept, visit
from tests.worlds import fill, sources, tell

pytestmark = pytest.mark.anyio

PATIENCE_S = 5.0


@pytest.fixture
async def ctx(store: Store, migrated_database_url: str, clock: Clock) -> Context:
    """An associate of SH001."""
    await fill(migrated_database_url, GOODS)
    await tell(store, count(9))
    return visit(store, clock, ASSOCIATE)


async def waiting(ctx: Context, *, first: int = MAX_TASKS) -> Sequence[Task]:
    """What waits at SH001."""
    return (await resolvers.tasks.tasks(ctx.anew(), [None], location="SH001", first=first))[0]


async def begun(ctx: Context) -> None:
    """Reservations, counts and transfers, written neither in the order of their dues nor in that of their ids."""
    line = (TransferLine("DJ01-L", 1),)
    sent = Transfer("t", "SH001", "SH002", TransferState.REQUESTED, line, "", "a-2", NOW, NOW)
    due = {"t9": 600, "t5": None, "t7": 30, "t1": None, "t3": 30}
    async with ctx.sources.workplace.work() as work:
        for age, (id, at) in enumerate(due.items()):
            expected_at = None if at is None else NOW + minutes(at)
            await work.transfers.write(replace(sent, id=id, expected_at=expected_at, changed_at=NOW - minutes(age)))
        for age, id in enumerate(("c2", "c3", "c1", "c0")):
            opened_at = NOW - minutes(0 if id == "c0" else age)
            await work.counts.write(StockCount(id, "SH001", CountState.OPEN, (), "", "a-1", opened_at))
        await work.counts.write(StockCount("done", "SH001", CountState.REJECTED, (), "", "a-1", NOW))
    for key in ("r2", "r1"):
        await kept(ctx, key=key, kind=ReservationKind.STORE_RESERVE)


async def test_the_first_tasks_are_the_same_however_few_are_asked_for(ctx: Context) -> None:
    await begun(ctx)
    all_of_them = await waiting(ctx)
    subjects = [task.subject.id for task in all_of_them if task.kind is not TaskKind.KEEP_READY]
    assert subjects == ["t3", "t7", "t9", "t1", "c1", "c3", "t5", "c0", "c2"]
    assert len(all_of_them) == 11
    for first in range(1, 12):
        assert await waiting(ctx, first=first) == all_of_them[:first]
    counts = [task.subject for task in all_of_them if task.kind is TaskKind.COUNT]
    for limit in range(1, 5):
        assert await ctx.sources.counts.open_at("SH001", limit=limit) == counts[:limit]


@pytest.mark.parametrize("first", [0, MAX_TASKS + 1])
async def test_one_asks_for_some_tasks_and_not_for_all_there_are(ctx: Context, first: int) -> None:
    with pytest.raises(BadQuestion) as refused:
        await waiting(ctx, first=first)
    assert refused.value.code == "PAGE_SIZE"


async def test_an_associate_sees_what_waits_at_the_own_store_alone(ctx: Context) -> None:
    await begun(ctx)
    for viewer, may in ((replace(ASSOCIATE, location_id="SH002"), False), (replace(ASSOCIATE, location_id=None), True)):
        who = replace(ctx, viewer=viewer)
        if may:
            assert await waiting(who) == await waiting(ctx)
            continue
        with pytest.raises(NotAllowed):
            await waiting(who)


@dataclass(slots=True)
class Interrupted:
    """Reservations of a store in which something happens between the first look and the answer."""

    source: ReservationSource
    ctx: Context
    bus: MemoryBus
    looks: int = 0

    async def reservations(self, ids: Sequence[str]) -> Sequence[Reservation | None]:
        """As ever."""
        return await self.source.reservations(ids)

    async def due(self, now: datetime, *, limit: int) -> Sequence[str]:
        """As ever."""
        return await self.source.due(now, limit=limit)

    async def waiting_at(self, location_id: str, now: datetime, *, limit: int) -> Sequence[Reservation]:
        """What waited before."""
        found, self.looks = await self.source.waiting_at(location_id, now, limit=limit), self.looks + 1
        if self.looks == 1:
            await kept(self.ctx, kind=ReservationKind.STORE_RESERVE)
            await carried(self.ctx.sources.workplace, self.bus)  # type: ignore[arg-type]
        return found


async def test_what_begins_to_wait_while_somebody_looks_is_told_next(ctx: Context, store: Store) -> None:
    bus = MemoryBus()
    interrupted = Interrupted(store.reservations, ctx, bus)
    world = replace(sources(store, bus), reservations=interrupted)
    async with aclosing(resolvers.tasks.changes(replace(ctx, sources=world), location="SH001")) as updates:
        assert (await anext(updates)).tasks == []
        then = await asyncio.wait_for(anext(updates), PATIENCE_S)
    assert [task.kind for task in then.tasks] == [TaskKind.KEEP_READY]
