"""Stock: what a level holds in its buckets, what is promised of it, and to whom.

A level is one row and one lock: every rule on promising is decided on it alone. It never clamps the book: a level
below zero, or promised beyond what is there, says so.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from domain.channels import Channel
from domain.demand import NO_SALES, SaleRate

Key = tuple[str, str]
"""(sku, location id): what a level is kept for."""

MAX_QUANTITY = 500_000_000
"""More pieces of one sku at one location are a mistake; sums of four buckets still fit into 32 bits, as GraphQL counts.

By weight, in grams, it is 500 tonnes.
"""

HOLD_SLOT = timedelta(seconds=15)
"""Holds expire at multiples of it, rounded up, so that a rush of them takes few places in a level."""
_SLOT_S = HOLD_SLOT // timedelta(seconds=1)


class Bucket(Enum):
    """Where in the book a piece stands. All but those in transit are physically there."""

    SELLABLE = "SELLABLE"
    DAMAGED = "DAMAGED"
    QUALITY_CONTROL = "QUALITY_CONTROL"
    DISPLAY = "DISPLAY"
    IN_TRANSIT_IN = "IN_TRANSIT_IN"
    IN_TRANSIT_OUT = "IN_TRANSIT_OUT"


PHYSICAL = frozenset({Bucket.SELLABLE, Bucket.DAMAGED, Bucket.QUALITY_CONTROL, Bucket.DISPLAY})


class Hold(NamedTuple):
    """So many units kept for a channel's customers until a moment, which is a multiple of `HOLD_SLOT`."""

    expires_at: datetime
    channel: Channel
    quantity: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a channel may take of a level: never the last `safety` units, and no more than `quota` is left of it."""

    channel: Channel
    safety: int = 0
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class StockLevel:
    """What the book says is there and what is promised of it, and since when it says so."""

    sku: str
    location_id: str
    on_hand: int
    version: int
    as_of: datetime
    received_at: datetime
    source: str
    counted_at: datetime | None = None
    counted: int = 0
    damaged: int = 0
    quality_control: int = 0
    display: int = 0
    in_transit_in: int = 0
    in_transit_out: int = 0
    committed: int = 0
    holds: tuple[Hold, ...] = ()
    terms: tuple[Terms, ...] = ()
    sales: SaleRate = NO_SALES

    @property
    def key(self) -> Key:
        """Which level this is."""
        return (self.sku, self.location_id)

    @property
    def unsellable(self) -> int:
        """Units that are there but not for sale.

        A bucket below zero gives nothing to sell: its pieces went on before we heard that they came.
        """
        return max(0, self.damaged) + max(0, self.quality_control) + max(0, self.display)


def held(level: StockLevel, now: datetime, channel: Channel | None = None) -> int:
    """Count the units held at `now`, for one channel or for all: what has expired by the clock is not."""
    return sum(
        hold.quantity for hold in level.holds if hold.expires_at > now and (channel is None or hold.channel is channel)
    )


def unpromised(level: StockLevel, now: datetime) -> int:
    """Count what is neither promised nor unfit for sale; below zero where more is promised than there is.

    on hand = unpromised + committed + held + unsellable (domain.md §4.1).
    """
    return level.on_hand - level.unsellable - level.committed - held(level, now)


def oversold_by(level: StockLevel, now: datetime) -> int:
    """Count the units promised beyond what is there (domain.md §4.1): shown, never clamped away."""
    return max(0, -unpromised(level, now))


def terms_of(level: StockLevel, channel: Channel) -> Terms:
    """What a channel may take."""
    return next((terms for terms in level.terms if terms.channel is channel), Terms(channel))


def with_terms(level: StockLevel, terms: Terms) -> StockLevel:
    """The level with these terms in the place of the channel's former ones."""
    others = [known for known in level.terms if known.channel is not terms.channel]
    kept = [*others, terms] if terms != Terms(terms.channel) else others
    return replace(level, terms=tuple(sorted(kept, key=lambda known: known.channel.value)))


