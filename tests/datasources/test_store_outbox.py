"""Every committed event is handed out, in order, under a position that is its own for ever."""

import asyncio
import time
from collections import defaultdict
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import update

from datasources.ports.errors import Unavailable
from datasources.store.migrate import migrate_async
from datasources.store.store import Store
from datasources.store.tables import outbox
from domain.events import Event, Topic
from tests.builders import NOW
from tests.datasources.telling import Listener, commit, drain, event, positions

pytestmark = pytest.mark.anyio


async def test_positions_have_no_gaps_and_follow_the_commits(store: Store) -> None:
    for n in range(1, 8):
        await commit(store, event("a", n), event("b", n))
    listener = Listener()
    await drain(store, listener, limit=3)
    assert positions(listener) == list(range(1, 15))
    assert [e.version for e in listener.heard if e.key == "a"] == list(range(1, 8))
    assert listener.heard[0] == Event(Topic.STOCK_CHANGED, "a", 1, {"key": "a", "说": "有货"}, NOW, position=1)


async def test_what_was_given_up_is_never_told_and_leaves_no_gap(store: Store) -> None:
    await commit(store, event("a"))
    with pytest.raises(ZeroDivisionError):
        await _give_up(store)
    await commit(store, event("c"))
    listener = Listener()
    await drain(store, listener)
    assert [(e.key, e.position) for e in listener.heard] == [("a", 1), ("c", 2)]


async def test_events_are_handed_out_once(store: Store) -> None:
    await commit(store, event("a"))
    listener = Listener()
    assert [await store.log.forward(listener.publish, limit=9) for _ in range(2)] == [1, 0]


async def test_when_publishing_fails_the_same_events_come_again_at_the_same_positions(store: Store) -> None:
    await commit(store, event("a"), event("b"))
    listener = Listener(fails=1)
    with pytest.raises(Unavailable):
        await store.log.forward(listener.publish, limit=9)
    await commit(store, event("c"))
    await drain(store, listener)
    first, again = listener.heard[:2], listener.heard[2:]
    assert again[:2] == first
    assert positions(listener) == [1, 2, 1, 2, 3]


async def test_what_was_given_positions_and_not_published_comes_again_in_smaller_batches_and_none_is_given_twice(
    store: Store,
) -> None:
    await commit(store, *(event("a", n) for n in range(1, 6)))
    lost, listener = Listener(fails=1), Listener()
    with pytest.raises(Unavailable):
        await store.log.forward(lost.publish, limit=9)
    await commit(store, event("a", 6), event("a", 7))
    await drain(store, listener, limit=2)
    assert positions(lost) == [1, 2, 3, 4, 5]
    assert [(e.version, e.position) for e in listener.heard] == [(n, n) for n in range(1, 8)]
    assert (await store.log.extent()).position == 7


async def test_a_position_that_was_heard_is_kept_even_if_an_older_transaction_commits_late(
    migrated_postgres_url: str,
) -> None:
    """Rows are numbered when they are written, not when they are committed; listeners drop positions they know."""
    store = Store(migrated_postgres_url)
    listener = Listener(fails=1)
    async with AsyncExitStack() as slow:
        await (await slow.enter_async_context(store.work())).tell([event("slow")])
        await commit(store, event("quick"))
        with pytest.raises(Unavailable):
            await store.log.forward(listener.publish, limit=9)
    await drain(store, listener)
    await store.close()
    assert [(e.key, e.position) for e in listener.heard] == [("quick", 1), ("quick", 1), ("slow", 2)]


async def test_two_relays_at_once_never_give_one_position_twice(store: Store, migrated_database_url: str) -> None:
    other = Store(migrated_database_url)
    for n in range(1, 21):
        await commit(store, event("a", n), event(f"b{n}"))
    listeners = [Listener(), Listener()]
    await asyncio.gather(*(drain(s, heard, limit=4) for s, heard in zip((store, other), listeners, strict=True)))
    await drain(store, listeners[0])
    await other.close()
    heard: defaultdict[int, list[str]] = defaultdict(list)
    for listener in listeners:
        for found in listener.heard:
            heard[found.position].append(found.key)
    assert sorted(heard) == list(range(1, 41))
    assert {len(keys) for keys in heard.values()} == {1}


