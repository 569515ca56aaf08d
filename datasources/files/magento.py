"""A Magento export: a folder with `categories.csv`, tables of products in two shapes, and a folder of images.

Takes no stock from it: the quantities of such exports are placeholders.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from datasources.files import magento_gear, magento_goods, magento_products, tabular
from datasources.files.magento_goods import BASE, SALE, Goods
from datasources.files.magento_shelves import Shelves
from datasources.files.reading import Input, identity
from datasources.files.tabular import Table
from datasources.ports.imports import Unreadable
from domain.imports import Item, Line, Problem

CATEGORIES = "categories.csv"
_NOT_STOCK = Problem("qty", "NOT_STOCK", "quantities are placeholders and are not taken as stock")


def read(folder: Path, *, now: datetime, media_url: str = "/media/magento/") -> Input:
    """Open an export; `now` is when products without a date were first seen.

    Raises:
        Unreadable: no such folder, no products in it, or a table of which nothing can be read.
    """
    if not folder.is_dir():
        raise Unreadable(f"{folder} is no folder: name the one that holds {CATEGORIES} and the tables of products")
    paths = sorted(folder.glob("*.csv"))
    tables = {path.name: tabular.read(path) for path in paths}
    products = [table for table in tables.values() if _is_products(table)]
    if not products:
        raise Unreadable(f"no table of products in {folder}: a CSV with the columns sku, name and price is expected")
    images = folder / "images"
    names = frozenset(path.name for path in images.iterdir()) if images.is_dir() else frozenset()
    content = [path.read_bytes() for path in paths] + [name.encode() for name in sorted(names)]
    claimed = magento_goods.claims(row.cells for table in products for row in table.rows)
    lines = list(_lines(tables.get(CATEGORIES), products, Goods(names, media_url, now, claimed)))
    return Input(identity("magento", content), lines, len(lines))


def _is_products(table: Table) -> bool:
    return {"sku", "name", "price"} <= set(table.columns)


def _lines(categories: Table | None, products: list[Table], goods: Goods) -> Iterator[Line]:
    shelves = Shelves()
    if categories is not None:
        yield from shelves.lines(categories)
    lists: tuple[Item, ...] = (BASE, SALE)
    for table in products:
        warnings = (_NOT_STOCK,) if "qty" in table.columns else ()
        yield Line(1, lists, warnings=warnings, file=table.file)
        lists = ()
        shape = magento_products if "product_type" in table.columns else magento_gear
        yield from shape.lines(table, shelves, goods)
