"""The catalogue of the growth benchmark: imported as every catalogue is, then copied by the database under other keys.

Every key of what is copied holds a mark, and a copy differs by that and by its day: it is what an import of it would
have written, which is checked. Copies stand in the same categories, under the same brands and words; a few products
are never copied, so that there are rare ones in a big shop as well.
"""

import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import Dialect, Table, make_url, select
from sqlalchemy.schema import CreateIndex

from bench import growth_shop
from datasources.store import engine, search_terms, tables
from datasources.store.imports import SqlImports
from datasources.store.stock_tables import stock_levels
from domain.catalog import Barcode, BarcodeType, Category
from domain.imports import Item, ProductEntry
from domain.movements import Count
from domain.statuses import Status
from resolvers import stock_book
from tests import builders

COPIED, RARE, SIZES = 100, 25, 8
STORES = ("SH001", "SH002", "BJ001")
CATEGORIES = ("jackets", "trousers", "hats")
STYLES = ("Light", "Warm")
COMMON_BRAND, RARE_BRAND = "Jichuan", "Sedge"
LATELY, LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC), datetime(2019, 5, 1, tzinfo=UTC)
SOURCE = "bench"
MARK = "c0000"
KEYS = {
    tables.products: ("id", "slug"),
    tables.product_categories: ("product_id",),
    tables.category_products: ("product_id",),
    tables.search_terms: ("product_id", "term"),
    tables.variants: ("sku", "product_id"),
    tables.barcodes: ("sku", "value"),
    tables.listings: ("sku", "product_id"),
    tables.prices: ("sku",),
    stock_levels: ("sku",),
}
"""What is copied, in the order in which rows lean on each other, and the columns that hold the mark."""

Execute = Callable[..., Awaitable[object]]


