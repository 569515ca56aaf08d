"""Live answers: who asks the same and may know the same is told the same, worked out once; nobody else is."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import pytest
import strawberry
import structlog.testing

from schema.executing import EngineSchema
from schema.live import Rights

pytestmark = pytest.mark.anyio


@dataclass(slots=True)
class Surroundings:
    """As much of a context as streams want: of which kind it is, and how often somebody was worked for."""

    kind: str
    source: "asyncio.Queue[int | None]"
    worked: list[str]
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
        info.context.worked.append(info.context.kind)
        return info.context.kind


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, info: strawberry.Info[Surroundings, None], step: int = 1) -> AsyncGenerator[Tick, None]:
        while (number := await info.context.source.get()) is not None:
            yield Tick(number=number * step)

    @strawberry.subscription
    async def nothing(self) -> AsyncGenerator[Tick, None]:
        return 5  # type: ignore[return-value]


def check(context: Surroundings) -> None:
    if not context.may_hear:
        raise PermissionError("not any more")


def kind(context: Surroundings) -> str:
    return context.kind


GRAPH = EngineSchema(Query, None, Subscription, rights=Rights(kind=kind, check=check))


async def told(
    *contexts: Surroundings, numbers: tuple[int, ...] = (3,), steps: tuple[int, ...] = (), graph: EngineSchema = GRAPH
) -> list[Any]:
    """What each is told of the same numbers, all of them listening before the first comes."""
    query = "subscription ($step: Int! = 1) { ticks(step: $step) { number worked } }"
    steps = steps or (1,) * len(contexts)
    streams: list[Any] = [
        await graph.stream(query, {"step": step}, context) for context, step in zip(contexts, steps, strict=True)
    ]
    found = []
    with structlog.testing.capture_logs():
        for number in numbers:
            for context in contexts:
                context.source.put_nowait(number)
            found += [await anext(stream) for stream in streams]
    for stream in streams:
        await stream.aclose()
    return found


def surroundings(*kinds: str) -> tuple[list[str], tuple[Surroundings, ...]]:
    worked: list[str] = []
    return worked, tuple(Surroundings(kind, asyncio.Queue(), worked) for kind in kinds)


async def test_those_of_one_kind_who_ask_the_same_share_the_work() -> None:
    worked, contexts = surroundings("guest", "guest", "guest")
    found = await told(*contexts, numbers=(3, 4))
    assert [result.data["ticks"]["number"] for result in found] == [3, 3, 3, 4, 4, 4]
    assert worked == ["guest"] * 2


async def test_those_of_another_kind_or_who_ask_something_else_are_worked_for_themselves() -> None:
    worked, contexts = surroundings("guest", "member", "guest")
    found = await told(*contexts, steps=(1, 1, 2))
    assert [tuple(result.data["ticks"].values()) for result in found] == [(3, "guest"), (3, "member"), (6, "guest")]
    assert worked == ["guest", "member", "guest"]


async def test_errors_are_everybody_s_own_for_they_name_the_request() -> None:
    _, contexts = surroundings("guest", "guest")
    contexts[1].request_id = "r2"
    found = await told(*contexts, numbers=(-1,))
    assert [result.errors[0].extensions["requestId"] for result in found] == ["r1", "r2"]


async def test_who_may_not_hear_any_more_is_not_told_what_others_are_LIV_4() -> None:
    _, contexts = surroundings("guest", "guest")
    contexts[1].may_hear = False
    found = await told(*contexts)
    assert [result.data is None for result in found] == [False, True]
    assert found[1].errors


async def test_what_was_told_a_while_ago_is_worked_out_anew() -> None:
    worked, contexts = surroundings("guest", "guest")
    await told(*contexts, graph=EngineSchema(Query, None, Subscription, rights=Rights(kind=kind, shared_s=0)))
    assert worked == ["guest", "guest"]


async def test_a_field_that_gives_no_stream_is_a_request_error() -> None:
    with structlog.testing.capture_logs():
        stream: Any = await GRAPH.stream("subscription { nothing { number } }", None, surroundings("guest")[1][0])
        (only,) = [result async for result in stream]
    assert (only.data, only.errors[0].path) == (None, ["nothing"])
