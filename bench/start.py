"""Start: how long the demo takes to answer when its shop is there already, and how much memory its worker holds."""

import asyncio
import contextlib
import os
import statistics
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

import settings
from bench import load, processes, product_page
from bench.load import Request
from bench.report import Report

NAME = "start"
ROUNDS, PAGES, POLL_S = 3, 200, 0.02


def run() -> Report:
    """Start the demo once so that its shop is there, then several times more."""
    with TemporaryDirectory(prefix="ucg-bench-") as directory:
        first, *later = asyncio.run(_started(Path(directory)))
    figures = {
        "ready_s": statistics.median(ready_s for ready_s, _, _ in later),
        "rss_mb": max(after for _, _, after in later),
        "first_ready_s": first[0],
    }
    rows = [(str(number), *(f"{value:.2f}" for value in start)) for number, start in enumerate([first, *later], 1)]
    remarks = [
        "The first start makes the database and plants the shop.",
        "ready_s (goal: ≤ 5) is the median of the others.",
        f"rss_mb (goal: ≤ 250) is the most that one of them held, after {PAGES} product pages.",
    ]
    return Report(NAME, figures, ("start", "ready s", "MB when ready", "MB after pages"), rows, remarks)


async def _started(directory: Path) -> list[tuple[float, float, float]]:
    """Seconds until ready, megabytes then, and megabytes after product pages, for each start."""
    chosen = {
        "DATABASE_URL": f"sqlite+aiosqlite:///{directory / 'demo.sqlite3'}",
        "JWKS_FILE": str(directory / "keys.json"),
        "LOG_LEVEL": "warning",
    }
    environment = {f"{settings.PREFIX}{name}": value for name, value in chosen.items()}
    return [await _start(environment) for _ in range(ROUNDS + 1)]


async def _start(environment: Mapping[str, str]) -> tuple[float, float, float]:
    port = processes.free_port()
    began = time.perf_counter()
    async with _demo(port, environment) as process:
        await _ready(process, port)
        ready_s, at_first = time.perf_counter() - began, processes.resident_bytes(process.pid) / 1e6
        variables = {"first": product_page.FIRST, "stores": product_page.STORES}
        body = orjson.dumps({"query": product_page.QUERY, "variables": variables})
        for _ in range(PAGES):
            await load.answer(Request(port, "POST", "/graphql", body))
        return ready_s, at_first, processes.resident_bytes(process.pid) / 1e6


@contextlib.asynccontextmanager
async def _demo(port: int, environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run `scripts/demo` as its user does; the script becomes the worker."""
    command = (str(processes.ROOT / "scripts" / "demo"), "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment}, stdout=DEVNULL)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _ready(process: Process, port: int) -> None:
    """Wait until it says that it is ready."""
    give_up_at = time.monotonic() + processes.READY_S
    while process.returncode is None and time.monotonic() < give_up_at:
        with contextlib.suppress(OSError, load.WrongAnswer, asyncio.IncompleteReadError):
            await load.answer(Request(port, "GET", "/readyz"))
            return
        await asyncio.sleep(POLL_S)
    raise processes.NotReady("scripts/demo did not become ready")
