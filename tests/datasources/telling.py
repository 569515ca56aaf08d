"""Events that are told in a store's transactions, and somebody who hears them when they are carried out of its log."""

import asyncio
from collections.abc import Sequence

from datasources.ports.errors import Unavailable
from datasources.store.store import Store
from domain.events import Event, Topic
from tests.builders import NOW


def event(key: str, version: int = 1) -> Event:
    """Something that happened."""
    return Event(Topic.STOCK_CHANGED, key, version, {"key": key, "说": "有货"}, NOW)


async def commit(store: Store, *events: Event) -> None:
    """Tell of events in one transaction."""
    async with store.work() as work:
        await work.tell(events)


class Listener:
    """Keeps what it is given; may say that it is away although it heard everything."""

    def __init__(self, *, fails: int = 0) -> None:
        self.heard: list[Event] = []
        self._fails = fails

    async def publish(self, events: Sequence[Event]) -> None:
        """Take a batch."""
        await asyncio.sleep(0)
        self.heard += events
        if self._fails:
            self._fails -= 1
            raise Unavailable("bus", "no answer")


async def drain(store: Store, listener: Listener, *, limit: int = 500) -> None:
    """Forward until there is nothing left."""
    while await store.log.forward(listener.publish, limit=limit):
        pass


def positions(listener: Listener) -> list[int]:
    """The positions of what was heard."""
    return [event.position for event in listener.heard]
