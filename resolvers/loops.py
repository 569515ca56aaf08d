"""Loops: work that runs beside the requests, step by step, for as long as the process lives.

Whatever goes wrong in a step, the next one is tried: a source that is away is waited for, and what nobody can do must
not end what could be done after it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from datasources.ports.outages import Outage

RETRY_S = 1.0


async def forever(name: str, step: Callable[[], Awaitable[float]]) -> None:
    """Do a step, rest for as many seconds as it says, and do the next, until cancelled; a failure is said once."""
    outage = Outage(name)
    while True:
        try:
            rest_s = await step()
        except Exception as failure:
            outage.met(failure)
            rest_s = RETRY_S
        else:
            outage.passed()
        await asyncio.sleep(rest_s)
