"""The relay: carries committed events from the log to the bus, for as long as the process lives."""

import asyncio

import structlog

from datasources.ports.errors import SourceError
from datasources.ports.events import EventBus, EventLog

BATCH = 500
POLL_S = 0.5
PACE_S = 0.015
"""In a rush what is committed meanwhile is carried together; what comes after a rest is carried at once."""
RETRY_S = 1.0

log = structlog.get_logger()


async def run(events: EventLog, bus: EventBus) -> None:
    """Forward until cancelled. A bus or a store that is away is waited for: nothing is lost, it only comes later."""
    while True:
        try:
            carried = await events.forward(bus.publish, limit=BATCH)
        except SourceError as failure:
            log.warning("relay.waiting", source=failure.source, reason=str(failure))
            await asyncio.sleep(RETRY_S)
            continue
        except Exception:  # an event that nobody can carry must not end the relay unseen
            log.exception("relay.failed")
            await asyncio.sleep(RETRY_S)
            continue
        if carried:
            await asyncio.sleep(PACE_S)
        await events.wait(POLL_S)