async def test_the_relay_is_woken_by_a_commit_and_otherwise_waits_its_time(store: Store) -> None:
    waiting = asyncio.create_task(store.log.wait(30))
    await asyncio.sleep(0)
    await commit(store, event("a"))
    await asyncio.wait_for(waiting, 5)
    begun = time.monotonic()
    await store.log.wait(0.02)
    assert time.monotonic() - begun >= 0.015


async def test_what_came_after_a_position_can_be_read_again(store: Store) -> None:
    await commit(store, event("a"), event("b"), event("a", 2))
    assert await store.log.after(0, limit=9) == []
    listener = Listener()
    await drain(store, listener)
    await commit(store, event("waits"))
    assert await store.log.after(0, limit=2) == listener.heard[:2]
    assert await store.log.after(2, limit=9) == listener.heard[2:]
    assert await store.log.after(3, limit=9) == []
    assert await store.log.after(4, limit=9) is None


async def test_a_log_says_who_it_is_and_how_far_it_reaches(store: Store, empty_sqlite_url: str) -> None:
    assert (await store.log.extent()).holds_after(0)
    await commit(store, event("a"), event("b"))
    await drain(store, Listener())
    extent = await store.log.extent()
    assert (extent.oldest, extent.position) == (1, 2)
    assert [extent.holds_after(position) for position in (-1, 0, 2, 3)] == [False, True, True, False]
    await migrate_async(empty_sqlite_url)
    another = Store(empty_sqlite_url)
    assert (await another.log.extent()).log != extent.log
    await another.close()


async def test_which_keys_changed_after_a_position_is_one_question(store: Store) -> None:
    await commit(store, event("a"), event("b"), event("c"), event("a", 2))
    await commit(store, Event(Topic.CATALOG_CHANGED, "b", 1, {}, NOW))
    await drain(store, Listener())
    asked = ["a", "b", "nobody"]
    found = [await store.log.keys_after(position, Topic.STOCK_CHANGED, asked) for position in (0, 1, 2, 4, 5)]
    assert found == [{"a", "b"}, {"a", "b"}, {"a"}, set(), set()]
    assert await store.log.keys_after(6, Topic.STOCK_CHANGED, asked) is None


async def test_an_event_of_a_newer_version_is_passed_over_by_those_who_read_again(store: Store) -> None:
    await commit(store, event("a"), event("b"), event("c"))
    await drain(store, Listener())
    async with store.work() as work:
        await work._connection.execute(update(outbox).where(outbox.c.key == "b").values(topic="not.yet.known"))
    assert [e.key for e in await store.log.after(0, limit=9) or ()] == ["a", "c"]


async def _give_up(store: Store) -> None:
    async with store.work() as work:
        await work.tell([event("b")])
        raise ZeroDivisionError


async def test_a_key_whose_event_waits_for_a_position_had_one_after_any_position(store: Store) -> None:
    await commit(store, event("a"), event("b"))
    await drain(store, Listener())
    await commit(store, event("b", 2), event("c"))
    assert await store.log.keys_after(2, Topic.STOCK_CHANGED, ["a", "b"]) == {"b"}
    assert await store.log.keys_after(2, Topic.CATALOG_CHANGED, ["a", "b"]) == set()


async def test_the_event_of_a_version_is_found_whether_it_has_a_position_or_not(store: Store) -> None:
    await commit(store, *(event(key, version) for key in ("a", "b@x", "c") for version in (1, 2, 30)))
    await drain(store, Listener())
    await commit(store, event("c", 31))
    wanted = {"a": 2, "b@x": 30, "c": 31, "d": 1, "e": 0}
    found = await store.log.versions(Topic.STOCK_CHANGED, wanted)
    assert sorted((one.key, one.version, one.position) for one in found) == [("a", 2, 2), ("b@x", 30, 6), ("c", 31, 0)]
    assert found[0].payload["说"] == "有货"
    assert await store.log.versions(Topic.STOCK_CHANGED, {"a": 3}) == []
    assert await store.log.versions(Topic.CATALOG_CHANGED, wanted) == []
    assert await store.log.versions(Topic.STOCK_CHANGED, {}) == []
