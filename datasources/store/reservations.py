"""Reservations in the store: to read, and to write inside a unit of work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.sql import among, by_pairs
from datasources.store.stock_tables import IS_TO_HAND_OVER, reservations
from domain.channels import Channel
from domain.reservations import Reservation, ReservationKind, ReservationLine, ReservationState

_MOVING = ("expires_at", "state", "settled_at", "fulfilled_at")
_IS_ACTIVE = reservations.c.state == ReservationState.ACTIVE.value


class SqlReservations:
    """Reads reservations as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def reservations(self, ids: Sequence[str]) -> Sequence[Reservation | None]:
        found = await rows(self._engine, select(reservations).where(among(reservations.c.id, sorted(set(ids)))))
        by_id = {row.id: _reservation(row) for row in found}
        return [by_id.get(id) for id in ids]

    async def due(self, now: datetime, *, limit: int) -> Sequence[str]:
        past = select(reservations.c.id).where(_IS_ACTIVE, reservations.c.expires_at <= now)
        return [row.id for row in await rows(self._engine, past.order_by(reservations.c.expires_at).limit(limit))]

    async def waiting_at(self, location_id: str, now: datetime, *, limit: int) -> Sequence[Reservation]:
        is_paid = reservations.c.state == ReservationState.CONFIRMED.value
        waiting = select(reservations).where(
            reservations.c.location_id == location_id,
            IS_TO_HAND_OVER,
            or_(is_paid, reservations.c.expires_at > now),
        )
        ordered = waiting.order_by(reservations.c.expires_at, reservations.c.id)
        return [_reservation(row) for row in await rows(self._engine, ordered.limit(limit))]


class SqlReservationBook:
    """Reservations, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_id(self, ids: Collection[str]) -> Mapping[str, Reservation]:
        found = await self._connection.execute(select(reservations).where(among(reservations.c.id, sorted(ids))))
        return {row.id: _reservation(row) for row in found}

    async def by_key(self, keys: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Reservation]:
        found = await by_pairs(self._connection, (reservations.c.client, reservations.c.idempotency_key), keys)
        return {(row.client, row.idempotency_key): _reservation(row) for row in found}

    async def write(self, changed: Collection[Reservation]) -> None:
        rows = [_row(reservation) for reservation in changed]
        try:
            await bulk.insert(self._connection, reservations, rows, update=_MOVING)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure


def _reservation(row: Row[Any]) -> Reservation:
    values = dict(row._mapping)
    del values["location_id"]
    return Reservation(
        **values
        | {
            "kind": ReservationKind(row.kind),
            "channel": Channel(row.channel),
            "lines": tuple(ReservationLine(*line) for line in row.lines),
            "state": ReservationState(row.state),
        }
    )


def _row(reservation: Reservation) -> dict[str, Any]:
    is_in_store = reservation.kind is ReservationKind.STORE_RESERVE
    return {
        "id": reservation.id,
        "client": reservation.client,
        "idempotency_key": reservation.idempotency_key,
        "request_hash": reservation.request_hash,
        "kind": reservation.kind.value,
        "channel": reservation.channel.value,
        "lines": [[line.sku, line.location_id, line.quantity] for line in reservation.lines],
        "location_id": reservation.lines[0].location_id if is_in_store else None,
        "reference": reservation.reference,
        "created_at": reservation.created_at,
        "expires_at": reservation.expires_at,
        "extendable_until": reservation.extendable_until,
        "state": reservation.state.value,
        "settled_at": reservation.settled_at,
        "fulfilled_at": reservation.fulfilled_at,
    }


if TYPE_CHECKING:
    from datasources.ports.reservations import ReservationBook, ReservationSource

    _source: type[ReservationSource] = SqlReservations
    _book: type[ReservationBook] = SqlReservationBook
