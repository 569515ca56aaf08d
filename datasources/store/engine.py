"""Engines: how connections to SQLite and PostgreSQL are opened, one pool to read and one to write.

On SQLite writers queue for one connection and begin IMMEDIATE, so that none of them reads what it cannot keep.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from sqlalchemy import Executable, Row, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from datasources.ports.errors import Unavailable

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
SOURCE = "store"
IDLE_S = 30
"""A worker that stops in the middle of a transaction, or whose host vanished, holds its locks no longer than this."""


def reading(url: str) -> AsyncEngine:
    """Open a pool whose connections see what is committed and hold no transaction."""
    if _is_sqlite(url):
        return _with_pragmas(_opened(url, isolation_level="AUTOCOMMIT", pool_size=4))
    return _opened(url, isolation_level="AUTOCOMMIT", pool_size=10, pool_pre_ping=True)


def writing(url: str) -> AsyncEngine:
    """Open a pool whose connections begin transactions to write.

    They are not tried before they are used: once the database was away, the first transaction hears of it.
    """
    if not _is_sqlite(url):
        server = {"server_settings": {"idle_in_transaction_session_timeout": str(IDLE_S * 1_000)}}
        return _opened(url, pool_size=10, connect_args=server)
    engine = _with_pragmas(_opened(url, pool_size=1))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


async def rows(engine: AsyncEngine, statement: Executable) -> Sequence[Row[Any]]:
    """Read all rows of a statement.

    Raises:
        Unavailable: the database does not answer.
    """
    with failures():
        async with engine.connect() as connection:
            return (await connection.execute(statement)).all()


@contextmanager
def failures() -> Iterator[None]:
    """Turn what drivers and pools raise into our own words; a broken constraint is our mistake and stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout, OSError) as failure:
        raise Unavailable(SOURCE, type(failure).__name__) from failure


def _opened(url: str, **chosen: Any) -> AsyncEngine:
    return create_async_engine(url, max_overflow=0, json_serializer=_json, json_deserializer=orjson.loads, **chosen)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _with_pragmas(engine: AsyncEngine) -> AsyncEngine:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
