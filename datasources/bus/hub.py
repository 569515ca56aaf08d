"""The hub: hands events to the listeners of one process, the latest per key, so that nobody waits for a slow one."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager

from datasources.ports.events import Follower
from domain.events import Event, Topic


class Mailbox:
    """What one listener has not fetched yet: one slot per key, so that a slow reader costs no more than its keys."""

    def __init__(self) -> None:
        self._slots: dict[str, Event] = {}
        self._filled = asyncio.Event()

    def put(self, event: Event) -> None:
        """Keep an event unless a later one of its key is here already."""
        held = self._slots.get(event.key)
        if held is None or held.position < event.position:
            self._slots[event.key] = event
            self._filled.set()

    async def batches(self) -> AsyncIterator[Sequence[Event]]:
        """Give what has gathered, in order of position, whenever there is something."""
        while True:
            await self._filled.wait()
            self._filled.clear()
            slots, self._slots = self._slots, {}
            yield sorted(slots.values(), key=lambda event: event.position)


class Hub:
    """Knows who listens to what. An event that came before, by position, is dropped (at least once becomes once)."""

    def __init__(self) -> None:
        self._by_key: defaultdict[tuple[Topic, str | None], set[Mailbox]] = defaultdict(set)
        self._followers: list[Follower] = []
        self._position = 0

    def dispatch(self, events: Sequence[Event]) -> None:
        """Tell followers of new events, then put them into the mailboxes of those who listen to their key or topic."""
        new = self._new(events)
        for follower in self._followers:
            follower.heard(new)
        for event in new:
            for name in (event.key, None):
                for mailbox in self._by_key.get((event.topic, name), ()):
                    mailbox.put(event)

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

    def _new(self, events: Sequence[Event]) -> Sequence[Event]:
        """Those that did not come before. Positions have no gaps: where one is left out, followers begin anew."""
        new = []
        for event in events:
            if event.position <= self._position:
                continue
            if 0 < self._position < event.position - 1:
                self.found()
            self._position = event.position
            new.append(event)
        return new

    @contextmanager
    def listening(self, topic: Topic, keys: Collection[str] | None) -> Iterator[Mailbox]:
        """Open a mailbox for these keys (None: all) for as long as the context lasts."""
        mailbox = Mailbox()
        names: list[tuple[Topic, str | None]] = [(topic, key) for key in (keys if keys is not None else [None])]
        for name in names:
            self._by_key[name].add(mailbox)
        try:
            yield mailbox
        finally:
            for name in names:
                self._by_key[name].discard(mailbox)
                if not self._by_key[name]:
                    del self._by_key[name]

    @property
    def listeners(self) -> int:
        """Count the open mailboxes."""
        return len(set().union(*self._by_key.values()))
