"""What we ask of whoever carries events: a log that keeps them in order, a bus that brings them to every process."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from domain.events import Event, Topic

Publish = Callable[[Sequence[Event]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Extent:
    """Which log it is, and from where to where it can be read.

    `log` is made with the database, so that a position in another one is recognised. `oldest` is the first position
    that is still kept (one beyond `position` where none is), `position` the last that was given.
    """

    log: str
    oldest: int
    position: int

    def holds_after(self, position: int) -> bool:
        """Whether everything that came after a position can still be read; false for one that was never given."""
        return self.oldest - 1 <= position <= self.position


class EventLog(Protocol):
    """The outbox: events that were committed together with what they tell of.

    Whoever reads `extent().position`, then the state, then applies every event after that position, misses nothing:
    what the state did not hold yet was committed later, and is given a later position. It may see events whose
    effect the state holds already: drop them by version.
    """

    async def forward(self, publish: Publish, *, limit: int) -> int:
        """Give waiting events their gap-free positions, publish them in order, `limit` at a time; return how many.

        One relay leads at a time over all processes, for no longer than a term unless it goes on; where another one
        leads, nothing happens. Dies the process in between, the same events come again with the same positions: at
        least once, in order. Publishing holds no transaction.
        """
        ...

    async def wait(self, timeout_s: float) -> None:
        """Return as soon as there may be something to forward: this process committed, or `timeout_s` has passed."""
        ...

    async def extent(self) -> Extent:
        """Say which log this is, and what it holds."""
        ...

    async def after(self, position: int, *, limit: int) -> Sequence[Event] | None:
        """Read the first events after a position, in order; None where some of them are no longer kept.

        Only what has a position is read. Events of topics that this version does not know are left out.
        """
        ...

    async def keys_after(self, position: int, topic: Topic, keys: Collection[str]) -> Collection[str] | None:
        """Tell which of these keys had events after a position, or have some that wait for one.

        None where some of those after the position are no longer kept.
        """
        ...

    async def versions(self, topic: Topic, versions: Mapping[str, int]) -> Sequence[Event]:
        """Read the events that gave these keys these versions, as far as they are still kept; some may wait yet."""
        ...


class Follower(Protocol):
    """Hears every event of this process before any listener does, at the moment it comes in; it never waits.

    Whoever asks something after an event has come in, asks a follower that knows of it.
    """

    def heard(self, events: Sequence[Event]) -> None:
        """Take in events, in the order of their positions."""
        ...

    def lost(self) -> None:
        """Know that events may pass unheard from now on."""
        ...

    def found(self) -> None:
        """Know that all events of what is committed from now on will be heard; earlier ones may be missing."""
        ...


@dataclass(frozen=True, slots=True)
class Missed:
    """Said to a listener instead of events: some passed that nobody can read any more, so ask for the state anew."""


Heard = Sequence[Event] | Missed


class Mail(AsyncIterable[Heard], Protocol):
    """What has gathered for one listener since the last step, the latest event per key, in order of position."""

    on_news: Callable[[], None] | None
    """Called whenever there is something to take; must neither wait nor raise."""

    def __aiter__(self) -> AsyncIterator[Heard]:
        """By hand, as one would."""
        ...

    def take(self) -> Heard | None:
        """What has gathered; None where nothing has."""
        ...

    async def __anext__(self) -> Heard:
        """The same, once there is something."""
        ...


class EventBus(Protocol):
    """Brings published events to the listeners of every process, at least once."""

    async def publish(self, events: Sequence[Event]) -> None:
        """Hand positioned events to everybody who listens."""
        ...

    def listen(self, topic: Topic, keys: Collection[str] | None) -> AbstractAsyncContextManager[Mail]:
        """Listen to these keys of a topic (None: all) from the moment the context is entered.

        The iterator gives what has gathered since the last step, the latest event per key only, in order of
        position: a slow listener sees fewer steps, never an old last state, and costs one slot per key (LIV-3, LIV-5).
        What the bus lost is read again from the log; where the log no longer has it, the listener is told `Missed`,
        and what it reads from then on holds everything up to the next event it hears.

        Where every change counts (points), events carry versions that leave no gap, and the listener reads what lies
        between the last it told and the one it hears from the ledger behind them (`resolvers/live_points.py`).
        """
        ...

    def follow(self, follower: Follower) -> None:
        """Tell a follower of everything, for as long as the bus lives. Until the bus is open, events are lost."""
        ...

    async def ping(self) -> None:
        """Return when the bus answers.

        Raises:
            Unavailable: it does not.
        """
        ...
