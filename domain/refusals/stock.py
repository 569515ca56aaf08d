"""Refusals of skus, levels and movements, counts and transfers."""

from dataclasses import dataclass

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class UnknownSku(Refusal):
    """No variant has this sku."""

    sku: str


@dataclass(frozen=True, slots=True)
class NeverCounted(Refusal):
    """Nothing was ever reported of this sku at this location."""

    sku: str
    location: str


@dataclass(frozen=True, slots=True)
class OutOfStock(Refusal):
    """Fewer units are left than are asked for.

    `available` None: the number is not the viewer's to know (STK-12).
    """

    sku: str
    location: str
    requested: int
    available: int | None


@dataclass(frozen=True, slots=True)
class QuantityChanged(Refusal):
    """The book holds another quantity than you expected.

    `actual` None: nothing was ever reported.
    """

    expected: int
    actual: int | None


@dataclass(frozen=True, slots=True)
class TypeNotAllowed(Refusal):
    """A movement of a type that is not told like this."""

    type: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BucketNotAllowed(Refusal):
    """A bucket that pieces are not moved from or to by hand."""

    bucket: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownInbound(Refusal):
    """Nothing of the sku is expected at the location as this."""

    reference: str


@dataclass(frozen=True, slots=True)
class UnknownStockCount(Refusal):
    """No stock count that you may see has this id."""

    stock_count: str


@dataclass(frozen=True, slots=True)
class UnknownTransfer(Refusal):
    """No transfer that you may see has this id."""

    transfer: str


@dataclass(frozen=True, slots=True)
class SkuNotListed(Refusal):
    """A sku that the count or transfer is not about."""

    sku: str
