"""Associates in the store: to read, and to write inside a unit of work."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.member_tables import associates
from datasources.store.sql import among
from domain.associates import Associate, AssociateRole

_MOVING = ("name", "location_id", "role", "wecom_user_id", "is_active")


class SqlAssociates:
    """Reads associates as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def associates(self, ids: Sequence[str]) -> Sequence[Associate | None]:
        return _in_order(ids, await rows(self._engine, _wanted(ids)))

    async def working_at(self, location_id: str, *, limit: int) -> Sequence[Associate]:
        here = select(associates).where(associates.c.location_id == location_id, associates.c.is_active)
        return [_associate(row) for row in await rows(self._engine, here.order_by(associates.c.id).limit(limit))]


class SqlAssociateBook:
    """Associates, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_id(self, ids: Sequence[str]) -> Sequence[Associate | None]:
        return _in_order(ids, (await self._connection.execute(_wanted(ids))).all())

    async def at_wecom(self, user_id: str) -> Associate | None:
        wanted = select(associates).where(associates.c.wecom_user_id == user_id)
        row = (await self._connection.execute(wanted)).one_or_none()
        return _associate(row) if row is not None else None

    async def write(self, associate: Associate) -> None:
        row = {name: getattr(associate, name) for name in Associate.__slots__} | {"role": associate.role.value}
        try:
            await bulk.insert(self._connection, associates, [row], update=_MOVING)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure


def _wanted(ids: Sequence[str]) -> Any:
    return select(associates).where(among(associates.c.id, sorted(set(ids))))


def _in_order(ids: Sequence[str], found: Sequence[Row[Any]]) -> Sequence[Associate | None]:
    by_id = {row.id: _associate(row) for row in found}
    return [by_id.get(id) for id in ids]


def _associate(row: Row[Any]) -> Associate:
    known = {name: getattr(row, name) for name in Associate.__slots__}
    return Associate(**known | {"role": AssociateRole(row.role)})


if TYPE_CHECKING:
    from datasources.ports.associates import AssociateBook, AssociateSource

    _source: type[AssociateSource] = SqlAssociates
    _book: type[AssociateBook] = SqlAssociateBook
