"""Seeds: a database of our own with the demo's shop in it, for as long as a benchmark needs it."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import resolvers.imports
from datasources.demo import catalogue
from datasources.store.imports import SqlImports
from datasources.store.migrate import migrate_async
from resolvers.imports import Job
from tests import servers
from tests.throwaway import NoServer


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    """Give the URL of an empty SQLite database."""
    with TemporaryDirectory(prefix="ucg-bench-") as directory:
        yield f"sqlite+aiosqlite:///{Path(directory) / 'bench.sqlite3'}"


@contextlib.contextmanager
def postgres() -> Iterator[str | None]:
    """Give the URL of an empty database on a PostgreSQL that lets us in or can be started; None where there is none."""
    with contextlib.ExitStack() as stack:
        try:
            databases = stack.enter_context(servers.Databases(stack.enter_context(servers.postgres())))
        except NoServer:
            yield None
            return
        yield stack.enter_context(databases.fresh())


async def seed(database_url: str) -> None:
    """Migrate a database and bring the demo's shop into it."""
    await migrate_async(database_url)
    now = datetime.now(UTC)
    place = SqlImports(database_url)
    try:
        job = Job(input="demo", source=catalogue.SOURCE, clock=lambda: datetime.now(UTC))
        report = await resolvers.imports.run(place, catalogue.lines(now), job)
        assert not report.findings, report.findings[:3]
    finally:
        await place.close()
