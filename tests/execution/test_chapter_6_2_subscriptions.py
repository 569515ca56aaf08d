"""The GraphQL specification, section 6.2.3 (numbers of October 2021): subscriptions, by the schema's stream.

Every event is executed by the engine; where the stream comes from is for strawberry to say.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry
import structlog.testing

from schema.executing import EngineSchema

pytestmark = pytest.mark.anyio


@strawberry.type
class Tick:
    number: int

    @strawberry.field
    async def half(self) -> float | None:
        await asyncio.sleep(0)
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")
        return self.number / 2

    @strawberry.field
    def even(self) -> int:
        if self.number % 2:
            raise ValueError(f"{self.number} is odd")
        return self.number


@strawberry.type
class Query:
    number: int = 0


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self, to: int = 3) -> AsyncIterator[Tick]:
        for number in range(to):
            await asyncio.sleep(0)
            yield Tick(number=number)

    @strawberry.subscription
    async def breaks(self) -> AsyncIterator[Tick | None]:
        yield Tick(number=0)
        yield None
        raise ConnectionError("the source is gone")

    @strawberry.subscription
    async def never(self, is_there: bool = False) -> AsyncIterator[Tick]:
        if not is_there:
            raise ConnectionError("no source")
        yield Tick(number=0)


GRAPH = EngineSchema(Query, None, Subscription)
Events = list[tuple[Any, list[Any]]]


class Oracle(strawberry.Schema):
    """Strawberry's schema, which does not print its errors."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        pass


ORACLE = Oracle(Query, None, Subscription)


class Surroundings:
    """As much of a context as errors want."""

    request_id = "r1"


async def events(query: str, **variables: Any) -> Events:
    """Each event's data and the paths of its errors, as our schema streams them; strawberry's own streams the same."""
    with structlog.testing.capture_logs():
        streamed = await _streamed(GRAPH, query, variables)
    assert streamed == await _streamed(ORACLE, query, variables)
    return streamed


async def _streamed(schema: strawberry.Schema, query: str, variables: dict[str, Any]) -> Events:
    stream: Any = await schema.subscribe(query, variables, context_value=Surroundings())
    return [(event.data, [error.path for error in event.errors or []]) async for event in stream]


async def test_6_2_3_each_event_is_executed() -> None:
    assert await events("subscription { ticks { number even: __typename } }") == [
        ({"ticks": {"number": number, "even": "Tick"}}, []) for number in range(3)
    ]


async def test_6_2_3_variables_and_conditions_count_for_every_event() -> None:
    query = "subscription ($to: Int = 9, $n: Boolean!) { t: ticks(to: $to) { number @include(if: $n) __typename } }"
    assert await events(query, to=2, n=False) == [({"t": {"__typename": "Tick"}}, [])] * 2
    assert await events(query, to=1, n=True) == [({"t": {"number": 0, "__typename": "Tick"}}, [])]


async def test_6_2_3_a_stream_may_end_without_an_event() -> None:
    assert await events("subscription { ticks(to: 0) { number } }") == []


@pytest.mark.parametrize(
    "query",
    [
        "subscription ($to: Int!) { ticks(to: $to) { number } }",
        "subscription { ticks { nothing } }",
        "subscription { ticks { number } breaks { number } }",
    ],
)
async def test_6_2_3_a_request_error_comes_before_any_event(query: str) -> None:
    assert await events(query, to="x") == [(None, [None])]


async def test_6_2_3_2_a_source_that_breaks_ends_the_stream_with_an_error() -> None:
    assert await events("subscription { never { number } }") == [(None, [None])]
    assert await events("subscription { breaks { number } }") == [
        ({"breaks": {"number": 0}}, []),
        ({"breaks": None}, []),
        (None, [None]),
    ]


async def test_6_2_3_2_an_event_with_a_field_error_does_not_end_the_stream() -> None:
    assert await events("subscription { ticks { number half } }") == [
        ({"ticks": {"number": 0, "half": 0.0}}, []),
        ({"ticks": {"number": 1, "half": None}}, [["ticks", "half"]]),
        ({"ticks": {"number": 2, "half": 1.0}}, []),
    ]


async def test_6_2_3_2_an_event_may_come_to_nothing_by_itself() -> None:
    assert await events("subscription { ticks { even } }") == [
        ({"ticks": {"even": 0}}, []),
        (None, [["ticks", "even"]]),
        ({"ticks": {"even": 2}}, []),
    ]


async def test_6_2_3_3_who_stops_listening_ends_the_stream() -> None:
    stream: Any = await GRAPH.subscribe("subscription { ticks(to: 9) { number } }", context_value=Surroundings())
    assert (await anext(stream)).data == {"ticks": {"number": 0}}
    await stream.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_6_2_3_2_it_is_the_engine_that_executes_events() -> None:
    heard: list[str] = []
    graph = EngineSchema(Query, None, Subscription, hook=lambda level: heard.append(level.name))
    await _streamed(graph, "subscription { ticks(to: 2) { number } }", {})
    assert heard == ["Subscription.ticks", "Tick.number"] * 2
