"""The bus of one process: what is published here is heard here."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from datasources.bus.hub import Hub, Mailbox
from datasources.ports.events import EventLog, Follower
from domain.events import Event, Topic


class MemoryBus:
    """Publishes to the listeners of this process."""

    def __init__(self) -> None:
        self._hub = Hub()

    async def open(self, log: EventLog) -> None:
        """Nothing needs to be connected: from now on everything is heard, and what was left waiting by a process
        that died comes first."""
        self._hub.read_from(log, position=None)
        self._hub.found()

    async def publish(self, events: Sequence[Event]) -> None:
        await self._hub.take(events)

    def listen(self, topic: Topic, keys: Collection[str] | None) -> Mailbox:
        return self._hub.listening(topic, keys)

    def follow(self, follower: Follower) -> None:
        self._hub.follow(follower)

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        """Nothing is open."""


if TYPE_CHECKING:
    from datasources.ports.events import EventBus

    _port: type[EventBus] = MemoryBus
