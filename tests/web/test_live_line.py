"""A line on a real server: what is kept for a client that does not read is bounded, and it is hung up on in the end."""

import asyncio
import socket as sockets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
import websockets
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.frames import Frame, Opcode

from web.line import SAY, Gate, Inbox, Line, framed

pytestmark = pytest.mark.anyio
TEXT = "x" * 50_000
Serve = Callable[[Receive, Send], Awaitable[None]]
Say = Callable[[str], bool]


class Hasty(Line):
    """A line that waits for nobody's goodbye."""

    goodbye_s = 0.1


@asynccontextmanager
async def served(serve: Serve, says: list[Say] | None = None, **options: int) -> AsyncIterator[int]:
    """The port of a server that lets every socket in and serves it so; `says` are told how to write to each at once."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        if says is not None:
            says.append(scope["extensions"][SAY])
        await serve(receive, send)

    with sockets.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app,
            ws=Hasty,
            lifespan="off",
            log_config=None,
            ws_per_message_deflate=False,
            **options,  # type: ignore[arg-type]
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield int(listening.getsockname()[1])
        finally:
            server.should_exit = True
            await serving


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that must not be long in coming."""
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


async def test_a_text_goes_both_ways_and_the_other_side_s_close_is_heard() -> None:
    heard = []

    async def echo(receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
        heard.append(message)

    async with served(echo) as port, connect(f"ws://127.0.0.1:{port}") as client:
        for text in ("", "短", "y" * 200, "z" * 70_000):
            await client.send(text)
            assert await client.recv() == text
        await client.close(4321, "enough")
    assert [(message["code"], message["reason"]) for message in heard] == [(4321, "enough")]


async def test_a_text_is_written_at_once_where_that_needs_no_waiting_and_only_there_LIV_5() -> None:
    says: list[Say] = []

    async def listen(receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})

    async with served(listen, says) as port:
        async with connect(f"ws://127.0.0.1:{port}", max_queue=1) as client, connect(f"ws://127.0.0.1:{port}") as other:
            await until(lambda: len(says) == 2)
            say, say_to_the_other = says
            written = 0
            while say(f"{written:05}{TEXT}"):
                written += 1
                assert written < 10_000, "it is never too much"
                if written % 20 == 0:
                    await asyncio.sleep(0)
            assert say_to_the_other("hello")
            assert await other.recv() == "hello"
            assert [str(await client.recv())[:5] for _ in range(written)] == [f"{n:05}" for n in range(written)]
            await until(lambda: say("the last"))
            assert await client.recv() == "the last"
        await until(lambda: not say("nobody is there"))


async def test_a_message_that_is_too_long_is_not_taken() -> None:
    async def listen(receive: Receive, send: Send) -> None:
        await receive()

    async with served(listen, ws_max_size=1_000) as port, connect(f"ws://127.0.0.1:{port}") as client:
        await client.send("x" * 1_001)
        with pytest.raises(websockets.ConnectionClosedError) as closed:
            await client.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


async def test_who_does_not_read_makes_the_sender_wait_and_is_hung_up_on_in_the_end_LIV_5() -> None:
    stuck, sent = asyncio.Event(), 0

    async def flood(receive: Receive, send: Send) -> None:
        nonlocal sent
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.5):
                    await send({"type": "websocket.send", "text": TEXT})
                sent += 1
        stuck.set()

    async with served(flood) as port:
        client = sockets.socket()
        client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 8_192)
        client.connect(("127.0.0.1", port))
        client.sendall(
            b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await stuck.wait()
        await asyncio.sleep(3 * Hasty.goodbye_s)
        read = await asyncio.to_thread(_all_of, client)
    assert read < sent * len(TEXT), "the rest was given up, not kept until somebody reads it"


async def test_who_waits_at_a_gate_goes_through_when_it_opens_and_one_who_leaves_takes_nobody_along() -> None:
    gate = Gate()
    await gate.wait()
    gate.clear()
    first, second = asyncio.create_task(gate.wait()), asyncio.create_task(gate.wait())
    await asyncio.sleep(0)
    first.cancel()
    gate.clear()
    gate.set()
    gate.set()
    await second
    assert first.cancelled()


async def test_an_inbox_gives_what_came_in_order_and_waits_for_more() -> None:
    inbox = Inbox()
    inbox.put_nowait(1)
    inbox.put_nowait(2)
    assert [await inbox.get(), inbox.empty(), await inbox.get(), inbox.empty()] == [1, False, 2, True]
    waiting = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait(3)
    assert await waiting == 3
    given_up = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    given_up.cancel()
    inbox.put_nowait(4)
    assert await inbox.get() == 4


@given(st.text(max_size=300) | st.integers(0, 70_000).map(lambda length: "x" * length))
def test_a_frame_is_what_websockets_makes_of_the_same_text(text: str) -> None:
    assert framed(text.encode()) == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def _all_of(client: sockets.socket) -> int:
    """How much there is to read until the other side hangs up."""
    read = 0
    with client, suppress(ConnectionError):
        client.settimeout(5)
        while data := client.recv(65_536):
            read += len(data)
    return read
