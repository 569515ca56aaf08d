"""Products by a mapping: one line per variant, bound together by the product's id."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import domain.catalog
import domain.imports
from datasources.files.mapping import FIELDS, Plan
from datasources.files.reading import slug
from datasources.files.record import Record
from datasources.files.tabular import Row, Table
from domain.assortment import Listing
from domain.catalog import Barcode, BarcodeType, Category, Media, OptionValue, Product, ProductStatus, UnitOfMeasure
from domain.catalog import Variant as VariantOf
from domain.channels import Channel
from domain.imports import Item, Line, NamedCategory, Problem, ProductEntry

_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_OURS = {"images": "media", "categories": "category_ids"}
_COMPARED = ("title", "slug", "description", "brand", "status", "categories", "images")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one line says: the product as it sees it, its variant, and what it puts on sale."""

    line: int
    product: Product
    categories: tuple[NamedCategory, ...]
    variant: VariantOf
    listings: tuple[Listing, ...]


def lines(table: Table, plan: Plan, written_at: datetime) -> Iterator[Line]:
    """One line per product, on the line it is first named; lines that cannot be read are passed on by themselves."""
    named: set[NamedCategory] = set()
    for rows in _grouped(table, plan):
        parts: list[_Part] = []
        for row in rows:
            if row.problem is not None:
                yield Line(row.line, (), (row.problem,), file=table.file)
                continue
            record = Record(row, plan)
            part = _part(row, record, plan, written_at, position=len(parts))
            if record.problems:
                yield Line(row.line, (), tuple(record.problems), file=table.file)
            else:
                parts.append(part)
        if parts:
            yield _line(parts, table.file, plan, named)


def _grouped(table: Table, plan: Plan) -> Sequence[Sequence[Row]]:
    column = plan.columns.get("product", "")
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        key = f"line {row.line}" if row.problem else f"product {row.cells.get(column, '').strip()}"
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _line(parts: Sequence[_Part], file: str, plan: Plan, named: set[NamedCategory]) -> Line:
    first = parts[0]
    variants = tuple(part.variant for part in parts)
    product = replace(first.product, options=domain.catalog.options_of(variants))
    silent = domain.imports.silent_but(_OURS.get(name, name) for name in FIELDS["products"] if plan.gives(name))
    new = [category for category in first.categories if category not in named]
    named.update(new)
    items: list[Item] = [*new, ProductEntry(product, variants, silent)]
    items += [listing for part in parts for listing in part.listings]
    warnings = [problem for part in parts[1:] for problem in _differences(first, part, plan)]
    return Line(first.line, tuple(items), warnings=tuple(warnings), file=file)


def _differences(first: _Part, part: _Part, plan: Plan) -> Iterator[Problem]:
    for field in _COMPARED:
        name = _OURS.get(field, field)
        if plan.gives(field) and getattr(first.product, name) != getattr(part.product, name):
            message = f"line {part.line} says another one for the same product: that of this line is taken"
            yield Problem(plan.name(field), "DIFFERS", message)


def _part(row: Row, record: Record, plan: Plan, written_at: datetime, *, position: int) -> _Part:
    id, title = record.needed("product"), record.needed("title")
    categories = tuple(_categories(record.many("categories")))
    product = Product(
        id=id,
        slug=slug(record.text("slug")) or slug(f"{title} {id}"),
        title=title,
        description=record.prose("description"),
        brand=record.text("brand"),
        status=record.choice("status", ProductStatus, ProductStatus.ACTIVE),
        options=(),
        media=tuple(Media(url, title) for url in _images(record)),
        category_ids=_leaves(categories),
        created_at=record.instant("created_at") or written_at,
    )
    variant = VariantOf(
        sku=record.needed("sku"),
        product_id=id,
        option_values=tuple(_option_values(row, plan)),
        barcodes=_barcodes(record),
        uom=record.choice("uom", UnitOfMeasure, UnitOfMeasure.EACH),
        weight_g=record.whole("weight_g", None),
        position=position,
    )
    return _Part(row.line, product, categories, variant, tuple(_listings(record, variant.sku)))


def _option_values(row: Row, plan: Plan) -> Iterator[OptionValue]:
    for name, column in plan.options.items():
        if value := " ".join(row.cells.get(column, "").split()):
            yield OptionValue(name, value)


def _barcodes(record: Record) -> tuple[Barcode, ...]:
    type = record.choice("barcode_type", BarcodeType, BarcodeType.EAN)
    return tuple(Barcode(type, value) for value in record.many("barcodes"))


def _images(record: Record) -> Iterator[str]:
    for url in record.many("images"):
        if url.startswith(("https://", "http://", "/")):
            yield url
        else:
            record.wrong("images", "BAD_URL", f"{url!r} is no address: begin it with https:// or /")


def _categories(paths: Sequence[str]) -> Iterator[NamedCategory]:
    """Read 服装/羽绒服 as two categories, the second under the first."""
    met: dict[str, NamedCategory] = {}
    for path in paths:
        parent: str | None = None
        names = [name.strip() for name in path.split("/") if name.strip()]
        for depth, name in enumerate(names, start=1):
            id = slug("-".join(names[:depth]))
            met.setdefault(id, NamedCategory(Category(id, id, name, parent)))
            parent = id
    yield from met.values()


def _leaves(categories: Sequence[NamedCategory]) -> tuple[str, ...]:
    parents = {named.category.parent_id for named in categories}
    return tuple(named.category.id for named in categories if named.category.id not in parents)


def _listings(record: Record, sku: str) -> Iterator[Listing]:
    channels = tuple(Channel) if record.text("channels").upper() == "ALL" else record.choices("channels", Channel)
    since, until = record.instant("listed_from") or _ALWAYS, record.instant("listed_to")
    return (Listing(sku, channel, since, until) for channel in channels)
