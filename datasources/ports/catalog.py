"""What we ask of whoever keeps the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.assortment import Shelf
from domain.catalog import Category, Product, ProductSort, Variant
from domain.pages import Page, Position


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products a list holds: on this shelf (None: all, drafts too), under this category, of this brand."""

    shelf: Shelf | None
    category_id: str | None = None
    brand: str | None = None


class CatalogSource(Protocol):
    """Products and variants by their keys. Every method keeps the order asked; an unknown key gives None or nothing.

    Raises:
        Unavailable, TimedOut: never anything of the wire.
    """

    async def products(self, ids: Sequence[str]) -> Sequence[Product | None]:
        """Products by id."""
        ...

    async def products_by_slug(self, slugs: Sequence[str]) -> Sequence[Product | None]:
        """Products by the readable part of their address."""
        ...

    async def variants(self, skus: Sequence[str]) -> Sequence[Variant | None]:
        """Variants by sku."""
        ...

    async def variants_of(self, product_ids: Sequence[str]) -> Sequence[Sequence[Variant]]:
        """Variants per product, in display order."""
        ...

    async def skus_by_code(self, values: Sequence[str]) -> Sequence[str | None]:
        """The sku that each barcode value leads to (CAT-2: at most one)."""
        ...


class CategorySource(Protocol):
    """The tree of categories."""

    async def categories(self, ids: Sequence[str]) -> Sequence[Category | None]:
        """Categories by id, in the order asked."""
        ...

    async def children(self, parent_ids: Sequence[str | None]) -> Sequence[Sequence[Category]]:
        """Categories under each parent, by position; under None, the roots."""
        ...


class ProductIndex(Protocol):
    """Lists of products by id, by filter or by words, each page at a cost that does not grow with the catalogue.

    What the products are, `CatalogSource` says: which of them stand on a page is always asked, what they are is held.
    """

    async def browse(
        self, *, filter: ProductFilter, sort: ProductSort, first: int, after: Position | None
    ) -> Page[str]:
        """A page in the order of `sort`, ties by id."""
        ...

    async def search(
        self, *, terms: Sequence[str], filter: ProductFilter, first: int, after: Position | None
    ) -> Page[str]:
        """A page of the products that hold every term (`domain.search`), best first, ties by id.

        Best is what holds the terms where they say most; of terms that are all common, the first one is what counts.
        """
        ...
