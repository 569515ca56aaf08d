"""Ended sessions: whose tokens are refused although they have not expired, as far as this process knows.

It hears of them by events; what may have passed unheard is read from the table: at the start, after a gap, and again
and again while the bus is away. Each is known until the last of its tokens would have expired anyway.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from datasources.ports.sessions import SessionSource
from domain.events import Event, Topic
from resolvers import loops

LOOK_S = 0.5


class EndedSessions:
    """A follower of the bus; `kept` is how long an access token may outlive its session."""

    def __init__(self, kept: timedelta) -> None:
        self._kept = kept
        self._until: dict[str, datetime] = {}
        self._watching: defaultdict[str, set[Callable[[], None]]] = defaultdict(set)
        self._hears = False
        self._gap = 0
        self._read_after_gap = -1

    def holds(self, session_id: str | None) -> bool:
        """Say whether a session has ended."""
        return session_id in self._until

    def watch(self, session_id: str, on_end: Callable[[], None]) -> Callable[[], None]:
        """Call `on_end` when a session ends, unless what is returned is called before."""
        self._watching[session_id].add(on_end)

        def unwatch() -> None:
            self._watching[session_id].discard(on_end)
            if not self._watching[session_id]:
                del self._watching[session_id]

        return unwatch

    def heard(self, events: Sequence[Event]) -> None:
        for event in events:
            if event.topic is Topic.SESSION_ENDED:
                self._end(event.key, event.occurred_at)

    def lost(self) -> None:
        self._hears = False
        self._gap += 1

    def found(self) -> None:
        self._hears = True
        self._gap += 1

    @property
    def knows_all(self) -> bool:
        """Whether nothing can have passed unheard since the table was read."""
        return self._hears and self._read_after_gap == self._gap

    async def read(self, sessions: SessionSource, now: datetime) -> None:
        """Read from the table what ended of late."""
        gap = self._gap
        for id, ended_at in (await sessions.ended_since(now - self._kept)).items():
            self._end(id, ended_at)
        self._read_after_gap = gap

    def forget(self, now: datetime) -> None:
        """Forget those whose tokens have all expired."""
        for id in [id for id, until in self._until.items() if until <= now]:
            del self._until[id]

    def _end(self, session_id: str, ended_at: datetime) -> None:
        self._until.setdefault(session_id, ended_at + self._kept)
        for on_end in tuple(self._watching.get(session_id, ())):
            on_end()


async def run(ended: EndedSessions, sessions: SessionSource, clock: Callable[[], datetime]) -> None:
    """Keep what is known true until cancelled."""

    async def step() -> float:
        now = clock()
        ended.forget(now)
        if not ended.knows_all:
            await ended.read(sessions, now)
        return LOOK_S

    await loops.forever("sessions", step)


if TYPE_CHECKING:
    from datasources.ports.events import Follower

    _port: type[Follower] = EndedSessions
