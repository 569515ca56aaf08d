"""Members in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, Table, TextClause, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.members import Clientele, Sought
from datasources.ports.work import Raced
from datasources.store import bulk, member_rows, member_search, upsert
from datasources.store.engine import rows
from datasources.store.member_tables import IS_TOLD, IS_VERIFIED, member_identifiers, members
from datasources.store.sql import among
from domain.members import Identifier, IdentifierKey, Member

_FIXED = {"id", "registration_source", "created_at"}
_MOVING = tuple(column.name for column in members.columns if column.name not in _FIXED)
_Read = Callable[[Select[Any]], Awaitable[Sequence[Row[Any]]]]


class SqlMembers:
    """Reads members as they are committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def members(self, ids: Sequence[str]) -> Sequence[Member | None]:
        found = await _members(self._read, select(members).where(among(members.c.id, sorted(set(ids)))))
        return [found.get(id) for id in ids]

    async def by_code(self, codes: Collection[str]) -> Mapping[str, Member]:
        found = await _members(self._read, select(members).where(among(members.c.code, sorted(codes))))
        return {member.code: member for member in found.values()}

    async def by_identifier(self, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Member]:
        return await _by_identifier(self._read, keys)

    async def search(self, sought: Sought, *, among: Clientele | None, after: str | None, limit: int) -> Sequence[str]:
        statement = member_search.matching(sought, among, after or "").limit(limit)
        return [row.member_id for row in await rows(self._engine, statement)]

    async def _read(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return await rows(self._engine, statement)


class SqlMemberBook:
    """Members, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def locked(self, ids: Collection[str]) -> Mapping[str, Member]:
        wanted = select(members).where(among(members.c.id, sorted(set(ids)))).order_by(members.c.id)
        return await _members(self._read, wanted.with_for_update())

    async def by_identifier(self, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Member]:
        return await _by_identifier(self._read, keys)

    async def hold(self, keys: Collection[IdentifierKey]) -> None:
        if self._connection.dialect.name == "postgresql":  # SQLite has one writer
            for name in sorted(f"{key.type.value}/{key.realm}/{key.value}" for key in keys):
                await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 1))))

    async def told(self, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Sequence[Member]]:
        found = await _holders(self._read, keys, IS_TOLD)
        holders: defaultdict[IdentifierKey, list[Member]] = defaultdict(list)
        for member in found:
            for one in member.identifiers:
                if not one.is_verified and one.key in keys:
                    holders[one.key].append(member)
        return holders

    async def absorbed_by(self, id: str) -> Sequence[str]:
        found: list[str] = []
        heads = [id]
        while heads:
            into = select(members.c.id).where(among(members.c.merged_into, heads), members.c.merged_into.is_not(None))
            heads = sorted((await self._connection.execute(into)).scalars())
            found += heads
        return found

    async def write(self, changed: Collection[Member]) -> None:
        named = {
            member.id: [member_rows.identifier_row(member.id, one) for one in member.identifiers] for member in changed
        }
        try:
            await bulk.insert(
                self._connection, members, [member_rows.row(member) for member in changed], update=_MOVING
            )
            await upsert.replace(self._connection, member_identifiers, member_identifiers.c.member_id, named)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure

    async def _read(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        found: Sequence[Row[Any]] = (await self._connection.execute(statement)).all()
        return found


async def _members(read: _Read, wanted: Select[Any]) -> Mapping[str, Member]:
    """Read members, and what each is called."""
    found = {row.id: row for row in await read(wanted)}
    named: defaultdict[str, list[Identifier]] = defaultdict(list)
    if found:
        own = select(member_identifiers).where(among(member_identifiers.c.member_id, sorted(found)))
        for row in await read(own.order_by(*_ORDER)):
            named[row.member_id].append(member_rows.to_identifier(row))
    return {id: member_rows.to_member(row, named[id]) for id, row in found.items()}


async def _by_identifier(read: _Read, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Member]:
    found = await _holders(read, keys, IS_VERIFIED)
    by_key = {one.key: member for member in found for one in member.identifiers if one.is_verified}
    return {key: by_key[key] for key in keys if key in by_key}


async def _holders(read: _Read, keys: Collection[IdentifierKey], standing: TextClause) -> Collection[Member]:
    """Read by values, then see whose type and realm they are: a value is hardly ever two people's."""
    holders = select(member_identifiers.c.member_id).where(standing, _is_of_known_type(member_identifiers, keys))
    return (await _members(read, select(members).where(members.c.id.in_(holders)))).values()


def _is_of_known_type(table: Table, keys: Collection[IdentifierKey]) -> Any:
    """Name types, realms and values: the three columns of the index, in its order."""
    types, realms = sorted({key.type.value for key in keys}), sorted({key.realm for key in keys})
    return (
        among(table.c.type, types)
        & among(table.c.realm, realms)
        & among(table.c.value, sorted({key.value for key in keys}))
    )


_ORDER = tuple(member_identifiers.c[name] for name in ("linked_at", "type", "realm", "value"))


if TYPE_CHECKING:
    from datasources.ports.members import MemberBook, MemberSource

    _source: type[MemberSource] = SqlMembers
    _book: type[MemberBook] = SqlMemberBook
