"""One WebSocket that speaks `graphql-transport-ws`: a task that listens, and one for each operation that runs.

Our own, where strawberry brings one: it holds a third of the memory, pings, ends what has no more right to be told,
and never keeps more than one message per operation for a client that does not read. The protocol is graphql-ws's,
https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from starlette.types import Message, Receive, Send
from strawberry.http import process_result
from strawberry.types.execution import ExecutionResult, PreExecutionError

import schema.errors
from resolvers.context import Context
from resolvers.errors import Unauthenticated
from schema.executing import EngineSchema
from schema.live import Telling
from web.operations import Refused
from web.pulse import Pace, Pulse

PROTOCOL = "graphql-transport-ws"
GOODBYE_WAIT_S = 1.0
MOST_REASON = 120
"""Bytes; a frame that closes holds 123."""
MAX_OPERATIONS = 50
MAX_UNANSWERED = 2
"""Pings without a pong: then nobody is there, or somebody who does not read."""
TOO_MANY = {
    "message": f"A socket holds at most {MAX_OPERATIONS} subscriptions; complete one, or open another socket.",
    "extensions": {"code": "TOO_MANY_SUBSCRIPTIONS"},
}
OPERATION = "operation"
"""What tasks are called: they are many, and a name for each is 60 bytes."""
PING, PONG, WELCOME = '{"type":"ping"}', '{"type":"pong"}', '{"type":"connection_ack"}'

Results = AsyncGenerator[ExecutionResult, None]
SayNow = Callable[[str], bool]
"""Sends a text if that needs no waiting, and says whether it did (`web.line`)."""
Introduce = Callable[[Mapping[str, Any]], Context]
"""Makes the surroundings of whoever greets us with these claims; raises Unauthenticated or Refused."""


class Closing(Exception):
    """The socket is to be closed; the code is the protocol's."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """A `subscribe` message that is what it should be."""

    id: str
    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


class Desk:
    """What all sockets of a worker share: the graph, one pulse, and the text of what was told last."""

    def __init__(self, graph: EngineSchema, pace: Pace) -> None:
        self.graph = graph
        self.pace = pace
        self.pulse = Pulse(pace.ping_every_s)
        self._told: ExecutionResult | None = None
        self._text = ""

    def next(self, id: str, result: ExecutionResult) -> str:
        """Write the message that tells a result; many are told the same one after the other."""
        if result is not self._told:
            self._told, self._text = result, orjson.dumps(process_result(result)).decode()
        return f'{{"id":{orjson.dumps(id).decode()},"type":"next","payload":{self._text}}}'


