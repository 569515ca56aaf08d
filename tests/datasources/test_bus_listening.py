"""Whoever listens hears the latest of what they asked for, whatever others do and however slow they are."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasources.bus.hub import Hub
from datasources.bus.memory import MemoryBus
from datasources.bus.redis import RedisBus
from datasources.ports.events import EventBus, Heard, Missed
from domain.events import Event, Topic
from tests.datasources.logs import KeptLog

pytestmark = pytest.mark.anyio

STOCK = Topic.STOCK_CHANGED
PATIENCE_S = 5.0
Bus = MemoryBus | RedisBus


@pytest.fixture
def log() -> KeptLog:
    return KeptLog()


@pytest.fixture
async def bus(bus_url: str, log: KeptLog) -> AsyncIterator[Bus]:
    """An open bus of each kind."""
    opened = MemoryBus() if bus_url == "memory://" else RedisBus(bus_url)
    await opened.open(log)
    yield opened
    await opened.close()


async def following(batches: AsyncIterator[Heard]) -> Heard:
    """What is heard next, which must not be long in coming."""
    return await asyncio.wait_for(anext(batches), PATIENCE_S)


async def events(batches: AsyncIterator[Heard]) -> Sequence[Event]:
    """The events heard next."""
    found = await following(batches)
    assert not isinstance(found, Missed)
    return found


async def heard(batches: AsyncIterator[Heard], until: int) -> list[int]:
    """The positions heard up to one of them, in the order heard."""
    found: list[int] = []
    while until not in found:
        found += [event.position for event in await events(batches)]
    return found


async def test_listeners_hear_the_keys_and_the_topic_they_asked_for_and_nothing_else(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, ["a", "b"]) as some, bus.listen(STOCK, None) as every:
        others = [*log.add("c"), *log.add("a", topic=Topic.CATALOG_CHANGED)]
        await bus.publish([*others, *log.add("a", "b", "c")])
        assert await heard(every, 5) in ([1, 3, 4, 5], [3, 4, 5])
        assert await heard(some, 4) == [3, 4]


async def test_an_event_arrives_as_it_was_told(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, ["a"]) as batches:
        told = log.add("a")
        await bus.publish(told)
        assert list(await events(batches)) == told


async def test_a_slow_listener_finds_the_latest_of_each_key_and_holds_nobody_up_LIV_5(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, None) as slow, bus.listen(STOCK, ["end"]) as quick:
        await bus.publish(log.add(*("ab"[n % 2] for n in range(1, 1001))))
        await bus.publish(log.add("end"))
        assert await heard(quick, 1001) == [1001]
        assert [e.position for e in await events(slow)] == [999, 1000, 1001]


async def test_what_is_published_again_is_not_heard_again_LIV_1(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, None) as batches:
        first = log.add("a", "b")
        await bus.publish(first)
        assert await heard(batches, 2) == [1, 2]
        await bus.publish([*first, *log.add("c")])
        assert await heard(batches, 3) == [3]


async def test_listening_begins_when_the_context_is_entered(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, ["before"]) as batches:
        await bus.publish(log.add("before"))
        await heard(batches, 1)
    async with bus.listen(STOCK, None) as batches:
        await bus.publish(log.add("after"))
        assert await heard(batches, 2) == [2]


async def test_a_bus_that_runs_answers(bus: EventBus) -> None:
    await bus.ping()


async def test_what_the_bus_lost_is_read_from_the_log(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, None) as batches:
        await bus.publish(log.add("first"))
        await heard(batches, 1)
        log.add("a", "b", "a")
        await bus.publish(log.add("end"))
        assert [(e.key, e.position) for e in await events(batches)] == [("b", 3), ("a", 4), ("end", 5)]


async def test_who_missed_what_the_log_no_longer_has_is_told_to_ask_anew(bus: Bus, log: KeptLog) -> None:
    async with bus.listen(STOCK, None) as batches, bus.listen(STOCK, ["quiet"]) as others:
        await bus.publish(log.add("first"))
        await heard(batches, 1)
        log.add("gone", "kept")
        log.forget(2)
        await bus.publish(log.add("end"))
        assert await following(batches) == await following(others) == Missed()
        await bus.publish(log.add("later"))
        assert (await heard(batches, 5))[-1] == 5


told = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30)


@settings(max_examples=50)
@given(told)
async def test_in_the_end_everybody_holds_the_last_state_of_every_key_LIV_3(steps: list[tuple[str, bool]]) -> None:
    bus, log = MemoryBus(), KeptLog()
    seen: list[Event] = []
    async with bus.listen(STOCK, None) as batches:
        for key, fetches in steps:
            await bus.publish(log.add(key))
            if fetches:
                seen += await events(batches)
        await bus.publish(log.add("end"))
        seen += await events(batches)
    assert {e.key: e.position for e in seen} == log.state()
    assert [e.position for e in seen] == sorted({e.position for e in seen})


class Reader:
    """Holds what a subscriber would: a snapshot, then what it is told; asks anew when it is told to."""

    def __init__(self, log: KeptLog) -> None:
        self._log = log
        self.held: dict[str, int] = {}
        self.positions: list[int] = []

    async def read(self, batches: AsyncIterator[Heard]) -> None:
        """Take everything in, until the last."""
        while "end" not in self.held:
            step = await following(batches)
            if isinstance(step, Missed):
                self.held = self._log.state()
            else:
                self.held |= {event.key: max(event.position, self.held.get(event.key, 0)) for event in step}
                self.positions += [event.position for event in step]


cuts = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25), st.integers(0, 3)), max_size=12)


@settings(max_examples=200)
@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=25), cuts, st.integers(0, 25))
async def test_however_events_come_again_too_late_or_never_the_last_state_is_held_and_positions_rise_LIV_3(
    keys: list[str], cuts: list[tuple[int, int, int]], forgotten: int
) -> None:
    log, hub = KeptLog(), Hub()
    hub.read_from(log, position=0)
    told, reader = log.add(*keys), Reader(log)
    log.forget(min(forgotten, len(keys)))
    async with hub.listening(STOCK, None) as mailbox:
        reading = asyncio.create_task(reader.read(mailbox))
        for start, end, steps in cuts:
            await hub.take(told[start:end])
            for _ in range(steps):
                await asyncio.sleep(0)
        await hub.take(log.add("end"))
        await reading
    assert reader.held == log.state()
    assert reader.positions == sorted(set(reader.positions))


async def test_who_stops_listening_is_forgotten() -> None:
    hub = Hub()
    async with hub.listening(STOCK, ["a", "b"]), hub.listening(STOCK, None):
        assert hub.listeners == 2
    assert hub.listeners == 0
