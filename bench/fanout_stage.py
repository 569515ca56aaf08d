"""The stage of the fan-out bench: a server of one worker, the levels it serves, who changes them, and who listens."""

import asyncio
import json
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

import compose
import settings
import web.tokens
from bench import load, processes
from bench.load import Request
from datasources.demo.stores import SITES
from domain.locations import LocationType
from domain.viewers import Role

LINE_BYTES = 1 << 28
LEVELS = """query ($stores: [ID!]!) {
  products(first: 100) { nodes { variants { sku availability(storeIds: $stores, first: 50) { signal } } } }
}"""
CHANGE = """mutation ($items: [InventorySetItem!]!, $key: String!) {
  inventorySet(input: {items: $items, idempotencyKey: $key}) { results { status } }
}"""
Pair = tuple[str, str]


@dataclass(slots=True)
class Stage:
    """A server that runs, and the levels of stock to be watched and changed."""

    port: int
    pid: int
    authorization: str
    pairs: Sequence[Pair] = ()
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def resident_bytes(self) -> int:
        """The memory that the server holds."""
        return processes.resident_bytes(self.pid)

    def one_store(self, most: int) -> Sequence[Pair]:
        """Some levels of the first store."""
        return [pair for pair in self.pairs if pair[1] == self.pairs[0][1]][:most]

    async def change(self, pair: Pair) -> None:
        """Count a level anew, and return when that is acknowledged."""
        number, (sku, store) = next(self._numbers), pair
        items = [{"sku": sku, "location": store, "quantity": 10 + number % 900}]
        asked = {"query": CHANGE, "variables": {"items": items, "key": f"fanout-{number}"}}
        told = orjson.loads(await load.answer(self._request(asked)))
        assert told["data"]["inventorySet"]["results"] == [{"status": "UPDATED"}], told

    async def change_at(self, per_s: int, pairs: Sequence[Pair], *, for_s: int) -> float:
        """Change levels at a steady pace, each after its last change is acknowledged; return how many a second."""
        began, pause_s = time.perf_counter(), len(pairs) / per_s

        async def change_one(number: int, pair: Pair) -> None:
            for turn in range(per_s * for_s // len(pairs)):
                due = began + turn * pause_s + number / per_s
                await asyncio.sleep(max(due - time.perf_counter(), 0))
                await self.change(pair)

        await asyncio.gather(*(change_one(number, pair) for number, pair in enumerate(pairs)))
        return per_s * for_s / (time.perf_counter() - began)

    async def find_pairs(self) -> None:
        """Ask which levels of the newest products there are; store by store."""
        stores = [site.id for site in SITES if site.type is LocationType.STORE]
        found = orjson.loads(await load.answer(self._request({"query": LEVELS, "variables": {"stores": stores}})))
        variants = [variant for node in found["data"]["products"]["nodes"] for variant in node["variants"]]
        self.pairs = [
            (variant["sku"], store)
            for number, store in enumerate(stores)
            for variant in variants
            if variant["availability"][number]["signal"] != "UNKNOWN"
        ]

    def _request(self, asked: Any) -> Request:
        return Request(self.port, "POST", "/graphql", orjson.dumps(asked), self.authorization)


@asynccontextmanager
async def staged(database_url: str, bus_url: str) -> AsyncIterator[Stage]:
    """Serve a seeded database by one worker."""
    with TemporaryDirectory(prefix="ucg-bench-") as directory:
        port, keys = processes.free_port(), Path(directory) / "keys.json"
        web.tokens.make_keys(keys)
        chosen = {"DATABASE_URL": database_url, "BUS_URL": bus_url, "PORT": str(port), "JWKS_FILE": str(keys)}
        environment = {f"{settings.PREFIX}{name}": value for name, value in {**chosen, "LOG_LEVEL": "error"}.items()}
        tokens = compose.tokens(settings.load(jwks_file=keys))
        token = tokens.issue(subject="bench", role=Role.INTEGRATOR, lifetime=timedelta(hours=1))
        async with processes.serving("server.py", "serve", port=port, environment=environment) as process:
            stage = Stage(port, process.pid, f"Bearer {token}")
            await stage.find_pairs()
            yield stage


@asynccontextmanager
async def listening(
    stage: Stage, sockets: int, *, pairs: Sequence[Pair], each: int = 1, watching: int = 1
) -> AsyncIterator[Callable[[], Awaitable[Any]]]:
    """Listen in a process of its own; what the context gives ends that, and gives what was heard."""
    numbers = {"port": stage.port, "sockets": sockets, "each": each, "watching": watching}
    options = [text for name, number in numbers.items() for text in (f"--{name}", str(number))]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.fanout_listeners", *options, "--pairs", *map("@".join, pairs)),
        cwd=processes.ROOT,
        stdin=PIPE,
        stdout=PIPE,
        limit=LINE_BYTES,
    )

    async def heard() -> Any:
        if process.stdin is not None:
            process.stdin.close()
        return await _line(process)

    try:
        assert await _line(process) == {"ready": sockets}
        yield heard
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _line(process: Process) -> Any:
    assert process.stdout is not None
    return json.loads(await process.stdout.readline())
