"""What is known while a file comes in: whatever the store holds of the things a batch speaks of.

Grows as items are admitted, so that a line may speak of what an earlier one brought. Decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.assortment import Listing
from domain.catalog import Category, Option, Variant
from domain.imports import Item, NamedCategory, ProductEntry
from domain.locations import Location
from domain.movements import Count
from domain.prices import Price, PriceList


@dataclass(slots=True)
class Wanted:
    """The keys a batch speaks of: what to look up before anything is decided."""

    category_ids: set[str] = field(default_factory=set)
    category_slugs: set[str] = field(default_factory=set)
    product_ids: set[str] = field(default_factory=set)
    product_slugs: set[str] = field(default_factory=set)
    skus: set[str] = field(default_factory=set)
    barcodes: set[str] = field(default_factory=set)
    price_list_ids: set[str] = field(default_factory=set)
    priced_skus: set[str] = field(default_factory=set)
    location_ids: set[str] = field(default_factory=set)

    def add(self, item: Item) -> None:
        """Gather the keys of what an item is, and of everything it leans on."""
        match item:
            case Category():
                self.category_ids |= {item.id, *([item.parent_id] if item.parent_id else [])}
                self.category_slugs.add(item.slug)
            case NamedCategory(category):
                self.add(category)
            case ProductEntry():
                self._add_product(item)
            case PriceList():
                self.price_list_ids.add(item.id)
            case Price():
                self.price_list_ids.add(item.price_list.id)
                self.skus.add(item.sku)
                self.priced_skus.add(item.sku)
            case Listing():
                self.skus.add(item.sku)
                self.location_ids |= {item.location_id} if item.location_id else set()
            case Location():
                self.location_ids.add(item.id)
            case Count():
                self.skus.add(item.sku)
                self.location_ids.add(item.location_id)

    def _add_product(self, entry: ProductEntry) -> None:
        self.product_ids.add(entry.product.id)
        self.product_slugs.add(entry.product.slug)
        self.category_ids |= set(entry.product.category_ids)
        self.skus |= {variant.sku for variant in entry.variants}
        self.barcodes |= {code.value for variant in entry.variants for code in variant.barcodes}


def wanted(items: Iterable[Item]) -> Wanted:
    """Gather the keys of everything the items are, and of everything they lean on."""
    found = Wanted()
    for item in items:
        found.add(item)
    return found


@dataclass(slots=True)
class Known:
    """What the store holds, and what was admitted since."""

    category_slugs: dict[str, str] = field(default_factory=dict)
    """Category id → slug."""
    product_slugs: dict[str, str] = field(default_factory=dict)
    """Product id → slug, also of the products that own a slug asked for."""
    options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    """Product id → options."""
    variants: dict[str, Variant] = field(default_factory=dict)
    """Sku → variant with its barcodes; with all siblings."""
    barcodes: dict[str, str] = field(default_factory=dict)
    """Barcode value → sku."""
    currencies: dict[str, str] = field(default_factory=dict)
    """Price list id → currency."""
    location_ids: set[str] = field(default_factory=set)
    steps: dict[tuple[str, str], dict[int, int]] = field(default_factory=dict)
    """(price list, sku) → quantity → amount."""

    def siblings(self, product_id: str) -> dict[str, Variant]:
        """The variants of a product, by sku."""
        return {sku: variant for sku, variant in self.variants.items() if variant.product_id == product_id}
