"""Bindings and visits in the store."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncEngine

from datasources.store.engine import rows
from datasources.store.member_tables import bindings, visits
from datasources.store.sql import among

REMEMBERED = timedelta(days=30)
"""How long a store remembers who came in."""


class SqlClients:
    """Reads bindings and visits as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def seen_by(
        self, *, associate_id: str, location_id: str | None, member_ids: Collection[str], now: datetime
    ) -> frozenset[str]:
        bound = select(bindings.c.member_id).where(
            bindings.c.associate_id == associate_id,
            bindings.c.ended_at.is_(None),
            bindings.c.valid_until > now,
            among(bindings.c.member_id, sorted(member_ids)),
        )
        came = select(visits.c.member_id).where(
            visits.c.location_id == location_id,
            visits.c.last_at > now - REMEMBERED,
            among(visits.c.member_id, sorted(member_ids)),
        )
        return frozenset(row.member_id for row in await rows(self._engine, union(bound, came)))


if TYPE_CHECKING:
    from datasources.ports.clients import ClientSource

    _source: type[ClientSource] = SqlClients
