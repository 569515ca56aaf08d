"""Products of a transaction log: what its codes are called most often, for a shop that has no other catalogue.

Makes products, and puts them on sale; makes no prices, for what was paid once is no price list.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import domain.imports
from datasources.files import magento_goods
from datasources.files.reading import slug
from datasources.files.transaction_rows import Row
from domain.catalog import Product, ProductStatus, Variant
from domain.imports import Line, ProductEntry

SILENT = domain.imports.silent_but({"slug", "status"})


@dataclass(slots=True)
class _Named:
    line: int
    at: datetime
    titles: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Titles:
    """What every code was called, and how often."""

    found: dict[str, _Named] = field(default_factory=dict)

    def saw(self, row: Row) -> None:
        """Take note of what a sale calls its goods; other rows say `damaged` and the like."""
        if row.item is not None and row.item.is_merchandise and not row.is_return:
            named = self.found.setdefault(row.item.code, _Named(row.line, row.at))
            named.titles[row.item.title] += 1


def lines(titles: Titles, file: str) -> list[Line]:
    """One product with one variant per code, in the order in which they were first sold."""
    return [_line(code, named, file) for code, named in titles.found.items()]


def _line(code: str, named: _Named, file: str) -> Line:
    title = min(named.titles, key=lambda title: (-named.titles[title], title))
    variant = Variant(code, code, ())
    product = Product(
        id=code,
        slug=slug(f"{title} {code}"),
        title=title,
        description="",
        brand="",
        status=ProductStatus.ACTIVE,
        options=(),
        media=(),
        category_ids=(),
        created_at=named.at,
    )
    items = (ProductEntry(product, (variant,), SILENT), *magento_goods.listings([variant]))
    return Line(named.line, items, file=file)
