"""Tries: who guesses has to wait. A try is counted before it is judged, so that guesses made at once all count."""

from datetime import datetime

import domain.throttle
from datasources.ports.work import Work
from domain.refusals.base import Path
from domain.refusals.sessions import TooManyTries
from domain.sessions import digest
from domain.throttle import Pace
from resolvers.claims import Refused


async def counted(work: Work, subject: str, pace: Pace, *, path: Path, now: datetime) -> None:
    """Count a try of somebody; the work must end well for it to count, whatever the try is.

    Raises:
        Refused: TOO_MANY_TRIES, one has to wait.
    """
    key = digest(subject)
    tries = await work.tries.locked(key)
    if (again := domain.throttle.retry_at(tries, pace, now)) is not None:
        raise Refused(TooManyTries(path, again))
    await work.tries.write(key, domain.throttle.counted(tries, pace, now))


async def forgiven(work: Work, subject: str) -> None:
    """Count none any more: whoever it was has proved who they are."""
    await work.tries.forget(digest(subject))
