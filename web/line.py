"""A line: uvicorn's own WebSocket connection, cut to what an open socket needs; ten thousand are held at once.

It forgets the handshake once it is over, waits without queues, writes texts without a frame object in between, keeps
less for a client that reads slowly, and hangs up on one that does not even read the goodbye.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

UNSENT_BYTES = 16_384
"""Beyond this, senders wait. The kernel keeps more, outside of our memory."""
SAY = "commerce.say"
"""The extension of a scope by which a text is written without a task to wait: `say(text)`, whether it was written."""
TEXT = 0x81
"""First byte of a frame that holds a whole text."""


class Line(WebSocketsSansIOProtocol):
    """One connection, made by uvicorn (its option `ws`). It knows no compression: `ws_per_message_deflate` is off."""

    goodbye_s = 10.0
    """For how long what was said last may wait to be read."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.queue = cast("asyncio.Queue[Any]", Inbox())
        self.writable = cast("asyncio.Event", Gate())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=UNSENT_BYTES)

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.handshake_complete:  # else it was refused
            self.scope["extensions"][SAY] = cast("Any", self.say)

    async def send(self, message: Any) -> None:
        if message["type"] != "websocket.send" or not self.handshake_complete or message.get("text") is None:
            await super().send(message)
            if message["type"] == "websocket.accept":
                self.request.headers.clear()
                self.response.headers.clear()
            return
        if not self.say(message["text"]):
            await self.writable.wait()
            if not self.say(message["text"]):
                raise ClientDisconnected

    def say(self, text: str) -> bool:
        """Write a text, unless that has to wait or nobody is there any more; say whether it was written."""
        if not self.writable.is_set() or self.disconnected or self.conn.state is not State.OPEN:
            return False
        self.transport.write(framed(text.encode()))
        return True

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self.loop.call_later(self.goodbye_s, self.transport.abort)  # closing waits for what is unsent, however long


class Inbox:
    """What arrived and was not taken yet; one taker. An `asyncio.Queue` of 200 bytes instead of 2,500."""

    __slots__ = ("_messages", "_taker")

    def __init__(self) -> None:
        self._messages: list[Any] = []
        self._taker: asyncio.Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        """Leave a message."""
        self._messages.append(message)
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)

    async def get(self) -> Any:
        """Take the oldest message, once there is one."""
        while not self._messages:
            self._taker = asyncio.get_running_loop().create_future()
            await self._taker
        self._taker = None
        return self._messages.pop(0)

    def empty(self) -> bool:
        """Say whether everything was taken."""
        return not self._messages


class Gate:
    """Open or shut; who waits goes through once it is open. An `asyncio.Event` that costs nothing while it is open."""

    __slots__ = ("_shut",)

    def __init__(self) -> None:
        self._shut: asyncio.Future[None] | None = None

    def set(self) -> None:
        """Open it."""
        if self._shut is not None:
            self._shut.set_result(None)
            self._shut = None

    def clear(self) -> None:
        """Shut it."""
        if self._shut is None:
            self._shut = asyncio.get_running_loop().create_future()

    def is_set(self) -> bool:
        """Say whether it is open."""
        return self._shut is None

    async def wait(self) -> None:
        """Wait until it is open."""
        while self._shut is not None:
            await asyncio.shield(self._shut)  # others wait for the same


def framed(text: bytes) -> bytes:
    """A text as one frame of a server (RFC 6455, section 5.2)."""
    length = len(text)
    if length < 126:
        return bytes((TEXT, length)) + text
    if length < 65_536:
        return bytes((TEXT, 126)) + length.to_bytes(2, "big") + text
    return bytes((TEXT, 127)) + length.to_bytes(8, "big") + text
