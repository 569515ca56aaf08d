"""Client tasks and notes in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.clients_tables import client_notes, client_tasks
from datasources.store.engine import rows
from datasources.store.sql import among
from domain.client_notes import ClientNote
from domain.client_tasks import ClientTask, ClientTaskKind, ClientTaskState

_MOVING = ("associate_id", "state", "closed_at", "result")
_IS_OPEN = client_tasks.c.state == ClientTaskState.OPEN.value
_KINDS: Mapping[str, Table] = {"tasks": client_tasks, "notes": client_notes}


class SqlClientTasks:
    """Reads tasks and notes as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def tasks(self, ids: Collection[str]) -> Sequence[ClientTask]:
        wanted = select(client_tasks).where(among(client_tasks.c.id, sorted(ids)))
        return [_task(row) for row in await rows(self._engine, wanted)]

    async def open_of(self, associate_id: str, *, limit: int) -> Sequence[ClientTask]:
        own = select(client_tasks).where(client_tasks.c.associate_id == associate_id, _IS_OPEN)
        ordered = own.order_by(client_tasks.c.due_on, client_tasks.c.id).limit(limit)
        return [_task(row) for row in await rows(self._engine, ordered)]

    async def notes(self, ids: Sequence[str]) -> Sequence[ClientNote | None]:
        found = await rows(self._engine, select(client_notes).where(among(client_notes.c.id, sorted(set(ids)))))
        by_id = {row.id: ClientNote(**row._mapping) for row in found}
        return [by_id.get(id) for id in ids]

    async def notes_on(self, member_ids: Collection[str], *, limit: int) -> Mapping[str, Sequence[ClientNote]]:
        newest = (client_notes.c.at.desc(), client_notes.c.id.desc())
        place = func.row_number().over(partition_by=client_notes.c.member_id, order_by=newest).label("place")
        own = select(client_notes, place).where(among(client_notes.c.member_id, sorted(member_ids))).subquery()
        wanted = select(*own.c[:-1]).where(own.c.place <= limit).order_by(own.c.place)
        found: defaultdict[str, list[ClientNote]] = defaultdict(list)
        for row in await rows(self._engine, wanted):
            found[row.member_id].append(ClientNote(**row._mapping))
        return found


class SqlClientTaskBook:
    """Tasks and notes, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, id: str) -> ClientTask | None:
        wanted = select(client_tasks).where(among(client_tasks.c.id, [id])).with_for_update()
        row = (await self._connection.execute(wanted)).one_or_none()
        return _task(row) if row is not None else None

    async def write(self, task: ClientTask) -> None:
        row = {name: getattr(task, name) for name in ClientTask.__slots__}
        row |= {"kind": task.kind.value, "state": task.state.value}
        await bulk.insert(self._connection, client_tasks, [row], update=_MOVING)

    async def note(self, note: ClientNote) -> None:
        row = {name: getattr(note, name) for name in ClientNote.__slots__}
        await bulk.insert(self._connection, client_notes, [row])

    async def hand_over(self, associate_id: str, *, to: str) -> None:
        own = update(client_tasks).where(client_tasks.c.associate_id == associate_id, _IS_OPEN)
        await self._connection.execute(own.values(associate_id=to))

    async def give(
        self, *, owner: str, to: str, only: Mapping[str, Collection[str]] | None = None
    ) -> Mapping[str, Sequence[str]]:
        given: dict[str, Sequence[str]] = {}
        for kind, table in _KINDS.items():
            moved = update(table).where(table.c.member_id == owner).values(member_id=to)
            if only is not None:
                moved = moved.where(among(table.c.id, sorted(only[kind])))
            given[kind] = sorted((await self._connection.execute(moved.returning(table.c.id))).scalars())
        return given

    async def forget(self, member_id: str) -> None:
        for table in _KINDS.values():
            await self._connection.execute(delete(table).where(table.c.member_id == member_id))


def _task(row: Row[Any]) -> ClientTask:
    known = dict(row._mapping)
    return ClientTask(**known | {"kind": ClientTaskKind(row.kind), "state": ClientTaskState(row.state)})


if TYPE_CHECKING:
    from datasources.ports.client_tasks import ClientTaskBook, ClientTaskSource

    _source: type[ClientTaskSource] = SqlClientTasks
    _book: type[ClientTaskBook] = SqlClientTaskBook
