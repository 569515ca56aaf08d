"""A process that serves forgets what is older than its settings say, by itself."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

import resolvers.retention
from datasources.ports.errors import Unavailable
from datasources.ports.work import Remembered
from datasources.store.store import Store
from domain.events import Event, Topic
from resolvers.retention import Kept
from tests.builders import NOW
from tests.datasources.telling import Listener, commit, drain

pytestmark = pytest.mark.anyio

PATIENCE_S = 10.0


@dataclass(slots=True)
class Failing:
    """A place where nothing can be forgotten."""

    failure: Exception
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def forget(self, *, events_before: datetime, answers_before: datetime, limit: int) -> int:
        """Fail."""
        self.asked.set()
        raise self.failure


@pytest.mark.parametrize("failure", [Unavailable("store", "gone"), ZeroDivisionError()], ids=["away", "mistake"])
async def test_what_goes_wrong_once_does_not_end_it(failure: Exception) -> None:
    """Nobody would notice, until the disk is full."""
    place, kept = Failing(failure), Kept(events=timedelta(hours=72), answers=timedelta(hours=100))
    running = asyncio.create_task(resolvers.retention.run(place, kept, lambda: NOW))
    await asyncio.wait_for(place.asked.wait(), PATIENCE_S)
    ended, _ = await asyncio.wait([running], timeout=0.05)
    assert not ended
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_is_older_than_the_settings_say_is_forgotten_and_the_rest_is_kept(store: Store) -> None:
    async with store.work() as work:
        await work.remember({("till", "k"): Remembered("h", "{}")})
    await commit(store, *(Event(Topic.STOCK_CHANGED, f"k{n}", n, {}, NOW) for n in range(1_100)))
    await drain(store, Listener())
    later = datetime.now(UTC) + timedelta(hours=73)
    kept = Kept(events=timedelta(hours=72), answers=timedelta(hours=100))
    running = asyncio.create_task(resolvers.retention.run(store, kept, lambda: later))
    async with asyncio.timeout(PATIENCE_S):
        while (await store.log.extent()).oldest != 1_101:  # noqa: ASYNC110  # it is another task's doing
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    async with store.work() as work:
        assert await work.locked_key(("till", "k")) == Remembered("h", "{}")
