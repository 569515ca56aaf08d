"""Availability: what may still be promised of a stock level, what a viewer may know of it, and how old that is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from domain.channels import Channel
from domain.demand import staleness_buffer
from domain.stock import StockLevel, held, terms_of


class StockSignal(Enum):
    """What a shopper needs to know before walking to a store."""

    IN_STOCK = "IN_STOCK"
    LOW = "LOW"
    OUT = "OUT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How long a source's word holds; whether it is withheld afterwards (UNKNOWN), and how much is kept back then.

    `buffer_z`: how many standard deviations of unheard sales are kept back once the word is old (domain.md §4.1).
    """

    budget: timedelta
    hide_when_stale: bool = False
    buffer_z: float = 0.0


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
    """How somebody looks at levels: when, in which channel, what is few, how long a word holds, who sees numbers."""

    now: datetime
    channel: Channel
    low_threshold: int
    freshness_of: Callable[[str], Freshness]
    sees_numbers: bool


def available_to_promise(level: StockLevel, *, channel: Channel, now: datetime, freshness: Freshness) -> int:
    """Count the units a channel may still sell (domain.md §4.1, STK-4, STK-5); never below zero.

    No more than is promisable of the level, and than is left of the channel's quota.
    """
    units = promisable(level, channel=channel, now=now, freshness=freshness)
    if level.terms and (left := quota_left(level, channel, now)) is not None:
        units = min(units, left)
    return max(0, units)


def promisable(level: StockLevel, *, channel: Channel, now: datetime, freshness: Freshness) -> int:
    """Count what is on hand without what is not for sale, promised, kept back for the channel or likely sold unheard.

    Below zero where more is promised than there is: `atpRaw` of domain.md §4.1, and what time-phased ATP starts from.
    """
    units = level.on_hand - level.unsellable - level.committed
    if level.holds:
        units -= held(level, now)
    if level.sales.weight and now > level.as_of + freshness.budget:
        units -= staleness_buffer(level.sales, now - level.as_of, z=freshness.buffer_z)
    return units - terms_of(level, channel).safety if level.terms else units


def quota_left(level: StockLevel, channel: Channel, now: datetime) -> int | None:
    """Count what a channel may still take of its share, holds deducted; None: it has no quota."""
    quota = terms_of(level, channel).quota
    return None if quota is None else quota - held(level, now, channel)


def seen(levels: Iterable[StockLevel | None], sight: Sight) -> list[Availability]:
    """Show levels to somebody: the signal always, the number to staff, and to shoppers when it is low (STK-12)."""
    now, channel = sight.now, sight.channel
    rules: dict[str, Freshness] = {}
    shown: list[Availability] = []
    for level in levels:
        if level is None:
            shown.append(NEVER_REPORTED)
            continue
        source, as_of = level.source, level.as_of
        freshness = rules.get(source) or rules.setdefault(source, sight.freshness_of(source))
        quantity = available_to_promise(level, channel=channel, now=now, freshness=freshness)
        stale_after = as_of + freshness.budget
        is_stale = now > stale_after
        signal = _UNKNOWN if is_stale and freshness.hide_when_stale else _signal(quantity, sight.low_threshold)
        number = quantity if sight.sees_numbers or signal is _LOW else None
        shown.append(Availability(signal, number, as_of, source, stale_after, is_stale, level.version))
    return shown


def told(quantity: int, sight: Sight) -> int | None:
    """The number behind a refusal, where the viewer may know it: staff always, shoppers when there are few (STK-12)."""
    return quantity if sight.sees_numbers or quantity <= sight.low_threshold else None


def _signal(quantity: int, low_threshold: int) -> StockSignal:
    if quantity == 0:
        return _OUT
    return _LOW if quantity <= low_threshold else _IN_STOCK


_OUT, _LOW, _IN_STOCK, _UNKNOWN = StockSignal.OUT, StockSignal.LOW, StockSignal.IN_STOCK, StockSignal.UNKNOWN
