"""The shop of the growth benchmark: a page of levels, and as many movements behind them as are wanted.

The movements come after each level's last count and cancel each other, so that the levels are the same however many
there are, and are still what the book says (STK-1).
"""

import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import asyncpg

import resolvers.availability
from bench import growth_shop
from bench.growth_shop import Asks, Subject
from compose import World
from datasources.store.imports import SqlImports
from datasources.store.migrate import migrate_async
from domain.channels import Channel
from domain.ledger import fold
from domain.movements import Count, MovementType
from domain.reservations import ReservationKind, ReservationLine
from domain.stock import Bucket, Key
from resolvers import reservations, stock_book
from resolvers.reservations import Act, Reserve
from tests import builders

PRODUCTS, SIZES, STORES = 24, 8, ("SH001", "SH002", "BJ001")
PLENTY = 1_000_000
BATCH = 50_000
SOURCE = "bench"
COLUMNS = (
    "type",
    "sku",
    "location_id",
    "from_bucket",
    "to_bucket",
    "quantity",
    "occurred_at",
    "recorded_at",
    "source",
    "event_id",
)

Row = tuple[Any, ...]


@asynccontextmanager
async def opened(database_url: str, movements: int) -> AsyncIterator[Asks]:
    """Plant the shop with so many movements, and open it."""
    await migrate_async(database_url)
    counted_at = datetime.now(UTC) - timedelta(hours=1)
    keys = await _planted(database_url, counted_at)
    write = partial(_copy, database_url) if database_url.startswith("postgresql") else partial(_insert, database_url)
    await write(_rows(keys, movements, since=counted_at), movements)
    await growth_shop.settled(database_url)
    async with growth_shop.world(database_url) as world:
        await _check(world, keys[0], counted_at, quantity=PLENTY)
        yield {"p50_movements": partial(_page, world, keys), "p50_movements_sale": partial(_sale, world, keys[0])}


SUBJECT = Subject("p50_movements", "movements", few=1_000, many=1_000_000, opened=opened)


async def _page(world: World, keys: Sequence[Key], _: int) -> None:
    """What may be promised of every variant of the page in each of the stores."""
    ctx = world.surroundings(builders.ASSOCIATE, Channel.MINI_PROGRAM, "zh", "bench")
    variants = [builders.variant(sku) for sku in dict.fromkeys(sku for sku, _ in keys)]
    offers = await resolvers.availability.offers(ctx, variants, store_ids=STORES)
    assert sum(map(len, offers)) == len(keys)


async def _sale(world: World, key: Key, number: int) -> None:
    """Reserve a unit and hand it over: two durable commits, and a line in the book."""
    ctx = world.surroundings(builders.INTEGRATOR, Channel.MINI_PROGRAM, "zh", "bench")
    wish = Reserve(ReservationKind.CHECKOUT, [ReservationLine(*key, 1)], f"sale-{number}")
    made = (await reservations.create(ctx, wish)).reservation
    assert made
    done = await reservations.fulfil(ctx, Act(made.id, f"hand-over-{number}"))
    assert done.reservation


async def _planted(url: str, counted_at: datetime) -> Sequence[Key]:
    """The page's products and stores, and plenty of every variant in each store."""
    entries = [builders.entry(f"P{number:02}", sizes=map(str, range(SIZES))) for number in range(PRODUCTS)]
    keys = [(variant.sku, store) for entry in entries for variant in entry.variants for store in STORES]
    place = SqlImports(url)
    async with place.work() as work:
        await work.register.put([*entries, *map(builders.shop, STORES)])
        counts = [Count(*key, PLENTY, counted_at) for key in keys]
        await stock_book.record(work, counts, source=SOURCE, now=counted_at)
    await place.close()
    return keys


async def _check(world: World, key: Key, counted_at: datetime, *, quantity: int) -> None:
    """See that the level is what its movements say."""
    async with world.store.work() as work:
        since = await work.stock.movements_after([key], counted_at - timedelta(seconds=1))
        level = (await work.stock.locked_known([key]))[key]
    assert fold(since).on_hand == level.on_hand == quantity


def _rows(keys: Sequence[Key], count: int, *, since: datetime) -> Iterator[Row]:
    """One piece comes, and the next line says that it went again; key by key, over and over."""
    for number in range(count):
        sku, location_id = keys[number // 2 % len(keys)]
        comes = number % 2 == 0
        at = since + timedelta(microseconds=1 + number)
        yield (
            (MovementType.RETURN if comes else MovementType.SALE).value,
            sku,
            location_id,
            None if comes else Bucket.SELLABLE.value,
            Bucket.SELLABLE.value if comes else None,
            1,
            at,
            at,
            SOURCE,
            f"till:{number}",
        )


async def _copy(url: str, rows: Iterator[Row], count: int) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    for _ in growth_shop.progress(count, BATCH, "movements"):
        batch = list(itertools.islice(rows, BATCH))
        await connection.copy_records_to_table("stock_movements", records=batch, columns=COLUMNS)
    await connection.close()


async def _insert(url: str, rows: Iterator[Row], count: int) -> None:
    statement = f"INSERT INTO stock_movements ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as connection:
        for _ in growth_shop.progress(count, BATCH, "movements"):
            with connection:
                connection.executemany(statement, map(_for_sqlite, itertools.islice(rows, BATCH)))


def _for_sqlite(row: Row) -> Row:
    """Instants as SQLAlchemy writes them there: UTC, without a zone."""
    return tuple(f"{cell:%Y-%m-%d %H:%M:%S.%f}" if isinstance(cell, datetime) else cell for cell in row)
