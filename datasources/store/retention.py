"""Retention: old events and old answers are deleted, in small steps and from the old end, so that no gap is made."""

from datetime import datetime
from itertools import takewhile

from sqlalchemy import Column, delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.store.session_tables import one_time_codes, sessions, tries
from datasources.store.tables import idempotency, outbox, relay

_SIGN_INS = (sessions.c.expires_at, sessions.c.ended_at, one_time_codes.c.expires_at, tries.c.last_at)
"""When sessions, codes and tries were over, each by an index."""


async def forget_events(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Delete the oldest events, up to the first that is too young or was not published; return how many."""
    published = select(relay.c.published).scalar_subquery()
    oldest = select(outbox.c.position, outbox.c.recorded_at).where(outbox.c.position <= published)
    rows = await connection.execute(oldest.order_by(outbox.c.position).limit(limit))
    old = [row.position for row in takewhile(lambda row: row.recorded_at < before, rows)]
    if old:
        await connection.execute(delete(outbox).where(outbox.c.position <= old[-1]))
    return len(old)


async def forget_answers(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Delete the oldest answers; return how many."""
    key = idempotency.c.client, idempotency.c.key
    old = select(*key).where(idempotency.c.created_at < before).order_by(idempotency.c.created_at).limit(limit)
    return (await connection.execute(delete(idempotency).where(tuple_(*key).in_(old)))).rowcount


async def forget_sign_ins(connection: AsyncConnection, before: datetime, limit: int) -> int:
    """Delete sessions that were over, codes that held no longer and tries that were forgiven before; return how many.

    Of whichever of them there were the most.
    """
    return max([await _forget(connection, over, before, limit) for over in _SIGN_INS])


async def _forget(connection: AsyncConnection, over: Column[datetime], before: datetime, limit: int) -> int:
    (key,) = over.table.primary_key.columns
    old = select(key).where(over < before).order_by(over).limit(limit)
    return (await connection.execute(delete(over.table).where(key.in_(old)))).rowcount
