"""A database that fails while it is in use: what cannot be kept is refused, and said; when it is well, all goes on."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from structlog.testing import capture_logs

from datasources.ports.errors import Unavailable
from datasources.ports.work import Remembered
from datasources.store.store import Store
from tests.builders import NOW, count, entry, minutes, shop
from tests.worlds import cut_connections, fill, tell

pytestmark = pytest.mark.anyio

KEY = SKU, PLACE = "DJ01-L", "SH001"
ROOM_PAGES = 4
LARGE = "x" * 40_000


@pytest.fixture
async def shelf(migrated_sqlite_url: str) -> AsyncIterator[Store]:
    """A store over a file, with one level in it."""
    await fill(migrated_sqlite_url, [entry("DJ01"), shop(PLACE)])
    store = Store(migrated_sqlite_url)
    await tell(store, count(5))
    yield store
    await store.close()


async def on_hand(store: Store) -> int:
    """What the store says of the level."""
    return (await store.stock.levels([SKU], [PLACE]))[KEY].on_hand


async def keep(store: Store, key: str) -> None:
    """Write something that needs room."""
    async with store.work() as work:
        await work.remember({("till", key): Remembered("h", LARGE)})


async def test_a_full_disk_refuses_what_it_cannot_keep_says_so_once_and_takes_it_again_when_there_is_room(
    shelf: Store, migrated_sqlite_url: str
) -> None:
    await room(shelf, pages(migrated_sqlite_url) + ROOM_PAGES)
    with capture_logs() as logs:
        for number in range(20):
            with pytest.raises(Unavailable, match="database or disk is full"):
                await keep(shelf, f"k{number}")
    assert [(line["event"], line["reason"]) for line in logs] == [("store.waiting", "database or disk is full")]
    assert await on_hand(shelf) == 5
    async with shelf.work() as work:
        assert await work.locked_key(("till", "k0")) is None
    await room(shelf, 1_000_000)
    await keep(shelf, "k0")
    async with shelf.work() as work:
        assert await work.locked_key(("till", "k0")) == Remembered("h", LARGE)


async def test_a_store_that_takes_no_writes_is_not_ready_until_it_does(shelf: Store, migrated_sqlite_url: str) -> None:
    """Nobody need write for it: whether there is room again is tried by who asks."""
    await shelf.ping()
    lock = sqlite3.connect(path(migrated_sqlite_url), isolation_level=None)
    event.listen(shelf._writers.sync_engine, "checkout", _impatient)
    lock.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="database is locked"):
        await keep(shelf, "k")
    with pytest.raises(Unavailable, match="database is locked"):
        await shelf.ping()
    lock.execute("ROLLBACK")
    lock.close()
    await shelf.ping()


async def test_nothing_is_written_into_a_file_that_was_deleted(
    shelf: Store, migrated_sqlite_url: str, tmp_path: Path
) -> None:
    """SQLite would take it without a word, and it would be gone with the process."""
    file, backup = path(migrated_sqlite_url), tmp_path / "backup"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(file, backup)
    remove(file)
    for ask in (tell(shelf, count(4, at=NOW + minutes(1))), shelf.ping(), on_hand(shelf)):
        with pytest.raises(Unavailable):
            await ask
    remove(file)
    shutil.move(backup, file)
    assert await on_hand(shelf) == 5
    await tell(shelf, count(3, at=NOW + minutes(2)))
    await shelf.ping()
    await shelf.close()
    again = Store(migrated_sqlite_url)
    assert await on_hand(again) == 3
    await again.close()


async def test_after_the_database_was_restarted_the_first_transactions_are_taken(migrated_postgres_url: str) -> None:
    await fill(migrated_postgres_url, [entry("DJ01"), shop(PLACE)])
    store = Store(migrated_postgres_url)
    await asyncio.gather(*(tell(store, count(5)) for _ in range(4)))
    await cut_connections(migrated_postgres_url)
    await asyncio.gather(*(tell(store, count(number, at=NOW + minutes(number))) for number in range(1, 5)))
    assert await on_hand(store) == 4
    await store.close()


async def test_who_waits_for_a_lock_that_nobody_gives_back_is_refused_and_it_is_said_why(
    migrated_postgres_url: str,
) -> None:
    """Slow: it takes the eight seconds that are waited for a lock."""
    await fill(migrated_postgres_url, [entry("DJ01"), shop(PLACE)])
    store = Store(migrated_postgres_url)
    await tell(store, count(5))
    somebody = await asyncpg.connect(migrated_postgres_url.replace("+asyncpg", ""))
    async with somebody.transaction():
        await somebody.execute("SELECT FROM stock_levels FOR UPDATE")
        with pytest.raises(Unavailable, match="LockNotAvailable"):
            await tell(store, count(4, at=NOW + minutes(1)))
    await somebody.close()
    await tell(store, count(3, at=NOW + minutes(2)))
    assert await on_hand(store) == 3
    await store.close()


async def room(store: Store, most_pages: int) -> None:
    """Let the database grow to so many pages: the nearest to a full disk that needs none."""
    async with store._writers.connect() as connection:
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {most_pages}")
        await connection.rollback()


def pages(url: str) -> int:
    """How many pages the database has."""
    with sqlite3.connect(path(url)) as connection:
        return int(connection.execute("PRAGMA page_count").fetchone()[0])


def path(url: str) -> Path:
    """The file of an SQLite database."""
    return Path(urlsplit(url).path)


def remove(file: Path) -> None:
    """Delete a database and what stands beside it."""
    for name in file.parent.glob(f"{file.name}*"):
        name.unlink()


def _impatient(connection: DBAPIConnection, *_: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 50")
    cursor.close()
