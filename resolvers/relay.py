"""The relay: carries committed events from the log to the bus, for as long as the process lives."""

import asyncio

from datasources.ports.events import EventBus, EventLog
from resolvers import loops

BATCH = 500
POLL_S = 0.5
PACE_S = 0.015
"""In a rush what is committed meanwhile is carried together; what comes after a rest is carried at once."""


async def run(events: EventLog, bus: EventBus) -> None:
    """Forward until cancelled. A bus or a store that is away is waited for: nothing is lost, it only comes later."""

    async def step() -> float:
        if await events.forward(bus.publish, limit=BATCH):
            await asyncio.sleep(PACE_S)
        await events.wait(POLL_S)
        return 0.0

    await loops.forever("relay", step)
