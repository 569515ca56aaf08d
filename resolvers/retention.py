"""Retention: what nobody needs to read again is deleted, a little at a time, for as long as the process lives."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from datasources.ports.errors import SourceError
from datasources.ports.retention import Retention

BATCH = 1_000
EVERY_S = 600.0
BREATH_S = 0.2
"""Between two steps, so that others can write."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """How long events, and answers to idempotency keys, are kept."""

    events: timedelta
    answers: timedelta


async def run(place: Retention, kept: Kept, clock: Callable[[], datetime]) -> None:
    """Forget until cancelled. Several processes may do so at once: what one has deleted the other does not find."""
    while True:
        try:
            has_more = await _step(place, kept, clock())
        except SourceError as failure:
            has_more = False
            log.warning("retention.waiting", source=failure.source, reason=str(failure))
        except Exception:  # a mistake must not end the forgetting unseen: the disk would fill
            has_more = False
            log.exception("retention.failed")
        await asyncio.sleep(BREATH_S if has_more else EVERY_S)


async def _step(place: Retention, kept: Kept, now: datetime) -> bool:
    """Forget a little of what is too old; say whether there is more."""
    before = {"events_before": now - kept.events, "answers_before": now - kept.answers}
    return await place.forget(**before, limit=BATCH) == BATCH
