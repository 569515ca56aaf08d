"""Server-sent events: the results of one operation as they come (the `distinct connections` mode of graphql-sse).

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

import orjson
from starlette.types import Receive, Scope, Send
from strawberry.http import process_result
from strawberry.types.execution import ExecutionResult

from web.requests import ClientLeft, while_there

PING_EVERY_S = 15.0
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),  # a proxy that collects what it passes on would make events late
]
PING, COMPLETE = b": ping\n\n", b"event: complete\ndata: \n\n"


def are_accepted(accept: str) -> bool:
    """Say whether a client wants events, by its header `Accept`."""
    return any(part.partition(";")[0].strip().lower() == "text/event-stream" for part in accept.split(","))


class Stream:
    """An answer of one event for each result, until there are no more or the client leaves."""

    def __init__(self, results: AsyncGenerator[ExecutionResult, None], *, ping_every_s: float = PING_EVERY_S) -> None:
        self._results = results
        self._ping_every_s = ping_every_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientLeft):
            await while_there(receive, self._tell(send))

    async def _tell(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        pinging = asyncio.create_task(self._ping(send))
        try:
            async with aclosing(self._results):
                async for result in self._results:
                    await _say(send, b"event: next\ndata: " + orjson.dumps(process_result(result)) + b"\n\n")
        finally:
            pinging.cancel()
            await asyncio.gather(pinging, return_exceptions=True)  # no ping stands after the end
        await send({"type": "http.response.body", "body": COMPLETE})

    async def _ping(self, send: Send) -> None:
        """Keep the line from looking idle: proxies cut one that is silent for a minute."""
        with suppress(OSError):
            while True:
                await asyncio.sleep(self._ping_every_s)
                await _say(send, PING)


async def _say(send: Send, text: bytes) -> None:
    await send({"type": "http.response.body", "body": text, "more_body": True})
