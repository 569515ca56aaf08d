"""Stock in the store: levels to read, and the book to write inside a unit of work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.sql import among, among_pairs, by_pairs
from datasources.store.stock_tables import stock_levels, stock_movements
from domain.demand import NO_SALES, SaleRate
from domain.movements import Movement, MovementType, Route
from domain.stock import Bucket, Key, StockLevel, pack_holds, pack_terms, unpack_holds, unpack_terms

_FIRST_WRITERS = text(
    "SELECT pg_advisory_xact_lock(7, bucket) FROM ("
    " SELECT DISTINCT mod(hashtext(key), 256) AS bucket FROM unnest(CAST(:keys AS text[])) AS key ORDER BY bucket"
    ") AS buckets"
)
"""Locks keys before they have rows: in order, in one statement, and never more locks than buckets."""


class SqlStock:
    """Reads levels as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def levels(self, skus: Collection[str], location_ids: Collection[str]) -> Mapping[Key, StockLevel]:
        found = await rows(self._engine, _levels_at(skus, location_ids))
        return {level.key: level for level in map(_level, found)}


class SqlStockBook:
    """The book, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, keys: Collection[Key]) -> Mapping[Key, StockLevel]:
        found = await self._lock_rows(keys)
        missing = sorted(set(keys) - found.keys())
        if missing and self._connection.dialect.name == "postgresql":
            # A row that is not there cannot be locked, and two first writers would each start at version 1.
            await self._connection.execute(_FIRST_WRITERS, {"keys": [f"{sku}@{place}" for sku, place in missing]})
            found |= await self._lock_rows(missing)
        return found

    async def locked_known(self, keys: Collection[Key]) -> Mapping[Key, StockLevel]:
        return await self._lock_rows(keys)

    async def _lock_rows(self, keys: Collection[Key]) -> dict[Key, StockLevel]:
        columns = (stock_levels.c.sku, stock_levels.c.location_id)
        found = await by_pairs(self._connection, columns, keys, locked=True)
        return {level.key: level for level in map(_level, found)}

    async def movements_after(self, keys: Collection[Key], since: datetime) -> Sequence[Movement]:
        statement = (
            select(stock_movements)
            .where(
                among_pairs(stock_movements.c.sku, stock_movements.c.location_id, keys),
                stock_movements.c.occurred_at > since,
            )
            .order_by(stock_movements.c.occurred_at, stock_movements.c.id)
        )
        return [movement(row) for row in (await self._connection.execute(statement)).mappings()]

    async def seen(self, source: str, event_ids: Collection[str]) -> frozenset[str]:
        statement = select(stock_movements.c.event_id).where(
            stock_movements.c.source == source, among(stock_movements.c.event_id, sorted(event_ids))
        )
        return frozenset((await self._connection.execute(statement)).scalars())

    async def write(self, levels: Collection[StockLevel], movements: Sequence[Movement]) -> None:
        rows = [_level_row(level) for level in sorted(levels, key=_key)]
        await bulk.insert(self._connection, stock_levels, rows, update=_CHANGING)
        try:
            await bulk.insert(self._connection, stock_movements, [_movement_row(m) for m in movements])
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure


def _levels_at(skus: Collection[str], location_ids: Collection[str]) -> Select[Any]:
    here = among(stock_levels.c.location_id, sorted(location_ids))
    return select(stock_levels).where(among(stock_levels.c.sku, sorted(skus)), here)


def _key(level: StockLevel) -> Key:
    return level.key


_PLAIN_OF_LINE = ("sku", "location_id", "occurred_at", "recorded_at", "source", "event_id", "counted")
_CHANGING = [c.name for c in stock_levels.columns if not c.primary_key]
_PLAIN = [name for name in StockLevel.__slots__ if name not in ("holds", "terms", "sales")]


def _level(row: Row[Any]) -> StockLevel:
    values = row._asdict()
    weight, sold_at = values.pop("sales_weight"), values.pop("sales_at")
    values["holds"] = unpack_holds(values["holds"])
    values["terms"] = unpack_terms(values["terms"])
    return StockLevel(**values, sales=SaleRate(weight, sold_at) if sold_at else NO_SALES)


def _level_row(level: StockLevel) -> dict[str, Any]:
    values = {name: getattr(level, name) for name in _PLAIN}
    values["holds"], values["terms"] = pack_holds(level.holds), pack_terms(level.terms)
    values["sales_weight"], values["sales_at"] = level.sales.weight, level.sales.at
    return values


def movement(row: Mapping[Any, Any]) -> Movement:
    """Read a line of the book."""
    from_bucket, to_bucket = (Bucket(row[end]) if row[end] else None for end in ("from_bucket", "to_bucket"))
    plain = {name: row[name] for name in _PLAIN_OF_LINE}
    return Movement(**plain, type=MovementType(row["type"]), route=Route(from_bucket, to_bucket, row["quantity"]))


def _movement_row(movement: Movement) -> dict[str, Any]:
    route = movement.route
    return {name: getattr(movement, name) for name in _PLAIN_OF_LINE} | {
        "type": movement.type.value,
        "from_bucket": route.from_bucket.value if route.from_bucket else None,
        "to_bucket": route.to_bucket.value if route.to_bucket else None,
        "quantity": route.quantity,
    }


if TYPE_CHECKING:
    from datasources.ports.stock import StockBook, StockSource

    _source: type[StockSource] = SqlStock
    _book: type[StockBook] = SqlStockBook
