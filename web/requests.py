"""Requests: each gets an id that stands in its log lines, its answer and every error, and a bound on its body.

Nobody works for one whose client has left.
"""

import asyncio
import re
import time
import uuid
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web import answers

HEADER = b"x-request-id"
ACCEPTED_ID = re.compile(rb"[A-Za-z0-9_.:-]{8,64}")

T = TypeVar("T")

log = structlog.get_logger()


class ClientLeft(Exception):
    """The client went away before it had its answer."""


class Identified:
    """Gives every request an id, the caller's own if it is a sane one, and writes one log line when it ends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 0

        def send_with_id(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.accept"):
                status = message.get("status", 101)
                message = {**message, "headers": [*message.get("headers", ()), (HEADER, request_id.encode())]}
            elif message["type"] == "websocket.close" and not status:
                status = 403
            return send(message)

        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                ms = round((time.perf_counter() - began) * 1000, 1)
                log.info("request", path=scope["path"], status=status, ms=ms)


class Bounded:
    """Refuses bodies beyond a length before anybody reads them."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self._app = app
        self._most = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []
        length = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            messages.append(message)
            length += len(message.get("body", b""))
            if length > self._most:
                refusal = f"The body is longer than {self._most} bytes."
                answer = answers.refusal(413, refusal, scope["state"]["request_id"])
                await answer(scope, receive, send)
                return
            if not message.get("more_body", False):
                break

        async def replay() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replay, send)


async def while_there(receive: Receive, working: Coroutine[Any, Any, T]) -> T:
    """Do something for a client whose request was read to its end; all that works at it is cancelled if it leaves.

    Raises:
        ClientLeft: it did.
    """
    here = asyncio.current_task()
    leaving = asyncio.ensure_future(receive())
    leaving.add_done_callback(lambda left: None if left.cancelled() or here is None else here.cancel())
    try:
        return await working
    except asyncio.CancelledError:
        if not leaving.done() or here is None or here.uncancel() > 0:
            raise  # somebody else ends us: the server is closing
        raise ClientLeft from None
    finally:
        leaving.cancel()


def _request_id(scope: Scope) -> str:
    given = dict(scope["headers"]).get(HEADER, b"")
    return given.decode() if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
