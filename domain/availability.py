"""Availability: what a shopper, an associate or an integrator may know of a stock level, and how old it is."""

from collections.abc import Callable, Iterable
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


@dataclass(frozen=True, slots=True)
class Sight:
    """How somebody looks at levels: when, what is few, whose word holds how long, and whether numbers are theirs."""

    now: datetime
    low_threshold: int
    freshness_of: Callable[[str], Freshness]
    sees_numbers: bool


def available_to_promise(level: StockLevel) -> int:
    """Count the units that may still be sold (STK-4)."""
    return max(0, level.on_hand)


def seen(levels: Iterable[StockLevel | None], sight: Sight) -> list[Availability]:
    """Show levels to somebody: the signal always, the number to staff, and to shoppers when it is low (STK-12)."""
    now, low_threshold, sees_numbers = sight.now, sight.low_threshold, sight.sees_numbers
    rules: dict[str, Freshness] = {}
    shown: list[Availability] = []
    for level in levels:
        if level is None:
            shown.append(NEVER_REPORTED)
            continue
        source, as_of, quantity = level.source, level.as_of, available_to_promise(level)
        freshness = rules.get(source) or rules.setdefault(source, sight.freshness_of(source))
        stale_after = as_of + freshness.budget
        is_stale = now > stale_after
        signal = _UNKNOWN if is_stale and freshness.hide_when_stale else _signal(quantity, low_threshold)
        number = quantity if sees_numbers or signal is _LOW else None
        shown.append(Availability(signal, number, as_of, source, stale_after, is_stale, level.version))
    return shown


def _signal(quantity: int, low_threshold: int) -> StockSignal:
    if quantity == 0:
        return _OUT
    return _LOW if quantity <= low_threshold else _IN_STOCK


_OUT, _LOW, _IN_STOCK, _UNKNOWN = StockSignal.OUT, StockSignal.LOW, StockSignal.IN_STOCK, StockSignal.UNKNOWN
