"""Retention: what nobody needs to read again is deleted, a little at a time, for as long as the process lives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from datasources.ports.retention import Retention
from resolvers import loops

BATCH = 1_000
EVERY_S = 600.0
BREATH_S = 0.2
"""Between two steps, so that others can write."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How long events, and answers to idempotency keys, are kept."""

    events: timedelta
    answers: timedelta


async def run(place: Retention, kept: Kept, clock: Callable[[], datetime]) -> None:
    """Forget until cancelled. Several processes may do so at once: what one has deleted the other does not find."""

    async def step() -> float:
        now = clock()
        before = {"events_before": now - kept.events, "answers_before": now - kept.answers}
        has_more = await place.forget(**before, limit=BATCH) == BATCH
        return BREATH_S if has_more else EVERY_S

    await loops.forever("retention", step)
