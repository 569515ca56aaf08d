"""A relay in a process of its own, for tests to kill: says which positions it published, and stops in the middle.

`python -m tests.datasources.dying_relay DATABASE_URL TERM_S BATCH BEFORE_S AFTER_S`: from the second batch on, it
waits so long before and after it is told.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta

from datasources.store import engine
from datasources.store.outbox import SqlEventLog
from domain.events import Event


async def main(url: str, term_s: float, batch: int, before_s: float, after_s: float) -> None:
    """Forward, slowly."""
    log = SqlEventLog(engine.reading(url), engine.writing(url), term=timedelta(seconds=term_s))
    told: list[int] = []

    async def publish(events: Sequence[Event]) -> None:
        say("publishing")
        if told:
            await asyncio.sleep(before_s)
        told.extend(event.position for event in events)
        say(*told)
        if told[batch:]:
            await asyncio.sleep(after_s)

    count = await log.forward(publish, limit=batch)
    say("done", count)


def say(*words: object) -> None:
    """One line to whoever started us."""
    print(*words, flush=True)


if __name__ == "__main__":
    url, term_s, batch, before_s, after_s = sys.argv[1:]
    asyncio.run(main(url, float(term_s), int(batch), float(before_s), float(after_s)))
