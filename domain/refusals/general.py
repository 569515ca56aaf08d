"""Refusals of what is wrong with an input in itself, with its key, or with a step."""

from dataclasses import dataclass
from datetime import datetime

from domain.refusals.base import Refusal


@dataclass(frozen=True, slots=True)
class NegativeQuantity(Refusal):
    """A count below zero."""

    quantity: int


@dataclass(frozen=True, slots=True)
class QuantityNotPositive(Refusal):
    """A quantity that must be above zero."""

    quantity: int


@dataclass(frozen=True, slots=True)
class QuantityTooHigh(Refusal):
    """More units than the step before left, or than can be meant."""

    sku: str
    quantity: int
    most: int


@dataclass(frozen=True, slots=True)
class WrongDirection(Refusal):
    """A movement of no pieces, or against its type."""

    delta: int
    type: str


@dataclass(frozen=True, slots=True)
class ObservedInFuture(Refusal):
    """An observation from beyond the clock's tolerance."""

    observed_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class TooManyItems(Refusal):
    """More items than one call takes."""

    limit: int
    given: int


@dataclass(frozen=True, slots=True)
class EmptyField(Refusal):
    """A field that must say something says nothing."""


@dataclass(frozen=True, slots=True)
class TextTooLong(Refusal):
    """A text of more characters than are kept."""

    limit: int
    given: int


@dataclass(frozen=True, slots=True)
class IdempotencyConflict(Refusal):
    """The key was used for another request."""

    key: str


@dataclass(frozen=True, slots=True)
class TransitionRefused(Refusal):
    """A step that its state does not allow.

    `allowed` are the states it can go to.
    """

    from_state: str
    to_state: str
    allowed: tuple[str, ...]
