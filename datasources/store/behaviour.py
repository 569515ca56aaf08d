"""What members did, in the store: to read, to write inside a unit of work, and to clear away."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.behaviour import EventName
from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.insight_tables import behaviour
from datasources.store.sql import among, among_pairs, by_pairs
from domain.behaviour import Behaviour, BehaviourKind

_NAME = behaviour.c.source, behaviour.c.event_id
_NEWEST_FIRST = behaviour.c.occurred_at.desc(), *_NAME


class SqlBehaviours:
    """Reads events as they are committed, and deletes the old ones."""

    def __init__(
        self, engine: AsyncEngine, written: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    ) -> None:
        self._engine = engine
        self._written = written

    async def behaviour(
        self, member_ids: Collection[str], *, since: datetime, limit: int
    ) -> Mapping[str, Sequence[Behaviour]]:
        place = func.row_number().over(partition_by=behaviour.c.member_id, order_by=_NEWEST_FIRST)
        numbered = select(behaviour, place.label("place")).where(*_late(member_ids, since)).subquery()
        newest = select(numbered).where(numbered.c.place <= limit).order_by(numbered.c.place)
        found: defaultdict[str, list[Behaviour]] = defaultdict(list)
        for row in await rows(self._engine, newest):
            found[row.member_id].append(_behaviour(row))
        return found

    async def viewed(self, member_ids: Collection[str], *, since: datetime, limit: int) -> Mapping[str, Sequence[str]]:
        looked = select(behaviour.c.member_id, behaviour.c.product_id, func.max(behaviour.c.occurred_at).label("at"))
        once = (
            looked.where(*_late(member_ids, since), behaviour.c.kind == BehaviourKind.BROWSE.value)
            .group_by(behaviour.c.member_id, behaviour.c.product_id)
            .subquery()
        )
        place = func.row_number().over(partition_by=once.c.member_id, order_by=(once.c.at.desc(), once.c.product_id))
        numbered = select(once.c.member_id, once.c.product_id, place.label("place")).subquery()
        newest = select(numbered).where(numbered.c.place <= limit).order_by(numbered.c.place)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in await rows(self._engine, newest):
            found[row.member_id].append(row.product_id)
        return found

    async def forget_before(self, moment: datetime, *, limit: int) -> int:
        old = select(*_NAME).where(behaviour.c.occurred_at < moment).order_by(behaviour.c.occurred_at).limit(limit)
        async with self._written() as connection:
            return (await connection.execute(delete(behaviour).where(tuple_(*_NAME).in_(old)))).rowcount


class SqlBehaviourBook:
    """Events, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(self, names: Collection[EventName]) -> frozenset[EventName]:
        return frozenset((row.source, row.event_id) for row in await by_pairs(self._connection, _NAME, names))

    async def write(self, events: Collection[Behaviour], *, most: int) -> None:
        try:
            await bulk.insert(self._connection, behaviour, [_row(event) for event in events])
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure
        place = func.row_number().over(partition_by=behaviour.c.member_id, order_by=_NEWEST_FIRST)
        own = among(behaviour.c.member_id, sorted({event.member_id for event in events}))
        numbered = select(*_NAME, place.label("place")).where(own).subquery()
        beyond = select(numbered.c.source, numbered.c.event_id).where(numbered.c.place > most)
        await self._connection.execute(delete(behaviour).where(tuple_(*_NAME).in_(beyond)))

    async def owned(self, member_id: str) -> Sequence[EventName]:
        own = select(*_NAME).where(behaviour.c.member_id == member_id).order_by(*_NAME)
        return [(row.source, row.event_id) for row in await self._connection.execute(own)]

    async def give(self, names: Collection[EventName], *, to: str) -> None:
        await self._connection.execute(update(behaviour).where(among_pairs(*_NAME, names)).values(member_id=to))

    async def forget(self, member_id: str) -> None:
        await self._connection.execute(delete(behaviour).where(behaviour.c.member_id == member_id))


def _late(member_ids: Collection[str], since: datetime) -> tuple[Any, Any]:
    return among(behaviour.c.member_id, sorted(member_ids)), behaviour.c.occurred_at > since


def _behaviour(row: Row[Any]) -> Behaviour:
    values = {name: getattr(row, name) for name in Behaviour.__slots__}
    return Behaviour(**values | {"kind": BehaviourKind(row.kind), "sizes": tuple(row.sizes)})


def _row(event: Behaviour) -> dict[str, Any]:
    plain = {name: getattr(event, name) for name in Behaviour.__slots__}
    return plain | {"kind": event.kind.value, "sizes": list(event.sizes)}


if TYPE_CHECKING:
    from datasources.ports.behaviour import BehaviourBook, BehaviourShelf, BehaviourSource

    def _ports(events: SqlBehaviours) -> tuple[BehaviourSource, BehaviourShelf]:
        return events, events

    _book: type[BehaviourBook] = SqlBehaviourBook
