"""What is old is forgotten, from the old end only; what was not published never is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

import domain.sessions
from datasources.ports.work import Remembered
from datasources.store.store import Store
from datasources.store.tables import idempotency, outbox
from domain.codes_once import OneTimeCode
from domain.events import Topic
from domain.sessions import RefreshToken
from domain.throttle import Tries
from domain.viewers import Role
from tests.datasources.telling import Listener, commit, drain, event, positions

pytestmark = pytest.mark.anyio

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=9)
LIMIT = NOW - timedelta(days=3)


async def grow_old(store: Store, *keys: str) -> None:
    """Make events of these keys old, whenever they happened."""
    async with store.work() as work:
        await work._connection.execute(update(outbox).where(outbox.c.key.in_(keys)).values(recorded_at=OLD))


async def kept(store: Store) -> list[int]:
    """The positions that can still be read."""
    extent = await store.log.extent()
    return [e.position for e in await store.log.after(extent.oldest - 1, limit=99) or ()]


async def forget(store: Store, *, limit: int = 100) -> int:
    """Forget what is older than three days."""
    return await store.forget(events_before=LIMIT, answers_before=LIMIT, limit=limit)


async def test_old_published_events_are_forgotten_and_positions_go_on(store: Store) -> None:
    await commit(store, event("a"), event("b"), event("c"))
    await drain(store, Listener())
    await grow_old(store, "a", "b")
    assert await forget(store) == 2
    assert await kept(store) == [3]
    await grow_old(store, "c")
    await forget(store)
    assert await kept(store) == []
    listener = Listener()
    await commit(store, event("d"))
    await drain(store, listener)
    assert positions(listener) == [4]


async def test_an_event_that_was_not_published_is_kept_however_old(store: Store) -> None:
    await commit(store, event("a"), event("b"))
    await drain(store, Listener())
    await commit(store, event("c"))
    await grow_old(store, "a", "b", "c")
    await forget(store)
    listener = Listener()
    await drain(store, listener)
    assert [(e.key, e.position) for e in listener.heard] == [("c", 3)]


async def test_an_old_event_behind_a_young_one_is_kept_so_that_no_gap_is_made(store: Store) -> None:
    await commit(store, event("a"), event("young"), event("c"))
    await drain(store, Listener())
    await grow_old(store, "a", "c")
    await forget(store)
    assert await kept(store) == [2, 3]


async def test_a_reader_that_is_behind_what_was_forgotten_is_told_so(store: Store) -> None:
    await commit(store, event("a"), event("b"), event("c"))
    await drain(store, Listener())
    await grow_old(store, "a", "b")
    await forget(store)
    assert [await store.log.after(position, limit=9) is None for position in (0, 1, 2, 3)] == [True, True, False, False]
    asked = [await store.log.keys_after(position, Topic.STOCK_CHANGED, ["a", "c"]) for position in (1, 2, 3)]
    assert asked == [None, {"c"}, set()]


async def test_no_more_is_forgotten_at_once_than_asked_for(store: Store) -> None:
    keys = [f"k{n}" for n in range(5)]
    await commit(store, *map(event, keys))
    await drain(store, Listener())
    await grow_old(store, *keys)
    assert [await forget(store, limit=2) for _ in range(4)] == [2, 2, 1, 0]


async def test_old_answers_are_forgotten_and_young_ones_are_not(store: Store) -> None:
    keys = [("till", "old-1"), ("till", "old-2"), ("till", "young")]
    async with store.work() as work:
        await work.remember(dict.fromkeys(keys, Remembered("h", "{}")))
        old = update(idempotency).where(idempotency.c.key.like("old%"))
        await work._connection.execute(old.values(created_at=OLD))
        older = update(idempotency).where(idempotency.c.key == "old-2")
        await work._connection.execute(older.values(created_at=OLD - timedelta(days=1)))
    assert await forget(store, limit=1) == 1
    async with store.work() as work:
        assert set(await work.remembered(keys)) == {keys[0], keys[2]}  # the oldest goes first
    assert [await forget(store, limit=1) for _ in range(2)] == [1, 0]
    async with store.work() as work:
        assert await work.remembered(keys) == {keys[2]: Remembered("h", "{}")}


async def test_of_sign_ins_what_was_over_is_forgotten_and_nothing_else(store: Store) -> None:
    async with store.work() as work:
        for name, at in (("old", OLD), ("new", NOW)):
            await work.codes.write(OneTimeCode(name, "salt", "digest", at))
            await work.tries.locked(name)
            await work.tries.write(name, Tries(3, at))
            token = RefreshToken(name, "family", "turn")
            begun = domain.sessions.begun(
                token, subject=name, role=Role.MEMBER, location_id=None, now=at, lifetime=timedelta()
            )
            await work.sessions.write([begun])
    assert await forget(store) == 1
    async with store.work() as work:
        sessions = [await work.sessions.locked(name) for name in ("old", "new")]
        codes = [await work.codes.locked(name) for name in ("old", "new")]
        tries = [await work.tries.locked(name) for name in ("old", "new")]
    assert [one is not None for one in (*sessions, *codes)] == [False, True, False, True]
    assert [one.count for one in tries] == [0, 3]
