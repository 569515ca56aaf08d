"""Engines: how connections to SQLite and PostgreSQL are opened, one pool to read and one to write.

On SQLite writers queue for one connection and begin IMMEDIATE, so that none of them reads what it cannot keep.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Executable, Row, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from datasources.ports.errors import Unavailable

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
"""Who waits for a writer of another process gives up before its operation has to (10 s)."""
SOURCE = "store"
IDLE_S = 30
"""A worker that stops in the middle of a transaction, or whose host vanished, holds its locks no longer than this."""


def reading(url: str) -> AsyncEngine:
    """Open a pool whose connections see what is committed and hold no transaction."""
    if _is_sqlite(url):
        return _with_pragmas(_opened(url, isolation_level="AUTOCOMMIT", pool_size=4))
    return _opened(url, isolation_level="AUTOCOMMIT", pool_size=10, pool_pre_ping=True)


def writing(url: str, *, patience_s: int = 0) -> AsyncEngine:
    """Open a pool whose connections begin transactions to write, and wait so long for a lock; 0: as long as it takes.

    They are not tried before they are used: that the database has closed one is known without asking.
    """
    if not _is_sqlite(url):
        limits_s = {"idle_in_transaction_session_timeout": IDLE_S, "lock_timeout": patience_s}
        server = {"server_settings": {name: f"{limit_s}s" for name, limit_s in limits_s.items()}}
        return _without_closed(_opened(url, pool_size=10, connect_args=server))
    engine = _with_pragmas(_opened(url, pool_size=1))
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


async def rows(
    engine: AsyncEngine, statement: Executable, values: Mapping[str, Any] | None = None
) -> Sequence[Row[Any]]:
    """Read all rows of a statement, told the values of its parameters.

    Raises:
        Unavailable: the database does not answer.
    """
    with failures():
        async with engine.connect() as connection:
            return (await connection.execute(statement, values)).all()


@contextmanager
def failures() -> Iterator[None]:
    """Turn what drivers and pools raise into our own words; a broken constraint is our mistake and stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout, OSError) as failure:
        raise Unavailable(SOURCE, reason(failure)) from failure


def reason(failure: Exception) -> str:
    """What went wrong, in words that an operator understands and that tell a client no address."""
    if isinstance(failure, PoolTimeout):
        return "all connections are in use"
    told = (failure.orig or failure) if isinstance(failure, DBAPIError) else failure
    if isinstance(told, sqlite3.Error):
        return str(told)
    return type(told.__cause__ or told).__name__


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

    return _without_moved(engine)


def _without_moved(engine: AsyncEngine) -> AsyncEngine:
    """Leave connections to a file that is not there any more: SQLite would go on writing what nobody ever reads."""
    file = Path(str(engine.url.database))

    @event.listens_for(engine.sync_engine, "connect")
    def remember(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = _identity(file)

    @event.listens_for(engine.sync_engine, "checkout")
    def compare(_connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info["file"] != _identity(file):
            raise InvalidatePoolError

    return engine


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _without_closed(engine: AsyncEngine) -> AsyncEngine:
    """Leave connections that the other side has closed, all of them at once: it was away, and is back."""

    @event.listens_for(engine.sync_engine, "checkout")
    def look(_connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        opened: Any = record.driver_connection
        if opened.is_closed():
            raise InvalidatePoolError

    return engine
