"""What is confirmed to come, in the store: to read, and to write inside a unit of work."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from datasources.store import bulk
from datasources.store.engine import rows
from datasources.store.sql import among_pairs
from datasources.store.stock_tables import inbound
from domain.inbound import Inbound
from domain.stock import Key

_COLUMNS = [str(column.name) for column in inbound.columns]
_KEY = [column.name for column in inbound.primary_key.columns]
_MOVING = [name for name in _COLUMNS if name not in _KEY]
_FORGET = delete(inbound).where(*(inbound.c[name] == bindparam(f"gone_{name}") for name in _KEY))


class SqlInbound:
    """Reads what is expected as it is committed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def inbound(self, keys: Collection[Key]) -> Mapping[Key, Sequence[Inbound]]:
        return _by_key(await rows(self._engine, _expected(keys)))


class SqlInboundBook:
    """What is expected, on the connection of one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def inbound(self, keys: Collection[Key]) -> Mapping[Key, Sequence[Inbound]]:
        return _by_key(await self._connection.execute(_expected(keys)))

    async def write(self, changed: Collection[Inbound]) -> None:
        if gone := [_row(line) for line in changed if not line.quantity]:
            await self._connection.execute(_FORGET, [{f"gone_{name}": row[name] for name in _KEY} for row in gone])
        kept = [_row(line) for line in changed if line.quantity]
        await bulk.insert(self._connection, inbound, kept, update=_MOVING)


def _expected(keys: Collection[Key]) -> Select[Any]:
    here = among_pairs(inbound.c.sku, inbound.c.location_id, keys)
    return select(inbound).where(here).order_by(inbound.c.expected_at, inbound.c.reference)


def _by_key(found: Iterable[Row[Any]]) -> Mapping[Key, Sequence[Inbound]]:
    by_key: defaultdict[Key, list[Inbound]] = defaultdict(list)
    for row in found:
        line = Inbound(**row._mapping)
        by_key[line.key].append(line)
    return by_key


def _row(line: Inbound) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _COLUMNS}


if TYPE_CHECKING:
    from datasources.ports.inbound import InboundBook, InboundSource

    _source: type[InboundSource] = SqlInbound
    _book: type[InboundBook] = SqlInboundBook
