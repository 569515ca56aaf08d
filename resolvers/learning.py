"""Learning: once a day the recommender looks at the latest orders; of many processes, one does."""

import uuid
from collections.abc import Callable
from datetime import datetime

from datasources.ports.recommender import Pupil
from datasources.ports.work import Work, Workplace
from resolvers import loops
from resolvers.claims import Claim, claimed

BASKETS = 200_000
"""The latest orders that are learned from: what people bought together before is forgotten."""
LOOK_S = 3_600.0


async def run(pupil: Pupil, place: Workplace, clock: Callable[[], datetime]) -> None:
    """Learn once on every day, for as long as the process lives."""

    async def step() -> float:
        ours = uuid.uuid4().hex

        async def take(_: Work) -> str:
            return ours

        done = await claimed(place, Claim("house/learning", clock().date().isoformat(), ""), take)
        if done.text == ours:
            await pupil.learn(baskets=BASKETS)
        return LOOK_S

    await loops.forever("learning", step)
