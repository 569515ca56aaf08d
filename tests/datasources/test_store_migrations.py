"""A migrated database is exactly what the code expects, and migrating it again does nothing."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from datasources.store.migrate import migrate, migrate_async
from datasources.store.store import Store
from datasources.store.tables import metadata
from tests.builders import entry
from tests.worlds import fill

pytestmark = pytest.mark.anyio


def differences(connection: Connection) -> list[object]:
    """What the tables in the database and those in the code do not agree on."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_the_tables_in_the_code_are_those_the_migrations_make(migrated_database_url: str) -> None:
    engine = create_async_engine(migrated_database_url)
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
        relay = (await connection.execute(text("SELECT id, position, published, leader FROM relay"))).all()
    await engine.dispose()
    assert found == []
    assert [tuple(row) for row in relay] == [(1, 0, 0, None)]


def test_migrating_twice_is_migrating_once(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)


async def test_migrating_again_keeps_what_is_there(store: Store, migrated_database_url: str) -> None:
    await fill(migrated_database_url, [entry("DJ01")])
    await migrate_async(migrated_database_url)
    assert [found and found.id for found in await store.catalog.products(["DJ01"])] == ["DJ01"]
