"""A migrated database is exactly what the code expects, and migrating it again does nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from datasources.store.migrate import SCRIPTS, migrate, migrate_async
from datasources.store.store import Store
from datasources.store.tables import metadata
from domain.events import Event
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


async def test_events_of_the_version_before_keep_their_positions_and_are_not_published_twice(database_url: str) -> None:
    migrate_to_first(database_url)
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        for position, published in (("1", True), ("2", False), ("NULL", False)):
            row = f"({position}, {str(published).upper()}, 'stock.changed', 'k', 1, '{{}}', '2026-11-01 00:00:00')"
            into = "outbox (position, published, topic, key, version, payload, occurred_at)"
            await connection.execute(text(f"INSERT INTO {into} VALUES {row}"))  # noqa: S608  # our own words
        await connection.execute(text("UPDATE relay SET position = 2"))
    await engine.dispose()
    await migrate_async(database_url)
    store = Store(database_url)
    told: list[int] = []

    async def publish(events: Sequence[Event]) -> None:
        told.extend(event.position for event in events)

    assert await store.log.forward(publish, limit=9) == 2
    assert told == [2, 3]
    assert [event.position for event in await store.log.after(0, limit=9) or ()] == [1, 2, 3]
    await store.close()


def migrate_to_first(url: str) -> None:
    """Make a database as the first version made it."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(command.upgrade, config, "0001").result()


def test_migrating_twice_is_migrating_once(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)


async def test_migrating_again_keeps_what_is_there(store: Store, migrated_database_url: str) -> None:
    await fill(migrated_database_url, [entry("DJ01")])
    await migrate_async(migrated_database_url)
    assert [found and found.id for found in await store.catalog.products(["DJ01"])] == ["DJ01"]
