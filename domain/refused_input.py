"""Refusals of input that is wrong in itself, whatever the shop knows and holds; see `domain/refusals.py`."""

from dataclasses import dataclass
from datetime import datetime

Path = tuple[str | int, ...]
"""Where in the input: names and list indices from the mutation's argument down."""


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
class QuantityNotPositive:
    """A quantity that must be above zero."""

    path: Path
    quantity: int


@dataclass(frozen=True, slots=True)
class QuantityTooHigh:
    """More units than the step before left, or than can be meant."""

    path: Path
    sku: str
    quantity: int
    most: int


@dataclass(frozen=True, slots=True)
class SameLocation:
    """A transfer from a location to itself."""

    path: Path
    location: str


@dataclass(frozen=True, slots=True)
class KindNotOffered:
    """A reservation of a kind that only the house makes and ends, such as that of a transfer."""

    path: Path
    kind: str


@dataclass(frozen=True, slots=True)
class TypeNotAllowed:
    """A movement of this type is not told like this; `allowed` are those that are."""

    path: Path
    type: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BucketNotAllowed:
    """Pieces are not moved by hand from or to this bucket; `allowed` are those between which they are."""

    path: Path
    bucket: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTooLong:
    """A text of more characters than are kept."""

    path: Path
    limit: int
    given: int
