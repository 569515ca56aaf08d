"""Tiers in the store: computed from orders and grants whenever they are asked for, so that none can be out of date."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import domain.tiers
from datasources.ports.tiers import Use
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.insight_tables import entitlement_uses, tier_grants
from datasources.store.member_tables import orders
from datasources.store.sql import among
from domain.tiers import Completed, Grant, Ladder, Standing


class SqlTiers:
    """Says where members stand, by one statement for what they bought and one for what they were granted."""

    def __init__(self, engine: AsyncEngine, ladder: Ladder) -> None:
        self._engine = engine
        self._ladder = ladder

    async def standings(self, member_ids: Sequence[str], *, at: datetime) -> Sequence[Standing]:
        wanted = sorted(set(member_ids))
        net_minor = (orders.c.net_minor - orders.c.refunded_minor).label("net_minor")
        bought = select(orders.c.member_id, orders.c.completed_at, net_minor).where(
            among(orders.c.member_id, wanted),
            orders.c.completed_at > at - self._ladder.lookback,
            orders.c.completed_at <= at,
        )
        granted = select(tier_grants).where(among(tier_grants.c.member_id, wanted), tier_grants.c.until > at)
        history: defaultdict[str, list[Completed]] = defaultdict(list)
        for row in await rows(self._engine, bought):
            history[row.member_id].append(Completed(row.completed_at, row.net_minor))
        grants: defaultdict[str, list[Grant]] = defaultdict(list)
        for row in await rows(self._engine, granted):
            grants[row.member_id].append(Grant(row.code, row.since, row.until))
        return [domain.tiers.standing(self._ladder, history[id], grants[id], at=at) for id in member_ids]


class SqlEntitlements:
    """Reads uses as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def used(
        self, member_ids: Collection[str], *, since: datetime
    ) -> Mapping[str, Sequence[tuple[str, datetime]]]:
        late = select(entitlement_uses).where(
            among(entitlement_uses.c.member_id, sorted(member_ids)), entitlement_uses.c.used_at > since
        )
        found: defaultdict[str, list[tuple[str, datetime]]] = defaultdict(list)
        for row in await rows(self._engine, late):
            found[row.member_id].append((row.code, row.used_at))
        return found


_TABLES: Mapping[str, Table] = {"grants": tier_grants, "uses": entitlement_uses}


class SqlTierBook:
    """Grants and uses, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def used(self, member_id: str, code: str, *, since: datetime) -> Sequence[datetime]:
        uses = entitlement_uses.c
        own = select(uses.used_at).where(uses.member_id == member_id, uses.code == code, uses.used_at > since)
        return (await self._connection.execute(own)).scalars().all()

    async def write_use(self, use: Use) -> None:
        await bulk.insert(self._connection, entitlement_uses, [asdict(use)])

    async def write_grant(self, id: str, member_id: str, grant: Grant, *, source: str) -> None:
        row: dict[str, Any] = {"id": id, "member_id": member_id, "source": source, **asdict(grant)}
        await bulk.insert(self._connection, tier_grants, [row], update=("code", "since", "until"))

    async def owned(self, member_id: str) -> Mapping[str, Sequence[str]]:
        own = {name: select(table.c.id).where(table.c.member_id == member_id) for name, table in _TABLES.items()}
        return {name: sorted((await self._connection.execute(one)).scalars()) for name, one in own.items()}

    async def give(self, ids: Mapping[str, Sequence[str]], *, to: str) -> None:
        for name, table in _TABLES.items():
            await self._connection.execute(update(table).where(among(table.c.id, ids[name])).values(member_id=to))

    async def forget(self, member_id: str) -> None:
        for table in _TABLES.values():
            await self._connection.execute(delete(table).where(table.c.member_id == member_id))


if TYPE_CHECKING:
    from datasources.ports.tiers import EntitlementSource, TierBook, TierSource

    _source: type[TierSource] = SqlTiers
    _uses: type[EntitlementSource] = SqlEntitlements
    _book: type[TierBook] = SqlTierBook