class Socket:
    """The state of one connection. Who asks is said in `connection_init`."""

    __slots__ = (
        "_closing", "_context", "_desk", "_introduce", "_ping", "_receive", "_running", "_say_now", "_send", "_task",
        "_unanswered",
    )  # fmt: skip

    def __init__(self, desk: Desk, introduce: Introduce, receive: Receive, send: Send, say_now: SayNow) -> None:
        self._desk = desk
        self._introduce = introduce
        self._receive = receive
        self._send = send
        self._say_now = say_now
        self._context: Context | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._unanswered = 0
        self._ping: asyncio.Task[None] | None = None
        self._closing: Closing | None = None
        self._task: asyncio.Task[Any] | None = None

    async def serve(self) -> None:
        """Take messages until either side closes; then nothing of it is left at work."""
        self._task = asyncio.current_task()
        group = self._desk.pulse.join(self)
        try:
            await self._listen()
        except Closing as closing:
            self._closing = closing
        except asyncio.CancelledError:
            if self._closing is None or self._task is None or self._task.uncancel() > 0:
                raise  # the server ends us, not we ourselves
        finally:
            group.discard(self)
            await self._end_operations()
        if self._closing is not None:
            await self._say_goodbye(self._closing)

    def beat(self) -> None:
        """Ask whether anybody is there, and whether they may still be told."""
        if self._context is None:
            return  # the wait for the greeting is shorter than any turn
        if (gone := _gone(self._context)) is not None:
            self._end(gone)
        elif self._unanswered >= MAX_UNANSWERED:
            self._end(Closing(4408, "No pong"))
        else:
            self._unanswered += 1
            if self._ping is None or self._ping.done():  # else the last one has not left yet: the client does not read
                self._ping = asyncio.create_task(self._say_ping())

    async def _listen(self) -> None:
        waiting = asyncio.get_running_loop().call_later(
            self._desk.pace.greeting_s, self._end, Closing(4408, "No connection_init")
        )
        try:
            while (message := await self._receive())["type"] == "websocket.receive":
                await self._take(_read(message))
                if self._context is not None:
                    waiting.cancel()
        finally:
            waiting.cancel()

    async def _take(self, message: Mapping[str, Any]) -> None:
        match message:
            case {"type": "connection_init"}:
                await self._greet(message.get("payload"))
            case {"type": "ping"}:
                await self._say(PONG)
            case {"type": "pong"}:
                self._unanswered = 0
            case {"type": "subscribe"}:
                await self._subscribe(message)
            case {"type": "complete", "id": str(id)}:
                if (task := self._running.pop(id, None)) is not None:
                    task.cancel()
            case _:
                raise Closing(4400, "Not a message of this protocol")

    async def _greet(self, payload: Any) -> None:
        if self._context is not None:
            raise Closing(4429, "Too many initialisation requests")
        if not isinstance(payload, dict | None):
            raise Closing(4400, "The payload of connection_init must be an object")
        try:
            self._context = self._introduce({str(name).lower(): value for name, value in (payload or {}).items()})
        except Unauthenticated as error:
            raise _sent_away(error) from None
        except Refused as error:
            raise Closing(4400, f"{error.code}: {error}") from None
        await self._say(WELCOME)

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        if self._context is None:
            raise Closing(4401, "Unauthorized")
        if (gone := _gone(self._context)) is not None:
            raise gone
        asked = _asked(message)
        if asked.id in self._running:
            raise Closing(4409, f"Subscriber for {asked.id} already exists")
        if len(self._running) >= MAX_OPERATIONS:
            await self._say(_message(asked.id, "error", [TOO_MANY]))
            return
        results = await self._desk.graph.stream(
            asked.query, asked.variables, self._context, operation_name=asked.operation_name
        )
        if isinstance(results, Telling):
            results.at_once = partial(self._tell_at_once, asked.id)
        self._running[asked.id] = asyncio.create_task(self._run(asked.id, results), name=OPERATION)

    async def _run(self, id: str, results: Results) -> None:
        """Tell the results of one operation, and that they are complete; holds none of them while it waits."""
        refusal: Any = None
        try:
            async for result in results:
                if isinstance(result, PreExecutionError):
                    refusal = [error.formatted for error in result.errors or ()]
                else:
                    await self._say(self._desk.next(id, result))
                del result
        except OSError:
            return  # the client left; whoever listens hears of it too
        except Exception as error:
            schema.errors.incident(error, "")
        finally:
            if self._running.get(id) is asyncio.current_task():
                del self._running[id]  # before the last message: with it the id is free
            await results.aclose()
        with suppress(OSError):
            await self._say(_message(id, "error", refusal) if refusal else _message(id, "complete"))

    def _tell_at_once(self, id: str, result: ExecutionResult) -> bool:
        """Tell a result past the task that waits for it, which costs more than all the rest; if the client reads."""
        return self._say_now(self._desk.next(id, result))

    async def _end_operations(self) -> None:
        tasks = [*self._running.values(), *([self._ping] if self._ping else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _end(self, closing: Closing) -> None:
        """Close from outside the task that listens."""
        self._closing = closing
        if self._task is not None:
            self._task.cancel()

    def _say(self, text: str) -> Awaitable[None]:
        """Send a text; waits while the client has not read enough of what was sent before."""
        return self._send({"type": "websocket.send", "text": text})

    async def _say_ping(self) -> None:
        with suppress(OSError):
            await self._say(PING)

    async def _say_goodbye(self, closing: Closing) -> None:
        reason = str(closing).encode()[:MOST_REASON].decode(errors="ignore")
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(GOODBYE_WAIT_S):  # who does not read is not waited for
                await self._send({"type": "websocket.close", "code": closing.code, "reason": reason})


def _gone(context: Context) -> Closing | None:
    """How to close the socket of somebody for whom nobody vouches any more."""
    try:
        context.check()
    except Unauthenticated as error:
        return _sent_away(error)
    return None


def _sent_away(error: Unauthenticated) -> Closing:
    return Closing(4403, f"{error.reason}: {error}")


def _read(message: Message) -> Mapping[str, Any]:
    try:
        found = orjson.loads(message["text"])
    except (KeyError, TypeError, orjson.JSONDecodeError):
        raise Closing(4400, "Send JSON as text") from None
    if not isinstance(found, dict):
        raise Closing(4400, "A message is a JSON object")
    return found


def _asked(message: Mapping[str, Any]) -> Asked:
    match message:
        case {"id": str(id), "payload": {"query": str(query), **more}} if id:
            variables, name = more.get("variables"), more.get("operationName")
            if isinstance(variables, dict | None) and isinstance(name, str | None):
                return Asked(id, query, variables, name)
    raise Closing(4400, "A subscribe message has an id and a payload with a query")


def _message(id: str, type: str, payload: Any = None) -> str:
    told = {"id": id, "type": type}
    return orjson.dumps(told if payload is None else {**told, "payload": payload}).decode()
