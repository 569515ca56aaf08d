"""An event log in memory, as small as can be: what is added has a position at once, and is kept until forgotten."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from datasources.ports.events import Extent, Publish
from domain.events import Event, Topic
from tests.builders import NOW


class KeptLog:
    """Everything that was ever added, and how much of it can still be read."""

    def __init__(self, name: str = "log") -> None:
        self._name = name
        self._all: list[Event] = []
        self._oldest = 1
        self._published = 0

    def add(self, *keys: str, topic: Topic = Topic.STOCK_CHANGED) -> list[Event]:
        """Commit one event per key; each has its position as its version."""
        first = len(self._all) + 1
        events = [
            Event(topic, key, position, {"on_hand": position, "说": "有货"}, NOW, position)
            for position, key in enumerate(keys, start=first)
        ]
        self._all += events
        return events

    def forget(self, position: int) -> None:
        """Keep only what comes after a position."""
        self._oldest = position + 1

    def state(self) -> dict[str, int]:
        """The last position of each key: what a fresh reading would find."""
        return {event.key: event.position for event in self._all}

    async def forward(self, publish: Publish, *, limit: int) -> int:
        """Publish what waits."""
        waiting = self._all[self._published :]
        for start in range(0, len(waiting), limit):
            await publish(waiting[start : start + limit])
            self._published += len(waiting[start : start + limit])
        return len(waiting)

    async def wait(self, timeout_s: float) -> None:
        """Wait."""
        await asyncio.sleep(timeout_s)

    async def extent(self) -> Extent:
        """What there is."""
        return Extent(self._name, self._oldest, len(self._all))

    async def after(self, position: int, *, limit: int) -> Sequence[Event] | None:
        """What came after."""
        await asyncio.sleep(0)
        holds = (await self.extent()).holds_after(position)
        return [replace(event) for event in self._all[position : position + limit]] if holds else None

    async def keys_after(self, position: int, topic: Topic, keys: Collection[str]) -> Collection[str] | None:
        """Whose events came after."""
        later = await self.after(position, limit=len(self._all))
        return None if later is None else {e.key for e in later if e.topic is topic and e.key in keys}

    async def versions(self, topic: Topic, versions: Mapping[str, int]) -> Sequence[Event]:
        """The events of these versions."""
        kept = self._all[self._oldest - 1 :]
        return [event for event in kept if event.topic is topic and versions.get(event.key) == event.version]


if TYPE_CHECKING:
    from datasources.ports.events import EventLog

    _port: type[EventLog] = KeptLog
