"""Load: a fixed number of equal HTTP requests over a few kept-alive connections, as cheap for this side as can be."""

import asyncio
import time
from dataclasses import dataclass
from itertools import repeat

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, again and again."""

    port: int
    method: str
    target: str
    body: bytes = b""
    authorization: str = ""

    @property
    def bytes(self) -> bytes:
        """The request as it goes over the wire."""
        head = f"{self.method} {self.target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        if self.authorization:
            head += f"Authorization: {self.authorization}\r\n"
        if self.body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
        return f"{head}\r\n".encode() + self.body


class WrongAnswer(Exception):
    """The server answered something else than 200, or another page than before."""


async def answer(request: Request) -> bytes:
    """Ask once and return the body.

    Raises:
        WrongAnswer: the status is not 200.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", request.port)
    try:
        writer.write(request.bytes)
        return await _body(reader)
    finally:
        writer.close()


async def requests_per_second(request: Request, *, count: int, connections: int = CONNECTIONS) -> float:
    """Ask `count` times over `connections` at once, and return how many were answered a second.

    Raises:
        WrongAnswer: an answer is not 200, or another size than the first.
    """
    size = len(await answer(request))
    tickets = repeat(None, count)
    start = time.perf_counter()
    await asyncio.gather(*(_ask(request, tickets, size=size) for _ in range(connections)))
    return count / (time.perf_counter() - start)


async def _ask(request: Request, tickets: "repeat[None]", *, size: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", request.port)
    asked = request.bytes
    try:
        for _ in tickets:
            writer.write(asked)
            found = len(await _body(reader))
            if found != size:
                raise WrongAnswer(f"{request.target} answered {size} bytes first and {found} later")
    finally:
        writer.close()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    body = await reader.readexactly(int(length))
    if not head.startswith(b"http/1.1 200"):
        raise WrongAnswer(f"{head.decode()}{body.decode()}")
    return body
