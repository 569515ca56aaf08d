"""The commission ledger in the store: to read, and to add to inside a unit of work."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, and_, func, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.ports.commission import Sums
from datasources.ports.work import Raced
from datasources.store import bulk
from datasources.store.clients_tables import commission_entries as entries
from datasources.store.clients_tables import commission_statements, share_tokens
from datasources.store.engine import rows
from datasources.store.sql import among
from domain.commission import Entry, EntryKind, Ground, Statement
from domain.share_tokens import ShareToken

_Read = Callable[[Select[Any]], Awaitable[Sequence[Row[Any]]]]


class SqlCommission:
    """Reads the ledger as it is committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def entries(
        self,
        associate_id: str,
        *,
        since: datetime,
        until: datetime,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> Sequence[Entry]:
        own = select(entries).where(_of(associate_id, since, until))
        if after is not None:
            own = own.where(tuple_(entries.c.at, entries.c.id) > tuple_(*after))
        found = await self._read(own.order_by(entries.c.at, entries.c.id).limit(limit))
        return [_entry(row) for row in found]

    async def sums(self, associate_id: str, *, since: datetime, until: datetime) -> Sums:
        minor = func.sum(entries.c.amount_minor).label("minor")
        summed = select(entries.c.kind, entries.c.currency, minor)
        by_kind = summed.where(_of(associate_id, since, until)).group_by(entries.c.kind, entries.c.currency)
        return {(EntryKind(row.kind), row.currency): int(row.minor) for row in await self._read(by_kind)}

    async def statements(self, ids: Sequence[str]) -> Sequence[Statement | None]:
        wanted = select(commission_statements).where(among(commission_statements.c.id, sorted(set(ids))))
        by_id = {row.id: Statement(**row._mapping) for row in await self._read(wanted)}
        return [by_id.get(id) for id in ids]

    async def tokens(self, codes: Collection[str]) -> Mapping[str, ShareToken]:
        return await _tokens(self._read, codes)

    async def _read(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        return await rows(self._engine, statement)


class SqlCommissionBook:
    """The ledger, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_orders(self, order_ids: Collection[str]) -> Sequence[Entry]:
        wanted = select(entries).where(among(entries.c.order_id, sorted(order_ids)))
        return [_entry(row) for row in await self._read(wanted.order_by(entries.c.at, entries.c.id))]

    async def add(self, new: Sequence[Entry]) -> None:
        rows = [_row(one) for one in new]
        try:
            await bulk.insert(self._connection, entries, rows)
        except IntegrityError as failure:
            raise Raced(str(failure.orig)) from failure

    async def tokens(self, codes: Collection[str]) -> Mapping[str, ShareToken]:
        return await _tokens(self._read, codes)

    async def issue(self, token: ShareToken) -> None:
        row = {name: getattr(token, name) for name in ShareToken.__slots__}
        await bulk.insert(self._connection, share_tokens, [row])

    async def unpaid(self, associate_id: str, *, until: datetime) -> Sequence[Entry]:
        own = and_(entries.c.associate_id == associate_id, entries.c.at < until, entries.c.statement_id.is_(None))
        wanted = select(entries).where(own).order_by(entries.c.id).with_for_update()
        return [_entry(row) for row in await self._read(wanted)]

    async def pay(self, statement: Statement, paid: Sequence[Entry]) -> None:
        row = {name: getattr(statement, name) for name in Statement.__slots__}
        await bulk.insert(self._connection, commission_statements, [row])
        own = update(entries).where(among(entries.c.id, [one.id for one in paid]))
        await self._connection.execute(own.values(statement_id=statement.id))

    async def _read(self, statement: Select[Any]) -> Sequence[Row[Any]]:
        found: Sequence[Row[Any]] = (await self._connection.execute(statement)).all()
        return found


async def _tokens(read: _Read, codes: Collection[str]) -> Mapping[str, ShareToken]:
    found = await read(select(share_tokens).where(among(share_tokens.c.code, sorted(codes))))
    return {row.code: ShareToken(**row._mapping) for row in found}


def _of(associate_id: str, since: datetime, until: datetime) -> Any:
    return and_(entries.c.associate_id == associate_id, entries.c.at >= since, entries.c.at < until)


def _entry(row: Row[Any]) -> Entry:
    return Entry(**dict(row._mapping) | {"kind": EntryKind(row.kind), "ground": Ground(row.ground)})


def _row(entry: Entry) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in Entry.__slots__}
    return plain | {"kind": entry.kind.value, "ground": entry.ground.value}


if TYPE_CHECKING:
    from datasources.ports.commission import CommissionBook, CommissionSource

    _source: type[CommissionSource] = SqlCommission
    _book: type[CommissionBook] = SqlCommissionBook
