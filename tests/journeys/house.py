"""The real server as processes of their own: started in a directory of the test's, asked over sockets, ended by id."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


class DidNotStart(Exception):
    """The server ended, or said nothing in time; the message is what it said."""


@dataclass(frozen=True, slots=True)
class House:
    """A directory with its own database and keys, in which every command of the server runs."""

    directory: Path
    database_url: str
    bus_url: str = "memory://"
    currency: str = "CNY"

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment, with settings of the house's own."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("COMMERCE_")}
        chosen = {
            "DATABASE_URL": self.database_url,
            "BUS_URL": self.bus_url,
            "CURRENCY": self.currency,
            "JWKS_FILE": str(self.directory / "keys.json"),
            "MEDIA_DIR": str(self.directory / "media"),
            "LOG_FORMAT": "json",
        }
        return {**inherited, **{f"COMMERCE_{name}": value for name, value in chosen.items()}}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the server to its end."""
        command = [sys.executable, str(ROOT / "server.py"), *arguments]
        return subprocess.run(
            command, cwd=self.directory, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )

    def token(self, role: str) -> str:
        """A token, as an operator issues it."""
        return "Bearer " + self.run("token", "--role", role).stdout.strip()

    @contextmanager
    def serving(self, *, port: int | None = None) -> Iterator["Door"]:
        """`server.py serve` on a free port, until the context ends."""
        chosen = port or free_port()
        environment = {**self.environment, "COMMERCE_PORT": str(chosen)}
        with (self.directory / f"serve-{chosen}.log").open("a+") as log:
            process = self._start(["serve"], environment, log, log)
            try:
                door = Door(f"http://127.0.0.1:{chosen}", process.pid)
                _wait_until_ready(door, process, log)
                yield door
            finally:
                end(process)

    @contextmanager
    def demo(self) -> Iterator[tuple["Door", dict[str, str]]]:
        """`server.py demo` on a free port: its door, and the tokens it prints."""
        with (self.directory / "demo.out").open("w+") as told, (self.directory / "demo.log").open("w+") as log:
            process = self._start(["demo", "--port", "0"], self.environment, told, log)
            try:
                text = _wait_for(r"(?s)graph +(\S+)/graphql.*integrator\n\s*\S+\n", process, told, log)
                found = re.search(r"graph +(\S+)/graphql", text)
                assert found
                tokens = dict(re.findall(r"^ +(member|associate|integrator)\n +(\S+)$", text, re.MULTILINE))
                yield Door(found[1], process.pid), tokens
            finally:
                end(process)

    def _start(
        self, arguments: list[str], environment: Mapping[str, str], out: IO[str], err: IO[str]
    ) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "server.py"), *arguments]
        return subprocess.Popen(command, cwd=self.directory, env=environment, stdout=out, stderr=err, text=True)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a running server answers, and its process."""

    url: str
    pid: int

    def ask(self, query: str, *, authorization: str | None = None, **variables: Any) -> Any:
        """The answer to an operation; the test fails where it holds errors."""
        headers = {"authorization": authorization} if authorization else {}
        body = {"query": query, "variables": variables}
        answer = httpx2.post(f"{self.url}/graphql", json=body, headers=headers, timeout=PATIENCE_S)
        told = answer.json()
        assert "errors" not in told, told["errors"]
        return told["data"]

    @asynccontextmanager
    async def watching(
        self, query: str, *, authorization: str | None = None, **variables: Any
    ) -> AsyncIterator[AsyncIterator[Any]]:
        """What a subscription over a WebSocket brings, message by message."""
        address = self.url.replace("http", "ws", 1) + "/graphql"
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as opened:
            payload = {"authorization": authorization} if authorization else {}
            await opened.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await opened.recv())["type"] == "connection_ack"
            operation = {"query": query, "variables": variables}
            await opened.send(json.dumps({"type": "subscribe", "id": "1", "payload": operation}))
            yield _told(opened)

    @asynccontextmanager
    async def streaming(
        self, query: str, *, authorization: str | None = None, **variables: Any
    ) -> AsyncIterator[AsyncIterator[Any]]:
        """What a subscription over server-sent events brings, event by event."""
        headers = {"accept": "text/event-stream", **({"authorization": authorization} if authorization else {})}
        body = {"query": query, "variables": variables}
        async with httpx2.AsyncClient(timeout=PATIENCE_S) as client:
            request = client.stream("POST", f"{self.url}/graphql", json=body, headers=headers)
            async with request as answer:
                assert answer.headers["content-type"].startswith("text/event-stream")
                yield (_data(json.loads(line[6:])) async for line in answer.aiter_lines() if line.startswith("data: {"))


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[str]) -> None:
    """Ask a process of ours to end, as Ctrl-C does, and see that it does."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


async def _told(opened: ClientConnection) -> AsyncIterator[Any]:
    async for text in opened:
        message = json.loads(text)
        if message["type"] == "ping":
            await opened.send(json.dumps({"type": "pong"}))
            continue
        assert message["type"] == "next", message
        yield _data(message["payload"])


def _data(payload: Any) -> Any:
    assert "errors" not in payload, payload["errors"]
    return payload["data"]


def _wait_until_ready(door: Door, process: subprocess.Popen[str], log: IO[str]) -> None:
    for _ in _patience(process, log):
        try:
            if httpx2.get(f"{door.url}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            continue


def _wait_for(pattern: str, process: subprocess.Popen[str], told: IO[str], log: IO[str]) -> str:
    text = ""
    for _ in _patience(process, log):
        text = Path(told.name).read_text()
        if re.search(pattern, text):
            break
    return text


def _patience(process: subprocess.Popen[str], log: IO[str]) -> Iterator[None]:
    """Go on until the process has ended or patience has."""
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        yield
        time.sleep(0.05)
    raise DidNotStart(Path(log.name).read_text()[-4000:])
