"""Whoever listens hears the latest of what they asked for, whatever others do and however slow they are."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.bus.hub import Hub
from datasources.bus.memory import MemoryBus
from datasources.bus.redis import RedisBus
from datasources.ports.events import EventBus
from domain.events import Event, Topic
from tests.builders import NOW

pytestmark = pytest.mark.anyio

STOCK = Topic.STOCK_CHANGED
PATIENCE_S = 5.0
Bus = MemoryBus | RedisBus


@pytest.fixture
async def bus(bus_url: str) -> AsyncIterator[Bus]:
    """An open bus of each kind."""
    opened = MemoryBus() if bus_url == "memory://" else RedisBus(bus_url)
    await opened.open()
    yield opened
    await opened.close()


def event(key: str, position: int, topic: Topic = STOCK) -> Event:
    """Something that happened; its position is its version too."""
    return Event(topic, key, position, {"on_hand": position, "说": "有货"}, NOW, position)


async def heard(batches: AsyncIterator[Sequence[Event]], until: int) -> list[int]:
    """The positions heard up to one of them, in the order heard."""
    found: list[int] = []
    while until not in found:
        found += [event.position for event in await asyncio.wait_for(anext(batches), PATIENCE_S)]
    return found


async def test_listeners_hear_the_keys_and_the_topic_they_asked_for_and_nothing_else(bus: Bus) -> None:
    async with bus.listen(STOCK, ["a", "b"]) as some, bus.listen(STOCK, None) as every:
        others = [event("c", 1), event("a", 2, Topic.CATALOG_CHANGED)]
        await bus.publish([*others, event("a", 3), event("b", 4), event("c", 5)])
        assert await heard(every, 5) in ([1, 3, 4, 5], [3, 4, 5])
        assert await heard(some, 4) == [3, 4]


async def test_an_event_arrives_as_it_was_told(bus: Bus) -> None:
    async with bus.listen(STOCK, ["a"]) as batches:
        await bus.publish([event("a", 1)])
        assert list(await asyncio.wait_for(anext(batches), PATIENCE_S)) == [event("a", 1)]


async def test_a_slow_listener_finds_the_latest_of_each_key_and_holds_nobody_up_LIV_5(bus: Bus) -> None:
    async with bus.listen(STOCK, None) as slow, bus.listen(STOCK, ["end"]) as quick:
        await bus.publish([event("ab"[n % 2], n) for n in range(1, 1001)])
        await bus.publish([event("end", 1001)])
        assert await heard(quick, 1001) == [1001]
        assert [e.position for e in await asyncio.wait_for(anext(slow), PATIENCE_S)] == [999, 1000, 1001]


async def test_what_is_published_again_is_not_heard_again_LIV_1(bus: Bus) -> None:
    async with bus.listen(STOCK, None) as batches:
        await bus.publish([event("a", 1), event("b", 2)])
        assert await heard(batches, 2) == [1, 2]
        await bus.publish([event("a", 1), event("b", 2), event("c", 3)])
        assert await heard(batches, 3) == [3]


async def test_listening_begins_when_the_context_is_entered(bus: Bus) -> None:
    async with bus.listen(STOCK, ["before"]) as batches:
        await bus.publish([event("before", 1)])
        await heard(batches, 1)
    async with bus.listen(STOCK, None) as batches:
        await bus.publish([event("after", 2)])
        assert await heard(batches, 2) == [2]


async def test_a_bus_that_runs_answers(bus: EventBus) -> None:
    await bus.ping()


told = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30)


@settings(max_examples=50)
@given(told)
async def test_in_the_end_everybody_holds_the_last_state_of_every_key_LIV_3(steps: list[tuple[str, bool]]) -> None:
    bus = MemoryBus()
    seen: list[Event] = []
    async with bus.listen(STOCK, None) as batches:
        for position, (key, fetches) in enumerate(steps, start=1):
            await bus.publish([event(key, position)])
            if fetches:
                seen += await anext(batches)
        await bus.publish([event("end", len(steps) + 1)])
        seen += await anext(batches)
    last_told = {key: position for position, (key, _) in enumerate(steps, start=1)}
    assert {e.key: e.position for e in seen if e.key != "end"} == last_told
    assert [e.position for e in seen] == sorted({e.position for e in seen})


def test_who_stops_listening_is_forgotten() -> None:
    hub = Hub()
    with hub.listening(STOCK, ["a", "b"]), hub.listening(STOCK, None):
        assert hub.listeners == 2
    assert hub.listeners == 0
