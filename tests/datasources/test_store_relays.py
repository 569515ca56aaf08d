"""Relays die, stall and meet each other: every event is published in order, and no position is given twice.

Slow, for they are processes of their own, and whoever takes over from a dead one waits for the end of its lease.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy

from datasources.ports.errors import Unavailable
from datasources.store import engine
from datasources.store.outbox import SqlEventLog
from datasources.store.store import Store
from datasources.store.tables import relay
from tests.datasources.telling import Listener, commit, drain, event, positions

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0
TERM_S = 1.0
FOR_EVER_S = 600.0


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay in a process of its own, which says what it does."""

    process: asyncio.subprocess.Process

    async def says(self, words: str) -> None:
        """Return when it has said so."""
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE_S):
            while (line := await self.process.stdout.readline()).decode().strip() != words:
                assert line, f"it never said {words!r}"


@asynccontextmanager
async def relaying(
    url: str, *, batch: int = 3, before_s: float = FOR_EVER_S, after_s: float = FOR_EVER_S, term_s: float = TERM_S
) -> AsyncIterator[Relay]:
    """Start such a process; it is gone when the context ends."""
    arguments = ["-m", "tests.datasources.dying_relay", url, *map(str, (term_s, batch, before_s, after_s))]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        yield Relay(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def log_of(url: str, *, term_s: float = TERM_S) -> AsyncIterator[SqlEventLog]:
    """The log as another process has it, with a short term unless a longer one is named."""
    readers, writers = engine.reading(url), engine.writing(url)
    yield SqlEventLog(readers, writers, term=timedelta(seconds=term_s))
    await readers.dispose()
    await writers.dispose()


async def takes_over(log: SqlEventLog, listener: Listener, until: int) -> None:
    """Forward as a relay does, also where SQLite is too busy for once, until a position has been published."""
    async with asyncio.timeout(PATIENCE_S):
        while until not in positions(listener):
            with suppress(Unavailable):
                await log.forward(listener.publish, limit=3)
            await log.wait(0.5)


async def state(store: Store) -> tuple[int, int, str | None]:
    """How far positions and publishing have come, and who leads."""
    [row] = await engine.rows(store._readers, sqlalchemy.select(relay))
    return row.position, row.published, row.leader


@pytest.mark.parametrize(
    ("before_s", "last_words"), [(FOR_EVER_S, "publishing"), (0, "1 2 3 4 5 6")], ids=["before", "after"]
)
async def test_when_the_leader_is_killed_before_or_after_it_published_another_goes_on(
    store: Store, migrated_database_url: str, before_s: float, last_words: str
) -> None:
    await commit(store, *(event("a", n) for n in range(1, 9)))
    async with relaying(migrated_database_url, before_s=before_s) as leader:
        await leader.says("1 2 3")
        await leader.says(last_words)
        leader.process.kill()
        await leader.process.wait()
    assert (await state(store))[:2] == (6, 3)
    await commit(store, event("a", 9))
    listener = Listener()
    async with log_of(migrated_database_url) as log:
        await takes_over(log, listener, until=9)
    assert positions(listener) == [4, 5, 6, 7, 8, 9]
    assert [e.version for e in listener.heard] == [4, 5, 6, 7, 8, 9]
    assert await state(store) == (9, 9, None)


async def test_while_the_leader_lives_nobody_else_publishes(store: Store, migrated_database_url: str) -> None:
    await commit(store, *(event("a", n) for n in range(1, 5)))
    listener = Listener()
    async with (
        relaying(migrated_database_url, term_s=FOR_EVER_S) as leader,
        log_of(migrated_database_url, term_s=FOR_EVER_S) as log,
    ):
        await leader.says("publishing")
        assert await log.forward(listener.publish, limit=9) == 0
        await commit(store, event("a", 5))
        assert await log.forward(listener.publish, limit=9) == 0
    assert listener.heard == []


async def test_a_lead_from_before_the_clock_was_put_back_is_not_waited_for(store: Store) -> None:
    await commit(store, event("a", 1))
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    async with store._writers.begin() as connection:
        await connection.execute(sqlalchemy.update(relay).values(leader="who died", leads_until=in_an_hour))
    listener = Listener()
    assert await store.log.forward(listener.publish, limit=9) == 1
    assert positions(listener) == [1]


async def test_a_leader_that_stalled_gives_no_positions_when_it_wakes_up(
    store: Store, migrated_database_url: str
) -> None:
    """Its lease is over and another has led meanwhile: what it still publishes is old, and it marks nothing."""
    await commit(store, *(event("a", n) for n in range(1, 8)))
    listener = Listener()
    async with (
        relaying(migrated_database_url, before_s=0.5, after_s=0) as stalled,
        log_of(migrated_database_url) as log,
    ):
        await stalled.says("1 2 3")
        await stalled.says("publishing")
        stalled.process.send_signal(signal.SIGSTOP)
        await takes_over(log, listener, until=7)
        await commit(store, event("a", 8))
        async with asyncio.timeout(PATIENCE_S):
            assert await store.log._next(7, 9)
            stalled.process.send_signal(signal.SIGCONT)
            await stalled.says("done 6")
        assert (await state(store))[:2] == (8, 7)
        assert await store.log._next(8, 9) == []
        await store.log._give_back(8)
    assert positions(listener) == [4, 5, 6, 7]
    assert await state(store) == (8, 8, None)


async def test_what_a_killed_process_had_committed_is_told_after_the_restart(
    store: Store, migrated_database_url: str
) -> None:
    await commit(store, event("a"), event("b"))
    async with relaying(migrated_database_url, batch=1) as leader:
        await leader.says("1")
        await leader.says("publishing")
        leader.process.kill()
        await leader.process.wait()
    listener = Listener()
    async with log_of(migrated_database_url) as log:
        await takes_over(log, listener, until=2)
    assert [(e.key, e.position) for e in listener.heard] == [("b", 2)]


async def test_a_relay_that_ends_or_whose_bus_is_away_gives_the_lead_back_at_once(
    store: Store, migrated_database_url: str
) -> None:
    await commit(store, event("a"), event("b"))
    other = Listener()
    async with log_of(migrated_database_url) as log:
        with pytest.raises(Unavailable):
            await store.log.forward(Listener(fails=1).publish, limit=1)
        assert await state(store) == (1, 0, None)
        ending = asyncio.create_task(store.log.forward(_hang, limit=1))
        while (await state(store))[2] is None:  # noqa: ASYNC110  # it is another task's doing, and soon done
            await asyncio.sleep(0.01)
        ending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ending
        assert await log.forward(other.publish, limit=9) == 2
    assert positions(other) == [1, 2]


async def test_a_host_that_vanishes_while_it_gives_positions_holds_nobody_up_for_longer_than_the_term(
    migrated_postgres_url: str,
) -> None:
    """Its connection stays open, its transaction idle: the database itself ends it."""
    store, listener = Store(migrated_postgres_url), Listener()
    await commit(store, event("a"))
    async with log_of(migrated_postgres_url) as vanishing:
        with suppress(sqlalchemy.exc.DBAPIError):
            async with vanishing._writers.begin() as connection:
                assert await vanishing._lead(connection)
                async with asyncio.timeout(PATIENCE_S):
                    assert await store.log.forward(listener.publish, limit=9) == 1
    await store.close()
    assert positions(listener) == [1]


async def test_relays_that_race_publish_every_event_in_order_and_leave_no_gap(
    store: Store, migrated_database_url: str
) -> None:
    """What two of them publish in turn is one sequence, whoever publishes what."""
    heard = Listener()
    url = migrated_database_url
    async with log_of(url, term_s=FOR_EVER_S) as one, log_of(url, term_s=FOR_EVER_S) as other:
        races = [asyncio.create_task(takes_over(log, heard, until=60)) for log in (one, other)]
        for n in range(1, 31):
            await commit(store, event("a", n), event(f"b{n}"))
        await asyncio.gather(*races)
    assert positions(heard) == list(range(1, 61))
    assert [e.version for e in heard.heard if e.key == "a"] == list(range(1, 31))


async def test_an_idle_relay_writes_nothing(store: Store) -> None:
    await commit(store, event("a"))
    await drain(store, Listener())
    begun: list[object] = []
    sqlalchemy.event.listen(store._writers.sync_engine, "begin", begun.append)
    assert await store.log.forward(Listener().publish, limit=9) == 0
    assert begun == []


async def _hang(_: object) -> None:
    await asyncio.sleep(FOR_EVER_S)
