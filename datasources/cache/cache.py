"""A cache: at most so many values by key, each true until somebody who hears of changes drops it.

Knows nothing of what it holds and asks no clock. What is missing is loaded in batches that requests share.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

from aiodataloader import DataLoader

from datasources.ports.errors import Malformed, TimedOut

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

PATIENCE_S = 10.0
"""A load that takes longer is given up, so that nobody joins a load that will never end."""
_NOT_HELD = object()


class Cache(Generic[K, V]):
    """Two generations of values: hits read the young one, and what is found in the old one moves to the young one.

    When the young one holds half of what is allowed, it becomes the old one, and the old one goes. So a hit is one
    look into a dictionary, and whatever is among the last `most // 2` keys used is still there.
    """

    def __init__(
        self,
        load: Callable[[list[K]], Awaitable[Sequence[V]]],
        *,
        most: int,
        source: str = "store",
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._load = load
        self._half = max(1, most // 2)
        self._source = source
        self._patience_s = patience_s
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._is_open = False
        self._tickets: dict[K, object] = {}
        self._under_way: dict[K, asyncio.Future[V]] = {}
        self._loader: DataLoader[K, V] | None = None

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    async def many(self, keys: Sequence[K]) -> Sequence[V]:
        """Values by key, in the order asked; what is missing is loaded with what other requests miss now.

        Raises:
            Unavailable, TimedOut, Malformed: as the source says, or it took too long, or answered too much or little.
        """
        try:
            return list(map(self._young.__getitem__, keys))
        except KeyError:
            return await self._some_missing(keys)

    def offer(self, key: K, value: V) -> None:
        """Keep a value that somebody came by, if this is a time to keep anything."""
        if self._is_open and key not in self._young:
            self._keep(key, value)

    def renew(self, key: K, choose: Callable[[V], V]) -> None:
        """Put what `choose` makes of a held value in its place; what is on its way for this key is not kept."""
        self._too_late_for(key)
        for held in (self._young, self._old):
            if key in held:
                held[key] = choose(held[key])

    def drop(self, key: K) -> None:
        """Forget a key; what is on its way for it is not kept, and not given to those who ask from now on."""
        self._too_late_for(key)
        self._young.pop(key, None)
        self._old.pop(key, None)

    def drop_unknown(self) -> None:
        """Forget every None, and whatever is on its way: there may be something now where there was nothing."""
        self._tickets.clear()
        self._under_way.clear()
        for held in (self._young, self._old):
            for key in [key for key, value in held.items() if value is None]:
                del held[key]

    def clear(self) -> None:
        """Forget everything, and keep nothing of what is on its way."""
        for kept in (self._young, self._old, self._tickets, self._under_way):
            kept.clear()

    def shut(self) -> None:
        """Keep nothing from now on: every question goes to the source."""
        self._is_open = False
        self.clear()

    def open(self) -> None:
        """Keep from now on what is loaded from now on."""
        self.clear()
        self._is_open = True

    async def _some_missing(self, keys: Sequence[K]) -> Sequence[V]:
        values = {key: self._held(key) for key in dict.fromkeys(keys)}
        missing = [key for key, value in values.items() if value is _NOT_HELD]
        if missing:
            loaded = await self._loaded(missing)
            values.update(zip(missing, loaded, strict=True))
        return [values[key] for key in keys]  # type: ignore[misc]  # nothing is missing any more

    def _held(self, key: K) -> V | object:
        value = self._young.get(key, _NOT_HELD)
        if value is _NOT_HELD:
            value = self._old.get(key, _NOT_HELD)
            if value is not _NOT_HELD:
                self._keep(key, value)  # type: ignore[arg-type]  # it is a value
        return value

    def _keep(self, key: K, value: V) -> None:
        self._old.pop(key, None)
        self._young[key] = value
        if len(self._young) >= self._half:
            self._young, self._old = {}, self._young

    def _too_late_for(self, key: K) -> None:
        self._tickets.pop(key, None)
        self._under_way.pop(key, None)

    async def _loaded(self, keys: Iterable[K]) -> Sequence[V]:
        """Load together with others; who is cancelled leaves the load to them (shield)."""
        if self._loader is None:
            self._loader = DataLoader(self._batch, cache_map=self._under_way)
        return await asyncio.shield(self._loader.load_many(keys))

    async def _batch(self, keys: list[K]) -> list[V]:
        """Load keys, and keep those values whose keys nobody dropped meanwhile: they may be from before the change."""
        ticket = object()
        self._tickets.update(dict.fromkeys(keys, ticket))
        try:
            values = await self._asked(keys)
            if self._is_open:
                for key, value in zip(keys, values, strict=True):
                    if self._tickets.get(key) is ticket:
                        self._keep(key, value)
            return list(values)
        finally:
            for key in keys:
                if self._tickets.get(key) is ticket:
                    self._too_late_for(key)

    async def _asked(self, keys: list[K]) -> Sequence[V]:
        try:
            async with asyncio.timeout(self._patience_s):
                values = await self._load(keys)
        except TimeoutError:
            raise TimedOut(self._source, f"no answer within {self._patience_s:g} s") from None
        if len(values) != len(keys):
            raise Malformed(self._source, f"{len(values)} answers to {len(keys)} questions")
        return values
