"""Watchers for tests: each holds what it was told, and says at once when it was told something that cannot be.

The reference is the whole state, read again after every write (domain.md §15), and every event as it was published.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import resolvers.live_stock
from datasources.ports.events import EventBus
from domain.events import Event, stock_key
from domain.stock import Key, StockLevel
from resolvers import cursors
from resolvers.context import Context
from resolvers.live_stock import Update
from tests.builders import NOW

PATIENCE_S = 10.0
Follow = Callable[..., AsyncGenerator[Update, None]]
"""Opens a stream, as `resolvers.live_stock.changes` does."""


@dataclass(slots=True)
class Truth:
    """What a test did: the time, every level that was, every event that was published or waits, what was forgotten."""

    now: datetime = NOW
    levels: dict[tuple[Key, int], StockLevel] = field(default_factory=dict)
    published: list[Event] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)
    forgotten: int = 0

    def clock(self) -> datetime:
        """The present moment."""
        return self.now

    def later(self, seconds: float) -> datetime:
        """Let time go by."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def came_after(self, position: int) -> set[str]:
        """Whose events were published with a later position."""
        return {event.key for event in self.published if event.position > position}


@dataclass(frozen=True, slots=True)
class Recorded:
    """Buses that a test publishes on, as one; what it published can be published again."""

    truth: Truth
    buses: Sequence[EventBus]

    async def publish(self, events: Sequence[Event]) -> None:
        """Publish, and keep."""
        self.truth.published += events
        await self.again(events)

    async def again(self, events: Sequence[Event]) -> None:
        """Publish once more."""
        for bus in self.buses:
            await bus.publish(events)


class Watcher:
    """Follows a stream, or asks now and then; slow, cut off and back again, as the test says."""

    def __init__(
        self,
        truth: Truth,
        skus: Sequence[str],
        location_ids: Sequence[str],
        follow: Follow = resolvers.live_stock.changes,
    ) -> None:
        self._follow_by = follow
        self.held: dict[Key, StockLevel | None] = {}
        self.tokens: list[tuple[str, Update]] = []
        self._truth = truth
        self._skus = skus
        self._places = location_ids
        self._cursor: str | None = None
        self._stream: asyncio.Task[None] | None = None
        self._may_read = asyncio.Semaphore(0)

    @property
    def is_connected(self) -> bool:
        """Whether a stream is open."""
        return self._stream is not None

    def connect(self, ctx: Context) -> None:
        """Open a stream that goes on after the last cursor; it is read as far as `read` allows."""
        self._may_read = asyncio.Semaphore(1)
        self._stream = asyncio.create_task(self._follow(ctx))

    async def cut(self) -> None:
        """Lose the stream, whatever was under way."""
        if self._stream is not None:
            self._stream.cancel()
            with suppress(asyncio.CancelledError):
                await self._stream
        self._stream = None

    async def read(self, updates: int) -> None:
        """Read so many updates, as far as they have come."""
        for _ in range(updates):
            self._may_read.release()
            await asyncio.sleep(0)
        self._raise()

    async def poll(self, ctx: Context) -> None:
        """Ask what changed."""
        before = self._expected()
        skus, places = self._skus, self._places
        (update,) = await resolvers.live_stock.since(ctx, [None], skus=skus, locations=places, after=self._cursor)
        self._take(update, before)

    async def caught_up(self, wanted: dict[Key, StockLevel | None]) -> None:
        """Read until everything wanted is held, which must not take long."""
        for _ in range(int(PATIENCE_S / 0.005)):
            self._may_read.release()
            self._raise()
            if self.held == wanted:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"after {PATIENCE_S} s {self.held} is held, and {wanted} is true")

    async def _follow(self, ctx: Context) -> None:
        before, is_first = self._expected(), True
        stream = self._follow_by(ctx, skus=self._skus, location_ids=self._places, after=self._cursor)
        try:
            while True:
                await self._may_read.acquire()
                self._take(await anext(stream), before if is_first else None)
                is_first = False
        finally:
            await stream.aclose()

    def _expected(self) -> tuple[bool, set[str]]:
        """Whether what came after our cursor is still kept, and whose events that was."""
        position = self._position()
        return position is not None and position >= self._truth.forgotten, self._truth.came_after(position or 0)

    def _position(self) -> int | None:
        cursor = cursors.decode(self._cursor)
        return cursor.position if cursor else None

    def _take(self, update: Update, resumed: tuple[bool, set[str]] | None) -> None:
        """Hold what was told; `resumed` is what was expected when a stream was opened."""
        if resumed is not None:
            self._check_resumption(update, resumed)
        for key, level in update.found:
            held, version = self.held.get(key), level.version if level else 0
            known = held.version if held else 0
            is_looked_at = update.is_snapshot or resumed is not None  # the version held may be the present one
            assert version > known or (is_looked_at and version == known), f"{key}: {version} after {known} (LIV-1)"
            assert level is None or self._truth.levels.get((key, version), level) == level
        self.held = dict(update.found) if update.is_snapshot else self.held | dict(update.found)
        self._cursor = update.cursor
        self.tokens.append((update.consistency_token, update))

    def _check_resumption(self, update: Update, expected: tuple[bool, set[str]]) -> None:
        """A snapshot only where it must be; else exactly what was missed, and what has come by now (LIV-2)."""
        was_kept, missed = expected
        is_kept, missed_by_now = self._expected()
        if update.is_snapshot:
            assert not is_kept
            return
        assert was_kept
        told = {stock_key(*key) for key, _ in update.found}
        ours = {stock_key(sku, place) for sku in self._skus for place in self._places}
        assert missed & ours <= told <= missed_by_now | self._truth.waiting

    def _raise(self) -> None:
        if self._stream is not None and self._stream.done():
            self._stream.result()
