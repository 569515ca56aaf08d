"""A unit of work: one transaction for rows, the idempotency record and the events, or nothing of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.work import KeyReused
from datasources.store import outbox
from datasources.store.stock import SqlBook
from datasources.store.tables import idempotency
from domain.events import Event


class SqlWork:
    """What one transaction may do."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.stock = SqlBook(connection)
        self.told: list[Event] = []

    async def answered(self, *, client: str, key: str, request_hash: str) -> str | None:
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                select(func.pg_advisory_xact_lock(func.hashtextextended(f"{client}/{key}", 0)))
            )
        found = await self._connection.execute(
            select(idempotency.c.request_hash, idempotency.c.response).where(
                idempotency.c.client == client, idempotency.c.key == key
            )
        )
        row = found.one_or_none()
        if row is not None and row.request_hash != request_hash:
            raise KeyReused(key)
        return row.response if row is not None else None

    async def answer(self, *, client: str, key: str, request_hash: str, response: str) -> None:
        values = {"client": client, "key": key, "request_hash": request_hash, "response": response}
        await self._connection.execute(insert(idempotency).values(**values, created_at=datetime.now(UTC)))

    async def tell(self, events: Sequence[Event]) -> None:
        if events:
            self.told += events
            await outbox.append(self._connection, events)


if TYPE_CHECKING:
    from datasources.ports.work import Work

    def _port(work: SqlWork) -> Work:
        return work
