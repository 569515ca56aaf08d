"""Refusals: every way the business says no, as values that carry their facts and where in the input they arose.

Refusal
├── UnknownSku           no variant has this sku
├── UnknownLocation      no location has this id
├── NegativeQuantity     a count below zero
├── WrongDirection       a movement of no pieces, or against its type (a sale that adds)
├── ObservedInFuture     an observation from beyond the clock's tolerance
├── TooManyItems         more items than one call takes
├── EmptyField           a text that must say something says nothing
└── IdempotencyConflict  a key that was used for another request
"""

from dataclasses import dataclass
from datetime import datetime

Path = tuple[str | int, ...]
"""Where in the input: names and list indices from the mutation's argument down."""


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
class NegativeQuantity:
    """A count below zero."""

    path: Path
    quantity: int


@dataclass(frozen=True, slots=True)
class WrongDirection:
    """A movement of no pieces, or against its type."""

    path: Path
    delta: int
    type: str


@dataclass(frozen=True, slots=True)
class ObservedInFuture:
    """An observation from beyond the clock's tolerance."""

    path: Path
    observed_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class TooManyItems:
    """More items than one call takes."""

    path: Path
    limit: int
    given: int


@dataclass(frozen=True, slots=True)
class EmptyField:
    """A text that must say something says nothing."""

    path: Path


@dataclass(frozen=True, slots=True)
class IdempotencyConflict:
    """A key that was used for another request."""

    path: Path
    key: str


Refusal = (
    UnknownSku
    | UnknownLocation
    | NegativeQuantity
    | WrongDirection
    | ObservedInFuture
    | TooManyItems
    | EmptyField
    | IdempotencyConflict
)


def code(refusal: Refusal) -> str:
    """Name a refusal for machines: its class in SCREAMING_SNAKE_CASE."""
    name = type(refusal).__name__
    return "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(name)).upper()
