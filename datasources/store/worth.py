"""What members bought, summed up by the store."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.store import order_tables, returns
from datasources.store.engine import rows
from datasources.store.member_tables import orders
from datasources.store.sql import among
from domain.worth import Bought, Repurchase


class SqlWorth:
    """Sums orders as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def bought(self, member_ids: Collection[str], *, until: datetime) -> Mapping[str, Bought]:
        summed = (
            select(
                orders.c.member_id,
                func.count().label("orders"),
                func.sum(orders.c.net_minor - orders.c.refunded_minor).label("amount_minor"),
                func.min(orders.c.completed_at, type_=orders.c.completed_at.type).label("first_at"),
            )
            .where(among(orders.c.member_id, sorted(member_ids)), orders.c.completed_at < until)
            .group_by(orders.c.member_id)
        )
        found = await rows(self._engine, summed)
        own = returns.without_receipt(member_ids, order_tables.returns.c.settled_at < until)
        back = {row.member_id: int(row.refunded_minor) for row in await rows(self._engine, own)}
        return {
            row.member_id: Bought(row.orders, int(row.amount_minor) - back.get(row.member_id, 0), row.first_at)
            for row in found
        }

    async def repurchase(self, *, since: datetime, until: datetime) -> Repurchase:
        in_time = (orders.c.completed_at >= since, orders.c.completed_at < until, orders.c.member_id.is_not(None))
        each = select(func.count().label("orders")).where(*in_time).group_by(orders.c.member_id).subquery()
        counted = select(
            func.count().label("members"),
            func.coalesce(func.sum(case((each.c.orders > 1, 1), else_=0)), 0).label("again"),
        )
        found = (await rows(self._engine, counted.select_from(each)))[0]
        return Repurchase(int(found.members), int(found.again))


if TYPE_CHECKING:
    from datasources.ports.rfm import WorthSource

    _source: type[WorthSource] = SqlWorth
