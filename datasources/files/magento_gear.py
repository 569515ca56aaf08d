"""Magento's sample tables of gear: one simple product per row, lists within a cell separated by newlines."""

from collections.abc import Iterator

import domain.catalog
from datasources.files import magento_goods, plain_text
from datasources.files.magento_goods import SILENT, Cells, Goods
from datasources.files.magento_shelves import Shelves
from datasources.files.reading import slug
from datasources.files.tabular import Row, Table
from domain.catalog import OptionValue, Product, ProductStatus, Variant
from domain.imports import Item, Line, Problem, ProductEntry

_OPTIONS = ("size", "color")


def lines(table: Table, shelves: Shelves, goods: Goods) -> Iterator[Line]:
    """One product with one variant per row."""
    for row in table.rows:
        if problems := tuple(_problems(row)):
            yield Line(row.line, (), problems, file=table.file)
        else:
            yield _line(row, table.file, shelves, goods)


def _problems(row: Row) -> Iterator[Problem]:
    if row.problem is not None:
        yield row.problem
        return
    for field in ("sku", "name"):
        if not row.cells[field].strip():
            yield Problem(field, "EMPTY", "is empty: every product needs it")
    price = magento_goods.amount(row.cells, "price")
    if isinstance(price, Problem):
        yield price


def _line(row: Row, file: str, shelves: Shelves, goods: Goods) -> Line:
    names = [plain_text.of_title(name) for name in row.cells.get("category", "").split("\n") if name.strip()]
    ids, derived, warnings = shelves.filed(shelves.paths(names))
    variant = _variant(row.cells)
    prices, wrong = magento_goods.prices(variant.sku, row.cells)
    entry = ProductEntry(_product(row.cells, ids, variant, goods), (variant,), SILENT)
    if not entry.product.media:
        wrong.append(
            Problem(
                "sku",
                "IMAGE_MISSING",
                f"no image in images/ is named {_image_prefix(variant.sku)}… and claimed by no other product",
            )
        )
    items: list[Item] = [*derived, entry, *prices, *magento_goods.listings([variant])]
    return Line(row.line, tuple(items), warnings=(*warnings, *wrong), file=file)


def _variant(cells: Cells) -> Variant:
    sku = cells["sku"].strip()
    given = {name: plain_text.squeezed(cells.get(name, "")) for name in _OPTIONS}
    return Variant(sku, sku, tuple(OptionValue(name.capitalize(), value) for name, value in given.items() if value))


def _product(cells: Cells, category_ids: list[str], variant: Variant, goods: Goods) -> Product:
    title = plain_text.of_title(cells["name"])
    prefix = _image_prefix(variant.sku)
    images = sorted(name for name in goods.images - goods.claimed if name.startswith(prefix))
    return Product(
        id=variant.sku,
        slug=slug(cells.get("url_key", "")) or slug(title),
        title=title,
        description=plain_text.of_html(cells.get("description", "")),
        brand="",
        status=ProductStatus.ACTIVE,
        options=domain.catalog.options_of([variant]),
        media=goods.media(images, title),
        category_ids=tuple(category_ids),
        created_at=goods.now,
    )


def _image_prefix(sku: str) -> str:
    """24-MB01 is pictured in mb01-blue-0.jpg; wb04-blue-0.jpg is claimed by WB04, a bra, and not by the bag 24-WB04."""
    return sku.rpartition("24-")[2].split("-")[0].casefold() + "-"
