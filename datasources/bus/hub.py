"""The hub: hands events to the listeners of one process, the latest per key, so that nobody waits for a slow one."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from operator import attrgetter
from typing import Self

from datasources.ports.events import EventLog, Follower, Heard, Missed
from domain.events import Event, Topic

CATCH_UP = 500
"""Events read from the log at once."""
Name = tuple[Topic, str | None]
"""What is listened to: a key of a topic, or all of it."""
_position = attrgetter("position")


class Mailbox:
    """What one listener has not fetched yet: one slot per key, so that a slow reader costs no more than its keys.

    Open as a context; iterating gives what has gathered, in order of position, whenever there is something. By hand,
    for there are tens of thousands, and generators and an `asyncio.Event` are six times as big.
    """

    __slots__ = ("_has_missed", "_hub", "_names", "_reader", "_slots", "on_news")

    def __init__(self, hub: "Hub", names: Collection[Name]) -> None:
        self._hub = hub
        self._names = names
        self._slots: dict[str, Event] = {}
        self._has_missed = False
        self._reader: asyncio.Future[None] | None = None
        self.on_news: Callable[[], None] | None = None

    def put(self, event: Event) -> None:
        """Keep an event unless a later one of its key is here already."""
        held = self._slots.get(event.key)
        if held is None or held.position < event.position:
            self._slots[event.key] = event
            self._wake()

    def missed(self) -> None:
        """Drop what is here: whoever asks anew will read it, and more."""
        self._slots.clear()
        self._has_missed = True
        self._wake()

    async def __aenter__(self) -> Self:
        self._hub.add(self, self._names)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hub.remove(self, self._names)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Heard:
        while (heard := self.take()) is None:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        return heard

    def take(self) -> Heard | None:
        """What has gathered; None where nothing has."""
        if self._has_missed:
            self._has_missed = False
            return Missed()
        slots, self._slots = self._slots, {}
        return sorted(slots.values(), key=_position) or None

    def _wake(self) -> None:
        if self.on_news is not None:
            self.on_news()
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)


class Hub:
    """Knows who listens to what, and up to which position everybody was told.

    An event that came before is dropped (at least once becomes once); events that were left out are read from the log.
    """

    def __init__(self) -> None:
        self._by_key: defaultdict[Name, set[Mailbox]] = defaultdict(set)
        self._followers: list[Follower] = []
        self._log: EventLog | None = None
        self._position: int | None = None

    def read_from(self, log: EventLog, position: int | None) -> None:
        """Know where to find events that do not come, and the last one that nobody waits for; None: take any first."""
        self._log, self._position = log, position

    async def take(self, events: Sequence[Event]) -> None:
        """Hand out events that have come; those that were left out before or between them first.

        Raises:
            Unavailable: the log does not answer. Nothing was handed out that others wait behind.
        """
        if self._leaves_out(events):
            await self.catch_up()
        self._dispatch(events)

    async def catch_up(self) -> None:
        """Hand out what the log has and nobody was told; what it no longer has was missed.

        Raises:
            Unavailable: the log does not answer.
        """
        if self._log is None or self._position is None:
            return
        if (reach := (await self._log.extent()).position) == self._position:
            return  # as at every look of a process in which nothing happens
        while events := await self._log.after(self._position, limit=CATCH_UP):
            self._dispatch(events)
        if events is None or self._position < reach:
            self._position = reach
            self._missed()

    def follow(self, follower: Follower) -> None:
        """Tell a follower of every event from now on."""
        self._followers.append(follower)

    def lost(self) -> None:
        """Tell followers that events may pass unheard."""
        for follower in self._followers:
            follower.lost()

    def found(self) -> None:
        """Tell followers that they will hear of everything from now on."""
        for follower in self._followers:
            follower.found()

    def listening(self, topic: Topic, keys: Collection[str] | None) -> Mailbox:
        """Make a mailbox for these keys (None: all); it is filled while it is open."""
        return Mailbox(self, [(topic, key) for key in (keys if keys is not None else [None])])

    def add(self, mailbox: Mailbox, names: Collection[Name]) -> None:
        """Fill a mailbox from now on."""
        for name in names:
            self._by_key[name].add(mailbox)

    def remove(self, mailbox: Mailbox, names: Collection[Name]) -> None:
        """Fill it no more."""
        for name in names:
            self._by_key[name].discard(mailbox)
            if not self._by_key[name]:
                del self._by_key[name]

    @property
    def listeners(self) -> int:
        """Count the open mailboxes."""
        return len(set().union(*self._by_key.values()))

    def _leaves_out(self, events: Sequence[Event]) -> bool:
        last = self._position
        for event in events:
            if last is not None and event.position > last + 1:
                return True
            last = max(event.position, last or 0)
        return False

    def _dispatch(self, events: Sequence[Event]) -> None:
        """Tell followers of new events, then put them into the mailboxes of those who listen to their key or topic."""
        if self._leaves_out(events):
            self._missed()
        new = self._new(events)
        for follower in self._followers:
            follower.heard(new)
        for event in new:
            for name in (event.key, None):
                for mailbox in self._by_key.get((event.topic, name), ()):
                    mailbox.put(event)

    def _new(self, events: Sequence[Event]) -> Sequence[Event]:
        new = []
        for event in events:
            if self._position is None or event.position > self._position:
                self._position = event.position
                new.append(event)
        return new

    def _missed(self) -> None:
        """Nobody can tell what was in events that were left out: followers begin anew, and listeners ask anew."""
        self.found()
        for mailbox in set().union(*self._by_key.values()):
            mailbox.missed()
