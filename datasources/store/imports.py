"""Where imports write: a pool of their own, and one batch at a time over all processes.

On SQLite the writers' queue sees to that; on PostgreSQL an advisory lock does, so that two files that touch the
same rows in another order never wait for each other in a circle.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from datasources.ports.errors import Rejected, Unavailable
from datasources.store import engine
from datasources.store.register import SqlRegister
from datasources.store.work import SqlWork

ONE_AT_A_TIME = 0x1A9_0287
"""The advisory lock of imports: any number that nobody else takes."""


class SqlImportWork(SqlWork):
    """A unit of work that may also write the catalogue."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self.register = SqlRegister(connection)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Write on a savepoint.

        Raises:
            Rejected: a value that the database cannot hold.
        """
        try:
            async with self._connection.begin_nested():
                yield
        except DBAPIError as failure:
            if failure.connection_invalidated or isinstance(failure, OperationalError | InterfaceError):
                raise
            raise Rejected(engine.SOURCE, str(failure.orig)) from failure
        except (OverflowError, UnicodeError) as failure:  # the drivers' own words for numbers and texts too odd to send
            raise Rejected(engine.SOURCE, str(failure)) from failure


class SqlImports:
    """Opens the database at `url` for imports; `close()` at the end."""

    def __init__(self, url: str) -> None:
        self._engine = engine.writing(url)

    @asynccontextmanager
    async def work(self) -> AsyncIterator[SqlImportWork]:
        """Begin a transaction.

        Raises:
            Unavailable: the database does not answer.
        """
        try:
            async with self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
                yield SqlImportWork(connection)
        except (DBAPIError, PoolTimeout, OSError) as failure:
            raise Unavailable(engine.SOURCE, f"{type(failure).__name__}: {failure}") from failure

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()


if TYPE_CHECKING:
    from datasources.ports.imports import ImportPlace

    def _port(place: SqlImports) -> ImportPlace:
        return place
