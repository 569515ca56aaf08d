"""Throttle: how long somebody who guesses has to wait, from how often they tried in vain.

A try is counted before it is judged, and all are forgiven when it was right: guesses made at once are all counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

_DOUBLINGS = 20
"""No wait doubles more often; the longest one is reached long before."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The first tries are free; every further one waits twice as long as the one before, up to `longest`.

    `forgotten_after` must not be shorter than `longest`: who waits would begin anew.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta


@dataclass(frozen=True, slots=True)
class Tries:
    """How often somebody tried in vain, and when last."""

    count: int = 0
    last_at: datetime | None = None


GUESSES = Pace(free=5, first=timedelta(seconds=2), longest=timedelta(hours=1), forgotten_after=timedelta(hours=24))
"""Of PINs, codes and keys: some forty a day, of a million."""
GUESSES_OF_MANY = Pace(
    free=20, first=timedelta(seconds=2), longest=timedelta(hours=1), forgotten_after=timedelta(hours=24)
)
"""The same on a tablet that many share: whoever tries one PIN on everybody."""
MESSAGES = Pace(free=1, first=timedelta(minutes=1), longest=timedelta(hours=1), forgotten_after=timedelta(hours=4))
"""Of messages to one phone, each of which costs money and rings somewhere."""


def retry_at(tries: Tries, pace: Pace, now: datetime) -> datetime | None:
    """From when on one may try again; None: at once."""
    tries = _remembered(tries, pace, now)
    if tries.last_at is None or tries.count < pace.free:
        return None
    again = tries.last_at + min(pace.longest, pace.first * 2 ** min(tries.count - pace.free, _DOUBLINGS))
    return again if again > now else None


def counted(tries: Tries, pace: Pace, now: datetime) -> Tries:
    """The same after one more; a clock that goes back shortens no wait."""
    tries = _remembered(tries, pace, now)
    return Tries(tries.count + 1, max(now, tries.last_at or now))


def _remembered(tries: Tries, pace: Pace, now: datetime) -> Tries:
    is_old = tries.last_at is None or now - tries.last_at >= pace.forgotten_after
    return Tries() if is_old else tries
