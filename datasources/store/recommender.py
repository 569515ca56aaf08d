"""The recommender that our own store is: it learns from orders what is bought together, and looks that up."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import domain.recommendations
from datasources.ports.recommender import Taste
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.member_tables import orders
from datasources.store.order_tables import co_purchases
from datasources.store.sql import among
from domain.co_purchase import Affinity, Baskets, Neighbour
from domain.orders import OrderLine
from domain.recommendations import Suggestion

PAGE = 1_000
PORTION = 500
"""Items whose neighbours are written in one transaction."""
_SKU, _IS_MERCHANDISE = (list(OrderLine.__slots__).index(name) for name in ("sku", "is_merchandise"))


class SqlRecommender:
    """Looks up what was learned, and learns: each portion in a transaction of its own."""

    def __init__(
        self, engine: AsyncEngine, written: Callable[[], AbstractAsyncContextManager[AsyncConnection]]
    ) -> None:
        self._engine = engine
        self._written = written

    async def suggestions(self, tastes: Sequence[Taste], *, limit: int) -> Sequence[Sequence[Suggestion]]:
        neighbours = await self._neighbours(sorted({sku for taste in tastes for sku in taste.bought}))
        most = limit + max((len(taste.bought) for taste in tastes), default=0)
        popular = select(co_purchases.c.sku).order_by(co_purchases.c.baskets.desc(), co_purchases.c.sku).limit(most)
        usual = [row.sku for row in await rows(self._engine, popular)]
        return [domain.recommendations.ranked(taste.bought, neighbours, usual, limit=limit) for taste in tastes]

    async def learn(self, *, baskets: int) -> int:
        seen = Baskets()
        async for lines in self._latest(baskets):
            seen.add([line[_SKU] for line in lines if line[_IS_MERCHANDISE]])
        changed, portion, known = 0, list[Affinity](), set[str]()
        for affinity in seen.affinities():
            await asyncio.sleep(0)  # an item takes milliseconds; whoever waits for this process is not to wait longer
            portion.append(affinity)
            known.add(affinity.sku)
            if len(portion) == PORTION:
                changed += await self._keep(portion)
                portion = []
        return changed + await self._keep(portion) + await self._forget_all_but(known)

    async def _neighbours(self, skus: Sequence[str]) -> Mapping[str, Sequence[Neighbour]]:
        found = await rows(self._engine, select(co_purchases).where(among(co_purchases.c.sku, skus)))
        return {row.sku: [Neighbour(*beside) for beside in row.neighbours] for row in found}

    async def _latest(self, baskets: int) -> AsyncIterator[Sequence[Sequence[Any]]]:
        """The lines of the latest orders, a page at a time, in no order."""
        latest = select(orders.c.placed_at).order_by(orders.c.placed_at.desc()).offset(baskets - 1).limit(1)
        cut = next((row.placed_at for row in await rows(self._engine, latest)), None)
        page = select(orders.c.id, orders.c.lines).order_by(orders.c.id).limit(PAGE)
        if cut is not None:
            page = page.where(orders.c.placed_at >= cut)
        found = await rows(self._engine, page)
        while found:
            for row in found:
                yield row.lines
            found = await rows(self._engine, page.where(orders.c.id > found[-1].id))

    async def _keep(self, portion: Sequence[Affinity]) -> int:
        """Write what differs; return how much."""
        own = select(co_purchases).where(among(co_purchases.c.sku, [affinity.sku for affinity in portion]))
        before = {row.sku: dict(row._mapping) for row in await rows(self._engine, own)}
        changed = [row for row in map(_row, portion) if row != before.get(row["sku"])]
        async with self._written() as connection:
            await bulk.insert(connection, co_purchases, changed, update=("baskets", "neighbours"))
        return len(changed)

    async def _forget_all_but(self, known: set[str]) -> int:
        gone = [row.sku for row in await rows(self._engine, select(co_purchases.c.sku)) if row.sku not in known]
        async with self._written() as connection:
            await connection.execute(delete(co_purchases).where(among(co_purchases.c.sku, gone)))
        return len(gone)


def _row(affinity: Affinity) -> dict[str, Any]:
    neighbours = [list(beside) for beside in affinity.neighbours]
    return {"sku": affinity.sku, "baskets": affinity.baskets, "neighbours": neighbours}


if TYPE_CHECKING:
    from datasources.ports.recommender import Pupil, Recommender

    def _ports(recommender: SqlRecommender) -> tuple[Recommender, Pupil]:
        return recommender, recommender
