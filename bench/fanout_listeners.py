"""Listeners: sockets that subscribe to stock and do nothing else, in a process of their own, as cheap as can be.

`python -m bench.fanout_listeners --port P --sockets N --each M --pairs SKU@STORE …`: subscription number i watches the
pairs that `--watching` says, counted from i. Prints one JSON line once every subscription has its snapshot, and one
with what it heard once standard input ends. While it listens it only keeps what comes, with the time.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import uvloop

AT_ONCE = 64
"""Subscriptions that wait for their snapshot: what that takes is given back, but leaves holes in memory."""
PATIENCE_S = 60.0
QUERY = (
    "subscription ($skus: [String!]!, $at: [ID!]!) { availabilityChanged(skus: $skus, locations: $at) "
    "{ isSnapshot offers { sku location { id } signal asOf version } } }"
)
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
Pair = tuple[str, str]


@dataclass(slots=True)
class Heard:
    """What one socket heard of levels: the last version of each, when each change arrived, and what went wrong."""

    held: dict[Pair, int] = field(default_factory=dict)
    late_ms: list[float] = field(default_factory=list)
    backwards: int = 0
    skipped: int = 0


class Listener(asyncio.Protocol):
    """One socket: greets, subscribes, and keeps what comes."""

    def __init__(self, subscriptions: Sequence[bytes]) -> None:
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.kept: list[tuple[float, bytes]] = []
        self.pings = 0
        self.is_open = True
        self._steps = iter((framed({"type": "connection_init"}), b"".join(subscriptions)))
        self._awaited = len(subscriptions)

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(HANDSHAKE)

    def data_received(self, data: bytes) -> None:
        self.kept.append((time.time(), data))
        if b'{"type":"ping"}' in data:
            self.pings += 1
            self._transport.write(framed({"type": "pong"}))
        if self.ready.done():
            return
        if (step := next(self._steps, None)) is not None:
            self._transport.write(step)
        self._awaited -= data.count(b'"isSnapshot":true')
        if b'"errors"' in data:
            self.ready.set_exception(RuntimeError(f"refused: {data!r}"))
        elif not self._awaited:
            self.ready.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"closed before the snapshot: {self.kept[-1:]}"))


def framed(message: Any) -> bytes:
    """A text as one frame of a client, masked with nothing."""
    text = json.dumps(message).encode()
    length = bytes((0x80 | len(text),)) if len(text) < 126 else b"\xfe" + len(text).to_bytes(2, "big")
    return b"\x81" + length + b"\0\0\0\0" + text


def messages(kept: Sequence[tuple[float, bytes]]) -> Iterator[tuple[float, Any]]:
    """The messages in what came, each with the time of its last byte."""
    buffer = b""
    is_open = False
    for at, data in kept:
        buffer += data
        if not is_open:
            head, found, rest = buffer.partition(b"\r\n\r\n")
            if not found:
                continue
            assert b" 101 " in head.splitlines()[0], head
            is_open, buffer = True, rest
        while (frame := _frame(buffer)) is not None:
            text, buffer = frame
            yield at, json.loads(text)


def _frame(buffer: bytes) -> tuple[bytes, bytes] | None:
    if len(buffer) < 4:
        return None
    length, start = buffer[1], 2
    if length == 126:
        length, start = int.from_bytes(buffer[2:4], "big"), 4
    return None if len(buffer) < start + length else (buffer[start : start + length], buffer[start + length :])


def heard(kept: Sequence[tuple[float, bytes]]) -> Heard:
    """Read what came: how long after the change was taken up each arrived, and whether versions rise."""
    found = Heard()
    for at, message in messages(kept):
        if message["type"] != "next":
            continue
        update = message["payload"]["data"]["availabilityChanged"]
        for offer in update["offers"]:
            key, version = (offer["sku"], offer["location"]["id"]), offer["version"]
            before = found.held.get(key)
            found.held[key] = version
            if before is not None and not update["isSnapshot"]:
                found.backwards += version <= before
                found.skipped += max(version - before - 1, 0)
                found.late_ms.append((at - datetime.fromisoformat(offer["asOf"]).timestamp()) * 1_000)
    return found


def subscribe(number: int, id: int, pairs: Sequence[Pair], watching: int) -> bytes:
    """The message that subscribes to `watching` pairs of one store, counted from a number."""
    watched = [pairs[(number + step) % len(pairs)] for step in range(watching)]
    variables = {"skus": [sku for sku, _ in watched], "at": [watched[0][1]]}
    return framed({"type": "subscribe", "id": str(id), "payload": {"query": QUERY, "variables": variables}})


async def listen(port: int, sockets: int, each: int, pairs: Sequence[Pair], watching: int) -> list[Listener]:
    """Open the sockets, and return when every subscription has its snapshot."""
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(max(1, AT_ONCE // each))

    async def one(number: int) -> Listener:
        asked = [subscribe(number * each + id, id, pairs, watching) for id in range(each)]
        async with gate:
            _, listener = await loop.create_connection(lambda: Listener(asked), "127.0.0.1", port)
            await asyncio.wait_for(listener.ready, PATIENCE_S)
            return listener

    return await asyncio.gather(*map(one, range(sockets)))


async def main() -> None:
    """Listen until standard input ends."""
    parser = argparse.ArgumentParser()
    for name in ("port", "sockets", "each", "watching"):
        parser.add_argument(f"--{name}", type=int, default=1)
    parser.add_argument("--pairs", nargs="+")
    given = parser.parse_args()
    pairs = [tuple(pair.rsplit("@", 1)) for pair in given.pairs]
    listeners = await listen(given.port, given.sockets, given.each, pairs, given.watching)
    print(json.dumps({"ready": len(listeners)}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(_told(listeners)), flush=True)


def _told(listeners: Sequence[Listener]) -> dict[str, Any]:
    found = [heard(listener.kept) for listener in listeners]
    return {
        "open": sum(listener.is_open for listener in listeners),
        "pinged": sum(listener.pings > 0 for listener in listeners),
        "late_ms": sorted(round(late, 2) for one in found for late in one.late_ms),
        "backwards": sum(one.backwards for one in found),
        "skipped": sum(one.skipped for one in found),
        "held": [[[*key, version] for key, version in one.held.items()] for one in found],
    }


if __name__ == "__main__":
    uvloop.run(main())
