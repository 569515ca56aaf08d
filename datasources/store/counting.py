"""Stock counts in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.counting import Book
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.sql import among
from datasources.store.stock import SqlStock, movement
from datasources.store.stock_tables import stock_count_lines, stock_counts, stock_movements
from domain.counting import CountState, Finding, StockCount, Tally
from domain.statuses import Status
from domain.tasks import COUNT_STATES

_MOVING = ("state", "submitted_at", "settled_at", "settled_by", "findings")
READINGS = 5
"""How often a level that changes while we read is read anew."""


class SqlCounts:
    """Reads counts as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._stock = SqlStock(engine)

    async def counts(self, ids: Sequence[str]) -> Sequence[StockCount | None]:
        wanted = sorted(set(ids))
        heads = await rows(self._engine, select(stock_counts).where(among(stock_counts.c.id, wanted)))
        found = {count.id: count for count in await self._whole(heads)}
        return [found.get(id) for id in ids]

    async def open_at(self, location_id: str, *, limit: int) -> Sequence[StockCount]:
        waiting = select(stock_counts).where(
            stock_counts.c.location_id == location_id,
            stock_counts.c.state.in_(sorted(state.value for state in COUNT_STATES)),
        )
        ordered = waiting.order_by(stock_counts.c.opened_at, stock_counts.c.id).limit(limit)
        return await self._whole(await rows(self._engine, ordered))

    async def book(self, skus: Collection[str], location_ids: Collection[str], since: datetime) -> Book:
        later = select(stock_movements).where(
            among(stock_movements.c.sku, sorted(skus)),
            among(stock_movements.c.location_id, sorted(location_ids)),
            stock_movements.c.occurred_at > since,
        )
        levels = await self._stock.levels(skus, location_ids)
        for _ in range(READINGS):
            found = [movement(row._mapping) for row in await rows(self._engine, later)]
            before, levels = levels, await self._stock.levels(skus, location_ids)
            if levels == before:
                break
        return levels, found

    async def _whole(self, heads: Sequence[Row[Any]]) -> Sequence[StockCount]:
        """Counts with what was seen in them."""
        tallies: defaultdict[str, list[Tally]] = defaultdict(list)
        lines = select(stock_count_lines).where(among(stock_count_lines.c.count_id, [head.id for head in heads]))
        for row in await rows(self._engine, lines) if heads else ():
            tallies[row.count_id].append(_tally(row))
        return [_count(head, tallies[head.id]) for head in heads]


class SqlCountBook:
    """Counts, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, id: str) -> StockCount | None:
        head = select(stock_counts).where(among(stock_counts.c.id, [id])).with_for_update()
        row = (await self._connection.execute(head)).one_or_none()
        if row is None:
            return None
        lines = select(stock_count_lines).where(stock_count_lines.c.count_id == id)
        return _count(row, [_tally(line) for line in await self._connection.execute(lines)])

    async def write(self, count: StockCount, tallies: Collection[Tally] = ()) -> None:
        await bulk.insert(self._connection, stock_counts, [_row(count)], update=_MOVING)
        lines = [_line(count.id, tally) for tally in tallies]
        await bulk.insert(self._connection, stock_count_lines, lines, update=("quantity", "counted_at"))


def _tally(row: Row[Any]) -> Tally:
    return Tally(row.sku, row.device, row.quantity, row.counted_at)


def _line(count_id: str, tally: Tally) -> dict[str, Any]:
    values = {name: getattr(tally, name) for name in Tally.__slots__}
    return values | {"count_id": count_id}


def _count(row: Row[Any], tallies: Collection[Tally]) -> StockCount:
    findings = row.findings
    return StockCount(
        **dict(row._mapping)
        | {
            "state": CountState(row.state),
            "skus": tuple(row.skus),
            "tallies": tuple(tallies),
            "findings": None
            if findings is None
            else {sku: Finding(Status(status), book) for sku, status, book in findings},
        }
    )


_PLAIN = ("id", "location_id", "note", "opened_by", "opened_at", "submitted_at", "settled_at", "settled_by")


def _row(count: StockCount) -> dict[str, Any]:
    found = None
    if count.findings is not None:
        found = [[sku, finding.status.value, finding.book] for sku, finding in count.findings.items()]
    plain = {name: getattr(count, name) for name in _PLAIN}
    return plain | {"state": count.state.value, "skus": list(count.skus), "findings": found}


if TYPE_CHECKING:
    from datasources.ports.counting import CountBook, CountSource

    _source: type[CountSource] = SqlCounts
    _book: type[CountBook] = SqlCountBook
