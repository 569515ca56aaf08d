"""Processes: a server of one worker on a free port of this machine, for as long as a benchmark needs it."""

import asyncio
import contextlib
import os
import re
import socket
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

READY_S, STOP_S = 60.0, 10.0
ROOT = Path(__file__).resolve().parent.parent


class NotReady(Exception):
    """The server ended, or did not answer, before it was ready."""


@contextlib.asynccontextmanager
async def serving(*command: str, port: int, environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run `python COMMAND`, which is to listen on `port`, for as long as the context lasts.

    Raises:
        NotReady: it does not listen in time; what it printed is in the message.
    """
    with tempfile.TemporaryFile() as printed:  # a pipe that nobody empties would stop the server
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=printed,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            if not await _listening(process, port):
                printed.seek(0)
                raise NotReady(f"{' '.join(command)} does not serve:\n{printed.read().decode()}")
            yield process
        finally:
            await _stop(process)


def resident_bytes(pid: int) -> int:
    """The memory that the kernel counts for a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found, "this bench reads /proc, which only Linux has"
    return int(found[1]) * 1_024


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _listening(process: Process, port: int) -> bool:
    give_up_at = time.monotonic() + READY_S
    while process.returncode is None and time.monotonic() < give_up_at:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return True
        await asyncio.sleep(0.05)
    return False


async def _stop(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_S)
    except TimeoutError:
        process.kill()
        await process.wait()
