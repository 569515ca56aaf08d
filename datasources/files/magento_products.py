"""Magento's own export of products: `simple` rows, which are variants, and `configurable` rows that bind them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import domain.catalog
from datasources.files import magento_goods, plain_text
from datasources.files.magento_goods import SILENT, Goods
from datasources.files.magento_shelves import Path, Shelves, path_of
from datasources.files.reading import listed, slug
from datasources.files.tabular import Row, Table
from domain.catalog import OptionValue, Product, ProductStatus, Variant
from domain.imports import Item, Line, Problem, ProductEntry

_NO_VARIATIONS = Problem("configurable_variations", "BAD_VARIATIONS", "expected sku=…,size=…|sku=…,size=…")


def lines(table: Table, shelves: Shelves, goods: Goods) -> Iterator[Line]:
    """One line per product, on the line of its own row; rows that cannot be taken on their own lines."""
    simple: dict[str, Row] = {}
    for row in table.rows:
        problem = _problem(row, simple)
        if problem is not None:
            yield Line(row.line, (), (problem,), file=table.file)
        elif row.cells["product_type"] == "simple":
            simple[row.cells["sku"].strip()] = row
    for row in table.rows:
        if row.problem is None and row.cells["product_type"] == "configurable":
            yield _configurable(row, table.file, simple, shelves, goods)
    for row in simple.values():  # those that no configurable product claimed
        yield _alone(row, table.file, shelves, goods)


def _problem(row: Row, simple: dict[str, Row]) -> Problem | None:
    """What keeps a row out, before it is known what it belongs to."""
    if row.problem is not None:
        return row.problem
    sku, type = row.cells["sku"].strip(), row.cells["product_type"]
    if not sku:
        return Problem("sku", "EMPTY", "is empty: every row needs its sku")
    if type not in ("simple", "configurable"):
        return Problem("product_type", "UNKNOWN_TYPE", f"{type!r} is not imported: simple and configurable are")
    if sku in simple:
        return Problem("sku", "REPEATED", f"{sku} stands on line {simple[sku].line} too: keep one of the two")
    if type == "simple":
        price = magento_goods.amount(row.cells, "price")
        return price if isinstance(price, Problem) else None
    return None


def _configurable(row: Row, file: str, simple: dict[str, Row], shelves: Shelves, goods: Goods) -> Line:
    variations = _variations(row.cells.get("configurable_variations", ""))
    product = _product(row, goods)
    problems = [found for found in (product, variations) if isinstance(found, Problem)]
    if isinstance(product, Problem) or isinstance(variations, Problem):
        return Line(row.line, (), tuple(problems), file=file)
    there = {sku: options for sku, options in variations.items() if sku in simple}
    variants = tuple(
        Variant(sku, product.id, options, position=position) for position, (sku, options) in enumerate(there.items())
    )
    warnings = list(_absent([sku for sku in variations if sku not in simple]))
    rows = [simple.pop(variant.sku) for variant in variants]
    return _line(
        row, file, product=product, variants=variants, rows=rows, warnings=warnings, shelves=shelves, goods=goods
    )


def _absent(skus: list[str]) -> Iterator[Problem]:
    if skus:
        message = f"no sound simple row in this file, left out: {listed(skus)}"
        yield Problem("configurable_variations", "MISSING_VARIANT", message)


def _alone(row: Row, file: str, shelves: Shelves, goods: Goods) -> Line:
    if row.cells.get("visibility", "").startswith("Not Visible"):
        message = "belongs to no configurable product and is not sold by itself: name it in configurable_variations"
        return Line(row.line, (), (Problem("sku", "ORPHAN", message),), file=file)
    product = _product(row, goods)
    if isinstance(product, Problem):
        return Line(row.line, (), (product,), file=file)
    variants = (Variant(product.id, product.id, ()),)
    return _line(row, file, product=product, variants=variants, rows=[row], warnings=[], shelves=shelves, goods=goods)


def _line(
    row: Row,
    file: str,
    *,
    product: Product,
    variants: tuple[Variant, ...],
    rows: list[Row],
    warnings: list[Problem],
    shelves: Shelves,
    goods: Goods,
) -> Line:
    ids, derived, notes = shelves.filed(_paths(row.cells.get("categories", "")))
    items: list[Item] = [*derived, ProductEntry(_completed(product, ids, variants), variants, SILENT)]
    for variant, own in zip(variants, rows, strict=True):
        found, wrong = magento_goods.prices(variant.sku, own.cells)
        items += found
        warnings += wrong
    if product.status is ProductStatus.ACTIVE:
        items += magento_goods.listings(variants)
    warnings += [*notes, *goods.missing("base_image", _images(row, "base_image"))]
    warnings += goods.missing("additional_images", _images(row, "additional_images"))
    return Line(row.line, tuple(items), warnings=tuple(warnings), file=file)


def _completed(product: Product, category_ids: list[str], variants: tuple[Variant, ...]) -> Product:
    return replace(product, category_ids=tuple(category_ids), options=domain.catalog.options_of(variants))


def _product(row: Row, goods: Goods) -> Product | Problem:
    cells = row.cells
    title = plain_text.of_title(cells["name"])
    if not title:
        return Problem("name", "EMPTY", "is empty: give the product a name")
    images = _images(row, "base_image") + _images(row, "additional_images")
    return Product(
        id=cells["sku"].strip(),
        slug=slug(cells.get("url_key", "")) or slug(title),
        title=title,
        description=plain_text.of_html(cells.get("description", "")),
        brand="",
        status=ProductStatus.ACTIVE if cells.get("product_online", "1") == "1" else ProductStatus.DRAFT,
        options=(),
        media=goods.media(images, title),
        category_ids=(),
        created_at=_created_at(cells.get("created_at", ""), goods.now),
    )


def _created_at(text: str, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=UTC)
    except ValueError:
        return now


def _images(row: Row, field: str) -> list[str]:
    return [path for path in row.cells.get(field, "").split(",") if path.strip()]


def _paths(text: str) -> list[Path]:
    return [path for part in text.split(",") if (path := path_of(part))]


def _variations(text: str) -> dict[str, tuple[OptionValue, ...]] | Problem:
    """Read `sku=A,size=S,color=Red|sku=B,…`: options by sku."""
    found: dict[str, tuple[OptionValue, ...]] = {}
    for variation in filter(None, text.split("|")):
        pairs = [pair.partition("=") for pair in variation.split(",")]
        values = {name.strip(): plain_text.squeezed(value) for name, _, value in pairs}
        sku = values.pop("sku", "")
        if not sku or not all(name and value for name, value in values.items()):
            return _NO_VARIATIONS
        found[sku] = tuple(OptionValue(name.capitalize(), value) for name, value in values.items())
    return found or _NO_VARIATIONS
