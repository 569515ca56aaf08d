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
        """Positions are committed before anybody hears of them: a batch that fails half-way keeps the ones it had."""
        async with self._engine.begin() as connection:
            last = await self._lead(connection)
            if last is None:
                return 0
            if not await self._number(connection, last, limit):
                return await self._publish(connection, publish, limit)
        async with self._engine.begin() as connection:
            leads = await self._lead(connection) is not None
            return await self._publish(connection, publish, limit) if leads else 0

    async def wait(self, timeout_s: float) -> None:
        try:
            await asyncio.wait_for(self._committed.wait(), timeout_s)
        except TimeoutError:
            return
        self._committed.clear()

    def wake(self) -> None:
        """Tell the relay of this process that there is something to forward."""
        self._committed.set()

    async def _lead(self, connection: AsyncConnection) -> int | None:
        """The last position given, and the lead until the transaction ends; None where another relay has it."""
        last: int | None = await connection.scalar(select(relay.c.position).with_for_update(skip_locked=True))
        return last

    async def _number(self, connection: AsyncConnection, last: int, limit: int) -> int:
        new = select(outbox.c.id).where(~outbox.c.published, outbox.c.position.is_(None)).order_by(outbox.c.id)
        ids = (await connection.scalars(new.limit(limit))).all()
        if ids:
            number = update(outbox).where(outbox.c.id == bindparam("row_id")).values(position=bindparam("given"))
            given = [{"row_id": id, "given": position} for position, id in enumerate(ids, start=last + 1)]
            await connection.execute(number, given)
            await connection.execute(update(relay).values(position=last + len(ids)))
        return len(ids)

    async def _publish(self, connection: AsyncConnection, publish: "Publish", limit: int) -> int:
        waiting = select(outbox).where(~outbox.c.published, outbox.c.position.is_not(None)).order_by(outbox.c.position)
        events = [_event(row) for row in await connection.execute(waiting.limit(limit))]
        if events:
            await publish(events)
            span = outbox.c.position.between(events[0].position, events[-1].position)
            await connection.execute(update(outbox).where(span).values(published=True))
        return len(events)


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


def _event(row: Row[Any]) -> Event:
    return Event(
        topic=Topic(row.topic),
        key=row.key,
        version=row.version,
        payload=row.payload,
        occurred_at=row.occurred_at,
        position=row.position,
    )


if TYPE_CHECKING:
    _port: type[EventLog] = SqlEventLog
