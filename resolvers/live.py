"""Live: updates of something that changes, for one who iterates, or for many who watch the same and come and go.

Many are told in one order: whoever comes looks between two updates, and what that look finds that is new is told to
those who are there as well. So all of them know the same after every step, and one memory of versions is enough.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Hashable, Sequence
from typing import Any, Protocol, TypeVar

from datasources.ports.events import EventBus, Heard
from domain.events import Topic

U = TypeVar("U")


class Watched(Protocol[U]):
    """Something that changes, and what those who watch it were told of it."""

    topic: Topic
    keys: Collection[str]
    name: Hashable
    """Who watches what has the same name can be told the same."""

    async def look(self) -> tuple[U, U | None]:
        """Look at what there is: what whoever comes is told, and what of it is news to those who are there."""
        ...

    async def heard(self, heard: Heard) -> U | None:
        """What of it is news; where something was missed, all there is."""
        ...

    def as_one(self, updates: Sequence[U]) -> U:
        """Make one update of several, for somebody who was told none of them."""
        ...


class Live(AsyncGenerator[U, None]):
    """What a subscription tells. Iterated, to one; who opens it instead can tell many who watch the same."""

    __slots__ = ("_alone", "bus", "open")

    def __init__(self, bus: EventBus, open: Callable[[], Awaitable[Watched[U]]]) -> None:
        self.bus = bus
        self.open = open
        self._alone = self._updates()

    def asend(self, value: None) -> Awaitable[U]:  # type: ignore[override]  # a generator's is as little a coroutine
        return self._alone.asend(value)

    def athrow(self, *error: Any) -> Awaitable[U]:  # type: ignore[override]
        return self._alone.athrow(*error)

    def aclose(self) -> Awaitable[None]:  # type: ignore[override]
        return self._alone.aclose()

    async def _updates(self) -> AsyncGenerator[U, None]:
        """Listening begins before the first look: nothing falls between them."""
        watched = await self.open()
        async with self.bus.listen(watched.topic, watched.keys) as mail:
            yield (await watched.look())[0]
            async for heard in mail:
                if (update := await watched.heard(heard)) is not None:
                    yield update
                del heard, update