def with_hold(level: StockLevel, hold: Hold, *, now: datetime) -> StockLevel:
    """The next version of the level: so many more units held (fewer below zero), and nothing that has expired.

    What was seen in the store is as old as it was.
    """
    kept, quantity = [], hold.quantity
    for known in level.holds:
        if known.expires_at == hold.expires_at and known.channel is hold.channel:
            quantity += known.quantity
        elif known.expires_at > now:
            kept.append(known)
    if quantity and hold.expires_at > now:
        kept.append(hold._replace(quantity=quantity))
    return replace(level, holds=tuple(kept), version=level.version + 1)


def holds(level: StockLevel, hold: Hold) -> bool:
    """Tell whether at least these units are held until that moment; another clock may have let them go before."""
    slot = (hold.expires_at, hold.channel)
    return any((kept.expires_at, kept.channel) == slot and kept.quantity >= hold.quantity for kept in level.holds)


def slot_end(at: datetime) -> datetime:
    """The end of the slot an instant lies in: no hold ends before it was promised to."""
    return datetime.fromtimestamp(math.ceil(at.timestamp() / _SLOT_S) * _SLOT_S, UTC)


def pack_holds(holds: Iterable[Hold]) -> list[list[Any]]:
    """Holds as JSON has them: [[expiry in seconds since 1970, channel, quantity], …]."""
    return [[int(hold.expires_at.timestamp()), hold.channel.value, hold.quantity] for hold in holds]


def unpack_holds(packed: Iterable[Any]) -> tuple[Hold, ...]:
    """Read holds back."""
    return tuple(Hold(datetime.fromtimestamp(at, UTC), Channel(channel), units) for at, channel, units in packed)


def pack_terms(terms: Iterable[Terms]) -> list[list[Any]]:
    """Terms as JSON has them: [[channel, safety, quota], …]."""
    return [[known.channel.value, known.safety, known.quota] for known in terms]


def unpack_terms(packed: Iterable[Any]) -> tuple[Terms, ...]:
    """Read terms back."""
    return tuple(Terms(Channel(channel), safety, quota) for channel, safety, quota in packed)


def pack(level: StockLevel) -> dict[str, Any]:
    """A level as JSON has it, in events and receipts."""
    return {
        "sku": level.sku,
        "location_id": level.location_id,
        "on_hand": level.on_hand,
        "version": level.version,
        "as_of": level.as_of.isoformat(),
        "received_at": level.received_at.isoformat(),
        "source": level.source,
        "counted_at": level.counted_at.isoformat() if level.counted_at else None,
        "counted": level.counted,
        "damaged": level.damaged,
        "quality_control": level.quality_control,
        "display": level.display,
        "in_transit_in": level.in_transit_in,
        "in_transit_out": level.in_transit_out,
        "committed": level.committed,
        "holds": pack_holds(level.holds),
        "terms": pack_terms(level.terms),
        "sales": [level.sales.weight, level.sales.at.isoformat() if level.sales.at else None],
    }


_INSTANTS = ("as_of", "received_at", "counted_at")


def unpack(packed: Mapping[str, Any]) -> StockLevel:
    """Read a level back; what an older version did not write is as it was then, nothing."""
    weight, sold_at = packed.get("sales", (0.0, None))
    instants = {name: datetime.fromisoformat(packed[name]) for name in _INSTANTS if packed.get(name)}
    known = {name: packed[name] for name in StockLevel.__slots__ if name in packed and name not in _INSTANTS}
    return StockLevel(
        **known
        | instants
        | {
            "holds": unpack_holds(packed.get("holds", ())),
            "terms": unpack_terms(packed.get("terms", ())),
            "sales": SaleRate(weight, datetime.fromisoformat(sold_at)) if sold_at else NO_SALES,
        }
    )
