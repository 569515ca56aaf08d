"""A migrated database is exactly what the code expects, and migrating it again does nothing."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from datasources.ports.catalog import ProductFilter
from datasources.store import filing
from datasources.store.migrate import SCRIPTS, migrate, migrate_async
from datasources.store.store import Store
from datasources.store.tables import category_products, metadata
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
    migrate_to(database_url, "0001")
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


async def test_lists_of_the_version_before_are_read_in_their_order_and_are_as_an_import_would_write_them(
    database_url: str,
) -> None:
    migrate_to(database_url, "0003")
    day = "'2026-11-01 00:00:00'"
    product = f"'{{id}}', '{{id}}', '{{id}}', '', '', 'ACTIVE', '[]', '[]', {day}"
    rows = [
        "categories (id, slug, name, position) VALUES ('top', 'top', 'Top', 0)",
        "categories (id, slug, name, parent_id, position) VALUES ('low', 'low', 'Low', 'top', 0)",
        *(f"products VALUES ({product.format(id=id)})" for id in ("Anorak", "Bag", "Coat")),
        "product_categories VALUES ('Anorak', 0, 'low'), ('Coat', 0, 'top'), ('Coat', 1, 'low')",
        "search_terms (term, product_id, weight) VALUES ('down', 'Anorak', 1), ('down', 'Bag', 4), ('down', 'Coat', 1)",
    ]
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        for row in rows:
            await connection.execute(text(f"INSERT INTO {row}"))
    await migrate_async(database_url)
    async with engine.begin() as connection:
        filed = (await connection.execute(select(category_products).order_by(*category_products.primary_key))).all()
        await filing.rewrite(connection, ["Anorak", "Bag", "Coat"])
        again = (await connection.execute(select(category_products).order_by(*category_products.primary_key))).all()
    await engine.dispose()
    assert [(row.category_id, row.product_id) for row in filed] == [
        *(("low", id) for id in ("Anorak", "Coat")),
        *(("top", id) for id in ("Anorak", "Coat")),
    ]
    assert filed == again
    store = Store(database_url)
    page = await store.index.search(terms=["down"], filter=ProductFilter(shelf=None), first=9, after=None)
    assert page.nodes == ["Bag", "Anorak", "Coat"]
    await store.close()


def migrate_to(url: str, revision: str) -> None:
    """Make a database as an earlier version made it."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["url"] = url
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(command.upgrade, config, revision).result()


def test_migrating_twice_is_migrating_once(database_url: str) -> None:
    migrate(database_url)
    migrate(database_url)


async def test_migrating_again_keeps_what_is_there(store: Store, migrated_database_url: str) -> None:
    await fill(migrated_database_url, [entry("DJ01")])
    await migrate_async(migrated_database_url)
    assert [found and found.id for found in await store.catalog.products(["DJ01"])] == ["DJ01"]