def copies_of(variants: int) -> int:
    """How often the catalogue stands in a shop of so many variants."""
    return (variants // SIZES - RARE) // COPIED


def product_id(number: int, copy: int = 0) -> str:
    """The id of a product, or of its copy."""
    return f"P{number:03}{_mark(copy)}"


def made_at(copy: int) -> datetime:
    """When a copy came in, and so how far down it stands on the list of the newest."""
    return LATELY - timedelta(hours=copy)


def title(number: int) -> str:
    """What a product is called: six of ten are jackets, every second one is warm."""
    return f"{STYLES[number // 10 % 2]} {'down jacket 羽绒服' if number % 10 < 6 else 'trousers 长裤'}"


def entry(number: int, copy: int = 0) -> ProductEntry:
    """A product that is copied, or a copy of it."""
    category = "jackets" if number % 10 < 6 else "trousers"
    return _entry(product_id(number, copy), title(number), COMMON_BRAND, category, made_at(copy))


async def plant(url: str, copies: int) -> None:
    """Import the catalogue and copy it, with levels of the first and of the one in the middle."""
    rare = [_entry(f"R{n:03}", f"Warm sou'wester 雨帽 {n}", RARE_BRAND, "hats", LONG_AGO) for n in range(RARE)]
    await _import(url, [*map(entry, range(COPIED)), *rare])
    async with _open(url) as execute:
        kind = "text" if url.startswith("sqlite") else "timestamptz"
        await execute(f"CREATE TEMPORARY TABLE copies (mark text, made_at {kind}, stocked boolean)")
        for copy in range(1, copies):
            made = f"{made_at(copy):%Y-%m-%d %H:%M:%S.%f}"
            stamp = made if kind == "text" else f"{made}+00"
            await execute(f"INSERT INTO copies VALUES ('{_mark(copy)}', '{stamp}', {copy == copies // 2})")  # noqa: S608
        for table, keys in KEYS.items():
            print(f"\r{table.name} × {copies:,}".ljust(60), end="", file=sys.stderr, flush=True)
            indexes = [CreateIndex(index) for index in sorted(table.indexes, key=str)]
            for index in indexes:
                await execute(f"DROP INDEX {index.element.name}")
            await execute(_copying(table, keys))
            for index in indexes:  # made at one go, which is much faster than row by row
                await execute(str(index.compile(dialect=_dialect(url))))
        print(file=sys.stderr)
    await growth_shop.settled(url)
    await _check(url, copies - 1)


def _dialect(url: str) -> Dialect:
    return make_url(url).get_dialect()()


def _copying(table: Table, keys: Sequence[str]) -> str:
    """The statement that copies the marked rows of a table once for each row of `copies`."""
    values = {name: f"replace(t.{name}, '{MARK}', c.mark)" for name in keys} | {"created_at": "c.made_at"}
    names = [column.name for column in table.columns]
    copied = ", ".join(values.get(name, f"t.{name}") for name in names)
    marked = f"t.{keys[0]} LIKE '%{MARK}%'"
    if table is stock_levels:
        marked += " AND c.stocked"
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT {copied} FROM {table} t CROSS JOIN copies c WHERE {marked}"  # noqa: S608


def _mark(copy: int) -> str:
    return f"c{copy:04}"


def _entry(id: str, title: str, brand: str, category_id: str, created_at: datetime) -> ProductEntry:
    plain = builders.entry(
        id,
        sizes=map(str, range(SIZES)),
        title=title,
        description="Filled with down, sewn in one piece; wash at 30 degrees.",
        brand=brand,
        category_ids=(category_id,),
        created_at=created_at,
    )
    variants = [replace(v, barcodes=(Barcode(BarcodeType.QR, f"qr:{v.sku}"),)) for v in plain.variants]
    return ProductEntry(plain.product, tuple(variants))


async def _import(url: str, entries: Sequence[ProductEntry]) -> None:
    """Write what the database copies, on the road that every catalogue takes."""
    categories = [Category("clothes", "clothes", "服装"), *(Category(c, c, c, "clothes") for c in CATEGORIES)]
    place = SqlImports(url)
    async with place.work() as work:
        await work.register.put([*categories, builders.BASE, *map(builders.shop, STORES), *entries, *_sold(entries)])
        counts = [Count(v.sku, store, 9, made_at(0)) for entry in entries for v in entry.variants for store in STORES]
        await stock_book.record(work, counts, source=SOURCE, now=made_at(0))
    await place.close()


def _sold(entries: Sequence[ProductEntry]) -> Sequence[Item]:
    """Prices and listings of everything."""
    skus = [variant.sku for entry in entries for variant in entry.variants]
    return [*(builders.priced(sku, 19_900) for sku in skus), *map(builders.listing, skus)]


async def _check(url: str, copy: int) -> None:
    """See that an import of a copy has nothing to write."""
    wanted = [entry(number, copy) for number in range(3)]
    async with engine.writing(url).begin() as connection:
        of = tables.search_terms.c.product_id.in_([e.product.id for e in wanted])
        asked = select(tables.search_terms).where(of).order_by(*tables.search_terms.primary_key.columns)
        before = (await connection.execute(asked)).all()
        await search_terms.rewrite(connection, [e.product.id for e in wanted])
        assert before
        assert before == (await connection.execute(asked)).all()
    place = SqlImports(url)
    async with place.work() as work:
        written = await work.register.put([*wanted, *_sold(wanted)])
    await place.close()
    assert {status for outcomes in written.outcomes for _, status in outcomes} == {Status.UNCHANGED}


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    """A bare connection that executes one statement after another, in a hurry."""
    if url.startswith("postgresql"):
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        await connection.execute(_UNCHECKED)
        yield connection.execute
        await connection.close()
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None)) as file:
        file.execute("PRAGMA synchronous = OFF")
        file.execute("PRAGMA cache_size = -500000")

        async def execute(statement: str) -> None:
            file.execute(statement)

        yield execute
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")


_UNCHECKED = """
DO $$ BEGIN IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    SET session_replication_role = replica;
END IF; END $$;
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';
"""
"""Foreign keys of copies lead to copies: a superuser need not have each of them looked up."""
