"""Outages: what the log says of something that fails again and again: that it began, and that it is over.

Whoever tries every second and whoever is asked a thousand times a second says it once.
"""

import time
from collections.abc import Callable

import structlog

from datasources.ports.errors import SourceError

QUIET_S = 5.0
"""What succeeds in between does not end an outage: a command that wrote nothing needs no room on the disk."""
REMINDED_S = 600.0

log = structlog.get_logger()


class Outage:
    """What fails for whoever is called `name`; each reason is said once, and again every ten minutes while it lasts."""

    __slots__ = ("_began", "_clock", "_failed", "_last", "_recovered", "_said", "_waiting", "reason")

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._waiting, self._failed, self._recovered = f"{name}.waiting", f"{name}.failed", f"{name}.recovered"
        self._clock = clock
        self._said: dict[str, float] = {}
        self._began = self._last = 0.0
        self.reason: str | None = None
        """Why it failed last; None where it goes well, and has for long enough."""

    @property
    def lasts(self) -> bool:
        """Whether it has failed for a while, and failed a moment ago: a success in between does not speak for it."""
        return bool(self._said) and self._last - self._began >= QUIET_S

    def met(self, failure: Exception) -> None:
        """Take note of a failure."""
        self._last = now = self._clock()
        if not self._said:
            self._began = now
        self.reason = reason = failure.reason if isinstance(failure, SourceError) else type(failure).__name__
        if now - self._said.get(reason, -REMINDED_S) < REMINDED_S:
            return
        self._said[reason] = now
        if isinstance(failure, SourceError):
            log.warning(self._waiting, source=failure.source, reason=reason)
        else:
            log.error(self._failed, exc_info=failure)

    def passed(self) -> None:
        """Take note of a success."""
        if self._said and self._clock() - self._last >= QUIET_S:
            log.info(self._recovered, after_s=round(self._last - self._began, 1))
            self._said.clear()
            self.reason = None
