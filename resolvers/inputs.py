"""Inputs: what is wrong with what a client sends in itself, before anything is looked up."""

from collections.abc import Sequence, Sized
from datetime import datetime

from domain.movements import CLOCK_SKEW
from domain.refusals.base import Path, Refusal
from domain.refusals.general import (
    EmptyField,
    NegativeQuantity,
    ObservedInFuture,
    QuantityTooHigh,
    TextTooLong,
    TooManyItems,
)
from domain.stock import MAX_QUANTITY

MAX_TEXT = 200
"""Characters in a key, a device's name or a note."""


def too_long(path: Path, text: str) -> Sequence[Refusal]:
    """What is wrong with a text that may say nothing."""
    return (TextTooLong(path, MAX_TEXT, len(text)),) if len(text) > MAX_TEXT else ()


def wrong_text(path: Path, text: str) -> Sequence[Refusal]:
    """What is wrong with a text that must say something."""
    return too_long(path, text) if text.strip() else (EmptyField(path),)


def too_many(path: Path, items: Sized, *, most: int) -> Sequence[Refusal]:
    """What is wrong with a list that may be empty."""
    return (TooManyItems(path, limit=most, given=len(items)),) if len(items) > most else ()


def wrong_size(path: Path, items: Sized, *, most: int) -> Sequence[Refusal]:
    """What is wrong with a list that must hold something."""
    return too_many(path, items, most=most) if len(items) else (EmptyField(path),)


def wrong_quantity(path: Path, quantity: int, sku: str) -> Sequence[Refusal]:
    """What is wrong with pieces that nobody can mean: below zero, or more than a bucket holds."""
    if quantity < 0:
        return (NegativeQuantity(path, quantity),)
    return (QuantityTooHigh(path, sku, quantity, MAX_QUANTITY),) if quantity > MAX_QUANTITY else ()


def too_early(path: Path, happened_at: datetime | None, now: datetime) -> Sequence[Refusal]:
    """What is wrong with a moment that is yet to come, by more than clocks differ; None: now."""
    is_early = happened_at is not None and happened_at > now + CLOCK_SKEW
    return (ObservedInFuture(path, happened_at, now),) if happened_at and is_early else ()
