"""Availability: what a shopper, an associate or an integrator may know of a stock level, and how old it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from domain.stock import StockLevel


class StockSignal(Enum):
    """What a shopper needs to know before walking to a store."""

    IN_STOCK = "IN_STOCK"
    LOW = "LOW"
    OUT = "OUT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long a source's word holds, and whether it is withheld afterwards (UNKNOWN) or shown as stale."""

    budget: timedelta
    hide_when_stale: bool = False


class Availability(NamedTuple):
    """One level as one viewer sees it. `quantity` is None where the number is not theirs to see (STK-12).

    A tuple, for a page makes hundreds of them: a frozen dataclass takes three times as long to make.
    """

    signal: StockSignal
    quantity: int | None
    as_of: datetime | None
    source: str | None
    stale_after: datetime | None
    is_stale: bool
    version: int


NEVER_REPORTED = Availability(StockSignal.UNKNOWN, None, None, None, None, is_stale=True, version=0)
"""No source has ever spoken of this sku at this location."""


def available_to_promise(level: StockLevel) -> int:
    """Count the units that may still be sold (STK-4)."""
    return max(0, level.on_hand)


def seen(
    level: StockLevel | None, *, now: datetime, freshness: Freshness, low_threshold: int, sees_numbers: bool
) -> Availability:
    """Show a level to somebody: the signal always, the number to staff, and to shoppers when it is low (STK-12)."""
    if level is None:
        return NEVER_REPORTED
    stale_after = level.as_of + freshness.budget
    is_stale = now > stale_after
    quantity = available_to_promise(level)
    signal = StockSignal.UNKNOWN if is_stale and freshness.hide_when_stale else _signal(quantity, low_threshold)
    shown = quantity if sees_numbers or signal is StockSignal.LOW else None
    return Availability(signal, shown, level.as_of, level.source, stale_after, is_stale, level.version)


def _signal(quantity: int, low_threshold: int) -> StockSignal:
    if quantity == 0:
        return StockSignal.OUT
    return StockSignal.LOW if quantity <= low_threshold else StockSignal.IN_STOCK
