"""Server-sent events as they go over the line: what is told, what keeps it open, and that nobody works unread."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest
from starlette.types import Message
from strawberry.types.execution import ExecutionResult

from tests.web.front import Front
from web.events import Stream

SUBSCRIBED = {"accept": "text/event-stream"}


class Results:
    """The results of an operation that goes on for ever after those that it has."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = numbers
        self.is_ended = False

    async def told(self) -> AsyncGenerator[ExecutionResult, None]:
        try:
            for number in self.numbers:
                yield ExecutionResult(data={"number": number}, errors=None)
            await asyncio.Event().wait()
        finally:
            self.is_ended = True


class Client:
    """Reads until it has read so many times, and leaves."""

    def __init__(self, patience: int) -> None:
        self.read: list[Message] = []
        self._patience = patience
        self._has_enough = asyncio.Event()

    async def receive(self) -> Message:
        await self._has_enough.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.read.append(message)
        if len(self.read) == self._patience:
            self._has_enough.set()


@pytest.mark.anyio
async def test_nobody_works_for_a_client_that_left_a_stream() -> None:
    results, client, before = Results([1, 2]), Client(patience=3), asyncio.all_tasks()
    async with asyncio.timeout(10):
        await Stream(results.told())({}, client.receive, client.send)
    start, *told = client.read
    assert start["status"] == 200
    assert [message["body"] for message in told] == [
        b'event: next\ndata: {"data":{"number":1}}\n\n',
        b'event: next\ndata: {"data":{"number":2}}\n\n',
    ]
    assert results.is_ended
    assert asyncio.all_tasks() == before


@pytest.mark.anyio
async def test_a_stream_in_which_nothing_happens_is_kept_open() -> None:
    client = Client(patience=4)
    async with asyncio.timeout(10):
        await Stream(Results([]).told(), ping_every_s=0.01)({}, client.receive, client.send)
    assert [message["body"] for message in client.read[1:]] == [b": ping\n\n"] * 3


def test_a_query_over_events_is_told_once_and_complete(front: Front) -> None:
    answer = front.client.post("/graphql", json={"query": "{ __typename }"}, headers=SUBSCRIBED)
    assert answer.text == 'event: next\ndata: {"data":{"__typename":"Query"}}\n\nevent: complete\ndata: \n\n'
    assert answer.headers["cache-control"] == "no-cache, no-transform"


@pytest.mark.parametrize(
    "asked", [{"query": "{ __typename }", "operationName": "Other"}, {"query": "mutation { nothing }"}, {"query": "{"}]
)
def test_an_operation_that_cannot_run_is_told_as_an_event(front: Front, asked: Any) -> None:
    answer = front.client.post("/graphql", json=asked, headers=SUBSCRIBED)
    assert answer.status_code == 200
    assert answer.text.startswith('event: next\ndata: {"data":null,"errors":[{"message":')
    assert answer.text.endswith("event: complete\ndata: \n\n")


def test_a_mutation_does_not_come_by_get_over_events_either(front: Front) -> None:
    answer = front.client.get("/graphql", params={"query": "mutation { __typename }"}, headers=SUBSCRIBED)
    assert '"code":"BAD_OPERATION"' in answer.text
