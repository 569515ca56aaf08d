"""Housekeeping: writes down what the clock has done to reservations, so that whoever watches hears of it.

Nothing depends on it: what has expired counts no more, written down or not.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import domain.reservations
from datasources.ports.reservations import ReservationSource
from resolvers import loops
from resolvers.combining import Combiner
from resolvers.rounds import Answer, Command, Step

SWEEP_S = 1.0
BATCH = 200


async def run(
    reservations: ReservationSource, reserve: Combiner[Command, Answer], clock: Callable[[], datetime]
) -> None:
    """Sweep until cancelled; a store that is away is waited for."""

    async def step() -> float:
        while await sweep(reservations, reserve, clock()) == BATCH:
            pass
        return SWEEP_S

    await loops.forever("housekeeping", step)


async def sweep(reservations: ReservationSource, reserve: Combiner[Command, Answer], now: datetime) -> int:
    """Write down the first of those that have expired; return how many."""
    due = [one for one in await reservations.reservations(await reservations.due(now, limit=BATCH)) if one is not None]
    await asyncio.gather(*(reserve.submit(Step(one, _expired)) for one in due))
    return len(due)


def _expired(
    reservation: domain.reservations.Reservation, levels: domain.reservations.Levels, now: datetime
) -> domain.reservations.Decision:
    return domain.reservations.expire(reservation, levels, now=now)
