"""The outbox: events that were committed with what they tell of, and the gap-free positions a relay gives them."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import engine
from datasources.store.tables import outbox, relay
from domain.events import Event, Topic

if TYPE_CHECKING:
    from datasources.ports.events import EventLog, Publish


class SqlEventLog:
    """Hands out committed events, one relay at a time over all processes: whoever holds the row `relay` leads."""

    def __init__(self, writers: AsyncEngine) -> None:
        self._engine = writers
        self._committed = asyncio.Event()

    async def forward(self, publish: "Publish", *, limit: int) -> int:
        with engine.failures():
            return await self._forward(publish, limit)

    async def _forward(self, publish: "Publish", limit: int) -> int:
        async with self._engine.begin() as connection:
            last = (await connection.execute(select(relay.c.position).with_for_update(skip_locked=True))).scalar()
            if last is None:
                return 0
            waiting = select(outbox).where(~outbox.c.published).order_by(outbox.c.id).limit(limit)
            found = (await connection.execute(waiting)).all()
            events = [_event(row, last + n) for n, row in enumerate(found, start=1)]
            if events:
                await publish(events)
                await self._mark(connection, found, events)
            return len(events)

    async def wait(self, timeout_s: float) -> None:
        try:
            await asyncio.wait_for(self._committed.wait(), timeout_s)
        except TimeoutError:
            return
        self._committed.clear()

    def wake(self) -> None:
        """Tell the relay of this process that there is something to forward."""
        self._committed.set()

    async def _mark(self, connection: AsyncConnection, found: Sequence[Row[Any]], events: Sequence[Event]) -> None:
        done = (
            update(outbox).where(outbox.c.id == bindparam("row_id")).values(published=True, position=bindparam("given"))
        )
        given = [{"row_id": row.id, "given": event.position} for row, event in zip(found, events, strict=True)]
        await connection.execute(done, given)
        await connection.execute(update(relay).values(position=events[-1].position))


async def append(connection: AsyncConnection, events: Sequence[Event]) -> None:
    """Put events into the outbox of this transaction."""
    await connection.execute(insert(outbox), [_row(event) for event in events])


def _row(event: Event) -> dict[str, Any]:
    return {
        "published": False,
        "topic": event.topic.value,
        "key": event.key,
        "version": event.version,
        "payload": dict(event.payload),
        "occurred_at": event.occurred_at,
    }


def _event(row: Row[Any], position: int) -> Event:
    return Event(
        topic=Topic(row.topic),
        key=row.key,
        version=row.version,
        payload=row.payload,
        occurred_at=row.occurred_at,
        position=position,
    )


if TYPE_CHECKING:
    _port: type[EventLog] = SqlEventLog
