"""Bindings and visits in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, delete, extract, func, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.insight_tables import behaviour
from datasources.store.member_tables import bindings, members, visits
from datasources.store.sql import among
from domain.behaviour import BehaviourKind
from domain.bindings import Binding, BindingSource
from domain.client_tasks import Looked
from domain.visits import VISIBLE_FOR, Visit

_MOVING = ("valid_until", "protected_until", "ended_at")
_IS_OPEN = bindings.c.ended_at.is_(None)


class SqlClients:
    """Reads bindings and visits as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def seen_by(
        self, *, associate_id: str, location_id: str | None, member_ids: Collection[str], now: datetime
    ) -> frozenset[str]:
        bound = select(bindings.c.member_id).where(
            bindings.c.associate_id == associate_id, _holds(now), among(bindings.c.member_id, sorted(member_ids))
        )
        came = select(visits.c.member_id).where(
            visits.c.location_id == location_id,
            visits.c.last_at > now - VISIBLE_FOR,
            among(visits.c.member_id, sorted(member_ids)),
        )
        return frozenset(row.member_id for row in await rows(self._engine, union(bound, came)))

    async def held(self, member_ids: Collection[str], now: datetime) -> Mapping[str, Binding]:
        wanted = select(bindings).where(among(bindings.c.member_id, sorted(member_ids)), _holds(now))
        return {row.member_id: _binding(row) for row in await rows(self._engine, wanted)}

    async def clients_of(
        self, associate_id: str, now: datetime, *, limit: int, after: str | None = None
    ) -> Sequence[Binding]:
        own = select(bindings).where(bindings.c.associate_id == associate_id, _holds(now))
        if after is not None:
            own = own.where(bindings.c.member_id > after)
        return [_binding(row) for row in await rows(self._engine, own.order_by(bindings.c.member_id).limit(limit))]

    async def birthdays(
        self, associate_id: str, days: Collection[tuple[int, int]], now: datetime, *, limit: int
    ) -> Mapping[str, date]:
        day = extract("month", members.c.birthday) * 100 + extract("day", members.c.birthday)
        born = (
            select(members.c.id, members.c.birthday)
            .join(bindings, bindings.c.member_id == members.c.id)
            .where(bindings.c.associate_id == associate_id, _holds(now))
            .where(day.in_(sorted(month * 100 + day for month, day in days)))
        )
        return {row.id: row.birthday for row in await rows(self._engine, born.order_by(members.c.id).limit(limit))}

    async def looked_at(
        self, associate_id: str, *, since: datetime, times: int, now: datetime, limit: int
    ) -> Sequence[Looked]:
        did = behaviour.c
        last = func.max(did.occurred_at, type_=did.occurred_at.type).label("last_at")
        looked = (
            select(did.member_id, did.product_id, func.count().label("times"), last)
            .join(bindings, bindings.c.member_id == did.member_id)
            .where(bindings.c.associate_id == associate_id, _holds(now))
            .where(did.kind == BehaviourKind.BROWSE.value, did.occurred_at >= since, did.product_id.is_not(None))
            .group_by(did.member_id, did.product_id)
            .having(func.count() >= times)
        )
        ordered = looked.order_by(last.desc(), did.member_id, did.product_id).limit(limit)
        return [Looked(**row._mapping) for row in await rows(self._engine, ordered)]

    async def visits_at(self, location_id: str, *, since: datetime, limit: int) -> Sequence[Visit]:
        here = select(visits).where(visits.c.location_id == location_id, visits.c.last_at >= since)
        newest = here.order_by(visits.c.last_at.desc(), visits.c.member_id.desc()).limit(limit)
        return [Visit(*row) for row in reversed(await rows(self._engine, newest))]

    async def last_visits(self, member_ids: Collection[str], *, location_id: str | None) -> Mapping[str, datetime]:
        last = func.max(visits.c.last_at, type_=visits.c.last_at.type).label("last_at")
        wanted = select(visits.c.member_id, last).where(among(visits.c.member_id, sorted(member_ids)))
        if location_id is not None:
            wanted = wanted.where(visits.c.location_id == location_id)
        found = await rows(self._engine, wanted.group_by(visits.c.member_id))
        return {row.member_id: row.last_at for row in found}


class SqlClientBook:
    """Bindings and visits, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, member_ids: Collection[str]) -> Mapping[str, Binding]:
        wanted = select(bindings).where(among(bindings.c.member_id, sorted(member_ids)), _IS_OPEN)
        return {row.member_id: _binding(row) for row in await self._connection.execute(wanted)}

    async def open_of(self, associate_id: str) -> Collection[str]:
        own = select(bindings.c.member_id).where(bindings.c.associate_id == associate_id, _IS_OPEN)
        return (await self._connection.execute(own)).scalars().all()

    async def history(self, member_ids: Collection[str]) -> Mapping[str, Sequence[Binding]]:
        merged = select(members.c.id, members.c.merged_into).where(among(members.c.merged_into, sorted(member_ids)))
        now = {row.id: row.merged_into for row in await self._connection.execute(merged)}
        wanted = select(bindings).where(among(bindings.c.member_id, sorted({*member_ids, *now})))
        found: defaultdict[str, list[Binding]] = defaultdict(list)
        for row in await self._connection.execute(wanted.order_by(bindings.c.since, bindings.c.id)):
            found[now.get(row.member_id, row.member_id)].append(_binding(row))
        return {id: sorted(own, key=lambda one: one.member_id != id) for id, own in found.items()}

    async def write(self, changed: Sequence[Binding]) -> None:
        rows = [
            {name: getattr(one, name) for name in Binding.__slots__} | {"source": one.source.value} for one in changed
        ]
        try:
            await bulk.insert(self._connection, bindings, rows, update=_MOVING)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure

    async def visits_of(self, member_id: str) -> Sequence[Visit]:
        wanted = select(visits).where(visits.c.member_id == member_id).order_by(visits.c.location_id)
        return [Visit(*row) for row in await self._connection.execute(wanted)]

    async def came(self, seen: Sequence[Visit]) -> None:
        rows = [{name: getattr(one, name) for name in Visit.__slots__} for one in seen]
        await bulk.insert(self._connection, visits, rows, update=("last_at",))

    async def forget_visits(self, member_id: str) -> None:
        await self._connection.execute(delete(visits).where(visits.c.member_id == member_id))


def _holds(now: datetime) -> ColumnElement[bool]:
    return and_(_IS_OPEN, bindings.c.valid_until > now)


def _binding(row: Row[Any]) -> Binding:
    return Binding(**dict(row._mapping) | {"source": BindingSource(row.source)})


if TYPE_CHECKING:
    from datasources.ports.clients import ClientBook, ClientSource

    _source: type[ClientSource] = SqlClients
    _book: type[ClientBook] = SqlClientBook
