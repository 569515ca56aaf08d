"""Transfers in the store: to read, and to write inside a unit of work."""

from collections.abc import Collection, Sequence
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.sql import among
from datasources.store.stock_tables import transfers
from domain.tasks import RECEIVER_STATES, SENDER_STATES
from domain.transfers import Transfer, TransferLine, TransferState

_MOVING = ("state", "lines", "changed_at", "hold")
_UNDER_WAY = (TransferState.IN_TRANSIT.value, TransferState.RECEIVED.value)


class SqlTransfers:
    """Reads transfers as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def transfers(self, ids: Sequence[str]) -> Sequence[Transfer | None]:
        found = await rows(self._engine, select(transfers).where(among(transfers.c.id, sorted(set(ids)))))
        by_id = {row.id: _transfer(row) for row in found}
        return [by_id.get(id) for id in ids]

    async def waiting_at(self, location_id: str, *, limit: int) -> Sequence[Transfer]:
        sending, receiving = (
            and_(end == location_id, transfers.c.state.in_(sorted(state.value for state in states)))
            for end, states in (
                (transfers.c.from_location_id, SENDER_STATES),
                (transfers.c.to_location_id, RECEIVER_STATES),
            )
        )
        ordered = (
            select(transfers)
            .where(or_(sending, receiving))
            .order_by(
                transfers.c.expected_at.is_(None), transfers.c.expected_at, transfers.c.changed_at, transfers.c.id
            )
        )
        return [_transfer(row) for row in await rows(self._engine, ordered.limit(limit))]

    async def under_way_to(self, location_ids: Collection[str]) -> Sequence[Transfer]:
        coming = select(transfers).where(
            among(transfers.c.to_location_id, sorted(location_ids)),
            transfers.c.state.in_(_UNDER_WAY),
            transfers.c.expected_at.is_not(None),
        )
        ordered = coming.order_by(transfers.c.expected_at, transfers.c.id)
        return [_transfer(row) for row in await rows(self._engine, ordered)]


class SqlTransferBook:
    """Transfers, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, id: str) -> Transfer | None:
        statement = select(transfers).where(among(transfers.c.id, [id])).with_for_update()
        row = (await self._connection.execute(statement)).one_or_none()
        return _transfer(row) if row is not None else None

    async def write(self, transfer: Transfer) -> None:
        await bulk.insert(self._connection, transfers, [_row(transfer)], update=_MOVING)


def _transfer(row: Row[Any]) -> Transfer:
    lines = tuple(TransferLine(*line) for line in row.lines)
    return Transfer(**dict(row._mapping) | {"state": TransferState(row.state), "lines": lines})


def _row(transfer: Transfer) -> dict[str, Any]:
    plain = {name: getattr(transfer, name) for name in Transfer.__slots__}
    return plain | {"state": transfer.state.value, "lines": [list(astuple(line)) for line in transfer.lines]}


if TYPE_CHECKING:
    from datasources.ports.transfers import TransferBook, TransferSource

    _source: type[TransferSource] = SqlTransfers
    _book: type[TransferBook] = SqlTransferBook
