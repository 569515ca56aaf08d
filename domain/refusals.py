"""Refusals: every way the business says no, as values that carry their facts and where in the input they arose.

Refusal
├── UnknownSku           no variant has this sku
├── UnknownLocation      no location has this id
├── NegativeQuantity     a count below zero
├── WrongDirection       a movement of no pieces, or against its type (a sale that adds)
├── ObservedInFuture     an observation from beyond the clock's tolerance
├── TooManyItems         more items than one call takes
├── EmptyField           a text that must say something says nothing
├── IdempotencyConflict  a key that was used for another request
├── OutOfStock           fewer units are left than are asked for
├── QuantityNotPositive  a quantity that must be above zero
├── QuantityChanged      compare-and-set: another quantity is in the book
├── NeverCounted         nothing was ever reported of this sku at this location
├── LocationCannot       a location that is closed, or lacks the capability
├── UnknownReservation   no reservation of the viewer's has this id
├── ReservationExpired   a reservation whose time has passed
├── ExtensionTooLong     a reservation would be kept longer than the limit
├── TransitionRefused    a step that this state does not allow
├── NotYourLocation      an associate acts for another store than their own
├── UnknownStockCount    no count that the viewer may see has this id
├── UnknownTransfer      no transfer that the viewer may see has this id
├── SkuNotListed         a sku that a count or transfer is not about
├── QuantityTooHigh      more units than the step before left, or than can be meant
├── SameLocation         a transfer from a location to itself
├── KindNotOffered       a reservation of a kind that only the house makes and ends
├── TypeNotAllowed       a movement of this type is not told like this
├── BucketNotAllowed     pieces are not moved by hand from or to this bucket
├── UnknownInbound       nothing is expected under this reference
└── TextTooLong          a text of more characters than are kept
"""

from dataclasses import dataclass
from datetime import datetime

from domain.refused_input import (
    BucketNotAllowed,
    EmptyField,
    KindNotOffered,
    NegativeQuantity,
    ObservedInFuture,
    Path,
    QuantityNotPositive,
    QuantityTooHigh,
    SameLocation,
    TextTooLong,
    TooManyItems,
    TypeNotAllowed,
    WrongDirection,
)

__all__ = [
    "BucketNotAllowed",
    "EmptyField",
    "ExtensionTooLong",
    "IdempotencyConflict",
    "KindNotOffered",
    "LocationCannot",
    "NegativeQuantity",
    "NeverCounted",
    "NotYourLocation",
    "ObservedInFuture",
    "OutOfStock",
    "Path",
    "QuantityChanged",
    "QuantityNotPositive",
    "QuantityTooHigh",
    "Refusal",
    "ReservationExpired",
    "SameLocation",
    "SkuNotListed",
    "TextTooLong",
    "TooManyItems",
    "TransitionRefused",
    "TypeNotAllowed",
    "UnknownInbound",
    "UnknownLocation",
    "UnknownReservation",
    "UnknownSku",
    "UnknownStockCount",
    "UnknownTransfer",
    "WrongDirection",
    "code",
]


@dataclass(frozen=True, slots=True)
class UnknownSku:
    """No variant has this sku."""

    path: Path
    sku: str


@dataclass(frozen=True, slots=True)
class UnknownLocation:
    """No location has this id."""

    path: Path
    location: str


@dataclass(frozen=True, slots=True)
class IdempotencyConflict:
    """A key that was used for another request."""

    path: Path
    key: str


@dataclass(frozen=True, slots=True)
class OutOfStock:
    """Fewer units are left than are asked for; `available` None: the number is not the viewer's to know (STK-12)."""

    path: Path
    sku: str
    location: str
    requested: int
    available: int | None


@dataclass(frozen=True, slots=True)
class QuantityChanged:
    """Compare-and-set: the book holds another quantity than was expected; None: nothing was ever reported."""

    path: Path
    expected: int
    actual: int | None


@dataclass(frozen=True, slots=True)
class NeverCounted:
    """Nothing was ever reported of this sku at this location."""

    path: Path
    sku: str
    location: str


@dataclass(frozen=True, slots=True)
class LocationCannot:
    """A location that is closed, or lacks the capability."""

    path: Path
    location: str
    capability: str


@dataclass(frozen=True, slots=True)
class UnknownReservation:
    """No reservation of the viewer's has this id."""

    path: Path
    reservation: str


@dataclass(frozen=True, slots=True)
class ReservationExpired:
    """A reservation whose time has passed."""

    path: Path
    reservation: str
    expired_at: datetime


@dataclass(frozen=True, slots=True)
class ExtensionTooLong:
    """A reservation would be kept longer than the limit."""

    path: Path
    latest: datetime


@dataclass(frozen=True, slots=True)
class TransitionRefused:
    """A step that this state does not allow; `allowed` are the states it can go to."""

    path: Path
    from_state: str
    to_state: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotYourLocation:
    """An associate acts for another store than their own."""

    path: Path
    location: str


@dataclass(frozen=True, slots=True)
class UnknownStockCount:
    """No count that the viewer may see has this id."""

    path: Path
    stock_count: str


@dataclass(frozen=True, slots=True)
class UnknownTransfer:
    """No transfer that the viewer may see has this id."""

    path: Path
    transfer: str


@dataclass(frozen=True, slots=True)
class SkuNotListed:
    """A sku that a count or transfer is not about."""

    path: Path
    sku: str


@dataclass(frozen=True, slots=True)
class UnknownInbound:
    """Nothing is expected of this sku at this location under this reference."""

    path: Path
    reference: str


Refusal = (
    UnknownSku
    | UnknownLocation
    | NegativeQuantity
    | WrongDirection
    | ObservedInFuture
    | TooManyItems
    | EmptyField
    | IdempotencyConflict
    | OutOfStock
    | QuantityNotPositive
    | QuantityChanged
    | NeverCounted
    | LocationCannot
    | UnknownReservation
    | ReservationExpired
    | ExtensionTooLong
    | TransitionRefused
    | NotYourLocation
    | UnknownStockCount
    | UnknownTransfer
    | SkuNotListed
    | QuantityTooHigh
    | SameLocation
    | KindNotOffered
    | TypeNotAllowed
    | BucketNotAllowed
    | UnknownInbound
    | TextTooLong
)


def code(refusal: Refusal) -> str:
    """Name a refusal for machines: its class in SCREAMING_SNAKE_CASE."""
    name = type(refusal).__name__
    return "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(name)).upper()
