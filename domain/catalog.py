"""The catalogue: products, the variants one can buy of them, and the codes on their labels.

Knows nothing of prices, stock or where a product is listed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class ProductStatus(Enum):
    """Whether shoppers may see a product."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class ProductSort(Enum):
    """The orders in which products can be listed."""

    NEWEST = "NEWEST"
    TITLE = "TITLE"


class UnitOfMeasure(Enum):
    """The smallest unit a quantity counts."""

    EACH = "EACH"
    GRAM = "GRAM"


class MediaKind(Enum):
    """What a piece of media is."""

    IMAGE = "IMAGE"
    VIDEO = "VIDEO"
    MODEL_3D = "MODEL_3D"


class BarcodeType(Enum):
    """How a code is carried: printed bars, a square, or a radio tag."""

    EAN = "EAN"
    QR = "QR"
    EPC = "EPC"


@dataclass(frozen=True, slots=True)
class Option:
    """One dimension in which variants differ, with its values in display order."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionValue:
    """A variant's place in one dimension, such as size L."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or film of a product."""

    url: str
    alt: str
    kind: MediaKind = MediaKind.IMAGE


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code that leads to exactly one variant (CAT-2)."""

    type: BarcodeType
    value: str


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the shop; shelves nest."""

    id: str
    slug: str
    name: str
    parent_id: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class Product:
    """What a shopper reads about an item, in every channel the same. `id` is the merchant's style code."""

    id: str
    slug: str
    title: str
    description: str
    brand: str
    status: ProductStatus
    options: tuple[Option, ...]
    media: tuple[Media, ...]
    category_ids: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Variant:
    """What one can buy: a product in one size and colour."""

    sku: str
    product_id: str
    option_values: tuple[OptionValue, ...]
    barcodes: tuple[Barcode, ...] = ()
    uom: UnitOfMeasure = UnitOfMeasure.EACH
    weight_g: int | None = None
    position: int = 0


def same_options(variants: Sequence[Variant]) -> Sequence[Sequence[str]]:
    """Group the skus of one product that cannot be told apart by their options; empty when all is well (CAT-1)."""
    groups: dict[frozenset[OptionValue], list[str]] = {}
    for variant in variants:
        groups.setdefault(frozenset(variant.option_values), []).append(variant.sku)
    return [sorted(skus) for skus in groups.values() if len(skus) > 1]


def shared_barcodes(variants: Sequence[Variant]) -> Sequence[str]:
    """List the codes that more than one sku claims (CAT-2)."""
    claims = Counter(value for variant in variants for value in {barcode.value for barcode in variant.barcodes})
    return sorted(value for value, skus in claims.items() if skus > 1)


def options_of(variants: Sequence[Variant]) -> tuple[Option, ...]:
    """Derive a product's options from its variants, names and values in the order met."""
    values: dict[str, dict[str, None]] = {}
    for variant in variants:
        for option in variant.option_values:
            values.setdefault(option.name, {})[option.value] = None
    return tuple(Option(name, tuple(found)) for name, found in values.items())
