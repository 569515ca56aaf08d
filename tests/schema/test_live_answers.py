"""Live answers: who asks the same and may know the same is told the same, worked out once; nobody else is."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import strawberry
import structlog.testing
from strawberry.types import ExecutionResult

from datasources.bus.memory import MemoryBus
from datasources.ports.events import Heard, Missed
from domain.events import Event, Topic
from resolvers.live import Live
from schema.executing import EngineSchema
from schema.live import Rights, Telling
from tests.builders import NOW

pytestmark = pytest.mark.anyio


@dataclass(slots=True)
class World:
    """A bus, whose numbers are told, and everybody who was worked for."""

    bus: MemoryBus = field(default_factory=MemoryBus)
    worked: list[str] = field(default_factory=list)
    told: int = 0

    async def tell(self, *numbers: int) -> None:
        """Say some numbers, one after the other; who listens may be slow."""
        for number in numbers:
            self.told += 1
            payload = {"number": number}
            await self.bus.publish([Event(Topic.TASKS_CHANGED, "tick", self.told, payload, NOW, self.told)])


@dataclass(slots=True)
class Surroundings:
    """As much of a context as streams want: of which kind it is, and how often somebody was worked for."""

    kind: str
    world: World
    may_hear: bool = True
    request_id: str = "r1"


@strawberry.type
class Query:
    number: int = 0


@strawberry.type
class Tick:
    number: int

    @strawberry.field
    def worked(self, info: strawberry.Info[Surroundings, None]) -> str:
        if self.number < 0:
            raise ValueError("below zero")
        info.context.world.worked.append(info.context.kind)
        return info.context.kind


@dataclass(slots=True)
class Ticking:
    """Numbers that are told, times a step; of several that somebody missed the last counts."""

    name: Hashable
    step: int
    topic: Topic = Topic.TASKS_CHANGED
    keys: Collection[str] = ("tick",)

    async def look(self) -> tuple[Tick, None]:
        """Nothing yet."""
        return Tick(number=0), None

    async def heard(self, heard: Heard) -> Tick:
        """The last."""
        assert not isinstance(heard, Missed)
        return Tick(number=heard[-1].payload["number"] * self.step)

    def as_one(self, updates: Sequence[Tick]) -> Tick:
        """The last, too."""
        return updates[-1]


@strawberry.type
class Subscription:
    @strawberry.subscription
    def ticks(self, info: strawberry.Info[Surroundings, None], step: int = 1) -> AsyncGenerator[Tick, None]:
        async def opened() -> Ticking:
            return Ticking(step, step)

        return Live(info.context.world.bus, opened)

    @strawberry.subscription
    async def nothing(self) -> AsyncGenerator[Tick, None]:
        return 5  # type: ignore[return-value]


def check(context: Surroundings) -> None:
    if not context.may_hear:
        raise PermissionError("not any more")


def kind(context: Surroundings) -> str:
    return context.kind


GRAPH = EngineSchema(Query, None, Subscription, rights=Rights(kind=kind, check=check))


async def opened(*contexts: Surroundings, steps: Sequence[int] = ()) -> list[Telling]:
    """A stream for each, all of them told what there is at first."""
    query = "subscription ($step: Int! = 1) { ticks(step: $step) { number worked } }"
    steps = steps or (1,) * len(contexts)
    streams: list[Any] = [
        await GRAPH.stream(query, {"step": step}, context) for context, step in zip(contexts, steps, strict=True)
    ]
    await asyncio.gather(*map(anext, streams))
    contexts[0].world.worked.clear()
    return streams


async def told(
    *contexts: Surroundings, numbers: Sequence[int] = (3,), steps: Sequence[int] = ()
) -> list[ExecutionResult]:
    """What each is told of the same numbers, all of them waiting for each."""
    streams, found = await opened(*contexts, steps=steps), []
    with structlog.testing.capture_logs():
        for number in numbers:
            waiting = [asyncio.create_task(anext(stream)) for stream in streams]
            await asyncio.sleep(0)
            await contexts[0].world.tell(number)
            found += await asyncio.gather(*waiting)
    for stream in streams:
        await stream.aclose()
    return found


def surroundings(*kinds: str) -> tuple[list[str], tuple[Surroundings, ...]]:
    world = World()
    return world.worked, tuple(Surroundings(kind, world) for kind in kinds)


def number(result: ExecutionResult) -> int:
    assert result.data is not None
    return int(result.data["ticks"]["number"])


async def test_those_of_one_kind_who_ask_the_same_share_the_work() -> None:
    worked, contexts = surroundings("guest", "guest", "guest")
    found = await told(*contexts, numbers=(3, 4))
    assert [number(result) for result in found] == [3, 3, 3, 4, 4, 4]
    assert worked == ["guest"] * 2


async def test_those_of_another_kind_or_who_ask_something_else_are_worked_for_themselves() -> None:
    worked, contexts = surroundings("guest", "member", "guest")
    found = await told(*contexts, steps=(1, 1, 2))
    answers = [(3, "guest"), (3, "member"), (6, "guest")]
    assert [tuple(result.data["ticks"].values()) for result in found if result.data] == answers
    assert sorted(worked) == ["guest", "guest", "member"]


async def test_errors_are_everybody_s_own_for_they_name_the_request() -> None:
    _, contexts = surroundings("guest", "guest")
    contexts[1].request_id = "r2"
    found = await told(*contexts, numbers=(-1,))
    named = [(error.extensions or {})["requestId"] for result in found for error in result.errors or ()]
    assert named == ["r1", "r2"]


async def test_who_may_not_hear_any_more_is_not_told_what_others_are_LIV_4() -> None:
    _, contexts = surroundings("guest", "guest", "guest")
    streams = await opened(*contexts)
    at_once: list[int] = []

    def tell(result: ExecutionResult) -> bool:
        at_once.append(number(result))
        return True

    for stream in streams[:2]:
        stream.at_once = tell
    waiting = [asyncio.create_task(anext(stream)) for stream in streams]
    await asyncio.sleep(0)
    contexts[1].may_hear = contexts[2].may_hear = False
    await contexts[0].world.tell(3)
    with structlog.testing.capture_logs():
        refused = await asyncio.gather(*waiting[1:])
    assert at_once == [3]
    assert all(result.data is None and result.errors for result in refused)
    with pytest.raises(StopAsyncIteration):
        await anext(streams[1])
    await contexts[0].world.tell(4)
    await asyncio.sleep(0.01)
    assert at_once == [3, 4]
    waiting[0].cancel()
    await streams[0].aclose()


async def test_who_does_not_wait_delays_nobody_and_finds_the_last_worked_out_anew_LIV_3_LIV_5() -> None:
    worked, contexts = surroundings("guest", "guest")
    quick, slow = await opened(*contexts)
    for n in range(1, 100):
        waiting = asyncio.create_task(anext(quick))
        await asyncio.sleep(0)
        await contexts[0].world.tell(n)
        assert number(await waiting) == n
    assert worked == ["guest"] * 99
    assert number(await anext(slow)) == 99
    assert len(worked) == 100
    await quick.aclose()
    await slow.aclose()


async def test_who_cannot_be_told_at_once_is_told_by_whoever_waits_and_in_order() -> None:
    _, contexts = surroundings("guest")
    (stream,) = await opened(*contexts)
    is_writable, found = True, []

    def tell(result: ExecutionResult) -> bool:
        if is_writable:
            found.append(number(result))
        return is_writable

    async def wait() -> None:
        async for result in stream:
            await asyncio.sleep(0.01)
            found.append(number(result))

    stream.at_once = tell
    waiting = asyncio.create_task(wait())
    for n in range(1, 6):
        is_writable = n != 2
        await asyncio.sleep(0 if n == 3 else 0.03)
        await contexts[0].world.tell(n)
    await asyncio.sleep(0.05)
    assert found == [1, 2, 3, 4, 5]
    waiting.cancel()
    await stream.aclose()


async def test_who_leaves_while_others_are_told_is_told_nothing_and_who_leaves_last_ends_the_source() -> None:
    _, contexts = surroundings("guest", "guest", "guest")
    streams = await opened(*contexts)
    heard: list[int] = []

    def tell(result: ExecutionResult) -> bool:
        heard.append(number(result))
        for task in waiting[1:]:
            task.cancel()
        return True

    streams[0].at_once = tell
    waiting = [asyncio.create_task(anext(stream)) for stream in streams]
    await asyncio.sleep(0)
    await contexts[0].world.tell(1)
    await asyncio.sleep(0.01)
    for stream in streams[1:]:
        await stream.aclose()
    await contexts[0].world.tell(2)
    await asyncio.sleep(0.01)
    assert heard == [1, 2]
    assert [task.cancelled() for task in waiting] == [False, True, True]
    waiting[0].cancel()
    await streams[0].aclose()
    (again,) = await opened(contexts[1])
    await contexts[0].world.tell(3)
    assert number(await anext(again)) == 3
    assert heard == [1, 2]
    await again.aclose()


async def test_a_field_that_gives_no_stream_is_a_request_error() -> None:
    with structlog.testing.capture_logs():
        stream: Any = await GRAPH.stream("subscription { nothing { number } }", None, surroundings("guest")[1][0])
        (only,) = [result async for result in stream]
    assert (only.data, only.errors[0].path) == (None, ["nothing"])
