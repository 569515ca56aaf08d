"""Movements: what is told of stock, counts and pieces that came, went or changed their state, and the lines it leaves.

How they make a level stands in `domain/ledger.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from domain.channels import Channel
from domain.statuses import Status
from domain.stock import PHYSICAL, Bucket, Key, StockLevel

CLOCK_SKEW = timedelta(minutes=5)
"""How far a source's clock may run ahead of ours; later instants would block every true observation after them."""


class MovementType(Enum):
    """Why a level changed."""

    RECEIPT = "RECEIPT"
    SALE = "SALE"
    RETURN = "RETURN"
    ADJUSTMENT = "ADJUSTMENT"
    COUNT_VARIANCE = "COUNT_VARIANCE"
    TRANSFER_OUT = "TRANSFER_OUT"
    TRANSFER_IN = "TRANSFER_IN"
    DAMAGE = "DAMAGE"
    RELEASE_QC = "RELEASE_QC"


INBOUND = frozenset({MovementType.RECEIPT, MovementType.RETURN})
OUTBOUND = frozenset({MovementType.SALE, MovementType.DAMAGE})


@dataclass(frozen=True, slots=True)
class Route:
    """So many pieces, at least one, from one bucket to another; None is the world outside this location."""

    from_bucket: Bucket | None
    to_bucket: Bucket | None
    quantity: int

    def into(self, bucket: Bucket) -> int:
        """How many more pieces stand in a bucket after it."""
        return self.quantity * ((self.to_bucket is bucket) - (self.from_bucket is bucket))

    @property
    def on_hand(self) -> int:
        """How many more pieces are physically there after it."""
        return self.quantity * ((self.to_bucket in PHYSICAL) - (self.from_bucket in PHYSICAL))


@dataclass(frozen=True, slots=True)
class Count:
    """Somebody looked: this many pieces were there at this moment, whatever their state.

    `change_from`: take it only where the book holds this quantity now (compare-and-set); None: in any case.
    """

    sku: str
    location_id: str
    quantity: int
    observed_at: datetime
    change_from: int | None = None

    @property
    def key(self) -> Key:
        """What was counted."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Something happened: this many pieces came or went. `event_id` is unique per source.

    `channel` says whose share a sale was of. `into` is the bucket they came into, or went from.
    """

    sku: str
    location_id: str
    delta: int
    event_id: str
    occurred_at: datetime
    type: MovementType = MovementType.ADJUSTMENT
    into: Bucket = Bucket.SELLABLE
    channel: Channel | None = None

    @property
    def key(self) -> Key:
        """What was moved."""
        return (self.sku, self.location_id)

    @property
    def route(self) -> Route:
        """From where to where."""
        return Route(None, self.into, self.delta) if self.delta > 0 else Route(self.into, None, -self.delta)


@dataclass(frozen=True, slots=True)
class Shift:
    """Pieces changed their state, or their way: from one bucket to another of one location."""

    sku: str
    location_id: str
    route: Route
    event_id: str
    occurred_at: datetime
    type: MovementType
    channel: Channel | None = None

    @property
    def key(self) -> Key:
        """What was moved."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of the append-only book. A count's line carries the counted quantity and the variance it found."""

    type: MovementType
    sku: str
    location_id: str
    route: Route
    occurred_at: datetime
    recorded_at: datetime
    source: str
    event_id: str
    counted: int | None = None

    @property
    def key(self) -> Key:
        """Which level the line belongs to."""
        return (self.sku, self.location_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one item did: its status, the level after it, and the line it wrote, if any."""

    status: Status
    level: StockLevel | None
    movement: Movement | None = None
