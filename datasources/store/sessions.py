"""Sessions in the store: which ended, to read; and to write inside a unit of work."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.session_tables import sessions
from datasources.store.sql import among
from domain.sessions import Session
from domain.viewers import Role

_MOVING = ("subject", "family", "turn", "expires_at", "ended_at")


class SqlSessions:
    """Reads sessions as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        ended = select(sessions.c.id, sessions.c.ended_at).where(sessions.c.ended_at >= moment)
        return {row.id: row.ended_at for row in await rows(self._engine, ended)}


class SqlSessionBook:
    """Sessions, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, id: str) -> Session | None:
        found = await self._locked(select(sessions).where(among(sessions.c.id, [id])))
        return found[0] if found else None

    async def running_of(self, subjects: Collection[str], role: Role) -> Sequence[Session]:
        whose = select(sessions).where(among(sessions.c.subject, sorted(subjects)), sessions.c.role == role.value)
        return await self._locked(whose.where(sessions.c.ended_at.is_(None)))

    async def write(self, changed: Sequence[Session]) -> None:
        await bulk.insert(self._connection, sessions, [_row(session) for session in changed], update=_MOVING)

    async def _locked(self, wanted: Select[Any]) -> Sequence[Session]:
        found = await self._connection.execute(wanted.order_by(sessions.c.id).with_for_update())
        return [_session(row) for row in found]


def _session(row: Row[Any]) -> Session:
    return Session(**dict(row._mapping) | {"role": Role(row.role)})


def _row(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in Session.__slots__} | {"role": session.role.value}


if TYPE_CHECKING:
    from datasources.ports.sessions import SessionBook, SessionSource

    _source: type[SessionSource] = SqlSessions
    _book: type[SessionBook] = SqlSessionBook
