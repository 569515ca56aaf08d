"""Loops: work that runs beside the requests, step by step, for as long as the process lives.

Whatever goes wrong in a step, the next one is tried: a source that is away is waited for, and what nobody can do must
not end what could be done after it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from datasources.ports.outages import Outage

RETRY_S = 1.0
PATIENCE_S = 2.0
"""How long the end of the process waits for the step that is under way."""


async def forever(name: str, step: Callable[[], Awaitable[float]]) -> None:
    """Do a step, rest for as many seconds as it says, and do the next, until cancelled; a failure is said once."""
    outage = Outage(name)
    while True:
        try:
            rest_s = await _whole(step)
        except Exception as failure:
            outage.met(failure)
            rest_s = RETRY_S
        else:
            outage.passed()
        await asyncio.sleep(rest_s)


async def _whole(step: Callable[[], Awaitable[float]]) -> float:
    """Do a step to its end, even if cancelled: what is broken off half-way leaves a connection that nobody closes."""
    doing = asyncio.ensure_future(step())
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing], timeout=PATIENCE_S)
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        raise
