"""Orders in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, Row, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.orders import OrderNumber, Turnover
from datasources.ports.work import Raced
from datasources.store import bulk, order_tables, returns
from datasources.store.engine import rows
from datasources.store.member_tables import members, orders
from datasources.store.sql import among, by_pairs
from domain.channels import Channel
from domain.orders import Order, OrderLine

_MOVING = ("location_id", "member_id", "associate_id", "completed_at", "net_minor", "refunded_minor", "lines")


class SqlOrders:
    """Reads orders as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def orders(self, ids: Sequence[str]) -> Sequence[Order | None]:
        found = await rows(self._engine, select(orders).where(among(orders.c.id, sorted(set(ids)))))
        by_id = {row.id: _order(row) for row in found}
        return [by_id.get(id) for id in ids]

    async def of_members(
        self, member_ids: Collection[str], *, limit: int, before: tuple[datetime, str] | None = None
    ) -> Mapping[str, Sequence[Order]]:
        newest = _newest(member_ids, limit, before, self._engine.dialect.name)
        return _by_member(await rows(self._engine, newest))

    async def turnover(
        self, member_ids: Collection[str], *, since: datetime, until: datetime
    ) -> Mapping[str, Turnover]:
        summed = (
            select(
                orders.c.member_id,
                func.count().label("orders"),
                func.sum(orders.c.net_minor - orders.c.refunded_minor).label("net_minor"),
                func.max(orders.c.completed_at, type_=orders.c.completed_at.type).label("last_completed_at"),
            )
            .where(
                among(orders.c.member_id, sorted(member_ids)),
                orders.c.completed_at >= since,
                orders.c.completed_at < until,
            )
            .group_by(orders.c.member_id)
        )
        found = await rows(self._engine, summed)
        settled_at = order_tables.returns.c.settled_at
        own = returns.without_receipt(member_ids, settled_at >= since, settled_at < until)
        back = {row.member_id: int(row.refunded_minor) for row in await rows(self._engine, own)}
        return {
            row.member_id: Turnover(row.orders, int(row.net_minor) - back.get(row.member_id, 0), row.last_completed_at)
            for row in found
        }

    async def last_completed_at(self) -> datetime | None:
        last = select(func.max(orders.c.completed_at, type_=orders.c.completed_at.type).label("at"))
        return next((row.at for row in await rows(self._engine, last)), None)


class SqlOrderBook:
    """Orders, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_number(self, numbers: Collection[OrderNumber]) -> Mapping[OrderNumber, Order]:
        found = await by_pairs(self._connection, (orders.c.source, orders.c.number), numbers, locked=True)
        return {(row.source, row.number): _order(row) for row in found}

    async def of_members(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[Order]]:
        newest = _newest(member_ids, limit, None, self._connection.dialect.name)
        return _by_member((await self._connection.execute(newest)).all())

    async def write(self, changed: Collection[Order]) -> None:
        try:
            await bulk.insert(self._connection, orders, [_row(order) for order in changed], update=_MOVING)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure

    async def give(self, *, owner: str, to: str, only: Collection[str] | None = None) -> Sequence[str]:
        moved = update(orders).where(orders.c.member_id == owner).values(member_id=to).returning(orders.c.id)
        if only is not None:
            moved = moved.where(among(orders.c.id, sorted(only)))
        return sorted((await self._connection.execute(moved)).scalars())


def _newest(member_ids: Collection[str], limit: int, before: tuple[datetime, str] | None, dialect: str) -> Executable:
    """The newest orders of each member, at most so many each."""
    if dialect != "postgresql":
        return _ranked(member_ids, limit, before)
    own = select(orders).where(orders.c.member_id == members.c.id)
    if before is not None:
        own = own.where(tuple_(orders.c.placed_at, orders.c.id) < tuple_(*before))
    newest = own.order_by(orders.c.placed_at.desc(), orders.c.id.desc()).limit(limit).lateral("newest")
    return select(newest).select_from(members).join(newest, among(members.c.id, sorted(member_ids)))


def _ranked(member_ids: Collection[str], limit: int, before: tuple[datetime, str] | None) -> Executable:
    """SQLite knows no lateral query: number each member's orders, and take the first."""
    place = func.row_number().over(
        partition_by=orders.c.member_id, order_by=(orders.c.placed_at.desc(), orders.c.id.desc())
    )
    own = select(orders, place.label("place")).where(among(orders.c.member_id, sorted(member_ids)))
    if before is not None:
        own = own.where(tuple_(orders.c.placed_at, orders.c.id) < tuple_(*before))
    numbered = own.subquery()
    return select(numbered).where(numbered.c.place <= limit).order_by(numbered.c.place)


def _by_member(found: Sequence[Row[Any]]) -> Mapping[str, Sequence[Order]]:
    own: defaultdict[str, list[Order]] = defaultdict(list)
    for order in sorted(map(_order, found), key=lambda order: (order.placed_at, order.id), reverse=True):
        own[str(order.member_id)].append(order)
    return own


def _order(row: Row[Any]) -> Order:
    return Order(
        id=row.id,
        number=row.number,
        source=row.source,
        channel=Channel(row.channel),
        currency=row.currency,
        placed_at=row.placed_at,
        lines=tuple(OrderLine(*line) for line in row.lines),
        completed_at=row.completed_at,
        location_id=row.location_id,
        member_id=row.member_id,
        associate_id=row.associate_id,
    )


def _row(order: Order) -> dict[str, Any]:
    return {
        "id": order.id,
        "source": order.source,
        "number": order.number,
        "channel": order.channel.value,
        "location_id": order.location_id,
        "member_id": order.member_id,
        "associate_id": order.associate_id,
        "currency": order.currency,
        "placed_at": order.placed_at,
        "completed_at": order.completed_at,
        "net_minor": order.net_minor,
        "refunded_minor": order.refunded_minor,
        "lines": [[getattr(line, name) for name in OrderLine.__slots__] for line in order.lines],
    }


if TYPE_CHECKING:
    from datasources.ports.orders import OrderBook, OrderSource

    _source: type[OrderSource] = SqlOrders
    _book: type[OrderBook] = SqlOrderBook
