"""What we ask of whoever carries events: a log that hands them out, a bus that brings them to every process."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from domain.events import Event, Topic

Publish = Callable[[Sequence[Event]], Awaitable[None]]


class EventLog(Protocol):
    """The outbox: events that were committed together with what they tell of."""

    async def forward(self, publish: Publish, *, limit: int) -> int:
        """Give the next unpublished events their gap-free positions, publish them in order, mark them; return how many.

        One relay at a time over all processes. Dies the process in between, the same events come again with the same
        positions: at least once, in order.
        """
        ...

    async def wait(self, timeout_s: float) -> None:
        """Return as soon as this process committed an event, or after `timeout_s`."""
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


class EventBus(Protocol):
    """Brings published events to the listeners of every process, at least once."""

    async def publish(self, events: Sequence[Event]) -> None:
        """Hand positioned events to everybody who listens."""
        ...

    def listen(
        self, topic: Topic, keys: Collection[str] | None
    ) -> AbstractAsyncContextManager[AsyncIterator[Sequence[Event]]]:
        """Listen to these keys of a topic (None: all) from the moment the context is entered.

        The iterator gives what has gathered since the last step, the latest event per key only: a slow listener
        sees fewer steps, never an old last state, and costs one slot per key (LIV-3, LIV-5).
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
