"""Use cases on a store's tasks: what waits to be done there now, and again whenever that changes."""

import asyncio
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import domain.tasks
from datasources.ports.events import Heard
from domain.events import Topic
from domain.locations import Location
from domain.tasks import Task
from resolvers import locations, paging
from resolvers.context import Context
from resolvers.live import Live

MAX_TASKS = 250
USUAL_TASKS = 50


@dataclass(frozen=True, slots=True)
class Update:
    """What waits at a store now; never a difference."""

    tasks: Sequence[Task]


async def tasks(
    ctx: Context, roots: Sequence[None], *, location: str, first: int = USUAL_TASKS
) -> Sequence[Sequence[Task]]:
    """What waits at a location, the first deadline first.

    Raises:
        BadQuestion: UNKNOWN_LOCATION, PAGE_SIZE, or FORBIDDEN where an associate asks for another store.
    """
    place = await locations.own(ctx, location)
    return [await _waiting(ctx, place, paging.checked_first(first, most=MAX_TASKS))]


def changes(ctx: Context, *, location: str, first: int = USUAL_TASKS) -> Live[Update]:
    """What waits at a location, and again after every change of it.

    Raises:
        BadQuestion: as `tasks`, at first.
    """

    async def opened() -> _Watched:
        return _Watched(ctx, await locations.own(ctx, location), paging.checked_first(first, most=MAX_TASKS))

    return Live(ctx.sources.bus, opened)


class _Watched:
    """What waits at a location. Every update is the whole: the last one is enough, whatever was told before."""

    topic = Topic.TASKS_CHANGED

    def __init__(self, ctx: Context, place: Location, size: int) -> None:
        self._ctx = ctx
        self._place = place
        self._size = size
        self.keys: Collection[str] = (place.id,)
        self.name: Hashable = place.id

    async def look(self) -> tuple[Update, None]:
        """What waits now; who is there hears of it by its event."""
        return Update(await _waiting(self._ctx, self._place, self._size)), None

    async def heard(self, heard: Heard) -> Update:
        """The same again."""
        return (await self.look())[0]

    def as_one(self, updates: Sequence[Update]) -> Update:
        """The last."""
        return updates[-1]


async def _waiting(ctx: Context, place: Location, first: int) -> Sequence[Task]:
    sources = ctx.sources
    reservations, counts, transfers = await asyncio.gather(
        sources.reservations.waiting_at(place.id, ctx.clock(), limit=first),
        sources.counts.open_at(place.id, limit=first),
        sources.transfers.waiting_at(place.id, limit=first),
    )
    found = domain.tasks.tasks_at(place.id, reservations=reservations, counts=counts, transfers=transfers)
    return found[:first]
