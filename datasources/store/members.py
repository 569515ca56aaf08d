"""Members in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.work import Raced
from datasources.store import bulk, upsert
from datasources.store.engine import rows
from datasources.store.member_tables import member_identifiers, members
from datasources.store.sql import among
from domain.members import Gender, Identifier, IdentifierKey, IdentifierType, Member, MemberStatus, Profile

_MOVING = ("code", "status", "name", "gender", "birthday", "home_location_id", "merged_into", "version")
_Read = Callable[[Select[Any]], Awaitable[Sequence[Row[Any]]]]
TAIL = 4
"""Digits of a phone that somebody at a counter says."""


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

    async def write(self, changed: Collection[Member]) -> None:
        named = {member.id: [_identifier_row(member.id, one) for one in member.identifiers] for member in changed}
        try:
            await bulk.insert(self._connection, members, [_row(member) for member in changed], update=_MOVING)
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
            named[row.member_id].append(_identifier(row))
    return {id: _member(row, named[id]) for id, row in found.items()}


async def _by_identifier(read: _Read, keys: Collection[IdentifierKey]) -> Mapping[IdentifierKey, Member]:
    """Read by values, then see whose type and realm they are: a value is hardly ever two people's."""
    columns = member_identifiers.c
    holders = select(columns.member_id).where(columns.is_verified, _is_of_known_type(member_identifiers, keys))
    found = await _members(read, select(members).where(members.c.id.in_(holders)))
    by_key = {one.key: member for member in found.values() for one in member.identifiers if one.is_verified}
    return {key: by_key[key] for key in keys if key in by_key}


def _is_of_known_type(table: Table, keys: Collection[IdentifierKey]) -> Any:
    """Name types, realms and values: the three columns of the index, in its order."""
    types, realms = sorted({key.type.value for key in keys}), sorted({key.realm for key in keys})
    return (
        among(table.c.type, types)
        & among(table.c.realm, realms)
        & among(table.c.value, sorted({key.value for key in keys}))
    )


_ORDER = tuple(member_identifiers.c[name] for name in ("linked_at", "type", "realm", "value"))


def _member(row: Row[Any], named: Sequence[Identifier]) -> Member:
    return Member(
        id=row.id,
        code=row.code,
        status=MemberStatus(row.status),
        registration_source=row.registration_source,
        created_at=row.created_at,
        profile=Profile(row.name, Gender(row.gender) if row.gender else None, row.birthday),
        home_location_id=row.home_location_id,
        identifiers=tuple(named),
        merged_into=row.merged_into,
        version=row.version,
    )


def _row(member: Member) -> dict[str, Any]:
    profile = member.profile
    return {
        "id": member.id,
        "code": member.code,
        "status": member.status.value,
        "name": profile.name,
        "gender": profile.gender.value if profile.gender else None,
        "birthday": profile.birthday,
        "registration_source": member.registration_source,
        "home_location_id": member.home_location_id,
        "created_at": member.created_at,
        "merged_into": member.merged_into,
        "version": member.version,
    }


def _identifier(row: Row[Any]) -> Identifier:
    return Identifier(IdentifierType(row.type), row.value, row.is_verified, row.source, row.linked_at, row.realm)


def _identifier_row(member_id: str, one: Identifier) -> dict[str, Any]:
    return {
        "member_id": member_id,
        "type": one.type.value,
        "realm": one.realm,
        "value": one.value,
        "is_verified": one.is_verified,
        "source": one.source,
        "linked_at": one.linked_at,
        "tail": one.value[-TAIL:] if one.type is IdentifierType.PHONE else None,
    }


if TYPE_CHECKING:
    from datasources.ports.members import MemberBook, MemberSource

    _source: type[MemberSource] = SqlMembers
    _book: type[MemberBook] = SqlMemberBook
