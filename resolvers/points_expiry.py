"""Expiry of points: writes down, a few accounts at a time, what the clock has taken.

Nothing depends on it: what has expired counts no more, written down or not.
"""

from collections.abc import Callable
from datetime import datetime

from datasources.ports.points import PointsSource
from datasources.ports.work import Workplace
from resolvers import loops, points

BATCH = 200
EVERY_S = 5.0


async def run(source: PointsSource, workplace: Workplace, clock: Callable[[], datetime]) -> None:
    """Sweep until cancelled; several processes may do so at once: the second finds nothing left."""

    async def step() -> float:
        while await sweep(source, workplace, clock()) == BATCH:
            pass
        return EVERY_S

    await loops.forever("points expiry", step)


async def sweep(source: PointsSource, workplace: Workplace, now: datetime) -> int:
    """Write down what is due of the first accounts; return how many there were."""
    due = await source.due(now, limit=BATCH)
    if due:
        async with workplace.work() as work:
            await points.expire(work, due, now=now)
    return len(due)
