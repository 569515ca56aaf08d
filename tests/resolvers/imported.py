"""A database to import into, and what it holds afterwards; small files of goods for tests to vary."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Table, select

import resolvers.imports
from datasources.store import engine, stock_tables, tables
from datasources.store.imports import SqlImports
from domain.assortment import Listing
from domain.catalog import Barcode, BarcodeType, Category, Option, OptionValue, Product, ProductStatus, Variant
from domain.channels import Channel
from domain.imports import Item, Line, ProductEntry
from domain.locations import Location, LocationType
from domain.movements import Count
from domain.prices import Price, PriceList
from domain.programmes import Programme
from resolvers.imports import Job, Report

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIST = PriceList("base", "吊牌价", "CNY")
SHOP = Location("SH001", LocationType.STORE, "南京西路店", "南京西路 1 号", "上海市", None)
T = TypeVar("T")
CLOCKWORK = {"version", "received_at", "updated_at", "recorded_at", "id", "occurred_at", "source"}
"""Columns that depend on when and how often something was told, not on what was said."""


class Books:
    """One database, driven from tests that are not asynchronous themselves."""

    def __init__(self, url: str) -> None:
        self.url = url

    def take(
        self,
        lines: Iterable[Line],
        *,
        dry_run: bool = False,
        resume: bool = False,
        programme: Programme | None = None,
        stop: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int], None] = lambda done: None,
    ) -> Report:
        """Import lines."""
        job = Job("test", "erp", lambda: NOON, dry_run=dry_run, resume=resume, programme=programme)
        return self._with_place(
            lambda place: resolvers.imports.run(place, lines, job, stop=stop, on_progress=on_progress)
        )

    def rows(self, table: Table) -> list[Mapping[str, Any]]:
        """Everything a table holds, in the order of its key."""
        return asyncio.run(_rows(self.url, table))

    def content(self) -> dict[str, list[Mapping[str, Any]]]:
        """All tables, without what only says when it was written."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for table in tables.metadata.sorted_tables:
            if table.name not in ("import_runs", "relay"):
                kept = [c.name for c in table.columns if c.name not in CLOCKWORK or c.primary_key]
                found[table.name] = [{name: row[name] for name in kept} for row in self.rows(table)]
        return found

    def levels(self) -> dict[tuple[str, str], int]:
        """What is on hand, by sku and location."""
        return {(row["sku"], row["location_id"]): row["on_hand"] for row in self.rows(stock_tables.stock_levels)}

    def _with_place(self, work: Callable[[SqlImports], Awaitable[T]]) -> T:
        async def opened() -> T:
            place = SqlImports(self.url)
            try:
                return await work(place)
            finally:
                await place.close()

        return asyncio.run(opened())


async def _rows(url: str, table: Table) -> list[Mapping[str, Any]]:
    readers = engine.reading(url)
    try:
        found = await engine.rows(readers, select(table).order_by(*table.primary_key.columns))
        return [dict(row._mapping) for row in found]
    finally:
        await readers.dispose()


def numbered(*items: Item | Sequence[Item]) -> list[Line]:
    """One line per item or per list of them."""
    return [
        Line(number, tuple(item) if isinstance(item, list | tuple) else (item,), file="goods.csv")  # type: ignore[arg-type]
        for number, item in enumerate(items, start=1)
    ]


def jacket(*sizes: str, id: str = "J1", barcodes: Mapping[str, str] | None = None, **changes: Any) -> ProductEntry:
    """A jacket in some sizes."""
    product = Product(
        id=id,
        slug=f"jacket-{id.lower()}",
        title="轻暖羽绒服",
        description="Light down jacket",
        brand="北境",
        status=ProductStatus.ACTIVE,
        options=(Option("尺码", sizes),),
        media=(),
        category_ids=(),
        created_at=NOON,
    )
    codes = barcodes or {}
    variants = tuple(
        Variant(
            sku=f"{id}-{size}",
            product_id=id,
            option_values=(OptionValue("尺码", size),),
            barcodes=(Barcode(BarcodeType.EAN, codes[size]),) if size in codes else (),
            position=position,
        )
        for position, size in enumerate(sizes)
    )
    return ProductEntry(replace(product, **changes), variants)


def goods() -> list[Line]:
    """A small shop, everything in it once."""
    return numbered(
        Category("coats", "coats", "外套"),
        replace(jacket("M", "L", barcodes={"M": "2000000000015"}, category_ids=("coats",)), silent=frozenset()),
        LIST,
        Price(LIST, "J1-M", 29900),
        Price(LIST, "J1-L", 29900),
        Listing("J1-M", Channel.WEB, NOON),
        SHOP,
        count("J1-M", 5),
    )


def count(sku: str, quantity: int, *, at: datetime = NOON, location: str = "SH001") -> Count:
    """A count at the shop."""
    return Count(sku, location, quantity, at)


def codes(report: Report) -> list[tuple[int, str, str]]:
    """Where, on which field and what is wrong."""
    return [(finding.line, finding.problem.field, finding.problem.code) for finding in report.findings]
